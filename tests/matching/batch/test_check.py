"""The checker refuses every answer that was tampered with, and says why."""

import ast
import inspect
from dataclasses import replace
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest
from hypothesis import example, given, strategies as st

from matching.batch import check, reckoning
from matching.batch.assign import assign
from matching.batch.check import why_wrong
from matching.batch.priority import tier
from matching.batch.reckoning import Everybody, tier_of
from matching.batch.types import Assignment, Priorities, Region, Without
from matching.borders import Borders
from matching.rules import first_failed
from matching.score import score
from matching.types import Offer, Request
from tests.matching.batch.instances import a_region
from tests.matching.worlds import a_request, an_offer, several, wild_offers, wild_requests

BORDERS = Borders([(1771, 772), (772, 1771), (1771, 794)])
A, B = UUID(int=1 << 62), UUID(int=2 << 62)

REGION = a_region(300, several=True)
ANSWER = assign(REGION)


TOLD = ANSWER.certificate
DEAREST = max(TOLD.prices, key=lambda person: TOLD.prices[person])


def certified(**changes: Any) -> Assignment:
    return replace(ANSWER, certificate=replace(TOLD, **changes))


def priced(price: int) -> Assignment:
    return certified(prices={**TOLD.prices, DEAREST: price})


FIRST, *REST = ANSWER.assigned
UNSERVED = ANSWER.unserved
OTHER_OFFER = next(o for o in REGION.offers if o.person_id != FIRST.person_id)
TAMPERED: dict[str, Assignment] = {
    "a line is left out": replace(ANSWER, assigned=tuple(REST)),
    "a line comes twice": replace(ANSWER, assigned=(FIRST, *ANSWER.assigned)),
    "a score is raised": replace(ANSWER, assigned=(replace(FIRST, score=FIRST.score + 1), *REST)),
    "a distance is shortened": replace(
        ANSWER, assigned=(replace(FIRST, distance_m=FIRST.distance_m - 1), *REST)
    ),
    "somebody else's offer": replace(ANSWER, assigned=(replace(FIRST, offer_id=OTHER_OFFER.id), *REST)),
    "somebody who does not fit": replace(
        ANSWER,
        assigned=(replace(FIRST, offer_id=OTHER_OFFER.id, person_id=OTHER_OFFER.person_id), *REST),
    ),
    "a request is not told": replace(ANSWER, unserved=UNSERVED[1:]),
    "a request is told twice": replace(ANSWER, unserved=(UNSERVED[0], *UNSERVED)),
    "a false reason": replace(
        ANSWER,
        unserved=tuple(replace(each, why=Without(3 - each.why)) for each in UNSERVED),
    ),
    "a false price": replace(
        ANSWER, unserved=tuple(replace(each, price=each.price + 1) for each in UNSERVED)
    ),
    "a false count of those who fit": replace(
        ANSWER, unserved=tuple(replace(each, fitting=each.fitting + 1) for each in UNSERVED)
    ),
    "a higher objective": certified(objective=TOLD.objective + 1, dual_objective=TOLD.objective + 1),
    "a lower bound": certified(coverage_bound=TOLD.coverage_bound - 1),
    "more edges": certified(edges=TOLD.edges + 1),
    "no prices": certified(prices={}),
    "a price too low": priced(TOLD.prices[DEAREST] - TOLD.step),
    "a price too high": priced(TOLD.prices[DEAREST] + TOLD.step),
    "a price below nothing": priced(-1),
    "no cover": certified(cover=frozenset()),
    "a stranger in the cover": certified(cover=TOLD.cover | {REGION.requests[0].person_id}),
    "a step that quality outweighs": certified(step=1),
    "qualities below nothing": certified(lowest=TOLD.lowest + 1),
}


def test_the_answer_as_it_came_holds() -> None:
    assert why_wrong(REGION, ANSWER) is None
    assert ANSWER.certificate.prices
    assert ANSWER.certificate.cover
    assert {each.why for each in UNSERVED} == set(Without)


@pytest.mark.parametrize("tampering", TAMPERED)
def test_a_tampered_answer_is_refused(tampering: str) -> None:
    assert TAMPERED[tampering] != ANSWER
    assert why_wrong(REGION, TAMPERED[tampering])


def test_an_answer_for_fewer_helpers_is_refused_where_more_came() -> None:
    smaller = replace(REGION, offers=[o for o in REGION.offers if o.person_id != FIRST.person_id])
    smaller = replace(
        smaller, capacities={k: v for k, v in REGION.capacities.items() if k != FIRST.person_id}
    )

    assert why_wrong(REGION, assign(smaller))


def test_an_answer_by_greed_has_no_prices_that_prove_it() -> None:
    served = {each.request_id for each in ANSWER.assigned}
    worse = tuple(each for each in ANSWER.assigned if each.request_id != FIRST.request_id)
    region: Region = replace(REGION, requests=[r for r in REGION.requests if r.id in served])

    assert why_wrong(region, replace(ANSWER, assigned=worse, unserved=()))


@given(several(wild_offers), several(wild_requests, most=6), st.builds(Priorities, urgency=st.integers(0, 5)))
@example(
    [an_offer(excluded=frozenset({A, B})), an_offer(id=A)],
    [a_request(person_id=A), a_request(id=B, excluded=frozenset({an_offer().person_id}))],
    Priorities(),
)
def test_the_checkers_own_rules_terms_and_tiers_say_what_the_scalar_ones_say(
    offers: list[Offer], requests: list[Request], points: Priorities
) -> None:
    everybody = Everybody(offers, BORDERS)
    for request in requests:
        numbers, scores = everybody.fitting(request)
        expected = [
            number for number, offer in enumerate(offers) if first_failed(request, offer, BORDERS) is None
        ]
        assert numbers.tolist() == expected
        assert scores.tolist() == [score(request, offers[number]) for number in expected]
        assert tier_of(request, points) == tier(request, points)


@pytest.mark.parametrize("module", [check, reckoning])
def test_the_checker_shares_nothing_with_how_the_graph_is_built_or_solved(module: ModuleType) -> None:
    tree = ast.parse(inspect.getsource(module))
    names = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}

    assert {name for name in names if name.startswith("matching")} <= {
        "matching.batch.reckoning", "matching.batch.types", "matching.borders", "matching.cells", "matching.types",
        "matching.rules", "matching.score",  # of these two the scalar forms
    }  # fmt: skip
    scalar = {"matching.rules": {"first_failed"}, "matching.score": {"score"}}
    taken = {node.module: {one.name for one in node.names} for node in ast.walk(tree)
             if isinstance(node, ast.ImportFrom) and node.module in scalar}  # fmt: skip
    assert all(used <= scalar[name] for name, used in taken.items() if name)
