"""What one would write first: a loop with geopy's geodesic, and numpy over everybody."""

from collections.abc import Callable, Sequence

import numpy as np
from geopy.distance import geodesic

from bench.bench_matching import BORDERS
from matching.cells import centre
from matching.columns import Columns, View, view_of
from matching.pairs import Pair, Pairs
from matching.rows import OFFERS, REQUESTS
from matching.rules import HOLDS, Rule, fitting
from matching.score import score
from matching.search import best
from matching.types import Match, Offer, Request

K = 20


def geopy_loop(offers: Sequence[Offer]) -> Callable[[Request], list[tuple[int, int]]]:
    """Everybody who helps with the category, by their geodesic, then the rules, then the score."""

    def answer(request: Request) -> list[tuple[int, int]]:
        here, found = centre(request.cell), []
        for number, offer in enumerate(offers):
            if request.category not in offer.categories:
                continue
            if geodesic(here, centre(offer.cell)).km > min(request.max_km, offer.radius_km):
                continue
            if all(holds(Pair(request, offer, BORDERS)) for holds in OTHER_RULES):
                found.append((-score(request, offer), number))
        return sorted(found)[:K]

    return answer


OTHER_RULES = [holds for rule, holds in HOLDS.items() if rule is not Rule.DISTANCE]


def full_scan(offers: Sequence[Offer]) -> Callable[[Request], list[Match]]:
    """The rules over everybody, an array per field, and the score of whoever is left."""
    columns = Columns.of(OFFERS, offers)
    everybody = np.arange(len(offers), dtype=np.int32)

    def answer(request: Request) -> list[Match]:
        pairs = Pairs(view_of(REQUESTS, request), View(columns, everybody), BORDERS)
        return best(fitting(pairs), request.id, K, 0, once_per_person=True)

    return answer
