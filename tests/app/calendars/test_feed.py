"""The agenda at a secret address: what stands in it, right across the clock changes, and for nobody else."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from fastapi import FastAPI

from app import ics
from app.access import tokens
from app.access.actor import Actor
from app.activities import changing, joining
from app.activities.schemas import MoveTime
from app.agreements import occur
from app.agreements.calendar import dates, moment
from app.calendars import address
from app.categories.vocabulary import Frequency
from app.clock import today
from app.db import Database as Program
from app.errors import ProofNeeded
from tests.app.activities.making import hosted_by_desk, joining as to_join, times
from tests.app.factories import a_helper, a_member_of_staff, a_person, act, an_agreement
from tests.clients import TestClient
from tests.databases import Database
from tests.queries import count_queries


class Agenda:
    """Ria's agenda, as her telephone asks for it."""

    def __init__(self, site: FastAPI, program: Program, ria: Actor) -> None:
        self.program, self.ria, self.client = program, ria, TestClient(site)
        self.code = self.renewed()

    def renewed(self) -> str:
        with self.program.transaction() as session:
            return address.renew(session, replace(act(session, self.ria), fresh=True))

    def read(self, **headers: str) -> Any:
        return self.client.get(f"/agenda/{self.code}.ics", headers=headers)

    def events(self) -> list[dict[str, str]]:
        found: list[dict[str, str]] = []
        for line in self.read().text.replace("\r\n ", "").split("\r\n"):
            name, _, value = line.partition(":")
            if line == "BEGIN:VEVENT":
                found.append({})
            elif found and name != "END":
                found[-1][name] = value
        return found


@pytest.fixture
def agenda(site: FastAPI, program: Program) -> Agenda:
    with program.transaction() as session:
        ria = a_person(session)
    return Agenda(site, program, ria)


def test_help_activities_and_the_waiting_list_stand_in_it_and_nothing_private(
    fresh_database: Database, program: Program, agenda: Agenda
) -> None:
    with program.transaction() as session:
        tonnie, _ = a_helper(session)
        an_agreement(session, agenda.ria, tonnie, titel="Samen naar de dokter")
        marja = a_member_of_staff(fresh_database, session)
        made = hosted_by_desk(session, marja, plaatsen=1)
        full = hosted_by_desk(session, marja, plaatsen=1, titel="Kookles")
        joop = a_person(session, first_name="Joop")
        joining.join(session, act(session, joop), full.id, to_join())
        for one in (made, full):
            joining.join(session, act(session, agenda.ria), one.id, to_join())

    events = agenda.events()

    assert {(one["SUMMARY"], one["STATUS"]) for one in events} == {
        ("Tonnie helpt u", "CONFIRMED"),
        ("Eettafel in De Weijer", "CONFIRMED"),
        ("Wachtlijst: Kookles", "TENTATIVE"),
    }
    text = agenda.read().text
    assert "dokter" not in text
    assert "Joop" not in text


def test_a_moved_time_is_a_later_version_of_the_same_and_what_is_off_says_so(
    fresh_database: Database, program: Program, agenda: Agenda
) -> None:
    with program.transaction() as session:
        tonnie, _ = a_helper(session)
        agreed = an_agreement(session, agenda.ria, tonnie).id
        marja = a_member_of_staff(fresh_database, session)
        made = hosted_by_desk(session, marja)
        made_id, date_id = made.id, times(session, marja, made)[0].id
        joining.join(session, act(session, agenda.ria), made_id, to_join())
    before = {one["UID"]: one for one in agenda.events()}
    with program.transaction() as session:
        actor = act(session, marja)
        day = (today(session) + timedelta(days=8)).isoformat()
        to = MoveTime.model_validate({"keer": date_id, "datum": day, "tijd": "12:00"})
        changing.move(session, actor, made_id, to)
        occur.end(session, act(session, tonnie), agreed)

    after = {one["UID"]: one for one in agenda.events()}

    assert after.keys() == before.keys()
    assert all(int(after[key]["SEQUENCE"]) > int(before[key]["SEQUENCE"]) for key in after)
    assert sorted(one["STATUS"] for one in after.values()) == ["CANCELLED", "CONFIRMED"]


def test_what_did_not_change_is_not_sent_again(program: Program, agenda: Agenda) -> None:
    first = agenda.read()
    tag = first.headers["etag"]

    again = agenda.read(**{"If-None-Match": f'W/"other", {tag}'})
    assert (again.status_code, again.text, again.headers["etag"]) == (304, "", tag)
    with program.transaction() as session:
        tonnie, _ = a_helper(session)
        an_agreement(session, agenda.ria, tonnie)
    changed = agenda.read(**{"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["etag"] != tag
    assert "no-store" not in first.headers["cache-control"]


def test_a_new_address_ends_the_old_one_and_stopping_ends_it(program: Program, agenda: Agenda) -> None:
    old = agenda.code
    agenda.code = agenda.renewed()
    assert agenda.client.get(f"/agenda/{old}.ics").status_code == 404
    assert agenda.read().status_code == 200
    with program.transaction() as session:
        address.end(session, act(session, agenda.ria))
    assert agenda.read().status_code == 404
    assert agenda.client.get("/agenda/zve_nietecht.ics").status_code == 404


def test_the_secret_opens_nothing_else_and_no_other_token_opens_the_agenda(
    program: Program, agenda: Agenda
) -> None:
    bearer = {"Authorization": f"Bearer {agenda.code}"}
    for path in ("/api/v1/afspraken", "/api/v1/personen/mij"):
        answer = agenda.client.get(path, headers=bearer)
        assert (answer.status_code, answer.json()["code"]) == (403, "beyond-token")
    with program.transaction() as session:
        ria = replace(act(session, agenda.ria), fresh=True)
        typed = {"naam": "mijn agenda", "mag": "all", "dagen": 30}
        other = tokens.make(session, ria, tokens.NewToken.model_validate(typed))
    assert agenda.client.get(f"/agenda/{other}.ics").status_code == 404
    with program.transaction() as session, pytest.raises(ProofNeeded):
        address.renew(session, replace(act(session, agenda.ria), fresh=False))


@pytest.mark.parametrize("last", [date(2026, 10, 25), date(2027, 3, 28)])
def test_a_weekly_ten_o_clock_stays_ten_o_clock_when_the_clock_changes(last: date) -> None:
    days = list(dates(Frequency.WEEKLY, last - timedelta(days=7), last + timedelta(days=7)))
    begins = [moment(day, time(10)) for day in days]
    events = [
        ics.Event(str(at), at, at, at + timedelta(hours=1), "Wandelen", "https://voorbeeld.example/x")
        for at in begins
    ]

    text = ics.written(events, "voorbeeld.example")

    written = [line.partition(":")[2] for line in text.split("\r\n") if line.startswith("DTSTART")]
    read = [datetime.strptime(one, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) for one in written]
    assert read == begins
    # the change is within the series: in UTC the hour differs, on the wall it does not
    assert len({at.hour for at in read}) == 2


def test_it_takes_as_many_statements_for_fifteen_as_for_one(
    fresh_database: Database, program: Program, agenda: Agenda
) -> None:
    with program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session)

    def one_more() -> None:
        with program.transaction() as session:
            made = hosted_by_desk(session, act(session, marja))
            joining.join(session, act(session, agenda.ria), made.id, to_join())

    one_more()
    agenda.read()
    with count_queries(program.engine) as one:
        agenda.read()
    for _ in range(14):
        one_more()
    with count_queries(program.engine) as many:
        agenda.read()

    assert len(many.statements) == len(one.statements)
