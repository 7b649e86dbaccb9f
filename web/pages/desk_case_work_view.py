"""What stands beside a case: who else looks, what is to be done, the faces, talks, and what others were asked."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from app.access.actor import Actor
from app.casework import colleagues, evaluations, faces, presence, questions, tasks, wmo
from app.casework.models import CaseQuestion, CaseTask, CaseTeam, QuestionKind, TaskKind, WmoReport
from app.clock import AMSTERDAM
from app.help_requests.models import HelpRequest
from app.households import service as households
from app.households.models import Plan
from app.http import Opened
from app.life import service as life
from app.life.models import LifeEvent
from app.moderation.cases import Case
from app.moderation.models import Access
from web import dutch
from web.agreement_words import FACES
from web.i18n import N_, translate
from web.life_words import KINDS as EVENTS

READERS: Final = {
    Access.DESK: N_("Alle makelaars"),
    Access.CASE: N_("Alleen wie bij deze zaak hoort"),
    Access.ASKER: N_("De vrager ook"),
}
DAYS: Final = (
    ("0", N_("vandaag")),
    ("1", N_("binnen 1 werkdag")),
    ("3", N_("binnen 3 werkdagen")),
    ("5", N_("binnen 5 werkdagen")),
    ("10", N_("binnen 10 werkdagen")),
)


@dataclass(frozen=True, slots=True)
class Todo:
    """A task or a promise, in words."""

    id: UUID
    what: str
    promised: bool
    when: str
    late: bool
    who: str


@dataclass(frozen=True, slots=True)
class Work:
    """All of it, as the case draws it."""

    looking: str
    """First names of colleagues who have the case before them now, with since when."""
    todo: list[Todo]
    done: list[str]
    team: CaseTeam | None
    stood_in: bool
    colleagues: list[tuple[str, str]]
    course: evaluations.Course
    talks: list[tuple[str, str, str]]
    talk_due: str
    talk_late: bool
    waiting: list[CaseQuestion]
    report: WmoReport | None
    readers: list[tuple[str, str]]
    days: list[tuple[str, str]]
    faces: list[tuple[str, str]]
    plan: Plan | None
    event: LifeEvent | None
    event_words: str


def work_on(session: Opened, actor: Actor, case: Case, moment: datetime, lang: str) -> Work:
    """What stands beside this case."""
    asked = case.help_request
    rows = tasks.of_case(session, actor, asked.id)
    team = faces.of_case(session, actor, asked.id)
    course = evaluations.course(session, actor, asked.id)
    today = moment.astimezone(AMSTERDAM).date()
    event = life.standing(session, actor, asked.person_id)
    return Work(
        looking=looking_at(session, actor, asked, lang),
        todo=[_todo(row, moment, lang) for row in rows if row.done_at is None],
        done=[_done(row, lang) for row in rows if row.done_at is not None],
        team=team,
        stood_in=faces.stands_in(team, today),
        colleagues=_names(session, actor, asked.municipality_id),
        course=course,
        talks=[
            (dutch.day(one.held_on, lang), translate(lang, FACES[one.face]), one.words) for one in course.held
        ],
        talk_due=dutch.near(course.due_on, moment, lang) if course.due_on else "",
        talk_late=course.due_on is not None and course.due_on < today,
        waiting=[row for row in questions.of_case(session, actor, asked.id) if row.answered_at is None],
        report=wmo.of_case(session, actor, asked.id),
        readers=[(one.value, translate(lang, name)) for one, name in READERS.items()],
        days=[(value, translate(lang, name)) for value, name in DAYS],
        faces=[(one.value, translate(lang, name)) for one, name in FACES.items()],
        plan=households.of_person(session, actor, asked.person_id),
        event=event,
        event_words=translate(lang, EVENTS[event.kind]) if event else "",
    )


def looking_at(session: Opened, actor: Actor, asked: HelpRequest, lang: str) -> str:
    """ "Samira kijkt mee sinds 9.10 uur"; empty when nobody does."""
    here = presence.others(session, actor, asked)
    if not here:
        return ""
    names = dutch.listed([one.person.first_name for one in here], lang)
    since = dutch.clock(here[0].since, lang)
    return translate(lang, N_("%(names)s kijkt mee sinds %(clock)s"), names=names, clock=since)


def _names(session: Opened, actor: Actor, municipality_id: int) -> list[tuple[str, str]]:
    return [(str(key), name) for key, name in colleagues.brokers(session, actor, municipality_id)]


def _todo(row: CaseTask, moment: datetime, lang: str) -> Todo:
    return Todo(
        id=row.id,
        what=row.what,
        promised=row.kind is TaskKind.PROMISE,
        when=_by(row.due_at, moment, lang),
        late=row.due_at < moment,
        who=row.for_.first_name if row.for_ else "",
    )


def _by(due_at: datetime, moment: datetime, lang: str) -> str:
    local: date = due_at.astimezone(AMSTERDAM).date()
    if local == moment.astimezone(AMSTERDAM).date():
        return translate(lang, N_("vandaag, vóór %(clock)s"), clock=dutch.clock(due_at, lang))
    return translate(lang, N_("uiterlijk %(day)s"), day=dutch.day(local, lang, now=moment))


def _done(row: CaseTask, lang: str) -> str:
    assert row.done_at is not None  # as the caller asks
    assert row.done_by is not None
    said = N_("%(what)s: %(name)s, %(day)s")
    return translate(lang, said, what=row.what, name=row.done_by.first_name, day=dutch.day(row.done_at, lang))


def question_words(row: CaseQuestion, lang: str) -> str:
    """Who was asked, and what for."""
    who = row.asked_of.first_name if row.asked_of else row.expert
    if row.kind is QuestionKind.DEADLOCK:
        return translate(lang, N_("%(name)s hakt de knoop door"), name=who)
    return translate(lang, N_("Advies van %(name)s"), name=who)
