"""Who became unavailable one moment ago is not confirmed: real transactions, at one moment, in every order."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.agreements import agree
from app.db import Database
from app.errors import DomainError
from app.help_offers import service as help_offers
from app.matches import answer, propose
from app.matches.propose import DoesNotFit
from app.people import service as people
from tests.app.conftest import rows_of
from tests.app.factories import a_helper, a_person, a_request, a_willing_helper, act, an_appointment
from tests.databases import Database as Migrated

Act = Callable[[Session], object]
WAITING = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)
PATIENCE_S = 20


class Asked:
    """A helper with an offer, who was asked by some and said yes to others."""

    def __init__(self, program: Database, *, yes: int = 1, **offer: Any) -> None:
        with program.transaction() as session:
            self.helper, made = a_helper(session, **offer)
            self.offer_id = made.id
        self.askers: list[Actor] = []
        self.proposals: list[UUID] = []
        for _ in range(yes):
            self.ask(program, says_yes=True)

    def ask(self, program: Database, *, says_yes: bool) -> UUID:
        """One more who asks."""
        with program.transaction() as session:
            asker = a_person(session)
            posted = a_request(session, asker)
            asked = propose.for_request(session, asker, posted)
            made = a_willing_helper(session, asker, self.helper, posted) if says_yes else asked[0]
        self.askers.append(asker)
        self.proposals.append(made.id)
        return made.id

    def pause(self, session: Session) -> None:
        """The offer."""
        help_offers.pause(session, act(session, self.helper), self.offer_id)

    def withdraw(self, session: Session) -> None:
        """The offer."""
        help_offers.withdraw(session, act(session, self.helper), self.offer_id)

    def rest(self, session: Session) -> None:
        """The person, from everything."""
        people.pause(session, act(session, self.helper), True)

    def says_yes(self, session: Session) -> None:
        """To the first that asked."""
        answer.accept(session, act(session, self.helper), self.proposals[0])

    def is_chosen(self, session: Session, number: int = 0, *, days: int = 3) -> None:
        """By one of those whom the helper said yes to."""
        asker = act(session, self.askers[number])
        agree.agree(session, asker, self.proposals[number], an_appointment(session, days=days))


def in_a_transaction(program: Database, act_: Act) -> None:
    """One act, committed."""
    with program.transaction() as session:
        act_(session)


def waits_or_ends(program: Database, job: Future[None]) -> None:
    """Until the job waits for a lock, or is done."""
    deadline = time.monotonic() + PATIENCE_S
    while not job.done() and time.monotonic() < deadline:
        with program.transaction() as session:
            if session.execute(WAITING).scalar_one():
                return
        time.sleep(0.01)


GOING = ("pause", "withdraw", "rest")


@pytest.mark.parametrize("going", GOING)
@pytest.mark.parametrize("confirming", ["is_chosen", "says_yes"])
def test_who_is_going_and_has_not_said_so_to_all_is_waited_for(
    program: Database, going: str, confirming: str
) -> None:
    asked = Asked(program, yes=1 if confirming == "is_chosen" else 0)
    if confirming == "says_yes":
        asked.ask(program, says_yes=False)

    with ThreadPoolExecutor(1) as pool:
        leaving = program.sessions()
        getattr(asked, going)(leaving)
        leaving.flush()
        confirmed = pool.submit(in_a_transaction, program, getattr(asked, confirming))
        waits_or_ends(program, confirmed)
        leaving.commit()
        leaving.close()

        with pytest.raises(DoesNotFit):
            confirmed.result(PATIENCE_S)


@pytest.mark.parametrize("going", GOING)
def test_who_thinks_better_of_going_is_confirmed(program: Database, going: str) -> None:
    asked = Asked(program)

    with ThreadPoolExecutor(1) as pool:
        leaving = program.sessions()
        getattr(asked, going)(leaving)
        leaving.flush()
        confirmed = pool.submit(in_a_transaction, program, asked.is_chosen)
        waits_or_ends(program, confirmed)
        leaving.rollback()
        leaving.close()

        confirmed.result(PATIENCE_S)


def test_a_week_that_another_agreement_fills_at_this_moment_takes_no_second(
    program: Database, fresh_database: Migrated
) -> None:
    asked = Asked(program, yes=3, minutenPerWeek=60)
    start = Barrier(3)

    def chosen(number: int) -> str:
        start.wait()
        try:
            in_a_transaction(program, lambda session: asked.is_chosen(session, number, days=number + 1))
        except DoesNotFit as error:
            return str(error.details["regel"])
        return "agreed"

    with ThreadPoolExecutor(3) as pool:
        outcomes = sorted(pool.map(chosen, range(3)))

    assert outcomes == ["agreed", "load", "load"]
    assert rows_of(fresh_database, "SELECT count(*), sum(minutes) FROM occurrence")[0] == (1, 60)


def test_a_week_that_holds_two_agreements_takes_both(program: Database, fresh_database: Migrated) -> None:
    asked = Asked(program, yes=2, minutenPerWeek=120)

    def chosen(number: int) -> None:
        in_a_transaction(program, lambda session: asked.is_chosen(session, number, days=number + 1))

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(chosen, range(2)))

    assert rows_of(fresh_database, "SELECT count(*) FROM agreement")[0][0] == 2


IN_ORDER = """
    SELECT count(*) FROM agreement a JOIN proposal p ON p.id = a.proposal_id
    JOIN state_event e ON e.entity_id = p.help_offer_id AND e.after IN ('paused', 'withdrawn')
    WHERE a.created_at > e.at
"""


def test_in_many_rounds_at_one_moment_nobody_is_chosen_after_they_went(
    program: Database, fresh_database: Migrated
) -> None:
    outcomes = []
    with ThreadPoolExecutor(3) as pool:
        for round_ in range(12):
            asked = Asked(program)
            start = Barrier(2)

            def at_once(act_: Act, start: Barrier = start, wait_s: float = 0.0) -> bool:
                start.wait()
                time.sleep(wait_s)
                try:
                    in_a_transaction(program, act_)
                except DomainError:
                    return False
                return True

            going = asked.pause if round_ % 2 else asked.withdraw
            # each has a start now and then, so that both orders come up
            left = pool.submit(at_once, going, wait_s=0.01 * (round_ % 4))
            chosen = pool.submit(at_once, asked.is_chosen)
            assert left.result(PATIENCE_S)
            outcomes.append(chosen.result(PATIENCE_S))

    assert rows_of(fresh_database, IN_ORDER)[0][0] == 0
    assert rows_of(fresh_database, "SELECT count(*) FROM agreement")[0][0] == sum(outcomes)
