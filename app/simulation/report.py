"""The file of a simulation: what was played, what came out, and how sure that is."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

FILE_NAME: Final = "simulation.json"
"""Within ZVE_DATA_DIR: the last simulation, which the region's administrator can read."""
LARGEST_FILE_BYTES: Final = 2_000_000

Verdict = Literal["better", "worse", "unclear"]


class Unreadable(Exception):
    """There is a file, but it is not one of ours."""


class NotKept(Exception):
    """The file cannot be written; a sentence for whoever typed the command."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path} cannot be written: {why}.")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Spread(_Part):
    """A figure over the seeds: its mean, the 95 % interval of that mean, and the figure of each seed."""

    mean: float | None
    low: float | None
    high: float | None
    by_seed: list[float | None]


class PolicyFigures(_Part):
    """One policy."""

    name: str
    measures: dict[str, Spread]
    load: list[float]
    """Mean share of the helpers in each class of ``measures.LOADS``."""


class Difference(_Part):
    """``policy`` minus ``other`` on one measure, seed by seed; better or worse only when the interval excludes 0."""

    policy: str
    other: str
    measure: str
    spread: Spread
    verdict: Verdict


class Calibration(_Part):
    """A figure from the field beside what the policy "list" came to."""

    measure: str
    target: float
    found: float | None
    source: str


class Report(_Part):
    """Everything about one simulation."""

    version: Literal[1] = 1
    commit: str
    """A plus behind it when files were changed since; empty when that is not known."""
    seeds: list[int]
    people: int
    days: int
    helpers: int
    requests: float
    """Mean per seed."""
    arrivals: list[str]
    """By seed the fingerprint of what was asked, the same for every policy."""
    seconds: float
    cores: int
    policies: list[PolicyFigures]
    differences: list[Difference]
    calibration: list[Calibration]

    def policy(self, name: str) -> PolicyFigures:
        """One policy's figures; raises KeyError."""
        return {policy.name: policy for policy in self.policies}[name]


def last(data_dir: Path) -> Report | None:
    """The last simulation, if there was one. Raises Unreadable."""
    path = data_dir / FILE_NAME
    try:
        if path.stat().st_size > LARGEST_FILE_BYTES:
            raise Unreadable
        return Report.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as fault:
        raise Unreadable from fault


def refuse_places(paths: Iterable[Path]) -> None:
    """Say so before the long work, not after it. Raises NotKept."""
    for path in paths:
        folder = path.parent
        if not folder.is_dir() and path.name != FILE_NAME:
            raise NotKept(path, "there is no such folder")
        if path.is_dir():
            raise NotKept(path, "it is a folder")
        nearest = next(one for one in (folder, *folder.absolute().parents) if one.is_dir())
        if not os.access(nearest, os.W_OK):
            raise NotKept(path, "that is not allowed here")


def keep(report: Report, path: Path) -> None:
    """Write the file whole or not at all. Raises NotKept."""
    unfinished = path.with_name(f"{path.name}.unfinished")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_text(report.model_dump_json(indent=1) + "\n", encoding="utf-8")
        unfinished.replace(path)
    except OSError as error:
        raise NotKept(path, error.strerror or "unknown reason") from error
