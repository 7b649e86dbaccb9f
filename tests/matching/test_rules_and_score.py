"""Rules and terms: their meaning, and that the vectorised forms have no other."""

from typing import Any
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given, strategies as st

from matching.borders import Borders
from matching.cells import STRIDE, metres_between
from matching.columns import View, view_all, view_of
from matching.pairs import Pairs
from matching.rows import OFFERS, REQUESTS
from matching.rules import HOLDS, HOLDS_MANY, Rule, failures, first_failed, fitting
from matching.score import POINTS, POINTS_MANY, Term, score, score_many, terms, terms_many
from matching.ties import tie, tie_many
from matching.types import Gender, Kind, Offer, Request
from tests.matching.worlds import (
    BORDERS,
    GELDROP,
    OFFER,
    REQUEST,
    a_request,
    an_offer,
    offers,
    requests,
    several,
    wild_offers,
    wild_requests,
)


def views(asked: list[Request], offered: list[Offer]) -> list[tuple[Pairs, list[tuple[Request, Offer]]]]:
    """The same rows one to many, many to one, and pair by pair, each with its pairs spelt out."""
    shapes = [
        (
            Pairs(view_of(REQUESTS, request), view_all(OFFERS, offered), BORDERS),
            [(request, o) for o in offered],
        )
        for request in asked[:1]
    ]
    shapes += [
        (Pairs(view_all(REQUESTS, asked), view_of(OFFERS, offer), BORDERS), [(r, offer) for r in asked])
        for offer in offered[:1]
    ]
    both = list(zip(asked, offered, strict=False))
    beside = Pairs(
        view_all(REQUESTS, [request for request, _ in both]), view_all(OFFERS, [o for _, o in both]), BORDERS
    )
    return [*shapes, (beside, both)]


def keys_of(view: View, length: int) -> list[UUID]:
    """The key on this side of each pair."""
    return [view.key(0 if view.single else at) for at in range(length)]


def lowest(bits: int) -> int:
    """The first rule among those that failed, 0 for none."""
    return (bits & -bits).bit_length() - 1 if bits else 0


@given(several(wild_requests, 12), several(wild_offers, 12))
def test_vectorised_rules_answer_as_the_scalar_ones(asked: list[Request], offered: list[Offer]) -> None:
    for pairs, spelt in views(asked, offered):
        scalar = [first_failed(request, offer, BORDERS) or 0 for request, offer in spelt]
        assert [lowest(bits) for bits in failures(pairs).tolist()] == scalar
        fit = fitting(pairs)
        kept = list(zip(keys_of(fit.requests, len(fit)), keys_of(fit.offers, len(fit)), strict=True))
        assert kept == [(r.id, o.id) for (r, o), failed in zip(spelt, scalar, strict=True) if not failed]


@given(several(wild_requests, 12), several(wild_offers, 12))
def test_vectorised_terms_are_the_scalar_ones_and_add_up(asked: list[Request], offered: list[Offer]) -> None:
    for pairs, spelt in views(asked, offered):
        parts = {term: values.tolist() for term, values in terms_many(pairs).items()}
        scalar = [terms(request, offer) for request, offer in spelt]
        assert parts == {term: [each[term] for each in scalar] for term in Term}
        assert score_many(pairs).tolist() == [sum(each.values()) for each in scalar]
        assert score_many(pairs).dtype == np.int32


@given(several(requests, 6), several(offers, 6), st.integers(0, 2**64 - 1))
def test_vectorised_ties_are_the_scalar_ones(asked: list[Request], offered: list[Offer], seed: int) -> None:
    for pairs, spelt in views(asked, offered):
        scalar = [tie(seed, request.id, offer.id) for request, offer in spelt]
        assert np.broadcast_to(tie_many(seed, pairs), (len(pairs),)).tolist() == scalar


def test_every_rule_and_term_has_both_forms_in_the_order_of_its_number() -> None:
    assert list(HOLDS) == list(HOLDS_MANY) == sorted(Rule)
    assert list(POINTS) == list(POINTS_MANY) == sorted(Term)


BROKEN: list[tuple[Rule, dict[str, Any], dict[str, Any]]] = [
    (Rule.CATEGORY, {"category": 4}, {}),
    (Rule.SKILLS, {"skills": 0b101}, {"skills": 0b100}),
    (Rule.BORDER, {}, {"municipality_id": 794}),
    (Rule.BORDER, {"cross_border": False}, {"municipality_id": 772}),
    (Rule.BORDER, {}, {"municipality_id": 772, "cross_border": False}),
    (Rule.DISTANCE, {"max_km": 2}, {"cell": GELDROP + 3}),
    (Rule.DISTANCE, {}, {"cell": GELDROP + 3, "radius_km": 2}),
    (Rule.TIME, {"slots": 0b10000}, {}),
    (Rule.MINUTES, {"minutes": 241}, {}),
    (Rule.LANGUAGE, {"languages": 0b100}, {}),
    (Rule.CHECKS, {"checks": 1}, {"checks": 2}),
    (Rule.ONESELF, {"person_id": OFFER.person_id}, {}),
    (Rule.EXCLUDED, {"excluded": frozenset([OFFER.person_id])}, {}),
    (Rule.EXCLUDED, {}, {"excluded": frozenset([REQUEST.person_id])}),
    (Rule.PAUSED, {}, {"paused": True}),
    (Rule.RESTING, {}, {"resting": True}),
    (Rule.LOAD, {}, {"load_minutes": 61, "load_limit_minutes": 120}),
    (Rule.PROPOSALS, {}, {"proposals_this_week": 3}),
    (Rule.KIND, {"kinds": Kind.BETAALD}, {}),
    (Rule.GENDER, {"gender": Gender.FEMALE}, {"gender": Gender.MALE}),
    (Rule.GENDER, {"gender": Gender.FEMALE}, {}),
    (Rule.ORGANISATION, {"organisation": 2}, {"organisation": 1}),
    (Rule.ORGANISATION, {}, {"organisation": 1}),
]


@pytest.mark.parametrize(("rule", "asked", "offered"), BROKEN)
def test_each_rule_keeps_apart_what_it_is_named_after(
    rule: Rule, asked: dict[str, Any], offered: dict[str, Any]
) -> None:
    assert first_failed(a_request(**asked), an_offer(**offered), BORDERS) is rule


ALLOWED: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({}, {}),
    ({}, {"municipality_id": 772}),
    ({"minutes": 240}, {"load_minutes": 60, "load_limit_minutes": 300}),
    ({"max_km": 4}, {"cell": GELDROP + 3 * STRIDE, "radius_km": 4}),
    ({"gender": Gender.FEMALE}, {"gender": Gender.FEMALE}),
    ({"organisation": 2}, {"organisation": 2}),
    ({"organisation": 2}, {}),
    ({"skills": 0b1, "checks": 0b10}, {"skills": 0b11, "checks": 0b10}),
]


@pytest.mark.parametrize(("asked", "offered"), ALLOWED)
def test_what_just_fits_matches(asked: dict[str, Any], offered: dict[str, Any]) -> None:
    assert first_failed(a_request(**asked), an_offer(**offered), BORDERS) is None


def test_of_several_failures_the_first_in_order_is_told() -> None:
    assert first_failed(a_request(category=4), an_offer(paused=True, slots=0), BORDERS) is Rule.CATEGORY


@given(requests, offers)
def test_location_enters_only_by_its_cell(request: Request, offer: Offer) -> None:
    metres = metres_between(request.cell, offer.cell)
    assert max(400 - metres // 50, 0) == terms(request, offer)[Term.NEAR]


def test_who_was_left_alone_longest_comes_before_who_lives_a_little_nearer() -> None:
    near = an_offer(last_proposed_days=0)
    rested = an_offer(cell=GELDROP + 2 * STRIDE, last_proposed_days=40)
    assert score(REQUEST, rested) > score(REQUEST, near) - 40  # the nearer one also shares the neighbourhood


def test_a_border_that_is_open_is_open_both_ways() -> None:
    borders = Borders([(2, 1)])
    assert borders.pairs == {(1, 2)}
    assert borders.agree(1, 2)
    assert borders.agree(2, 1)
    assert borders.agree(3, 3)
    assert not borders.agree(1, 3)


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9))))
def test_vectorised_borders_agree_as_the_scalar_ones(pairs: list[tuple[int, int]]) -> None:
    borders = Borders(pairs)
    codes = np.arange(1, 10)
    table = borders.opened(codes[:, None], codes[None, :]) | np.eye(9, dtype=bool)
    assert table.tolist() == [[borders.agree(one, other) for other in range(1, 10)] for one in range(1, 10)]


def test_a_stranger_cannot_be_found_by_half_a_key() -> None:
    half_alike = UUID(int=(1 << 64) | REQUEST.person_id.int)
    assert first_failed(a_request(excluded=frozenset([half_alike])), OFFER, BORDERS) is None
    pairs = Pairs(
        view_of(REQUESTS, a_request(excluded=frozenset([half_alike]), person_id=half_alike)),
        view_of(OFFERS, OFFER),
        BORDERS,
    )
    assert failures(pairs).tolist() == [0]
