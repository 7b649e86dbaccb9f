"""The person's own yes or no, by the link in a mail: a GET shows a button, and only the button says it."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from itsdangerous import BadSignature, Signer
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.access.sign_in import LinkDead, act_as, person_for_email
from app.notifications.service import tell
from app.people import service as people
from app.people.service import NewPerson
from app.representations import service
from app.representations.models import Representation, RepresentationStatus


@dataclass(frozen=True, slots=True)
class Asked:
    """What the person reads before they answer."""

    id: UUID
    representative_id: UUID
    representative: str
    claimed: dict[str, Any]
    question: dict[str, Any]


def token_of(secret: bytes, id: UUID) -> str:
    """What the mail carries: made again from the key each time, so that no secret is stored."""
    return _signer(secret).sign(id.hex).decode()


def _signer(secret: bytes) -> Signer:
    return Signer(secret, salt="representation", digest_method=sha256)


def asked(session: Session, secret: bytes, token: str) -> Asked:
    """What waits for this link's answer; raises LinkDead, whatever the cause."""
    try:
        key = UUID(_signer(secret).unsign(token).decode())
    except (BadSignature, ValueError):
        raise LinkDead from None
    row = session.execute(text("SELECT * FROM asked_representation(:key)"), {"key": key}).one_or_none()
    if row is None:
        raise LinkDead
    return Asked(key, row.representative_id, row.first_name, row.claimed, row.question)


def agree(session: Session, secret: bytes, token: str, sensitive_yes: int | None = None) -> Asked:
    """Yes: whoever reads this mailbox is the person, known or new, and what was asked is asked in their name.

    ``sensitive_yes`` is their yes to what is sensitive in it; without that the question waits at the desk. Nobody is
    signed in by it. Raises LinkDead, YesNeeded.
    """
    waiting = asked(session, secret, token)
    email = waiting.claimed.get("email", "")
    person_id = person_for_email(session, email)
    if person_id is None:
        person_id = people.register(session, NewPerson.model_validate(waiting.claimed))[0].id
    actor = act_as(session, person_id)
    if not actor.signed_in:
        raise LinkDead
    service.hear(session, actor, person_id, waiting.question, sensitive_yes)
    row = _stand(session, waiting, person_id)
    tell(session, waiting.representative_id, row.municipality_id, "representation-stands", waiting.id)
    service.post(session, row, waiting.question)
    return waiting


def _stand(session: Session, waiting: Asked, person_id: UUID) -> Representation:
    """The representation that stands from here on: this one, or an older one of the two."""
    service.end_overdue(session, waiting.representative_id, person_id)
    given = session.execute(text("SELECT consent_to(:key)"), {"key": waiting.id}).scalar_one()
    # unscoped: one's own: between the person who says yes and who asked
    query = select(Representation).where(
        Representation.representative_id == waiting.representative_id,
        Representation.represented_id == person_id,
        Representation.is_live(),
    )
    row = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise LinkDead
    if given:
        row.tell(RepresentationStatus.ASKED, person_id)
    else:
        session.execute(text("SELECT decline_representation(:key)"), {"key": waiting.id})
    return row


def decline(session: Session, secret: bytes, token: str) -> None:
    """No: what was typed is forgotten at once. Raises LinkDead."""
    waiting = asked(session, secret, token)
    session.execute(text("SELECT decline_representation(:key)"), {"key": waiting.id})
