"""Somebody is in hospital, died or moved: all stops at once, the helper hears it, and it can be put back."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from fastapi import FastAPI

from app.access.actor import Actor
from app.agreements import upkeep
from app.config import Settings
from app.db import Database
from app.help_requests import service as help_requests
from app.jobs import tasks
from app.jobs.work import Work
from app.matches import propose
from app.notifications import gathering
from app.people import service as people
from tests.app.conftest import rows_of
from tests.app.factories import a_helper, a_person, a_request, a_willing_helper, act, an_agreement, an_offer
from tests.databases import Database as Migrated
from tests.web.desks.helpers import Desk, a_desk

Travel = Callable[[timedelta], None]


class Harrie:
    """Harrie is helped every week, asks something else, and offers something himself; Marja is his makelaar."""

    def __init__(self, database: Migrated, program: Database, site: FastAPI) -> None:
        self.database, self.program = database, program
        self.marja = a_desk(database, program, site)
        self.work = Work(Settings(), program)
        with program.transaction() as session:
            self.harrie = a_person(session, first_name="Harrie", email="harrie@voorbeeld.nl")
            self.fatima, _ = a_helper(session, first_name="Fatima", minutenPerWeek=2400)
            self.agreement = an_agreement(
                session, act(session, self.harrie), self.fatima, titel="Boodschappen", hoeVaak="wekelijks"
            ).id
            asked = a_request(session, act(session, self.harrie), titel="Naar de markt")
            a_willing_helper(session, self.harrie, self.fatima, asked)
            self.offer = an_offer(session, act(session, self.harrie), titel="Fietsen nakijken").id
        self.path = f"/bureau/mensen/{self.harrie.person_id}/gebeurtenis"
        self.desk = Desk(site, program, self.fatima)

    def count(self, query: str) -> int:
        return int(rows_of(self.database, f"SELECT count(*) FROM {query}")[0][0])

    def coming(self) -> int:
        return self.count("occurrence WHERE status IN ('planned', 'agreed') AND starts_at > ledger.now()")

    def holds(self) -> int:
        return self.count("ledger.open_hold")

    def write(self, what: str) -> None:
        """Marja writes it down, and a worker does the rest."""
        self.marja.sign_in()
        self.marja.get(self.path)
        answer = self.marja.post(self.path, gebeurtenis=what, zeker="ja")
        assert answer.status_code == 303
        for event in rows_of(self.database, "SELECT id FROM life_event WHERE undone_at IS NULL"):
            tasks.life_happened(self.work, str(event[0]))

    def put_back(self) -> int:
        self.marja.sign_in()
        self.marja.get(self.path)
        status = self.marja.post(f"{self.path}/terug").status_code
        for event in rows_of(self.database, "SELECT id FROM life_event WHERE undone_at IS NOT NULL"):
            tasks.life_undone(self.work, str(event[0]))
        return status


@pytest.fixture
def harrie(fresh_database: Migrated, program: Database, site: FastAPI) -> Harrie:
    return Harrie(fresh_database, program, site)


def test_in_hospital_all_stands_still_the_helper_hears_it_and_at_home_it_goes_on(harrie: Harrie) -> None:
    before, held = harrie.coming(), harrie.holds()
    assert before > 3
    assert held > 0
    harrie.marja.get(harrie.path)
    assert harrie.marja.post(harrie.path, gebeurtenis="ziekenhuis").status_code == 422

    harrie.write("ziekenhuis")

    assert (harrie.coming(), harrie.holds()) == (0, 0)
    assert harrie.count("help_request WHERE status = 'paused'") == 1
    assert harrie.count("help_offer WHERE status = 'paused'") == 1
    assert harrie.count("proposal WHERE status = 'withdrawn'") == 1
    assert harrie.count("agreement WHERE status = 'active'") == 1
    told = rows_of(harrie.database, "SELECT person_id FROM notice WHERE kind = 'life-stopped'")
    assert [row[0] for row in told] == [harrie.fatima.person_id]
    words = harrie.desk.get("/mijn/berichten").text
    assert "gaat voorlopig niet door" in words
    assert "ziekenhuis" not in words
    assert "Bel Fatima" in harrie.marja.get("/bureau?bak=vandaag-terug").text
    with harrie.work.transaction() as (session, _):
        assert gathering.gather(session, harrie.harrie.person_id) == []
        assert upkeep.series_due(session) == []
    assert "Harrie is in het ziekenhuis" in harrie.marja.get(harrie.path).text
    harrie.marja.get("/bureau")
    harrie.marja.get(harrie.path)
    assert harrie.marja.post(harrie.path, gebeurtenis="overleden", zeker="ja").status_code == 409

    assert harrie.put_back() == 303

    assert (harrie.coming(), harrie.holds()) == (before, held)
    assert harrie.count("help_request WHERE status = 'open'") == 1
    assert harrie.count("proposal WHERE status = 'withdrawn'") == 0
    assert harrie.count("help_offer WHERE status = 'open'") == 2
    assert harrie.count("notice WHERE kind = 'life-resumed'") == 1
    with harrie.work.transaction() as (session, _):
        assert upkeep.series_due(session) == [harrie.agreement]


def test_a_proposal_stands_again_where_the_other_is_still_free(harrie: Harrie) -> None:
    with harrie.program.transaction() as session:
        tonnie, _ = a_helper(session)
        film = a_request(session, act(session, harrie.harrie), titel="Naar de film")
        for helper in (harrie.fatima, tonnie):
            a_willing_helper(session, harrie.harrie, helper, film)
        eva = a_person(session, first_name="Eva")
        asked, over = (
            a_request(session, act(session, eva), titel=title).id for title in ("Wandelen", "Fietsen")
        )
        for one in (asked, over):
            propose.by_hand(session, act(session, harrie.marja.actor), one, harrie.offer)
    query = "SELECT status FROM proposal WHERE help_request_id = :asked AND helper_id = :helper"

    def stands(asked: UUID, helper: Actor) -> str:
        found = rows_of(harrie.database, query, asked=asked, helper=helper.person_id)
        return str(found[0].status)

    assert [stands(one, harrie.harrie) for one in (asked, over)] == ["proposed", "proposed"]
    harrie.write("ziekenhuis")
    assert [stands(one, harrie.harrie) for one in (asked, over)] == ["withdrawn", "withdrawn"]
    assert [stands(film.id, helper) for helper in (harrie.fatima, tonnie)] == ["withdrawn", "withdrawn"]
    with harrie.program.transaction() as session:
        people.pause(session, act(session, tonnie), True)
        help_requests.withdraw(session, act(session, eva), over)

    harrie.put_back()

    assert [stands(film.id, helper) for helper in (harrie.fatima, tonnie)] == ["willing", "withdrawn"]
    assert [stands(one, harrie.harrie) for one in (asked, over)] == ["proposed", "withdrawn"]
    told = "SELECT person_id, kind FROM notice WHERE turn > 0 AND kind IN ('again', 'willing') ORDER BY kind"
    assert {tuple(row) for row in rows_of(harrie.database, told)} == {
        (harrie.fatima.person_id, "again"), (harrie.harrie.person_id, "willing"),
    }  # fmt: skip


def test_who_died_by_mistake_comes_back_within_a_week_and_after_it_all_ends(
    harrie: Harrie, travel: Travel
) -> None:
    harrie.write("overleden")
    assert harrie.put_back() == 303
    assert harrie.coming() > 0
    harrie.write("overleden")
    travel(timedelta(days=8))
    tasks.settle_lives(harrie.work)
    tasks.settle_lives(harrie.work)

    assert harrie.count("agreement WHERE status = 'active'") == 0
    assert harrie.count("help_request WHERE status IN ('open', 'paused', 'filled')") == 0
    assert harrie.coming() == 0
    assert harrie.put_back() == 409
