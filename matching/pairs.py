"""A request beside an offer, and requests beside offers: what rules and terms are written on."""

from functools import cached_property

import numpy as np

from matching.borders import NO_BORDERS, Borders
from matching.cells import Metres, distance_m, metres_between
from matching.columns import Array, View
from matching.types import Offer, Request


class Pair:
    """One request and one offer: the scalar side."""

    def __init__(self, request: Request, offer: Offer, borders: Borders = NO_BORDERS) -> None:
        self.request, self.offer, self.borders = request, offer, borders

    @cached_property
    def distance_m(self) -> int:
        """Whole metres between the two cells."""
        return metres_between(self.request.cell, self.offer.cell)


class Pairs:
    """Two views that broadcast: a single one against any length, or two of one length."""

    def __init__(self, requests: View, offers: View, borders: Borders) -> None:
        self.requests, self.offers, self.borders = requests, offers, borders

    def __len__(self) -> int:
        return len(self.offers) if self.requests.single else len(self.requests)

    @cached_property
    def distance_m(self) -> Metres:
        """Whole metres between the cells of each pair."""
        return distance_m(self.requests.cell, self.offers.cell)

    def where(self, kept: Array) -> "Pairs":
        """The pairs under a mask or at the given positions."""
        if kept.dtype == np.bool_:
            kept = np.flatnonzero(kept)
        requests = self.requests if self.requests.single else self.requests.where(kept)
        offers = self.offers if self.offers.single else self.offers.where(kept)
        narrowed = Pairs(requests, offers, self.borders)
        if "distance_m" in self.__dict__:
            narrowed.distance_m = self.distance_m.take(kept)
        return narrowed

    def full(self, values: Array) -> Array:
        """Values spread over all pairs, for what only a single side determines."""
        return np.broadcast_to(values, (len(self),))
