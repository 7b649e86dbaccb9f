"""The file of a simulation: what was played, what came out, and how sure that is."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final, Literal, Self

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

FILE_NAME: Final = "simulation.json"
"""Within ZVE_DATA_DIR: the last simulation, which the region's administrator can read."""
LARGEST_FILE_BYTES: Final = 2_000_000
MEASURED: Final = Path(__file__).parents[2] / "bench" / "results" / FILE_NAME
"""Ten seeds of a whole year, as `zorgvoorelkaar simulate` played them; not there in an installed package."""

POLICY_NAMES: Final = ("list", "nearest", "engine", "nightly", "rings")
LOADS: Final = ((0, 0), (1, 1), (2, 2), (3, 5), (6, 10), (11, None))
"""Classes of helps given by one helper, both ends included."""
BETTER: Final = {
    "coverage_3": 1, "coverage_7": 1, "matched": 1, "matched_vulnerable": 1, "matched_others": 1,
    "wait_vulnerable": -1, "wait_vulnerable_p90": -1, "wait_others": -1, "wait_others_p90": -1,
    "first_reaction_hours": -1, "distance_km": -1, "distance_km_p90": -1, "gini": -1, "busiest_tenth": -1,
    "no_task": -1, "asked": -1, "in_vain": -1, "over_asked": -1, "both": 1,
}  # fmt: skip
"""Measures by which policies are compared: 1 where more is better, -1 where less is."""
MEASURE_NAMES: Final = frozenset(
    {*BETTER, "requests", "helped", "reactions", "rings_proposed", "rings", "ring_people"}
)

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
    """Mean share of the helpers in each class of ``LOADS``."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        """Whoever shows the figures may count on each of them."""
        if (
            self.name not in POLICY_NAMES
            or self.measures.keys() != MEASURE_NAMES
            or len(self.load) != len(LOADS)
        ):
            raise ValueError("not the figures of a policy")
        return self


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

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        """Only what was played is compared, and only by what can be better or worse."""
        played = {policy.name for policy in self.policies}
        compared = {name for one in self.differences for name in (one.policy, one.other)}
        measured = {one.measure for one in self.differences}
        calibrated = {one.measure for one in self.calibration}
        if not self.seeds or not compared <= played or not measured <= BETTER.keys():
            raise ValueError("compares what was not played")
        if not played or not calibrated <= MEASURE_NAMES:
            raise ValueError("not a simulation")
        return self

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


def show_measured(data_dir: Path, measured: Path) -> bool:
    """Let a demonstration read the simulation that was measured and kept with the project; says whether it does.

    The file tells its own commit, which the page shows. A simulation that was played here stays. Raises Unreadable,
    NotKept.
    """
    if not measured.is_file() or (data_dir / FILE_NAME).exists():
        return False
    kept = last(measured.parent)
    if kept is not None:
        keep(kept, data_dir / FILE_NAME)
    return kept is not None


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
