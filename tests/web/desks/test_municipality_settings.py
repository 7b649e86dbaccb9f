"""The municipality's own settings: wrong input comes back, and of two savers the second is told."""

import pytest
from fastapi import FastAPI

from app.access.roles import Role
from app.db import Database
from tests.app.conftest import rows_of
from tests.app.factories import EINDHOVEN, HELMOND
from tests.databases import Database as Migrated
from tests.web.desks.helpers import Desk, a_desk

PATH = "/gemeente/instellingen"
TYPED = {
    "bemiddeling": "4", "titel": "buurtcoach", "naam": "Samira", "telefoon": "040 212 3456",
    "openingstijden": "iedere dag", "dagenOpen": "30", "dagenBelofte": "2", "deeltMet": [str(HELMOND)],
}  # fmt: skip


@pytest.fixture
def desk(fresh_database: Migrated, program: Database, site: FastAPI) -> Desk:
    made = a_desk(fresh_database, program, site, Role.MUNICIPALITY_ADMINISTRATOR, first_name="Karin")
    made.get(PATH)
    return made


def settings(database: Migrated) -> tuple[object, ...]:
    query = (
        "SELECT mediation, broker_title, broker_name, phone, request_days, promise_days, version"
        " FROM municipality WHERE id = 1771"
    )
    return tuple(rows_of(database, query)[0])


def test_a_municipality_says_where_post_goes_and_takes_it_back(fresh_database: Migrated, desk: Desk) -> None:
    desk.post(PATH, versie=desk.version(), postadres="Antwoordnummer 7, Geldrop", **TYPED)
    assert 'value="Antwoordnummer 7, Geldrop"' in desk.get(PATH).text

    desk.post(PATH, versie=desk.version(), postadres="", **TYPED)
    assert rows_of(fresh_database, "SELECT post_address FROM municipality WHERE id = 1771") == [("",)]


def test_settings_are_saved_and_shown(fresh_database: Migrated, desk: Desk) -> None:
    answer = desk.post(PATH, versie=desk.version(), **TYPED)
    assert answer.headers["location"] == "/gemeente?bewaard=ja"
    assert settings(fresh_database) == (4, "buurtcoach", "Samira", "+31402123456", 30, 2, 2)
    page = desk.get("/gemeente").text
    assert "4. Voorgesteld aan elkaar" in page
    assert "buurtcoach" in page


def test_sharing_follows_the_boxes_and_trust_follows_sharing(fresh_database: Migrated, desk: Desk) -> None:
    desk.post(PATH, versie=desk.version(), **TYPED)
    shared = rows_of(fresh_database, "SELECT partner_id FROM sharing WHERE municipality_id = 1771")
    assert [row[0] for row in shared] == [HELMOND]
    trust = dict(
        tuple(row)
        for row in rows_of(
            fresh_database,
            "SELECT counter_municipality_id, limit_minutes FROM ledger.trust WHERE municipality_id = 1771",
        )
    )
    assert trust[EINDHOVEN] == 0
    assert trust[HELMOND] > 0
    desk.get(PATH)
    desk.post(PATH, versie=desk.version(), **{**TYPED, "deeltMet": [str(HELMOND), str(EINDHOVEN)]})
    again = rows_of(
        fresh_database,
        "SELECT limit_minutes FROM ledger.trust WHERE municipality_id = 1771 AND counter_municipality_id = :e",
        e=EINDHOVEN,
    )
    assert again[0][0] == 60_000


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("bemiddeling", "6"), ("dagenOpen", "3"), ("dagenBelofte", "nul"), ("telefoon", "12"),
        ("titel", ""), ("openingstijden", "x" * 200), ("deeltMet", ["9999"]),
    ],
)  # fmt: skip
def test_what_is_wrong_comes_back_with_all_that_was_typed(
    fresh_database: Migrated, desk: Desk, field: str, value: object
) -> None:
    before = settings(fresh_database)
    answer = desk.post(PATH, versie=desk.version(), **{**TYPED, "naam": "Getypte naam", field: value})
    assert answer.status_code == 422
    assert f"#veld-{field}" in answer.text
    assert 'value="Getypte naam"' in answer.text
    assert settings(fresh_database) == before


def test_the_second_of_two_savers_gets_the_conflict_page(
    fresh_database: Migrated, program: Database, site: FastAPI, desk: Desk
) -> None:
    other = a_desk(fresh_database, program, site, Role.MUNICIPALITY_ADMINISTRATOR, first_name="Frank")
    other.get(PATH)
    version = desk.version()
    assert other.post(PATH, versie=other.version(), **TYPED).status_code == 303
    late = desk.post(PATH, versie=version, **{**TYPED, "titel": "dorpsondersteuner"})
    assert late.status_code == 409
    assert "Iemand anders bewaarde dit net" in late.text
    assert 'value="dorpsondersteuner"' in late.text
    assert "buurtcoach" in late.text
    assert settings(fresh_database)[1] == "buurtcoach"
    assert (
        desk.post(PATH, versie=desk.version(), **{**TYPED, "titel": "dorpsondersteuner"}).status_code == 303
    )
    assert settings(fresh_database)[1] == "dorpsondersteuner"


def test_an_administrator_of_helmond_changes_helmond(
    fresh_database: Migrated, program: Database, site: FastAPI
) -> None:
    helmond = a_desk(fresh_database, program, site, Role.MUNICIPALITY_ADMINISTRATOR, HELMOND, "Joost")
    before = settings(fresh_database)
    helmond.get(PATH)
    assert helmond.post(PATH, versie=helmond.version(), **{**TYPED, "deeltMet": []}).status_code == 303
    assert settings(fresh_database) == before
