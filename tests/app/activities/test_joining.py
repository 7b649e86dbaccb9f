"""Places: the last one goes to one, who waits comes in by themselves, and nothing happens twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID

import pytest

from app.access.actor import Actor, system
from app.activities import joining, judging, service
from app.activities.models import Activity, ActivityDate, SignupStatus
from app.activities.service import ActivityOver
from app.db import Database as Program, scope_to
from app.errors import NotFound
from tests.app.activities.making import a_new_activity, hosted_by_desk, joining as to_join, stopping, times
from tests.app.conftest import rows_of
from tests.app.factories import a_member_of_staff, a_person, act
from tests.app.safety.meeting import Met
from tests.databases import Database

IN, WAITING = SignupStatus.IN, SignupStatus.WAITING


def a_table(database: Database, program: Program, *, places: int, people: int, **changes: object) -> tuple[
    Actor, Activity, ActivityDate, list[Actor]
]:  # fmt: skip
    with program.transaction() as session:
        marja = a_member_of_staff(database, session)
        guests = [a_person(session, first_name=f"Gast{'abcdefghij'[n]}") for n in range(people)]
        made = hosted_by_desk(session, marja, plaatsen=places, **changes)
        (date,) = times(session, marja, made)
    return marja, made, date, guests


def join(program: Program, who: Actor, made: Activity, guests: int = 0) -> SignupStatus:
    with program.transaction() as session:
        return joining.join(session, act(session, who), made.id, to_join(guests=guests))[0]


def counted(database: Database, date_id: UUID) -> tuple[int, int]:
    (row,) = rows_of(database, "SELECT taken, waiting FROM activity_date WHERE id = :id", id=date_id)
    return row.taken, row.waiting


@pytest.mark.parametrize("many", [2, 8])
def test_of_many_on_the_last_place_one_comes_in_and_the_others_wait(
    fresh_database: Database, program: Program, many: int
) -> None:
    _, made, date, people = a_table(fresh_database, program, places=1, people=many)
    start = Barrier(many)

    def at_once(who: Actor) -> SignupStatus:
        start.wait()
        return join(program, who, made)

    with ThreadPoolExecutor(many) as pool:
        said = list(pool.map(at_once, people))

    assert sorted(said) == [IN, *[WAITING] * (many - 1)]
    assert counted(fresh_database, date.id) == (1, many - 1)


def test_who_leaves_while_others_join_leaves_no_place_empty_and_none_taken_twice(
    fresh_database: Database, program: Program
) -> None:
    _, made, date, people = a_table(fresh_database, program, places=2, people=6)
    first, second, third, *late = people
    assert [join(program, who, made) for who in (first, second, third)] == [IN, IN, WAITING]
    start = Barrier(5)

    def leaves(who: Actor) -> None:
        start.wait()
        with program.transaction() as session:
            joining.leave(session, act(session, who), date.id)

    def comes(who: Actor) -> None:
        start.wait()
        join(program, who, made)

    with ThreadPoolExecutor(5) as pool:
        acts = [pool.submit(leaves, who) for who in (first, second)]
        acts += [pool.submit(comes, who) for who in late]
        for one in acts:
            one.result()

    assert counted(fresh_database, date.id) == (2, 2)
    held = rows_of(fresh_database, "SELECT person_id FROM activity_signup WHERE status = 'in'")
    assert third.person_id in {row.person_id for row in held}


def test_who_waits_longest_comes_in_when_somebody_leaves_and_is_told(
    fresh_database: Database, program: Program
) -> None:
    _, made, date, (one, two, three) = a_table(fresh_database, program, places=1, people=3)
    assert [join(program, who, made) for who in (one, two, three)] == [IN, WAITING, WAITING]

    for _ in range(2):  # back and again: nothing twice
        with program.transaction() as session:
            joining.leave(session, act(session, one), date.id)

    rows = rows_of(fresh_database, "SELECT person_id, subject_id FROM notice WHERE kind = 'activity-let-in'")
    assert [(row.person_id, row.subject_id) for row in rows] == [(two.person_id, date.id)]
    assert counted(fresh_database, date.id) == (1, 1)


def test_no_place_stays_empty_for_who_are_two_and_they_come_in_once_there_are_two(
    fresh_database: Database, program: Program
) -> None:
    _, made, date, (one, pair, single) = a_table(fresh_database, program, places=2, people=3, meebrengen=1)
    assert join(program, one, made) is IN
    assert join(program, pair, made, guests=1) is WAITING
    assert join(program, single, made) is IN

    stands = []
    for who in (one, single):
        with program.transaction() as session:
            joining.leave(session, act(session, who), date.id)
        stands.append(counted(fresh_database, date.id))

    assert stands == [(1, 2), (2, 0)]


def test_signing_up_again_says_where_one_stands_and_takes_no_second_place(
    fresh_database: Database, program: Program
) -> None:
    _, made, date, (one,) = a_table(fresh_database, program, places=3, people=1)

    said = [join(program, one, made, guests=1) for _ in range(3)]

    assert said == [IN, IN, IN]
    assert counted(fresh_database, date.id) == (2, 0)


def test_nobody_brings_more_than_the_host_said(fresh_database: Database, program: Program) -> None:
    _, made, date, (one,) = a_table(fresh_database, program, places=9, people=1, meebrengen=1)

    join(program, one, made, guests=4)

    assert counted(fresh_database, date.id) == (2, 0)


def test_nobody_comes_to_what_was_stopped_or_is_not_shown_yet(
    fresh_database: Database, program: Program
) -> None:
    marja, made, date, (one, two) = a_table(fresh_database, program, places=3, people=2)
    join(program, one, made)
    with program.transaction() as session:
        joining.stop(session, act(session, marja), made.id, stopping(date=date))
        hidden = service.make(session, act(session, two), a_new_activity(session))

    with program.transaction() as session, pytest.raises(ActivityOver):
        joining.join(session, act(session, one), made.id, to_join())
    with program.transaction() as session, pytest.raises(NotFound):
        joining.join(session, act(session, one), hidden.id, to_join())
    with program.transaction() as session, pytest.raises(ActivityOver):
        joining.join(session, act(session, two), hidden.id, to_join())


def test_names_go_three_months_after_and_the_numbers_stay(
    fresh_database: Database, program: Program, travel: Callable[[timedelta], None]
) -> None:
    _, made, date, (one,) = a_table(fresh_database, program, places=3, people=1)
    join(program, one, made)
    left = []
    for days in (30, 90):
        travel(timedelta(days=days))
        with program.transaction() as session:
            scope_to(session, system(frozenset({1771})).scope)
            joining.forget_old(session)
        left.append(len(rows_of(fresh_database, "SELECT FROM activity_signup")))

    assert left == [1, 0]
    assert counted(fresh_database, date.id) == (1, 0)


def at_home(database: Database, program: Program, met: Met, *, places: int = 1) -> Activity:
    """Coffee at the asker's, which the desk let through."""
    with program.transaction() as session:
        marja = a_member_of_staff(database, session)
        new = a_new_activity(session, thuis=True, adres="Molenstraat 5", plaatsen=places)
        made = service.make(session, act(session, met.asker), new)
    with program.transaction() as session:
        judging.approve(session, act(session, marja), made.id)
    return made


def address(program: Program, who: Actor, made: Activity) -> str:
    with program.transaction() as session:
        actor = act(session, who)
        return service.address_of(session, actor, service.get(session, actor, made.id))


@pytest.mark.parametrize("by", ["asker", "helper"])
def test_who_is_kept_apart_from_the_host_gets_no_place_and_no_address(
    fresh_database: Database, program: Program, by: str
) -> None:
    met = Met(program)
    made = at_home(fresh_database, program, met)
    with program.transaction() as session:
        met.block(session, by=by)

    with pytest.raises(ActivityOver):
        join(program, met.helper, made)

    assert rows_of(fresh_database, "SELECT 1 FROM activity_signup") == []
    assert address(program, met.helper, made) == ""


def test_a_block_takes_back_the_address_from_who_had_a_place_and_lets_nobody_up_who_waited(
    fresh_database: Database, program: Program
) -> None:
    met, other = Met(program), Met(program)
    made = at_home(fresh_database, program, met)
    with program.transaction() as session:
        third = a_person(session, first_name="Joop")
    assert join(program, third, made) == IN
    assert join(program, met.helper, made) == WAITING
    assert join(program, other.helper, made) == WAITING
    with program.transaction() as session:
        met.block(session)

    with program.transaction() as session:
        seen = act(session, third)
        (date,) = times(session, seen, made)
        joining.leave(session, seen, date.id)

    let_in = rows_of(fresh_database, "SELECT person_id FROM activity_signup WHERE status = 'in'")
    assert [row.person_id for row in let_in] == [other.helper.person_id]
    assert address(program, met.helper, made) == ""
    assert address(program, other.helper, made) == "Molenstraat 5"


def test_the_address_goes_when_the_host_blocks_a_guest(fresh_database: Database, program: Program) -> None:
    met = Met(program)
    made = at_home(fresh_database, program, met)
    assert join(program, met.helper, made) == IN
    assert address(program, met.helper, made) == "Molenstraat 5"

    with program.transaction() as session:
        met.block(session)

    assert address(program, met.helper, made) == ""
