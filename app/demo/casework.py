"""What the desk does beside finding somebody: talks by their rhythm, tasks, faces, a plan, a report."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from sqlalchemy import Connection, insert, select, text

from app import upkeep
from app.agreements.calendar import moment
from app.agreements.models import Agreement, Occurrence, OccurrenceStatus, Status
from app.casework import rhythm
from app.casework.models import (
    CaseQuestion,
    CaseTask,
    CaseTeam,
    DeskChoice,
    Evaluation,
    QuestionKind,
    TaskKind,
    WmoReport,
)
from app.casework.tasks import CLOSES
from app.categories.models import Category
from app.categories.vocabulary import Frequency
from app.clock import AMSTERDAM
from app.couplings.course import GUIDED
from app.demo.world import Resident, World
from app.help_requests.models import HelpRequest, Status as RequestStatus
from app.households.models import (
    About,
    CarerLoad,
    Outcome,
    Plan,
    PlanDecision,
    PlanLine,
    PlanMoment,
    PlanPerson,
    PlanRole,
    Source,
)
from app.satisfaction.models import Face

HOME: Final = 1771
KEY: Final = UUID("3f5a0d64-94a1-4c57-9d43-0a5c7e9f2b18")
"""From it the keys of rows follow, so that a second filling makes the same."""
AGREED_AFTER: Final = 5
"""After so many talks the people agree themselves when to talk again."""
SEASON_DAYS: Final = 91
TALKS: Final = (
    (Face.HAPPY, "Het loopt fijn. Zij kijken ernaar uit."),
    (Face.HAPPY, ""),
    (Face.HAPPY, "Niets te wensen over, zegt zij."),
    (Face.FAIR, "Een half uur later zou beter uitkomen."),
)
TASKS: Final = (
    ("Bellen hoe het ging", TaskKind.TASK, 0),
    ("Terugbellen over de dag die u wilt", TaskKind.PROMISE, 0),
    ("Navragen bij de buurtbus", TaskKind.TASK, -1),
    ("Uitzoeken of het vergoed wordt", TaskKind.PROMISE, 3),
    ("Langsgaan met de folder", TaskKind.TASK, 5),
)


def work(owner_url: str, world: World) -> None:
    """Talks in the whole region; what one desk does, at the desk that a newcomer sees."""
    with upkeep.as_owner(owner_url) as connection:
        _talks(connection, world)
        cases = [
            row for row in world.all(HelpRequest)
            if row.municipality_id == HOME and row.status is RequestStatus.OPEN and row.seen_at is not None
        ]  # fmt: skip
        cases.sort(key=lambda row: row.id)
        _tasks(connection, world, cases)
        _desks(connection, world, cases)
        _faces(connection, world, cases)
        _questions(connection, world, cases)
        _plan(connection, world)


def _talks(connection: Connection, world: World) -> None:
    guided = set(connection.scalars(select(Category.number).where(Category.slug.in_(GUIDED))))
    asked = {row.id: row for row in world.all(HelpRequest) if row.status is RequestStatus.FILLED}
    firsts: dict[UUID, datetime] = {}
    live = {
        row.id: row.help_request_id for row in world.all(Agreement)
        if row.status is Status.ACTIVE and row.frequency is not Frequency.ONCE and row.help_request_id in asked
    }  # fmt: skip
    for time in world.all(Occurrence):
        case = live.get(time.agreement_id)
        if case is not None and time.status is not OccurrenceStatus.CANCELLED:
            firsts[case] = min(time.starts_at, firsts.get(case, time.starts_at))
    rows = [
        talk
        for case, first in sorted(firsts.items())
        if asked[case].category_number not in guided
        for talk in _held(world, asked[case], first.astimezone(AMSTERDAM).date())
    ]
    rows = _due(world, rows)
    if rows:
        connection.execute(insert(Evaluation), rows)


def _due(world: World, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """At the desk that a newcomer sees one talk is due today, and one was four days ago."""
    today, told = world.moments.today, dict[UUID, list[dict[str, Any]]]()
    for row in rows:
        if row["municipality_id"] == HOME and row["held_on"] < today - timedelta(days=5):
            told.setdefault(row["help_request_id"], []).append(row)
    for case, days in zip(sorted(told), (0, 4), strict=False):
        kept = told[case]
        rows = [row for row in rows if row["help_request_id"] != case or row in kept]
        kept[-1]["next_on"] = today - timedelta(days=days)
    return rows


def _held(world: World, asked: HelpRequest, start: date) -> Iterator[dict[str, Any]]:
    """Up to today; of some the last talk waits for somebody to call."""
    chance, today = world.chance(f"talks:{asked.id}"), world.moments.today
    waits = chance.random() < 0.12
    due, number = start, 0
    for days in rhythm.steps():
        due += timedelta(days=SEASON_DAYS if number >= AGREED_AFTER else days)
        on = due + timedelta(days=chance.choice((0, 0, 0, 1)))
        if on >= today or (waits and on >= today - timedelta(days=9)):
            return
        number, due = number + 1, on
        face, words = chance.choice(TALKS)
        ahead = on + timedelta(days=SEASON_DAYS) if number >= AGREED_AFTER else None
        yield {
            "id": uuid5(KEY, f"{asked.id}:{number}"), "municipality_id": asked.municipality_id,
            "help_request_id": asked.id, "asker_id": asked.person_id, "number": number, "held_on": on, "face": face,
            "words": words, "next_on": ahead, "by_id": world.broker(asked.municipality_id).id,
            "at": moment(on, CLOSES),
        }  # fmt: skip


def _tasks(connection: Connection, world: World, cases: list[HelpRequest]) -> None:
    """One to do today, one promised for today, one that is late, and two for later; and one that was done."""
    marja, now = world.personas["makelaar"], world.moments.now
    rows: list[dict[str, Any]] = []
    for number, (asked, (what, kind, days)) in enumerate(zip(cases, TASKS, strict=False)):
        due = moment(world.moments.today + timedelta(days=days), CLOSES)
        rows.append({
            "id": uuid5(KEY, f"task:{number}"), "municipality_id": HOME, "help_request_id": asked.id,
            "asker_id": asked.person_id, "kind": kind, "what": what, "due_at": due, "for_id": None,
            "made_by_id": marja.id, "made_at": now - timedelta(days=2), "done_at": None, "done_by_id": None,
        })  # fmt: skip
    if not rows:
        return
    rows.append(rows[0] | {
        "id": uuid5(KEY, "task:done"), "what": "Dochter gebeld", "due_at": now - timedelta(days=1),
        "done_at": now - timedelta(days=1, hours=2), "done_by_id": marja.id,
    })  # fmt: skip
    connection.execute(insert(CaseTask), rows)


def _colleague(world: World) -> Resident | None:
    return next((one for one in world.brokers[HOME] if one is not world.personas["makelaar"]), None)


def _desks(connection: Connection, world: World, cases: list[HelpRequest]) -> None:
    """Marja works in three neighbourhoods, and every fourth case is her colleague's."""
    marja, other = world.personas["makelaar"], _colleague(world)
    pc4s = sorted({row.pc4 for row in cases})[:3]
    connection.execute(insert(DeskChoice), [{
        "id": uuid5(KEY, "desk"), "municipality_id": HOME, "person_id": marja.id, "pc4s": pc4s,
    }])  # fmt: skip
    named = {one.id for one in world.personas.values()}
    theirs = [row.id for row in cases[3::4] if row.broker_id == marja.id and row.person_id not in named]
    if other is not None and theirs:
        # unscoped: the owner's own work
        handed_over = text("UPDATE help_request SET broker_id = :them WHERE id = ANY(:cases)")
        connection.execute(handed_over, {"them": other.id, "cases": theirs})


def _faces(connection: Connection, world: World, cases: list[HelpRequest]) -> None:
    other = _colleague(world)
    mine = [row for row in cases if other is not None and row.broker_id not in (None, other.id)]
    if other is None or not mine:
        return
    connection.execute(insert(CaseTeam), [{
        "id": uuid5(KEY, "faces"), "municipality_id": HOME, "help_request_id": mine[0].id,
        "asker_id": mine[0].person_id, "second_id": other.id, "stand_in_id": None, "away_from": None,
        "away_until": None, "version": 1,
    }])  # fmt: skip


def _questions(connection: Connection, world: World, cases: list[HelpRequest]) -> None:
    """Advice that came, and a report under the Wmo."""
    if len(cases) < 3:
        return
    marja, now = world.personas["makelaar"], world.moments.now
    asked, reported = cases[1], cases[2]
    connection.execute(insert(CaseQuestion), [{
        "id": uuid5(KEY, "advice"), "municipality_id": HOME, "help_request_id": asked.id,
        "asker_id": asked.person_id, "kind": QuestionKind.CONSULT, "asked_by_id": marja.id, "asked_of_id": None,
        "expert": "wijkverpleegkundige", "question": "Waar letten wij op bij iemand die slecht loopt?",
        "asked_at": now - timedelta(days=4), "due_at": now + timedelta(days=2),
        "answer": "Haal losse matten weg en vraag of er een leuning is.",
        "answered_at": now - timedelta(days=2), "answered_by_id": marja.id,
    }])  # fmt: skip
    connection.execute(insert(WmoReport), [{
        "id": uuid5(KEY, "wmo"), "municipality_id": HOME, "help_request_id": reported.id,
        "person_id": reported.person_id, "number": 1, "reported_on": world.moments.today - timedelta(days=3),
        "words": "De trap op en af gaat niet meer alleen.", "by_id": marja.id, "at": now - timedelta(days=3),
    }])  # fmt: skip


def _plan(connection: Connection, world: World) -> None:
    """Two who live together: one cares for the other, and is tired."""
    chance, marja, today = world.chance("household"), world.personas["makelaar"], world.moments.today
    named = {one.id for one in world.personas.values()} | world.staff
    people = sorted(
        (one for one in world.residents.values()
         if one.municipality_id == HOME and 68 <= one.age <= 84 and one.id not in named),
        key=lambda one: one.id,
    )  # fmt: skip
    carer, cared = chance.sample(people, 2)
    plan, made = uuid5(KEY, "plan"), world.moments.now - timedelta(days=120)
    base = {"municipality_id": HOME, "plan_id": plan}
    start = today - timedelta(days=118)
    connection.execute(insert(Plan), [{
        "id": plan, "municipality_id": HOME, "goal": "Samen thuis blijven wonen, en af en toe een dag voor mijzelf.",
        "known": "Bellen kan het best na elf uur. De sleutel ligt bij de buren.", "contact_id": marja.id,
        "second_id": None, "recognised_on": start, "lasts_until": None, "status": "loopt", "reassessing_since": None,
        "promised_on": None, "closing_reason": "", "made_by_id": marja.id, "made_at": made, "version": 3,
    }])  # fmt: skip
    connection.execute(insert(PlanPerson), [
        base | {"id": uuid5(KEY, f"in:{one.id}"), "person_id": one.id, "role": role, "since": made, "left_on": None}
        for one, role in ((cared, PlanRole.ADULT), (carer, PlanRole.CARER))
    ])  # fmt: skip
    connection.execute(insert(PlanLine), [
        base | line | {
            "id": uuid5(KEY, f"line:{number}"), "help_request_id": None, "provision_id": None, "made_by_id": marja.id,
            "made_at": made, "carer_id": carer.id if line["respite"] else None,
            "follows_id": uuid5(KEY, "line:3") if number == 4 else None,
        }
        for number, line in enumerate(_lines(start, today))
    ])  # fmt: skip
    connection.execute(insert(PlanDecision), [base | {
        "id": uuid5(KEY, "decision"), "outcome": Outcome.YES, "words": "Er komt elke week een tweede middag bij.",
        "reasons": "Zorgen werd zwaarder. Met twee middagen rust houdt u het samen vol.", "from_on": today,
        "by_id": marja.id, "at": world.moments.now - timedelta(days=6),
    }])  # fmt: skip
    connection.execute(insert(PlanMoment), [
        base | {"id": uuid5(KEY, "moment:0"), "about": About.CALENDAR, "due_on": start + timedelta(days=42),
                "held_on": start + timedelta(days=43), "face": Face.FAIR, "words": "Slapen gaat slecht.",
                "by_id": marja.id},
        base | {"id": uuid5(KEY, "moment:1"), "about": About.HOSPITAL, "due_on": today, "held_on": None,
                "face": None, "words": "", "by_id": marja.id},
        base | {"id": uuid5(KEY, "moment:2"), "about": About.CALENDAR, "due_on": start + timedelta(days=408),
                "held_on": None, "face": None, "words": "", "by_id": marja.id},
    ])  # fmt: skip
    connection.execute(insert(CarerLoad), [
        {"id": uuid5(KEY, f"load:{ago}"), "municipality_id": HOME, "person_id": carer.id, "load": load,
         "words": words, "said_at": world.moments.ago(days=ago), "by_id": carer.id,
         "heard_at": world.moments.ago(days=ago - 1) if ago > 10 else None}
        for ago, load, words in ((110, 3, ""), (60, 4, "De nachten zijn kort."), (2, 4, "Ik ben vaak moe."))
    ])  # fmt: skip


def _lines(start: date, today: date) -> list[dict[str, Any]]:
    def line(source: Source, what: str, who: str, minutes: int | None, **more: Any) -> dict[str, Any]:
        return {
            "source": source, "what": what, "who": who, "minutes_per_week": minutes, "collective": False,
            "organised": False, "respite": False, "starts_on": start, "ends_on": None, **more,
        }  # fmt: skip

    soon = today + timedelta(days=1)
    return [
        line(Source.OWN, "Boodschappen op zaterdag", "de buren", 60),
        line(Source.GENERAL, "Samen eten in het buurthuis", "", 120, collective=True),
        line(Source.VOLUNTEER, "Fietsen met een maatje", "", 90),
        line(Source.VOLUNTEER, "Een middag iemand bij ons thuis", "", 180, organised=True, respite=True, ends_on=today),
        line(Source.VOLUNTEER, "Een middag iemand bij ons thuis", "", 360, organised=True, respite=True,
             starts_on=soon),
        line(Source.PROFESSIONAL, "Hulp bij het wassen", "thuiszorg", 105, organised=True),
    ]  # fmt: skip
