"""The checker refuses every answer that was tampered with, and says why."""

from dataclasses import replace
from typing import Any

import pytest

from matching.batch.assign import assign
from matching.batch.check import why_wrong
from matching.batch.types import Assignment, Region, Without
from tests.matching.batch.instances import a_region

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
