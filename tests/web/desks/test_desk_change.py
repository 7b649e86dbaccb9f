"""The question of somebody who phones, changed at the desk: as the asker would, told to the asker, and recorded."""

from uuid import UUID

import pytest
from fastapi import FastAPI

from app.access.actor import Actor
from app.db import Database
from app.help_requests import service as help_requests
from app.help_requests.models import HelpRequest
from app.help_requests.schemas import HelpRequestChange, NewHelpRequest
from app.matches import changing as changing_requests
from app.matches.index import request_by_id
from app.notifications.texts import text_of
from matching.batch.priority import tier
from tests.app.conftest import rows_of
from tests.app.factories import a_helper, a_person, a_request, a_willing_helper, act, an_agreement
from tests.databases import Database as Migrated
from tests.web.desks.helpers import Desk, a_desk

FIELDS = {
    "titel": "Naar de markt in Heeze", "categorie": "samen-op-pad", "wanneer": "maakt-niet-uit",
    "hoeVaak": "eenmalig", "minuten": "60", "aantalHelpers": "1", "hoeVerKm": "15", "zichtbaarVoor": "iedereen",
    "talen": ["0"], "buurgemeenten": "true", "soort": "roosjes",
}  # fmt: skip


def a_case(program: Database, **changes: object) -> HelpRequest:
    with program.transaction() as session:
        return a_request(session, a_person(session), **changes)


def with_a_yes(program: Database) -> tuple[HelpRequest, UUID]:
    with program.transaction() as session:
        asker: Actor = a_person(session)
        row = a_request(session, asker)
        helper, _ = a_helper(session)
        return row, a_willing_helper(session, asker, helper, row).id


def changing(desk: Desk, id: UUID, **typed: object) -> int:
    """Open the form of a case and send it; the status of the answer."""
    path = f"/bureau/zaken/{id}/veranderen"
    desk.get(path)
    return desk.post(path, **{**FIELDS, "versie": desk.version(), **typed}).status_code


def test_a_makelaar_changes_a_question_and_the_asker_is_told(
    fresh_database: Migrated, program: Database, desk: Desk
) -> None:
    row = a_case(program)
    assert f"/bureau/zaken/{row.id}/veranderen" in desk.get(f"/bureau/zaken/{row.id}").text
    assert changing(desk, row.id, minuten="90", aantalHelpers="2", soort="zonder") == 303
    [stands] = rows_of(fresh_database, "SELECT title, minutes, helpers_wanted, kind FROM help_request")
    assert tuple(stands) == ("Naar de markt in Heeze", 90, 2, "zonder")
    [told] = rows_of(
        fresh_database, "SELECT kind, params FROM notice WHERE person_id = :id", id=row.person_id
    )
    assert told.kind == "changed-for-you"
    assert "Naar de markt in Heeze" in text_of(told.kind, told.params).body
    [event] = rows_of(
        fresh_database, "SELECT by_person_id, before, after FROM state_event WHERE reason = 'changed'"
    )
    assert tuple(event) == (desk.actor.person_id, "open", "open")
    assert "Marja veranderde de vraag" in desk.get(f"/bureau/zaken/{row.id}").text


def test_who_said_yes_is_asked_again_and_the_page_says_so_beforehand(
    fresh_database: Migrated, program: Database, desk: Desk
) -> None:
    row, proposal_id = with_a_yes(program)
    desk.get(f"/bureau/zaken/{row.id}/veranderen")
    assert "Al ja gezegd: Tonnie." in desk.page
    assert changing(desk, row.id, minuten="120") == 303
    [proposal] = rows_of(fresh_database, "SELECT status FROM proposal WHERE id = :id", id=proposal_id)
    assert proposal.status == "proposed"


def test_what_was_agreed_stays_as_it_is(fresh_database: Migrated, program: Database, desk: Desk) -> None:
    with program.transaction() as session:
        asker = a_person(session)
        helper, _ = a_helper(session)
        id = an_agreement(session, asker, helper, aantalHelpers=2).help_request_id
    assert changing(desk, id, minuten="120", aantalHelpers="2") == 409
    assert "Er is al iets afgesproken." in desk.page
    assert rows_of(fresh_database, "SELECT minutes FROM help_request")[0].minutes == 60


def test_a_stale_change_at_the_desk_loses_nothing(program: Database, desk: Desk) -> None:
    row = a_case(program)
    desk.get(f"/bureau/zaken/{row.id}/veranderen")
    version = desk.version()
    assert changing(desk, row.id) == 303
    assert changing(desk, row.id, versie=version, titel="Wat ik net typte") == 409
    assert "Wat ik net typte" in desk.page
    assert "Naar de markt in Heeze" in desk.page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"titel": ""}, "Schrijf in een paar woorden waar het om gaat."),
        ({"wanneer": "dag", "datum": "1-2-2020"}, "vanaf vandaag"),
        ({"categorie": "vakman-nodig"}, "Dit is werk voor een vakman."),
        ({"status": "closed"}, "Dit formulier past niet meer bij de pagina."),
    ],
)
def test_what_cannot_be_comes_back_with_what_to_mend(
    program: Database, desk: Desk, typed: dict[str, str], said: str
) -> None:
    row = a_case(program)
    assert changing(desk, row.id, **typed) == 422
    assert said in desk.page


def test_a_case_of_another_municipality_and_one_that_is_over_are_not_changed(
    fresh_database: Migrated, program: Database, site: FastAPI, desk: Desk
) -> None:
    row = a_case(program)
    path = f"/bureau/zaken/{row.id}/veranderen"
    other = a_desk(fresh_database, program, site, municipality_id=794, first_name="Kees")
    assert other.get(path).status_code == 404
    other.get("/bureau")
    assert other.post(path, **FIELDS, versie="2").status_code == 404
    rows_of(fresh_database, "UPDATE help_request SET status = 'closed', is_public = false RETURNING id")
    assert desk.get(path).status_code == 303


def test_a_change_of_the_askers_own_tells_nobody_twice(
    fresh_database: Migrated, program: Database, desk: Desk
) -> None:
    row = a_case(program)
    for title in ("Een", "Twee"):
        assert changing(desk, row.id, titel=title) == 303
    told = rows_of(fresh_database, "SELECT kind FROM notice WHERE person_id = :id", id=row.person_id)
    assert [one.kind for one in told] == ["changed-for-you"] * 2


def test_the_desk_reads_also_of_a_yes_that_the_asker_does_not_know_of(
    fresh_database: Migrated, program: Database, desk: Desk
) -> None:
    row, _ = with_a_yes(program)
    rows_of(fresh_database, "UPDATE municipality SET mediation = 4 WHERE id = 1771 RETURNING id")
    assert "Al ja gezegd: Tonnie." in desk.get(f"/bureau/zaken/{row.id}/veranderen").text


def test_a_program_of_the_desk_tells_the_asker_too_but_not_of_what_was_never_sent(
    fresh_database: Migrated, program: Database, desk: Desk
) -> None:
    row = a_case(program)
    new: dict[str, object] = {"categorie": "samen-op-pad", "titel": "Anders", "minuten": 60}
    with program.transaction() as session:
        actor = act(session, desk.actor)
        kept = help_requests.draft(
            session, actor, NewHelpRequest.model_validate(new), asker=row.person_id, consent="phone"
        )
        for id, version in ((kept.id, kept.version), (row.id, row.version)):
            wanted = HelpRequestChange.model_validate({**new, "titel": "Weer anders", "versie": version})
            changing_requests.change(session, actor, id, wanted)
    told = rows_of(fresh_database, "SELECT subject_id FROM notice WHERE kind = 'changed-for-you'")
    assert [one.subject_id for one in told] == [row.id]


def its_tier(program: Database, id: UUID) -> int:
    """Where the region's next run puts the request, 0..15."""
    with program.transaction() as session:
        return tier(request_by_id(session, id))


def test_what_the_desk_says_of_hurry_and_vulnerable_changes_who_goes_first(
    program: Database, desk: Desk
) -> None:
    row = a_case(program)
    assert its_tier(program, row.id) == 2
    assert changing(desk, row.id, haast="3", kwetsbaar="ja") == 303
    assert its_tier(program, row.id) == 9
    assert "Vandaag of morgen, kwetsbaar" in desk.get(f"/bureau/zaken/{row.id}").text

    form = desk.get(f"/bureau/zaken/{row.id}/veranderen").text
    assert 'name="kwetsbaar" value="ja" checked' in form
    assert changing(desk, row.id, haast="0") == 303
    assert its_tier(program, row.id) == 0


def test_an_asker_neither_reads_nor_says_that_they_are_vulnerable(
    fresh_database: Migrated, program: Database, site: FastAPI, desk: Desk
) -> None:
    row = a_case(program)
    assert changing(desk, row.id, kwetsbaar="ja") == 303
    asker = Desk(site, program, Actor(person=row.person_id))
    for path in (f"/mijn/vragen/{row.id}", f"/mijn/vragen/{row.id}/veranderen", f"/hulpvragen/{row.id}"):
        assert "kwetsbaar" not in asker.get(path).text.lower(), path
    asker.get(f"/mijn/vragen/{row.id}/veranderen")
    typed = {**FIELDS, "versie": asker.version()}
    assert asker.post(f"/mijn/vragen/{row.id}/veranderen", **typed, haast="3").status_code == 422
    assert asker.post(f"/mijn/vragen/{row.id}/veranderen", **typed).status_code == 303
    assert rows_of(fresh_database, "SELECT urgency, vulnerable FROM help_request") == [(1, True)]
