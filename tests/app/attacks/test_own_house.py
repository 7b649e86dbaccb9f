"""The bent makelaar: what the desk may book, and not for who lives at the same address."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import pytest
from pydantic import ValidationError

from app.access import letters
from app.access.actor import Actor
from app.access.roles import Role
from app.audit import service as audit
from app.audit.opening import Opening as Look, open_
from app.audit.write import Act, note
from app.checks import service as checks
from app.checks.schemas import NewCheck
from app.cheques import roosjes as papers
from app.clock import today
from app.db import Database as Program
from app.errors import Forbidden, Invalid, NotFound
from app.people.models import Person
from app.pots import correcting, groups
from app.pots.errors import OwnInterest
from app.pots.schemas import Group
from app.representations import service as representations
from app.representations.models import ConsentWay
from app.representations.schemas import ForAnother, HeardQuestion
from app.roosjes import giving, questions
from app.roosjes.giving import Gift
from app.safety import files, reports, subjects, suspensions, watch
from app.safety.schemas import (
    Assignment,
    Handling,
    Lifting,
    NewAppeal,
    NewFile,
    NewReport,
    NewSuspension,
    Opening,
)
from app.safety.words import Subject
from rewards import Reason
from tests.app.conftest import rows_of
from tests.app.factories import (
    a_helper,
    a_member_of_staff,
    a_person,
    a_representation,
    a_request,
    a_willing_helper,
    act,
    an_agreement,
    an_offer,
)
from tests.app.roosjes.moving import balances
from tests.app.safety.meeting import as_worker
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

    def moves_in_with_piet(self, who: Actor) -> None:
        rows_of(
            self.database,
            "UPDATE contact SET postcode = '5664 HJ', house_number = '7' WHERE person_id = :id RETURNING 1",
            id=who.person_id,
        )

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
    house.moves_in_with_piet(officer)

    with house.program.transaction() as session:
        saskia = act(session, officer)
        assert files.every(session, saskia, HOME) == []
        with pytest.raises(NotFound):
            files.open_file(
                session, saskia, key, Opening.model_validate({"reden": "Even kijken hoe het gaat"})
            )


def test_a_safety_officer_is_not_warned_of_a_file_of_their_own_house(
    house: House, travel: Callable[[timedelta], None]
) -> None:
    with house.program.transaction() as session:
        officer = a_member_of_staff(house.database, session, role=Role.SAFETY_OFFICER, first_name="Saskia")
        other = a_member_of_staff(house.database, session, role=Role.SAFETY_OFFICER, first_name="Sam")
    with house.program.transaction() as session:
        new = NewFile.model_validate({"aanleiding": "Zorgen om thuis"})
        files.start(session, act(session, other), house.piet.person_id, new)
    house.moves_in_with_piet(officer)
    travel(files.HELD - timedelta(days=7))

    with house.program.transaction() as session:
        as_worker(session)
        assert files.warn(session) == 1

    assert house.notices(officer) == []
    assert house.notices(other) == ["safety-disclosing"]


@pytest.mark.parametrize("lives_there", [True, False])
def test_a_privacy_officer_reads_of_their_own_house_what_the_house_may_read(
    house: House, lives_there: bool
) -> None:
    """The opening of a file whose day has not come would warn whom it is about."""
    with house.program.transaction() as session:
        saskia = a_member_of_staff(house.database, session, role=Role.SAFETY_OFFICER, first_name="Saskia")
        paula = a_member_of_staff(house.database, session, role=Role.PRIVACY_OFFICER, first_name="Paula")
    if lives_there:
        house.moves_in_with_piet(paula)
    with house.program.transaction() as session:
        officer = act(session, saskia)
        key = files.start(
            session, officer, house.piet.person_id, NewFile.model_validate({"aanleiding": "Zorgen om thuis"})
        ).id
        files.open_file(session, officer, key, Opening.model_validate({"reden": "Overleg met de wijkagent"}))
        note(
            session, officer, Act.PERSON, subject=house.piet.person_id, municipality_id=HOME, entity="person"
        )
        note(session, officer, Act.PERSON, subject=house.ria.person_id, municipality_id=HOME, entity="person")

    with house.program.transaction() as session:
        found = audit.search(session, act(session, paula), audit.Search())

    read = {(look.act, look.of) for look in found if look.by == "Saskia"}
    about_piet = set() if lives_there else {(Act.SAFETY_FILE, "Piet"), (Act.PERSON, "Piet")}
    assert read == about_piet | {(Act.PERSON, "Ria")}


def test_a_privacy_officer_does_not_read_that_their_own_file_was_opened(house: House) -> None:
    with house.program.transaction() as session:
        saskia = a_member_of_staff(house.database, session, role=Role.SAFETY_OFFICER, first_name="Saskia")
        paula = a_person(session, first_name="Paula", postcode="5666 AB")
    rows_of(
        house.database,
        "INSERT INTO role_grant (id, person_id, role, municipality_id)"
        " VALUES (gen_random_uuid(), :id, 'privacy_officer', 1771) RETURNING 1",
        id=paula.person_id,
    )
    with house.program.transaction() as session:
        officer = act(session, saskia)
        new = NewFile.model_validate({"aanleiding": "Zorgen om thuis"})
        key = files.start(session, officer, paula.person_id, new).id
        files.open_file(session, officer, key, Opening.model_validate({"reden": "Overleg met de wijkagent"}))

    with house.program.transaction() as session:
        officer = act(session, paula)
        assert [look.act for look in audit.search(session, officer, audit.Search())] == [Act.AUDIT]
        assert audit.mine(session, officer) == []


def test_a_signal_about_somebody_does_not_reach_their_own_house(house: House) -> None:
    with house.program.transaction() as session:
        veerle = a_member_of_staff(house.database, session, first_name="Veerle")
        act(session, house.piet)
        a_request(session, house.piet, toelichting="Bel mij op 06 12345678")
    with house.program.transaction() as session:
        as_worker(session)
        assert watch.look(session) == 1

    with house.program.transaction() as session:
        [signal] = watch.waiting(session, act(session, veerle), HOME)
    with house.program.transaction() as session:
        makelaar = act(session, house.makelaar)
        assert watch.waiting(session, makelaar, HOME) == []
        with pytest.raises(NotFound):
            watch.seen(session, makelaar, signal.id, watch.Remark())
    assert house.notices(veerle) == ["safety-signal"]
    assert "safety-signal" not in house.notices(house.makelaar)


def test_a_suspension_of_somebody_does_not_reach_their_own_house(
    house: House, travel: Callable[[timedelta], None]
) -> None:
    with house.program.transaction() as session:
        veerle = a_member_of_staff(house.database, session, first_name="Veerle")
        saar = a_member_of_staff(house.database, session, first_name="Saar")
    with house.program.transaction() as session:
        wanted = {
            "waarom": "looking", "uitleg": "Wij zoeken iets uit.", "afspraken": "keep",
            "kijkWeerOp": (today(session) + timedelta(days=10)).isoformat(),
        }  # fmt: skip
        key = suspensions.suspend(
            session, act(session, veerle), house.piet.person_id, NewSuspension.model_validate(wanted)
        ).id
    with house.program.transaction() as session:
        piet = act(session, house.piet)
        suspensions.appeal(session, piet, NewAppeal.model_validate({"uitleg": "Dat klopt niet."}))
    travel(timedelta(days=11))
    with house.program.transaction() as session:
        as_worker(session)
        assert suspensions.due(session) == 1

    with house.program.transaction() as session:
        desk = act(session, saar)
        assert [row.id for row in suspensions.standing(session, desk, HOME)] == [key]
        assert len(suspensions.appeals(session, desk, HOME)) == 1
    with house.program.transaction() as session:
        makelaar = act(session, house.makelaar)
        assert suspensions.standing(session, makelaar, HOME) == []
        assert suspensions.standing_of(session, makelaar, house.piet.person_id) is None
        assert suspensions.appeals(session, makelaar, HOME) == []
        with pytest.raises(NotFound):
            suspensions.lift(session, makelaar, key, Lifting.model_validate({"uitleg": "Het mag weer."}))
    assert house.notices(saar) == ["suspension-appealed", "suspension-review"]
    assert not {"suspension-appealed", "suspension-review"} & set(house.notices(house.makelaar))


def test_a_makelaar_does_not_handle_what_their_own_house_reported(house: House) -> None:
    """They would answer themselves, and close it."""
    with house.program.transaction() as session:
        veerle = a_member_of_staff(house.database, session, first_name="Veerle")
        piet = act(session, house.piet)
        at = subjects.Contact(
            Subject.PERSON, person=session.get(Person, house.ria.person_id), municipality_id=HOME
        )
        new = NewReport.model_validate({"waarover": "other", "uitleg": "Zij vraagt om geld."})
        key = reports.report(session, piet, at, new)
    done = {"uitkomst": "nothing", "antwoord": "Wij zien niets.", "versie": 1}
    with house.program.transaction() as session, pytest.raises(OwnInterest):
        reports.handle(session, act(session, house.makelaar), key, Handling.model_validate(done))
    with house.program.transaction() as session, pytest.raises(OwnInterest):
        reports.assign(session, act(session, house.makelaar), key, Assignment())

    with house.program.transaction() as session:
        desk = act(session, veerle)
        row = reports.open_report(session, desk, key)
        assert [who.first_name for who in reports.colleagues(session, row)] == ["Veerle"]
        with pytest.raises(Invalid):
            reports.assign(session, desk, key, Assignment.model_validate({"aan": house.makelaar.person_id}))


@pytest.mark.parametrize("what", ["adres", "berichten"])
def test_a_makelaar_opens_nothing_of_a_case_of_their_own_house(house: House, what: str) -> None:
    with house.program.transaction() as session:
        act(session, house.piet)
        key = a_request(session, house.piet).id
    look = Look.model_validate({"wat": what, "reden": "Even nakijken voor thuis"})
    with house.program.transaction() as session, pytest.raises(OwnInterest):
        open_(session, act(session, house.makelaar), key, look)


def test_a_makelaar_opens_no_messages_that_their_own_house_wrote(house: House) -> None:
    with house.program.transaction() as session:
        an_offer(session, act(session, house.piet))
        case = a_request(session, act(session, house.ria))
        a_willing_helper(session, house.ria, house.piet, case)
    look = Look.model_validate({"wat": "berichten", "reden": "Even nakijken voor thuis"})
    with house.program.transaction() as session, pytest.raises(OwnInterest):
        open_(session, act(session, house.makelaar), case.id, look)
