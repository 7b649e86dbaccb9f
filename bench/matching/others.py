"""The batch and the rings, measured by their own programs in processes of their own.

OR-Tools brings a solver that cannot share a process with scipy's.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.measure import ROOT

LAST_WORDS = 2_000


class Failed(RuntimeError):
    """A measurement ended badly; the message is what it said."""


def run(module: str, arguments: Sequence[str] = ()) -> Any:
    """The JSON on the last line of what it prints; what comes before is for people, and printed as well."""
    done = subprocess.run(
        [sys.executable, "-m", f"bench.{module}", *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    *tables, last = done.stdout.splitlines() or [""]
    print("\n".join(tables))
    if done.returncode != 0:
        raise Failed(f"bench.{module}: {(done.stderr or done.stdout)[-LAST_WORDS:]}")
    return json.loads(last)


def exists(module: str) -> bool:
    """Whether there is such a measurement."""
    return Path(ROOT / "bench" / f"{module}.py").exists()
