"""Everything through a real pgbouncer in transaction mode, with fewer connections behind it than in front."""

import asyncio
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from app.config import Settings
from app.db import Database as Program, Scope
from app.help_offers import service as help_offers
from app.jobs.worker import queue_app
from app.unprivileged import account_of
from tests.app.conftest import rows_of
from tests.app.factories import GELDROP_MIERLO, a_helper, a_person, a_request, act, an_agreement
from tests.app.matches.comparing import agrees, offer_ids
from tests.app.matches.servers import patiently
from tests.databases import Database
from tests.pooled import PROGRAM, Pgbouncer, answers, pgbouncer

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="pgbouncer is not installed: apt install pgbouncer")
SERVERS, CLIENTS, EACH = 2, 8, 25


@pytest.fixture
def pooled(fresh_database: Database, tmp_path: Path) -> Iterator[Pgbouncer]:
    host = Path(str(make_url(fresh_database.app_url).query["host"]))
    role = fresh_database.application_role
    with pgbouncer(tmp_path / "pooled", host, role, account_of(host), servers=SERVERS) as made:
        yield made


@pytest.fixture
def through(fresh_database: Database, pooled: Pgbouncer) -> Iterator[Program]:
    """The program, which knows no other way in."""
    made = Program(pooled.url(fresh_database.name, fresh_database.application_role), pool_size=CLIENTS)
    yield made
    made.close()


def test_help_is_asked_offered_and_agreed(through: Program) -> None:
    through.refuse_strong_roles()
    through.refuse_old_server()
    with through.transaction() as session:
        ria, (helper, _) = a_person(session), a_helper(session)
        agreement = an_agreement(session, ria, helper)

    assert agreement.municipality_id == GELDROP_MIERLO


def test_statements_are_prepared_by_the_server_itself_and_never_behind_the_pool(
    fresh_database: Database, through: Program
) -> None:
    assert prepared(through) == 0
    straight = Program(fresh_database.app_url, pool_size=1)
    assert prepared(straight) > 0
    straight.close()


def prepared(program: Program) -> int:
    """How many statements the server keeps for a connection that asked the same often."""
    for _ in range(12):
        with program.transaction() as session:
            session.execute(text("SELECT name FROM municipality WHERE id = :id"), {"id": GELDROP_MIERLO})
    with program.transaction() as session:
        return int(session.execute(text("SELECT count(*) FROM pg_prepared_statements")).scalar_one())


def test_who_one_is_stays_in_ones_own_transaction(through: Program) -> None:
    """Many at once over two connections, each as somebody else: nobody ever sees what another may."""
    with through.transaction() as session:
        people = [a_person(session) for _ in range(CLIENTS)]
        requests = {person.person_id: a_request(session, act(session, person)).id for person in people}
    barrier = threading.Barrier(CLIENTS)

    def sees(number: int) -> list[tuple[object, object]]:
        barrier.wait()
        person = people[number]
        wrong: list[tuple[object, object]] = []
        for turn in range(EACH):
            scope = Scope(person_id=person.person_id) if turn % 2 else Scope()
            with through.transaction(scope) as session:
                found = session.execute(
                    text("SELECT id FROM help_request WHERE person_id = ANY(:all) AND NOT is_public"),
                    {"all": list(requests)},
                ).scalars()
                keys, mine = set(found), {requests[person.person_id]} if turn % 2 else set()
                set_to = session.execute(text("SELECT current_setting('app.person_id', true)")).scalar_one()
                if keys - mine or (set_to or "") != str(scope.person_id or ""):
                    wrong.append((keys, set_to))
        return wrong

    with ThreadPoolExecutor(CLIENTS) as pool:
        assert [one for some in pool.map(sees, range(CLIENTS)) for one in some] == []


def test_the_match_index_follows_each_commit(through: Program) -> None:
    with through.transaction() as session:
        helper, first = a_helper(session)
    known = {first.id}
    assert offer_ids(through) == known
    for _ in range(5):
        with through.transaction() as session:
            known.add(a_helper(session)[1].id)
        assert offer_ids(through) == known
    with through.transaction() as session:
        help_offers.pause(session, act(session, helper), first.id)
    assert offer_ids(through) == known - {first.id}
    agrees(through)


async def _drained(settings: Settings, program: Program, url: str) -> None:
    app = queue_app(settings, program, url)
    async with app.open_async():
        # as where nobody can listen: the worker still finds what waits
        await app.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)


def test_a_worker_that_was_given_no_other_address_finds_its_jobs_too(
    through: Program, pooled: Pgbouncer, fresh_database: Database, tmp_path: Path
) -> None:
    url = pooled.url(fresh_database.name, fresh_database.application_role)
    with through.transaction() as session:
        ria, (helper, _) = a_person(session), a_helper(session)
        an_agreement(session, ria, helper)
    waiting = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND scheduled_at IS NULL"
    assert rows_of(fresh_database, waiting)[0][0] >= 3

    for _ in range(3):  # more often than a driver needs to prepare what it sends
        asyncio.run(_drained(Settings(data_dir=tmp_path), through, url))

    assert rows_of(fresh_database, waiting) == [(0,)]
    assert rows_of(fresh_database, "SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'") == [
        (0,)
    ]


def test_a_pgbouncer_that_was_killed_is_missed_for_as_long_as_it_is_away(
    through: Program, pooled: Pgbouncer, fresh_database: Database
) -> None:
    url = pooled.url(fresh_database.name, fresh_database.application_role)
    with through.transaction() as session:
        a_helper(session)
    pooled.stop(signal.SIGKILL)
    assert not answers(url)
    pooled.start()
    assert answers(url)

    def one_more() -> None:
        with through.transaction() as session:
            a_helper(session)

    patiently(one_more)
    assert len(patiently(lambda: offer_ids(through))) == 2
