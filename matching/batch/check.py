"""A checker of assignments that knows nothing of how they are found.

It goes over every pair of a request and an offer of its category with rules and terms of its own (``reckoning``),
without the grid and without the solver's graph, and asks of each whether the certificate's prices allow it; every line
of the answer is held against the scalar rules as well. Slow (seconds at 10,000 by 10,000), and short enough to be read.
"""

from collections import Counter
from dataclasses import dataclass, field
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from matching.batch.reckoning import Everybody, tier_of
from matching.batch.types import Assigned, Assignment, Priorities, Region, Unserved, Without
from matching.cells import metres_between
from matching.rules import first_failed
from matching.score import score
from matching.types import Request

Whole = NDArray[np.int64]
NOT_FITTING = np.iinfo(np.int64).min


class _Refused(Exception):
    """Carries the sentence."""


def why_wrong(region: Region, assignment: Assignment) -> str | None:
    """What is wrong with an assignment or its certificate: the first thing found; None when all holds."""
    try:
        _Check(region, assignment).run()
    except _Refused as refused:
        return str(refused)
    return None


def _must(holds: bool, otherwise: str) -> None:
    if not holds:
        raise _Refused(otherwise)


@dataclass(slots=True)
class _Sums:
    """What the pass over all pairs adds up."""

    edges: int = 0
    objective: int = 0
    dual: int = 0
    bound: int = 0
    scores: list[int] = field(default_factory=list)
    """Lowest and highest of each request."""


class _Check:
    def __init__(self, region: Region, assignment: Assignment) -> None:
        self.region, self.assignment, self.certificate = region, assignment, assignment.certificate
        self.requests = {request.id: request for request in region.requests}
        self.offers = {offer.id: offer for offer in region.offers}
        able = [offer for offer in region.offers if self._room(offer.person_id)]
        self.people = list({offer.person_id: None for offer in able})
        numbers = {person: number for number, person in enumerate(self.people)}
        self.person_of = np.array([numbers[offer.person_id] for offer in able], dtype=np.int64)
        self.everybody = Everybody(able, region.borders)
        self.prices = self._array([self.certificate.prices.get(person, 0) for person in self.people])
        self.covered = np.array([person in self.certificate.cover for person in self.people], dtype=np.bool_)
        self.helpers: dict[UUID, list[int]] = {}
        for assigned in assignment.assigned:
            _must(assigned.person_id in numbers, f"{assigned} is of nobody with room")
            self.helpers.setdefault(assigned.request_id, []).append(numbers[assigned.person_id])
        self.unserved = {each.request_id: each for each in assignment.unserved}

    def _room(self, person: UUID) -> int:
        return self.region.capacities.get(person, 1)

    def _array(self, values: list[int]) -> Whole:
        return np.array(values, dtype=np.int64)

    def run(self) -> None:
        """Raises _Refused."""
        self._feasible()
        sums = _Sums()
        for person in np.flatnonzero(self.covered).tolist():
            sums.bound += self._room(self.people[person])
        for number, person_id in enumerate(self.people):
            sums.dual += self._room(person_id) * int(self.prices[number])
        for request in self.requests.values():
            self._request(request, sums)
        self._certified(sums)

    def _feasible(self) -> None:
        """Every line by the scalar rules and terms; nobody and no request beyond what they have room for."""
        assigned = self.assignment.assigned
        for each in assigned:
            self._line(each)
        pairs = {(each.request_id, each.person_id) for each in assigned}
        _must(len(pairs) == len(assigned), "somebody is assigned twice to one request")
        loads = Counter(each.person_id for each in assigned)
        for person, load in loads.items():
            _must(load <= self._room(person), f"{person} is assigned {load} times, beyond their room")
        for person in self.people:
            price = self.certificate.prices.get(person, 0)
            _must(price >= 0, f"{person} has a negative price")
            idle = loads[person] < self._room(person)
            _must(not (idle and price), f"{person} has room left and yet a price")
        strangers = (self.certificate.prices.keys() | self.certificate.cover) - set(self.people)
        _must(not strangers, "a price or the cover names somebody without room or offers")
        _must(len(self.unserved) == len(self.assignment.unserved), "a request is listed as unserved twice")
        _must(self.unserved.keys() <= self.requests.keys(), "an unserved request is not there")

    def _line(self, each: Assigned) -> None:
        request, offer = self.requests.get(each.request_id), self.offers.get(each.offer_id)
        if request is None or offer is None or offer.person_id != each.person_id:
            raise _Refused(f"{each} names a row that is not there, or somebody else's")
        failed = first_failed(request, offer, self.region.borders)
        _must(failed is None, f"{each} breaks the rule {failed!r}")
        right = (score(request, offer), metres_between(request.cell, offer.cell))
        _must((each.score, each.distance_m) == right, f"{each} should have score and distance {right}")

    def _scores(self, request: Request) -> Whole:
        """Per person the best score of an offer of theirs that passes every rule; NOT_FITTING where none does."""
        fitting, scores = self.everybody.fitting(request)
        best = np.full(len(self.people), NOT_FITTING, dtype=np.int64)
        np.maximum.at(best, self.person_of[fitting], scores)
        return best

    def _request(self, request: Request, sums: _Sums) -> None:
        """Complementary slackness of one request over everybody, and its part of the sums."""
        places = self.region.places.get(request.id, 1)
        best, helpers = self._scores(request), self._array(self.helpers.get(request.id, []))
        _must(len(helpers) <= places, f"{request.id} has more helpers than places")
        fitting = np.flatnonzero(best != NOT_FITTING) if places else self._array([])
        self._taken_scores(request, helpers, best)
        self._reason(request, places - len(helpers), helpers, fitting)
        if not len(fitting):
            return
        rank = tier_of(request, self.region.priorities.get(request.municipality_id, Priorities())) + 1
        worth = rank * self.certificate.step + best - self.certificate.lowest
        left = worth - self.prices
        others = np.setdiff1d(fitting, helpers)
        most = int(left[others].max()) if len(others) else 0
        if len(helpers) < places:
            _must(most <= 0, f"{request.id} has a place left and somebody would improve it")
        least = int(left[helpers].min()) if len(helpers) else most
        _must(least >= max(most, 0) or not len(helpers), f"somebody would suit {request.id} better")
        sums.edges += len(fitting)
        sums.objective += int(worth[helpers].sum())
        sums.dual += int(np.sort(np.maximum(left[fitting], 0))[-places:].sum())
        sums.bound += min(places, int((~self.covered[fitting]).sum()))
        sums.scores += [int(best[fitting].min()), int(best[fitting].max())]

    def _taken_scores(self, request: Request, helpers: Whole, best: Whole) -> None:
        expected = sorted(best[helpers].tolist())
        taken = sorted(each.score for each in self._by_request().get(request.id, []))
        _must(expected == taken, f"{request.id} does not get its helpers by their best offers")

    def _by_request(self) -> dict[UUID, list[Assigned]]:
        if not hasattr(self, "_lines"):
            self._lines: dict[UUID, list[Assigned]] = {}
            for each in self.assignment.assigned:
                self._lines.setdefault(each.request_id, []).append(each)
        return self._lines

    def _reason(self, request: Request, empty: int, helpers: Whole, fitting: Whole) -> None:
        told = self.unserved.get(request.id)
        if not empty:
            _must(told is None, f"{request.id} is told to be unserved, and is not")
            return
        others = np.setdiff1d(fitting, helpers)
        right = Unserved(
            request_id=request.id,
            places=empty,
            why=Without.NEEDED_ELSEWHERE if len(others) else Without.NOBODY_FITS,
            fitting=len(fitting),
            price=int(self.prices[others].min()) if len(others) else 0,
        )
        _must(told == right, f"unserved should say {right}, and says {told}")

    def _certified(self, sums: _Sums) -> None:
        told, coverage = self.certificate, len(self.assignment.assigned)
        right = (sums.objective, sums.dual, coverage, sums.bound, sums.edges)
        says = (told.objective, told.dual_objective, told.coverage, told.coverage_bound, told.edges)
        _must(right == says, f"the certificate should say {right}, and says {says}")
        _must(sums.objective == sums.dual, "the prices do not prove the objective")
        _must(coverage == sums.bound, "the cover does not prove the coverage")
        if sums.scores:
            lowest, highest = min(sums.scores), max(sums.scores)
            _must(told.lowest <= lowest, "a quality is below 0")
            _must(told.step > sums.bound * (highest - told.lowest), "quality could outweigh a tier")
