"""The hard rules, in the order in which a refusal is explained: scalar for one pair, vectorised for many.

The scalar form is the meaning: it is checked again inside the transaction that accepts a proposal, and the
brute-force oracle knows nothing else. The vectorised form answers the same for every pair.
"""

from collections.abc import Callable, Iterable
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matching.borders import Borders
from matching.columns import Array, View
from matching.pairs import Pair, Pairs
from matching.rows import (
    CHECK_MASK,
    CROSSES,
    GENDER_MASK,
    NEEDS_MASK,
    NOT_PAUSED,
    NOT_RESTING,
    SKILL_MASK,
    UNDER_CAP,
    split,
)
from matching.types import Offer, Request

Mask = NDArray[np.bool_]


class Rule(IntEnum):
    """Why a pair is no match. EXCLUDED must never be told to either of the two."""

    CATEGORY = 1
    """The offer does not cover the request's category."""
    SKILLS = 2
    """A needed skill is missing."""
    BORDER = 3
    """Another municipality, and one of the four (two municipalities, two people) does not want that."""
    DISTANCE = 4
    """Farther than the asker allows or the helper goes."""
    TIME = 5
    """No weekly time slot in common."""
    MINUTES = 6
    """The request takes more minutes a week than the helper offers."""
    LANGUAGE = 7
    """No language in common."""
    CHECKS = 8
    """A required check is missing."""
    ONESELF = 9
    """One's own request."""
    EXCLUDED = 10
    """One of the two has excluded the other."""
    PAUSED = 11
    """The helper has paused."""
    RESTING = 12
    """The helper is in a rest period."""
    LOAD = 13
    """With this request the helper's week would exceed the limit that the helper set."""
    PROPOSALS = 14
    """The helper has had this week's share of proposals."""
    KIND = 15
    """No terms (Roosjes, without, paid, cheque) in common."""
    GENDER = 16
    """The asker asked for a helper of another gender."""
    ORGANISATION = 17
    """The helper helps only through an organisation that does not handle this request."""


def _covers(held: int, asked: int) -> bool:
    return held & asked == asked


def _border(pair: Pair) -> bool:
    here, there = pair.request.municipality_id, pair.offer.municipality_id
    willing = pair.request.cross_border and pair.offer.cross_border
    return here == there or (willing and pair.borders.agree(here, there))


def _distance(pair: Pair) -> bool:
    return pair.distance_m <= 1000 * min(pair.request.max_km, pair.offer.radius_km)


def _not_excluded(pair: Pair) -> bool:
    asker, helper = pair.request, pair.offer
    return helper.person_id not in asker.excluded and asker.person_id not in helper.excluded


HOLDS: Final[dict[Rule, Callable[[Pair], bool]]] = {
    Rule.CATEGORY: lambda p: p.request.category in p.offer.categories,
    Rule.SKILLS: lambda p: _covers(p.offer.skills, p.request.skills),
    Rule.BORDER: _border,
    Rule.DISTANCE: _distance,
    Rule.TIME: lambda p: p.request.slots & p.offer.slots != 0,
    Rule.MINUTES: lambda p: p.request.minutes <= p.offer.minutes_per_week,
    Rule.LANGUAGE: lambda p: p.request.languages & p.offer.languages != 0,
    Rule.CHECKS: lambda p: _covers(p.offer.checks, p.request.checks),
    Rule.ONESELF: lambda p: p.request.person_id != p.offer.person_id,
    Rule.EXCLUDED: _not_excluded,
    Rule.PAUSED: lambda p: not p.offer.paused,
    Rule.RESTING: lambda p: not p.offer.resting,
    Rule.LOAD: lambda p: p.offer.load_minutes + p.request.minutes <= p.offer.load_limit_minutes,
    Rule.PROPOSALS: lambda p: p.offer.proposals_this_week < p.offer.proposal_cap,
    Rule.KIND: lambda p: p.request.kinds & p.offer.kinds != 0,
    Rule.GENDER: lambda p: p.request.gender in (None, p.offer.gender),
    Rule.ORGANISATION: lambda p: p.offer.organisation in (None, p.request.organisation),
}


def first_failed(request: Request, offer: Offer, borders: Borders) -> Rule | None:
    """The first rule, in the fixed order, that keeps the two apart; None: they match."""
    pair = Pair(request, offer, borders)
    return next((rule for rule, holds in HOLDS.items() if not holds(pair)), None)


def _holds_bits(pairs: Pairs, mask: int) -> Mask:
    asked = pairs.requests.bits & np.uint64(mask)
    held: Mask = (pairs.offers.bits & asked) == asked
    return held


def _shares(one: Array, other: Array) -> Mask:
    shared: Mask = (one & other) != 0
    return shared


def _one(pairs: Pairs) -> View:
    """The single side, if there is one: what must be taken from a word is then taken once."""
    return pairs.requests if pairs.requests.single else pairs.offers


def _other(pairs: Pairs) -> View:
    return pairs.offers if pairs.requests.single else pairs.requests


def _border_many(pairs: Pairs) -> Mask:
    here, there = pairs.requests, pairs.offers
    willing = (here.bits & there.bits & np.uint64(CROSSES)) != 0
    opened = pairs.borders.opened(here.municipality, there.municipality)
    crossing: Mask = (here.municipality == there.municipality) | (opened & willing)
    return crossing


def _distance_many(pairs: Pairs) -> Mask:
    nearby: Mask = pairs.distance_m <= 1000 * np.minimum(pairs.requests.max_km, pairs.offers.radius_km)
    return nearby


def _not_oneself_many(pairs: Pairs) -> Mask:
    asker, helper = pairs.requests, pairs.offers
    other: Mask = (asker.person_hi != helper.person_hi) | (asker.person_lo != helper.person_lo)
    return other


def _not_excluded_many(pairs: Pairs) -> Mask:
    allowed = np.ones(len(pairs), dtype=np.bool_)
    _strike(allowed, pairs.requests, pairs.offers)
    _strike(allowed, pairs.offers, pairs.requests)
    return allowed


def _strike(allowed: Mask, excluding: View, others: View) -> None:
    """Clear the pairs of which `excluding` names the other's person. Few exclude anyone: a loop will do."""
    if not excluding.source.excluded:
        return
    for position in np.flatnonzero(excluding.excludes).tolist():
        persons = excluding.excluded(position)
        if others.single:
            allowed[position] &= others.person(0) not in persons
        elif not excluding.single:
            allowed[position] &= others.person(position) not in persons
        else:
            for person in persons:
                high, low = split(person)
                allowed &= (others.person_lo != np.uint64(low)) | (others.person_hi != np.uint64(high))


def _organisation_many(pairs: Pairs) -> Mask:
    through = pairs.offers.organisation
    free: Mask = (through == 0) | (through == pairs.requests.organisation)
    return free


HOLDS_MANY: Final[dict[Rule, Callable[[Pairs], Mask]]] = {
    Rule.CATEGORY: lambda p: _shares(p.requests.categories, p.offers.categories),
    Rule.SKILLS: lambda p: _holds_bits(p, SKILL_MASK),
    Rule.BORDER: _border_many,
    Rule.DISTANCE: _distance_many,
    Rule.TIME: lambda p: _shares(_one(p).slots, _other(p).slots_kinds),
    Rule.MINUTES: lambda p: np.less_equal(p.requests.minutes, p.offers.minutes),
    Rule.LANGUAGE: lambda p: _shares(p.requests.languages, p.offers.languages),
    Rule.CHECKS: lambda p: _holds_bits(p, CHECK_MASK),
    Rule.ONESELF: _not_oneself_many,
    Rule.EXCLUDED: _not_excluded_many,
    Rule.PAUSED: lambda p: _holds_bits(p, NOT_PAUSED),
    Rule.RESTING: lambda p: _holds_bits(p, NOT_RESTING),
    Rule.LOAD: lambda p: np.less_equal(p.offers.load + p.requests.minutes, p.offers.load_limit),
    Rule.PROPOSALS: lambda p: _holds_bits(p, UNDER_CAP),
    Rule.KIND: lambda p: _shares(_one(p).kind_bits, _other(p).slots_kinds),
    Rule.GENDER: lambda p: _holds_bits(p, GENDER_MASK),
    Rule.ORGANISATION: _organisation_many,
}

# Six rules (skills, checks, paused, resting, proposals, gender) lie in one word and are tested at once.
_BESIDE_THE_WORD: Final = (Rule.TIME, Rule.LANGUAGE)
_NEXT: Final = (Rule.DISTANCE, Rule.CATEGORY, Rule.MINUTES, Rule.LOAD, Rule.KIND)
_LAST: Final = (Rule.BORDER, Rule.ONESELF, Rule.ORGANISATION, Rule.EXCLUDED)


def fitting(pairs: Pairs) -> Pairs:
    """The pairs that pass every rule. Cheap tests that drop most come first, which changes no answer."""
    asked = pairs.requests.bits & np.uint64(NEEDS_MASK)
    kept = pairs.where(_all_hold(pairs, (pairs.offers.bits & asked) == asked, _BESIDE_THE_WORD))
    for first, *others in (_NEXT, _LAST):
        kept = kept.where(_all_hold(kept, HOLDS_MANY[first](kept), others))
    return kept


def _all_hold(pairs: Pairs, mask: Mask, rules: Iterable[Rule]) -> Mask:
    for rule in rules:
        mask = mask & HOLDS_MANY[rule](pairs)
    return mask


def failures(pairs: Pairs) -> NDArray[np.uint32]:
    """Per pair all rules that fail, bit = the rule's number."""
    failed = np.zeros(len(pairs), dtype=np.uint32)
    for rule, holds in HOLDS_MANY.items():
        failed |= np.multiply(~holds(pairs), np.uint32(1 << rule))
    return failed
