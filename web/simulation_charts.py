"""Where the marks of a simulation's pictures stand, in SVG user units: a dot with its interval, per policy."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.simulation.report import Spread

WIDTH: Final = 380
ROW: Final = 46
EDGE: Final = 8


@dataclass(frozen=True, slots=True)
class Dot:
    """One policy: its mean, from where to where the interval runs, and its figure in words."""

    label: str
    text: str
    y: int
    mean: float | None
    low: float
    high: float
    ours: bool


@dataclass(frozen=True, slots=True)
class DotChart:
    """Dots under each other on one scale that starts at 0."""

    width: int
    height: int
    left: int
    dots: tuple[Dot, ...]


def dot_chart(rows: Sequence[tuple[str, str, Spread, bool]]) -> DotChart:
    """``rows`` are (label, figure in words, spread, whether it is this engine); an unknown mean gets no dot."""
    most = max((_high(spread) for _, _, spread, _ in rows), default=0.0) or 1.0

    def x(value: float) -> float:
        return round(EDGE + (WIDTH - 2 * EDGE) * min(max(value / most, 0.0), 1.0), 1)

    dots = tuple(
        Dot(
            label, text, place * ROW,
            None if spread.mean is None else x(spread.mean),
            x(spread.mean or 0.0 if spread.low is None else spread.low), x(_high(spread)), ours,
        )
        for place, (label, text, spread, ours) in enumerate(rows)
    )  # fmt: skip
    return DotChart(WIDTH, len(dots) * ROW, EDGE, dots)


def _high(spread: Spread) -> float:
    if spread.high is not None:
        return spread.high
    return spread.mean or 0.0
