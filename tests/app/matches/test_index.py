"""A committed change is in the next query of every process, whatever commits late; nothing uncommitted is."""

import gc
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.db import Database
from app.help_offers import service as help_offers
from app.matches.following import Source
from app.matches.index import MatchIndex
from app.people import service as people
from tests.app.factories import a_helper, a_person, a_request, a_willing_helper, act, an_offer


def known(session: Session) -> set[str]:
    return {str(offer.id) for offer in MatchIndex.of(session).offers}


def test_a_commit_is_in_the_next_query(program: Database) -> None:
    with program.transaction() as reader:
        assert known(reader) == set()

    with program.transaction() as session:
        _, offer = a_helper(session)

    with program.transaction() as reader:
        assert known(reader) == {str(offer.id)}


def test_a_first_reading_that_breaks_off_leaves_nothing_open(program: Database) -> None:
    with program.transaction() as session:
        for _ in range(2):
            a_helper(session)
    source = Source(program.engine)
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        with source.snapshot() as all_there_is:
            offers = all_there_is.offers()
            next(offers)
        del offers, all_there_is
        gc.collect()

    assert [str(warning.message) for warning in heard] == []


def test_a_transaction_that_commits_late_is_not_lost(program: Database) -> None:
    late = program.sessions()
    _, slow = a_helper(late)
    late.flush()
    with program.transaction() as session:
        _, quick = a_helper(session)
    with program.transaction() as reader:
        assert known(reader) == {str(quick.id)}

    late.commit()
    late.close()

    with program.transaction() as reader:
        assert known(reader) == {str(quick.id), str(slow.id)}


def test_ones_own_uncommitted_change_does_not_reach_the_shared_index(program: Database) -> None:
    with program.transaction() as session:
        known(session)
    undone = program.sessions()
    a_helper(undone)
    undone.flush()

    assert known(undone) == set()

    undone.rollback()
    undone.close()
    with program.transaction() as reader:
        assert known(reader) == set()


def test_a_change_of_another_under_ones_own_change_is_read_once_that_ends(program: Database) -> None:
    with program.transaction() as session:
        helper, offer = a_helper(session)
    with program.transaction() as reader:
        assert known(reader) == {str(offer.id)}
    with program.transaction() as session:
        help_offers.pause(session, act(session, helper), offer.id)
    mine = program.sessions()
    help_offers.resume(mine, act(mine, helper), offer.id)
    mine.flush()
    known(mine)  # must not take the other's pause for the last word, nor forget it
    mine.rollback()
    mine.close()

    with program.transaction() as reader:
        assert known(reader) == set()


@pytest.mark.parametrize("paused", [True, False])
def test_a_pause_of_the_person_counts_at_once(program: Database, paused: bool) -> None:
    with program.transaction() as session:
        helper, offer = a_helper(session)
    with program.transaction() as session:
        people.pause(session, act(session, helper), True)
    with program.transaction() as session:
        people.pause(session, act(session, helper), paused)

    with program.transaction() as reader:
        assert known(reader) == (set() if paused else {str(offer.id)})


def test_many_writers_at_once_leave_every_process_with_the_same_index(program: Database) -> None:
    with program.transaction() as session:
        actors: list[Actor] = [a_person(session, first_name="Tonnie", postcode="5667 AB") for _ in range(8)]
    start = Barrier(9)

    def write(actor: Actor) -> None:
        start.wait()
        for _ in range(4):
            with program.transaction() as session:
                offer = an_offer(session, act(session, actor))
            with program.transaction() as session:
                help_offers.pause(session, act(session, actor), offer.id)
            with program.transaction() as session:
                help_offers.resume(session, act(session, actor), offer.id)

    def read() -> None:
        start.wait()
        for _ in range(40):
            with program.transaction() as session:
                known(session)

    with ThreadPoolExecutor(9) as pool:
        jobs = [pool.submit(write, actor) for actor in actors] + [pool.submit(read)]
        for job in jobs:
            job.result()

    with program.transaction() as session:
        followed = known(session)
        fresh = MatchIndex(program.engine)
        fresh.refresh()
        assert followed == {str(offer.id) for offer in fresh.offers}
        assert len(followed) == 32


def test_a_clock_that_was_set_back_leaves_nobody_proposed_in_the_future(
    program: Database, travel: Callable[[timedelta], None]
) -> None:
    with program.transaction() as session:
        helper, offer = a_helper(session)
        never = a_helper(session, first_name="Bram")[1]
        asker = a_person(session)
        a_willing_helper(session, asker, helper, a_request(session, asker))
    travel(timedelta(days=-3))

    with program.transaction() as session:
        known = {found.id: found.last_proposed_days for found in MatchIndex.of(session).offers}

    assert known == {offer.id: 0, never.id: None}
