"""What runs by the clock: which jobs and when, as the queue knows them, and that a second run does nothing new."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from psycopg import sql
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access import once
from app.access.actor import Actor
from app.agreements import occur
from app.checks import service as checks
from app.checks.schemas import NewCheck
from app.clock import today
from app.config import Settings
from app.db import Database as Program
from app.help_requests import service as help_requests
from app.jobs.worker import queue_app
from app.matches import propose
from app.people import limits
from app.people.limits import LimitsChange
from app.roosjes import asking, giving
from app.roosjes.giving import Gift
from app.safety import reports, subjects
from app.safety.schemas import NewReport
from app.upkeep import as_owner
from tests.app.conftest import rows_of
from tests.app.factories import a_helper, a_member_of_staff, a_person, a_request, act, an_agreement, an_offer
from tests.app.rings.three import ERRANDS, MEALS, WALK, Circle, circle
from tests.databases import Database

__all__ = ["circle"]

Travel = Callable[[timedelta], None]

WRITTEN = {
    "hours.rings": "3-59/10 * * * *",
    "minutes.give_back": "*/5 * * * *",
    "hours.watch_referrals": "8-59/10 * * * *",
    "hours.remind": "17 * * * *",
    "hours.tell_late": "19 * * * *",
    "hours.expire": "*/10 * * * *",
    "hours.gather": "4 * * * *",
    "hours.advance": "7 * * * *",
    "hours.lapse_questions": "21 * * * *",
    "nights.resume": "5 0 * * *",
    "nights.apply_policies": "11 3 * * *",
    "nights.budgets": "25 3 * * *",
    "nights.tidy": "41 3 * * *",
    "nights.carry_along": "41 3 * * *",
    "nights.tell_figures": "47 3 * * *",
    "nights.seal": "51 3 * * *",
    "nights.distribute": "11 4 * * *",
    "nights.watch_books": "27 4 * * *",
    "nights.find_rings": "31 4 * * *",
    "days.advise": "23 9 * * *",
    "days.tell_of_papers": "37 9 * * *",
    "days.tell_of_checks": "49 9 * * *",
    "hours.keep_safe": "13 * * * *",
    "nights.watch_people": "29 4 * * *",
    "nights.let_go": "13 2 * * *",
    "nights.settle_lives": "37 1 * * *",
    "minutes.chain_audit": "* * * * *",
    "nights.check_audit": "1 5 * * *",
}
"""Minute, hour, day, month, day of the week. Rings first: those of then are over before new ones are looked for.
Reminders before what they are about runs out."""
WITHOUT_WORK = {
    "nights.apply_policies", "nights.budgets", "nights.carry_along", "nights.watch_books", "days.tell_of_papers",
    "nights.check_audit", "minutes.give_back", "nights.settle_lives", "hours.watch_referrals",
}  # fmt: skip
"""Of which this small region has none; what they do is shown beside budgets, moving house, papers and signals.
The last only looks."""
DIARY = "public.retention_run"
"""Each night says here what it let go of, also when that was nothing."""
LATER_DAYS = 38
TABLES = (
    "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 'ledger')"
    " AND tablename NOT IN ('alembic_version', 'procrastinate_events') ORDER BY 1, 2"
)


@pytest.fixture
def region(program: Program, fresh_database: Database, circle: Circle, travel: Travel) -> None:
    """Weeks ago people asked, agreed, paused, gave and kept silent; today three could help each other round."""
    with program.transaction() as session:
        bea, (tonnie, _) = a_person(session, first_name="Bea"), a_helper(session, minutenPerWeek=2400)
        session.flush()
        first = occur.get(session, act(session, bea), an_agreement(session, bea, tonnie).id).occurrences[0].id
        an_agreement(session, bea, tonnie, days=5, hoeVaak="wekelijks")
        gives(session, bea, tonnie)
        asking.ask(session, bea, giving.known(session, bea, tonnie.person_id), Gift(30, "vraag"))
        assert once.first_answer(session, bea, "give", "key") is None
        asked = a_request(session, bea, titel="Wie loopt er mee?")
        session.flush()
        assert propose.for_request(session, bea, asked)
        cor, (dik, _) = a_person(session, first_name="Cor"), a_helper(session, first_name="Dik")
        met = an_agreement(session, cor, dik, soort="zonder")
        gives(session, cor, dik)
        occur.end(session, cor, met.id)
        idle, _ = a_helper(session, first_name="Wim")
        until = (today(session) + timedelta(days=5)).isoformat()
        limits.save(session, act(session, idle), LimitsChange.model_validate({"pauzeTot": until}))
        help_requests.withdraw(session, act(session, bea), a_request(session, bea).id)
        watched(fresh_database, session, bea, tonnie, met=first)
    circle.find()
    travel(timedelta(days=4))
    with program.transaction() as session:
        occur.happened(session, act(session, tonnie), first)
    travel(timedelta(days=LATER_DAYS))
    with program.transaction() as session:
        for name, asks, does in (("An", MEALS, WALK), ("Bo", WALK, ERRANDS), ("Co", ERRANDS, MEALS)):
            one = a_person(session, first_name=name)
            a_request(session, one, categorie=asks, toelichting="Bel mij: 06 12345678")
            an_offer(session, one, categorieen=[does])


def gives(session: Session, one: Actor, other: Actor) -> None:
    """An hour, for a word of thanks."""
    giving.give(session, one, giving.known(session, one, other.person_id), Gift(60, "dank"))


def watched(database: Database, session: Session, asker: Actor, helper: Actor, *, met: UUID) -> None:
    """The desk saw a VOG of the helper that ends, and read a report of the asker that nobody answers."""
    marja, day = a_member_of_staff(database, session), today(session)
    until = day + timedelta(days=LATER_DAYS + 20)
    seen = {"soort": "vog", "vanaf": day.isoformat(), "totEnMet": until.isoformat()}
    checks.record(session, marja, helper.person_id, NewCheck.model_validate(seen))
    contact = subjects.contact(session, act(session, asker), "keer", met)
    said = {"waarover": "boundary", "uitleg": "Hij bleef veel te lang.", "hoeSnel": "later"}
    report_id = reports.report(session, asker, contact, NewReport.model_validate(said))
    reports.open_report(session, act(session, marja), report_id)


class Kept:
    """All that the database holds, table by table."""

    def __init__(self, database: Database) -> None:
        self.database = database
        digest = "SELECT {} AS name, md5(coalesce(string_agg(t::text, '' ORDER BY t::text), '')) FROM {}.{} t"
        self.query = sql.SQL(" UNION ALL ").join(
            sql.SQL(digest).format(f"{schema}.{table}", sql.Identifier(schema), sql.Identifier(table))
            for schema, table in rows_of(database, TABLES)
        )

    def now(self) -> dict[str, str]:
        """A digest of each table."""
        with as_owner(self.database.owner_url) as owner:
            return {row.name: row.md5 for row in owner.execute(text(self.query.as_string()))}


def test_the_queue_knows_each_job_by_its_name_and_its_time(
    program: Program, fresh_database: Database, tmp_path: Path
) -> None:
    app = queue_app(Settings(data_dir=tmp_path), program, fresh_database.app_url)

    held = [(one.task.name, one.cron) for one in app.periodic_registry.periodic_tasks.values()]

    assert len(held) == len(WRITTEN)
    assert dict(held) == WRITTEN
    assert {one.task.queueing_lock for one in app.periodic_registry.periodic_tasks.values()} == set(WRITTEN)


@pytest.mark.usefixtures("region")
def test_each_job_does_its_work_once_and_a_second_run_does_nothing_new(
    program: Program, fresh_database: Database, tmp_path: Path
) -> None:
    app = queue_app(Settings(data_dir=tmp_path), program, fresh_database.app_url)
    jobs = {one.task.name: one.task.func for one in app.periodic_registry.periodic_tasks.values()}
    kept = Kept(fresh_database)
    before, idle, twice = kept.now(), set(), {}
    for name in WRITTEN:
        jobs[name](timestamp=0)
        first = kept.now()
        jobs[name](timestamp=0)
        after = kept.now()
        if first == before:
            idle.add(name)
        if after != first:
            twice[name] = [table for table in after if after[table] != first[table]]
        before = after

    assert twice == {"nights.let_go": [DIARY]}
    assert idle == WITHOUT_WORK
    done = f"SELECT kind, array_agg(done ORDER BY done DESC) FROM {DIARY} GROUP BY kind, municipality_id"
    assert rows_of(fresh_database, f"{done} HAVING sum(done) > 0") == [("withdrawn_text", [1, 0])]
