"""The bent makelaar: what the desk may book, and not for who lives at the same address."""

from dataclasses import dataclass
from uuid import uuid4

import pytest
from pydantic import ValidationError

from app.access import letters
from app.access.actor import Actor
from app.access.roles import Role
from app.checks import service as checks
from app.checks.schemas import NewCheck
from app.cheques import roosjes as papers
from app.db import Database as Program
from app.errors import Forbidden, NotFound
from app.people.models import Person
from app.pots import correcting, groups
from app.pots.errors import OwnInterest
from app.pots.schemas import Group
from app.representations import service as representations
from app.representations.models import ConsentWay
from app.representations.schemas import ForAnother, HeardQuestion
from app.roosjes import giving, questions
from app.roosjes.giving import Gift
from app.safety import files, reports, subjects
from app.safety.schemas import NewFile, NewReport, Opening
from app.safety.words import Subject
from rewards import Reason
from tests.app.conftest import rows_of
from tests.app.factories import a_helper, a_member_of_staff, a_person, a_representation, act, an_agreement
from tests.app.roosjes.moving import balances
from tests.databases import Database

HOME = 1771
ANNIE = {"voornaam": "Annie", "postcode": "5664 HJ", "email": "annie@voorbeeld.example"}
WALK = {"categorie": "samen-op-pad", "titel": "Een rondje door het dorp", "minuten": 60}


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


def test_a_makelaar_sees_no_papers_of_their_own_house(house: House) -> None:
    new = NewCheck.model_validate({"soort": "vog"})
    with house.program.transaction() as session, pytest.raises(OwnInterest):
        checks.record(session, act(session, house.makelaar), house.piet.person_id, new)


def test_a_makelaar_writes_down_no_consent_that_is_about_their_own_house(house: House) -> None:
    """Else they ask, say yes and pay in a neighbour's name, or let a housemate do so."""
    for who, whom in ((house.piet, house.ria), (house.ria, house.piet), (house.makelaar, house.ria)):
        with house.program.transaction() as session, pytest.raises(OwnInterest):
            a_representation(session, house.makelaar, who, whom, way=ConsentWay.VOICE)


def test_a_makelaar_hears_no_consent_for_their_own_house(house: House) -> None:
    asked = ForAnother.model_validate({"voorWie": ANNIE, "hulpvraag": WALK})
    with house.program.transaction() as session:
        key = representations.ask(session, act(session, house.piet), asked).id
    with house.program.transaction() as session, pytest.raises(OwnInterest):
        representations.record(session, act(session, house.makelaar), key, HeardQuestion())


def test_a_makelaar_makes_no_letter_that_lets_them_be_somebody_of_their_own_house(house: House) -> None:
    with house.program.transaction() as session, pytest.raises(OwnInterest):
        letters.make(session, act(session, house.makelaar), b"secret", house.piet.person_id)


def test_a_makelaar_reads_no_report_about_their_own_house_whoever_read_it_first(house: House) -> None:
    """It says who reported."""
    with house.program.transaction() as session:
        veerle = a_member_of_staff(house.database, session, first_name="Veerle")
    with house.program.transaction() as session:
        ria = act(session, house.ria)
        at = subjects.Contact(
            Subject.PERSON, person=session.get(Person, house.piet.person_id), municipality_id=HOME
        )
        new = NewReport.model_validate({"waarover": "other", "uitleg": "Hij komt steeds langs."})
        key = reports.report(session, ria, at, new)
    with house.program.transaction() as session:
        assert reports.open_report(session, act(session, veerle), key).seen_at is not None

    with house.program.transaction() as session:
        makelaar = act(session, house.makelaar)
        with pytest.raises(NotFound):
            reports.open_report(session, makelaar, key)
        assert reports.board(session, makelaar, HOME).open == []
        assert reports.waiting(session, makelaar, HOME) == (0, 0)
    assert house.notices(house.makelaar) == []
    assert house.notices(veerle) == ["safety-report"]


def test_a_safety_officer_opens_no_file_of_their_own_house(house: House) -> None:
    with house.program.transaction() as session:
        officer = a_member_of_staff(house.database, session, role=Role.SAFETY_OFFICER, first_name="Saskia")
        other = a_member_of_staff(house.database, session, role=Role.SAFETY_OFFICER, first_name="Sam")
    with house.program.transaction() as session:
        new = NewFile.model_validate({"aanleiding": "Zorgen om thuis"})
        key = files.start(session, act(session, other), house.piet.person_id, new).id
    rows_of(
        house.database,
        "UPDATE contact SET postcode = '5664 HJ', house_number = '7' WHERE person_id = :id RETURNING 1",
        id=officer.person_id,
    )

    with house.program.transaction() as session:
        saskia = act(session, officer)
        assert files.every(session, saskia, HOME) == []
        with pytest.raises(NotFound):
            files.open_file(
                session, saskia, key, Opening.model_validate({"reden": "Even kijken hoe het gaat"})
            )
