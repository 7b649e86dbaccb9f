"""The assignment of a region, beside OR-Tools and scipy: `python -m bench.bench_assignment [instance ...]`.

Each instance is drawn from a seed around towns, as `bench_matching` draws its world, with rules that bite less: an
asker has some hundreds of helpers who fit, of whom many fit others too. All solvers get the same weights. OR-Tools
gets the best K edges of each request, as one does to keep a solver's graph small; this engine the full graph.
"""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from bench.bench_matching import BORDERS, World
from matching.batch.graph import Graph, Numbers, build
from matching.batch.greedy import best_score_first, by_priority, by_waiting, each_in_turn
from matching.batch.instance import Instance, Solution, instance_of, scale_of
from matching.batch.types import Region
from matching.types import Offer, Request


@dataclass(frozen=True, slots=True)
class Drawn:
    """An instance's numbers."""

    helpers: int
    asked: int
    scarce: bool = False
    oracles: bool = True
    """Small enough to wait for OR-Tools."""


INSTANCES: Final = {
    "1k x 1k": Drawn(1_000, 1_000),
    "10k x 10k": Drawn(10_000, 10_000),
    "scarce 5k x 10k": Drawn(5_000, 10_000, scarce=True),
    "100k x 100k": Drawn(100_000, 100_000, oracles=False),
}
TRUNCATED: Final = (30, 50)


class Crowded(World):
    """The same towns and tastes, with fewer ways not to fit."""

    likely_slot, likely_skill, likely_check = 0.4, 0.01, 0.01

    def offer(self, number: int) -> Offer:
        """One person's offer."""
        drawn = super().offer(number)
        return replace(drawn, slots=self.mask(28, self.likely_slot), paused=False, proposals_this_week=0)

    def request(self, number: int) -> Request:
        """One person's request."""
        drawn = super().request(number)
        skills, checks = self.mask(10, self.likely_skill), self.mask(8, self.likely_check)
        return replace(drawn, skills=skills, checks=checks, vulnerable=self.draw.random() < 0.2)


def region_of(drawn: Drawn, seed: int = 1) -> Region:
    """Draw it."""
    world = Crowded(max(drawn.helpers, drawn.asked), seed)
    offers = [world.offer(number) for number in range(drawn.helpers)]
    requests = [world.request(number) for number in range(drawn.asked)]
    room = {offer.person_id: world.draw.choice((1, 1, 2)) for offer in offers} if drawn.scarce else {}
    return Region(requests=requests, offers=offers, borders=BORDERS, capacities=room)
