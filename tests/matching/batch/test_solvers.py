"""Every solver finds the greatest worth there is, and they find the same answer."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from matching.batch.compiled import best_solver, solve_in_c
from matching.batch.graph import build
from matching.batch.instance import Instance, Solution, Solver, instance_of, scale_of
from matching.batch.paths import solve_in_python
from matching.batch.proof import dual_objective, objective
from matching.kernel.load import kernel, without_kernel
from tests.matching.batch.instances import a_region, an_instance, instances
from tests.matching.batch.oracles import by_exhaustion, by_or_tools, by_scipy

THOROUGH = settings(max_examples=200, deadline=None)


@pytest.fixture(params=["python", "c"])
def solver(request: pytest.FixtureRequest) -> Solver:
    if request.param == "python":
        return solve_in_python
    if kernel() is None:
        pytest.skip("there is no C compiler here")
    return solve_in_c


def within_limits(instance: Instance, solution: Solution) -> bool:
    rows = np.searchsorted(instance.starts, solution.chosen, side="right") - 1
    per_row = np.bincount(rows, minlength=len(instance.bonus))
    per_person = np.bincount(instance.person[solution.chosen], minlength=len(instance.capacities))
    unique = len(set(solution.chosen.tolist())) == len(solution.chosen)
    return bool(unique and (per_row <= instance.places).all() and (per_person <= instance.capacities).all())


def test_a_request_gives_way_where_all_gain(solver: Solver) -> None:
    instance = an_instance({(0, 0): 9, (0, 1): 8, (1, 0): 5})

    solution = solver(instance)

    assert instance.person[solution.chosen].tolist() == [1, 0]
    assert objective(instance, solution) == 2_000 + 8 + 5


def test_a_higher_bonus_displaces_whatever_the_quality(solver: Solver) -> None:
    instance = an_instance({(0, 0): 0, (1, 0): 900}, bonus=[2_000, 1_000])

    assert solver(instance).chosen.tolist() == [0]


def test_nobody_is_taken_twice_by_one_request(solver: Solver) -> None:
    instance = an_instance({(0, 0): 5, (0, 1): 1, (1, 0): 5}, places=[2, 2], capacities=[3, 3])

    assert solver(instance).chosen.tolist() == [0, 1, 2]


def test_without_edges_nobody_is_chosen(solver: Solver) -> None:
    solution = solver(an_instance({}))

    assert len(solution.chosen) == 0
    assert len(solution.prices) == 0


@THOROUGH
@given(instance=instances())
def test_no_choice_at_all_is_worth_more(instance: Instance) -> None:
    solution = best_solver()(instance)

    assert within_limits(instance, solution)
    assert (
        objective(instance, solution) == by_exhaustion(instance) == dual_objective(instance, solution.prices)
    )


@THOROUGH
@given(instance=instances(rows=9, people=7, most=4))
def test_or_tools_finds_nothing_better(instance: Instance) -> None:
    solution = best_solver()(instance)

    assert within_limits(instance, solution)
    assert objective(instance, solution) == by_or_tools(instance) == dual_objective(instance, solution.prices)


@THOROUGH
@given(instance=instances(rows=9, people=9, most=1))
def test_scipy_finds_nothing_better(instance: Instance) -> None:
    assert objective(instance, best_solver()(instance)) == by_scipy(instance)


@THOROUGH
@given(instance=instances(rows=12, people=8, most=4))
def test_the_kernel_answers_as_python_does(instance: Instance) -> None:
    if kernel() is None:
        pytest.skip("there is no C compiler here")
    compiled, meant = solve_in_c(instance), solve_in_python(instance)

    assert compiled.chosen.tolist() == meant.chosen.tolist()
    assert compiled.prices.tolist() == meant.prices.tolist()


@THOROUGH
@given(instance=instances(rows=6, people=5), prices=st.lists(st.integers(0, 6_000), min_size=5, max_size=5))
def test_no_prices_at_all_prove_less_than_the_best(instance: Instance, prices: list[int]) -> None:
    best = objective(instance, best_solver()(instance))

    assert dual_objective(instance, np.array(prices, dtype=np.int64)) >= best


@pytest.mark.parametrize("several", [False, True])
def test_a_thousand_of_each_come_out_alike_everywhere(several: bool) -> None:
    graph = build(a_region(1_000, several=several))
    instance = instance_of(graph, scale_of(graph))

    meant = solve_in_python(instance)
    solution = best_solver()(instance)

    assert solution.chosen.tolist() == meant.chosen.tolist()
    assert solution.prices.tolist() == meant.prices.tolist()
    assert within_limits(instance, solution)
    assert objective(instance, solution) == by_or_tools(instance)
    assert several or objective(instance, solution) == by_scipy(instance)


def test_without_the_kernel_python_solves() -> None:
    with without_kernel():
        assert best_solver() is solve_in_python
