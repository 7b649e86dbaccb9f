"""The rules, the terms and the tiers written down a second time, for the checker alone.

Plain columns straight from the rows, every rule over every offer of the category: no grid, no packed words, no
vectorised form of the engine's. Only the distance between two cells is the engine's own, in its scalar form.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from matching.batch.types import Priorities
from matching.borders import Borders
from matching.cells import metres_between
from matching.types import Offer, Request

Whole = NDArray[np.int64]
Mask = NDArray[np.bool_]
FIELDS: Final = (
    "municipality_id", "slots", "minutes_per_week", "radius_km", "languages", "skills", "checks", "kinds", "paused",
    "resting", "load_minutes", "load_limit_minutes", "proposals_this_week", "proposal_cap", "cross_border",
)  # fmt: skip
NONE: Final = 0
"""No gender and no organisation: both count from 1."""


def tier_of(request: Request, points: Priorities) -> int:
    """0..15."""
    weeks = request.days_waiting // 7
    sum_ = points.urgency * request.urgency + points.waiting * (4 if weeks > 4 else weeks)
    return min(sum_ + points.vulnerable * int(request.vulnerable), 15)


class Everybody:
    """All offers, to be held beside one request at a time."""

    def __init__(self, offers: Sequence[Offer], borders: Borders) -> None:
        self.borders = borders
        self.people = {person: number for number, person in enumerate({o.person_id: None for o in offers})}
        self.columns = {name: _whole(getattr(offer, name) for offer in offers) for name in FIELDS} | {
            "person": _whole(self.people[offer.person_id] for offer in offers),
            "gender": _whole(offer.gender or NONE for offer in offers),
            "organisation": _whole(offer.organisation or NONE for offer in offers),
            "days": _whole(
                30 if offer.last_proposed_days is None else offer.last_proposed_days for offer in offers
            ),
        }
        self.cells, places = np.unique(_whole(offer.cell for offer in offers), return_inverse=True)
        self.columns["place"] = places
        self._metres: dict[int, Whole] = {}
        by_category, shunning = defaultdict(list), defaultdict(list)
        for number, offer in enumerate(offers):
            for category in {*offer.categories}:
                by_category[category].append(number)
            for person in offer.excluded:
                shunning[person].append(number)
        self.by_category = {category: _whole(numbers) for category, numbers in by_category.items()}
        self.shunning: dict[UUID, list[int]] = dict(shunning)

    def fitting(self, request: Request) -> tuple[Whole, Whole]:
        """The numbers of the offers that pass every rule, and their scores."""
        at = self.by_category.get(request.category, _whole(()))
        taken = {name: column[at] for name, column in self.columns.items()}
        metres = self._far(request.cell)[taken["place"]]
        kept = self._pass(request, at, taken, metres)
        left = {name: column[kept] for name, column in taken.items()}
        return at[kept], self._points(request, left, metres[kept])

    def _far(self, cell: int) -> Whole:
        if cell not in self._metres:
            self._metres[cell] = _whole(metres_between(cell, other) for other in self.cells.tolist())
        return self._metres[cell]

    def _pass(self, request: Request, at: Whole, offer: dict[str, Any], metres: Whole) -> Mask:
        agreeing = [
            there for there in np.unique(offer["municipality_id"]).tolist()
            if self.borders.agree(request.municipality_id, there)
        ]  # fmt: skip
        abroad = np.isin(offer["municipality_id"], agreeing) & (
            offer["cross_border"] & int(request.cross_border) > 0
        )
        shunned = [self.people[person] for person in request.excluded if person in self.people]
        passed: Mask = (
            (request.skills & ~offer["skills"] == 0)
            & (request.checks & ~offer["checks"] == 0)
            & ((offer["municipality_id"] == request.municipality_id) | abroad)
            & (metres <= 1000 * offer["radius_km"])
            & (metres <= 1000 * request.max_km)
            & (offer["slots"] & request.slots > 0)
            & (offer["languages"] & request.languages > 0)
            & (offer["kinds"] & int(request.kinds) > 0)
            & (offer["minutes_per_week"] >= request.minutes)
            & (offer["load_limit_minutes"] - offer["load_minutes"] >= request.minutes)
            & (offer["proposal_cap"] > offer["proposals_this_week"])
            & (offer["paused"] + offer["resting"] == 0)
            & (offer["person"] != self.people.get(request.person_id, -1))
            & ~np.isin(offer["person"], shunned)
            & ~np.isin(at, self.shunning.get(request.person_id, []))
            & ((offer["organisation"] == NONE) | (offer["organisation"] == (request.organisation or -1)))
        )
        return passed if request.gender is None else passed & (offer["gender"] == int(request.gender))

    def _points(self, request: Request, offer: dict[str, Any], metres: Whole) -> Whole:
        there = self.cells[offer["place"]]
        languages = np.bitwise_count(offer["languages"] & request.languages).astype(np.int64)
        share = 100 * offer["load_minutes"] // np.maximum(offer["load_limit_minutes"], 1)
        own = 60 * request.urgency + 60 * int(request.vulnerable) + 4 * min(request.days_waiting, 30)
        points: Whole = (
            np.maximum(400 - metres // 50, 0)
            + 40 * (there == request.cell)
            + 20 * np.minimum(np.bitwise_count(offer["slots"] & request.slots).astype(np.int64), 6)
            + 30 * np.minimum(np.bitwise_count(offer["skills"] & request.skills_wished).astype(np.int64), 4)
            + 20 * np.clip(languages - 1, 0, 2)
            + 3 * np.minimum(offer["days"], 30)
            - np.minimum(share, 100)
            - 30 * np.minimum(offer["proposals_this_week"], 5)
            + own
        )
        return points


def _whole(values: Iterable[Any]) -> Whole:
    return np.array([int(value) for value in values], dtype=np.int64)
