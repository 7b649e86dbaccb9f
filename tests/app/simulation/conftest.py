"""A quarter of a small region, played once under every policy on two seeds."""

import pytest

from app.simulation.drawing import build
from app.simulation.policies import POLICIES
from app.simulation.world import Scale, World
from app.simulation.year import Year

SEEDS = (1771, 1772)
SMALL = Scale(people=900, days=90)
Played = dict[tuple[int, str], Year]


@pytest.fixture(scope="session")
def worlds() -> dict[int, World]:
    return {seed: build(seed, SMALL) for seed in SEEDS}


@pytest.fixture(scope="session")
def played(worlds: dict[int, World]) -> Played:
    """By seed and policy."""
    return {
        (seed, name): Year(world, POLICIES[name]()).play()
        for seed, world in worlds.items()
        for name in POLICIES
    }
