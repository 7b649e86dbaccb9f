"""Six digits beside the link in the same mail, for the page that asked for it.

The code is made anew from the installation's key and the link's id each time, so that the database holds nothing
that opens a door. It works together with a ticket that only the asking page has: whoever guesses has to ask for a
mail first, five tries a link and fifteen a day for one address, and meanwhile the link itself keeps working.
"""

import hmac
from hashlib import sha256
from uuid import UUID

from itsdangerous import BadSignature, Signer
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.access.limits import CODE_BY_EMAIL, spend
from app.access.models import SignInLink
from app.access.proof_models import MOST_TRIES
from app.access.sign_in import LinkDead
from app.errors import Invalid

DIGITS = 6


class WrongCode(Invalid):
    """Not the code of this mail; the link in it still works."""

    code = "wrong-code"


def code_of(secret: bytes, link_id: UUID) -> str:
    """The six digits of a link."""
    mixed = hmac.new(secret, b"sign-in-code\0" + link_id.bytes, sha256).digest()
    return f"{int.from_bytes(mixed[:8], 'big') % 10**DIGITS:0{DIGITS}}"


def ticket_of(secret: bytes, link_id: UUID) -> str:
    """What the page that asked for the mail sends along; it is made for every address alike."""
    return _signer(secret).sign(link_id.hex).decode()


def _signer(secret: bytes) -> Signer:
    return Signer(secret, salt="sign-in-ticket", digest_method=sha256)


def address_of(session: Session, secret: bytes, ticket: str) -> str:
    """To whom the mail of this ticket went; raises LinkDead for a ticket that is none."""
    link = session.get(SignInLink, _link_id(secret, ticket))
    if link is None:
        raise LinkDead
    return link.email


def _link_id(secret: bytes, ticket: str) -> UUID:
    try:
        return UUID(_signer(secret).unsign(ticket).decode())
    except (BadSignature, ValueError):
        raise LinkDead from None


def use_code(session: Session, secret: bytes, ticket: str, typed: str) -> SignInLink:
    """Spend the link by its code. Raises LinkDead, WrongCode, or TooMany for this address today.

    Tries of one link come one after the other, and each is counted before it is looked at.
    """
    link_id = _link_id(secret, ticket)
    # unscoped: found by its own secret
    tried = (
        update(SignInLink)
        .where(
            SignInLink.id == link_id, SignInLink.used_at.is_(None), SignInLink.tries < MOST_TRIES,
            SignInLink.expires_at > func.ledger.now(),
        )
        .values(tries=SignInLink.tries + 1)
        .returning(SignInLink)
    )  # fmt: skip
    link = session.scalars(tried, execution_options={"populate_existing": True}).one_or_none()
    if link is None:
        raise LinkDead
    spend(session, CODE_BY_EMAIL, link.email)
    if not hmac.compare_digest(code_of(secret, link_id).encode(), typed.encode()):
        raise WrongCode
    link.used_at = session.execute(select(func.ledger.now())).scalar_one()
    session.flush()
    return link
