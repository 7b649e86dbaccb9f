"""Controles at the desk and at home: from nothing seen to a yes, and from a yes to nothing that counts."""

from datetime import timedelta
from uuid import UUID

import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from app.access.roles import Role
from app.clock import today
from app.db import Database
from app.ids import uuid7
from app.matches import propose
from tests.app.conftest import rows_of
from tests.app.factories import HELMOND, a_helper, a_person, a_request, act
from tests.databases import Database as Migrated
from tests.queries import count_queries
from tests.web.desks.helpers import Desk, a_desk

HOMEWORK = "huiswerk-en-bijles"


@pytest.fixture
def tonnie(program: Database) -> UUID:
    """A helper of whom nothing was seen."""
    with program.transaction() as session:
        helper, _ = a_helper(session, categorieen=[HOMEWORK])
        return helper.person_id


def here(id: UUID) -> str:
    return f"/bureau/mensen/{id}/controles"


def test_what_is_seen_is_written_down_with_who_and_when_and_counts_at_once(
    program: Database, fresh_database: Migrated, site: FastAPI, desk: Desk, tonnie: UUID
) -> None:
    with program.transaction() as session:
        asker = a_person(session)
        asked = a_request(session, asker, categorie=HOMEWORK)
        assert propose.for_request(session, asker, asked) == []
        asked_id = asked.id
    assert "Er is nog niets gezien." in desk.get(here(tonnie)).text

    assert desk.post(here(tonnie), soort="vog", hoe="gezien", waar="op het gemeentehuis").status_code == 303

    page = desk.get(here(tonnie)).text
    assert "opgeschreven door Marja" in page
    assert "op het gemeentehuis" in page
    (row,) = rows_of(fresh_database, "SELECT * FROM person_check")
    assert (row.kind, row.valid_until, row.seen_by_id) == (1, None, desk.actor.person_id)
    with program.transaction() as session:
        act(session, asker)
        assert len(propose.for_request(session, asker, session.get_one(type(asked), asked_id))) == 1


def test_withdrawing_asks_why_and_its_holder_reads_it(
    program: Database, fresh_database: Migrated, site: FastAPI, desk: Desk, tonnie: UUID
) -> None:
    desk.get(here(tonnie))
    desk.post(here(tonnie), soort="vog", hoe="gezien")
    (row,) = rows_of(fresh_database, "SELECT id FROM person_check")
    path = f"{here(tonnie)}/{row.id}/intrekking"
    assert desk.get(path).status_code == 200
    assert desk.post(path, reden=" ").status_code == 422
    assert desk.post(path, reden="De VOG was van iemand anders.").status_code == 303
    assert desk.post(path, reden="Nog eens.").status_code == 409

    with program.transaction() as session:
        helper = act(session, desk.actor.__class__(person=tonnie))
    home = Desk(site, program, helper)
    page = home.get("/mijn/controles").text
    assert "De VOG was van iemand anders." in page
    assert "telt niet meer" in page
    assert "Een controle telt niet meer" in home.get("/mijn/berichten").text


EXEMPT = {"soort": "vog", "hoe": "ontheffing", "reden": "Is aangevraagd."}
REFUSED = {
    "a KvK number without digits": ({"soort": "kvk"}, "nummer"),
    "a BIG number that is too short": ({"soort": "big", "nummer": "1234567890"}, "nummer"),
    "a number with a VOG": ({"soort": "vog", "nummer": "12345678"}, "nummer"),
    "an end before the begin": ({"soort": "vog", "vanaf": "2026-12-02", "totEnMet": "2026-12-01"}, "totEnMet"),
    "an exemption without an end": (EXEMPT, "totEnMet"),
    "an exemption without a reason": ({**EXEMPT, "reden": "", "totEnMet": "2027-12-20"}, "reden"),
    "an exemption of years": ({**EXEMPT, "vanaf": "2026-12-01", "totEnMet": "2028-12-01"}, "totEnMet"),
    "no check": ({"soort": "diploma"}, "soort"),
    "an organisation of nowhere": ({"soort": "vog", "organisatie": str(uuid7())}, "organisatie"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_comes_back_with_what_was_typed(
    fresh_database: Migrated, desk: Desk, tonnie: UUID, case: str
) -> None:
    typed, field = REFUSED[case]
    desk.get(here(tonnie))

    answer = desk.post(here(tonnie), **{"hoe": "gezien", "waar": "aan de balie", **typed})

    assert answer.status_code == 422
    assert f'href="#veld-{field}"' in answer.text
    assert 'value="aan de balie"' in answer.text
    assert rows_of(fresh_database, "SELECT FROM person_check") == []


def test_numbers_are_kept_as_the_register_writes_them(
    fresh_database: Migrated, desk: Desk, tonnie: UUID
) -> None:
    desk.get(here(tonnie))
    for kind, typed in (("kvk", "6959 9084"), ("big", "0991.1009.701"), ("skj", "120 014 375")):
        assert desk.post(here(tonnie), soort=kind, hoe="opgezocht", nummer=typed).status_code == 303

    rows = rows_of(fresh_database, "SELECT number, source FROM person_check ORDER BY kind")
    assert [tuple(row) for row in rows] == [
        ("69599084", "Handelsregister"), ("09911009701", "BIG-register"), ("120014375", "SKJ-register"),
    ]  # fmt: skip


def test_nobody_writes_about_themselves_or_about_people_of_elsewhere(
    program: Database, fresh_database: Migrated, site: FastAPI, desk: Desk, tonnie: UUID
) -> None:
    elsewhere = a_desk(fresh_database, program, site, Role.BROKER, HELMOND, "Els")
    assert elsewhere.get(here(tonnie)).status_code == 404
    elsewhere.get("/bureau/mensen")
    assert elsewhere.post(here(tonnie), soort="vog", hoe="gezien").status_code == 404
    rows_of(
        fresh_database,
        "INSERT INTO membership (person_id, municipality_id, kind) VALUES (:me, 1771, 'lives') RETURNING kind",
        me=desk.actor.person_id,
    )
    page = desk.get(here(desk.actor.person_id)).text
    assert "Laat een collega uw papieren bekijken." in page
    assert desk.post(here(desk.actor.person_id), soort="vog", hoe="gezien").status_code == 403
    assert rows_of(fresh_database, "SELECT FROM person_check") == []


@pytest.mark.parametrize("role", [Role.TREASURER, Role.PRIVACY_OFFICER, Role.MUNICIPALITY_ADMINISTRATOR])
def test_other_roles_see_no_checks_of_people(
    program: Database, fresh_database: Migrated, site: FastAPI, tonnie: UUID, role: Role
) -> None:
    desk = a_desk(fresh_database, program, site, role)
    paths = (here(tonnie), "/bureau/controles", f"/bureau/mensen/{tonnie}/kvk")
    assert [desk.get(path).status_code for path in paths] == [404, 404, 404]


def test_without_a_key_the_page_says_so_and_asks_nothing(desk: Desk, tonnie: UUID) -> None:
    path = f"/bureau/mensen/{tonnie}/kvk"
    assert "Er is hier geen sleutel voor de KvK." in desk.get(path).text
    desk.get(here(tonnie))
    assert desk.post(path, nummer="69599084").status_code == 404


def test_with_a_key_a_number_is_asked_and_its_answer_stands_ready(
    fresh_database: Migrated, site: FastAPI, desk: Desk, tonnie: UUID
) -> None:
    site.state.settings = site.state.settings.model_copy(update={"kvk_key": SecretStr("secret-key")})
    path = f"/bureau/mensen/{tonnie}/kvk"
    desk.get(path)
    assert desk.post(path, nummer="123").status_code == 422
    assert desk.post(path, nummer="6959 9084").status_code == 303
    assert "Wij vragen het na." in desk.get(path).text
    rows_of(
        fresh_database,
        "UPDATE kvk_lookup SET outcome = 'found', answered_at = now(), name = 'Test EMZ Dagobert' RETURNING id",
    )

    page = desk.get(path).text
    assert "Test EMZ Dagobert" in page
    assert "secret-key" not in page
    ready = desk.get(f"{here(tonnie)}?nummer=69599084").text
    assert 'value="69599084"' in ready


def test_the_list_shows_what_ends_and_who_is_new_with_the_same_questions_for_many(
    program: Database, fresh_database: Migrated, desk: Desk, tonnie: UUID
) -> None:
    with program.transaction() as session:
        soon = today(session) + timedelta(weeks=2)
    desk.get(here(tonnie))
    desk.post(here(tonnie), soort="vog", hoe="gezien", totEnMet=soon.isoformat())
    with count_queries(program.engine) as one:
        page = desk.get("/bureau/controles").text
    assert page.count("VOG") == 1
    assert page.count("Tonnie") == 2
    for _ in range(4):
        with program.transaction() as session:
            helper, _ = a_helper(session, categorieen=[HOMEWORK])
        desk.get(here(helper.person_id))
        desk.post(here(helper.person_id), soort="vog", hoe="gezien", totEnMet=soon.isoformat())

    with count_queries(program.engine) as many:
        assert desk.get("/bureau/controles").text.count("Tonnie") == 10
    assert many.count == one.count


def test_a_municipality_asks_more_or_less_than_others_and_goes_back(
    program: Database, fresh_database: Migrated, site: FastAPI
) -> None:
    desk = a_desk(fresh_database, program, site, Role.MUNICIPALITY_ADMINISTRATOR)
    rules = "/gemeente/controles"
    assert desk.get(rules).status_code == 200
    assert (
        desk.post(rules, categorie="samen-op-pad", rol="volunteer", controles="identiteit").status_code == 303
    )
    page = desk.get(f"{rules}?categorie=samen-op-pad&rol=volunteer").text
    assert "eigen keuze" in page
    assert 'value="identiteit" checked' in page or 'value="identiteit" id="veld-controles" checked' in page
    (row,) = rows_of(fresh_database, "SELECT checks, changed_by_id FROM check_requirement")
    assert (row.checks, row.changed_by_id) == (2, desk.actor.person_id)
    assert desk.post(rules, categorie="bestaat-niet", rol="volunteer").status_code == 422
    assert desk.post(f"{rules}/landelijk", categorie="samen-op-pad", rol="volunteer").status_code == 303
    assert rows_of(fresh_database, "SELECT FROM check_requirement") == []

    desk.get(rules)
    assert (
        desk.post(f"{rules}/termijnen", wekenVooraf="6", eersteKeren="2", eerstKennismaken="ja").status_code
        == 303
    )
    (row,) = rows_of(
        fresh_database,
        "SELECT check_notice_weeks, newcomer_visits, newcomer_meeting FROM municipality WHERE id = 1771",
    )
    assert tuple(row) == ([6], 2, True)
    assert desk.post(f"{rules}/termijnen", wekenVooraf="99", eersteKeren="2").status_code == 422
