"""Setting up a region, as the owner of the database: its name, who takes part, and where a visitor begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from sqlalchemy import Connection, Row, insert, select, update

import rewards
from app.places.models import Municipality, Region

APART: Final = 100_000_000
"""Rows of each kind that a region's books may come to before they count into the numbers of the next."""


class NotPossible(RuntimeError):
    """What was typed cannot be done; the message is a sentence for whoever typed it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A region as it is set up; ``default`` is the municipality that a visitor sees first."""

    name: str
    default: str
    joined: list[str]


Found = Row[int, str, bool]
"""Code, name, and whether it takes part."""


def create(connection: Connection, name: str, number: int = 0) -> None:
    """The region of this installation; there is one. Raises NotPossible.

    With a ``number`` its books count from another hundred million on than those of other regions, so that a
    municipality can move from one to another with the numbers that it has.
    """
    if (held := _region(connection)) is not None:
        raise NotPossible(
            f"This installation has its region already: {held}. To call it otherwise: zorgvoorelkaar region rename."
        )
    connection.execute(insert(Region).values(id=1, name=_named(name)))
    if number:
        rewards.count_from(connection, number * APART)


def rename(connection: Connection, name: str) -> None:
    """Another name for the region."""
    needed(connection)
    connection.execute(update(Region).values(name=_named(name)))


def join(connection: Connection, municipalities: Sequence[str]) -> list[str]:
    """Let municipalities take part, all of them or none; the first of a region becomes the default. Their names."""
    needed(connection)
    rows = [find(connection, typed) for typed in municipalities]
    connection.execute(
        update(Municipality).where(Municipality.id.in_([row.id for row in rows])).values(joined=True)
    )
    # the first that takes part, until another one is chosen
    first = update(Region).where(Region.default_municipality_id.is_(None))
    connection.execute(first.values(default_municipality_id=rows[0].id))
    return [row.name for row in rows]


def set_default(connection: Connection, municipality: str) -> str:
    """Where a visitor begins who chose nothing yet; its name."""
    needed(connection)
    row = taking_part(connection, municipality)
    connection.execute(update(Region).values(default_municipality_id=row.id))
    return str(row.name)


def standing(connection: Connection) -> Standing:
    """How the region is set up."""
    name = needed(connection)
    chosen = select(Municipality.name).join(Region, Region.default_municipality_id == Municipality.id)
    joined = select(Municipality.name).where(Municipality.joined).order_by(Municipality.name)
    return Standing(
        name,
        connection.execute(chosen).scalar_one_or_none() or "",
        list(connection.execute(joined).scalars()),
    )


def find(connection: Connection, typed: str) -> Found:
    """The municipality of this name or CBS code, "Geldrop-Mierlo", "1771" or "GM1771"; raises NotPossible."""
    rows = connection.execute(select(Municipality.id, Municipality.name, Municipality.joined)).all()
    if not rows:
        raise NotPossible("No municipality is known yet. Load them first: zorgvoorelkaar geo import FOLDER.")
    wanted = typed.strip().casefold()
    for row in rows:
        if wanted in (row.name.casefold(), str(row.id), f"gm{row.id:04}"):
            return row
    like = get_close_matches(wanted, [row.name.casefold() for row in rows], n=1)
    near = next((row.name for row in rows if like and row.name.casefold() == like[0]), "")
    raise NotPossible(f"No municipality is called {typed}." + (f" Did you mean {near}?" if near else ""))


def taking_part(connection: Connection, typed: str) -> Found:
    """The same, and it takes part."""
    row = find(connection, typed)
    if not row.joined:
        raise NotPossible(
            f'{row.name} does not take part. Let it join first: zorgvoorelkaar region join "{row.name}".'
        )
    return row


def needed(connection: Connection) -> str:
    """The name of the region; raises NotPossible where there is none yet."""
    held = _region(connection)
    if held is None:
        raise NotPossible("There is no region yet. Make it first: zorgvoorelkaar region create NAME.")
    return held


def _region(connection: Connection) -> str | None:
    name: str | None = connection.execute(select(Region.name)).scalar_one_or_none()
    return name


def _named(name: str) -> str:
    if not name.strip():
        raise NotPossible("A region needs a name.")
    return name.strip()
