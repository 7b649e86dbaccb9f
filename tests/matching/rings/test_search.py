"""Rings on graphs: as good as an exhaustive search finds, never above the bound, the same in C and in Python."""

from itertools import permutations

import pytest
from hypothesis import given, settings, strategies as st

from matching.kernel.load import kernel, without_kernel
from matching.rings import exact, find
from matching.rings.bound import upper_bound
from matching.rings.graph import Graph
from matching.rings.plan import Plan
from matching.rings.search import search
from matching.rings.types import Rings
from matching.rings.worth import let_down, worth
from tests.matching.rings.graphs import a_graph, every_ring, graphs, most_served, plain_let_down

Spelt = tuple[int, dict[tuple[int, int], int]]
longests = st.integers(2, 4)


def people_of(rings: Rings) -> list[int]:
    return [person.int - 1000 for ring in rings.rings for person in ring.people]


def assert_sound(rings: Rings, spelt: Spelt, longest: int) -> None:
    """Every arc is one that there is, every ring closes, nobody comes twice, nobody is forgotten in the count."""
    people = people_of(rings)
    assert len(people) == len(set(people)) == rings.served
    for ring in rings.rings:
        assert 2 <= len(ring.arcs) <= longest
        for arc, following in zip(ring.arcs, [*ring.arcs[1:], ring.arcs[0]], strict=True):
            assert arc.receiver_id == following.giver_id
            assert arc.score == spelt[1][arc.giver_id.int - 1000, arc.receiver_id.int - 1000]
        inner = list(permutations(ring.people, 2))
        between = sum((a.int - 1000, b.int - 1000) in spelt[1] for a, b in inner)
        assert ring.chords == between - len(ring.arcs)


@settings(max_examples=150)
@given(graphs(7), longests, st.integers(0, 3))
def test_no_exhaustive_search_serves_more_people(spelt: Spelt, longest: int, seed: int) -> None:
    people, arcs = spelt
    rings = find.rings_of(a_graph(people, arcs), longest, seed)
    assert_sound(rings, spelt, longest)
    assert rings.optimal
    assert rings.served == most_served(arcs, people, longest)


@settings(max_examples=200)
@given(graphs(6))
def test_the_bound_is_what_rings_of_any_length_can_serve(spelt: Spelt) -> None:
    people, arcs = spelt
    assert upper_bound(a_graph(people, arcs)) == most_served(arcs, people, people)


@settings(max_examples=100)
@given(graphs(6), st.integers(2, 3))
def test_of_the_sets_that_serve_most_people_the_chosen_one_is_worth_most(spelt: Spelt, longest: int) -> None:
    people, arcs = spelt
    graph = a_graph(people, arcs)
    rings = every_ring(arcs, people, longest)
    value = {ring: worth(graph, ring) for ring in rings}

    def best(free: frozenset[int], start: int) -> tuple[int, int]:
        found = (0, 0)
        for number in range(start, len(rings)):
            if free.issuperset(rings[number]):
                served, points = best(free.difference(rings[number]), number + 1)
                found = max(found, (served + len(rings[number]), points + value[rings[number]]))
        return found

    chosen = exact.best_rings(graph, longest)
    assert chosen is not None
    assert (sum(map(len, chosen)), sum(value[ring] for ring in chosen)) == best(frozenset(range(people)), 0)


@settings(max_examples=80)
@given(graphs(5))
def test_what_a_drop_out_lets_down_is_counted_as_one_would_by_hand(spelt: Spelt) -> None:
    people, arcs = spelt
    graph = a_graph(people, arcs)
    for ring in every_ring(arcs, people, 4):
        assert let_down(graph, ring) == plain_let_down(arcs, ring)


@settings(max_examples=100)
@given(graphs(12), longests, st.integers(0, 2**64 - 1))
def test_local_search_finds_sound_rings_that_cannot_be_added_to(
    spelt: Spelt, longest: int, seed: int
) -> None:
    people, arcs = spelt
    graph = a_graph(people, arcs)
    found = search(graph, Plan(longest, seed, explore=60, polish=30))
    taken = [person for ring in found for person in ring]
    assert len(taken) == len(set(taken)) <= upper_bound(graph)
    known = {ring[ring.index(min(ring)) :] + ring[: ring.index(min(ring))] for ring in found}
    inner = (
        every_ring(arcs, people, longest) if people <= 8 else [ring for ring in known if closes(ring, arcs)]
    )
    assert known.issubset(inner)
    if people <= 8:
        assert not [ring for ring in inner if not set(ring) & set(taken)]


def closes(ring: tuple[int, ...], arcs: dict[tuple[int, int], int]) -> bool:
    return all(arc in arcs for arc in zip(ring, ring[1:] + ring[:1], strict=True))


@pytest.mark.skipif(kernel() is None, reason="the kernel was not built: no C compiler")
@settings(max_examples=120)
@given(graphs(14), longests, st.integers(0, 2**64 - 1))
def test_the_kernel_finds_the_very_same_rings(spelt: Spelt, longest: int, seed: int) -> None:
    plan = Plan(longest, seed, explore=80, polish=40)
    compiled = search(a_graph(*spelt), plan)
    with without_kernel():
        assert search(a_graph(*spelt), plan) == compiled


@pytest.mark.parametrize("longest", [2, 3, 4])
def test_many_people_get_the_same_rings_either_way_and_nearly_as_many_as_any(longest: int) -> None:
    graph = a_crowd(200)
    plan = Plan(longest, seed=5, explore=4_000, polish=1_000)
    with without_kernel():
        plain = search(graph, plan)
    assert search(graph, plan) == plain
    served = sum(map(len, plain))
    least = {2: 0.2, 3: 0.5, 4: 0.7}[longest]
    assert least * upper_bound(graph) <= served <= upper_bound(graph)


def test_where_rings_are_too_many_to_weigh_the_search_takes_over() -> None:
    graph = a_crowd(200)
    assert exact.best_rings(graph, 4) is None
    rings = find.rings_of(graph, 4, seed=1)
    assert not rings.optimal
    assert 0 < rings.served <= rings.upper_bound


def test_the_same_seed_gives_the_same_rings() -> None:
    assert find.rings_of(a_crowd(150), 4, seed=7) == find.rings_of(a_crowd(150), 4, seed=7)


def test_a_ring_with_a_chord_is_preferred_to_a_better_scoring_one_without() -> None:
    around = [(0, 1), (1, 2), (2, 0), (0, 3), (3, 4), (4, 0)]
    arcs = dict.fromkeys(around, 100) | {(3, 4): 600, (1, 0): -100}
    rings = find.rings_of(a_graph(5, arcs), 3)
    # Both serve three; 0 and 1 can still help one another when 2 drops out.
    assert sorted(people_of(rings)) == [0, 1, 2]
    assert rings.rings[0].chords == 1


def test_two_short_rings_are_preferred_to_a_long_one() -> None:
    arcs = dict.fromkeys([(0, 1), (1, 0), (2, 3), (3, 2), (1, 2), (3, 0)], 100) | {(1, 2): 900, (3, 0): 900}
    assert [len(ring.arcs) for ring in find.rings_of(a_graph(4, arcs), 4).rings] == [2, 2]


def a_crowd(people: int) -> Graph:
    """A fixed graph with some nine arcs for each."""
    arcs = {}
    state = 1
    for giver in range(people):
        for _ in range(9):
            state = state * 6364136223846793005 + 1442695040888963407 & 2**64 - 1
            receiver = (state >> 33) % people
            if receiver != giver:
                arcs[giver, receiver] = state >> 54
    return a_graph(people, arcs)
