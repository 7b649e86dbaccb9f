"""Why a pair is a match, why not, and what would change it."""

from dataclasses import replace
from uuid import UUID

from hypothesis import given

from matching.brute import best_offers
from matching.cells import STRIDE
from matching.explain import (
    Counterfactual,
    Relaxation,
    counterfactuals,
    explain,
    explain_offers,
    explain_requests,
    relaxations,
)
from matching.index import OfferIndex, RequestIndex
from matching.rules import Rule, first_failed
from matching.types import Change, Offer, Request
from tests.matching.worlds import (
    BORDERS,
    GELDROP,
    REQUEST,
    a_request,
    alike,
    an_offer,
    offers,
    requests,
    several,
)


@given(several(offers), requests)
def test_the_explained_terms_add_up_to_the_score_of_every_match(
    offered: list[Offer], request: Request
) -> None:
    by_id = {offer.id: offer for offer in offered}
    for match in OfferIndex(offered, borders=BORDERS).top_k(request):
        explanation = explain(request, by_id[match.offer_id])
        assert sum(explanation.terms.values()) == explanation.score == match.score
        assert explanation.distance_m == match.distance_m
        assert first_failed(request, by_id[match.offer_id], BORDERS) is None


@given(several(offers), requests)
def test_many_explained_at_once_are_each_explained(offered: list[Offer], request: Request) -> None:
    index = OfferIndex(offered, borders=BORDERS)
    index.apply(Change(offer.id, 1, replace(offer, cell=GELDROP + 2)) for offer in offered[::3])
    rows = {row.id: row for row in index}
    keys = [*rows, *rows]
    found = alike(lambda: list(explain_offers(request, keys, index)))
    assert found == [explain(request, rows[key]) for key in keys]
    answer = index.top_k(request)
    many = explain_offers(request, [match.offer_id for match in answer], index)
    assert many.scores.tolist() == [match.score for match in answer]
    assert many.distances_m.tolist() == [match.distance_m for match in answer]
    assert [each.score for each in many[1:]] == [match.score for match in answer[1:]]


@given(several(requests), offers)
def test_many_requests_explained_at_once_are_each_explained(asked: list[Request], offer: Offer) -> None:
    index = RequestIndex(asked, borders=BORDERS)
    found = alike(lambda: list(explain_requests(offer, [row.id for row in asked], index)))
    assert found == [explain(row, offer) for row in asked]


@given(several(offers), requests)
def test_counts_of_what_would_help_are_those_of_brute_force(offered: list[Offer], request: Request) -> None:
    def helpers(asked: Request) -> int:
        return len(best_offers(asked, offered, BORDERS, k=len(offered)))

    index = OfferIndex(offered, borders=BORDERS)
    assert index.count(request) == helpers(request)
    expected = [
        (kind, amount, helpers(loose) - helpers(request)) for kind, amount, loose in relaxations(request)
    ]
    found = alike(lambda: counterfactuals(request, index))
    assert [(each.relaxation, each.amount, each.more) for each in found] == expected
    assert all(each.more >= 0 for each in found)


def test_five_kilometres_more_and_no_vog_each_bring_who_they_bring() -> None:
    farther = [an_offer(id=UUID(int=n), person_id=UUID(int=n), checks=1, radius_km=25,
                        cell=GELDROP + 12 * STRIDE) for n in range(10, 13)]  # fmt: skip
    unchecked = [an_offer(id=UUID(int=n), person_id=UUID(int=n)) for n in range(20, 22)]
    request = a_request(checks=1)
    index = OfferIndex([*farther, *unchecked], borders=BORDERS)
    found = counterfactuals(request, index)
    assert index.top_k(request) == []
    assert Counterfactual(Relaxation.FURTHER, 5, 3) in found
    assert Counterfactual(Relaxation.WITHOUT_CHECK, 0, 2) in found
    assert Counterfactual(Relaxation.ANY_TIME, 0, 0) in found
    assert first_failed(request, farther[0], BORDERS) is Rule.DISTANCE


def test_nothing_is_offered_for_loosening_that_was_not_asked() -> None:
    loose = {relaxation for relaxation, _, _ in relaxations(REQUEST)}
    assert loose.isdisjoint({Relaxation.WITHOUT_CHECK, Relaxation.WITHOUT_SKILL, Relaxation.ANY_GENDER,
                             Relaxation.ACROSS_THE_BORDER})  # fmt: skip
