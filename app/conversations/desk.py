"""A conversation at the desk: only with a report between the two or the yes of both, and never unseen.

The database decides and writes the look down itself (`read_conversation()`): no row is in sight of a desk otherwise.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit.write import role_of
from app.errors import NotFound
from app.safety import reports

REPORT: Final = "melding"
"""Why a conversation was opened, as its two people read it; what was reported is not told here."""


@dataclass(frozen=True, slots=True)
class Said:
    """One message as a desk reads it."""

    by: str
    text: str
    at: datetime
    by_asker: bool


@dataclass(frozen=True, slots=True)
class Reported:
    """A conversation between the two of a report; its words are read by opening it."""

    proposal_id: UUID
    messages: int
    last_at: datetime


def of_report(session: Session, report_id: UUID) -> list[Reported]:
    """The conversations between the two of a report that the caller opened; none once it is handled."""
    rows = session.execute(
        text("SELECT proposal_id, messages, last_at FROM reported_conversations(:report)"),
        {"report": report_id},
    )
    return [Reported(*row) for row in rows]


def read_reported(session: Session, actor: Actor, report_id: UUID, proposal_id: UUID) -> list[Said]:
    """The words, for who handles the report. Both people read back that it was done. NotFound for any other."""
    report = reports.open_report(session, actor, report_id)
    if proposal_id not in {one.proposal_id for one in of_report(session, report.id)}:
        raise NotFound
    return read(session, actor, proposal_id, case_id=None, why=REPORT)


def read(session: Session, actor: Actor, proposal_id: UUID, *, case_id: UUID | None, why: str) -> list[Said]:
    """What was said, where the database lets this desk read it; nothing elsewhere."""
    rows = session.execute(
        text("SELECT author, by_asker, words, sent_at FROM read_conversation(:proposal, :role, :case, :why)"),
        {"proposal": proposal_id, "role": role_of(actor), "case": case_id, "why": why},
    )
    return [Said(row.author, row.words, row.sent_at, row.by_asker) for row in rows]
