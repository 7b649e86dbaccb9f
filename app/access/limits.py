"""Limits on attempts, counted in PostgreSQL so that they hold over all processes."""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from math import ceil

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.access.models import Attempt
from app.clock import now
from app.db import afterwards
from app.errors import TooMany
from app.ids import uuid7


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``most`` attempts within ``period``, counted by one subject."""

    rule: str
    most: int
    period: timedelta
    then_every: timedelta | None = None
    """After that still one in so long, and a refusal counts for nothing: a stranger who knows the subject slows it
    down and does not shut it out."""


LINK_BY_EMAIL = Limit("link-by-email", 5, timedelta(hours=1), then_every=timedelta(minutes=10))
"""Within the quarter of an hour that a link lives there is always a next: one in the mailbox works."""
LINK_BY_ADDRESS = Limit("link-by-address", 60, timedelta(hours=1))
CODE_BY_EMAIL = Limit("code-by-email", 15, timedelta(days=1))
"""Codes typed for one address; the link in the same mail knows no such limit, so that nobody is locked out."""
CODE_BY_ADDRESS = Limit("code-by-address", 60, timedelta(hours=1))
KEY_BY_ADDRESS = Limit("key-by-address", 300, timedelta(hours=1))
"""A key cannot be guessed: this only keeps a machine from keeping ours busy."""
LETTER_BY_ADDRESS = Limit("letter-by-address", 20, timedelta(hours=1))
LETTER_BY_MAKER = Limit("letter-by-maker", 30, timedelta(days=1))
SECOND_BY_PERSON = Limit("second-by-person", 10, timedelta(minutes=15))
"""Codes of an app, the right ones too; a passkey knows no such limit."""
INVITATION_BY_MAKER = Limit("invitation-by-maker", 30, timedelta(days=1))
OIDC_BY_ADDRESS = Limit("oidc-by-address", 60, timedelta(hours=1))
ROOSJES_CODE = Limit("roosjes-code", 20, timedelta(hours=1))
"""Numbers of others that somebody tries."""
POST_BY_ADDRESS = Limit("post-by-address", 60, timedelta(hours=1))


def spend(session: Session, limit: Limit, subject: str) -> None:
    """Count one attempt, or raise TooMany; a refused attempt counts as well, but for who is slowed down."""
    key = sha256(subject.lower().encode()).digest()
    # attempts that come at once wait for each other here, and the next one sees this one
    turn = func.hashtextextended(f"{limit.rule} {key.hex()}", 0)
    session.execute(select(func.pg_advisory_xact_lock(turn)))
    moment = now(session)
    # unscoped: anybody may try: attempts belong to no municipality
    query = select(func.count(), func.max(Attempt.at)).where(
        Attempt.rule == limit.rule, Attempt.subject == key, Attempt.at > moment - limit.period
    )
    used, last = session.execute(query).one()
    if used >= limit.most and limit.then_every is not None:
        rest = last + limit.then_every - moment
        if rest > timedelta():
            raise TooMany(again_s=ceil(rest.total_seconds()))
    counted = insert(Attempt).values(id=uuid7(), rule=limit.rule, subject=key).on_conflict_do_nothing()
    session.execute(counted)

    def again(second: Session) -> None:
        """In case all of this is rolled back."""
        second.execute(counted)

    afterwards(session, again)
    if used >= limit.most and limit.then_every is None:
        raise TooMany(again_s=int(limit.period.total_seconds()))


def hold_back(session: Session, limit: Limit, subject: str) -> None:
    """Raise TooMany once the limit is reached, and count nothing: for what counts only when it fails."""
    key = sha256(subject.lower().encode()).digest()
    since = now(session) - limit.period
    # unscoped: anybody may try: attempts belong to no municipality
    query = select(func.count()).where(Attempt.rule == limit.rule, Attempt.subject == key, Attempt.at > since)
    if session.execute(query).scalar_one() >= limit.most:
        raise TooMany(again_s=int(limit.period.total_seconds()))
