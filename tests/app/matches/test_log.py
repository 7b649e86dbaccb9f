"""The log says all that a reader missed, or that it no longer knows; a reading that fails changes nothing."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from app.db import Database, Scope
from app.help_offers import service as help_offers
from app.matches.following import Source
from app.matches.index import MatchIndex
from tests.app.conftest import rows_of
from tests.app.factories import a_helper, a_person, a_request, act
from tests.app.matches.comparing import agrees, offer_ids, owner_runs, request_ids
from tests.databases import Database as Migrated

OLD = "UPDATE match_change SET at = at - interval '4 days' WHERE entity <> 'b' RETURNING id"


def tidied(program: Database) -> None:
    """The nightly job's own statement."""
    with program.transaction() as session:
        session.execute(text("SELECT forget_expired()"))


def aged(database: Migrated) -> None:
    """Make the log's entries old. Whatever else runs on this server may be older still: wait for that."""
    rows_of(database, OLD)
    still_open = (
        "SELECT xid >= pg_snapshot_xmin(pg_current_snapshot()) FROM match_change ORDER BY xid DESC LIMIT 1"
    )
    until = time.monotonic() + 60
    while rows_of(database, still_open)[0][0]:
        assert time.monotonic() < until, "a transaction of another test stays open"
        time.sleep(0.05)


def entries(database: Migrated) -> list[str]:
    """What the log holds."""
    return [str(row[0]) for row in rows_of(database, "SELECT entity::text FROM match_change ORDER BY xid")]


def test_a_process_that_slept_through_what_the_log_let_go_of_reads_everything(
    program: Database, fresh_database: Migrated
) -> None:
    sleeper = Database(fresh_database.app_url, pool_size=1)
    assert offer_ids(sleeper) == set()
    with program.transaction() as session:
        _, offer = a_helper(session)
    aged(fresh_database)
    tidied(program)

    assert set(entries(fresh_database)) == {"b"}
    assert offer_ids(sleeper) == {offer.id}
    agrees(sleeper)
    sleeper.close()


def test_one_that_was_awake_reads_nothing_twice(
    program: Database, fresh_database: Migrated, monkeypatch: pytest.MonkeyPatch
) -> None:
    with program.transaction() as session:
        _, offer = a_helper(session)
    aged(fresh_database)
    assert offer_ids(program) == {offer.id}
    tidied(program)
    tidied(program)

    monkeypatch.setattr(Source, "snapshot", _forbidden)
    assert offer_ids(program) == {offer.id}
    assert set(entries(fresh_database)) == {"b"}


def _forbidden(_source: Source) -> None:
    raise AssertionError


def test_the_log_keeps_what_was_written_beside_a_transaction_that_is_still_open(
    program: Database, fresh_database: Migrated
) -> None:
    offer_ids(program)
    slow = program.sessions()
    _, late = a_helper(slow)
    slow.flush()
    with program.transaction() as session:
        _, quick = a_helper(session)
    rows_of(fresh_database, OLD)
    tidied(program)
    assert "o" in entries(fresh_database)

    slow.commit()
    slow.close()

    assert offer_ids(program) == {late.id, quick.id}


def test_what_committed_days_after_it_was_written_is_read_though_it_was_let_go_of(
    program: Database, fresh_database: Migrated
) -> None:
    assert offer_ids(program) == set()
    slow = program.sessions()
    _, late = a_helper(slow)
    slow.commit()
    slow.close()
    rows_of(fresh_database, OLD)  # as if the transaction had been open all those days
    tidied(program)

    assert offer_ids(program) == {late.id}


def test_a_log_from_another_server_is_passed_by(program: Database, fresh_database: Migrated) -> None:
    offer_ids(program)
    foreign = "SELECT '900000000000', 'o', gen_random_uuid() FROM generate_series(1, 50)"
    owner_runs(fresh_database, f"INSERT INTO match_change (xid, entity, id) {foreign}")
    with program.transaction() as session:
        since = "match_changes(pg_snapshot_xmin(pg_current_snapshot()))"
        assert (
            session.execute(text(f"SELECT count(*) FROM {since}")).scalar_one() == 1
        )  # the mark, and none of those
    with program.transaction() as session:
        _, offer = a_helper(session)

    assert offer_ids(program) == {offer.id}


@pytest.mark.parametrize("broken", ["offers", "requests", "turned"])
def test_a_reading_that_breaks_off_halfway_is_done_again_in_full(
    program: Database,
    travel: Callable[[timedelta], None],
    monkeypatch: pytest.MonkeyPatch,
    broken: str,
) -> None:
    assert (offer_ids(program), request_ids(program)) == (set(), set())
    with program.transaction() as session:
        asker, (_, offer) = a_person(session), a_helper(session)
        posted = a_request(session, act(session, asker))
    travel(timedelta(minutes=2))

    with monkeypatch.context() as patch:
        patch.setattr(Source, broken, _breaks)
        with pytest.raises(OperationalError):
            offer_ids(program)

    assert (offer_ids(program), request_ids(program)) == ({offer.id}, {posted.id})
    agrees(program)


def _breaks(*_: object) -> None:
    raise OperationalError("SELECT", {}, Exception("the line went dead"))


@pytest.mark.parametrize("engine_part", ["OfferIndex", "RequestIndex"])
def test_neither_does_a_change_that_the_engine_could_not_take(
    program: Database, monkeypatch: pytest.MonkeyPatch, engine_part: str
) -> None:
    request_ids(program)
    with program.transaction() as session:
        asker, (_, offer) = a_person(session), a_helper(session)
        posted = a_request(session, act(session, asker))
    with monkeypatch.context() as patch:
        patch.setattr(f"matching.index.{engine_part}.apply", _breaks)
        with pytest.raises(OperationalError):
            offer_ids(program)

    assert (offer_ids(program), request_ids(program)) == ({offer.id}, {posted.id})


@pytest.mark.parametrize("step", ["sharing", "offers", "requests"])
def test_a_reading_of_everything_that_breaks_off_leaves_what_was_and_is_done_again(
    program: Database, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    with program.transaction() as session:
        a_helper(session)
    agrees(program)
    with program.transaction(Scope(municipalities=frozenset({1771}))) as session:
        session.execute(text("DELETE FROM sharing WHERE municipality_id = 1771"))
    with monkeypatch.context() as patch:
        patch.setattr(f"app.matches.following.Snapshot.{step}", _breaks)
        for _ in range(2):
            with pytest.raises(OperationalError):
                offer_ids(program)

    with program.transaction() as session:
        index = MatchIndex.of(session)
        assert not index.borders.agree(1771, 794)
        assert not index.offers.borders.agree(1771, 794)
    agrees(program)


def test_one_faulty_row_hides_no_other_and_is_named(
    program: Database, fresh_database: Migrated, caplog: pytest.LogCaptureFixture
) -> None:
    with program.transaction() as session:
        (_, sound), (_, faulty) = a_helper(session), a_helper(session)
    assert offer_ids(program) == {sound.id, faulty.id}
    owner_runs(fresh_database, "UPDATE help_offer SET category_numbers = '{99}' WHERE id = :id", id=faulty.id)

    assert offer_ids(program) == {sound.id}
    assert str(faulty.id) in caplog.text
    agrees(program)  # a fresh load leaves it out as well


def test_pausing_and_going_on_in_one_transaction_is_one_change(program: Database) -> None:
    with program.transaction() as session:
        helper, offer = a_helper(session)
    offer_ids(program)
    with program.transaction() as session:
        act(session, helper)
        for _ in range(3):
            help_offers.pause(session, helper, offer.id)
            session.flush()
            help_offers.resume(session, helper, offer.id)
    assert offer_ids(program) == {offer.id}
    agrees(program)
