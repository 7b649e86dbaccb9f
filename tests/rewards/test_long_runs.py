"""A long run leaves what it came to."""

import json
from pathlib import Path

from tests.rewards.long_runs import keep


def test_a_long_run_on_one_server_is_kept_beside_that_on_another(tmp_path: Path) -> None:
    keep("model", "18.1", {"steps": 1}, tmp_path)
    keep("model", "15.14", {"steps": 2}, tmp_path)
    keep("model", "18.2", {"steps": 3}, tmp_path)

    kept = json.loads((tmp_path / "model.json").read_text())
    assert {name: (one["version"], one["steps"]) for name, one in kept.items()} == {
        "PostgreSQL 15": ("15.14", 2),
        "PostgreSQL 18": ("18.2", 3),
    }
