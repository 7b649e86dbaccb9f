"""Words that come along with Roosjes: kept here, with their salt; the ledger has a salted hash of them."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.ids import uuid7
from app.roosjes.models import RoosjesNote

SALT_BYTES = 32


@dataclass(frozen=True, slots=True)
class Words:
    """Who says what to whom, under which key; ``to_id`` is empty for the pot.

    The key names the act as well: the words of a gift are not found again for a question under the same key, which
    would then be shown to whoever got the gift.
    """

    from_id: UUID
    municipality_id: int
    to_id: UUID | None
    other_municipality_id: int | None
    key: str
    text: str
    about: str = ""


def keep(session: Session, words: Words) -> tuple[UUID, bytes]:
    """Write the words down once; their key here, and the hash that goes into the ledger.

    The same key finds the salt of the first time, so that a form that is sent twice books once, and one with other
    words is refused by the ledger.
    """
    salt = secrets.token_bytes(SALT_BYTES)
    new = insert(RoosjesNote).values(
        id=uuid7(),
        municipality_id=words.municipality_id,
        other_municipality_id=words.other_municipality_id,
        from_id=words.from_id,
        to_id=words.to_id,
        key=words.key,
        salt=salt,
        note_hash=digest(salt, words.text),
        text=words.text,
        about=words.about,
    )
    kept = new.on_conflict_do_nothing(index_elements=["from_id", "key"]).returning(RoosjesNote.id)
    if (made := session.execute(kept).scalar_one_or_none()) is not None:
        return made, digest(salt, words.text)
    # unscoped: one's own: what one wrote oneself under this key
    first = select(RoosjesNote.id, RoosjesNote.salt).where(
        RoosjesNote.from_id == words.from_id, RoosjesNote.key == words.key
    )
    id, kept_salt = session.execute(first).one()
    return id, digest(kept_salt, words.text)


def digest(salt: bytes, text: str) -> bytes:
    """What the ledger knows of the words."""
    return sha256(salt + text.encode()).digest()


def of_lines(session: Session, hashes: Iterable[bytes]) -> dict[bytes, RoosjesNote]:
    """The words of these lines that are still there, by their hash."""
    # unscoped: row-level security shows them to the two and their desks
    rows = session.scalars(select(RoosjesNote).where(RoosjesNote.note_hash.in_(list(hashes))))
    return {row.note_hash: row for row in rows}


def forget(session: Session, person_id: UUID) -> None:
    """Erase what somebody wrote and was written, with its salts: the ledger's chain verifies without."""
    # unscoped: goes with whom the caller may erase, and row-level security stands behind it
    theirs = or_(RoosjesNote.from_id == person_id, RoosjesNote.to_id == person_id)
    session.execute(delete(RoosjesNote).where(theirs))  # unscoped: goes with whom the caller may erase
