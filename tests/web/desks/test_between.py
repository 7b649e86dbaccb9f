"""De buren en de zegels at the desk: a yes of both sides, trust, cheques to be paid for, and lines from outside."""

from dataclasses import dataclass

import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.access.roles import Role
from app.db import Database
from app.treasury.calendar import following
from rewards import check
from tests.app.conftest import rows_of
from tests.app.treasury.books import THIRD, Booked, as_owner, travel, two_months
from tests.databases import Database as Migrated
from tests.rewards.factories import A, B, C, clearing, posted
from tests.rewards.test_checks import unguard
from tests.web.desks.helpers import Desk, a_desk

HERE, SEALS = "/bureau/buren", "/bureau/zegels"


@dataclass(frozen=True)
class Sides:
    """The treasurers of Geldrop-Mierlo (who got more) and of Helmond, a month after the help."""

    ours: Desk
    theirs: Desk


@pytest.fixture
def booked(fresh_database: Migrated) -> Booked:
    return two_months(fresh_database)


@pytest.fixture
def sides(fresh_database: Migrated, program: Database, site: FastAPI, booked: Booked) -> Sides:
    ours = a_desk(fresh_database, program, site, Role.TREASURER, A, "Hans")
    return Sides(ours, a_desk(fresh_database, program, site, Role.TREASURER, B, "Petra"))


def proposed(sides: Sides, database: Migrated) -> str:
    """The address of the netting that ours proposed."""
    sides.ours.get(HERE)
    assert sides.ours.post(f"{HERE}/voorstellen").status_code == 303
    (row,) = rows_of(database, "SELECT id FROM ledger.netting")
    return f"{HERE}/verrekeningen/{row[0]}"


def balances(database: Migrated) -> list[int]:
    with as_owner(database) as owner:
        assert check.run(owner) == []
        return posted(owner, clearing(owner, A, B), clearing(owner, B, A))


def test_two_treasurers_net_what_stood_open(sides: Sides, fresh_database: Migrated) -> None:
    path = proposed(sides, fresh_database)
    assert "2 uur verrekenen met Helmond?" in sides.ours.get(path).text
    assert sides.ours.post(path, knop="ja").status_code == 303
    assert "Nu wacht het op Helmond." in sides.ours.get(path).text
    assert balances(fresh_database) == [120, -120]

    assert "wacht op ons" in sides.theirs.get(HERE).text
    asked = sides.theirs.get(path).text
    assert "uit onze pot naar de pot van Geldrop-Mierlo" in asked
    assert "In onze pot zit nu" in asked
    assert "Dat is nog niet genoeg." not in asked
    assert sides.theirs.post(path, knop="ja").status_code == 303

    assert "2 uur is verrekend met Geldrop-Mierlo" in sides.theirs.get(path).text
    assert balances(fresh_database) == [0, 0]


def test_a_yes_sent_twice_books_once(sides: Sides, fresh_database: Migrated) -> None:
    path = proposed(sides, fresh_database)
    for desk in (sides.ours, sides.ours, sides.theirs, sides.theirs):
        desk.get(HERE)
        desk.get("/bureau/zegels")
        assert desk.post(path, knop="ja").status_code == 303
    assert balances(fresh_database) == [0, 0]
    assert rows_of(fresh_database, "SELECT count(*) FROM ledger.batch WHERE operation = 'net'")[0][0] == 1


def test_a_no_ends_it_for_both(sides: Sides, fresh_database: Migrated) -> None:
    path = proposed(sides, fresh_database)
    sides.theirs.get(path)
    assert sides.theirs.post(path, knop="nee").status_code == 303
    sides.ours.get(SEALS)
    late = sides.ours.post(path, knop="ja")
    assert late.status_code == 409
    assert "Hier is al antwoord op gegeven." in late.text
    assert "afgewezen" in sides.ours.get(HERE).text
    assert balances(fresh_database) == [120, -120]


def test_one_person_at_two_desks_says_yes_once(
    sides: Sides, fresh_database: Migrated, program: Database, site: FastAPI
) -> None:
    path = proposed(sides, fresh_database)
    with as_owner(fresh_database) as owner:
        owner.execute(
            text("INSERT INTO role_grant (id, person_id, role, municipality_id)"
                 " VALUES (gen_random_uuid(), :person, 'treasurer', :place)"),
            {"person": sides.ours.actor.person_id, "place": B},
        )  # fmt: skip
    both = Desk(site, program, sides.ours.actor)
    both.get(f"{path}?gemeente={A}")
    assert both.post(f"{path}?gemeente={A}", knop="ja").status_code == 303
    both.get(f"{path}?gemeente={B}")
    second = both.post(f"{path}?gemeente={B}", knop="ja")
    assert second.status_code == 409
    assert "Laat een collega dit doen." in second.text
    assert balances(fresh_database) == [120, -120]


def test_neither_yes_nor_no_is_asked_again(sides: Sides, fresh_database: Migrated) -> None:
    path = proposed(sides, fresh_database)
    sides.ours.get(path)
    assert sides.ours.post(path, knop="misschien").status_code == 422


def test_a_later_month_takes_the_place_of_an_earlier(
    sides: Sides, fresh_database: Migrated, program: Database, site: FastAPI
) -> None:
    path = proposed(sides, fresh_database)
    travel(fresh_database, following(THIRD).replace(day=5))
    later = Desk(site, program, sides.ours.actor)
    later.get(HERE)
    later.post(f"{HERE}/voorstellen")
    assert "vervallen" in later.get(HERE).text
    assert "Er is een nieuwer voorstel." in later.get(path).text
    later.get(HERE)
    late = later.post(path, knop="ja")
    assert late.status_code == 409
    assert "Maak een nieuw voorstel." in late.text


def test_a_third_municipality_has_no_part_in_it(
    sides: Sides, fresh_database: Migrated, program: Database, site: FastAPI
) -> None:
    path = proposed(sides, fresh_database)
    third = a_desk(fresh_database, program, site, Role.TREASURER, C)
    third.get(HERE)
    assert third.get(path).status_code == third.get(f"{HERE}/verrekeningen/99999").status_code == 404
    third.get(HERE)
    assert third.post(path, knop="ja").status_code == 404


ROLES = {
    Role.TREASURER: 200,
    Role.BROKER: 200,
    Role.MUNICIPALITY_ADMINISTRATOR: 200,
    Role.PRIVACY_OFFICER: 404,
}


@pytest.mark.parametrize("role", ROLES)
def test_who_sees_the_neighbours_and_the_seals(
    fresh_database: Migrated, program: Database, site: FastAPI, role: Role
) -> None:
    desk = a_desk(fresh_database, program, site, role)
    assert desk.get(HERE).status_code == ROLES[role]
    reads = role in (Role.TREASURER, Role.BROKER)
    assert desk.get(SEALS).status_code == (200 if reads else 404)
    assert desk.get(f"{SEALS}/zegels.txt").status_code == (200 if reads else 404)


def test_an_administrator_sets_how_far_trust_goes(
    fresh_database: Migrated, program: Database, site: FastAPI
) -> None:
    desk = a_desk(fresh_database, program, site, Role.MUNICIPALITY_ADMINISTRATOR)
    desk.get(HERE)
    assert desk.post(f"{HERE}/vertrouwen", gemeente=str(B), uren="250").status_code == 303
    assert "250 uur" in desk.get(HERE).text
    limit = rows_of(fresh_database, "SELECT limit_minutes FROM ledger.trust WHERE municipality_id = 1771"
                                    " AND counter_municipality_id = 794")  # fmt: skip
    assert limit[0][0] == 15_000
    for typed in ({"gemeente": str(B), "uren": "-1"}, {"gemeente": "9999", "uren": "7"}, {"gemeente": str(B)},
                  {"gemeente": str(B), "uren": "1,5"}, {"gemeente": str(B), "uren": "100001"}):  # fmt: skip
        desk.get(HERE)
        again = desk.post(f"{HERE}/vertrouwen", **typed)
        assert again.status_code == 422
        assert f'value="{typed.get("uren", "")}"' in again.text


def test_a_treasurer_does_not_set_trust(sides: Sides) -> None:
    sides.ours.get(HERE)
    assert "Hoe ver mogen wij gaan?" not in sides.ours.page
    assert sides.ours.post(f"{HERE}/vertrouwen", gemeente=str(B), uren="1").status_code == 404


def test_kept_lines_fit_until_somebody_rewrites_the_books(sides: Sides, fresh_database: Migrated) -> None:
    desk = sides.ours
    desk.get(SEALS)
    assert desk.post(SEALS).status_code == 303
    kept = desk.get(f"{SEALS}/zegels.txt").text
    assert kept.startswith("zve-seal number=1 ")

    desk.get(SEALS)
    assert (
        "1 regel vergeleken. De boeken zijn nog zoals toen."
        in desk.post(f"{SEALS}/vergelijken", regels=kept).text
    )

    with as_owner(fresh_database) as owner:
        unguard(owner)
        owner.exec_driver_sql("UPDATE ledger.entry SET hash = sha256(hash) WHERE seq = 1")
    desk.get(SEALS)
    told = desk.post(f"{SEALS}/vergelijken", regels=kept).text
    assert "De boeken zijn niet meer zoals toen." in told
    assert "Zegel 1: rekening" in told


@pytest.mark.parametrize("typed", ["", "hallo", "zve-seal number=1", "\n \n"])
def test_a_line_that_is_no_seal_is_told_with_what_was_typed(sides: Sides, typed: str) -> None:
    sides.ours.get(SEALS)
    answer = sides.ours.post(f"{SEALS}/vergelijken", regels=typed)
    assert answer.status_code == 422
    assert typed.strip() in answer.text
