"""A mail with notices on its way out: what it says when it goes, whether it went, and what was given up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from typing import Final
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import found, locked, require_reach
from app.access.roles import Permission
from app.clock import now
from app.config import Settings
from app.jobs.queue import defer
from app.notifications import mail, wishes
from app.notifications.gathering import SEND, NotOpen, Recipient, notices_of, recipient, wait_again
from app.notifications.groups import MUST, group_of
from app.notifications.layout import Sender
from app.notifications.models import Carrier, Dispatch, Failure, Notice
from app.people import phone
from app.places.models import Municipality
from app.representations import mailed

MOST_TRIES: Final = 8
SHOWN: Final = 100


def prepare(
    session: Session, settings: Settings, secret: bytes, person_id: UUID, dispatch_id: UUID
) -> EmailMessage | None:
    """The mail as it goes now, marked as being handed over; None when it is not to go (any more)."""
    dispatch = _open(session, person_id, dispatch_id)
    if dispatch is None:
        return None
    notices = notices_of(session, dispatch)
    to = recipient(session, person_id)
    if to is None or to.gone or not notices:
        session.delete(dispatch)  # whoever was forgotten or shut out is written to no more
        return None
    message = _written(session, settings, secret, dispatch, notices, to)
    if message is None:
        wait_again(session, dispatch)
        return None
    if dispatch.handed_at is not None and not _must(notices):
        dispatch.failed_at, dispatch.failure = now(session), Failure.UNSURE
        return None
    dispatch.handed_at = now(session)
    dispatch.attempts += 1
    return message


def _open(session: Session, person_id: UUID, dispatch_id: UUID) -> Dispatch | None:
    query = select(Dispatch).where(
        Dispatch.owned_by(person_id), Dispatch.id == dispatch_id, Dispatch.carrier == Carrier.MAIL,
        Dispatch.sent_at.is_(None), Dispatch.failed_at.is_(None),
    )  # fmt: skip
    return session.scalars(locked(query)).one_or_none()


def _must(notices: Sequence[Notice]) -> bool:
    return any(group_of(notice.kind) in MUST for notice in notices)


def _written(
    session: Session, settings: Settings, secret: bytes, dispatch: Dispatch, notices: Sequence[Notice], to: Recipient
) -> EmailMessage | None:  # fmt: skip
    """In the words and language of who reads it; None when there is nobody to read it now."""
    sender, key = sender_of(session, dispatch.municipality_id), str(dispatch.id)
    if dispatch.reader_id is None:
        if not to.email:
            return None
        groups = {group_of(notice.kind) for notice in notices}
        token = wishes.token_of(secret, to.person_id, dispatch.municipality_id, groups)
        return mail.notice_message(
            settings,
            notices,
            to.email,
            to.first_name,
            to.language,
            key=key,
            sender=sender,
            unsubscribe=token,
        )
    readers = [mailed.instead(session, notice) for notice in notices]
    reads = [one for some in readers for one in some if one.person_id == dispatch.reader_id]
    may = [
        notice for notice, some in zip(notices, readers, strict=True)
        if any(one.person_id == dispatch.reader_id for one in some)
    ]  # fmt: skip
    if not may:
        return None
    return mailed.notice_message(settings, may, to.first_name, reads[0], key=key, sender=sender)


def sender_of(session: Session, municipality_id: int) -> Sender:
    """The municipality in whose name we write."""
    place = session.get_one(Municipality, municipality_id)
    return Sender(
        place.name, place.phone, phone.display(place.phone) if place.phone else "", place.opening_hours
    )


def sent(session: Session, person_id: UUID, dispatch_id: UUID) -> None:
    """The mail server has it. Whoever was forgotten meanwhile has no row any more."""
    dispatch = _open(session, person_id, dispatch_id)
    if dispatch is None:
        return
    dispatch.sent_at = now(session)
    held = update(Notice).where(Notice.owned_by(dispatch.person_id), Notice.id.in_(dispatch.notice_ids))
    session.execute(held.values(mailed_at=func.ledger.now()))
    session.flush()


def not_sent(session: Session, person_id: UUID, dispatch_id: UUID, *, forever: bool = False) -> None:
    """The mail server did not take it: not now, not ``forever``, or once too often."""
    dispatch = _open(session, person_id, dispatch_id)
    if dispatch is None:
        return
    dispatch.handed_at = None
    if forever or dispatch.attempts > MOST_TRIES:
        dispatch.failed_at = now(session)
        dispatch.failure = Failure.REFUSED if forever else Failure.GAVE_UP
    session.flush()


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A mail that did not arrive: when and why, and nothing of whom it was for."""

    id: UUID
    made_at: datetime
    failed_at: datetime
    failure: Failure
    attempts: int
    count: int


def given_up(session: Session, actor: Actor, municipality_id: int) -> list[GivenUp]:
    """Mails of a municipality that did not arrive, the newest first. Raises NotFound out of reach."""
    require_reach(actor, Permission.CHANGE_SETTINGS, municipality_id)
    query = (
        select(Dispatch)
        .where(Dispatch.in_reach_of(actor.reach(Permission.CHANGE_SETTINGS)))
        .where(Dispatch.municipality_id == municipality_id, Dispatch.failed_at.is_not(None))
        .order_by(Dispatch.failed_at.desc(), Dispatch.id)
        .limit(SHOWN)
    )
    return [
        GivenUp(one.id, one.made_at, one.failed_at, one.failure, one.attempts, len(one.notice_ids))
        for one in session.scalars(query)
        if one.failed_at is not None and one.failure is not None
    ]


def try_again(session: Session, actor: Actor, dispatch_id: UUID) -> None:
    """Have it sent once more, by whoever looked into why. Raises NotFound out of reach, NotOpen for what went."""
    reach = Dispatch.in_reach_of(actor.reach(Permission.CHANGE_SETTINGS))
    dispatch = found(
        session.scalars(locked(select(Dispatch).where(reach, Dispatch.id == dispatch_id))).one_or_none()
    )
    if dispatch.failed_at is None:
        raise NotOpen
    dispatch.failed_at = dispatch.failure = dispatch.handed_at = None
    dispatch.attempts = 0
    defer(session, SEND, queue="mail", dispatch_id=str(dispatch.id), person_id=str(dispatch.person_id))
    session.flush()
