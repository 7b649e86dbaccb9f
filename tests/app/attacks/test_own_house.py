"""The bent makelaar: what the desk may book, and not for who lives at the same address."""

from dataclasses import dataclass
from uuid import uuid4

import pytest
from pydantic import ValidationError

from app.access.actor import Actor
from app.cheques import roosjes as papers
from app.db import Database as Program
from app.errors import Forbidden
from app.pots import correcting, groups
from app.pots.errors import OwnInterest
from app.pots.schemas import Group
from app.roosjes import giving, questions
from app.roosjes.giving import Gift
from rewards import Reason
from tests.app.conftest import rows_of
from tests.app.factories import a_helper, a_member_of_staff, a_person, act, an_agreement
from tests.app.roosjes.moving import balances
from tests.databases import Database

HOME = 1771


@dataclass
class House:
    """A makelaar, their partner Piet at the same address, and Ria who knows Piet and got 60 minutes of him."""

    program: Program
    database: Database
    makelaar: Actor
    piet: Actor
    ria: Actor
    transfer: int

    def notices(self, who: Actor) -> list[str]:
        rows = rows_of(self.database, "SELECT kind FROM notice WHERE person_id = :id", id=who.person_id)
        return [row.kind for row in rows]


@pytest.fixture
def house(program: Program, fresh_database: Database) -> House:
    with program.transaction() as session:
        makelaar = a_member_of_staff(fresh_database, session)
        piet = a_person(session, first_name="Piet", huisnummer="7")
        ria, _ = a_helper(session, first_name="Ria")
        an_agreement(session, piet, ria, soort="zonder")
    rows_of(
        fresh_database,
        "UPDATE contact SET postcode = '5664hj', house_number = '7 ' WHERE person_id = :id RETURNING 1",
        id=makelaar.person_id,
    )
    with program.transaction() as session:
        to = giving.known(session, act(session, piet), ria.person_id)
        booked = giving.give(session, piet, to, Gift(60, "k"))
    return House(program, fresh_database, makelaar, piet, ria, int(booked.transfer))


@pytest.mark.parametrize("form", list(groups.Form))
@pytest.mark.parametrize("pays", [True, False])
def test_nothing_is_booked_between_residents_when_one_lives_with_the_makelaar(
    house: House, form: groups.Form, pays: bool
) -> None:
    one, other = (house.ria, house.piet) if pays else (house.piet, house.ria)
    group = Group.model_validate(
        {"hoofd": one.person_id, "deelnemers": [other.person_id], "minuten": 60, "reden": "Geholpen"}
    )
    with house.program.transaction() as session, pytest.raises(OwnInterest):
        groups.book(session, act(session, house.makelaar), HOME, form, group, uuid4())

    assert balances(house.program, house.piet, house.ria) == (-60, 60)


def test_a_makelaar_takes_nothing_back_for_their_own_house(house: House) -> None:
    with house.program.transaction() as session, pytest.raises(Forbidden):
        correcting.take_back(session, act(session, house.makelaar), house.transfer, Reason.OTHER)

    assert balances(house.program, house.piet, house.ria) == (-60, 60)


@pytest.mark.parametrize("how", list(questions.How))
def test_a_makelaar_answers_no_question_about_a_line_of_their_own_house(
    house: House, how: questions.How
) -> None:
    with house.program.transaction() as session:
        new = questions.NewQuestion.model_validate({"uitleg": "Dit klopt niet"})
        question = questions.ask(session, act(session, house.piet), 1, new)
    said = questions.Answer.model_validate({"hoe": how, "reden": Reason.OTHER, "uitleg": "Goed"})
    with house.program.transaction() as session, pytest.raises(Forbidden):
        questions.answer(session, act(session, house.makelaar), question.id, said)

    assert balances(house.program, house.piet, house.ria) == (-60, 60)


def test_a_makelaar_puts_no_roosjes_of_their_own_house_on_paper(house: House) -> None:
    with house.program.transaction() as session, pytest.raises(OwnInterest):
        papers.holder(session, act(session, house.makelaar), house.piet.person_id)


def test_whose_roosjes_a_makelaar_puts_on_paper_hears_so(house: House) -> None:
    """The makelaar holds the codes then, and could hand them in anywhere."""
    for _ in range(2):
        with house.program.transaction() as session:
            ria = papers.holder(session, act(session, house.makelaar), house.ria.person_id)
            made = papers.issue(session, house.makelaar, ria, (2, 15), "form")
    assert house.notices(house.ria).count("booked-by-desk") == 1

    with house.program.transaction() as session:
        ria = papers.holder(session, act(session, house.makelaar), house.ria.person_id)
        number = papers.mine(session, ria)[0].number
        papers.take_back(session, house.makelaar, ria, number, "back")
    assert house.notices(house.ria).count("booked-by-desk") == 2
    assert made.papers == ()


def test_who_puts_their_own_roosjes_on_paper_is_told_nothing(house: House) -> None:
    with house.program.transaction() as session:
        ria = papers.holder(session, act(session, house.ria))
        papers.issue(session, house.ria, ria, (2, 15), "form")
    assert "booked-by-desk" not in house.notices(house.ria)


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "9999-12-31"])
def test_nothing_happened_on_a_day_outside_of_the_books(day: str) -> None:
    """What is booked stays, and a spreadsheet knows no year 1."""
    typed = {
        "hoofd": str(uuid4()),
        "deelnemers": [str(uuid4())],
        "minuten": 60,
        "reden": "Geholpen",
        "datum": day,
    }
    with pytest.raises(ValidationError):
        Group.model_validate(typed)
