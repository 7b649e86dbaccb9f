"""Reading the audit log: one's own part of it, and the privacy officer's search, which is itself written down."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.access.actor import Actor
from app.access.policy import require_anywhere
from app.access.roles import Permission
from app.audit.models import AuditEntry, AuditReason
from app.audit.write import Act, note
from app.clock import AMSTERDAM
from app.people.models import Person
from app.schemas import Incoming, Whole
from app.text import Line

PAGE = 50


class Search(Incoming):
    """What the privacy officer looks for; everything is optional."""

    words: Annotated[Line | None, Field(alias="zoek")] = None
    """A part of the reason, or the first name of who looked or whose data it was."""
    act: Annotated[Act | None, Field(alias="wat")] = None
    since: Annotated[date | None, Field(alias="vanaf")] = None
    until: Annotated[date | None, Field(alias="totEnMet")] = None
    page: Annotated[Annotated[Whole, Field(ge=1, le=1000)], Field(alias="blad")] = 1


@dataclass(frozen=True, slots=True)
class Look:
    """One line: somebody looked at something of somebody, and why."""

    id: UUID
    at: datetime
    act: Act
    by: str
    """First name, or empty for the program."""
    role: str
    of: str
    entity: str
    entity_id: UUID | None
    case_id: UUID | None
    reason: str


def mine(session: Session, actor: Actor, *, page: int = 1) -> list[Look]:
    """Who looked at one's own data, the newest first; one's own looks are left out."""
    # unscoped: one's own, and row-level security leaves out what is shown later
    own = _looks().where(
        AuditEntry.subject_id == actor.person_id, AuditEntry.actor_id.is_distinct_from(actor.person_id)
    )
    return _read(session, own, page)


def search(session: Session, actor: Actor, wanted: Search) -> list[Look]:
    """What the privacy officer finds in the log of the own municipalities; that they looked is in it from now on."""
    reach = require_anywhere(actor, Permission.SEE_AUDIT)
    asked = wanted.model_dump(mode="json", exclude_none=True, by_alias=True, exclude={"page"})
    for municipality_id in sorted(reach):
        note(session, actor, Act.AUDIT, municipality_id=municipality_id, entity="audit_entry",
             reason=", ".join(f"{name}: {value}" for name, value in asked.items()))  # fmt: skip
    # unscoped: the permission was asked: its reach is in the condition
    query = _looks().where(AuditEntry.municipality_id.in_(reach))
    subject, by = aliased(Person), aliased(Person)
    if wanted.words:
        part = f"%{wanted.words.replace('%', '').replace('_', '')}%"
        named = select(subject.id).where(subject.first_name.ilike(part))
        looked = select(by.id).where(by.first_name.ilike(part))
        query = query.where(or_(
            AuditReason.reason.ilike(part), AuditEntry.subject_id.in_(named), AuditEntry.actor_id.in_(looked),
        ))  # fmt: skip
    if wanted.act is not None:
        query = query.where(AuditEntry.act == wanted.act.value)
    if wanted.since is not None:
        query = query.where(AuditEntry.at >= datetime.combine(wanted.since, time(), AMSTERDAM))
    if wanted.until is not None:
        query = query.where(
            AuditEntry.at < datetime.combine(wanted.until + timedelta(days=1), time(), AMSTERDAM)
        )
    return _read(session, query, wanted.page)


def _looks() -> Select[AuditEntry, str, str, str]:
    by, of = aliased(Person), aliased(Person)
    return (
        select(
            AuditEntry, func.coalesce(by.first_name, ""), func.coalesce(of.first_name, ""),
            func.coalesce(AuditReason.reason, ""),
        )
        .outerjoin(by, by.id == AuditEntry.actor_id)
        .outerjoin(of, of.id == AuditEntry.subject_id)
        .outerjoin(AuditReason, AuditReason.entry_id == AuditEntry.id)
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
    )  # fmt: skip


def _read(session: Session, query: Select[AuditEntry, str, str, str], page: int) -> list[Look]:
    rows = session.execute(query.limit(PAGE).offset((page - 1) * PAGE))
    return [
        Look(row.id, row.at, Act(row.act), by, row.role, of, row.entity, row.entity_id, row.case_id, reason)
        for row, by, of, reason in rows
    ]
