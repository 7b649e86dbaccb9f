"""Letters: gathered per person, printed by their desk with the address in the window, posted, and kept."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.clock import now
from app.db import Database as Program
from app.errors import Forbidden, NotFound
from app.ids import uuid7
from app.jobs import mails as jobs
from app.jobs.work import Work
from app.notifications import letters, service, wishes
from app.notifications.groups import Group, Way
from app.notifications.models import Carrier, Dispatch
from app.privacy import export
from tests.app.conftest import rows_of
from tests.app.factories import EINDHOVEN, GELDROP_MIERLO, a_member_of_staff, a_person, act, without_mail
from tests.app.notifications.conftest import mails
from tests.databases import Database

Travel = Callable[[timedelta], None]
ADDRESS = (
    "UPDATE contact SET street = 'Langstraat', house_number = '12', last_name = 'Smit', postcode = '5664 HJ'"
)


@pytest.fixture
def annie(program: Program, fresh_database: Database) -> Actor:
    """Somebody without e-mail, with an address."""
    with program.transaction() as session:
        person = a_person(session, first_name="Annie")
    rows_of(fresh_database, f"{ADDRESS} RETURNING 1")
    return without_mail(fresh_database, person)


@pytest.fixture
def marja(program: Program, fresh_database: Database) -> Actor:
    """The makelaar."""
    with program.transaction() as session:
        return a_member_of_staff(fresh_database, session)


def tell(program: Program, person: Actor, *kinds: str, in_days: int = 30) -> None:
    with program.transaction() as session:
        at = (now(session) + timedelta(days=in_days)).isoformat()
        for kind in kinds:
            service.tell(
                session, person.person_id, GELDROP_MIERLO, kind, uuid7(), title="De markt", starts_at=at
            )


def days(work: Work, travel: Travel, count: int) -> None:
    """Time goes by, and the clock of jobs with it."""
    for _ in range(4 * count):
        travel(timedelta(hours=6))
        jobs.gather_due(work)


def lying(program: Program, marja: Actor) -> list[letters.Lying]:
    with program.transaction() as session:
        return letters.queue(session, act(session, marja), GELDROP_MIERLO)


def test_a_week_of_notices_is_one_letter_that_the_desk_prints_posts_and_keeps(
    program: Program, work: Work, travel: Travel, annie: Actor, marja: Actor, fresh_database: Database
) -> None:
    tell(program, annie, "submitted", "released", "reminder")
    days(work, travel, 8)
    (letter,) = lying(program, marja)
    assert (letter.name, letter.addressed, len(letter.dispatch.notice_ids)) == ("Annie Smit", True, 2)
    tell(program, annie, "cancelled", in_days=20)
    days(work, travel, 4)
    (letter,) = lying(program, marja)
    assert len(letter.dispatch.notice_ids) == 3  # what came before it was printed went along

    with program.transaction() as session:
        act(session, marja)
        (paper,) = letters.print_(session, marja, GELDROP_MIERLO)
        assert (paper.street, paper.postcode, paper.place) == ("Langstraat 12", "5664 HJ", "Geldrop")
        assert ["“De markt”" in text.body for text in paper.texts] == [True] * 3
        assert letters.print_(session, marja, GELDROP_MIERLO) == []
        assert len(letters.print_(session, marja, GELDROP_MIERLO, letter.dispatch.id)) == 1
        assert [letters.post(session, marja, GELDROP_MIERLO, [letter.dispatch.id]) for _ in range(2)] == [
            1,
            0,
        ]
    assert lying(program, marja) == []
    with program.transaction() as session:
        (kept,) = letters.posted(session, act(session, marja), GELDROP_MIERLO)
        assert kept.dispatch.posted_by_id == marja.person_id
        (own,) = letters.mine(session, act(session, annie))
        assert own.reference == letter.dispatch.reference
    looked = rows_of(
        fresh_database,
        "SELECT DISTINCT act FROM audit_entry WHERE subject_id = :who AND actor_id = :by",
        who=annie.person_id, by=marja.person_id,
    )  # fmt: skip
    assert {"address", "person"} <= {row.act for row in looked}
    assert mails(work) == []


def test_what_is_soon_is_called_about_as_well(
    program: Program, work: Work, travel: Travel, annie: Actor, marja: Actor
) -> None:
    tell(program, annie, "cancelled", in_days=4)
    days(work, travel, 4)

    (letter,) = lying(program, marja)
    assert letter.dispatch.call_before is not None


def test_a_letter_without_an_address_is_shown_and_not_printed(
    program: Program, work: Work, travel: Travel, annie: Actor, marja: Actor, fresh_database: Database
) -> None:
    rows_of(fresh_database, "UPDATE contact SET street = '' RETURNING 1")
    tell(program, annie, "cancelled")
    days(work, travel, 4)

    (letter,) = lying(program, marja)
    assert not letter.addressed
    with program.transaction() as session:
        assert letters.print_(session, act(session, marja), GELDROP_MIERLO) == []


def test_somebody_with_mail_may_choose_letters(
    program: Program, work: Work, travel: Travel, marja: Actor, fresh_database: Database
) -> None:
    with program.transaction() as session:
        ria = a_person(session)
        wishes.choose(session, ria, {Group.AGREED: Way.LETTER})
    tell(program, ria, "agreed")
    days(work, travel, 4)

    assert len(lying(program, marja)) == 1
    assert mails(work) == []


def test_letters_are_for_the_desk_of_the_municipality_and_for_nobody_else(
    program: Program, work: Work, travel: Travel, annie: Actor, fresh_database: Database
) -> None:
    tell(program, annie, "cancelled")
    days(work, travel, 4)
    (key,) = (row.id for row in rows_of(fresh_database, "SELECT id FROM dispatch"))
    with program.transaction() as session:
        others = [
            a_member_of_staff(fresh_database, session, municipality_id=EINDHOVEN, first_name="Els"),
            a_member_of_staff(fresh_database, session, role=Role.TREASURER, first_name="Hans"),
            a_person(session, first_name="Piet"),
        ]

    for other in others:
        with program.transaction() as session:
            acts = act(session, other)
            for what in (letters.queue, letters.posted, letters.print_):
                with pytest.raises((NotFound, Forbidden)):
                    what(session, acts, GELDROP_MIERLO)
            with pytest.raises((NotFound, Forbidden)):
                letters.post(session, acts, GELDROP_MIERLO, [key])
    for stranger in (others[0], others[2]):
        with program.transaction() as session:
            act(session, stranger)
            assert session.scalars(select(Dispatch)).all() == []
    with program.transaction() as session:
        assert [row.id for row in session.scalars(select(Dispatch))] == []


def test_a_copy_of_ones_data_holds_wishes_and_what_was_sent(program: Program, work: Work) -> None:
    with program.transaction() as session:
        ria = a_person(session)
        wishes.choose(session, ria, {Group.TIPS: Way.SITE})
    tell(program, ria, "cancelled")
    jobs.gather(work, str(ria.person_id))

    with program.transaction() as session:
        held = export.collect(session, act(session, ria), "K-1").as_json()
    assert "notice_wish" in held
    assert "dispatch" in held


def test_a_desk_makes_no_letter_in_which_it_could_read_what_another_told_somebody(
    program: Program, annie: Actor, fresh_database: Database
) -> None:
    tell(program, annie, "submitted")
    with program.transaction() as session:
        elsewhere = a_member_of_staff(fresh_database, session, municipality_id=EINDHOVEN)
    ((notice_id,),) = rows_of(fresh_database, "SELECT id FROM notice")

    def makes() -> None:
        with program.transaction() as session:
            act(session, elsewhere)
            session.add(_a_letter(annie.person_id, EINDHOVEN, notice_id))

    with pytest.raises(DBAPIError, match="by_worker"):
        makes()


def test_a_desk_puts_nothing_into_a_letter_that_is_there(
    program: Program, annie: Actor, fresh_database: Database
) -> None:
    tell(program, annie, "submitted")
    tell(program, annie, "thanked")
    first, second = rows_of(fresh_database, "SELECT id FROM notice")
    with program.transaction() as session:
        elsewhere = a_member_of_staff(fresh_database, session, municipality_id=EINDHOVEN)
    with fresh_database.owner.begin() as owner:
        session = Session(owner)
        session.add(_a_letter(annie.person_id, EINDHOVEN, first[0]))
        session.flush()

    def adds() -> None:
        with program.transaction() as session:
            act(session, elsewhere)
            session.execute(update(Dispatch).values(notice_ids=[first[0], second[0]]))

    with pytest.raises(DBAPIError, match="only the worker"):
        adds()


def test_a_desk_takes_no_letter_away(
    program: Program, annie: Actor, marja: Actor, fresh_database: Database
) -> None:
    with fresh_database.owner.begin() as owner, Session(owner) as session:
        session.add(_a_letter(annie.person_id, GELDROP_MIERLO, uuid7()))
        session.flush()

    with program.transaction() as session:
        act(session, marja)
        session.execute(delete(Dispatch))

    assert rows_of(fresh_database, "SELECT count(*) FROM dispatch") == [(1,)]


def _a_letter(person_id: UUID, municipality_id: int, notice_id: UUID) -> Dispatch:
    return Dispatch(
        id=uuid7(), person_id=person_id, municipality_id=municipality_id, carrier=Carrier.LETTER,
        notice_ids=[notice_id], reference="B-AAAA-AAAA",
    )  # fmt: skip
