"""What may never happen in a simulated year, under any policy."""

from collections import defaultdict
from dataclasses import replace
from statistics import fmean

import pytest

from app.simulation.assumptions import DAY
from app.simulation.behaviour import Pair, likelihood
from app.simulation.chance import Lot, lot
from app.simulation.drawing import build
from app.simulation.measures import Figures, busiest_week, fingerprint, measure
from app.simulation.play import ArrivalsDiffer, _same_arrivals
from app.simulation.policies import POLICIES, Engine, NearestFirst
from app.simulation.report import LOADS, MEASURE_NAMES
from app.simulation.standing import Standing
from app.simulation.world import World
from app.simulation.year import Appointment, Case, Year
from matching.rules import first_failed
from matching.types import DEFAULT_PROPOSAL_CAP
from tests.app.simulation.conftest import SEEDS, SMALL, Played

ENGINES = [name for name in POLICIES if name not in ("list", "nearest")]


def appointments(year: Year) -> list[tuple[Case, Appointment]]:
    return [(case, case.appointment) for case in year.cases if case.appointment]


def test_every_policy_is_asked_the_same(played: Played) -> None:
    for seed in SEEDS:
        asked = {fingerprint(played[seed, name].cases) for name in POLICIES}
        assert len(asked) == 1
    assert fingerprint(played[SEEDS[0], "list"].cases) != fingerprint(played[SEEDS[1], "list"].cases)


def test_policies_that_were_asked_different_things_are_not_compared() -> None:
    one, other = Figures({}, (), "one"), Figures({}, (), "other")
    assert _same_arrivals({"list": [one], "engine": [one]}) == ["one"]
    with pytest.raises(ArrivalsDiffer):
        _same_arrivals({"list": [one], "engine": [other]})


@pytest.mark.parametrize("name", POLICIES)
def test_the_same_seed_plays_the_same_year(played: Played, name: str) -> None:
    again = Year(build(SEEDS[0], SMALL), POLICIES[name]()).play()
    assert [case.appointment for case in again.cases] == [
        case.appointment for case in played[SEEDS[0], name].cases
    ]
    assert measure(again) == measure(played[SEEDS[0], name])
    assert measure(again) != measure(played[SEEDS[1], name])


def test_an_answer_depends_on_who_and_what_and_on_nothing_before(worlds: dict[int, World]) -> None:
    world = worlds[SEEDS[0]]
    arrival, other = world.arrivals[:2]
    (person, helper), (second, _) = list(world.helpers.items())[:2]
    key = arrival.request.id
    first = lot(world.seed, Lot.ANSWER, key, person)
    lot(world.seed, Lot.ANSWER, other.request.id, person)
    assert lot(world.seed, Lot.ANSWER, key, person) == first
    others = {
        lot(world.seed + 1, Lot.ANSWER, key, person),
        lot(world.seed, Lot.DELAY, key, person),
        lot(world.seed, Lot.ANSWER, other.request.id, person),
        lot(world.seed, Lot.ANSWER, key, second),
    }
    assert first not in others
    assert len(others) == 4
    assert Pair(world.seed, arrival, Standing(helper)).answer_minutes >= 0


def test_a_yes_is_likelier_near_by_and_less_likely_after_asking_for_nothing(worlds: dict[int, World]) -> None:
    world = worlds[SEEDS[0]]
    arrival = world.arrivals[0]
    helper = next(iter(world.helpers.values()))
    beside = replace(
        helper, offer=replace(helper.offer, cell=arrival.request.cell, slots=arrival.request.slots)
    )
    far = replace(beside, offer=replace(beside.offer, cell=arrival.request.cell + 12))
    busy = replace(beside, offer=replace(beside.offer, slots=0))
    assert likelihood(arrival, beside, 0) > likelihood(arrival, far, 0)
    assert likelihood(arrival, beside, 0) > likelihood(arrival, busy, 0)
    assert likelihood(arrival, beside, 0) > likelihood(arrival, beside, 1) > likelihood(arrival, beside, 5)
    assert likelihood(arrival, beside, 0, in_ring=True) > likelihood(arrival, beside, 0)


@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.parametrize("seed", SEEDS)
def test_nobody_is_matched_against_a_hard_rule(played: Played, seed: int, name: str) -> None:
    year = played[seed, name]
    matched = appointments(year)
    assert len(matched) > 50
    for case, made in matched:
        helper = year.world.helpers[made.helper_id]
        # the rows as they were drawn: what a run adds is looked at below, from the log alone
        assert first_failed(case.arrival.request, helper.offer, year.world.borders) is None
        assert (
            first_failed(case.arrival.request, replace(made.offer, proposals_this_week=0), year.world.borders)
            is None
        )
        assert helper.joined <= made.at
        assert not helper.paused(made.at)
        assert case.arrival.at <= made.at < case.arrival.gives_up


@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.parametrize("seed", SEEDS)
def test_no_helper_ever_promises_more_than_their_limit(played: Played, seed: int, name: str) -> None:
    """From the appointments alone, without the bookkeeping of the run."""
    year = played[seed, name]
    moments: dict[object, list[tuple[int, int]]] = defaultdict(list)
    for case, made in appointments(year):
        minutes = case.arrival.request.minutes
        moments[made.helper_id] += [(made.at, minutes), (made.ends, -minutes)]
    most_at_once = 0
    for person, changes in moments.items():
        load = 0
        for _, minutes in sorted(changes):
            load += minutes
            most_at_once = max(most_at_once, load)
            assert 0 <= load <= year.world.helpers[person].offer.load_limit_minutes  # type: ignore[index]
    assert most_at_once > 120  # otherwise no limit was ever near


@pytest.mark.parametrize("name", POLICIES)
def test_nobody_helps_while_they_rest(played: Played, name: str) -> None:
    year = played[SEEDS[0], name]
    for person, standing in year.helpers.standing.items():
        made = sorted(one.at for _, one in appointments(year) if one.helper_id == person)
        for given in standing.given:
            ends = (
                (given // DAY + 1 + standing.helper.rest_days) * DAY if standing.helper.rest_days else given
            )
            assert not any(given < at < ends for at in made)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_engine_keeps_the_weekly_cap_and_the_nearest_do_not(played: Played, seed: int) -> None:
    def most(name: str) -> int:
        return max(busiest_week(standing.asked) for standing in played[seed, name].helpers.standing.values())

    assert {name: most(name) <= DEFAULT_PROPOSAL_CAP for name in ENGINES} == dict.fromkeys(ENGINES, True)
    assert most("nearest") > DEFAULT_PROPOSAL_CAP
    assert most("list") == 0


def test_the_first_who_are_asked_are_the_engines_own_best(worlds: dict[int, World]) -> None:
    world = worlds[SEEDS[0]]
    case = Case(next(one for one in world.arrivals if len(world.fitting[one.request.id]) > 12))
    for policy in (Engine(), NearestFirst()):
        year = Year(world, policy)
        year.now = world.scale.days * DAY
        year.helpers.midnight(year.now)
        found = list(policy.order(year, case))[:5]
        present = year.helpers.up_to_date(year.now).top_k(case.arrival.request, 1_000)
        if policy.name == "nearest":
            metres = {match.person_id: match.distance_m for match in present}
            assert [metres[person] for person in found] == sorted(metres.values())[:5]
        else:
            assert found == [match.person_id for match in present[:5]]


@pytest.mark.parametrize("name", POLICIES)
def test_a_run_ends_with_every_counted_request_settled(played: Played, name: str) -> None:
    year = played[SEEDS[0], name]
    counted = [case for case in year.cases if case.arrival.at < SMALL.days * DAY]
    assert all(case.over for case in counted)
    assert sum(len(standing.agreed) for standing in year.helpers.standing.values()) == len(appointments(year))
    assert sum(len(standing.given) for standing in year.helpers.standing.values()) == sum(
        c.helped for c in year.cases
    )


@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.parametrize("seed", SEEDS)
def test_the_figures_of_a_run_add_up(played: Played, seed: int, name: str) -> None:
    year = played[seed, name]
    found = measure(year)
    figures = {key: value for key, value in found.measures.items() if value is not None}
    assert found.measures.keys() == figures.keys() == MEASURE_NAMES
    assert figures["coverage_3"] <= figures["coverage_7"] <= figures["matched"]
    assert figures["helped"] <= figures["matched"]
    counted = [case for case in year.cases if case.arrival.at < year.world.scale.days * DAY]
    vulnerable = fmean(case.arrival.request.vulnerable for case in counted)
    split = vulnerable * figures["matched_vulnerable"] + (1 - vulnerable) * figures["matched_others"]
    assert split == pytest.approx(figures["matched"])
    assert len(counted) == figures["requests"]
    assert sum(found.load) == pytest.approx(1)
    helped = sum(len(standing.given) for standing in year.helpers.standing.values())
    least = sum(low * share for (low, _), share in zip(LOADS, found.load, strict=True))
    assert least * len(year.helpers.standing) <= helped
    assert figures["rings"] <= figures["rings_proposed"]
    assert figures["ring_people"] <= figures["matched"] * figures["requests"]
    assert figures["ring_people"] == 0 or name == "rings"
