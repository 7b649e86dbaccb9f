"""An app with codes (TOTP, RFC 6238, on HOTP of RFC 4226): six digits, thirty seconds, each step once."""

import base64
import hmac
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlencode
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.events import note
from app.access.limits import SECOND_BY_PERSON, spend
from app.access.proof_models import Authenticator, Happened
from app.access.spent import spend_once
from app.clock import now
from app.errors import Conflict, Invalid
from app.ids import uuid7

STEP_S = 30
DIGITS = 6
DRIFT = 1
"""Steps that a telephone's clock may be off, either way."""
ISSUER = "ZorgvoorElkaar"


class WrongAppCode(Invalid):
    """Not the code of this moment, or one that was used."""

    code = "wrong-app-code"


class AppThere(Conflict):
    """There is an app already; it is taken away first."""

    code = "app-there"


def code_at(key: bytes, step: int) -> str:
    """The digits of one step of thirty seconds since 1970."""
    mixed = hmac.new(key, step.to_bytes(8, "big"), "sha1").digest()
    start = mixed[-1] & 15
    number = int.from_bytes(mixed[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def key_of(secret: bytes, authenticator_id: UUID) -> bytes:
    """The 160 bits that the app and we share, made anew each time."""
    return hmac.new(secret, b"authenticator\0" + authenticator_id.bytes, "sha256").digest()[:20]


def in_letters(key: bytes) -> str:
    """The key as somebody types it who cannot scan."""
    return base64.b32encode(key).decode()


def address_for(key: bytes, name: str) -> str:
    """What the square code says to the app."""
    label = quote(f"{ISSUER}:{name}")
    return f"otpauth://totp/{label}?" + urlencode({"secret": in_letters(key), "issuer": ISSUER})


def has(session: Session, actor: Actor) -> bool:
    """Whether the actor has an app that works."""
    row = _mine(session, actor)
    return row is not None and row.confirmed_at is not None


def _mine(session: Session, actor: Actor) -> Authenticator | None:
    # unscoped: one's own row
    query = select(Authenticator).where(Authenticator.person_id == actor.person_id)
    return session.scalars(query).one_or_none()


def begin(session: Session, actor: Actor) -> Authenticator:
    """The app that waits for its first code, the same until that came. Raises AppThere."""
    made = insert(Authenticator).values(id=uuid7(), person_id=actor.person_id).on_conflict_do_nothing()
    session.execute(made)
    row = _mine(session, actor)
    assert row is not None  # made just now, or before
    if row.confirmed_at is not None:
        raise AppThere
    return row


def confirm(session: Session, actor: Actor, secret: bytes, typed: str) -> None:
    """The first code shows that the app works. Raises WrongAppCode, TooMany, AppThere."""
    row = begin(session, actor)
    _show(session, actor, secret, row, typed)
    row.confirmed_at = now(session)
    session.flush()
    note(session, actor.person_id, actor.person_id, Happened.APP_ADDED)


def check(session: Session, actor: Actor, secret: bytes, typed: str) -> None:
    """A code of the app, as a second proof. Raises WrongAppCode (also for who has none), or TooMany."""
    row = _mine(session, actor)
    if row is None or row.confirmed_at is None:
        spend(session, SECOND_BY_PERSON, str(actor.person_id))
        raise WrongAppCode
    _show(session, actor, secret, row, typed)


def _show(session: Session, actor: Actor, secret: bytes, row: Authenticator, typed: str) -> None:
    """Every try counts, the right ones too; a step that was shown is worth nothing again."""
    spend(session, SECOND_BY_PERSON, str(actor.person_id))
    key, moment = key_of(secret, row.id), now(session)
    here = int(moment.timestamp()) // STEP_S
    fitting = [
        step
        for step in range(here - DRIFT, here + DRIFT + 1)
        if hmac.compare_digest(code_at(key, step).encode(), typed.encode())
    ]
    if not fitting:
        raise WrongAppCode
    shown = b"authenticator\0" + row.id.bytes + fitting[0].to_bytes(8, "big")
    kept_until = datetime.fromtimestamp((here + 2 * DRIFT + 1) * STEP_S, UTC) + timedelta(minutes=1)
    if not spend_once(session, shown, kept_until):
        raise WrongAppCode


def remove(session: Session, actor: Actor) -> None:
    """The app is worth nothing from here on; nothing happens where there is none."""
    # unscoped: one's own row
    gone = delete(Authenticator).where(Authenticator.person_id == actor.person_id)
    confirmed = session.execute(gone.returning(Authenticator.confirmed_at)).scalar_one_or_none()
    if confirmed is not None:
        note(session, actor.person_id, actor.person_id, Happened.APP_REMOVED)
