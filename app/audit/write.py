"""Writing in the audit log: who did or read what of whom. The database adds who it was, and when."""

from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access.actor import Actor

_WRITE: Final = text(
    "SELECT audit_write(:role, :act, :subject, :municipality, :entity, :entity_id, :case_id, :reason, :shown_from)"
)


_WRITE_EACH: Final = text(
    "SELECT audit_write(:role, :act, subject, municipality, 'person', subject, NULL, :reason, NULL)"
    " FROM unnest(CAST(:subjects AS uuid[]), CAST(:municipalities AS integer[])) AS shown (subject, municipality)"
)


class Act(StrEnum):
    """What is written down: every look at what is private, and what becomes of it."""

    PERSON = "person"
    """Last name, telephone and year of birth, on a page about the person or their case."""
    ADDRESS = "address"
    MESSAGES = "messages"
    NOTES = "notes"
    RECEIPT = "receipt"
    PLAN = "plan"
    """Why somebody asks for a welfare budget."""
    CHECKS = "checks"
    """What was seen of a VOG, an identity card or a register."""
    REPORT = "report"
    """A report about safety; its reporter reads who opened it, and nobody whom it is about."""
    APPEAL = "appeal"
    """Why somebody does not agree with their suspension."""
    BOOKINGS = "bookings"
    """What somebody gave and got, with whom, and what the desk wrote beside it."""
    SAFETY_FILE = "safety-file"
    """Shown to the person from the day of the file itself: row-level security asks `look_waits()`."""
    COUNTERPART = "counterpart"
    """The other side of an agreement saw telephone and address."""
    SEARCH = "search"
    """Somebody of the desk looked people up."""
    AUDIT = "audit"
    """The privacy officer read the log itself."""
    EXPORT = "export"
    CONSENT = "consent"
    CONSENT_WITHDRAWN = "consent-withdrawn"
    SHUT_OUT = "shut-out"
    LET_IN = "let-in"
    ERASURE = "erasure"
    TERMS = "terms"
    MOVED_OUT = "moved-out"
    """A municipality left for another installation, with all that is its own;"""
    MOVED_IN = "moved-in"
    """or came from one."""


def note(  # noqa: PLR0913 - all there is to say about one look
    session: Session, actor: Actor, act: Act, *, subject: UUID | None = None, municipality_id: int | None = None,
    entity: str = "", entity_id: UUID | None = None, case_id: UUID | None = None, reason: str = "",
    shown_from: datetime | None = None,
) -> None:  # fmt: skip
    """One entry, in the transaction of what it tells: what was shown is written, or nothing is shown.

    ``shown_from`` hides the entry from the person until then: for a file about their safety.
    """
    session.execute(_WRITE, {
        "role": role_of(actor), "act": act.value,
        "subject": subject, "municipality": municipality_id, "entity": entity, "entity_id": entity_id,
        "case_id": case_id, "reason": reason, "shown_from": shown_from,
    })  # fmt: skip


def note_each(session: Session, actor: Actor, act: Act, shown: dict[UUID, int], reason: str = "") -> None:
    """One entry for each person that a list showed, with their municipality; one statement, however many."""
    session.execute(_WRITE_EACH, {
        "role": role_of(actor), "act": act.value, "reason": reason, "subjects": list(shown),
        "municipalities": list(shown.values()),
    })  # fmt: skip


def role_of(actor: Actor) -> str:
    """As what somebody looked."""
    return ",".join(sorted({grant.role.value for grant in actor.grants})) or "member"
