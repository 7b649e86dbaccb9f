"""The measurement of the ledger measures: all ways beside each other, on books that stay right."""

import json
from pathlib import Path

import pytest

from bench.ledger.__main__ import main
from bench.ledger.clients import SCENARIOS
from bench.ledger.contenders import CONTENDERS


def test_all_ways_are_measured_side_by_side_and_the_books_are_right_afterwards(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    into = tmp_path / "ledger.json"

    main(["--quick", "--into", str(into)])

    result = json.loads(into.read_text())
    assert result["violations"] == []
    assert set(result["ways"]) == set(SCENARIOS)
    for ways in result["ways"].values():
        assert set(ways) == set(CONTENDERS)
        assert min(figures["per_second"] for figures in ways.values()) > 0
        assert min(figures["server_cpu_us"] + figures["client_cpu_us"] for figures in ways.values()) > 0
    assert min(result["ratios"].values()) > 0
    assert result["batches"]["per_second"] > 0
    assert result["chain"]["entries in the chain"] > 0
    assert {bound["held"] for bound in result["bounds"]} <= {True, False}
    assert "bounds" in capsys.readouterr().out
