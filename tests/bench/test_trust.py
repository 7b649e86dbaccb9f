"""The measurement of what safety costs measures: both sides of each, with the same rows and the same pages."""

import json
from pathlib import Path

import pytest

from bench import bench_trust
from bench.trust import pages


def test_lists_searches_and_pages_are_measured_with_and_without_what_guards_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    into = tmp_path / "trust.json"

    ended = bench_trust.main(["--quick", "--into", str(into)])

    result = json.loads(into.read_text())
    assert ended == bool(result["missed"])
    names = [one["name"] for one in result["statements"]]
    assert sum(name.startswith("list") for name in names) == 9
    assert sum(name.startswith("search") for name in names) == 8
    assert all(min(one["guarded_ms"], one["plain_ms"], one["ratio"]) > 0 for one in result["statements"])
    assert [one["name"] for one in result["pages"]] == [name for name, _, _ in pages.PAGES]
    assert all(0 < one["inside"] < 1 for one in result["pages"])
    assert "missed" in capsys.readouterr().out
