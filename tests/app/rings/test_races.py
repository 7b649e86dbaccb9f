"""Many at the same moment, in real threads on real transactions: a ring goes ahead whole, or not at all."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from app.access.actor import Actor
from app.access.sign_in import act_as
from app.agreements import agree
from app.errors import DomainError
from app.help_requests import service as help_requests
from app.jobs import tasks
from app.matches.volunteer import come_forward
from app.rings.answer import RingEnded
from tests.app.conftest import rows_of
from tests.app.factories import a_helper, an_appointment
from tests.app.rings.three import MEALS, Circle, circle

__all__ = ["circle"]
ROUNDS = range(3)


def at_once(acts: Sequence[Callable[[], object]]) -> list[DomainError | None]:
    """Let go together; what each was refused with."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], object]) -> DomainError | None:
        barrier.wait()
        try:
            act()
        except DomainError as refused:
            return refused
        return None

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def saying_yes(circle: Circle, actor: Actor, ring: object) -> Callable[[], None]:
    return lambda: circle.says_yes(actor, ring)  # type: ignore[arg-type]


@pytest.mark.parametrize("number", ROUNDS)
def test_of_last_yeses_at_once_one_sets_the_ring_going(circle: Circle, number: int) -> None:
    (ring,) = circle.find()
    refused = at_once([saying_yes(circle, member, ring) for member in circle.members * 2])

    assert refused == [None] * 6
    assert circle.ring(ring).yes == 3
    assert circle.state(ring) == ("ready", "")
    assert circle.waiting_jobs("rings.carry_out") == 1
    at_once([lambda: tasks.carry_out_ring(circle.work, str(ring))] * 3)
    assert circle.count("SELECT count(*) FROM proposal") == 3


@pytest.mark.parametrize("number", ROUNDS)
def test_a_last_yes_and_a_no_at_once_leave_one_of_the_two(circle: Circle, number: int) -> None:
    (ring,) = circle.find()
    circle.says_yes(circle.kees, ring)
    circle.says_yes(circle.ans, ring)
    refused = at_once([
        saying_yes(circle, circle.ria, ring), lambda: circle.says_no(circle.ans, ring)
    ])  # fmt: skip

    state = circle.state(ring)
    if state[0] == "ready":
        assert refused[0] is None
        assert isinstance(refused[1], RingEnded)
    else:
        assert state == ("dissolved", "no")
        assert isinstance(refused[0], RingEnded)
        assert refused[1] is None


@pytest.mark.parametrize("number", ROUNDS)
def test_a_yes_after_time_is_up_never_revives_a_ring(
    circle: Circle, travel: Callable[[timedelta], None], number: int
) -> None:
    (ring,) = circle.find()
    circle.says_yes(circle.kees, ring)
    circle.says_yes(circle.ans, ring)
    travel(timedelta(days=7, seconds=1))
    yes, _ = at_once([saying_yes(circle, circle.ria, ring), lambda: tasks.let_rings_go(circle.work)])

    tasks.let_rings_go(circle.work)  # the other may have held the row
    assert isinstance(yes, RingEnded)
    assert circle.state(ring) == ("expired", "")
    assert circle.waiting_jobs("rings.carry_out") == 0


@pytest.mark.parametrize("number", ROUNDS)
def test_a_request_filled_elsewhere_at_that_moment_gets_one_helper(circle: Circle, number: int) -> None:
    """Either the ring was first, and the other comes too late or is chosen beside it; or the ring is let go whole."""
    (ring,) = circle.find()
    with circle.program.transaction() as session:
        helper, _ = a_helper(session, categorieen=[MEALS])
    with circle.program.transaction() as session:
        ria = act_as(session, circle.ria.person_id)
        row = help_requests.get(session, ria, circle.requests["Ria"])
        row.is_public = True
        act_as(session, helper.person_id)
        other = come_forward(session, helper, row.id).id
    circle.all_say_yes(ring)

    def elsewhere() -> None:
        with circle.program.transaction() as session:
            agree.agree(session, act_as(session, circle.ria.person_id), other, an_appointment(session))

    refused = at_once([elsewhere, lambda: tasks.carry_out_ring(circle.work, str(ring))])

    assert refused == [None, None]
    assert circle.count("SELECT count(*) FROM agreement") == 1
    from_ring = circle.count("SELECT count(*) FROM proposal WHERE origin = 'ring'")
    assert (circle.state(ring)[0], from_ring) in {("agreed", 3), ("dissolved", 0)}
    held = rows_of(
        circle.database, "SELECT helpers_found FROM help_request WHERE id = :id", id=circle.requests["Ria"]
    )
    assert held[0][0] == 1


@pytest.mark.parametrize("number", ROUNDS)
def test_a_request_withdrawn_while_the_ring_is_carried_out_leaves_all_or_nothing(
    circle: Circle, number: int
) -> None:
    (ring,) = circle.find()
    circle.all_say_yes(ring)

    def withdraw() -> None:
        with circle.program.transaction() as session:
            ria = act_as(session, circle.ria.person_id)
            help_requests.withdraw(session, ria, circle.requests["Ria"])

    at_once([withdraw, lambda: tasks.carry_out_ring(circle.work, str(ring))])
    made = circle.count("SELECT count(*) FROM proposal")
    assert (circle.state(ring)[0], made) in {("agreed", 3), ("dissolved", 0)}


def test_two_who_look_for_rings_at_once_find_each_ring_once(circle: Circle) -> None:
    at_once([lambda: tasks.find_rings(circle.work)] * 4)
    assert circle.count("SELECT count(*) FROM ring") == 1
