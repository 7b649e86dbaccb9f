"""Who sets a booking right: a makelaar, but never one who asked or helped."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from app.access.actor import Actor
from app.agreements import occur
from app.db import Database as Program
from app.errors import Forbidden
from app.ids import uuid7
from app.moderation import bookings, cases
from app.roosjes import service as roosjes
from rewards import Reason
from tests.app.conftest import rows_of
from tests.app.factories import GELDROP_MIERLO, a_helper, a_member_of_staff, a_person, act, an_agreement
from tests.databases import Database

GRANT = (
    "INSERT INTO role_grant (id, person_id, role, municipality_id)"
    " VALUES (:id, :person_id, 'broker', :municipality_id) RETURNING id"
)


class Done:
    """One time of help that both confirmed and that was booked."""

    def __init__(self, program: Program, travel: Callable[[timedelta], None]) -> None:
        with program.transaction() as session:
            self.asker = a_person(session)
            self.helper = a_helper(session)[0]
            agreement = an_agreement(session, self.asker, self.helper)
            self.case_id: UUID = agreement.help_request_id
            self.occurrence_id = occur.get(session, self.asker, agreement.id).occurrences[0].id
        travel(timedelta(days=4))
        for who in (self.helper, self.asker):
            with program.transaction() as session:
                occur.happened(session, act(session, who), self.occurrence_id)

    def correct(self, program: Program, by: Actor) -> None:
        with program.transaction() as session:
            bookings.correct(
                session, act(session, by), self.case_id, self.occurrence_id, Reason.NOT_DELIVERED
            )

    def offered_to(self, program: Program, actor: Actor) -> bool:
        """Whether the case shows this makelaar the button."""
        with program.transaction() as session:
            case = cases.open_case(session, act(session, actor), self.case_id)
            return self.occurrence_id in bookings.correctable(session, act(session, actor), case)

    def balance(self, program: Program) -> int:
        with program.transaction() as session:
            return roosjes.statement(session, act(session, self.asker)).balance.posted


@pytest.mark.parametrize("side", ["asker", "helper"])
def test_a_makelaar_corrects_no_booking_of_their_own_help(
    program: Program, fresh_database: Database, travel: Callable[[timedelta], None], side: str
) -> None:
    done = Done(program, travel)
    party: Actor = getattr(done, side)
    rows_of(fresh_database, GRANT, id=uuid7(), person_id=party.person_id, municipality_id=GELDROP_MIERLO)

    with pytest.raises(Forbidden):
        done.correct(program, party)

    assert done.balance(program) == -60
    assert not done.offered_to(program, party)


def test_a_makelaar_who_had_no_part_in_it_takes_the_booking_back(
    program: Program, fresh_database: Database, travel: Callable[[timedelta], None]
) -> None:
    done = Done(program, travel)
    with program.transaction() as session:
        broker = a_member_of_staff(fresh_database, session)

    assert done.offered_to(program, broker)
    done.correct(program, broker)

    assert done.balance(program) == 0


def test_the_ledger_face_itself_refuses_a_party(
    program: Program, fresh_database: Database, travel: Callable[[timedelta], None]
) -> None:
    done = Done(program, travel)
    rows_of(
        fresh_database, GRANT, id=uuid7(), person_id=done.helper.person_id, municipality_id=GELDROP_MIERLO
    )

    with program.transaction() as session:
        helper = act(session, done.helper)
        occurrence = bookings.occurrence_of(session, helper, done.case_id, done.occurrence_id)
        transfer = bookings.booked(session, occurrence)
        assert transfer is not None
        with pytest.raises(Forbidden):
            roosjes.correct(session, helper, occurrence, transfer, Reason.NOT_DELIVERED)
