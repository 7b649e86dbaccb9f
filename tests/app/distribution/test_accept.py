"""Accepted lines become questions to helpers; what has changed meanwhile is told, and nothing is half done."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.db import Database
from app.distribution import accept as accepting, service
from app.distribution.accept import Expired, Taken
from app.distribution.models import LineStatus
from app.errors import NotAllowed, NotFound
from app.help_requests import service as help_requests
from app.matches import answer, propose, volunteer
from app.matches.models import Origin, Proposal, Status
from app.notifications.models import Notice
from app.people import service as people
from matching.rules import Rule
from tests.app.conftest import rows_of
from tests.app.distribution.scarcity import Scarce, scarce
from tests.app.factories import (
    EINDHOVEN,
    GELDROP_MIERLO,
    a_helper,
    a_member_of_staff,
    a_person,
    a_request,
    act,
    an_appointment,
)
from tests.databases import Database as Migrated

__all__ = ["scarce"]


@pytest.fixture
def run(program: Database, scarce: Scarce) -> UUID:
    """A run that serves both requests."""
    with program.transaction() as session:
        return service.make(session, act(session, scarce.makelaar), GELDROP_MIERLO).id


def lines(program: Database, makelaar: Actor, run: UUID) -> dict[UUID, UUID]:
    """The line of each request."""
    with program.transaction() as session:
        kept = service.get(session, act(session, makelaar), run)
        return {line.help_request_id: line.id for line in kept.lines}


def taken(program: Database, makelaar: Actor, run: UUID, only: list[UUID] | None = None) -> Taken:
    with program.transaction() as session:
        return accepting.accept(session, act(session, makelaar), run, only)


def proposals(database: Migrated) -> list[tuple[UUID, UUID, str, str]]:
    query = "SELECT help_request_id, helper_id, origin, status FROM proposal ORDER BY created_at"
    return [tuple(row) for row in rows_of(database, query)]


def test_the_whole_run_becomes_questions_to_the_helpers(
    program: Database, fresh_database: Migrated, scarce: Scarce, run: UUID
) -> None:
    done = taken(program, scarce.makelaar, run)

    assert (len(done.accepted), done.stale, done.before) == (2, [], [])
    assert set(proposals(fresh_database)) == {
        (scarce.easy, scarce.far.person_id, "distribution", "proposed"),
        (scarce.hard, scarce.near.person_id, "distribution", "proposed"),
    }
    with program.transaction() as session:
        act(session, scarce.near)
        notices = session.scalars(select(Notice).where(Notice.person_id == scarce.near.person_id)).all()
        assert [notice.kind for notice in notices] == ["proposed"]


def test_a_part_of_it_leaves_the_rest_to_be_decided(
    program: Database, fresh_database: Migrated, scarce: Scarce, run: UUID
) -> None:
    line = lines(program, scarce.makelaar, run)[scarce.hard]
    taken(program, scarce.makelaar, run, [line])

    assert [row[0] for row in proposals(fresh_database)] == [scarce.hard]
    with program.transaction() as session:
        kept = service.get(session, act(session, scarce.makelaar), run)
        assert {line.help_request_id: line.status for line in kept.lines} == {
            scarce.hard: LineStatus.ACCEPTED,
            scarce.easy: LineStatus.SUGGESTED,
        }


def test_a_refused_line_is_kept_with_who_refused_it_and_never_asked(
    program: Database, fresh_database: Migrated, scarce: Scarce, run: UUID
) -> None:
    line = lines(program, scarce.makelaar, run)[scarce.hard]
    with program.transaction() as session:
        accepting.refuse(session, act(session, scarce.makelaar), run, [line], "Zij kennen elkaar te goed")
    done = taken(program, scarce.makelaar, run)

    assert [one.id for one in done.before] == [line]
    (row,) = rows_of(
        fresh_database, "SELECT status, reason, decided_by_id FROM distribution_line WHERE id = :i", i=line
    )
    assert tuple(row) == ("refused", "Zij kennen elkaar te goed", scarce.makelaar.person_id)
    assert scarce.hard not in {row[0] for row in proposals(fresh_database)}
    (event,) = rows_of(fresh_database, "SELECT before, after FROM state_event WHERE entity_id = :i", i=line)
    assert tuple(event) == ("suggested", "refused")


def test_a_decision_is_never_taken_back(program: Database, scarce: Scarce, run: UUID) -> None:
    taken(program, scarce.makelaar, run)
    with program.transaction() as session:
        kept = service.get(session, act(session, scarce.makelaar), run)
        with pytest.raises(NotAllowed):
            kept.lines[0].step(LineStatus.REFUSED, None)


def test_both_their_own_yes_stays(program: Database, scarce: Scarce, run: UUID) -> None:
    done = taken(program, scarce.makelaar, run)
    key = next(one.proposal_id for one in done.accepted if one.help_request_id == scarce.hard)
    assert key is not None
    with program.transaction() as session:
        act(session, scarce.asker)
        assert session.get_one(Proposal, key).status is Status.PROPOSED
    with program.transaction() as session:
        assert answer.accept(session, act(session, scarce.near), key).status is Status.WILLING


Change = Callable[[Session, Scarce], object]


def pauses(session: Session, scarce: Scarce) -> object:
    people.pause(session, act(session, scarce.near), True)
    return None


def withdraws(session: Session, scarce: Scarce) -> object:
    return help_requests.withdraw(session, act(session, scarce.asker), scarce.hard)


def said_no_meanwhile(session: Session, scarce: Scarce) -> object:
    act(session, scarce.asker)
    (asked,) = propose.for_request(session, scarce.asker, scarce.request(session, scarce.hard))
    session.flush()
    return answer.decline(session, act(session, scarce.near), asked.id)


def came_forward(session: Session, scarce: Scarce) -> object:
    other, _ = a_helper(session, first_name="Toos", postcode="5664 HJ")
    return volunteer.come_forward(session, other, scarce.hard)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (pauses, "paused"),
        (withdraws, "not-open"),
        (said_no_meanwhile, "answered"),
        (came_forward, "place-taken"),
    ],
)
def test_what_changed_meanwhile_is_told_and_the_rest_goes_on(
    program: Database, fresh_database: Migrated, scarce: Scarce, run: UUID, change: Change, reason: str
) -> None:
    with program.transaction() as session:
        change(session, scarce)
    done = taken(program, scarce.makelaar, run)

    assert [(one.help_request_id, one.reason) for one in done.stale] == [(scarce.hard, reason)]
    assert [one.help_request_id for one in done.accepted] == [scarce.easy]
    new = [row for row in proposals(fresh_database) if row[2] == "distribution"]
    assert [row[0] for row in new] == [scarce.easy]


def test_that_somebody_excluded_the_other_reads_as_a_pause(
    program: Database, scarce: Scarce, run: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accepting, "first_failed", lambda *_: Rule.EXCLUDED)
    done = taken(program, scarce.makelaar, run)

    assert {one.reason for one in done.stale} == {"paused"}


def test_a_share_that_was_used_up_meanwhile_is_respected(
    program: Database, scarce: Scarce, run: UUID, fresh_database: Migrated
) -> None:
    rows_of(fresh_database, "UPDATE municipality SET proposals_per_week = 1 WHERE id = 1771 RETURNING id")
    with program.transaction() as session:
        other = a_request(session, a_person(session, first_name="Cor"), hoeVerKm=2)
        session.flush()
        assert len(propose.for_request(session, Actor(person=other.person_id), other)) == 1
    done = taken(program, scarce.makelaar, run)

    assert [(one.help_request_id, one.reason) for one in done.stale] == [(scarce.hard, "proposals")]


def test_a_preview_of_yesterday_is_not_accepted(
    program: Database,
    fresh_database: Migrated,
    scarce: Scarce,
    run: UUID,
    travel: Callable[[timedelta], None],
) -> None:
    travel(timedelta(hours=24, minutes=1))
    with pytest.raises(Expired):
        taken(program, scarce.makelaar, run)

    assert proposals(fresh_database) == []


def test_a_line_of_another_run_or_of_another_municipality_does_not_exist(
    program: Database, fresh_database: Migrated, scarce: Scarce, run: UUID
) -> None:
    with program.transaction() as session:
        other = service.make(session, act(session, scarce.makelaar), GELDROP_MIERLO).id
    foreign = lines(program, scarce.makelaar, other)[scarce.hard]
    with pytest.raises(NotFound):
        taken(program, scarce.makelaar, run, [foreign])
    with program.transaction() as session:
        stranger = a_member_of_staff(fresh_database, session, municipality_id=EINDHOVEN, first_name="Bas")
        with pytest.raises(NotFound):
            accepting.accept(session, stranger, run)
    assert proposals(fresh_database) == []


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Real threads, let go together."""
    barrier = Barrier(len(acts))

    def go(one: Callable[[], object]) -> object:
        barrier.wait()
        return one()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(go, acts))


def test_of_two_makelaars_at_once_one_asks_and_the_other_reads_that_it_is_done(
    program: Database, fresh_database: Migrated, scarce: Scarce, run: UUID
) -> None:
    with program.transaction() as session:
        second = a_member_of_staff(fresh_database, session, first_name="Samira")
    one, other = at_once(lambda: taken(program, scarce.makelaar, run), lambda: taken(program, second, run))

    assert isinstance(one, Taken)
    assert isinstance(other, Taken)
    assert sorted([len(one.accepted), len(other.accepted)]) == [0, 2]
    assert sorted([len(one.before), len(other.before)]) == [0, 2]
    assert len(proposals(fresh_database)) == 2


def test_two_runs_accepted_at_once_ask_nobody_twice_and_lock_nobody_out(
    program: Database, fresh_database: Migrated, scarce: Scarce, run: UUID
) -> None:
    with program.transaction() as session:
        second = a_member_of_staff(fresh_database, session, first_name="Samira")
        other_run = service.make(session, second, GELDROP_MIERLO).id
    at_once(lambda: taken(program, scarce.makelaar, run), lambda: taken(program, second, other_run))

    assert len(proposals(fresh_database)) == 2
    counted = rows_of(fresh_database, "SELECT count(*) FROM notice WHERE kind = 'proposed'")
    assert counted[0][0] == 2


@pytest.mark.parametrize("attempt", range(3))
def test_a_helper_who_pauses_at_the_same_moment_is_asked_before_or_not_at_all_and_never_confirmed(
    program: Database, fresh_database: Migrated, scarce: Scarce, run: UUID, attempt: int
) -> None:
    def pause() -> None:
        with program.transaction() as session:
            pauses(session, scarce)

    at_once(pause, lambda: taken(program, scarce.makelaar, run))

    asked = [row for row in proposals(fresh_database) if row[0] == scarce.hard]
    with program.transaction() as session:
        actor = act(session, scarce.near)
        for row in asked:
            key = rows_of(fresh_database, "SELECT id FROM proposal WHERE help_request_id = :r", r=row[0])[0][
                0
            ]
            with pytest.raises(propose.DoesNotFit):
                answer.accept(session, actor, key)


def test_a_request_that_is_filled_at_the_same_moment_gets_no_second_helper(
    program: Database, fresh_database: Migrated, scarce: Scarce, run: UUID
) -> None:
    with program.transaction() as session:
        other, _ = a_helper(session, first_name="Toos", postcode="5664 HJ")
        willing = volunteer.come_forward(session, other, scarce.hard).id

    def agree() -> None:
        from app.agreements import agree

        with program.transaction() as session:
            agree.agree(session, act(session, scarce.asker), willing, an_appointment(session))

    _, done = at_once(agree, lambda: taken(program, scarce.makelaar, run))

    assert isinstance(done, Taken)
    assert {one.reason for one in done.stale} <= {"not-open", "place-taken"}
    assert len(done.stale) == 1
    assert Origin.DISTRIBUTION.value not in {
        row[2] for row in proposals(fresh_database) if row[0] == scarce.hard
    }


def test_a_run_of_a_month_ago_is_let_go_and_what_came_of_it_stays(
    program: Database,
    fresh_database: Migrated,
    scarce: Scarce,
    run: UUID,
    travel: Callable[[timedelta], None],
) -> None:
    taken(program, scarce.makelaar, run)
    travel(timedelta(days=31))
    with program.transaction() as session:
        act(session, scarce.makelaar)
        assert service.tidy(session) == 1

    assert rows_of(fresh_database, "SELECT count(*) FROM distribution_line")[0][0] == 0
    assert len(proposals(fresh_database)) == 2
