"""Passkeys (WebAuthn): a key on somebody's own device, bound to our address, opened with their finger or PIN.

A challenge is a random number with its last moment and a signature of the installation's over what it is for and
for whom; so that showing a page keeps nothing, and a challenge that was answered is worth nothing again.
The library is loaded where it is used: it brings a cryptography of its own.
"""

import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import Row, delete, func, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.events import note
from app.access.proof_models import Happened, Passkey
from app.access.sign_in import act_as
from app.access.spent import spend_once
from app.clock import now
from app.errors import Conflict, Invalid, NotFound
from app.ids import uuid7

MOST = 10
GOOD_FOR = timedelta(minutes=10)
LONGEST = 8_000
"""Characters of what a browser sends back; a key without attestation takes under 2,000."""
_NONCE, _SIGNATURE = 16, 32


class WrongPasskey(Invalid):
    """What the browser sent does not open this door; why is nobody's business."""

    code = "wrong-passkey"


class PasskeyKnown(Conflict):
    """This key was added before."""

    code = "passkey-known"


class TooManyPasskeys(Conflict):
    """Nobody needs more than ten."""

    code = "too-many-passkeys"


@dataclass(frozen=True, slots=True)
class Door:
    """Where a key fits: this installation's own address, and the key with which it signs."""

    address: str
    secret: bytes

    @property
    def host(self) -> str:
        """The name to which keys are bound."""
        return urlsplit(self.address).hostname or ""


def challenge(session: Session, door: Door, purpose: str) -> bytes:
    """A number to sign, good for ten minutes and once, for this purpose only."""
    until = int((now(session) + GOOD_FOR).timestamp()).to_bytes(8, "big")
    begun = secrets.token_bytes(_NONCE) + until
    return begun + _signature(door, purpose, begun)


def _signature(door: Door, purpose: str, begun: bytes) -> bytes:
    return hmac.new(door.secret, b"passkey\0" + purpose.encode() + b"\0" + begun, sha256).digest()


def _answered(session: Session, door: Door, purpose: str, credential: dict[str, Any]) -> bytes:
    """The challenge that was signed, now spent; raises WrongPasskey when it is not ours, old, or was answered."""
    from webauthn.helpers import base64url_to_bytes

    try:
        said = json.loads(base64url_to_bytes(credential["response"]["clientDataJSON"]))
        number = base64url_to_bytes(said["challenge"])
    except (KeyError, TypeError, ValueError):
        raise WrongPasskey from None
    begun, signature = number[:-_SIGNATURE], number[-_SIGNATURE:]
    if len(begun) != _NONCE + 8 or not hmac.compare_digest(signature, _signature(door, purpose, begun)):
        raise WrongPasskey
    seconds = int.from_bytes(begun[_NONCE:], "big")
    if now(session).timestamp() > seconds:
        raise WrongPasskey
    if not spend_once(
        session, b"passkey\0" + number, datetime.fromtimestamp(seconds, UTC) + timedelta(minutes=1)
    ):
        raise WrongPasskey
    return number


def _sent(typed: str) -> dict[str, Any]:
    try:
        credential = json.loads(typed) if len(typed) <= LONGEST else None
    except (ValueError, RecursionError):
        credential = None
    if not isinstance(credential, dict):
        raise WrongPasskey
    return credential


def mine(session: Session, actor: Actor) -> list[Passkey]:
    """One's own keys, the oldest first."""
    # unscoped: one's own rows
    query = select(Passkey).where(Passkey.person_id == actor.person_id)
    return list(session.scalars(query.order_by(Passkey.created_at, Passkey.id)))


def to_register(session: Session, actor: Actor, door: Door, shown_name: str) -> str:
    """What a browser needs to make a key, as JSON; keys that are there already are refused by it."""
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers import structs

    options = generate_registration_options(
        rp_id=door.host,
        rp_name="ZorgvoorElkaar",
        user_name=shown_name,
        user_display_name=shown_name,
        user_id=_handle(door, actor.person_id),
        challenge=challenge(session, door, f"register {actor.person_id}"),
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[
            structs.PublicKeyCredentialDescriptor(id=key.credential_id) for key in mine(session, actor)
        ],
    )
    return options_to_json(options)


def _handle(door: Door, person_id: UUID) -> bytes:
    """The name under which keys know somebody: the same each time, and nothing that says who it is."""
    return hmac.new(door.secret, b"passkey handle\0" + person_id.bytes, sha256).digest()


def register(session: Session, actor: Actor, door: Door, typed: str, name: str) -> Passkey:
    """Keep the public half of a new key. Raises WrongPasskey, PasskeyKnown, TooManyPasskeys."""
    from webauthn import verify_registration_response
    from webauthn.helpers.exceptions import WebAuthnException

    credential = _sent(typed)
    number = _answered(session, door, f"register {actor.person_id}", credential)
    if len(mine(session, actor)) >= MOST:
        raise TooManyPasskeys
    try:
        verified = verify_registration_response(
            credential=credential,
            expected_challenge=number,
            expected_rp_id=door.host,
            expected_origin=door.address,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError, AttributeError):
        raise WrongPasskey from None
    row = Passkey(
        id=uuid7(), person_id=actor.person_id, credential_id=verified.credential_id,
        public_key=verified.credential_public_key, user_handle=_handle(door, actor.person_id),
        sign_count=verified.sign_count, name=name,
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        raise PasskeyKnown from None
    note(session, actor.person_id, actor.person_id, Happened.PASSKEY_ADDED, name)
    return row


def to_sign_in(session: Session, door: Door, actor: Actor | None = None) -> str:
    """What a browser needs to use a key, as JSON: whichever it has, or one of the actor's for a second proof."""
    from webauthn import generate_authentication_options, options_to_json
    from webauthn.helpers import structs

    options = generate_authentication_options(
        rp_id=door.host,
        challenge=challenge(session, door, _purpose(actor)),
        allow_credentials=[
            structs.PublicKeyCredentialDescriptor(id=key.credential_id) for key in mine(session, actor)
        ]
        if actor
        else None,
        user_verification=structs.UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def _purpose(actor: Actor | None) -> str:
    return f"second {actor.person_id}" if actor else "sign in"


def use(session: Session, door: Door, typed: str, actor: Actor | None = None) -> UUID:
    """Whose key this is; the session acts as them from here on. Raises WrongPasskey, whatever was wrong.

    With an actor, the key has to be one of theirs. A counter that does not go up is a copy, and refused.
    """
    from webauthn import verify_authentication_response
    from webauthn.helpers.exceptions import WebAuthnException

    credential = _sent(typed)
    number = _answered(session, door, _purpose(actor), credential)
    try:
        found = _known(session, credential, actor)
        verified = verify_authentication_response(
            credential=credential,
            expected_challenge=number,
            expected_rp_id=door.host,
            expected_origin=door.address,
            credential_public_key=found.public_key,
            credential_current_sign_count=found.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError, AttributeError):
        raise WrongPasskey from None
    if actor is None and not act_as(session, found.person_id).signed_in:
        raise WrongPasskey
    _counted(session, found.id, found.sign_count, verified.new_sign_count)
    person_id: UUID = found.person_id
    return person_id


def _known(session: Session, credential: dict[str, Any], actor: Actor | None) -> Row[Any]:
    """The key as we keep it. Raises WrongPasskey for one of nobody here, or of another than the actor."""
    from webauthn.helpers import base64url_to_bytes

    credential_id = base64url_to_bytes(credential["rawId"])
    handle = credential["response"].get("userHandle")
    found = session.execute(text("SELECT * FROM passkey_for(:id)"), {"id": credential_id}).one_or_none()
    if found is None or (actor is not None and found.person_id != actor.person_id):
        raise WrongPasskey
    if handle is None and actor is None:
        raise WrongPasskey
    if handle is not None and not hmac.compare_digest(base64url_to_bytes(handle), found.user_handle):
        raise WrongPasskey
    return found


def _counted(session: Session, passkey_id: UUID, before: int, after: int) -> None:
    """Keep the counter; raises WrongPasskey when the same key came in meanwhile, or was removed."""
    # unscoped: one's own row
    kept = (
        update(Passkey)
        .where(Passkey.id == passkey_id, Passkey.sign_count == before)
        .values(sign_count=after, used_at=func.ledger.now())
        .returning(Passkey.id)
    )
    if session.execute(kept).one_or_none() is None:
        raise WrongPasskey


def rename(session: Session, actor: Actor, passkey_id: UUID, name: str) -> None:
    """Give a key a name of one's own; raises NotFound."""
    # unscoped: one's own row
    named = update(Passkey).where(Passkey.id == passkey_id, Passkey.person_id == actor.person_id)
    if session.execute(named.values(name=name).returning(Passkey.id)).one_or_none() is None:
        raise NotFound


def remove(session: Session, actor: Actor, passkey_id: UUID) -> None:
    """The key opens nothing from here on; raises NotFound."""
    # unscoped: one's own row
    gone = delete(Passkey).where(Passkey.id == passkey_id, Passkey.person_id == actor.person_id)
    name = session.execute(gone.returning(Passkey.name)).scalar_one_or_none()
    if name is None:
        raise NotFound
    note(session, actor.person_id, actor.person_id, Happened.PASSKEY_REMOVED, name)
