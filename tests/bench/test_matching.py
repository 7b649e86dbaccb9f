"""The measurement measures: a small region, all ways beside each other, the same lists, and honest verdicts."""

import json
from pathlib import Path
from uuid import UUID

import pytest

from bench.matching import online, postgis
from bench.matching.__main__ import main
from bench.matching.bounds import Bound, of_batch
from bench.matching.online import same_but_for_ties
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
