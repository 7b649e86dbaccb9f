"""Another moment: either proposes, the other answers, and until then all stays as it was, the hold too."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from app.access.actor import Actor
from app.agreements import occur, times
from app.agreements.agree import HelperBusy
from app.agreements.calendar import moment
from app.agreements.models import Occurrence, TimeProposal, TimeStatus
from app.agreements.occur import AlreadyBegun
from app.agreements.schemas import NewTime
from app.clock import today
from app.db import Database as Program
from app.errors import Forbidden, Invalid
from app.notifications.models import Notice
from app.roosjes import service as roosjes
from tests.app.factories import a_helper, a_member_of_staff, a_person, act, an_agreement
from tests.databases import Database

Travel = Callable[[timedelta], None]


class Pair:
    """Two who agreed on a time, each step in a transaction of its own."""

    def __init__(self, program: Program) -> None:
        self.program = program
        with program.transaction() as session:
            self.asker: Actor = a_person(session)
            self.helper: Actor = a_helper(session, minutenPerWeek=2400)[0]
            agreement = an_agreement(session, self.asker, self.helper)
            self.agreement_id = agreement.id
            self.time_id: UUID = occur.get(session, self.asker, agreement.id).occurrences[0].id
            self.day: date = today(session)
        self.began = self.at()

    def wanted(self, days: int, at: str = "14:00") -> NewTime:
        return NewTime.model_validate({"datum": (self.day + timedelta(days=days)).isoformat(), "tijd": at})

    def proposes(self, who: Actor, days: int, at: str = "14:00") -> UUID | None:
        with self.program.transaction() as session:
            row = times.propose(session, act(session, who), self.time_id, self.wanted(days, at))
            return row.id if row else None

    def says(self, who: Actor, answer: Callable[..., Occurrence], id: UUID | None) -> None:
        with self.program.transaction() as session:
            answer(session, act(session, who), self.time_id, id)

    def at(self) -> datetime:
        with self.program.transaction() as session:
            act(session, self.asker)
            return session.get_one(Occurrence, self.time_id).starts_at

    def course(self) -> list[TimeStatus]:
        with self.program.transaction() as session:
            act(session, self.asker)
            rows = select(TimeProposal.status).order_by(TimeProposal.created_at, TimeProposal.id)
            return list(session.scalars(rows))

    def held(self) -> int:
        with self.program.transaction() as session:
            return roosjes.statement(session, act(session, self.asker)).balance.held_out

    def told(self, who: Actor, kind: str) -> int:
        with self.program.transaction() as session:
            act(session, who)
            own = select(Notice).where(Notice.kind == kind, Notice.person_id == who.person_id)
            return len(session.scalars(own).all())


@pytest.fixture
def pair(program: Program) -> Pair:
    return Pair(program)


@pytest.mark.parametrize("by_helper", [True, False])
def test_until_the_other_says_yes_it_stays_as_it_was(pair: Pair, by_helper: bool) -> None:
    one, other = (pair.helper, pair.asker) if by_helper else (pair.asker, pair.helper)

    key = pair.proposes(one, 5)
    assert pair.at() == pair.began
    assert pair.told(other, "time-proposed") == 1

    pair.says(other, times.accept, key)

    assert pair.at() == moment(pair.day + timedelta(days=5), pair.wanted(5).at_time)
    assert pair.held() == 60
    assert pair.told(one, "moved") == 1
    assert pair.course() == [TimeStatus.AGREED]


def test_nobody_says_yes_to_their_own_proposal(pair: Pair) -> None:
    key = pair.proposes(pair.asker, 5)

    with pytest.raises(times.Changed):
        pair.says(pair.asker, times.accept, key)
    assert pair.at() == pair.began


def test_a_no_leaves_it_and_tells_who_asked(pair: Pair) -> None:
    key = pair.proposes(pair.asker, 5)

    pair.says(pair.helper, times.decline, key)

    assert pair.at() == pair.began
    assert pair.told(pair.asker, "time-declined") == 1
    assert pair.course() == [TimeStatus.DECLINED]


def test_proposing_another_answers_what_was_proposed(pair: Pair) -> None:
    first = pair.proposes(pair.asker, 5)
    second = pair.proposes(pair.helper, 6)

    with pytest.raises(times.Changed):
        pair.says(pair.helper, times.accept, first)
    pair.says(pair.asker, times.accept, second)

    assert pair.course() == [TimeStatus.COUNTERED, TimeStatus.AGREED]
    assert pair.held() == 60


def test_proposing_the_same_back_is_a_yes(pair: Pair) -> None:
    pair.proposes(pair.asker, 5)
    pair.proposes(pair.helper, 5)

    assert pair.course() == [TimeStatus.AGREED]
    assert pair.at() != pair.began


def test_pressed_twice_it_is_proposed_once(pair: Pair) -> None:
    assert pair.proposes(pair.asker, 5) == pair.proposes(pair.asker, 5)
    assert pair.told(pair.helper, "time-proposed") == 1


def test_something_else_takes_back_what_one_proposed_before(pair: Pair) -> None:
    pair.proposes(pair.asker, 5)
    key = pair.proposes(pair.asker, 6)

    pair.says(pair.asker, times.withdraw, key)

    assert pair.course() == [TimeStatus.WITHDRAWN, TimeStatus.WITHDRAWN]


def test_where_it_stands_already_nothing_is_proposed(pair: Pair) -> None:
    assert pair.proposes(pair.asker, 3, "10:00") is None
    assert pair.course() == []


def test_a_cancelled_time_leaves_nothing_to_answer(pair: Pair) -> None:
    pair.proposes(pair.asker, 5)
    with pair.program.transaction() as session:
        occur.cancel(session, act(session, pair.helper), pair.time_id)

    assert pair.course() == [TimeStatus.LAPSED]


def test_past_moments_and_begun_times_are_refused(pair: Pair, travel: Travel) -> None:
    with pytest.raises(Invalid):
        pair.proposes(pair.asker, -1)
    key = pair.proposes(pair.asker, 5)

    travel(timedelta(days=4))

    with pytest.raises(AlreadyBegun):
        pair.says(pair.helper, times.accept, key)


def test_a_helper_who_is_busy_then_says_so_and_nothing_moves(pair: Pair) -> None:
    with pair.program.transaction() as session:
        other = a_person(session, first_name="Bo")
        an_agreement(session, other, pair.helper, days=5)
    key = pair.proposes(pair.asker, 5, "10:00")

    with pytest.raises(HelperBusy):
        pair.says(pair.helper, times.accept, key)

    assert pair.at() == pair.began
    assert pair.course() == [TimeStatus.PROPOSED]


def test_a_makelaar_moves_at_once_and_what_waited_lapses(pair: Pair, fresh_database: Database) -> None:
    pair.proposes(pair.asker, 5)
    with pair.program.transaction() as session:
        makelaar = a_member_of_staff(fresh_database, session)
        with pytest.raises(Forbidden):
            times.propose(session, act(session, makelaar), pair.time_id, pair.wanted(6))
        occur.move(session, act(session, makelaar), pair.time_id, pair.wanted(7))

    assert pair.course() == [TimeStatus.LAPSED]
