"""At 100,000 rows, both ways, the answers of the kernel and of numpy are those of a look at every pair.

The look is the vectorised rules and terms over all rows, without grid or bound; that these are the scalar ones
is tested beside them, and again here on some pairs of every question. It is counted how often each rule and each
term decided: without it, that many answers would have been others.
"""

import os
from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

import numpy as np
import pytest

from matching.columns import Array, View, view_of
from matching.index import OfferIndex, RequestIndex
from matching.loading import offers_of, requests_of
from matching.pairs import Pairs
from matching.rows import OFFERS, REQUESTS, joined
from matching.rules import Rule, failures, first_failed
from matching.score import Term, score, terms_many
from matching.ties import tie_many
from matching.types import Match, Offer, Request
from tests.matching.kept import keep
from tests.matching.region import BORDERS, draw_offers, draw_requests, entangled
from tests.matching.worlds import alike

LONG = bool(os.environ.get("ZVE_TEST_LONG"))
SIZE = 100_000
QUESTIONS = 1_000 if LONG else 200
DECIDED = 20 if LONG else 1
"""So many answers at least must hang on each rule and on each term."""
K, SEED = 20, 11
HELPERS, REQUESTED = "best offers for a request", "best requests for an offer"
DRAWN = {HELPERS: 1, REQUESTED: 2}

EVERY = np.arange(SIZE, dtype=np.int32)


class Tally:
    """What decided how often."""

    def __init__(self) -> None:
        self.rules: Counter[Rule] = Counter()
        self.terms: Counter[Term] = Counter()

    def expected(self, pairs: Pairs, own_id: UUID, many: View, once: bool) -> list[Match]:
        """The answer, from all pairs; and what it hung on."""
        failed = failures(pairs)
        near = np.flatnonzero(np.bitwise_count(failed) <= 1)
        failed, pairs, many = failed[near], pairs.where(near), many.where(near)
        parts = terms_many(pairs)
        total = np.sum(list(parts.values()), axis=0)
        ties = np.broadcast_to(tie_many(SEED, pairs), total.shape)
        fit = failed == 0
        best = _ranked(total, ties, many, fit, once)
        for rule in Rule:
            self.rules[rule] += _ranked(total, ties, many, fit | (failed == 1 << rule), once) != best
        for term in Term:
            self.terms[term] += _ranked(total - parts[term], ties, many, fit, once) != best
        ids = [joined(many.id_hi[at], many.id_lo[at]) for at in best]
        metres = pairs.distance_m
        return [
            Match.of(
                *((own_id, key) if once else (key, own_id)), many.person(at), int(total[at]), int(metres[at])
            )
            for key, at in zip(ids, best, strict=True)
        ]


def _ranked(total: Array, ties: Array, many: View, fit: Array, once: bool) -> list[int]:
    """Positions of the best K of those that fit, one per person if wanted."""
    places = np.flatnonzero(fit)
    chosen: dict[Any, int] = {}
    for at in places[np.lexsort((ties[places], -total[places]))].tolist():
        chosen.setdefault((many.person_hi[at], many.person_lo[at]) if once else at, at)
        if len(chosen) == K:
            break
    return list(chosen.values())


def check_some(pairs: Pairs, beside: Sequence[tuple[Request, Offer]], places: Array) -> None:
    """The scalar rules and terms say the same of some pairs."""
    some = pairs.where(places)
    failed = failures(some)
    total = np.sum(list(terms_many(some).values()), axis=0)
    for (request, offer), bits, points in zip(beside, failed.tolist(), total.tolist(), strict=True):
        assert (first_failed(request, offer, BORDERS) or 0) == (bits & -bits).bit_length() - (bits > 0)
        assert score(request, offer) == points


def decided(direction: str, tally: Tally, terms: set[Term]) -> None:
    """Everything that can decide did; the counts of a run at full size are kept."""
    assert {rule.name: tally.rules[rule] for rule in Rule if tally.rules[rule] < DECIDED} == {}
    assert {term.name: tally.terms[term] for term in terms if tally.terms[term] < DECIDED} == {}
    if LONG:
        keep(direction, {
            "rows": SIZE, "questions": QUESTIONS, "best": K, "tie_seed": SEED, "drawn_from_seed": DRAWN[direction],
            "same_lists": QUESTIONS, "decided_by_rule": {rule.name: tally.rules[rule] for rule in Rule},
            "decided_by_term": {term.name: tally.terms[term] for term in Term},
        })  # fmt: skip


@pytest.mark.long
def test_the_best_offers_of_a_region_are_those_of_a_look_at_every_offer() -> None:
    draw = np.random.default_rng(DRAWN[HELPERS])
    drawn = draw_offers(draw, SIZE, people=SIZE * 2 // 3)
    first = OfferIndex(offers_of(drawn.columns), borders=BORDERS, seed=SEED)
    plain = list(RequestIndex(requests_of(draw_requests(draw, QUESTIONS, SIZE).columns), borders=BORDERS))
    asked, excluded = entangled(plain, [[m.offer_id for m in first.top_k(r)] for r in plain], drawn)
    loaded, tally = offers_of(drawn.columns, excluded), Tally()
    index, rows = OfferIndex(loaded, borders=BORDERS, seed=SEED), View(_Plain(loaded), EVERY)
    for request in asked:
        pairs = Pairs(view_of(REQUESTS, request), rows, BORDERS)
        assert alike(partial(index.top_k, request, K)) == tally.expected(pairs, request.id, rows, once=True)
        places = draw.integers(0, SIZE, 5)
        check_some(pairs, [(request, _held(index, rows, at)) for at in places], places)
    decided(HELPERS, tally, set(Term) - {Term.URGENCY, Term.VULNERABLE, Term.WAITING})


@pytest.mark.long
def test_the_best_requests_of_a_region_are_those_of_a_look_at_every_request() -> None:
    draw = np.random.default_rng(DRAWN[REQUESTED])
    drawn = draw_requests(draw, SIZE, people=SIZE)
    first = RequestIndex(requests_of(drawn.columns), borders=BORDERS, seed=SEED)
    plain = list(OfferIndex(offers_of(draw_offers(draw, QUESTIONS, SIZE).columns), borders=BORDERS))
    offered, excluded = entangled(plain, [[m.request_id for m in first.top_k(o)] for o in plain], drawn)
    loaded, tally = requests_of(drawn.columns, excluded), Tally()
    index, rows = RequestIndex(loaded, borders=BORDERS, seed=SEED), View(_Plain(loaded), EVERY)
    for offer in offered:
        pairs = Pairs(rows, view_of(OFFERS, offer), BORDERS)
        assert alike(partial(index.top_k, offer, K)) == tally.expected(pairs, offer.id, rows, once=False)
        places = draw.integers(0, SIZE, 5)
        check_some(pairs, [(_held(index, rows, at), offer) for at in places], places)
    decided(REQUESTED, tally, set(Term) - {Term.TURN, Term.LOAD, Term.ASKED})


def _held(index: OfferIndex | RequestIndex, rows: View, at: int) -> Any:
    return index.get(rows.key(at))


class _Plain:
    """Loaded rows as the source of a view."""

    def __init__(self, loaded: Any) -> None:
        self.records, self.excluded = loaded.records, dict(loaded.excluded)

    def column(self, name: str, numbers: Array) -> Array:
        values: Array = self.records[name][numbers]
        return values
