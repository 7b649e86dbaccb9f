"""The course of a case: every step of the request and what came of it, and the notes, the newest first."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.agreements.models import Agreement, Occurrence
from app.audit.write import Act, note
from app.help_requests.models import HelpRequest
from app.matches.models import Proposal
from app.moderation import cases
from app.moderation.models import CaseNote, NoteKind
from app.people.models import Person
from app.satisfaction import service as satisfaction
from app.states import StateEvent

MOST = 120


@dataclass(frozen=True, slots=True)
class Happening:
    """One line. ``entity`` is a table's name or "note"; ``by`` and ``helper`` are first names, or empty."""

    at: datetime
    entity: str
    before: str
    after: str
    by: str
    helper: str = ""
    text: str = ""
    starts_at: datetime | None = None
    entity_id: UUID | None = None
    access: str = ""
    """Of a note: who reads it."""
    link: str = ""
    """Of a note: where its document stands."""


def of_case(session: Session, actor: Actor, id: UUID) -> list[Happening]:
    """The course of one case; four queries, however long it is."""
    _tell(session, actor, cases.get(session, actor, id))
    steps = _steps(session, id)
    told = [
        Happening(
            written.at,
            "note",
            "",
            NoteKind(written.kind).value,
            written.author.first_name,
            text=written.text,
            access=written.access.value,
            link=written.link,
        )
        for written in _notes(session, id)
    ]
    looked = [
        Happening(one.created_at, "satisfaction", "", one.face.value, one.author.first_name, text=one.words)
        for one in satisfaction.of_case(session, actor, id)
    ]
    return sorted([*steps, *told, *looked], key=lambda line: line.at, reverse=True)


def notes(session: Session, actor: Actor, id: UUID) -> list[CaseNote]:
    """What the desk wrote about one case, with its writers, the newest first."""
    _tell(session, actor, cases.get(session, actor, id))
    return _notes(session, id)


def _tell(session: Session, actor: Actor, help_request: HelpRequest) -> None:
    """Write down that the notes of a case were read."""
    note(
        session, actor, Act.NOTES, subject=help_request.person_id, municipality_id=help_request.municipality_id,
        entity="case_note", entity_id=help_request.id, case_id=help_request.id,
    )  # fmt: skip


def last_change(session: Session, actor: Actor, id: UUID) -> Happening | None:
    """Who changed the request itself last, for the one who was just too late."""
    return next(
        (line for line in of_case(session, actor, id) if line.entity == HelpRequest.__tablename__), None
    )


def _steps(session: Session, id: UUID) -> list[Happening]:
    subjects = {id: ("", None)} | _helpers(session, id)
    # unscoped: goes with a case in the actor's reach, and row-level security stands behind it
    query = (
        select(StateEvent, Person.first_name)
        .outerjoin(Person, Person.id == StateEvent.by_person_id)
        .where(StateEvent.entity_id.in_(subjects))
        .order_by(StateEvent.at.desc(), StateEvent.id.desc())
        .limit(MOST)
    )
    lines = []
    for event, by in session.execute(query):
        helper, starts_at = subjects[event.entity_id]
        lines.append(
            Happening(
                event.at, event.entity, event.before, event.after, by or "", helper, event.reason,
                starts_at, event.entity_id,
            )
        )  # fmt: skip
    return lines


def _helpers(session: Session, id: UUID) -> dict[UUID, tuple[str, datetime | None]]:
    """Each proposal, agreement and time of the case, with its helper's first name and when it is."""
    # unscoped: goes with a case in the actor's reach, and row-level security stands behind it
    query = (
        select(Proposal.id, Agreement.id, Occurrence.id, Person.first_name, Occurrence.starts_at)
        .join(Person, Person.id == Proposal.helper_id)
        .outerjoin(Agreement, Agreement.proposal_id == Proposal.id)
        .outerjoin(Occurrence, Occurrence.agreement_id == Agreement.id)
        .where(Proposal.help_request_id == id)
    )
    subjects: dict[UUID, tuple[str, datetime | None]] = {}
    for proposal_id, agreement_id, occurrence_id, name, starts_at in session.execute(query):
        subjects[proposal_id] = (name, None)
        if agreement_id is not None:
            subjects[agreement_id] = (name, None)
        if occurrence_id is not None:
            subjects[occurrence_id] = (name, starts_at)
    return subjects


def _notes(session: Session, id: UUID) -> list[CaseNote]:
    # unscoped: goes with a case in the actor's reach, and row-level security stands behind it
    query = (
        select(CaseNote)
        .where(CaseNote.help_request_id == id)
        .options(joinedload(CaseNote.author).load_only(Person.first_name))
        .order_by(CaseNote.at.desc())
        .limit(MOST)
    )
    return list(session.scalars(query))
