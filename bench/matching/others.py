"""The batch and the rings, measured by their own programs in processes of their own.

OR-Tools brings a solver that cannot share a process with scipy's.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from bench.measure import ROOT

LAST_WORDS = 300


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
    try:
        # a program that missed a bound ends with 1 as well, but has told everything
        found = json.loads(last)
    except ValueError as error:
        said = (done.stderr or done.stdout).strip()[-LAST_WORDS:]
        raise Failed(f"bench.{module} ends with {said}") from error
    print("\n".join(tables))
    return found
