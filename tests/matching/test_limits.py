"""What keeps people whole: limits that filter, and terms that spread what is asked over near-equals."""

from collections import Counter
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, strategies as st

from matching.index import OfferIndex, RequestIndex
from matching.rules import Rule, first_failed
from matching.score import ASKED_POINTS, MOST_ASKED, score
from matching.types import Change, Kind, Match, Offer, Request
from tests.matching.worlds import BORDERS, GELDROP, a_request, alike, an_offer

LIMITS: list[tuple[str, Rule, dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    ("this week's share of proposals", Rule.PROPOSALS, {}, {"proposals_this_week": 2, "proposal_cap": 2},
     {"proposals_this_week": 1, "proposal_cap": 2}),
    ("a cap of nothing", Rule.PROPOSALS, {}, {"proposal_cap": 0}, {"proposal_cap": 1}),
    ("rest after help", Rule.RESTING, {}, {"resting": True}, {"resting": False}),
    ("a week that what was accepted fills", Rule.LOAD, {"minutes": 60},
     {"load_minutes": 120, "load_limit_minutes": 120}, {"load_minutes": 60, "load_limit_minutes": 120}),
    ("a limit of one's own", Rule.LOAD, {"minutes": 61}, {"load_limit_minutes": 60}, {"load_limit_minutes": 61}),
    ("another organisation's volunteer", Rule.ORGANISATION, {"organisation": 2}, {"organisation": 1},
     {"organisation": 2}),
    ("a helper who stays at home", Rule.BORDER, {}, {"municipality_id": 772, "cross_border": False},
     {"municipality_id": 772}),
    ("a municipality that did not consent", Rule.BORDER, {}, {"municipality_id": 794}, {"municipality_id": 772}),
    ("paid work that no unpaid person may do", Rule.KIND, {"kinds": Kind.BETAALD | Kind.CHEQUE},
     {"kinds": Kind.ROOSJES | Kind.ZONDER}, {"kinds": Kind.BETAALD}),
    ("a pause", Rule.PAUSED, {}, {"paused": True}, {}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("what", "rule", "asked", "over", "under"), LIMITS, ids=[limit[0] for limit in LIMITS]
)
def test_each_limit_keeps_apart_from_either_side_and_no_sooner(
    what: str, rule: Rule, asked: dict[str, Any], over: dict[str, Any], under: dict[str, Any]
) -> None:
    request, too_much, just_right = a_request(**asked), an_offer(**over), an_offer(**under)
    assert first_failed(request, too_much, BORDERS) is rule
    assert first_failed(request, just_right, BORDERS) is None
    for offer, found in ((too_much, 0), (just_right, 1)):
        offers, requests = OfferIndex([offer], borders=BORDERS), RequestIndex([request], borders=BORDERS)
        assert len(alike(lambda index=offers: index.top_k(request))) == found  # type: ignore[misc]
        assert len(alike(lambda index=requests, who=offer: index.top_k(who))) == found  # type: ignore[misc]


def test_who_is_full_in_one_offer_is_full_in_all_as_the_rows_say() -> None:
    full = {"load_minutes": 240, "load_limit_minutes": 240}
    several = [an_offer(id=UUID(int=n), **full) for n in (1, 2)]
    assert OfferIndex(several, borders=BORDERS).top_k(a_request()) == []


def propose(index: OfferIndex, request: Request, at_once: int, version: int) -> list[Match]:
    """Ask the best few, as the product does: one more this week for each, just now."""
    asked = index.top_k(request, at_once)
    for match in asked:
        held = index.get(match.offer_id)
        assert held is not None
        after = replace(held, proposals_this_week=held.proposals_this_week + 1, last_proposed_days=0)
        index.apply([Change(held.id, version, after)])
    return asked


def asked_after(helpers: list[Offer], requests: list[Request], at_once: int, seed: int) -> Counter[UUID]:
    """How often each is asked when the requests come one after the other."""
    index = OfferIndex(helpers, borders=BORDERS, seed=seed)
    counted: Counter[UUID] = Counter({helper.person_id: 0 for helper in helpers})
    for version, request in enumerate(requests, start=1):
        counted.update(match.person_id for match in propose(index, request, at_once, version))
    return counted


def helpers_at(cells: list[int], cap: int) -> list[Offer]:
    """One each, alike but for the place."""
    return [
        an_offer(id=UUID(int=n), person_id=UUID(int=n), cell=cell, proposal_cap=cap)
        for n, cell in enumerate(cells, start=1)
    ]


def requests_of(number: int) -> list[Request]:
    """One after the other, from the village."""
    return [a_request(id=UUID(int=900 + n)) for n in range(number)]


@given(st.integers(1, 12), st.integers(0, 30), st.integers(1, 5), st.integers(0, 9))
def test_among_equals_nobody_is_asked_twice_more_than_another(
    helpers: int, requests: int, at_once: int, seed: int
) -> None:
    at_once = min(at_once, helpers)
    requests = min(
        requests, MOST_ASKED * helpers // at_once
    )  # past that many each, a proposal costs no more points
    counted = asked_after(helpers_at([GELDROP] * helpers, cap=100), requests_of(requests), at_once, seed)
    assert max(counted.values()) - min(counted.values()) <= 1
    assert sum(counted.values()) == requests * at_once


@given(st.lists(st.integers(-3, 3), min_size=1, max_size=10), st.integers(0, 30), st.integers(1, 4))
def test_among_near_equals_each_proposal_more_must_be_worth_its_points(
    places: list[int], requests: int, at_once: int
) -> None:
    helpers = helpers_at([GELDROP + place for place in places], cap=100)
    request = requests_of(1)[0]
    points = [score(request, helper) for helper in helpers]
    counted = asked_after(helpers, requests_of(min(requests, 4 * len(helpers))), at_once, seed=1)
    if max(counted.values()) <= MOST_ASKED:
        most_apart = (max(points) - min(points)) // ASKED_POINTS + 1
        assert max(counted.values()) - min(counted.values()) <= most_apart


@given(st.integers(1, 8), st.integers(1, 4), st.integers(0, 40))
def test_nobody_is_asked_more_than_the_cap_and_all_are_before_requests_go_without(
    helpers: int, cap: int, requests: int
) -> None:
    counted = asked_after(helpers_at([GELDROP] * helpers, cap), requests_of(requests), at_once=1, seed=2)
    assert max(counted.values()) <= cap
    assert sum(counted.values()) == min(requests, helpers * cap)


def test_different_requests_begin_with_different_people_among_equals() -> None:
    helpers = helpers_at([GELDROP] * 10, cap=3)
    index = OfferIndex(helpers, borders=BORDERS, seed=5)
    first = Counter(index.top_k(request, 1)[0].person_id for request in requests_of(200))
    assert len(first) == 10
    assert max(first.values()) < 50
