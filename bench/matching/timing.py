"""How ways of answering are timed beside each other: the same questions, a few at a time, in turn."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

Asked = TypeVar("Asked")
AT_A_TIME = 25
IN_A_ROW = 3
"""Each question is put so often at once and its best time counts, for every way alike: what else runs on a shared
machine can only add to it."""


@dataclass(frozen=True, slots=True)
class Way(Generic[Asked]):
    """One way of answering."""

    name: str
    answer: Callable[[Asked], Any]
    most: int | None = None
    """Questions at most, for what takes long."""


@dataclass(slots=True)
class Took:
    """Milliseconds of each answer."""

    milliseconds: list[float] = field(default_factory=list)

    @property
    def p50(self) -> float:
        """The median."""
        return statistics.median(self.milliseconds)

    @property
    def p99(self) -> float:
        """One in a hundred takes longer; the longest, where there are fewer."""
        if len(self.milliseconds) < 100:
            return max(self.milliseconds)
        return statistics.quantiles(self.milliseconds, n=100)[98]

    def as_json(self) -> dict[str, float]:
        """For the result."""
        return {"p50_ms": round(self.p50, 5), "p99_ms": round(self.p99, 5), "queries": len(self.milliseconds)}


def side_by_side(ways: Sequence[Way[Asked]], questions: Sequence[Asked]) -> dict[str, Took]:
    """All ways take turns over the same questions, so that what else the machine does meets all alike."""
    took = {way.name: Took() for way in ways}
    for way in ways:
        for question in questions[:3]:  # plans are made and pages read before the clock runs
            if way.most is None:
                way.answer(question)
    for start in range(0, len(questions), AT_A_TIME):
        for way in ways:
            stop = min(start + AT_A_TIME, way.most if way.most is not None else len(questions))
            for question in questions[start:stop]:
                often = IN_A_ROW if way.most is None else 1
                took[way.name].milliseconds.append(min(timed(way.answer, question) for _ in range(often)))
    return took


def timed(answer: Callable[[Asked], Any], question: Asked) -> float:
    """Milliseconds."""
    begin = time.perf_counter()
    answer(question)
    return (time.perf_counter() - begin) * 1000
