"""What the long run compared, kept beside the other results: how many, drawn from what, and what decided."""

import json
from datetime import UTC, datetime
from typing import Any, Final

from bench.measure import RESULTS, commit

ORACLES: Final = RESULTS / "oracles.json"


def keep(what: str, facts: dict[str, Any]) -> None:
    """One comparison that held, in the place of its last; one process runs all of a file's tests."""
    held = json.loads(ORACLES.read_text()) if ORACLES.exists() else {}
    held[what] = {"commit": commit(), "at": datetime.now(UTC).isoformat(timespec="seconds"), **facts}
    ORACLES.parent.mkdir(exist_ok=True)
    ORACLES.write_text(json.dumps(dict(sorted(held.items())), indent=2) + "\n")
