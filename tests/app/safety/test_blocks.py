"""Blocking: from that moment nothing more between the two, either way, and nothing tells the other."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.agreements import agree
from app.db import Database as Program
from app.errors import DomainError, NotFound
from app.matches import answer, propose, volunteer
from app.matches.propose import DoesNotFit
from app.notifications.models import Notice
from app.roosjes import giving
from app.safety import blocks, reports, subjects
from app.safety.models import PersonBlock
from tests.app.conftest import rows_of
from tests.app.factories import GELDROP_MIERLO, a_member_of_staff, a_person, a_request, act, an_appointment
from tests.app.safety.meeting import Met, as_worker
from tests.databases import Database


@pytest.fixture
def met(program: Program) -> Met:
    return Met(program)


@pytest.mark.parametrize("by", ["asker", "helper"])
def test_who_blocked_somebody_is_not_found_for_them_in_the_next_query_either_way(met: Met, by: str) -> None:
    assert met.found()

    with met.program.transaction() as session:
        met.block(session, by=by)

    assert not met.found()


def test_a_block_that_was_let_go_matches_again(met: Met) -> None:
    with met.program.transaction() as session:
        key = met.block(session).id
    assert not met.found()
    with met.program.transaction() as session:
        blocks.end(session, act(session, met.asker), key)
        blocks.end(session, act(session, met.asker), key)

    assert met.found()


@pytest.mark.parametrize(("by", "left"), [("asker", "passed"), ("helper", "declined")])
def test_what_was_open_ends_as_any_neutral_no(met: Met, fresh_database: Database, by: str, left: str) -> None:
    with met.program.transaction() as session:
        met.block(session, by=by)

    assert met.status() == left
    kinds = rows_of(
        fresh_database,
        "SELECT kind FROM notice WHERE person_id = :other AND kind NOT IN ('willing', 'proposed')",
        other=(met.helper if by == "asker" else met.asker).person_id,
    )
    assert [row[0] for row in kinds] == ["not-this-time"]


def test_the_other_reads_nothing_of_a_block_and_cannot_ask_the_tables(met: Met) -> None:
    with met.program.transaction() as session:
        met.block(session)
    with met.program.transaction() as session:
        act(session, met.helper)

        assert session.scalars(select(PersonBlock)).all() == []  # unscoped: what row-level security leaves
        with pytest.raises(DBAPIError, match="permission denied"), session.begin_nested():
            session.execute(text("DELETE FROM person_block"))


def test_who_is_blocked_can_neither_come_forward_nor_be_proposed_again(met: Met) -> None:
    with met.program.transaction() as session:
        met.block(session)
    with met.program.transaction() as session:
        asker = act(session, met.asker)
        again = a_request(session, asker, titel="Samen naar de bibliotheek")
        assert propose.for_request(session, asker, again) == []
        key = again.id
    with met.program.transaction() as session, pytest.raises(DoesNotFit) as refusal:
        volunteer.come_forward(session, act(session, met.helper), key)
    assert refusal.value.details == {"regel": "paused"}


def test_no_words_and_no_roosjes_go_from_one_to_the_other(met: Met) -> None:
    with met.program.transaction() as session:
        agree.agree(session, act(session, met.asker), met.proposal_key, an_appointment(session))
    with met.program.transaction() as session:
        assert giving.known(session, act(session, met.helper), met.asker.person_id).person.first_name == "Ria"
        met.block(session, agreements="keep")
    for who, other in ((met.helper, met.asker), (met.asker, met.helper)):
        with met.program.transaction() as session, pytest.raises(NotFound):
            giving.known(session, act(session, who), other.person_id)


@pytest.mark.parametrize(("choice", "left"), [("stop", "cancelled"), ("keep", "active"), ("call", "active")])
def test_what_was_agreed_goes_as_was_chosen(
    met: Met, fresh_database: Database, choice: str, left: str
) -> None:
    with met.program.transaction() as session:
        agree.agree(session, act(session, met.asker), met.proposal_key, an_appointment(session))
    with met.program.transaction() as session:
        met.block(session, agreements=choice)

    assert rows_of(fresh_database, "SELECT status FROM agreement")[0][0] == left
    holds = rows_of(fresh_database, "SELECT count(*) FROM ledger.open_hold")[0][0]
    assert holds == (0 if choice == "stop" else 1)
    assert rows_of(fresh_database, "SELECT count(*) FROM safety_report")[0][0] == (
        1 if choice == "call" else 0
    )


def test_whoever_acts_for_another_blocks_nobody_and_twice_is_once(met: Met) -> None:
    with met.program.transaction() as session:
        met.block(session)
    with met.program.transaction() as session, pytest.raises(blocks.BlockedBefore):
        met.block(session)


def test_a_makelaar_cannot_propose_across_a_block_and_is_told_of_a_pause(
    met: Met, fresh_database: Database
) -> None:
    with met.program.transaction() as session:
        met.block(session)
        again = a_request(session, act(session, met.asker), titel="Naar de kapper")
        key = again.id
    with met.program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session)
        with pytest.raises(DoesNotFit) as refusal:
            propose.by_hand(session, marja, key, met.offer_id)
        assert refusal.value.details == {"regel": "paused"}
        assert reports.waiting(session, marja, GELDROP_MIERLO) == (0, 0)


def test_a_proposal_that_slipped_in_is_let_go_by_the_worker(met: Met, fresh_database: Database) -> None:
    with met.program.transaction() as session:
        key = met.block(session).id
    rows_of(fresh_database, "UPDATE proposal SET status = 'willing' RETURNING id")

    with met.program.transaction() as session:
        as_worker(session)
        assert blocks.tidy(session, key) == 1
        assert blocks.still_apart(session) == 0

    assert met.status() == "withdrawn"


PATIENCE_S = 30
APART_AND_AGREED = """
    SELECT count(*) FROM agreement a JOIN person_block b
    ON (b.blocker_id, b.blocked_id) IN ((a.asker_id, a.helper_id), (a.helper_id, a.asker_id))
    WHERE a.status = 'active' AND b.ended_at IS NULL
"""


def at_once(program: Program, act_: object, start: Barrier, wait_s: float) -> bool:
    """One act in a transaction of its own, begun together with the other."""
    start.wait(PATIENCE_S)
    time.sleep(wait_s)
    try:
        with program.transaction() as session:
            act_(session)  # type: ignore[operator]
    except DomainError:
        return False
    return True


@pytest.mark.parametrize("by", ["asker", "helper"])
def test_in_many_rounds_at_one_moment_nobody_agrees_with_whom_they_blocked(
    program: Program, fresh_database: Database, by: str
) -> None:
    agreed = 0
    with ThreadPoolExecutor(2) as pool:
        for round_ in range(6):
            met, start = Met(program), Barrier(2)

            def chosen(session: Session, met: Met = met) -> None:
                agree.agree(session, act(session, met.asker), met.proposal_key, an_appointment(session))

            def blocks_(session: Session, met: Met = met) -> None:
                met.block(session, by=by)

            one = pool.submit(at_once, program, chosen, start, 0.01 * (round_ % 3))
            two = pool.submit(at_once, program, blocks_, start, 0.01 * (round_ % 2))
            agreed += one.result(PATIENCE_S)
            assert two.result(PATIENCE_S)
            assert not met.found()

    assert rows_of(fresh_database, APART_AND_AGREED)[0][0] == 0
    assert rows_of(fresh_database, "SELECT count(*) FROM ledger.open_hold")[0][0] == 0
    assert rows_of(fresh_database, "SELECT count(*) FROM agreement")[0][0] == agreed


@pytest.mark.parametrize("by", ["asker", "helper"])
def test_a_yes_at_the_moment_of_a_block_comes_before_it_or_not_at_all(
    program: Program, fresh_database: Database, by: str
) -> None:
    with ThreadPoolExecutor(2) as pool:
        for round_ in range(6):
            met, start = Met(program), Barrier(2)
            rows_of(
                fresh_database,
                "UPDATE proposal SET status = 'proposed' WHERE id = :id RETURNING id",
                id=met.proposal_id,
            )

            def says_yes(session: Session, met: Met = met) -> None:
                answer.accept(session, act(session, met.helper), met.proposal_key)

            def blocks_(session: Session, met: Met = met) -> None:
                met.block(session, by=by)

            one = pool.submit(at_once, program, says_yes, start, 0.01 * (round_ % 2))
            two = pool.submit(at_once, program, blocks_, start, 0.01 * (round_ % 3))
            one.result(PATIENCE_S)
            assert two.result(PATIENCE_S)
            assert met.status() in ("passed", "declined")


def test_a_block_waits_for_who_is_being_confirmed_and_then_ends_it(
    program: Program, fresh_database: Database
) -> None:
    met = Met(program)
    with ThreadPoolExecutor(1) as pool:
        confirming = program.sessions()
        agree.agree(confirming, act(confirming, met.asker), met.proposal_key, an_appointment(confirming))
        confirming.flush()
        blocked = pool.submit(
            at_once, program, lambda session: met.block(session, by="helper"), Barrier(1), 0
        )
        time.sleep(0.2)
        assert not blocked.done()
        confirming.commit()
        confirming.close()
        assert blocked.result(PATIENCE_S)

    assert rows_of(fresh_database, "SELECT status FROM agreement")[0][0] == "cancelled"


def test_a_stranger_cannot_be_blocked_by_key(program: Program) -> None:
    with program.transaction() as session:
        one, other = a_person(session), a_person(session, first_name="Wim")

        with pytest.raises(NotFound):
            subjects.contact(session, act(session, one), "mens", other.person_id)


def test_whether_two_are_apart_is_all_that_gets_out(met: Met) -> None:
    with met.program.transaction() as session:
        met.block(session)
        assert session.execute(select(func.are_apart(met.asker.person_id, met.helper.person_id))).scalar_one()
        told = session.scalars(select(Notice)).all()  # unscoped: what row-level security leaves
        assert not [one for one in told if "block" in one.kind]
