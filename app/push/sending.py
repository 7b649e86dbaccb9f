"""From a notice to a sign: to each browser of whoever wants it, once for what came together, never at night.

Nothing of the notice goes along. What was read on the site meanwhile needs no sign; the service worker shows one,
however many come.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import outgoing
from app.access.policy import locked
from app.clock import now
from app.config import Settings
from app.jobs.queue import defer_for
from app.notifications import rhythm
from app.notifications.gathering import Recipient, recipient
from app.notifications.groups import ASKS, URGENT, group_of
from app.notifications.models import Notice
from app.push import allowed, keys
from app.push.models import PushDevice
from app.push.sealing import padded, sealed

SEND: Final = "push.send"
WAITS_S: Final = 24 * 3600
"""How long a push service keeps it for a browser that is not on."""
WITHIN_S: Final = 10.0
MOST_REFUSALS: Final = 20
"""After so many in a row a browser is let go of."""
GONE: Final = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
LATEST: Final = 50


class Busy(Exception):
    """The push service is ill or asks to wait: the queue tries again."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """What is posted where."""

    endpoint: str
    origin: str
    body: bytes


def told(session: Session, settings: Settings, person_id: UUID, notice_id: UUID) -> None:
    """Somebody was told something: have their browsers say so, if they want that."""
    if settings.push_key is None:
        return
    devices = _devices(session, person_id)
    notice = session.scalars(
        select(Notice).where(Notice.owned_by(person_id), Notice.id == notice_id)
    ).one_or_none()
    to = recipient(session, person_id) if devices and notice is not None else None
    if to is None or notice is None or not _wanted(to, notice):
        return
    urgent = notice.kind in URGENT
    wait_s = 0 if urgent else _wait_s(now(session), settings.mail_burst_s)
    for device_id in devices:
        # what is urgent does not stand behind what waits for the morning
        lock = f"{SEND}:{device_id}{':now' if urgent else ''}"
        defer_for(
            session, wait_s or None, SEND, queue="mail", lock=lock,
            device_id=str(device_id), person_id=str(person_id),
        )  # fmt: skip


def _devices(session: Session, person_id: UUID) -> list[UUID]:
    own = select(PushDevice.id).where(PushDevice.owned_by(person_id)).order_by(PushDevice.id)
    return list(session.scalars(own))


def _wanted(to: Recipient, notice: Notice) -> bool:
    return (
        not to.gone
        and notice.read_at is None
        and group_of(notice.kind) in to.pushes
        and not (to.paused and notice.kind in ASKS)
    )


def _wait_s(moment: datetime, burst_s: int) -> int:
    """Seconds until what comes together is there, and it is day."""
    if rhythm.is_decent(moment):
        return burst_s
    morning = rhythm.last_morning(moment) + timedelta(days=1)
    # in UTC: the night in which the clock changes is as long as it is
    return max(burst_s, int((morning.astimezone(UTC) - moment.astimezone(UTC)).total_seconds()))


def prepare(session: Session, settings: Settings, person_id: UUID, device_id: UUID) -> Sealed | None:
    """What goes to one browser now; None when there is nothing unread that it was not told of."""
    device = _own(session, person_id, device_id)
    to = recipient(session, person_id) if device is not None else None
    if device is None or to is None or settings.push_key is None:
        return None
    if to.gone or device.server_key != keys.public_bytes(settings.push_key):
        session.delete(device)  # nobody is signed in there again, or the browser agreed to another key
        return None
    since = device.shown_at or device.made_at
    new = select(Notice).where(
        Notice.owned_by(person_id), Notice.read_at.is_(None), Notice.created_at >= since
    ).order_by(Notice.created_at.desc(), Notice.id).limit(LATEST)  # fmt: skip
    if not any(_wanted(to, notice) for notice in session.scalars(new)):
        return None
    try:
        origin = allowed.origin_of(settings, device.endpoint)
    except outgoing.NotOnTheList:
        session.delete(device)  # the setting names it no more
        return None
    words = padded(json.dumps({"taal": to.language}).encode())
    return Sealed(device.endpoint, origin, sealed(words, device.public_key, device.auth))


def _own(session: Session, person_id: UUID, device_id: UUID) -> PushDevice | None:
    query = select(PushDevice).where(PushDevice.owned_by(person_id), PushDevice.id == device_id)
    return session.scalars(locked(query)).one_or_none()


def post(settings: Settings, what: Sealed) -> int:
    """Hand it to the push service; its status. Raises the errors of `outgoing.fetch`."""
    headers = {
        "Authorization": keys.authorization(settings, what.origin),
        "Content-Encoding": "aes128gcm", "Content-Type": "application/octet-stream",
        "TTL": str(WAITS_S), "Urgency": "normal", "Topic": "bericht",
    }  # fmt: skip
    with outgoing.client([what.origin], timeout_s=WITHIN_S) as client:
        return outgoing.fetch(
            client, "POST", what.endpoint, within_s=WITHIN_S, content=what.body, headers=headers
        ).status


def answered(session: Session, person_id: UUID, device_id: UUID, status: int) -> None:
    """What the push service said of it: taken, gone, or refused; when it is busy all stays as it was."""
    device = _own(session, person_id, device_id)
    if device is None or is_busy(status):
        return
    if status in GONE:
        session.delete(device)
    elif HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        device.shown_at, device.refusals = now(session), 0
    else:
        device.refusals += 1
        if device.refusals >= MOST_REFUSALS:
            session.delete(device)
    session.flush()


def is_busy(status: int) -> bool:
    """Whether it is to be tried again later."""
    return status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR
