"""Writers who commit in any order, readers in several threads and processes: each reads what is committed."""

import random
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.db import Database
from app.help_offers import service as help_offers
from app.help_requests import service as help_requests
from app.matches.index import MatchIndex
from app.people import service as people
from tests.app.factories import a_person, a_request, act, an_offer
from tests.app.matches.comparing import agrees, offer_ids, request_ids
from tests.databases import ROOT, Database as Migrated

WRITERS = 20


def test_a_smaller_number_that_commits_after_a_greater_one_is_read(program: Database) -> None:
    with program.transaction() as session:
        people_ = [a_person(session) for _ in range(3)]
    offer_ids(program)
    open_ones = [program.sessions() for _ in people_]
    made = []
    for session, actor in zip(open_ones, people_, strict=True):
        made.append(an_offer(session, act(session, actor)).id)
        session.flush()  # takes its number, in this order

    for last, session in reversed(list(enumerate(open_ones))):
        session.commit()
        session.close()
        assert offer_ids(program) == set(made[last:])


class Life:
    """One writer's rows, and what is committed of them."""

    def __init__(self, actor: Actor, draw: random.Random) -> None:
        self.actor, self.draw = actor, draw
        self.offer: UUID | None = None
        self.request: UUID | None = None
        self.open_offer = self.open_request = False

    def step(self, session: Session) -> Callable[[], None]:
        """One change at random; what to note once it is committed."""
        actor = act(session, self.actor)
        choice = self.draw.random()
        if self.offer is None:
            offer = an_offer(session, actor).id
            return lambda: self.note(offer=offer, open_offer=True)
        if self.request is None or choice < 0.2:
            if self.open_request and self.request is not None:
                help_requests.withdraw(session, actor, self.request)
            request = a_request(session, actor).id
            return lambda: self.note(request=request, open_request=True)
        if self.open_offer:
            help_offers.pause(session, actor, self.offer)
            return lambda: self.note(open_offer=False)
        if choice < 0.3:
            people.pause(session, actor, True)
            session.flush()
            people.pause(session, actor, False)
            return lambda: None
        help_offers.resume(session, actor, self.offer)
        return lambda: self.note(open_offer=True)

    def note(self, **committed: object) -> None:
        """It is committed."""
        for name, value in committed.items():
            setattr(self, name, value)


def test_each_commit_of_twenty_writers_is_in_the_query_after_it(program: Database) -> None:
    with program.transaction() as session:
        lives = [Life(a_person(session), random.Random(seed)) for seed in range(WRITERS)]
    start = Barrier(WRITERS)

    def live(life: Life) -> None:
        start.wait()
        for _ in range(6):
            session = program.sessions()
            try:
                note = life.step(session)
                session.flush()
                if life.draw.random() < 0.15:
                    session.rollback()  # changed their mind
                else:
                    session.commit()
                    note()
            finally:
                session.close()
            # a query right after the commit knows one's own rows, whatever the others do
            with program.transaction() as reading:
                index = MatchIndex.of(reading)
                assert life.offer is None or (index.offers.get(life.offer) is not None) == life.open_offer
                assert (
                    life.request is None
                    or (index.requests.get(life.request) is not None) == life.open_request
                )

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(live, lives))

    assert offer_ids(program) == {life.offer for life in lives if life.open_offer}
    assert request_ids(program) == {life.request for life in lives if life.open_request}
    agrees(program)


ANOTHER = """
import sys
import app.models
from app.db import Database
from app.matches.index import MatchIndex
program = Database(sys.argv[1], pool_size=1)
for _ in sys.stdin:
    with program.transaction() as session:
        print(*sorted(str(offer.id) for offer in MatchIndex.of(session).offers), flush=True)
"""


def test_another_process_knows_each_commit_when_it_is_asked(
    program: Database, fresh_database: Migrated
) -> None:
    with program.transaction() as session:
        actors = [a_person(session) for _ in range(4)]
    with subprocess.Popen(
        [sys.executable, "-c", ANOTHER, fresh_database.app_url],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
    ) as process:  # fmt: skip
        question, answer = process.stdin, process.stdout
        assert question is not None
        assert answer is not None

        def asked() -> set[UUID]:
            print(file=question, flush=True)
            return {UUID(word) for word in answer.readline().split()}

        assert asked() == set()
        late = program.sessions()
        slow = an_offer(late, act(late, actors[0])).id
        late.flush()
        made = set()
        for actor in actors[1:]:
            with program.transaction() as session:
                made.add(an_offer(session, act(session, actor)).id)
            assert asked() == made == offer_ids(program)
        late.commit()
        late.close()
        assert asked() == made | {slow} == offer_ids(program)
        with program.transaction() as session:
            people.pause(session, act(session, actors[0]), True)
        assert asked() == made == offer_ids(program)
        question.close()
