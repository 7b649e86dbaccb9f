"""Figures in the text format of Prometheus, kept by this process: counters and a histogram of requests.

Each process is scraped by itself, at its own port, so nothing is shared between them: that is what a library would
need files for (see docs/adr/0031-running-it.md). Names and labels are fixed words: no path with a key in it, nobody.
"""

import threading
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

BOUNDS_S: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
KINDS: Final = frozenset({"counter", "gauge", "histogram"})
Labels = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """One metric and its values, by label; None leaves a value out."""

    name: str
    kind: str
    meaning: str
    values: Mapping[Labels, float | None]

    def lines(self) -> Iterator[str]:
        """As they are scraped."""
        yield f"# HELP {self.name} {self.meaning}"
        yield f"# TYPE {self.name} {self.kind}"
        for labels, value in self.values.items():
            if value is not None:
                yield _line(self.name, labels, value)


def alone(name: str, kind: str, meaning: str, value: float | None) -> Figure:
    """A metric with one value and no label."""
    return Figure(name, kind, meaning, {(): value})


def written(figures: Iterable[Figure], requests: "Requests | None" = None) -> str:
    """The whole answer."""
    lines = [line for figure in figures for line in figure.lines()]
    if requests is not None:
        lines += requests.lines()
    return "\n".join([*lines, ""])


def _line(name: str, labels: Labels, value: float) -> str:
    inside = ",".join(f'{key}="{_escaped(word)}"' for key, word in labels)
    number = str(int(value)) if float(value).is_integer() else repr(float(value))
    return f"{name}{{{inside}}} {number}" if inside else f"{name} {number}"


def _escaped(word: str) -> str:
    return word.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


class Requests:
    """How many requests were answered, by route and status, and how long each took; safe with threads."""

    NAME: Final = "zve_http_request_seconds"
    COUNT: Final = "zve_http_requests_total"

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: defaultdict[tuple[str, str, str], int] = defaultdict(int)
        self._buckets: defaultdict[str, list[int]] = defaultdict(lambda: [0] * (len(BOUNDS_S) + 1))
        self._seconds: defaultdict[str, float] = defaultdict(float)

    def add(self, method: str, route: str, status: int, seconds: float) -> None:
        """One answered request; ``route`` is the pattern, never the path."""
        with self._lock:
            self._counts[method, route, str(status)] += 1
            self._buckets[route][bisect_left(BOUNDS_S, seconds)] += 1
            self._seconds[route] += seconds

    def lines(self) -> list[str]:
        """As they are scraped: counts, and for each route its buckets, their sum and their number."""
        with self._lock:
            counts, seconds = dict(self._counts), dict(self._seconds)
            buckets = {route: list(found) for route, found in self._buckets.items()}
        labelled: dict[Labels, float | None] = {
            (("method", method), ("route", route), ("status", status)): count
            for (method, route, status), count in sorted(counts.items())
        }
        lines = list(Figure(self.COUNT, "counter", "Requests answered.", labelled).lines())
        lines += [f"# HELP {self.NAME} Seconds until the answer was made.", f"# TYPE {self.NAME} histogram"]
        for route, found in sorted(buckets.items()):
            so_far = 0
            for bound, count in zip([*map(repr, BOUNDS_S), "+Inf"], found, strict=True):
                so_far += count
                lines.append(_line(f"{self.NAME}_bucket", (("route", route), ("le", bound)), so_far))
            lines.append(_line(f"{self.NAME}_sum", (("route", route),), seconds[route]))
            lines.append(_line(f"{self.NAME}_count", (("route", route),), so_far))
        return lines
