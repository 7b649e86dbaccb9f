"""Suspension: at once out of matching, what was open handled in neutral words, and an appeal that another decides."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.activities import changing, joining, judging, service as activities
from app.activities.models import Activity
from app.activities.schemas import MoveTime
from app.agreements import agree
from app.clock import today
from app.db import Database as Program
from app.errors import Forbidden, Invalid, NotAllowed, NotFound
from app.help_offers import service as help_offers
from app.matches import volunteer
from app.matches.meeting import Suspended
from app.matches.propose import DoesNotFit
from app.safety import suspensions
from app.safety.models import Suspension, SuspensionAppeal
from app.safety.schemas import AppealDecision, Lifting, NewAppeal, NewSuspension
from app.safety.words import SuspensionStatus
from tests.app.activities.making import a_new_activity, changed, joining as to_join, times
from tests.app.conftest import rows_of
from tests.app.factories import EINDHOVEN, a_member_of_staff, a_request, act, an_appointment
from tests.app.safety.meeting import Met, as_worker
from tests.databases import Database


class Desk(Met):
    """Two people who met, a makelaar and a colleague."""

    def __init__(self, program: Program, database: Database) -> None:
        super().__init__(program)
        with program.transaction() as session:
            self.marja = a_member_of_staff(database, session)
            self.karin = a_member_of_staff(database, session, first_name="Karin")
            self.far = a_member_of_staff(database, session, first_name="Ed", municipality_id=EINDHOVEN)

    def suspend(
        self, who: Actor, *, by: Actor | None = None, handle: bool = True, **typed: Any
    ) -> Suspension:
        """A makelaar suspends one of the two; the job runs after it."""
        with self.program.transaction() as session:
            actor = act(session, by or self.marja)
            row = suspensions.suspend(session, actor, who.person_id, wanted(session, **typed))
        if handle:
            with self.program.transaction() as session:
                suspensions.handle_open(session, as_worker(session), row.id)
        return row


def wanted(session: Session, **typed: Any) -> NewSuspension:
    """What the form would hold."""
    day = today(session) + timedelta(days=30)
    return NewSuspension.model_validate(
        {
            "waarom": "looking",
            "uitleg": "Wij zoeken iets uit.",
            "afspraken": "stop",
            "kijkWeerOp": day.isoformat(),
        }
        | typed
    )


@pytest.fixture
def desk(program: Program, fresh_database: Database) -> Desk:
    return Desk(program, fresh_database)


LIFT = Lifting.model_validate({"uitleg": "Het is uitgezocht."})


@pytest.mark.parametrize("who", ["asker", "helper"])
def test_who_is_suspended_is_not_matched_in_the_next_query_and_again_when_it_is_lifted(
    desk: Desk, who: str
) -> None:
    assert desk.found()
    row = desk.suspend(getattr(desk, who), handle=False)
    assert not desk.found()

    with desk.program.transaction() as session:
        suspensions.lift(session, act(session, desk.karin), row.id, LIFT)

    assert desk.found()


def test_what_was_open_ends_pauses_or_stops_with_its_hold(desk: Desk, fresh_database: Database) -> None:
    with desk.program.transaction() as session:
        agree.agree(session, act(session, desk.asker), desk.proposal_key, an_appointment(session))

    desk.suspend(desk.helper)

    assert rows_of(fresh_database, "SELECT status FROM agreement")[0][0] == "cancelled"
    assert rows_of(fresh_database, "SELECT count(*) FROM ledger.open_hold")[0][0] == 0
    assert rows_of(fresh_database, "SELECT status FROM help_offer")[0][0] == "paused"
    assert rows_of(fresh_database, "SELECT status, helpers_found FROM help_request")[0] == ("open", 0)
    told = rows_of(fresh_database, "SELECT kind FROM notice WHERE person_id = :id", id=desk.asker.person_id)
    assert "ended" in {row[0] for row in told}
    assert not {row[0] for row in told} & {"suspended"}


def test_the_desk_may_leave_agreements_as_they_are(desk: Desk, fresh_database: Database) -> None:
    with desk.program.transaction() as session:
        agree.agree(session, act(session, desk.asker), desk.proposal_key, an_appointment(session))

    desk.suspend(desk.helper, afspraken="call")

    assert rows_of(fresh_database, "SELECT status FROM agreement")[0][0] == "active"
    assert rows_of(fresh_database, "SELECT count(*) FROM ledger.open_hold")[0][0] == 1


def test_an_asker_who_is_suspended_has_their_request_paused_and_the_helper_reads_a_neutral_word(
    desk: Desk, fresh_database: Database
) -> None:
    desk.suspend(desk.asker)

    assert rows_of(fresh_database, "SELECT status, is_public FROM help_request")[0] == ("paused", False)
    assert desk.status() == "withdrawn"
    told = rows_of(fresh_database, "SELECT kind FROM notice WHERE person_id = :id", id=desk.helper.person_id)
    assert "not-this-time" in {row[0] for row in told}


def test_a_running_session_can_no_longer_ask_offer_or_help(desk: Desk) -> None:
    desk.suspend(desk.asker)
    with desk.program.transaction() as session, pytest.raises(Suspended):
        a_request(session, act(session, desk.asker))
    with desk.program.transaction() as session:
        key = desk.request_id
        desk_offer = desk.offer_id
    desk.suspend(desk.helper)
    with desk.program.transaction() as session, pytest.raises(Suspended):
        help_offers.resume(session, act(session, desk.helper), desk_offer)
    with desk.program.transaction() as session, pytest.raises(Suspended):
        volunteer.come_forward(session, act(session, desk.helper), key)


def at_home(desk: Desk) -> Activity:
    """What the helper hosts at home, looked at by the desk; the asker has a place."""
    with desk.program.transaction() as session:
        wanted = a_new_activity(session, thuis=True, adres="Molenstraat 5")
        made = activities.make(session, act(session, desk.helper), wanted)
    with desk.program.transaction() as session:
        judging.approve(session, act(session, desk.marja), made.id)
    with desk.program.transaction() as session:
        joining.join(session, act(session, desk.asker), made.id, to_join())
    return made


def test_what_somebody_hosts_stops_when_they_are_suspended_and_who_would_come_reads_neutral_words(
    desk: Desk, fresh_database: Database
) -> None:
    made = at_home(desk)

    desk.suspend(desk.helper)

    assert rows_of(fresh_database, "SELECT status, is_public FROM activity") == [("stopped", False)]
    assert rows_of(fresh_database, "SELECT reason FROM activity_date") == [(suspensions.OFF,)]
    assert rows_of(fresh_database, "SELECT FROM activity_home") == []
    stopped = "SELECT person_id FROM notice WHERE kind = 'activity-stopped' AND subject_id = :id"
    assert rows_of(fresh_database, stopped, id=made.id) == [(desk.asker.person_id,)]


def test_who_is_suspended_changes_nothing_of_what_they_host(desk: Desk) -> None:
    made = at_home(desk)
    desk.suspend(desk.helper, handle=False)

    with desk.program.transaction() as session:
        helper = act(session, desk.helper)
        typed = changed(activities.get(session, helper, made.id), titel="Kom bij mij", thuis=True)
        with pytest.raises(Suspended):
            changing.change(session, helper, made.id, typed)


def test_who_is_suspended_moves_nothing_of_what_they_host(desk: Desk) -> None:
    made = at_home(desk)
    desk.suspend(desk.helper, handle=False)

    with desk.program.transaction() as session:
        helper = act(session, desk.helper)
        (date,) = times(session, helper, made)
        day = today(session) + timedelta(days=5)
        to = MoveTime.model_validate({"keer": date.id, "datum": day.isoformat(), "tijd": "19:00"})
        with pytest.raises(Suspended):
            changing.move(session, helper, made.id, to)


def test_nobody_agrees_with_who_was_suspended_a_moment_ago(desk: Desk) -> None:
    desk.suspend(desk.helper, handle=False)

    with desk.program.transaction() as session, pytest.raises(DoesNotFit):
        agree.agree(session, act(session, desk.asker), desk.proposal_key, an_appointment(session))


def test_the_person_reads_the_words_and_others_nothing(desk: Desk) -> None:
    desk.suspend(desk.helper)

    with desk.program.transaction() as session:
        mine = suspensions.mine(session, act(session, desk.helper))
        assert mine is not None
        assert mine.told == "Wij zoeken iets uit."
    for other in (desk.asker, desk.far):
        with desk.program.transaction() as session:
            act(session, other)
            assert session.scalars(select(Suspension)).all() == []  # unscoped: what row-level security leaves


def test_another_municipality_suspends_nobody_here(desk: Desk) -> None:
    with desk.program.transaction() as session, pytest.raises(NotFound):
        suspensions.suspend(session, act(session, desk.far), desk.helper.person_id, wanted(session))
    with desk.program.transaction() as session, pytest.raises((Forbidden, NotFound)):
        suspensions.suspend(session, act(session, desk.asker), desk.helper.person_id, wanted(session))


def test_twice_is_once_and_a_review_is_within_half_a_year(desk: Desk) -> None:
    desk.suspend(desk.helper)
    with desk.program.transaction() as session, pytest.raises(suspensions.SuspendedBefore):
        suspensions.suspend(session, act(session, desk.karin), desk.helper.person_id, wanted(session))
    with desk.program.transaction() as session:
        late = wanted(session, kijkWeerOp=(today(session) + timedelta(days=400)).isoformat())
        marja = act(session, desk.marja)
        with pytest.raises(Invalid):
            suspensions.suspend(session, marja, desk.asker.person_id, late)


def appealed(desk: Desk) -> SuspensionAppeal:
    desk.suspend(desk.helper)
    with desk.program.transaction() as session:
        helper = act(session, desk.helper)
        return suspensions.appeal(session, helper, NewAppeal.model_validate({"uitleg": "Dit klopt niet."}))


def decision(granted: bool) -> AppealDecision:
    return AppealDecision.model_validate({"gelijk": granted, "antwoord": "Wij keken opnieuw."})


def test_who_suspended_somebody_does_not_decide_on_the_appeal(desk: Desk) -> None:
    asked = appealed(desk)

    with desk.program.transaction() as session, pytest.raises(suspensions.OwnDecision):
        suspensions.decide(session, act(session, desk.marja), asked.id, decision(True))


@pytest.mark.parametrize(
    ("granted", "left"), [(True, SuspensionStatus.LIFTED), (False, SuspensionStatus.ACTIVE)]
)
def test_a_colleague_decides_and_the_person_reads_the_answer(
    desk: Desk, fresh_database: Database, granted: bool, left: SuspensionStatus
) -> None:
    asked = appealed(desk)

    with desk.program.transaction() as session:
        karin = act(session, desk.karin)
        assert [one.id for one in suspensions.appeals(session, karin, 1771)] == [asked.id]
        suspensions.decide(session, karin, asked.id, decision(granted))
        assert suspensions.appeals(session, karin, 1771) == []

    assert rows_of(fresh_database, "SELECT status FROM suspension")[0][0] == left
    told = rows_of(fresh_database, "SELECT kind FROM notice WHERE person_id = :id", id=desk.helper.person_id)
    assert ("suspension-lifted" if granted else "appeal-answered") in {row[0] for row in told}


def test_one_appeal_at_a_time_and_only_against_ones_own_suspension(desk: Desk) -> None:
    appealed(desk)
    again = NewAppeal.model_validate({"uitleg": "Nog eens."})
    with desk.program.transaction() as session, pytest.raises(suspensions.AppealedBefore):
        suspensions.appeal(session, act(session, desk.helper), again)
    with desk.program.transaction() as session, pytest.raises(NotFound):
        suspensions.appeal(session, act(session, desk.asker), again)


def test_lifted_is_lifted_once(desk: Desk) -> None:
    row = desk.suspend(desk.helper)
    with desk.program.transaction() as session:
        suspensions.lift(session, act(session, desk.marja), row.id, LIFT)
    with desk.program.transaction() as session, pytest.raises(NotAllowed):
        suspensions.lift(session, act(session, desk.karin), row.id, LIFT)


def test_no_machine_lifts_or_suspends_the_desk_is_told_when_the_day_has_come(
    desk: Desk, fresh_database: Database, travel: Callable[[timedelta], None]
) -> None:
    desk.suspend(desk.helper)
    travel(timedelta(days=31))

    for _ in range(2):
        with desk.program.transaction() as session:
            as_worker(session)
            assert suspensions.due(session) == 1

    assert rows_of(fresh_database, "SELECT status FROM suspension")[0][0] == "active"
    told = rows_of(fresh_database, "SELECT person_id FROM notice WHERE kind = 'suspension-review'")
    assert {row[0] for row in told} == {desk.marja.person_id, desk.karin.person_id}
