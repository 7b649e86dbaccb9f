"""The assignment of a region: what comes first, what is never allowed, and what goes with the answer."""

import random
from collections import Counter
from dataclasses import replace
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given, settings

from matching.batch.assign import assign
from matching.batch.check import why_wrong
from matching.batch.graph import build
from matching.batch.greedy import best_score_first, by_priority, by_waiting, each_in_turn
from matching.batch.instance import Instance, Solution
from matching.batch.paths import solve_in_python
from matching.batch.priority import DEFAULT, tier
from matching.batch.types import Assignment, Priorities, Region, Without
from matching.borders import NO_BORDERS
from matching.brute import best_offers
from matching.errors import Unsolved
from matching.kernel.load import without_kernel
from matching.score import score
from matching.types import Offer, Request
from tests.matching.batch.instances import a_region, regions
from tests.matching.worlds import a_request, an_offer

THOROUGH = settings(max_examples=200, deadline=None)
ASKERS = [UUID(int=1_000 + number) for number in range(9)]
HELPERS = [UUID(int=2_000 + number) for number in range(9)]


def asking(number: int, **changes: Any) -> Request:
    return a_request(id=UUID(int=10 + number), person_id=ASKERS[number], **changes)


def offering(number: int, **changes: Any) -> Offer:
    return an_offer(id=UUID(int=50 + number), person_id=HELPERS[number], **changes)


def a_small_region(requests: list[Request], offers: list[Offer], **more: Any) -> Region:
    return Region(requests=requests, offers=offers, **more)


def helped(answer: Assignment) -> set[UUID]:
    return {each.request_id for each in answer.assigned}


def served_by_tier(region: Region, answer: Assignment) -> Counter[int]:
    ranks = {
        request.id: tier(request, region.priorities.get(request.municipality_id, DEFAULT))
        for request in region.requests
    }
    return Counter(ranks[each.request_id] for each in answer.assigned)


@THOROUGH
@given(region=regions())
def test_the_checker_finds_nothing_wrong_with_any_answer(region: Region) -> None:
    assert why_wrong(region, assign(region)) is None


@THOROUGH
@given(region=regions())
def test_the_graph_holds_exactly_the_pairs_that_brute_force_finds(region: Region) -> None:
    graph = build(region, seed=7)
    able = [offer for offer in region.offers if region.capacities.get(offer.person_id, 1)]

    for number, request in enumerate(graph.requests):
        edges = range(int(graph.starts[number]), int(graph.starts[number + 1]))
        found = {
            (graph.people[graph.person[e]], graph.offers[graph.offer[e]].id, int(graph.score[e]))
            for e in edges
        }
        brute = best_offers(request, able, region.borders, seed=7, k=99)
        assert found == {(match.person_id, match.offer_id, match.score) for match in brute}
        assert len(edges) == len(found)
        assert np.all(np.diff(graph.score[edges.start : edges.stop]) <= 0)


@THOROUGH
@given(region=regions())
def test_neither_order_nor_implementation_changes_the_answer(region: Region) -> None:
    answer = assign(region, seed=3)
    turned = replace(region, requests=region.requests[::-1], offers=region.offers[::-1])

    assert assign(turned, seed=3) == answer
    with without_kernel():
        assert assign(region, seed=3) == answer


@settings(max_examples=100, deadline=None)
@given(region=regions())
def test_each_tier_with_those_above_gets_as_much_as_if_it_were_alone(region: Region) -> None:
    served = served_by_tier(region, assign(region))

    for least in set(served):
        above = [request for request in region.requests if tier(request) >= least]
        alone = assign(
            replace(region, requests=above, places={r.id: region.places.get(r.id, 1) for r in above})
        )
        assert sum(count for rank, count in served.items() if rank >= least) == len(alone.assigned)


def test_in_a_drawn_region_high_priority_gets_its_own_maximum() -> None:
    region = a_region(1_000, seed=4)
    answer = assign(region)
    urgent = [request for request in region.requests if tier(request) >= 8]

    alone = assign(replace(region, requests=urgent))

    served = sum(count for rank, count in served_by_tier(region, answer).items() if rank >= 8)
    assert served == len(alone.assigned) == alone.certificate.coverage_bound
    assert len(answer.assigned) > answer.first_come
    assert why_wrong(region, answer) is None


def test_more_people_helped_goes_before_a_better_match() -> None:
    here, far = offering(0), offering(1, skills=0b1)
    choosy, easy = asking(0, skills=0b1), asking(1, cell=far.cell, skills_wished=0b1)

    answer = assign(a_small_region([choosy, easy], [here, far]))

    assert helped(answer) == {choosy.id, easy.id}


def test_the_higher_tier_is_served_when_there_is_one_helper() -> None:
    calm, urgent = asking(0, skills_wished=0b1), asking(1, urgency=3)

    answer = assign(a_small_region([calm, urgent], [offering(0, skills=0b1)]))

    assert helped(answer) == {urgent.id}


def test_a_municipality_may_rank_otherwise() -> None:
    urgent, waiting = asking(0, urgency=3), asking(1, days_waiting=28)
    patient = {1771: Priorities(urgency=0, waiting=3)}

    usual = assign(a_small_region([urgent, waiting], [offering(0)]))
    otherwise = assign(a_small_region([urgent, waiting], [offering(0)], priorities=patient))

    assert helped(usual) == {urgent.id}
    assert helped(otherwise) == {waiting.id}


def test_quality_decides_among_equals() -> None:
    plain, skilled = offering(0), offering(1, skills=0b1)
    one, other = asking(0, skills_wished=0b1), asking(1)

    answer = assign(a_small_region([one, other], [plain, skilled]))

    assert {(each.request_id, each.person_id) for each in answer.assigned} == {
        (one.id, HELPERS[1]),
        (other.id, HELPERS[0]),
    }


def test_a_helper_comes_by_the_best_of_their_offers() -> None:
    plain, skilled = offering(0), replace(offering(1, skills=0b1), person_id=HELPERS[0])
    request = asking(0, skills_wished=0b1)

    (assigned,) = assign(a_small_region([request], [plain, skilled])).assigned

    assert assigned.offer_id == skilled.id
    assert assigned.score == score(request, skilled)


def test_places_and_capacities_are_filled_and_never_exceeded() -> None:
    request, offers = asking(0), [offering(number) for number in range(4)]
    rest = [asking(number) for number in range(1, 4)]

    answer = assign(
        a_small_region(
            [request, *rest], offers, places={request.id: 3}, capacities={HELPERS[0]: 0, HELPERS[1]: 2}
        )
    )

    assert len(answer.assigned) == 4
    assert Counter(each.person_id for each in answer.assigned) == {
        HELPERS[1]: 2,
        HELPERS[2]: 1,
        HELPERS[3]: 1,
    }
    assert [each.places for each in answer.unserved] in ([2], [1, 1])


def test_nobody_is_assigned_to_themselves() -> None:
    request = asking(0)

    answer = assign(a_small_region([request], [replace(offering(0), person_id=request.person_id)]))

    assert answer.assigned == ()
    assert answer.unserved[0].why is Without.NOBODY_FITS


def test_who_stays_without_hears_why_and_at_what_price() -> None:
    wanted, lonely, urgent = asking(0), asking(1, category=9), asking(2, urgency=3)

    answer = assign(a_small_region([wanted, lonely, urgent], [offering(0)]))

    told = {each.request_id: each for each in answer.unserved}
    assert told.keys() == {wanted.id, lonely.id}
    assert (told[wanted.id].why, told[wanted.id].fitting) == (Without.NEEDED_ELSEWHERE, 1)
    assert told[wanted.id].price >= answer.certificate.step
    assert (told[lonely.id].why, told[lonely.id].fitting, told[lonely.id].price) == (
        Without.NOBODY_FITS,
        0,
        0,
    )


def test_first_come_first_served_is_what_the_longest_waiting_leave() -> None:
    first, second = asking(0, days_waiting=9), asking(1, skills=0b1)
    versatile, plain = offering(0, skills=0b1), offering(1, load_minutes=60)

    answer = assign(a_small_region([first, second], [versatile, plain]))

    assert (answer.first_come, len(answer.assigned)) == (1, 2)


def test_every_greedy_way_fills_fewer_places_in_a_drawn_region() -> None:
    region = a_region(1_000)
    graph, best = build(region), len(assign(region).assigned)

    for chosen in (
        best_score_first(graph),
        each_in_turn(graph, by_waiting(graph)),
        each_in_turn(graph, by_priority(graph)),
    ):
        assert 0 < len(chosen) < best
        assert np.bincount(graph.rows[chosen]).max() == np.bincount(graph.person[chosen]).max() == 1


def test_a_solver_that_stops_early_is_not_believed() -> None:
    def lazy(instance: Instance) -> Solution:
        best = solve_in_python(instance)
        return Solution(best.chosen[:-1], best.prices)

    with pytest.raises(Unsolved, match="NOT proven"):
        assign(a_small_region([asking(0)], [offering(0)]), solver=lazy)


def test_a_certificate_is_one_line() -> None:
    line = str(assign(a_small_region([asking(0)], [offering(0)])).certificate)

    assert line.startswith("proven optimal: objective ")
    assert "\n" not in line


@pytest.mark.parametrize("seed", range(5))
def test_a_drawn_region_with_places_and_room_holds_for_the_checker(seed: int) -> None:
    region = a_region(300, several=True, seed=seed)
    shuffled = list(region.requests)
    random.Random(seed).shuffle(shuffled)

    answer = assign(region, seed=seed)

    assert why_wrong(region, answer) is None
    assert assign(replace(region, requests=shuffled), seed=seed) == answer
    assert answer.certificate.rounds == 1
    assert region.borders is not NO_BORDERS
