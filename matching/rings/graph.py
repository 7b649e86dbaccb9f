"""Who could help whom: an arc from a giver to a receiver for every pair of people that the rules let through.

All arcs are kept, never the best few: a ring needs the arc that closes it, whatever that one scores.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from matching.borders import Borders
from matching.columns import Array, Columns, View
from matching.grid import Grid
from matching.keys import KeyMap
from matching.pairs import Pairs
from matching.rings.types import Arc, Member
from matching.rows import OFFERS, REQUESTS, joined
from matching.rules import fitting
from matching.score import score_many
from matching.ties import tie_many
from matching.types import Offer, Request, Row

Numbers = NDArray[np.int32]
Bits = NDArray[np.uint64]

PAIRS_AT_ONCE: Final = 400_000
"""Bounds the memory that building takes, whatever the region."""


@dataclass(frozen=True, slots=True)
class Fits:
    """Arcs as columns, in order of giver and receiver, each pair of people once: their best offer and request."""

    givers: Numbers
    receivers: Numbers
    offers: Numbers
    """Row numbers in `Graph.offers`."""
    requests: Numbers
    scores: Numbers
    distances_m: Numbers


class Graph:
    """People numbered 0..n-1 in the order given, and the arcs between them."""

    def __init__(
        self, people: Sequence[UUID], offers: Columns[Offer], requests: Columns[Request], fits: Fits
    ) -> None:
        self.people, self.offers, self.requests, self.fits = people, offers, requests, fits
        counts = np.bincount(fits.givers, minlength=len(people))
        self.starts: NDArray[np.int64] = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        """Where each giver's arcs begin; one more at the end."""

    def __len__(self) -> int:
        return len(self.people)

    @cached_property
    def given(self) -> Bits:
        """Per giver the receivers, as rows of 64-bit words."""
        return self._bits(self.fits.givers, self.fits.receivers)

    @cached_property
    def got(self) -> Bits:
        """Per receiver the givers."""
        return self._bits(self.fits.receivers, self.fits.givers)

    def _bits(self, rows: Numbers, columns: Numbers) -> Bits:
        table = np.zeros((len(self), 8 * (len(self) // 64 + 1)), dtype=np.uint8)
        np.bitwise_or.at(table, (rows, columns >> 3), np.uint8(1) << (columns & 7).astype(np.uint8))
        return table.view("<u8").astype(np.uint64, copy=False)

    def gives(self, giver: int, receiver: int) -> bool:
        """Whether there is an arc."""
        return bool(int(self.given[giver, receiver >> 6]) >> (receiver & 63) & 1)

    def number(self, giver: int, receiver: int) -> int:
        """The position in `fits` of an arc that there is."""
        first, last = int(self.starts[giver]), int(self.starts[giver + 1])
        return first + int(np.searchsorted(self.fits.receivers[first:last], receiver))

    def arcs(self, pairs: Sequence[tuple[int, int]]) -> list[Arc]:
        """Arcs that there are, in full, by giver and receiver."""
        numbers = np.array([self.number(giver, receiver) for giver, receiver in pairs], dtype=np.int64)
        fits = self.fits
        offers, requests = (
            View(self.offers, fits.offers[numbers]),
            View(self.requests, fits.requests[numbers]),
        )
        columns = (offers.id_hi, offers.id_lo, requests.id_hi, requests.id_lo)
        values = (*columns, fits.scores[numbers], fits.distances_m[numbers])
        return [
            Arc(
                giver_id=self.people[giver],
                receiver_id=self.people[receiver],
                offer_id=joined(offer_hi, offer_lo),
                request_id=joined(request_hi, request_lo),
                score=score,
                distance_m=distance_m,
            )
            for (giver, receiver), offer_hi, offer_lo, request_hi, request_lo, score, distance_m in zip(
                pairs, *(each.tolist() for each in values), strict=True
            )
        ]


def graph_of(members: Sequence[Member], borders: Borders, seed: int = 0) -> Graph:
    """All arcs among members whose rows are theirs. Raises BadRow, DuplicateId for an id that comes twice."""
    offers, offering = _rows(OFFERS, [member.offers for member in members])
    requests, asking = _rows(REQUESTS, [member.requests for member in members])
    found = [
        _kept(fitting(Pairs(View(requests, asked), View(offers, offered), borders)), seed)
        for asked, offered in _candidates(requests, offers)
    ]
    return Graph([member.person_id for member in members], offers, requests, _best(found, offering, asking))


def _rows(schema: Any, rows: Sequence[Sequence[Row]]) -> tuple[Columns[Row], Numbers]:
    """All rows by ascending cell, and the number of the member whose each is."""
    columns = Columns.of(schema, [row for each in rows for row in each])
    KeyMap(columns.arrays["id_hi"], columns.arrays["id_lo"])
    owners = np.repeat(np.arange(len(rows), dtype=np.int32), [len(each) for each in rows])
    order = np.argsort(columns.arrays["cell"], kind="stable")
    return columns.taken(order), owners[order]


def _candidates(requests: Columns[Request], offers: Columns[Offer]) -> Iterator[tuple[Numbers, Numbers]]:
    """Row numbers of requests and of the offers in reach of each, so many pairs at a time."""
    grid = Grid(offers.arrays["cell"], offers.arrays["categories"])
    asked: list[Numbers] = []
    offered: list[Numbers] = []
    held = 0
    categories = np.bitwise_count(requests.arrays["categories"] - np.uint64(1))
    for number, (category, cell, km) in enumerate(
        zip(
            categories.tolist(),
            requests.arrays["cell"].tolist(),
            requests.arrays["max_km"].tolist(),
            strict=True,
        )
    ):
        near = grid.within((category,), cell, km)
        asked.append(np.full(len(near), number, dtype=np.int32))
        offered.append(near)
        held += len(near)
        if held >= PAIRS_AT_ONCE:
            yield np.concatenate(asked), np.concatenate(offered)
            asked, offered, held = [], [], 0
    if held:
        yield np.concatenate(asked), np.concatenate(offered)


def _kept(pairs: Pairs, seed: int) -> tuple[Array, ...]:
    """What `_best` needs of the pairs: request and offer rows, score, distance, tie."""
    return (
        pairs.requests.numbers,
        pairs.offers.numbers,
        score_many(pairs),
        pairs.distance_m,
        tie_many(seed, pairs),
    )


def _best(found: Sequence[tuple[Array, ...]], offering: Numbers, asking: Numbers) -> Fits:
    """Of all that one person could do for another the best: score, then keyed hash, then order of rows.

    Nearly all pairs of people have one way only: just the others are sorted by more than who they are.
    """
    if not found:
        return Fits(*[np.zeros(0, dtype=np.int32) for _ in range(6)])
    requests, offers, scores, distances, ties = (np.concatenate(parts) for parts in zip(*found, strict=True))
    givers, receivers = offering[offers], asking[requests]
    pairs = givers.astype(np.int64) << 32 | receivers
    order = np.argsort(pairs, kind="stable")
    first = np.ones(len(order), dtype=np.bool_)
    first[1:] = np.diff(pairs[order]) != 0
    several = ~first
    several[:-1] |= ~first[1:]
    ways = order[several]
    columns = (offers, requests, ties, -scores, pairs)
    order[several] = ways[np.lexsort(tuple(column[ways] for column in columns))]
    kept = order[first]
    return Fits(*[part[kept] for part in (givers, receivers, offers, requests, scores, distances)])
