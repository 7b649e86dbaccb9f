"""Why: the parts of a match's score, the rule that kept a pair apart, and what would bring more helpers."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import IntEnum

from matching.borders import Borders
from matching.cells import metres_between
from matching.index import OfferIndex
from matching.rules import Rule, first_failed
from matching.score import Term, terms
from matching.types import Kind, Offer, Request
from matching.validation import CHECK_BITS, LANGUAGE_BITS, MAX_KM, SKILL_BITS, SLOT_BITS

FURTHER_KM = (5, 10)


@dataclass(frozen=True, slots=True)
class Explanation:
    """A pair's score, taken apart; the terms add up to it."""

    distance_m: int
    terms: dict[Term, int]
    score: int


class Relaxation(IntEnum):
    """One thing that the asker, or the makelaar, could allow. `amount` says how much or which."""

    FURTHER = 1
    """`amount` km more."""
    ANY_TIME = 2
    """Every time slot of the week."""
    HALF_THE_MINUTES = 3
    """`amount` minutes a week instead of the minutes asked."""
    WITHOUT_SKILL = 4
    """Without needing the skill of bit `amount`."""
    WITHOUT_CHECK = 5
    """Without requiring the check of bit `amount` (only the makelaar may)."""
    ANY_LANGUAGE = 6
    """Whatever the helper speaks."""
    ACROSS_THE_BORDER = 7
    """Helpers of other municipalities too, where both municipalities agree."""
    ANY_KIND = 8
    """On any terms."""
    ANY_GENDER = 9
    """Whatever the helper's gender."""


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """With this one relaxation, `more` people could help than now."""

    relaxation: Relaxation
    amount: int
    more: int


def explain(request: Request, offer: Offer) -> Explanation:
    """The score of a pair, in parts, whether or not the rules let them meet."""
    parts = terms(request, offer)
    return Explanation(metres_between(request.cell, offer.cell), parts, sum(parts.values()))


def why_not(request: Request, offer: Offer, borders: Borders) -> Rule | None:
    """The first rule that keeps the two apart; None for a match."""
    return first_failed(request, offer, borders)


def counterfactuals(request: Request, index: OfferIndex) -> list[Counterfactual]:
    """For each relaxation that applies, in the order of `Relaxation`, how many more people could help."""
    now = index.count(request)
    return [
        Counterfactual(relaxation, amount, index.count(relaxed) - now)
        for relaxation, amount, relaxed in relaxations(request)
    ]


def relaxations(request: Request) -> Iterator[tuple[Relaxation, int, Request]]:
    """The request with one condition loosened, for each condition that can be."""
    for km in FURTHER_KM:
        if request.max_km + km <= MAX_KM:
            yield Relaxation.FURTHER, km, replace(request, max_km=request.max_km + km)
    if request.slots != _all(SLOT_BITS):
        yield Relaxation.ANY_TIME, 0, replace(request, slots=_all(SLOT_BITS))
    if request.minutes > 1:
        half = request.minutes // 2
        yield Relaxation.HALF_THE_MINUTES, half, replace(request, minutes=half)
    for bit in _bits(request.skills, SKILL_BITS):
        yield Relaxation.WITHOUT_SKILL, bit, replace(request, skills=request.skills & ~(1 << bit))
    for bit in _bits(request.checks, CHECK_BITS):
        yield Relaxation.WITHOUT_CHECK, bit, replace(request, checks=request.checks & ~(1 << bit))
    yield from _relaxed_people(request)


def _relaxed_people(request: Request) -> Iterator[tuple[Relaxation, int, Request]]:
    any_kind = Kind.ROOSJES | Kind.ZONDER | Kind.BETAALD | Kind.CHEQUE
    if request.languages != _all(LANGUAGE_BITS):
        yield Relaxation.ANY_LANGUAGE, 0, replace(request, languages=_all(LANGUAGE_BITS))
    if not request.cross_border:
        yield Relaxation.ACROSS_THE_BORDER, 0, replace(request, cross_border=True)
    if request.kinds != any_kind:
        yield Relaxation.ANY_KIND, 0, replace(request, kinds=any_kind)
    if request.gender is not None:
        yield Relaxation.ANY_GENDER, 0, replace(request, gender=None)


def _all(bits: int) -> int:
    return (1 << bits) - 1


def _bits(mask: int, width: int) -> Iterator[int]:
    return (bit for bit in range(width) if mask >> bit & 1)
