"""A case at the desk: each act with its effect, and what somebody else's save does to it."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from fastapi import FastAPI

from app.agreements import occur, upkeep
from app.clock import today
from app.config import Settings
from app.db import Database
from app.help_requests.models import HelpRequest
from app.jobs.work import Work
from app.roosjes import service as roosjes
from tests.app.conftest import rows_of
from tests.app.factories import (
    a_helper,
    a_person,
    a_request,
    a_willing_helper,
    act,
    an_agreement,
    an_offer,
    without_mail,
)
from tests.databases import Database as Migrated
from tests.web.desks.helpers import Desk, a_desk
from web import dutch


def a_case(program: Database, **changes: object) -> HelpRequest:
    with program.transaction() as session:
        return a_request(session, a_person(session), **changes)


def state(database: Migrated, id: UUID) -> str:
    return str(rows_of(database, "SELECT status FROM help_request WHERE id = :id", id=id)[0][0])


def mediation(database: Migrated, degree: int) -> None:
    rows_of(database, "UPDATE municipality SET mediation = :d WHERE id = 1771 RETURNING id", d=degree)


def test_opening_a_case_tells_that_it_was_read(
    fresh_database: Migrated, program: Database, desk: Desk
) -> None:
    row = a_case(program)
    page = desk.get(f"/bureau/zaken/{row.id}").text
    seen = rows_of(fresh_database, "SELECT seen_at, broker_id FROM help_request WHERE id = :id", id=row.id)[0]
    assert seen.seen_at is not None
    assert seen.broker_id == desk.actor.person_id
    face = re.search(r"Vast gezicht</dt>\s*<dd>\s*([^<]*?)\s*</dd>", page)
    assert face is not None
    assert face[1] == desk.actor.first_name


def test_who_has_no_mail_is_phoned_to_choose(fresh_database: Migrated, program: Database, desk: Desk) -> None:
    with program.transaction() as session:
        ria = a_person(session)
        asked = a_request(session, ria)
        helper, _ = a_helper(session)
        a_willing_helper(session, ria, helper, asked)
    assert "Ria kiest: één mens wil helpen" in desk.get("/bureau").text
    without_mail(fresh_database, ria)
    assert "Bel Ria: één mens wil helpen" in desk.get("/bureau").text


@pytest.mark.parametrize(
    ("what", "typed", "after"),
    [
        ("pauze", {}, "paused"),
        ("verwijzen", {"waarheen": "de wijkverpleegkundige"}, "referred"),
        ("sluiten", {"reden": "niet gelukt", "toelichting": "Wij belden rond"}, "closed"),
        ("oppakken", {}, "open"),
        ("loslaten", {}, "open"),
        ("hervatten", {}, "open"),
        ("meer-helpers", {}, "open"),
    ],
)
def test_each_act_has_its_effect(
    fresh_database: Migrated, program: Database, desk: Desk, what: str, typed: dict[str, str], after: str
) -> None:
    row = a_case(program)
    desk.get(f"/bureau/zaken/{row.id}")
    answer = desk.post(f"/bureau/zaken/{row.id}/{what}", versie=desk.version(), **typed)
    assert answer.headers["location"] == f"/bureau/zaken/{row.id}"
    assert state(fresh_database, row.id) == after
    page = desk.get(f"/bureau/zaken/{row.id}").text
    for said in typed.values():
        assert said in page
    broker = rows_of(fresh_database, "SELECT broker_id FROM help_request WHERE id = :id", id=row.id)[0][0]
    assert (broker is None) == (what == "loslaten")


def test_a_case_that_is_read_first_is_let_through_and_helpers_are_asked(
    fresh_database: Migrated, program: Database, desk: Desk
) -> None:
    mediation(fresh_database, 3)
    with program.transaction() as session:
        a_helper(session)
    row = a_case(program)
    assert state(fresh_database, row.id) == "submitted"
    desk.get(f"/bureau/zaken/{row.id}")
    desk.post(f"/bureau/zaken/{row.id}/vrijgeven", versie=desk.version())
    assert state(fresh_database, row.id) == "open"
    assert "Tonnie is gevraagd" in desk.get(f"/bureau/zaken/{row.id}").text


def test_a_long_course_is_folded_but_for_what_was_last(program: Database, desk: Desk) -> None:
    row = a_case(program)
    for number in range(12):
        desk.act(row.id, "notities", notitie=f"Notitie {number + 1:02}", knop="notitie")

    shown, _, folded = desk.get(f"/bureau/zaken/{row.id}").text.partition("Wat daarvoor gebeurde (")

    assert "Notitie 12" in shown
    assert "Notitie 01" not in shown
    assert "Notitie 01" in folded


def test_notes_and_calls_stand_in_the_course_with_their_writer(program: Database, desk: Desk) -> None:
    row = a_case(program)
    desk.act(row.id, "notities", notitie="Dochter Els belt terug", knop="notitie")
    desk.act(row.id, "notities", knop="gebeld")
    page = desk.get(f"/bureau/zaken/{row.id}").text
    assert "Marja schreef op" in page
    assert "Dochter Els belt terug" in page
    assert "Marja belde" in page
    assert desk.act(row.id, "notities", notitie=" ", knop="notitie").status_code == 422


def test_who_saves_second_reads_who_was_first_and_keeps_what_was_typed(
    fresh_database: Migrated, program: Database, site: FastAPI, desk: Desk
) -> None:
    row = a_case(program)
    other = a_desk(fresh_database, program, site, first_name="Samira")
    desk.get(f"/bureau/zaken/{row.id}")
    version = desk.version()
    other.get(f"/bureau/zaken/{row.id}")
    other.post(f"/bureau/zaken/{row.id}/pauze", versie=other.version())
    late = desk.post(f"/bureau/zaken/{row.id}/verwijzen", versie=version, waarheen="de bibliotheek")
    assert late.status_code == 409
    assert "Samira veranderde dit" in late.text
    assert state(fresh_database, row.id) == "paused"
    late = desk.post(
        f"/bureau/zaken/{row.id}/sluiten", versie=version, reden="vervuld", toelichting="Mooi zo"
    )
    assert late.status_code == 409
    assert "Mooi zo" in late.text
    assert state(fresh_database, row.id) == "paused"


def test_a_helper_is_proposed_by_hand_and_passed_over(
    fresh_database: Migrated, program: Database, desk: Desk
) -> None:
    row = a_case(program)
    with program.transaction() as session:
        helper, offer = a_helper(session)
    page = desk.get(f"/bureau/zaken/{row.id}").text
    assert "Stel Tonnie voor" in page
    desk.post(f"/bureau/zaken/{row.id}/voorstellen", hulpaanbod=str(offer.id))
    [proposal] = rows_of(fresh_database, "SELECT id, helper_id, origin FROM proposal")
    assert (proposal.helper_id, proposal.origin) == (helper.person_id, "broker")
    desk.act(row.id, f"voorstellen/{proposal.id}/overslaan")
    assert rows_of(fresh_database, "SELECT status FROM proposal")[0][0] == "passed"


def test_the_parts_of_a_score_add_up_on_the_screen(program: Database, desk: Desk) -> None:
    row = a_case(program)
    with program.transaction() as session:
        a_helper(session)
    page = desk.get(f"/bureau/zaken/{row.id}").text
    block = page[page.index('<dl class="parts"') :]
    numbers = re.findall(r"<dd>([+−]?\d+)</dd>", block[: block.index("</dl>")])
    total, *parts = [int(number.replace("−", "-")) for number in numbers]
    assert total == sum(parts)


def test_where_matches_are_introduced_the_makelaar_links_two_people(
    fresh_database: Migrated, program: Database, desk: Desk
) -> None:
    mediation(fresh_database, 4)
    with program.transaction() as session:
        asker = a_person(session)
    desk.get("/bureau/nieuwe-vraag")
    with program.transaction() as session:
        a_helper(session)
        act(session, asker)
        row = a_request(session, asker)
    desk.get(f"/bureau/zaken/{row.id}")
    desk.post(f"/bureau/zaken/{row.id}/vrijgeven", versie=desk.version())
    page = desk.get(f"/bureau/zaken/{row.id}").text
    assert "Koppel Tonnie" in page
    [proposal] = rows_of(fresh_database, "SELECT id FROM proposal")
    desk.post(f"/bureau/zaken/{row.id}/voorstellen/{proposal.id}/koppelen")
    assert rows_of(fresh_database, "SELECT confirmed_at FROM proposal")[0][0] is not None


def test_a_spoken_yes_becomes_an_agreement_and_needs_to_be_spoken(
    fresh_database: Migrated, program: Database, desk: Desk
) -> None:
    with program.transaction() as session:
        asker = a_person(session)
        row = a_request(session, asker)
        helper, _ = a_helper(session)
        proposal = a_willing_helper(session, asker, helper, row)
        day = (today(session) + timedelta(days=3)).isoformat()
    path = f"/bureau/zaken/{row.id}/voorstellen/{proposal.id}/afspreken"
    assert "Ria kiest Tonnie" in desk.get(path).text
    silent = desk.post(path, datum=day, tijd="10:00")
    assert silent.status_code == 422
    assert "Zet een vinkje als de vrager zelf ja zei." in silent.text
    assert f'value="{day}"' in silent.text
    assert desk.post(path, datum=day, tijd="10:00", gesproken="ja").status_code == 303
    [made] = rows_of(fresh_database, "SELECT arranged_by, arranged_by_id FROM agreement")
    assert (made.arranged_by, made.arranged_by_id) == ("broker", desk.actor.person_id)
    assert state(fresh_database, row.id) == "filled"
    assert "Afspraak met Tonnie" in desk.get(f"/bureau/zaken/{row.id}").text


def test_a_wider_circle_asks_who_lives_further(
    fresh_database: Migrated, program: Database, desk: Desk
) -> None:
    row = a_case(program, hoeVerKm=2)
    with program.transaction() as session:
        a_helper(session, postcode="5708 AB")
    assert "Zoek tot" in desk.get(f"/bureau/zaken/{row.id}").text
    desk.post(f"/bureau/zaken/{row.id}/verder-zoeken", hoeVerKm="12", versie=desk.version())
    assert rows_of(fresh_database, "SELECT count(*) FROM proposal")[0][0] == 1


def test_what_two_people_see_differently_is_decided_and_a_booking_is_taken_back(
    fresh_database: Migrated, program: Database, site: FastAPI, travel: Callable[[timedelta], None]
) -> None:
    with program.transaction() as session:
        helper, _ = a_helper(session)
        asker = a_person(session)
        agreement = an_agreement(session, asker, helper, days=1)
        occurrence_id = occur.get(session, asker, agreement.id).occurrences[0].id
    travel(timedelta(days=2))
    with program.transaction() as session:
        occur.happened(session, act(session, helper), occurrence_id)
        occur.dispute(session, act(session, asker), occurrence_id, "Het was korter")
    desk = a_desk(fresh_database, program, site)
    base = f"/bureau/zaken/{agreement.help_request_id}/keren/{occurrence_id}"
    assert "Wat is er gebeurd?" in desk.get(base).text
    assert desk.post(f"{base}/beslissen", minuten="300").status_code == 422
    assert desk.post(f"{base}/beslissen", minuten="30").status_code == 303
    with program.transaction() as session:
        assert roosjes.statement(session, act(session, asker)).balance.posted == -30
    assert "De boeking verbeteren" in desk.get(base).text
    assert desk.post(f"{base}/corrigeren", reden="not_delivered").status_code == 303
    with program.transaction() as session:
        assert roosjes.statement(session, act(session, asker)).balance.posted == 0
    assert "Hier is niets te doen" in desk.get(base).text


def test_a_helper_of_another_case_is_not_touched(program: Database, desk: Desk) -> None:
    with program.transaction() as session:
        asker = a_person(session)
        row = a_request(session, asker)
        other = a_request(session, asker, titel="Een andere vraag")
        helper, _ = a_helper(session)
        proposal = a_willing_helper(session, asker, helper, other)
        an_offer(session, act(session, helper), titel="Nog iets")
    assert desk.act(row.id, f"voorstellen/{proposal.id}/overslaan").status_code == 404


def test_of_a_long_series_the_desk_sees_what_to_decide_and_what_comes_before_what_was(
    fresh_database: Migrated, program: Database, site: FastAPI, travel: Callable[[timedelta], None]
) -> None:
    with program.transaction() as session:
        asker, (helper, _) = a_person(session), a_helper(session, minutenPerWeek=2400)
        agreement = an_agreement(session, asker, helper, hoeVaak="wekelijks")
    travel(timedelta(days=84))
    with Work(Settings(), program).transaction() as (session, actor):
        upkeep.advance(session, actor, agreement.id)
    travel(timedelta(days=4))
    with program.transaction() as session:
        times = occur.get(session, act(session, asker), agreement.id).occurrences
        disputed = next(time.id for time in times[12:] if time.status.value == "agreed")
        occur.happened(session, act(session, helper), disputed)
        occur.dispute(session, act(session, asker), disputed, "Er kwam niemand")

    desk = a_desk(fresh_database, program, site)
    page = desk.get(f"/bureau/zaken/{agreement.help_request_id}").text

    shown, _, folded = page.partition("<summary>Alle andere keren")
    assert f"/keren/{disputed}" in shown
    coming = min(time.starts_at for time in times if time.starts_at > times[0].starts_at + timedelta(days=85))
    assert shown.index(f"/keren/{disputed}") < shown.index(dutch.moment(coming, "nl"))
    assert folded
    for time in times:
        assert page.count(dutch.moment(time.starts_at, "nl")) >= 1
