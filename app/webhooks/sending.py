"""From a message to the other side: signed, outside any transaction, again with longer waits, and no longer than days.

An address that does not take what comes rests, and everything for it waits with it: one that hangs must not keep the
worker from the mail. It may get a message twice and in another order, under the same webhook-id.
"""

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app import outgoing
from app.access.actor import Actor
from app.access.roles import Permission
from app.clock import now
from app.config import Settings
from app.jobs.queue import defer_for
from app.outgoing import NotOnTheList
from app.webhooks import allowed
from app.webhooks.models import MessageStatus, Webhook, WebhookMessage
from app.webhooks.service import QUEUE, SEND
from app.webhooks.signing import body_of, headers_of, key_of

WITHIN_S: Final = 8.0
WAITS_S: Final = (5, 300, 1800, 7200, 18000, 36000, 50400, 72000)
"""Between two attempts, as the specification has it: some two days in all."""
LASTS: Final = timedelta(days=3)
OVERLAP: Final = timedelta(days=1)
KEPT: Final = timedelta(days=30)
PATIENCE: Final = 3
"""After so many failures in a row an address rests: a minute, then twice as long each time, an hour at most."""
REST_S_MAX: Final = 3600
ASKED_S_MAX: Final = 6 * 3600
NO_ANSWER: Final = None
WORKERS: Final = Permission.SEE_FIGURES
"""The worker has it everywhere."""
log = logging.getLogger("zorgvoorelkaar.webhooks")


@dataclass(frozen=True, slots=True)
class Ready:
    """What is posted where."""

    address: str
    inside: bool
    body: bytes
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The status of the answer, None without one, and how many seconds the other side asks for."""

    status: int | None
    asks_s: int = 0

    @property
    def taken(self) -> bool:
        """Whether it was taken."""
        return self.status is not None and HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES


def prepare(
    session: Session, actor: Actor, settings: Settings, secret: bytes, message_id: UUID
) -> Ready | None:
    """What goes out now; None when there is nothing to send, or not yet."""
    found = _locked(session, actor, message_id)
    if found is None:
        return None
    webhook, message = found
    moment = now(session)
    if message.status is not MessageStatus.WAITING:
        return None
    if webhook.ended_at is not None or moment - message.since > LASTS:
        message.step(MessageStatus.DEAD)
        return None
    if webhook.rests_until is not None and webhook.rests_until > moment:
        _later(session, message, int((webhook.rests_until - moment).total_seconds()) + 1)
        return None
    try:
        inside = allowed.is_named(settings, webhook.address)
    except NotOnTheList:
        message.step(MessageStatus.DEAD)  # the setting lets it through no more
        return None
    body = body_of(message)
    headers = headers_of(message.id, int(time.time()), body, _keys(webhook, secret, moment))
    return Ready(webhook.address, inside, body, headers)


def _keys(webhook: Webhook, secret: bytes, moment: datetime) -> list[bytes]:
    turns = [webhook.turn]
    if webhook.turned_at is not None and moment - webhook.turned_at < OVERLAP:
        turns.append(webhook.turn - 1)
    return [key_of(secret, webhook.id, turn) for turn in turns]


def _locked(session: Session, actor: Actor, message_id: UUID) -> tuple[Webhook, WebhookMessage] | None:
    """The address first, as whoever sends again locks them."""
    query = (
        select(Webhook, WebhookMessage)
        .join(WebhookMessage, WebhookMessage.webhook_id == Webhook.id)
        .where(Webhook.in_reach_of(actor.reach(WORKERS)), WebhookMessage.id == message_id)
    )
    row = session.execute(query.with_for_update().execution_options(populate_existing=True)).one_or_none()
    return (row[0], row[1]) if row is not None else None


def _later(session: Session, message: WebhookMessage, wait_s: int) -> None:
    # spread over a tenth: what waited together does not come back together
    spread = message.id.int % max(1, wait_s // 10)
    defer_for(session, wait_s + spread, SEND, queue=QUEUE, message_id=str(message.id))


def post(ready: Ready) -> Outcome:
    """Hand it over once. Whatever goes wrong on the way is an outcome too."""
    try:
        answer = outgoing.post_there(
            ready.address, ready.body, ready.headers, inside=ready.inside, within_s=WITHIN_S
        )
    except outgoing.Unreached as error:
        log.warning("a webhook did not arrive: %s", error)
        return Outcome(NO_ANSWER)
    asked = answer.retry_after
    asks = asked.isascii() and asked.isdigit()
    # no more of it than counts: it may be as long as a header
    return Outcome(answer.status, min(int(asked[:9]), ASKED_S_MAX) if asks else 0)


def answered(session: Session, actor: Actor, message_id: UUID, outcome: Outcome) -> None:
    """It is there; or it is tried again later, or given up. An address that is gone is told nothing any more."""
    found = _locked(session, actor, message_id)
    if found is None or found[1].status is not MessageStatus.WAITING:
        return
    webhook, message = found
    moment = now(session)
    message.attempts += 1
    message.answer, message.tried_at = outcome.status, moment
    if outcome.taken:
        webhook.failures, webhook.rests_until, webhook.taken_at = 0, None, moment
        message.step(MessageStatus.DELIVERED)
        return
    webhook.failures = min(webhook.failures + 1, 30_000)
    if outcome.status == HTTPStatus.GONE:
        webhook.ended_at = moment
    rest_s = max(_rest_s(webhook.failures), outcome.asks_s)
    if rest_s:
        webhook.rests_until = moment + timedelta(seconds=rest_s)
    if webhook.ended_at is not None or message.attempts > len(WAITS_S):
        message.step(MessageStatus.DEAD)
    else:
        _later(session, message, WAITS_S[message.attempts - 1])
    session.flush()


def _rest_s(failures: int) -> int:
    return 0 if failures < PATIENCE else int(min(60 * 2 ** min(failures - PATIENCE, 10), REST_S_MAX))


def forget_old(session: Session, actor: Actor) -> None:
    """What was sent a month ago, and addresses that ended before all of it."""
    old = now(session) - KEPT
    reach = actor.reach(WORKERS)
    session.execute(delete(WebhookMessage).where(WebhookMessage.in_reach_of(reach), WebhookMessage.at < old))
    # a day more: a step that was under way when it ended may have left a message after that
    ended = Webhook.ended_at < old - timedelta(days=1)
    session.execute(delete(Webhook).where(Webhook.in_reach_of(reach), ended))
