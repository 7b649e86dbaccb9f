"""Who can help whom: every feasible pair of request and person in a region, in compressed sparse rows (CSR).

Requests stand by falling tier, people and offers by a keyed hash, so that neither the order in which rows came nor
an id that somebody chose decides between equals.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from matching.batch.priority import DEFAULT, check_priorities, tier
from matching.batch.types import Region
from matching.columns import Array, Columns, RowNumbers, View
from matching.errors import NotWhole, OutOfRange, TooLarge, UnknownRow
from matching.grid import Grid
from matching.keys import KeyMap
from matching.pairs import Pairs
from matching.rows import OFFERS, REQUESTS, split
from matching.rules import fitting
from matching.score import score_many
from matching.ties import tie_alone, tie_many
from matching.types import Offer, Request
from matching.validation import is_whole

Numbers = NDArray[np.int64]

PAIRS_AT_ONCE: Final = 1 << 19
OFFER_BITS, SCORE_BITS, ROW_BITS = 24, 20, 19
MOST_PEOPLE: Final = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Graph:
    """Requests with places left, people with room left, and an edge for each pair that passes every rule."""

    requests: Sequence[Request]
    """By falling tier."""
    tiers: Numbers
    places: Numbers
    """Asked for, per request: at least 1."""
    people: Sequence[UUID]
    capacities: Numbers
    """Per person: at least 1."""
    offers: Sequence[Offer]
    """By person."""
    starts: Numbers
    """`starts[r] : starts[r + 1]` are the edges of request r, by falling score, then by person."""
    person: NDArray[np.int32]
    """Per edge; each person once per request."""
    offer: NDArray[np.int32]
    """Per edge: the person's best offer for the request."""
    score: NDArray[np.int32]

    @property
    def rows(self) -> Numbers:
        """The request of each edge."""
        return np.repeat(np.arange(len(self.requests)), np.diff(self.starts))


def build(region: Region, seed: int = 0) -> Graph:
    """The full graph. Raises BadRow (with the row) for what cannot be used, TooLarge for over 16 million offers."""
    _check(region)
    asked = [request for request in region.requests if region.places.get(request.id, 1)]
    able = [offer for offer in region.offers if region.capacities.get(offer.person_id, 1)]
    if len(able) >> OFFER_BITS:
        raise TooLarge(f"{len(able)} offers are more than one run can hold")
    requests, tiers = _ranked(asked, region, seed)
    offers = _keyed(able, seed)
    people, person_of = _people(offers)
    starts, offer, score = _edges(Columns.of(REQUESTS, requests), Columns.of(OFFERS, offers), region, seed)
    return Graph(
        requests=requests,
        tiers=tiers,
        places=np.array([region.places.get(request.id, 1) for request in requests], dtype=np.int64),
        people=people,
        capacities=np.array([region.capacities.get(person, 1) for person in people], dtype=np.int64),
        offers=offers,
        starts=starts,
        person=person_of[offer],
        offer=offer,
        score=score,
    )


def _check(region: Region) -> None:
    check_priorities(region.priorities)
    _check_counts("places", region.places)
    _check_counts("capacity", region.capacities)
    for request in region.requests:
        REQUESTS.check(request)
    for offer in region.offers:
        OFFERS.check(offer)
    for rows in (region.requests, region.offers):
        KeyMap(*_halves([row.id for row in rows]))
    unknown = region.places.keys() - {request.id for request in region.requests}
    if unknown:
        raise UnknownRow(min(unknown), "places", region.places[min(unknown)])


def _check_counts(name: str, counts: Mapping[UUID, int]) -> None:
    for key, count in counts.items():
        if not is_whole(count):
            raise NotWhole(key, name, count)
        if not 0 <= count <= MOST_PEOPLE:
            raise OutOfRange(key, name, count)


def _halves(keys: Sequence[UUID]) -> tuple[Array, Array]:
    halves = np.array([split(key) for key in keys], dtype=np.uint64).reshape(-1, 2)
    return np.ascontiguousarray(halves[:, 0]), np.ascontiguousarray(halves[:, 1])


def _ranked(asked: Sequence[Request], region: Region, seed: int) -> tuple[Sequence[Request], Numbers]:
    ranks = [tier(request, region.priorities.get(request.municipality_id, DEFAULT)) for request in asked]
    tiers = np.array(ranks, dtype=np.int64)
    high, low = _halves([request.id for request in asked])
    order = np.lexsort((low, high, tie_alone(seed, high, low), -tiers))
    return [asked[number] for number in order.tolist()], tiers[order]


def _keyed(offers: Sequence[Offer], seed: int) -> Sequence[Offer]:
    id_high, id_low = _halves([offer.id for offer in offers])
    high, low = _halves([offer.person_id for offer in offers])
    order = np.lexsort((id_low, id_high, low, high, tie_alone(seed, high, low)))
    return [offers[number] for number in order.tolist()]


def _people(offers: Sequence[Offer]) -> tuple[Sequence[UUID], NDArray[np.int32]]:
    """Everybody once, and per offer whose it is; one person's offers stand together."""
    people = list(dict.fromkeys(offer.person_id for offer in offers))
    numbers = {person: number for number, person in enumerate(people)}
    return people, np.array([numbers[offer.person_id] for offer in offers], dtype=np.int32)


def _edges(
    requests: Columns[Request], offers: Columns[Offer], region: Region, seed: int
) -> tuple[Numbers, NDArray[np.int32], NDArray[np.int32]]:
    counts, found, scores = [], [], []
    for first, last, pairs in _blocks(requests, offers, region):
        row, offer, score = _best_offers(pairs, seed)
        counts.append(np.bincount(row - first, minlength=last - first))
        found.append(offer)
        scores.append(score)
    none = np.zeros(0, dtype=np.int32)
    starts = np.concatenate([[0], np.cumsum(np.concatenate([none, *counts]))]).astype(np.int64)
    return starts, np.concatenate([none, *found]), np.concatenate([none, *scores])


def _blocks(
    requests: Columns[Request], offers: Columns[Offer], region: Region
) -> Iterator[tuple[int, int, Pairs]]:
    """The fitting pairs of so many requests at a time that their candidates stay within the cache."""
    order = np.argsort(offers.arrays["cell"], kind="stable").astype(np.int32)
    grid = Grid(offers.arrays["cell"][order], offers.arrays["categories"][order])
    wanted = requests.arrays
    near: list[RowNumbers] = []
    first = pending = 0
    for number, (mask, cell, km) in enumerate(
        zip(wanted["categories"].tolist(), wanted["cell"].tolist(), wanted["max_km"].tolist(), strict=True)
    ):
        near.append(grid.within((mask.bit_length() - 1,), cell, km))
        pending += len(near[-1])
        last = number + 1
        if pending >= PAIRS_AT_ONCE or last == requests.size or last - first == 1 << ROW_BITS:
            rows = np.repeat(np.arange(first, last, dtype=np.int32), [len(each) for each in near])
            candidates = order[np.concatenate(near)]
            yield first, last, fitting(Pairs(View(requests, rows), View(offers, candidates), region.borders))
            near, first, pending = [], last, 0


def _best_offers(pairs: Pairs, seed: int) -> tuple[RowNumbers, RowNumbers, NDArray[np.int32]]:
    """Per request and person the best offer, as the online answer would take it; by request, then falling score."""
    pairs = _once_per_person(pairs, seed)
    row, offer, score = pairs.requests.numbers, pairs.offers.numbers, score_many(pairs)
    first = int(row[0]) if len(row) else 0
    middle = 1 << (SCORE_BITS - 1)
    # One sort of whole numbers in place of three of columns.
    keys = (row.astype(np.int64) - first) << SCORE_BITS | (middle - score)
    keys = np.sort(keys << OFFER_BITS | offer)
    rest = keys >> OFFER_BITS
    return (
        (first + (rest >> SCORE_BITS)).astype(np.int32),
        (keys & ((1 << OFFER_BITS) - 1)).astype(np.int32),
        (middle - (rest & ((1 << SCORE_BITS) - 1))).astype(np.int32),
    )


def _once_per_person(pairs: Pairs, seed: int) -> Pairs:
    """Drops a person's lesser offers for the same request: by score, then by tie, then by id."""
    row, helpers = pairs.requests.numbers, pairs.offers
    order = np.lexsort((helpers.numbers, row))
    high, low, row = helpers.person_hi[order], helpers.person_lo[order], row[order]
    again = (row[1:] == row[:-1]) & (high[1:] == high[:-1]) & (low[1:] == low[:-1])
    if not again.any():
        return pairs
    several = np.concatenate([[False], again]) | np.concatenate([again, [False]])
    alone, contested = order[~several], pairs.where(order[several])
    helpers = contested.offers
    by_rank = np.lexsort(
        (helpers.id_lo, helpers.id_hi, tie_many(seed, contested), -score_many(contested),
         helpers.person_lo, helpers.person_hi, contested.requests.numbers)
    )  # fmt: skip
    row, high, low = (
        column[by_rank] for column in (contested.requests.numbers, helpers.person_hi, helpers.person_lo)
    )
    best = np.concatenate([[True], (row[1:] != row[:-1]) | (high[1:] != high[:-1]) | (low[1:] != low[:-1])])
    return pairs.where(np.concatenate([alone, order[several][by_rank[best]]]))
