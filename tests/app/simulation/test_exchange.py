"""Rings in a simulated year: they go ahead when all say yes, and end without harm when one does not."""

from uuid import UUID

from app.simulation.assumptions import DAY, HOUR, ROUND_HOURS
from app.simulation.exchange import propose_rings
from app.simulation.world import Arrival, Helper, Scale, World
from app.simulation.year import Case, Year
from matching.borders import NO_BORDERS
from matching.cells import cell_of
from matching.types import Offer, Request

CELL = cell_of(51.42, 5.56)
WEEK = 2**28 - 1
ALWAYS, NEVER = 60.0, -60.0


class OnlyRings:
    """A policy that asks nobody by itself."""

    name, cap = "rings only", 3

    def posted(self, year: Year, case: Case) -> None:
        pass

    def stuck(self, year: Year, case: Case) -> None:
        pass

    def night(self, year: Year) -> None:
        propose_rings(year)


def a_ring(*eagerness: float, seed: int = 1772) -> Year:
    """Each offers what the one before asks; nobody can help anybody else."""
    people = [UUID(int=number) for number in range(1, len(eagerness) + 1)]
    helpers, arrivals = {}, []
    for place, (person, eager) in enumerate(zip(people, eagerness, strict=True)):
        offer = Offer(
            id=UUID(int=100 + place), person_id=person, municipality_id=1771, cell=CELL, categories=(place,),
            slots=WEEK, minutes_per_week=120, load_limit_minutes=120, radius_km=5, languages=1,
        )  # fmt: skip
        request = Request(
            id=UUID(int=200 + place), person_id=person, municipality_id=1771, cell=CELL,
            category=(place + 1) % len(people), slots=WEEK, minutes=60, max_km=5, languages=1,
        )  # fmt: skip
        helpers[person] = Helper(offer, 0, eager, (), (), 0)
        arrivals.append(Arrival(request, DAY // 2, 30 * DAY, 0.0))
    world = World(seed, Scale(len(people), 10), (), helpers, tuple(arrivals), NO_BORDERS)
    return Year(world, OnlyRings()).play()


def test_a_ring_goes_ahead_when_all_say_yes_and_each_helps_the_next() -> None:
    for size in (2, 3, 4):
        year = a_ring(*[ALWAYS] * size)
        assert (DAY, size, True) in year.rings
        for case in year.cases:
            (giver,) = case.in_ring
            assert case.arrival.request.category in year.world.helpers[giver].offer.categories
            assert case.first_yes is not None


def test_an_answer_that_comes_too_late_ends_the_ring() -> None:
    year = a_ring(*[ALWAYS] * 4, seed=1771)
    answers = [year.pair(case, giver).answer_minutes for case in year.cases for giver in case.asked_in_ring]
    assert sum(minutes > ROUND_HOURS * HOUR for minutes in answers) == 1
    assert year.rings == [(DAY, 4, False)]
    assert sum(len(standing.in_vain) for standing in year.helpers.standing.values()) == 3


def test_a_ring_of_which_one_says_no_ends_without_harm() -> None:
    year = a_ring(ALWAYS, ALWAYS, NEVER)
    assert year.rings == [(DAY, 3, False)]
    assert all(case.appointment is None and not case.in_ring for case in year.cases)
    assert all(standing.load_minutes == 0 for standing in year.helpers.standing.values())
    assert all(case.over for case in year.cases)


def test_the_same_people_are_not_asked_twice_for_the_same_ring() -> None:
    year = a_ring(ALWAYS, NEVER)
    assert len(year.rings) == 1
    assert {len(standing.asked) for standing in year.helpers.standing.values()} == {1}


def test_five_in_a_circle_are_no_ring() -> None:
    assert a_ring(*[ALWAYS] * 5).rings == []
