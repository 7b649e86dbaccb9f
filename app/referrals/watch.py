"""What the worker does with referrals: who has it, the clock of who comes home, and news for who referred."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import locked
from app.clock import now, today
from app.notifications.service import tell
from app.people.models import Person
from app.referrals import service, sharing
from app.referrals.models import OPEN, Referral, ReferralStatus

R = ReferralStatus
BEFORE: Final = timedelta(hours=24)
"""So long before somebody comes home who has it hears what is still open: the clock begins before the front door."""
UNSEEN: Final = timedelta(hours=4)
"""Nobody wrote a word: the stand-in hears it."""
HALF: Final = timedelta(hours=24)
"""After coming home; from here on the stand-in does it too."""


@dataclass(frozen=True, slots=True)
class Told:
    """A row that mails tell of."""

    id: UUID
    version: int
    email: str
    reference: str
    day: date
    """On which it is told: from then on its link counts."""


def received(session: Session, actor: Actor, id: UUID) -> None:
    """It came in: its life begins. Who comes home has somebody and a stand-in at once, else the core team hears."""
    query = service.selection(actor).where(Referral.id == id)
    row = session.scalars(locked(query)).one_or_none()
    if row is None or row.status not in (R.RECEIVED, R.PASSED) or row.owner_id is not None:
        return
    row.tell("", row.referrer_id)
    if row.status is R.PASSED:
        sharing.tell_organisation(session, row)
        return
    if row.home_at is None:
        sharing.tell_desk(session, row, "referral-new")
        return
    least = _least(session, actor, row.municipality_id)
    if not least:
        return
    row.owner_id, row.stand_in_id = least[0], least[1] if len(least) > 1 else None
    row.taken_at = now(session)
    row.step(R.TAKEN, None)
    session.flush()
    for person_id in least[:2]:
        tell(session, person_id, row.municipality_id, "referral-home", row.id, turn=row.version,
             title=row.reference)  # fmt: skip


def _least(session: Session, actor: Actor, municipality_id: int) -> list[UUID]:
    """The makelaars of there, who has least on top; who paused comes last."""
    makelaars, _ = sharing.room(session, actor, municipality_id)
    resting = set(
        session.scalars(select(Person.id).where(Person.id.in_([one.id for one in makelaars]), Person.paused))
    )
    return [one.id for one in sorted(makelaars, key=lambda one: one.id in resting)]


def watch(session: Session, actor: Actor) -> None:
    """Each ten minutes: what is open for who comes home is told to who has it, and in time to the stand-in.

    Every word is told once: a moment that passed is told at the next round, however late the worker is.
    """
    moment = now(session)
    query = service.selection(actor).where(Referral.home_at.is_not(None), Referral.status.in_(OPEN))
    rows = list(session.scalars(query.order_by(Referral.id)))
    missing = service.missing(session, actor, rows)
    for row in rows:
        for kind, turn, whom in due_words(row, moment, missing.get(row.id, 0)):
            for person_id in whom:
                tell(session, person_id, row.municipality_id, kind, row.id, turn=turn, title=row.reference)


def due_words(row: Referral, moment: datetime, open_needs: int) -> list[tuple[str, int, list[UUID]]]:
    """What should have been said by now about somebody who comes home: kind, turn, and to whom."""
    assert row.home_at is not None
    owner = [row.owner_id] if row.owner_id else []
    both = [*owner, *([row.stand_in_id] if row.stand_in_id else [])]
    arranged = open_needs == 0 and row.status in (R.SPOKEN, R.STARTED)
    if arranged:
        return []
    said: list[tuple[str, int, list[UUID]]] = []
    if row.status is R.TAKEN and row.taken_at is not None and moment >= row.taken_at + UNSEEN:
        said.append(("referral-unseen", 1, both[1:] or owner))
    if moment >= row.home_at - BEFORE:
        said.append(("referral-home-soon", 2, owner))
    if moment >= row.home_at + HALF:
        said.append(("referral-half", 3, both))
    if moment >= row.due_at:
        said.append(("referral-late", 4, both))
    return said


def to_tell(session: Session, actor: Actor, id: UUID) -> Told | None:
    """To whom a mail goes that there is news; None where nobody may hear, or has an address."""
    row = session.scalars(service.selection(actor).where(Referral.id == id)).one_or_none()
    if row is None or not row.tells_back or not row.referrer_email:
        return None
    return Told(row.id, row.version, row.referrer_email, row.reference, today(session))


def forget_old(session: Session) -> None:
    """Let go of what is over."""
    session.execute(text("SELECT forget_referrals()"))
