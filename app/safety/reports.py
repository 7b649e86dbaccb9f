"""Reports: made at a contact, seen by the desk at once, answered within working days that were promised."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, text
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.access.limits import Limit, spend
from app.access.policy import found, locked, require
from app.access.roles import Permission
from app.audit import write as audit
from app.clock import now
from app.errors import Invalid, NotFound, Stale
from app.ids import uuid7
from app.notifications.service import tell
from app.people.models import Person
from app.places.working_days import add_working_days
from app.pots.notes import refuse_own
from app.safety.models import SafetyNote, SafetyReport
from app.safety.schemas import Assignment, Handling, NewNote, NewReport
from app.safety.subjects import Contact
from app.safety.words import DAYS, NoteKind, ReportStatus

PAGE = 100
BY_PERSON: Final = Limit("report-by-person", 10, timedelta(days=1), then_every=timedelta(minutes=30))
"""Somebody in need is always heard; nobody buries a report about themselves under a hundred others."""
FACE = (
    joinedload(SafetyReport.reporter),
    joinedload(SafetyReport.about),
    joinedload(SafetyReport.seen_by),
    joinedload(SafetyReport.assigned_to),
)


@dataclass(frozen=True, slots=True)
class Board:
    """What a desk has to look at, what is late first, and what was handled lately."""

    open: list[SafetyReport]
    late: int
    handled: list[SafetyReport]
    now: datetime


def report(session: Session, actor: Actor, at: Contact, new: NewReport) -> UUID:
    """Tell the desk; nobody else is told. The key is the new report's. Raises TooMany."""
    spend(session, BY_PERSON, str(actor.hand))
    return keep(session, actor, at, new)


def keep(session: Session, actor: Actor, at: Contact, new: NewReport) -> UUID:
    """The same, however often: for what comes with another act that must not fail for it."""
    moment = now(session)
    home = actor.home or at.municipality_id
    if home is None:
        raise NotFound  # nobody would read it
    row = SafetyReport(
        id=uuid7(),
        municipality_id=home,
        other_municipality_id=at.municipality_id if at.municipality_id != home else None,
        reporter_id=actor.person_id,
        by_id=actor.hand,
        about_id=at.person.id if at.person else None,
        subject=at.subject,
        subject_id=at.id,
        title=at.title,
        what=new.what,
        words=new.words,
        urgency=new.urgency,
        anonymous=not new.may_be_named,
        status=ReportStatus.NEW,
        created_at=moment,
        due_at=add_working_days(moment, DAYS[new.urgency]),
    )
    session.add(row)
    session.flush()
    for person_id, municipality_id in desk_of(session, row):
        tell(session, person_id, municipality_id, "safety-report", row.id)
    return row.id


def desk_of(session: Session, row: SafetyReport) -> list[tuple[UUID, int]]:
    """Makelaars and safety officers of both municipalities, but not whom it is about or who lives there; each once."""
    return _of_desks(session, row, row.about_id)


def _of_desks(session: Session, row: SafetyReport, *about: UUID | None) -> list[tuple[UUID, int]]:
    places = [row.municipality_id, *([row.other_municipality_id] if row.other_municipality_id else [])]
    people = {
        person_id: municipality_id
        for municipality_id in reversed(places)
        for person_id in staff(session, municipality_id, *about)
    }
    return list(people.items())


def takers(session: Session, row: SafetyReport) -> list[UUID]:
    """Who may handle a report: nobody answers their own house."""
    return [person_id for person_id, _ in _of_desks(session, row, row.about_id, row.reporter_id)]


def staff(session: Session, municipality_id: int, *about: UUID | None) -> list[UUID]:
    """Who handles reports in a municipality; not whom it is about, nor whoever lives with them."""
    query = text(
        "SELECT DISTINCT person_id FROM municipality_staff(:m) WHERE role IN ('broker', 'safety_officer')"
        " AND NOT EXISTS (SELECT FROM unnest(CAST(:about AS uuid[])) AS one (id) WHERE one_house(person_id, one.id))"
    )
    return list(session.scalars(query, {"m": municipality_id, "about": list(about)}))


def mine(session: Session, actor: Actor) -> list[SafetyReport]:
    """One's own reports, the newest first."""
    own = select(SafetyReport).where(SafetyReport.owned_by(actor.person_id)).options(*FACE)
    return list(session.scalars(own.order_by(SafetyReport.created_at.desc()).limit(20)))


def my_own(session: Session, actor: Actor, id: UUID) -> SafetyReport:
    """One of one's own; NotFound for any other."""
    own = select(SafetyReport).where(SafetyReport.owned_by(actor.person_id), SafetyReport.id == id)
    return found(session.scalars(own).one_or_none())


def selection(actor: Actor) -> Select[SafetyReport]:
    """The reports that this desk handles; not those about whoever sits there, or lives with them."""
    # unscoped: the permission was asked, by its reach; who made a report reads it on their own page
    reach = SafetyReport.in_reach_of(actor.reach(Permission.HANDLE_REPORTS))
    return select(SafetyReport).where(reach, _about_others(actor)).options(*FACE)


def _about_others(actor: Actor) -> ColumnElement[bool]:
    return ~func.one_house(SafetyReport.about_id, actor.person_id)


def board(session: Session, actor: Actor, municipality_id: int) -> Board:
    """The queue of one municipality: what is due soonest first."""
    require(actor, Permission.HANDLE_REPORTS, municipality_id)
    moment = now(session)
    here = selection(actor).where(SafetyReport.in_reach_of(frozenset({municipality_id})))
    waiting = here.where(SafetyReport.status != ReportStatus.HANDLED)
    rows = list(session.scalars(waiting.order_by(SafetyReport.due_at, SafetyReport.id).limit(PAGE)))
    handled = here.where(SafetyReport.status == ReportStatus.HANDLED)
    return Board(
        open=rows,
        late=sum(row.due_at < moment for row in rows),
        handled=list(session.scalars(handled.order_by(SafetyReport.handled_at.desc()).limit(10))),
        now=moment,
    )


def waiting(session: Session, actor: Actor, municipality_id: int) -> tuple[int, int]:
    """How many reports wait at a desk, and how many of those are late; nothing for who does not handle them."""
    if municipality_id not in actor.reach(Permission.HANDLE_REPORTS):
        return 0, 0
    late = func.count().filter(SafetyReport.due_at < now(session))
    # unscoped: the permission was asked for this municipality
    query = select(func.count(), late).where(
        SafetyReport.in_reach_of(frozenset({municipality_id})),
        SafetyReport.status != ReportStatus.HANDLED,
        _about_others(actor),
    )
    row = session.execute(query).one()
    return int(row[0]), int(row[1])


def open_report(session: Session, actor: Actor, id: UUID) -> SafetyReport:
    """One report; whoever opens it first has seen it, and the reporter reads who. NotFound out of reach."""
    row = found(session.scalars(selection(actor).where(SafetyReport.id == id)).one_or_none())
    audit.note(session, actor, audit.Act.REPORT, subject=row.reporter_id, municipality_id=row.municipality_id,
               entity="safety_report", entity_id=id)  # fmt: skip
    if row.seen_at is None:
        row = get_locked(session, actor, id)
        if row.seen_at is None:
            row.seen_at, row.seen_by_id = now(session), actor.person_id
            session.flush()
        return found(
            session.scalars(
                selection(actor).where(SafetyReport.id == id).execution_options(populate_existing=True)
            ).one_or_none()
        )
    return row


def get_locked(session: Session, actor: Actor, id: UUID) -> SafetyReport:
    """A report that this desk may handle, locked; NotFound for every other."""
    reach = SafetyReport.in_reach_of(actor.reach(Permission.HANDLE_REPORTS))
    # unscoped: the permission was asked, by its reach
    query = select(SafetyReport).where(SafetyReport.id == id, reach, _about_others(actor))
    return found(session.scalars(locked(query)).one_or_none())


def notes(session: Session, report_id: UUID) -> list[SafetyNote]:
    """What was done about a report that the caller opened, the newest first."""
    # unscoped: goes with a report that the caller holds
    query = select(SafetyNote).where(SafetyNote.report_id == report_id).options(joinedload(SafetyNote.author))
    return list(session.scalars(query.order_by(SafetyNote.at.desc(), SafetyNote.id.desc())))


def note(session: Session, actor: Actor, id: UUID, new: NewNote) -> SafetyNote:
    """Write down a call, a visit or a thought."""
    if new.kind is NoteKind.STEP:
        raise Invalid(details={"soort": "choose"})
    return _write(session, actor, get_locked(session, actor, id), new.kind, new.text)


def _write(session: Session, actor: Actor, row: SafetyReport, kind: NoteKind, words: str) -> SafetyNote:
    written = SafetyNote(
        id=uuid7(),
        municipality_id=row.municipality_id,
        other_municipality_id=row.other_municipality_id,
        report_id=row.id,
        author_id=actor.person_id,
        kind=kind,
        text=words,
    )
    session.add(written)
    session.flush()
    return written


def assign(session: Session, actor: Actor, id: UUID, to: Assignment) -> SafetyReport:
    """Take it, hand it to a colleague, or open it again. Raises Invalid for who does not handle it, OwnInterest."""
    row = get_locked(session, actor, id)
    person_id = to.to or actor.person_id
    if person_id == actor.person_id:
        refuse_own(session, actor, row.reporter_id)
    if person_id not in takers(session, row):
        raise Invalid(details={"aan": "choose"})
    was_handled = row.status is ReportStatus.HANDLED
    with session.no_autoflush:
        row.step(ReportStatus.ASSIGNED)
        row.assigned_to_id = person_id
        row.handled_at = row.handled_by_id = row.outcome = None
    session.flush()
    _write(session, actor, row, NoteKind.STEP, "reopened" if was_handled else "assigned")
    if person_id != actor.person_id:
        tell(session, person_id, row.municipality_id, "safety-report", row.id, turn=row.version)
    return row


def handle(session: Session, actor: Actor, id: UUID, done: Handling) -> SafetyReport:
    """Say what came of it; the reporter reads the words. Raises Stale when a colleague was first, OwnInterest."""
    row = get_locked(session, actor, id)
    refuse_own(session, actor, row.reporter_id)
    if row.version != done.version:
        raise Stale
    with session.no_autoflush:
        row.step(ReportStatus.HANDLED)
        row.outcome, row.answer = done.outcome, done.answer
        row.handled_at, row.handled_by_id = now(session), actor.person_id
    session.flush()
    _write(session, actor, row, NoteKind.STEP, "handled")
    tell(session, row.reporter_id, row.municipality_id, "safety-answered", row.id, turn=row.version)
    return row


def colleagues(session: Session, row: SafetyReport) -> list[Person]:
    """Who may take a report, by name."""
    query = select(Person).where(Person.id.in_(takers(session, row))).order_by(Person.first_name, Person.id)
    return list(session.scalars(query))


def late(session: Session) -> int:
    """Tell the desks, once, of what is past its promise; the worker's reach is every municipality."""
    # unscoped: the worker's reach is every municipality
    query = select(SafetyReport).where(
        SafetyReport.status != ReportStatus.HANDLED, SafetyReport.due_at < now(session)
    )
    rows = list(session.scalars(query))
    for row in rows:
        for person_id, municipality_id in desk_of(session, row):
            tell(session, person_id, municipality_id, "safety-late", row.id)
    return len(rows)
