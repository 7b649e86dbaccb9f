"""What a transaction did and may yet undo is in nobody's index, however the index came to be read."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.orm import Session

from app.db import Database, Scope
from app.help_offers import service as help_offers
from app.help_offers.models import HelpOffer
from app.help_offers.schemas import HelpOfferChange
from app.help_requests import service as help_requests
from app.matches import propose
from app.matches.index import MatchIndex
from app.people import service as people
from tests.app.factories import a_helper, a_person, a_request, act, an_offer
from tests.app.matches.comparing import agrees, followed, offer_ids, request_ids
from tests.databases import Database as Migrated

EVERYWHERE = Scope(municipalities=frozenset({1771, 794, 772, 1652}))


@contextmanager
def undone(program: Database) -> Iterator[Session]:
    """A transaction that asks the engine, and then fails."""
    session = program.sessions(info={"scope": EVERYWHERE})
    yield session
    session.rollback()
    session.close()


def test_a_request_that_is_posted_and_undone_was_never_in_the_index(program: Database) -> None:
    with program.transaction() as session:
        a_helper(session)
    with undone(program) as session:
        asker = a_person(session)
        posted = a_request(session, asker)
        assert propose.for_request(session, asker, posted)
        assert MatchIndex.of(session).requests.get(posted.id) is None

    assert request_ids(program) == set()
    agrees(program)


def test_the_very_first_reading_by_one_who_changed_something_takes_nothing_of_it(program: Database) -> None:
    with undone(program) as session:
        _, offer = a_helper(session)
        session.flush()
        assert MatchIndex.of(session).offers.get(offer.id) is None

    assert offer_ids(program) == set()
    agrees(program)


def test_nor_does_a_reading_of_everything_in_the_middle_of_ones_own_changes(program: Database) -> None:
    with program.transaction() as session:
        _, kept = a_helper(session)
    assert offer_ids(program) == {kept.id}
    with undone(program) as session:
        a_helper(session)
        with program.transaction(EVERYWHERE) as other:
            other.execute(text("DELETE FROM sharing"))
        followed(session)

    assert offer_ids(program) == {kept.id}
    agrees(program)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE municipality SET rest_days = 60, proposals_per_week = 1",
        "UPDATE person SET load_limit_minutes = 15 WHERE id = :me",
        "DELETE FROM sharing",
    ],
)
def test_what_concerns_many_and_is_undone_reaches_none_of_them(program: Database, change: str) -> None:
    with program.transaction() as session:
        helper, _ = a_helper(session)
        other, offer = a_helper(session)
    offer_ids(program)
    with undone(program) as session:
        act(session, helper)
        session.execute(text(change), {"me": helper.person_id} if ":me" in change else {})
        # meanwhile another row is read anew, beside what is not yet said
        with program.transaction() as beside:
            help_offers.change(beside, act(beside, other), offer.id, _as_it_is(beside, offer.id))
        followed(session)

    agrees(program)


def _as_it_is(session: Session, offer_id: UUID) -> HelpOfferChange:
    offer = session.get_one(HelpOffer, offer_id)
    return HelpOfferChange.model_validate(
        {"categorieen": ["samen-op-pad"], "titel": "Anders", "hoeVerKm": 15, "minutenPerWeek": 300,
         "versie": offer.version}
    )  # fmt: skip


def test_a_savepoint_that_is_undone_within_a_transaction_that_is_kept(program: Database) -> None:
    with program.transaction() as session:
        helper = a_person(session)
        kept = an_offer(session, helper)
        savepoint = session.begin_nested()
        an_offer(session, helper)
        followed(session)
        savepoint.rollback()
        assert followed(session)[0] == frozenset()

    assert offer_ids(program) == {kept.id}
    agrees(program)


def test_ones_own_change_is_in_the_next_query_after_its_commit(program: Database) -> None:
    with program.transaction() as session:
        asker, (helper, offer) = a_person(session), a_helper(session)
        posted = a_request(session, act(session, asker))
        assert followed(session)[:2] == (frozenset(), frozenset())
    assert (offer_ids(program), request_ids(program)) == ({offer.id}, {posted.id})

    with program.transaction() as session:
        people.pause(session, act(session, helper), True)
        help_requests.withdraw(session, act(session, asker), posted.id)
        session.flush()
        assert len(followed(session)[0]) == 1

    assert (offer_ids(program), request_ids(program)) == (set(), set())


def test_the_connection_of_the_index_goes_with_the_program(fresh_database: Migrated) -> None:
    program = Database(fresh_database.app_url, pool_size=2)
    offer_ids(program)
    program.close()

    assert connections_left(fresh_database) == 0


def test_the_connection_that_the_index_is_making_goes_with_the_program(
    fresh_database: Migrated, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = Database(fresh_database.app_url, pool_size=2)
    made, closes = Event(), Event()
    connect = Engine.connect

    def slowly(engine: Engine) -> Connection:
        connection = connect(engine)
        made.set()
        closes.wait(0.5)
        return connection

    with program.transaction() as session:
        index = MatchIndex.of(session)
    monkeypatch.setattr(Engine, "connect", slowly)
    with ThreadPoolExecutor(1) as threads:
        following = threads.submit(index.refresh)
        assert made.wait(10)
        monkeypatch.undo()
        program.close()
        closes.set()
        following.result()

    assert connections_left(fresh_database) == 0


def connections_left(database: Migrated) -> int:
    """Of programs that are gone."""
    asked = Database(database.app_url, pool_size=1)
    others = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND backend_type = 'client backend'"
    )
    with asked.transaction() as session:
        left: int = session.execute(others).scalar_one()
    asked.close()
    return left
