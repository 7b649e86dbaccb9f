"""How long things are kept: terms per kind and municipality, a night's work, and what it did."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil
from typing import Annotated, Final

from pydantic import Field
from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import require_reach
from app.access.roles import Permission
from app.audit.write import Act, note
from app.clock import now
from app.errors import Invalid
from app.ids import uuid7
from app.privacy.models import RetentionRun, RetentionTerm
from app.privacy.words import Said
from app.schemas import Incoming, Whole


class Kind(StrEnum):
    """What is let go of when its term is over."""

    CONTACT = "contact"
    WITHDRAWN_TEXT = "withdrawn_text"
    WITHDRAWN_RECORD = "withdrawn_record"
    CLOSED_HELP = "closed_help"
    MESSAGES = "messages"
    NOTICES = "notices"
    RECEIPTS = "receipts"
    WMO = "wmo"
    CHECKS = "checks"
    SAFETY = "safety"
    SAFETY_FILE = "safety_file"
    AUDIT = "audit"


@dataclass(frozen=True, slots=True)
class Term:
    """A kind with its default, and how far a municipality may go; days."""

    name: Said
    days: int
    least: int = 1
    most: int = 3650


YEAR: Final = 365
TERMS: Final[dict[Kind, Term]] = {
    Kind.CONTACT: Term(
        Said(
            "E-mail en telefoon van wie niets meer open heeft staan",
            "E-mail and telephone of who has nothing open",
        ),
        2 * YEAR,
    ),
    Kind.WITHDRAWN_TEXT: Term(
        Said("De tekst van een ingetrokken vraag", "The text of a withdrawn request"), 30
    ),
    Kind.WITHDRAWN_RECORD: Term(
        Said("De rest van een ingetrokken vraag", "The rest of a withdrawn request"), YEAR
    ),
    Kind.CLOSED_HELP: Term(Said("Teksten bij hulp die klaar is", "Words about finished help"), 2 * YEAR),
    Kind.MESSAGES: Term(
        Said(
            "Wat mensen elkaar schreven, na de afspraak",
            "What people wrote to each other, after the agreement",
        ),
        183,
        14,
        YEAR,
    ),
    Kind.NOTICES: Term(Said("Berichten van ons", "Notices"), YEAR),
    Kind.RECEIPTS: Term(
        Said("Bonnen bij een welzijnsbudget", "Receipts of welfare budgets"),
        7 * YEAR + 2,
        7 * YEAR,
        10 * YEAR,
    ),
    Kind.WMO: Term(
        Said("Plannen voor een welzijnsbudget", "Plans for welfare budgets"),
        15 * YEAR + 4,
        15 * YEAR,
        30 * YEAR,
    ),
    Kind.CHECKS: Term(
        Said("Controles die voorbij of ingetrokken zijn", "Checks that are over or withdrawn"), YEAR, 30
    ),
    Kind.SAFETY: Term(
        Said("Afgehandelde meldingen en voorbije schorsingen", "Handled reports and lifted suspensions"),
        2 * YEAR,
        YEAR,
        5 * YEAR,
    ),
    Kind.SAFETY_FILE: Term(
        Said("Gesloten veiligheidsdossiers", "Closed safety files"),
        15 * YEAR + 4,
        15 * YEAR + 4,
        20 * YEAR + 5,
    ),
    Kind.AUDIT: Term(
        Said("Het logboek van wie keek", "The log of who looked"), 5 * YEAR + 2, 5 * YEAR + 2, 10 * YEAR
    ),
}


class Unit(StrEnum):
    """In what people think of terms."""

    DAYS = "dagen"
    MONTHS = "maanden"
    YEARS = "jaren"


class NewTerm(Incoming):
    """Another length for one kind: so many days, months or years."""

    kind: Annotated[Kind, Field(alias="soort")]
    length: Annotated[Annotated[Whole, Field(ge=1, le=36_500)], Field(alias="dagen")]
    unit: Annotated[Unit, Field(alias="eenheid")] = Unit.DAYS

    @property
    def days(self) -> int:
        """Whole days; ten years are ten years with their leap days, unless the law counts them without."""
        if self.unit is Unit.DAYS:
            return self.length
        days = ceil(self.length * (YEAR + 0.25) / (12 if self.unit is Unit.MONTHS else 1))
        most = TERMS[self.kind].most
        return (
            min(days, most) if self.length * YEAR <= most * (12 if self.unit is Unit.MONTHS else 1) else days
        )


def terms(session: Session, municipality_id: int) -> dict[Kind, int]:
    """Days per kind, as the municipality chose or by default."""
    # unscoped: goes with a municipality that the caller may see, and row-level security stands behind it
    chosen = select(RetentionTerm.kind, RetentionTerm.days).where(
        RetentionTerm.municipality_id == municipality_id
    )
    own = {Kind(kind): days for kind, days in session.execute(chosen)}
    return {kind: own.get(kind, term.days) for kind, term in TERMS.items()}


def choose(session: Session, actor: Actor, municipality_id: int, wanted: NewTerm) -> None:
    """Set a term; raises Invalid beyond what the law leaves free."""
    require_reach(actor, Permission.SET_TERMS, municipality_id)
    term = TERMS[wanted.kind]
    if not term.least <= wanted.days <= term.most:
        raise Invalid(details={"dagen": "out-of-bounds"})
    values = {"days": wanted.days, "set_by_id": actor.person_id, "set_at": now(session)}
    row = insert(RetentionTerm).values(municipality_id=municipality_id, kind=wanted.kind.value, **values)
    session.execute(row.on_conflict_do_update(index_elements=["municipality_id", "kind"], set_=values))
    note(
        session,
        actor,
        Act.TERMS,
        municipality_id=municipality_id,
        entity="retention_term",
        reason=f"{wanted.kind.value}: {wanted.days}",
    )


def let_go(session: Session, municipality_id: int) -> list[RetentionRun]:
    """Let go of all that is past its term in one municipality, and keep what came of it. Safe to run again."""
    moment = now(session)
    return [
        _one(session, municipality_id, kind, days, moment)
        for kind, days in terms(session, municipality_id).items()
    ]


_LET_GO: Final = text("SELECT looked_at, done FROM let_go(:kind, :municipality, :before)")
_MESSAGES: Final = text("SELECT looked_at, done FROM let_go_messages(:municipality, :before)")


def _one(session: Session, municipality_id: int, kind: Kind, days: int, moment: datetime) -> RetentionRun:
    before = moment - timedelta(days=days)
    values = {"kind": kind.value, "municipality": municipality_id, "before": before}
    looked_at, done = session.execute(_MESSAGES if kind is Kind.MESSAGES else _LET_GO, values).one()
    run = RetentionRun(
        id=uuid7(),
        municipality_id=municipality_id,
        kind=kind.value,
        days=days,
        before=before,
        looked_at=looked_at,
        done=done,
        at=moment,
    )
    session.add(run)
    session.flush()
    return run


def runs(session: Session, actor: Actor, municipality_id: int, *, limit: int = 80) -> list[RetentionRun]:
    """What the last nights did, the newest first."""
    require_reach(actor, Permission.SET_TERMS, municipality_id)
    # unscoped: the permission was asked, by its reach
    query = select(RetentionRun).where(RetentionRun.municipality_id == municipality_id)
    return list(session.scalars(query.order_by(RetentionRun.at.desc(), RetentionRun.kind).limit(limit)))
