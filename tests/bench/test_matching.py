"""The measurement measures: a small region, all ways beside each other, the same lists, and honest verdicts."""

import json
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from bench import bench_assignment, bench_rings
from bench.bench_rings import Drawn, Measured, promised
from bench.matching import __main__ as matching, online, others, postgis
from bench.matching.__main__ import main
from bench.matching.bounds import Bound, missed, of_batch, of_rings
from bench.matching.online import same_but_for_ties
from bench.matching.printing import missed_of
from matching.kernel.load import kernel
from matching.types import Match

HELPERS = 1_000


def test_a_thousand_helpers_are_measured_and_every_exact_way_gives_the_same_lists(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    into = tmp_path / "matching.json"

    main([str(HELPERS), "--online", "--queries", "20", "--into", str(into)])

    result = json.loads(into.read_text())
    (region,) = result["regions"]
    has_postgis = postgis.bin_dir() is not None
    exact = ["brute force", "numpy", *([online.EXACT] if has_postgis else [])]
    assert all(region["same_as"][name]["same"] == region["same_as"][name]["of"] == 20 for name in exact)
    assert {online.ENGINE_NUMPY, online.NUMPY_WITH_LOG, online.SCAN, online.GEOPY} <= set(region["ways"])
    assert (online.ENGINE in region["ways"]) == (kernel() is not None)
    assert (postgis.MISSING in result["not_measured"]) != has_postgis
    assert min(way["p50_ms"] for way in region["ways"].values()) > 0
    assert all(bound["held"] for bound in result["bounds"] if bound["name"].startswith("same list"))
    printed = capsys.readouterr().out
    assert "best 20 for a request" in printed
    assert "bounds" in printed


@pytest.mark.parametrize(
    ("measured", "at_least", "held", "missed_by"),
    [(30, True, True, ""), (24, True, False, "20.0%"), (30, False, True, ""), (33, False, False, "10.0%")],
)
def test_a_bound_says_whether_it_held_and_by_how_much_not(
    measured: float, at_least: bool, held: bool, missed_by: str
) -> None:
    bound = Bound("times faster", 30, measured, at_least)

    assert (bound.held, bound.missed_by) == (held, missed_by)


def test_an_assignment_that_is_slower_or_serves_fewer_misses_its_bounds() -> None:
    found = {
        "instance": "1k x 1k",
        "milliseconds": {"engine, full graph": 12.0, "OR-Tools, K = 30": 10.0, "OR-Tools, K = 50": 14.0},
        "coverage": {"optimum": 900, "bound": 901},
        "high_priority": {"optimum": 90, "alone": 90},
    }

    assert [bound.held for bound in of_batch([found])] == [False, True, False, True]


def test_who_scores_alike_may_change_places_and_nobody_else() -> None:
    asked, one, two, three = (UUID(int=number) for number in range(4))
    matches = [Match.of(asked, key, key, points, 0) for key, points in ((one, 50), (two, 40), (three, 40))]

    assert same_but_for_ties(matches, [(one, 50), (three, 40), (two, 40)])
    assert not same_but_for_ties(matches, [(two, 50), (one, 40), (three, 40)])
    assert not same_but_for_ties(matches, [(one, 50), (two, 40)])


def test_rings_are_promised_with_two_requests_each_and_the_rest_stands_beside() -> None:
    """The time with the graph, and people who ask once, are told plainly but do not decide."""
    once = Measured("once", 4, 9, 83, 100, False, {}, 0, graph_s=0.8, bound_s=0.1, rings_s=0.7)
    twice = replace(once, instance="twice", served=96)
    every = []
    for asks, found in ((1, once), (2, twice)):
        found.bounds = list(promised(Drawn(10_000, asks, (4,)), found))
        every += list(of_rings([asdict(found)]))

    told = {bound.name: (bound.judged, bound.held) for bound in every}
    assert told["share of the upper bound, 10,000 people, 1 request each, up to 4"] == (False, False)
    assert told["share of the upper bound, 10,000 people, 2 requests each, up to 4"] == (True, True)
    assert told["s, rings without the graph, 10,000 people, 2 requests each"] == (True, True)
    assert told["s, rings with the graph, 10,000 people, 2 requests each"] == (False, False)
    assert missed(every) == []


def test_a_missed_bound_ends_the_programs_with_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(bench_rings, "QUICK", (Drawn(1_000, 1, (3,)),))
    assert bench_rings.main(["--quick"]) == 0
    never = [{"name": "never", "promised": 2.0, "measured": 1.0, "at_least": True, "judged": True}]
    monkeypatch.setattr(bench_rings, "promised", lambda _drawn, _found: never)
    assert bench_rings.main(["--quick"]) == 1
    beside = {"held": False, "judged": False}
    assert missed_of({"bounds": [{"held": False, "judged": True}, beside], "failed": []}) == 1


@pytest.mark.parametrize(
    "program", ["import sys; sys.exit('OR-Tools disagrees')", "raise AssertionError('unproven')"]
)
def test_an_oracle_that_disagrees_or_a_program_that_falls_ends_the_run_with_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, program: str
) -> None:
    real = subprocess.run

    def falls(_command: object, **how: Any) -> subprocess.CompletedProcess[str]:
        return real([sys.executable, "-c", program], **how)

    monkeypatch.setattr(matching, "measured", lambda *_: iter(()))
    monkeypatch.setattr(matching, "commit", lambda: "this one")  # which asks git, by a process too
    monkeypatch.setattr(subprocess, "run", falls)
    result = matching.result_of(matching.arguments_of(["--quick", "--into", str(tmp_path / "quick.json")]))

    assert [said.split(".")[0] for said in result["failed"]] == ["Failed: the batch", "Failed: the rings"]
    assert missed_of(result) == 2
    assert [bound["held"] for bound in result["bounds"] if bound["name"] == "s, quick run"] == [True]


def test_a_solver_that_is_not_installed_is_said_and_takes_nothing_else_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(bench_assignment.INSTANCES, "small", bench_assignment.Drawn(60, 60))
    monkeypatch.setitem(sys.modules, "ortools", None)

    found = bench_assignment.measure("small")

    assert found.not_measured == ["Not measured on small: OR-Tools, which is not installed."]
    assert found.milliseconds["engine, full graph"] > 0
    assert "scipy, full graph" in found.milliseconds
    assert not [label for label in found.milliseconds if label.startswith("OR-Tools")]
    assert found.checked is None


def test_a_program_that_missed_a_bound_has_still_told_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    def ends(*_: object, **__: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess([], 1, stdout='a table\n[{"instance": "small"}]\n', stderr="")

    monkeypatch.setattr(subprocess, "run", ends)
    assert others.run("bench_rings") == [{"instance": "small"}]
