"""From the runs of several seeds to one report: means, intervals, and differences seed by seed."""

from collections.abc import Mapping, Sequence
from math import sqrt
from statistics import fmean, stdev
from typing import Final

from app.simulation.assumptions import TARGETS
from app.simulation.measures import Figures
from app.simulation.report import BETTER, LOADS, Calibration, Difference, PolicyFigures, Spread, Verdict

CONFIDENCE: Final = 0.95
PAIRS: Final = (
    ("engine", "list"), ("engine", "nearest"), ("nightly", "list"), ("nightly", "nearest"),
    ("nightly", "engine"), ("rings", "list"), ("rings", "nearest"), ("rings", "nightly"),
)  # fmt: skip
"""Which policy is set against which other."""

Runs = Mapping[str, Sequence[Figures]]
"""By policy the figures of each seed, in the order of the seeds."""


def spread(values: Sequence[float | None]) -> Spread:
    """Mean and interval (Student's t) of what is known; no interval from fewer than two."""
    known = [value for value in values if value is not None]
    if not known:
        return Spread(mean=None, low=None, high=None, by_seed=list(values))
    mean = fmean(known)
    if len(known) < 2:
        return Spread(mean=mean, low=None, high=None, by_seed=list(values))
    half = _student(len(known) - 1) * stdev(known) / sqrt(len(known))
    return Spread(mean=mean, low=mean - half, high=mean + half, by_seed=list(values))


def _student(freedom: int) -> float:
    from scipy.special import stdtrit  # only here: a web process never needs it

    return float(stdtrit(freedom, (1 + CONFIDENCE) / 2))


def policies(runs: Runs) -> list[PolicyFigures]:
    """Every policy's figures."""
    return [
        PolicyFigures(
            name=name,
            measures={measure: spread(_of(figures, measure)) for measure in figures[0].measures},
            load=[fmean(one.load[place] for one in figures) for place in range(len(LOADS))],
        )
        for name, figures in runs.items()
    ]


def differences(runs: Runs) -> list[Difference]:
    """For each pair of policies that were both played, every measure that can be better or worse."""
    return [
        difference(measure, (policy, other), runs)
        for policy, other in PAIRS
        if policy in runs and other in runs
        for measure in BETTER
    ]


def difference(measure: str, pair: tuple[str, str], runs: Runs) -> Difference:
    """One measure of two policies, seed by seed."""
    policy, other = pair
    both = zip(_of(runs[policy], measure), _of(runs[other], measure), strict=True)
    by_seed = [None if one is None or two is None else one - two for one, two in both]
    found = spread(by_seed)
    return Difference(
        policy=policy, other=other, measure=measure, spread=found, verdict=_verdict(found, BETTER[measure])
    )


def _verdict(found: Spread, better: int) -> Verdict:
    if found.low is None or found.high is None or found.low <= 0 <= found.high:
        return "unclear"
    return "better" if (found.low > 0) == (better > 0) else "worse"


def calibration(runs: Runs) -> list[Calibration]:
    """What the list came to beside the figures from the field; nothing when it was not played."""
    if "list" not in runs:
        return []
    return [
        Calibration(
            measure=target.measure,
            target=target.value,
            found=spread(_of(runs["list"], target.measure)).mean,
            source=target.source,
        )
        for target in TARGETS
    ]


def _of(figures: Sequence[Figures], measure: str) -> list[float | None]:
    return [one.measures[measure] for one in figures]
