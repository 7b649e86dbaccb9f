"""How well two people fit, in one of three words, by one measure for whoever reads it."""

from collections.abc import Mapping
from typing import Final

from app.matches.models import Proposal
from matching.score import Term

MUTUAL: Final = (Term.NEAR, Term.NEIGHBOURS, Term.TIME, Term.SKILLS, Term.LANGUAGE)
"""Terms that say something about these two people; the others rank requests or spread the work."""
VERY_GOOD_POINTS: Final = 360
FULL_WEEK_POINTS: Final = -60
"""So many points for the load, or fewer: the helper's week is full."""


def points_of(proposal: Proposal) -> dict[Term, int]:
    """What the engine gave this pair when it was proposed."""
    return {Term[name.upper()]: value for name, value in proposal.terms.items()}


def level(points: Mapping[Term, int], minds: list[str]) -> str:
    """``very``, ``good`` or ``mind``: from what is between these two, not from how urgent or busy it is."""
    if minds:
        return "mind"
    return "very" if sum(points.get(term, 0) for term in MUTUAL) >= VERY_GOOD_POINTS else "good"
