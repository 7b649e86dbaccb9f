"""The measurement under load measures: two programs that answer alike, asked by the same mix, and honest verdicts."""

import json
from collections import Counter
from itertools import islice
from pathlib import Path

import pytest

from bench.load import bounds
from bench.load.__main__ import BESIDE, MEMORY, QUICK, kept, measured
from bench.load.beside import BARE, OURS
from bench.load.mix import SHARES, Act, World, drawn
from bench.load.places import Place
from tests.databases import Server

WORLD = World(("token",), ("request",), (1771,))


def test_a_region_is_asked_of_both_programs_and_the_books_are_right_afterwards(
    database_server: Server, worker: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    into = tmp_path / "load.json"
    with database_server.demonstration(f"{worker}_load") as filled:
        place = Place(filled.database.owner_url, filled.database.app_url, None, tmp_path)
        kept(measured(place, QUICK, 0.05, (BESIDE, MEMORY), quick=True), into)

    result = json.loads(into.read_text())
    assert {name: one["same"] for name, one in result["same answers"].items()} == dict.fromkeys(
        map(str, Act), QUICK.each
    )
    assert result["failed"] == []
    assert result["violations"] == []
    for way in (OURS, BARE):
        assert result["flat out"][way]["per_second"] > 0
        assert result["flat out"][way]["web_cpu_ms"] > 0
        assert result["paced"][way]["p99_ms"] >= result["paced"][way]["p50_ms"] > 0
    assert result["memory"]["first_minute_mb"] > 0
    assert result["start_s"]["ours"] > 0
    assert not any(bound["judged"] for bound in result["bounds"])
    assert "bounds" in capsys.readouterr().out
    assert "bounds" in into.with_suffix(".txt").read_text()


def test_of_a_hundred_requests_eighty_read_fifteen_match_and_five_book() -> None:
    kinds = Counter[str]()
    for act, share in SHARES.items():
        kinds[act.partition(":")[0]] += share

    assert kinds == {"reading": 80, "matching": 15, "booking": 5}


def test_the_same_seed_asks_the_same_and_no_two_bookings_share_a_key() -> None:
    once, again = ([one.wire for one in islice(drawn(WORLD, "seed"), 500)] for _ in range(2))
    keys = [one.key for seed in ("one", "two") for one in islice(drawn(WORLD, seed), 500) if one.key]

    assert once == again
    assert len(set(keys)) == len(keys) > 20


@pytest.mark.parametrize(("throughput", "held"), [(0.33, True), (0.32, False)])
def test_a_third_of_the_bare_programs_throughput_is_promised(throughput: float, held: bool) -> None:
    result = {
        "same answers": {"reading": {"same": 5, "of": 5}}, "failed": [], "start_s": {"ours": 3.0},
        "ratios": {"throughput": throughput, "p99 at one pace": 9.0, "two processes": 0.9},
        "memory": {"minutes": 60.0, "ratio": 1.02},
    }  # fmt: skip
    found = list(bounds.of(result, judged=True))

    assert all(bound.held for bound in found if bound.judged) == held
    assert [bound.judged for bound in found].count(False) == 2
