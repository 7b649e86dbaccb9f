"""Roosjes that the desk books between people: from one to another, and for a group at once."""

from uuid import uuid4

import rewards
from app.access.sign_in import act_as
from app.db import Database
from app.people.models import Person
from app.roosjes import service as roosjes
from tests.app.factories import a_person
from tests.web.desks.helpers import Desk
from tests.web.desks.pots import HERE, a_resident, balance, group


def test_a_makelaar_books_from_one_to_another(program: Database, desk: Desk) -> None:
    gerda, tom = a_resident(program, "Gerda"), a_resident(program, "Tom")

    assert group(desk, "een", "Gerda", ["Tom"], 5) == 303

    assert [balance(program, who).posted for who in (gerda, tom)] == [-5, 5]
    with program.transaction() as session:
        act_as(session, tom.person_id)
        account = roosjes.account_of(session, session.get_one(Person, tom.person_id), 1771)
        (line,) = rewards.statement(session.connection(), account.id)
        assert line.actor == desk.actor.pseudonym
    with program.transaction() as session:
        act_as(session, desk.actor.person_id)
        account = roosjes.account_of(session, session.get_one(Person, gerda.person_id), 1771)
        rewards.set_status(session.connection(), account.id, rewards.AccountStatus.FROZEN)
    assert group(desk, "een", "Gerda", ["Tom"], 5) == 409
    assert "Gerda" in desk.page


def test_one_organiser_pays_five_helpers_or_nobody(program: Database, desk: Desk) -> None:
    organiser = a_resident(program, "Olga")
    helpers = [a_resident(program, name) for name in ("Anna", "Bert", "Carla", "Dirk", "Els")]
    names = ["Anna", "Bert", "Carla", "Dirk", "Els"]

    assert group(desk, "allen", "Olga", names, 60) == 303
    assert balance(program, organiser).posted == -300
    assert group(desk, "allen", "Olga", names, 120) == 409
    assert "Olga" in desk.page
    assert [balance(program, who).posted for who in helpers] == [60] * 5


def test_a_course_pays_the_helper_once_and_the_pot_the_rest(program: Database, desk: Desk) -> None:
    teacher = a_resident(program, "Truus")
    names = ["Anna", "Bert", "Carla"]
    pupils = [a_resident(program, name) for name in names]

    assert group(desk, "cursus", "Truus", names, 90) == 303

    assert balance(program, teacher).posted == 90
    assert [balance(program, who).posted for who in pupils] == [-90] * 3
    assert "In de pot van Geldrop-Mierlo zit 3 uur" in desk.get(HERE).text
    assert group(desk, "cursus", "Truus", names, 700) == 409
    assert "Anna, Bert, Carla" in desk.page


def test_names_that_are_not_clear_are_asked_back(program: Database, desk: Desk) -> None:
    gerda = a_resident(program, "Gerda")
    a_resident(program, "Tom")
    tom = a_resident(program, "Tom", achternaam="Smit")

    assert group(desk, "een", "Gerda", ["Tom"], 5) == 422
    assert f'value="{tom.person_id}"' in desk.page
    assert group(desk, "een", "Gerda", ["Niemand"], 5) == 422
    assert group(desk, "een", "Gerda", ["Tom"], 5, gekozen=str(tom.person_id)) == 303
    assert balance(program, gerda).posted == -5
    assert balance(program, tom).posted == 5


def test_more_names_than_can_be_booked_at_once_are_told_and_none_is_cut_off(
    program: Database, desk: Desk
) -> None:
    gerda = a_resident(program, "Gerda")
    names = [f"Deelnemer {number}" for number in range(1, 62)]

    assert group(desk, "allen", "Gerda", names, 5) == 422

    assert "Boek voor ten hoogste 60 mensen tegelijk. U noemde er 61." in desk.page
    assert "Deelnemer 61" in desk.page
    assert balance(program, gerda).posted == 0


def test_sixty_names_and_as_many_picked_are_refused_and_not_broken(program: Database, desk: Desk) -> None:
    a_resident(program, "Gerda")
    with program.transaction() as session:
        named = [a_person(session, first_name=f"Naam{number:02}") for number in range(2)]
    typed = {
        "soort": "allen", "hoofd": "Gerda", "deelnemers": "Naam00\nNaam01", "minuten": "5", "reden": "Opruimdag",
        "sleutel": str(uuid4()),
        "gekozen": [str(named[0].person_id), *(str(uuid4()) for _ in range(60))],
    }  # fmt: skip
    desk.get(f"{HERE}/boeken")

    assert desk.post(f"{HERE}/boeken", **typed).status_code == 422

    assert "Boek voor ten hoogste 60 mensen tegelijk. U noemde er 61." in desk.page
