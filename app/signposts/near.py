"""What there is near for everybody: groups, places and desks to which a sign points.

The seam for whatever comes to know of them. A source is one function; it answers for all the categories of an outcome
at once, so that a page costs the same number of statements however many signs stand on it. As long as no source knows
anything of a sign, the page names the kind of provision and who in the municipality can tell where it is.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from app.signposts.rules import Outcome, Rung

MOST: Final = 3
"""So many at one sign: somebody chooses between a few, and looks further where all of them stand."""


@dataclass(frozen=True, slots=True)
class Provision:
    """Something that one can go to or call, as far as it is public."""

    name: str
    about: str = ""
    """When and where, in one line."""
    path: str = ""
    """Its page on this site."""
    phone: str = ""


Source = Callable[[Session, int | None, Sequence[str]], Mapping[str, Sequence[Provision]]]
"""Knows provisions of some categories (their slugs) that are open to the residents of a municipality: by category, what
suits best first. A category of which it knows nothing is left out."""

SOURCES: Final[tuple[Source, ...]] = ()
"""Who knows of provisions, in the order in which they are shown."""


def provisions_near(
    session: Session, municipality_id: int | None, found: Outcome, sources: Iterable[Source] | None = None
) -> dict[str, list[Provision]]:
    """By category, a few provisions for the signs of an outcome; empty where nobody knows of any."""
    wanted = list(dict.fromkeys(sign.category for sign in found.rungs.get(Rung.NEAR, ()) if sign.category))
    known: dict[str, list[Provision]] = {}
    if not wanted:
        return known
    for source in SOURCES if sources is None else sources:
        for category, provisions in source(session, municipality_id, wanted).items():
            shown = known.setdefault(category, [])
            shown += provisions[: MOST - len(shown)]
    return known
