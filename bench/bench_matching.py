"""How long the best 20 take, both ways, at several sizes: `python -m bench.bench_matching` (a minute to run).

Synthetic: people live around towns of a region that grows with their number (at 100,000 about 55 x 55 km),
offer 1-4 of 44 categories of uneven popularity, and mostly go up to 5-15 km. Seeded, so that figures compare.
"""

import random
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import replace
from itertools import islice
from typing import TypeVar
from uuid import UUID

from bench.columns import DrawnWorld
from matching.borders import Borders
from matching.brute import best_offers
from matching.cells import STRIDE, cell_of
from matching.explain import counterfactuals, explain_offers
from matching.index import SMALLEST_DELTA, OfferIndex, RequestIndex
from matching.kernel.load import kernel, without_kernel
from matching.loading import offers_of, requests_of
from matching.table import Loaded
from matching.types import Change, Offer, Request

Asked = TypeVar("Asked")
SIZES = (1_000, 10_000, 100_000, 1_000_000)
QUERIES = 300
MUNICIPALITIES = range(1, 22)
BORDERS = Borders((one, other) for one in MUNICIPALITIES for other in MUNICIPALITIES)
CATEGORIES = range(44)
POPULARITY = [1 / (category + 5) for category in CATEGORIES]


class World:
    """Draws rows around towns."""

    def __init__(self, size: int, seed: int = 1) -> None:
        self.draw = random.Random(seed)
        self.half = max(6, round(27 * (size / 100_000) ** 0.25))
        self.heart = cell_of(51.42, 5.56)
        self.towns = [(self._within(), self._within()) for _ in range(30)]

    def _within(self) -> int:
        return self.draw.randint(-self.half, self.half)

    def cell(self) -> int:
        """Near a town, mostly."""
        north, east = self.draw.choice(self.towns)
        spread = [round(self.draw.gauss(at, 2)) for at in (north, east)]
        rows, columns = (max(-self.half, min(self.half, at)) for at in spread)
        return int(self.heart + rows * STRIDE + columns)

    def mask(self, bits: int, likely: float) -> int:
        """Each bit set with a likelihood."""
        return sum(1 << bit for bit in range(bits) if self.draw.random() < likely)

    def offer(self, number: int) -> Offer:
        """One person's offer."""
        draw = self.draw
        return Offer(
            id=UUID(int=draw.getrandbits(128)),
            person_id=UUID(int=number),
            municipality_id=draw.choice(MUNICIPALITIES),
            cell=self.cell(),
            categories=tuple(set(draw.choices(CATEGORIES, POPULARITY, k=draw.randint(1, 4)))),
            slots=self.mask(28, 0.25),
            minutes_per_week=draw.choice((60, 120, 240, 480)),
            radius_km=draw.choice((5, 5, 10, 10, 15, 25)),
            languages=1 | self.mask(8, 0.1),
            skills=self.mask(10, 0.3),
            checks=self.mask(8, 0.5),
            paused=draw.random() < 0.05,
            load_minutes=draw.choice((0, 0, 0, 60, 120)),
            load_limit_minutes=draw.choice((120, 240, 480)),
            proposals_this_week=draw.choice((0, 0, 0, 1, 1, 2, 3)),
            last_proposed_days=draw.choice((None, draw.randint(0, 60))),
            cross_border=draw.random() < 0.8,
        )

    def request(self, number: int) -> Request:
        """One person's request."""
        draw = self.draw
        return Request(
            id=UUID(int=draw.getrandbits(128)),
            person_id=UUID(int=1 << 64 | number),
            municipality_id=draw.choice(MUNICIPALITIES),
            cell=self.cell(),
            category=draw.choices(CATEGORIES, POPULARITY)[0],
            slots=self.mask(28, 0.15) | 1 << draw.randrange(28),
            minutes=draw.choice((30, 60, 90, 120)),
            max_km=draw.choice((5, 10, 15)),
            languages=1 | self.mask(8, 0.05),
            skills=self.mask(10, 0.03),
            checks=self.mask(8, 0.04),
            urgency=draw.randint(0, 3),
            days_waiting=draw.randint(0, 40),
        )


def took(act: Callable[[Asked], object], asked: Iterable[Asked]) -> list[float]:
    """Milliseconds of an act for each of those who ask."""
    milliseconds = []
    for each in asked:
        start = time.perf_counter()
        act(each)
        milliseconds.append((time.perf_counter() - start) * 1000)
    return milliseconds


def line(name: str, milliseconds: Sequence[float]) -> None:
    """Print the median, the 99th percentile and the most."""
    p99 = statistics.quantiles(milliseconds, n=100)[98]
    print(
        f"  {name:<40} p50 {statistics.median(milliseconds):8.3f} ms   p99 {p99:8.3f} ms"
        f"   most {max(milliseconds):8.3f} ms"
    )


def built(size: int, offers: Loaded[Offer]) -> OfferIndex:
    """An index, with what it cost printed."""
    start = time.perf_counter()
    index = OfferIndex(offers, borders=BORDERS)
    built_s = time.perf_counter() - start
    start = time.perf_counter()
    index.rebuild()
    rebuilt_ms = (time.perf_counter() - start) * 1000
    each = ", ".join(f"{name} {number / size:.1f}" for name, number in index.sizes().items())
    print(f"{size:,} offers: built from columns in {built_s:.2f} s, rebuilt in {rebuilt_ms:.0f} ms")
    print(f"  {index.nbytes / size:.1f} bytes each: {each}")
    return index


def measure(size: int) -> None:
    """One size, printed."""
    world = DrawnWorld(size)
    index = built(size, offers_of(world.offers(size)))
    asked = RequestIndex(requests_of(world.requests(size)), borders=BORDERS)
    requests, offers = list(islice(asked, QUERIES)), list(islice(index, QUERIES))
    fitting = [len(index.fitting(request)) for request in requests]
    print(f"  helpers that fit a request: median {statistics.median(fitting):.0f}, most {max(fitting)}")
    for form in ("C", "numpy") if kernel() is not None else ("numpy",):
        with without_kernel() if form == "numpy" else nullcontext():
            measure_answers(form, index, asked, requests, offers)
    line("what would bring more", took(lambda r: counterfactuals(r, index), requests[:100]))
    line("one update in place", took(lambda o: index.apply([Change(o.id, 1, o)]), offers))
    moved = [replace(offer, cell=offer.cell + 1) for offer in offers[: SMALLEST_DELTA - 1]]
    line("one move", took(lambda o: index.apply([Change(o.id, 2, o)]), moved))
    line("best 20 for a request, after those moves", took(index.top_k, requests))
    measure_during_a_rebuild(index, requests)
    with without_kernel():
        expected = [index.top_k(request) for request in requests]
    same = sum(index.top_k(request) == answer for request, answer in zip(requests, expected, strict=True))
    checked = requests[: 100_000 // size]
    brute = sum(index.top_k(r) == best_offers(r, index, BORDERS) for r in checked)
    print(f"  same list in C and numpy: {same} of {QUERIES}; as brute force: {brute} of {len(checked)}")


def measure_answers(
    form: str, index: OfferIndex, asked: RequestIndex, requests: Sequence[Request], offers: Sequence[Offer]
) -> None:
    """Both ways, and the explanation of what was found."""
    line(f"best 20 for a request, {form}", took(index.top_k, requests))
    line(f"best 20 for an offer, {form}", took(asked.top_k, offers))
    answers = [(request, [match.offer_id for match in index.top_k(request)]) for request in requests]
    line(f"explaining those 20, {form}", took(lambda answer: list(explain_offers(*answer, index)), answers))


def measure_during_a_rebuild(index: OfferIndex, requests: Sequence[Request]) -> None:
    """Answers while another thread rebuilds: as many as fit, at least some."""
    with ThreadPoolExecutor(1) as pool:
        rebuilding = pool.submit(index.rebuild)
        milliseconds = took(index.top_k, requests[:20])
        while not rebuilding.done():
            milliseconds += took(index.top_k, requests[:20])
        rebuilding.result()
    line("best 20 for a request, during a rebuild", milliseconds)


if __name__ == "__main__":
    for wanted in [int(argument) for argument in sys.argv[1:]] or SIZES:
        measure(wanted)
