"""The course of a coupling: which agreements have talks, on which days, and what becomes of them at its end."""

from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import locked, visible
from app.access.roles import Permission
from app.agreements.models import Agreement
from app.categories.models import Category
from app.categories.vocabulary import Frequency
from app.clock import AMSTERDAM, now
from app.couplings.models import CouplingTalk, TalkKind, TalkStatus
from app.help_requests.models import HelpRequest
from app.ids import uuid7

GUIDED: Final = frozenset({"vast-maatje", "gezinsmaatje", "speelmaatje", "helpen-bij-dementie"})
"""Categories in which the same two people see each other for long, and somebody looks along."""
LASTS: Final = timedelta(weeks=26)
"""How long a coupling is counted with when nobody named a last day; it may go on, with a new talk."""
STARTS_AFTER: Final = timedelta(days=7)
"""The first talk comes when they have met: one knows then what to talk about."""
OPEN: Final = (TalkStatus.DUE, TalkStatus.PLANNED)


def is_guided(session: Session, help_request: HelpRequest, frequency: Frequency) -> bool:
    """Whether talks go with it; what happens once is no coupling."""
    if frequency is Frequency.ONCE:
        return False
    return session.get_one(Category, help_request.category_number).slug in GUIDED


def days(first: date, until: date | None) -> dict[TalkKind, date]:
    """Around which days the talks are, for a coupling from ``first`` on; a short one has them close together."""
    last = max(until or first + LASTS, first)
    start = min(first + STARTS_AFTER, last)
    return {
        TalkKind.START: start,
        TalkKind.MIDDLE: max(start, first + (last - first) / 2),
        TalkKind.END: last,
    }


def begin(session: Session, agreement: Agreement, help_request: HelpRequest, starts_at: datetime) -> None:
    """With the agreement: its talks are due, each around its day."""
    if not is_guided(session, help_request, agreement.frequency):
        return
    first = starts_at.astimezone(AMSTERDAM).date()
    for kind, day in days(first, help_request.until_date).items():
        talk = CouplingTalk(
            id=uuid7(), municipality_id=agreement.municipality_id,
            helper_municipality_id=agreement.helper_municipality_id, agreement_id=agreement.id,
            asker_id=agreement.asker_id, helper_id=agreement.helper_id, kind=kind, due_on=day,
        )  # fmt: skip
        session.add(talk)
        session.flush()


def end(session: Session, actor: Actor, agreement: Agreement) -> None:
    """With the agreement: what was still to be talked about is off, whoever ended it."""
    seen = visible(actor, Permission.SEE_AGREEMENTS, CouplingTalk)
    query = select(CouplingTalk).where(
        seen, CouplingTalk.agreement_id == agreement.id, CouplingTalk.status.in_(OPEN)
    )
    for talk in session.scalars(locked(query.order_by(CouplingTalk.id))):
        talk.ended_at = now(session)
        talk.step(TalkStatus.CANCELLED, actor.person)
    session.flush()
