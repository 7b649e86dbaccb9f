"""Why: the parts of a match's score, the rule that kept a pair apart, and what would bring more helpers."""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Final, overload
from uuid import UUID

import numpy as np

from matching.cells import metres_between
from matching.columns import Array, view_of
from matching.index import OfferIndex, RequestIndex
from matching.pairs import Pairs
from matching.rows import REQUESTS
from matching.rules import HOLDS_MANY, Rule, failures
from matching.score import Term, terms
from matching.search import people
from matching.types import Kind, Offer, Request
from matching.validation import CHECK_BITS, LANGUAGE_BITS, MAX_KM, SKILL_BITS, SLOT_BITS

FURTHER_KM = (5, 10)


class Explanation(tuple[int, ...]):
    """A pair's score, taken apart: the metres, then the points of each term in the order of `Term`.

    A tuple, as `Match` is: an answer makes twenty, which must not take longer than finding them.
    """

    __slots__ = ()

    @property
    def distance_m(self) -> int:
        """Between the centres of the two cells."""
        return self[0]

    @property
    def terms(self) -> dict[Term, int]:
        """The points by term; they add up to the score."""
        return dict(zip(_TERMS, self[1:], strict=True))

    @property
    def score(self) -> int:
        """The sum of the terms."""
        return sum(self[1:])


_TERMS: Final = tuple(Term)
_LINE: Final = struct.Struct(f"={1 + len(Term)}i")


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
    return Explanation((metres_between(request.cell, offer.cell), *terms(request, offer).values()))


class Explanations(Sequence[Explanation]):
    """One row beside many, taken apart: a line per row of the other side, in the order asked."""

    def __init__(self, taken: Array) -> None:
        """int32 of shape (n, 12), contiguous: the metres, then the terms in the order of `Term`."""
        self.taken = taken

    @property
    def distances_m(self) -> Array:
        """The metres of each."""
        return self.taken[:, 0]

    @property
    def scores(self) -> Array:
        """The sums of the terms."""
        sums: Array = self.taken[:, 1:].sum(axis=1, dtype=np.int32)
        return sums

    def __len__(self) -> int:
        return len(self.taken)

    @overload
    def __getitem__(self, at: int) -> Explanation: ...
    @overload
    def __getitem__(self, at: slice) -> "Explanations": ...
    def __getitem__(self, at: int | slice) -> "Explanation | Explanations":
        if isinstance(at, slice):
            return Explanations(np.ascontiguousarray(self.taken[at]))
        return Explanation(self.taken[at].tolist())

    def __iter__(self) -> Iterator[Explanation]:
        return map(Explanation, _LINE.iter_unpack(self.taken.data) if len(self) else ())


def explain_offers(request: Request, offer_ids: Sequence[UUID], index: OfferIndex) -> Explanations:
    """`explain` for many offers that the index holds, at once. Raises BadRow, or UnknownRow for another id."""
    return Explanations(index.taken_apart(request, offer_ids))


def explain_requests(offer: Offer, request_ids: Sequence[UUID], index: RequestIndex) -> Explanations:
    """`explain` for many requests that the index holds, at once. Raises BadRow, or UnknownRow for another id."""
    return Explanations(index.taken_apart(offer, request_ids))


LOOSENS: Final[dict[Relaxation, tuple[Rule, ...]]] = {
    Relaxation.FURTHER: (Rule.DISTANCE,),
    Relaxation.ANY_TIME: (Rule.TIME,),
    Relaxation.HALF_THE_MINUTES: (Rule.MINUTES, Rule.LOAD),
    Relaxation.WITHOUT_SKILL: (Rule.SKILLS,),
    Relaxation.WITHOUT_CHECK: (Rule.CHECKS,),
    Relaxation.ANY_LANGUAGE: (Rule.LANGUAGE,),
    Relaxation.ACROSS_THE_BORDER: (Rule.BORDER,),
    Relaxation.ANY_KIND: (Rule.KIND,),
    Relaxation.ANY_GENDER: (Rule.GENDER,),
}
"""The rules that a relaxation may make hold; it touches no other."""


def counterfactuals(request: Request, index: OfferIndex) -> list[Counterfactual]:
    """For each relaxation that applies, in the order of `Relaxation`, how many more people could help.

    One look at all offers within the widest reach says which rules fail for each; what a relaxation adds is
    then sought only among those for whom no other rule fails.
    """
    loosened = list(relaxations(request))
    widest = replace(request, max_km=max([request.max_km, *(each.max_km for _, _, each in loosened)]))
    pairs = index.beside(widest)
    failed = failures(Pairs(view_of(REQUESTS, request), pairs.offers, pairs.borders))
    now = people(pairs.where(failed == 0))
    found = []
    for relaxation, amount, relaxed in loosened:
        touched = LOOSENS[relaxation]
        others = np.uint32(~sum(1 << rule for rule in touched) & 0xFFFF_FFFF)
        near = pairs.where((failed & others) == 0)
        loose = Pairs(view_of(REQUESTS, relaxed), near.offers, pairs.borders)
        holding = np.logical_and.reduce([HOLDS_MANY[rule](loose) for rule in touched])
        found.append(Counterfactual(relaxation, amount, len(people(near.where(holding)) - now)))
    return found


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
