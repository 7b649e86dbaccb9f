"""Addresses of a municipality's own systems: adding one, looking how it goes, sending again, and stopping."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Select, func, select, text, update
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import found, locked, require, require_fresh
from app.access.roles import Permission
from app.clock import now
from app.config import Settings
from app.errors import Conflict, Invalid
from app.ids import uuid7
from app.jobs.queue import defer
from app.outgoing import NotOnTheList
from app.webhooks import allowed
from app.webhooks.models import MessageStatus, Webhook, WebhookKind, WebhookMessage
from app.webhooks.schemas import NewWebhook, Shown
from app.webhooks.signing import key_of, shown

P: Final = Permission.CHANGE_SETTINGS
MOST: Final = 20
LATEST: Final = 50
AT_ONCE: Final = 500
SEND: Final = "webhooks.send"
QUEUE: Final = "webhooks"


class AddressNotAllowed(Invalid):
    """Nobody who runs this installation let messages go there."""

    code = "webhook-not-allowed"


class TooManyWebhooks(Conflict):
    """A municipality has twenty that work."""

    code = "too-many-webhooks"


class ThereAlready(Conflict):
    """Another one goes to this very address."""

    code = "webhook-there-already"


def every(session: Session, actor: Actor, municipality_id: int) -> list[Shown]:
    """Those that work, by name, and how it goes there. Raises Forbidden."""
    require(actor, P, municipality_id)
    rows = list(session.scalars(_live(actor, municipality_id).order_by(Webhook.name, Webhook.id)))
    counts = (
        select(
            WebhookMessage.webhook_id,
            func.count().filter(WebhookMessage.status == MessageStatus.WAITING),
            func.count().filter(WebhookMessage.status == MessageStatus.DEAD),
            func.max(WebhookMessage.at),
        )
        .where(WebhookMessage.in_reach_of(actor.reach(P)), WebhookMessage.municipality_id == municipality_id)
        .group_by(WebhookMessage.webhook_id)
    )
    told: dict[UUID, tuple[int, int, datetime]] = {
        key: (waiting, dead, last) for key, waiting, dead, last in session.execute(counts)
    }
    return [Shown(row, *told.get(row.id, (0, 0, None))) for row in rows]


def ended(session: Session, actor: Actor, municipality_id: int) -> list[Webhook]:
    """Those that stopped within the last weeks, the last first: by somebody, or since the address is gone."""
    require(actor, P, municipality_id)
    query = select(Webhook).where(
        Webhook.in_reach_of(actor.reach(P)), Webhook.municipality_id == municipality_id,
        Webhook.ended_at.is_not(None),
    )  # fmt: skip
    return list(session.scalars(query.order_by(Webhook.ended_at.desc(), Webhook.id).limit(MOST)))


def _live(actor: Actor, municipality_id: int) -> Select[Webhook]:
    return select(Webhook).where(
        Webhook.in_reach_of(actor.reach(P)), Webhook.municipality_id == municipality_id, Webhook.ended_at.is_(None)
    )  # fmt: skip


def get(session: Session, actor: Actor, id: UUID) -> Webhook:
    """One that works. Raises NotFound out of reach."""
    return found(session.scalars(_one(actor, id)).one_or_none())


def _one(actor: Actor, id: UUID) -> Select[Webhook]:
    reach = Webhook.in_reach_of(actor.reach(P))
    return select(Webhook).where(reach, Webhook.id == id, Webhook.ended_at.is_(None))


def latest(session: Session, actor: Actor, webhook: Webhook) -> list[WebhookMessage]:
    """What did not arrive first, then the newest."""
    dead = WebhookMessage.status == MessageStatus.DEAD
    query = select(WebhookMessage).where(
        WebhookMessage.in_reach_of(actor.reach(P)), WebhookMessage.webhook_id == webhook.id
    )
    return list(
        session.scalars(
            query.order_by(dead.desc(), WebhookMessage.at.desc(), WebhookMessage.id).limit(LATEST)
        )
    )


def add(session: Session, actor: Actor, settings: Settings, municipality_id: int, new: NewWebhook) -> Webhook:
    """Tell an address from here on; the very same once more is the one that is there.

    Raises ProofNeeded, Forbidden, AddressNotAllowed, ThereAlready, TooManyWebhooks.
    """
    require_fresh(actor)
    require(actor, P, municipality_id)
    try:
        allowed.is_named(settings, new.address)
    except NotOnTheList:
        raise AddressNotAllowed(details={"adres": "webhook-not-allowed"}) from None
    session.execute(
        text("SELECT pg_advisory_xact_lock(hashtext('webhook'), :place)"), {"place": municipality_id}
    )
    live = list(session.scalars(_live(actor, municipality_id)))
    kinds = sorted(set(new.kinds) - {WebhookKind.TRIAL})
    if not kinds:
        raise Invalid(details={"soorten": "missing"})
    for one in live:
        if one.address == new.address:
            if (one.name, sorted(one.kinds)) == (new.name, kinds):
                return one
            raise ThereAlready(details={"adres": "webhook-there-already"})
    if len(live) >= MOST:
        raise TooManyWebhooks
    row = Webhook(
        id=uuid7(), municipality_id=municipality_id, made_by_id=actor.person_id, name=new.name,
        address=new.address, kinds=[str(kind) for kind in kinds],
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def secret_of(session: Session, actor: Actor, installation: bytes, id: UUID) -> str:
    """What the other side checks our signature with. Raises ProofNeeded, NotFound."""
    require_fresh(actor)
    row = get(session, actor, id)
    return shown(key_of(installation, row.id, row.turn))


def turn(session: Session, actor: Actor, id: UUID) -> None:
    """A new secret; for a day the one before signs as well. Raises ProofNeeded, NotFound."""
    require_fresh(actor)
    row = found(session.scalars(locked(_one(actor, id))).one_or_none())
    row.turn, row.turned_at = row.turn + 1, now(session)
    session.flush()


def try_out(session: Session, actor: Actor, id: UUID) -> None:
    """Send one message that says nothing, at once, also while the address rests."""
    row = found(session.scalars(locked(_one(actor, id))).one_or_none())
    row.rests_until = None
    message = WebhookMessage(
        id=uuid7(), municipality_id=row.municipality_id, webhook_id=row.id, kind=WebhookKind.TRIAL
    )
    session.add(message)
    session.flush()
    send(session, [message.id])


def again(session: Session, actor: Actor, id: UUID, message_id: UUID | None = None) -> int:
    """Have what did not arrive sent once more, one or all of it; how many. Raises NotFound."""
    row = found(session.scalars(locked(_one(actor, id))).one_or_none())
    dead = select(WebhookMessage).where(
        WebhookMessage.in_reach_of(actor.reach(P)),
        WebhookMessage.webhook_id == row.id,
        WebhookMessage.status == MessageStatus.DEAD,
    )
    if message_id is not None:
        dead = dead.where(WebhookMessage.id == message_id)
    messages = list(session.scalars(locked(dead.order_by(WebhookMessage.at).limit(AT_ONCE))))
    if message_id is not None and not messages:
        found(None)
    row.rests_until = None
    for message in messages:
        message.step(MessageStatus.WAITING)
        message.attempts, message.since = 0, now(session)
    session.flush()
    send(session, [message.id for message in messages])
    return len(messages)


def end(session: Session, actor: Actor, id: UUID) -> None:
    """Nothing goes there any more, what waited neither. To shut a door one needs no key."""
    row = found(session.scalars(locked(_one(actor, id))).one_or_none())
    row.ended_at = now(session)
    reach = WebhookMessage.in_reach_of(actor.reach(P))
    mine = update(WebhookMessage).where(
        reach, WebhookMessage.webhook_id == row.id, WebhookMessage.status == MessageStatus.WAITING
    )
    session.execute(mine.values(status=MessageStatus.DEAD))
    session.flush()


def send(session: Session, ids: Sequence[UUID]) -> None:
    """Have the worker send these."""
    for one in ids:
        defer(session, SEND, queue=QUEUE, message_id=str(one))
