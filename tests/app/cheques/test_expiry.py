"""Whoever made Roosjes on paper hears two weeks before they expire, and when they did, once each."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from app.access.actor import Actor
from app.cheques import roosjes
from app.cheques.papers import end_of_next_year
from app.clock import now
from app.config import Settings
from app.db import Database as Program
from app.jobs import tasks
from app.jobs.work import Work
from app.notifications.texts import text_of
from tests.app.conftest import rows_of
from tests.app.factories import a_person, act
from tests.databases import Database

Travel = Callable[[timedelta], None]
TOLD = "SELECT kind, params FROM notice WHERE person_id = :id AND kind LIKE 'paper-%' ORDER BY created_at"


@pytest.fixture
def work(program: Program, tmp_path: Path) -> Work:
    return Work(Settings(data_dir=tmp_path), program)


def a_maker(program: Program, name: str, papers: int) -> tuple[Actor, list[str], list[int]]:
    """Somebody with papers of a quarter of an hour; their codes and numbers."""
    with program.transaction() as session:
        maker = a_person(session, first_name=name)
    with program.transaction() as session:
        act(session, maker)
        made = roosjes.issue(session, maker, roosjes.holder(session, maker), (papers, 15), name)
    return maker, [paper.code for paper in made.papers], [paper.number for paper in made.papers]


def until(program: Program, days: int) -> timedelta:
    """From now to so many days before papers of today expire."""
    with program.transaction() as session:
        moment = now(session)
    return end_of_next_year(moment) - timedelta(days=days) - moment


def told(database: Database, actor: Actor) -> list[str]:
    return [row.kind for row in rows_of(database, TOLD, id=actor.person_id)]


def test_the_maker_of_papers_hears_two_weeks_before_they_expire_and_when_they_did_once_each(
    program: Program, fresh_database: Database, work: Work, travel: Travel
) -> None:
    ria, _, _ = a_maker(program, "Ria", 3)
    to_go = until(program, 15)
    travel(to_go)
    tasks.tell_of_papers(work)
    assert told(fresh_database, ria) == []

    travel(timedelta(days=2))
    for _ in range(2):
        tasks.tell_of_papers(work)
        travel(timedelta(days=1))
    assert told(fresh_database, ria) == ["paper-expiring"]
    (notice,) = rows_of(fresh_database, TOLD, id=ria.person_id)
    assert "31 december, 23.59 uur" in text_of(notice.kind, notice.params).body

    travel(timedelta(days=12))
    tasks.expire(work)
    for _ in range(2):
        tasks.tell_of_papers(work)
        travel(timedelta(days=1))
    assert told(fresh_database, ria) == ["paper-expiring", "paper-expired"]
    mails = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'notices.mail'"
    assert rows_of(fresh_database, mails)[0][0] == 2


def test_whoever_has_no_paper_out_hears_nothing(
    program: Program, fresh_database: Database, work: Work, travel: Travel
) -> None:
    ria, (code,), _ = a_maker(program, "Ria", 1)
    piet, _, (number,) = a_maker(program, "Piet", 1)
    with program.transaction() as session:
        act(session, piet)
        roosjes.hand_in(session, piet, roosjes.holder(session, piet), code, "h")
        roosjes.take_back(session, piet, roosjes.holder(session, piet), number, "b")

    for days in (7, -2):
        travel(until(program, days) if days > 0 else timedelta(days=9))
        tasks.expire(work)
        tasks.tell_of_papers(work)

    assert [told(fresh_database, one) for one in (ria, piet)] == [[], []]
