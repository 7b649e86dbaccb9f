"""Limits on attempts, counted in PostgreSQL so that they hold over all processes."""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.models import Attempt
from app.clock import now
from app.db import afterwards
from app.errors import TooMany


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``most`` attempts within ``period``, counted by one subject."""

    rule: str
    most: int
    period: timedelta


LINK_BY_EMAIL = Limit("link-by-email", 5, timedelta(hours=1))
LINK_BY_ADDRESS = Limit("link-by-address", 60, timedelta(hours=1))
POST_BY_ADDRESS = Limit("post-by-address", 60, timedelta(hours=1))


def spend(session: Session, limit: Limit, subject: str) -> None:
    """Count one attempt, or raise TooMany; a refused attempt counts as well."""
    key = sha256(subject.lower().encode()).digest()
    since = now(session) - limit.period
    # unscoped: attempts belong to no municipality
    query = select(func.count()).where(Attempt.rule == limit.rule, Attempt.subject == key, Attempt.at > since)
    used: int = session.execute(query).scalar_one()
    afterwards(session, lambda second: second.add(Attempt(rule=limit.rule, subject=key)))
    if used >= limit.most:
        raise TooMany
