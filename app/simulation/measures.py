"""What one run came to: figures over the requests of the counted days, and over all who offer help.

Shares are 0..1. A figure that nothing stands behind (no vulnerable asker was helped) is None, never 0.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

import numpy as np

from app.simulation.assumptions import DAY, HOUR
from app.simulation.report import LOADS
from app.simulation.standing import WEEK_DAYS, Standing
from app.simulation.year import Case, Year
from matching.types import DEFAULT_PROPOSAL_CAP

MONTH_DAYS: Final = 30
YEAR_DAYS: Final = 365


@dataclass(frozen=True, slots=True)
class Figures:
    """One run in figures."""

    measures: dict[str, float | None]
    load: tuple[float, ...]
    """Share of the helpers in each class of `LOADS`."""
    arrivals: str
    """Fingerprint of what was asked: the same for every policy of one seed."""


def measure(year: Year) -> Figures:
    """The figures of a run that was played."""
    days = year.world.scale.days
    cases = [case for case in year.cases if case.arrival.at < days * DAY]
    standings = list(year.helpers.standing.values())
    given = [_within(standing.given, days) for standing in standings]
    measures = _of_requests(cases) | _of_helpers(standings, given, days) | _of_members(year, cases, given)
    return Figures(measures, tuple(_loads(given)), fingerprint(year.cases))


def fingerprint(cases: Iterable[Case]) -> str:
    """Of every request with its moment."""
    told = "".join(f"{case.arrival.request.id.hex}{case.arrival.at:x};" for case in cases)
    return sha256(told.encode()).hexdigest()[:16]


def _within(moments: Sequence[int], days: int) -> int:
    return sum(moment < days * DAY for moment in moments)


def _of_requests(cases: Sequence[Case]) -> dict[str, float | None]:
    waits = [_wait_days(case) for case in cases]
    firsts = [(case.first_yes - case.arrival.at) / HOUR for case in cases if case.first_yes is not None]
    metres = [case.appointment.distance_m for case in cases if case.appointment]
    figures = {
        "requests": float(len(cases)),
        "coverage_3": _share(wait is not None and wait <= 3 for wait in waits),
        "coverage_7": _share(wait is not None and wait <= 7 for wait in waits),
        "matched": _share(wait is not None for wait in waits),
        "helped": _share(case.helped for case in cases),
        "reactions": _mean([case.reactions for case in cases]),
        "first_reaction_hours": _percentile(firsts, 50),
        "distance_km": _mean([metre / 1000 for metre in metres]),
        "distance_km_p90": _percentile([metre / 1000 for metre in metres], 90),
    }
    for name, vulnerable in (("vulnerable", True), ("others", False)):
        of_group = [
            w for w, case in zip(waits, cases, strict=True) if case.arrival.request.vulnerable == vulnerable
        ]
        helped = [wait for wait in of_group if wait is not None]
        figures[f"matched_{name}"] = _share(wait is not None for wait in of_group)
        figures[f"wait_{name}"] = _percentile(helped, 50)
        figures[f"wait_{name}_p90"] = _percentile(helped, 90)
    return figures


def _wait_days(case: Case) -> float | None:
    return None if case.appointment is None else (case.appointment.at - case.arrival.at) / DAY


def _of_helpers(standings: Sequence[Standing], given: Sequence[int], days: int) -> dict[str, float | None]:
    years = sum(max(days - standing.helper.joined / DAY, 0) for standing in standings) / YEAR_DAYS
    month_known = [s for s in standings if s.helper.joined + MONTH_DAYS * DAY <= days * DAY]
    return {
        "gini": gini(given),
        "busiest_tenth": busiest_tenth(given),
        "no_task": _share(_idle(standing) for standing in month_known),
        "asked": _per(sum(_within(s.asked, days) for s in standings), years),
        "in_vain": _per(sum(_within(s.in_vain, days) for s in standings), years),
        "over_asked": _share(busiest_week(s.asked) > DEFAULT_PROPOSAL_CAP for s in standings),
    }


def _idle(standing: Standing) -> bool:
    """No appointment within a month of joining."""
    month = standing.helper.joined + MONTH_DAYS * DAY
    return not any(moment < month for moment in standing.agreed)


def busiest_week(asked: Sequence[int]) -> int:
    """The most often that somebody was asked in any seven days on end."""
    days = [moment // DAY for moment in asked]
    return max((sum(0 <= day - first < WEEK_DAYS for day in days) for first in set(days)), default=0)


def gini(counts: Sequence[int]) -> float | None:
    """How unevenly something is spread: 0 when all have the same, towards 1 when one has all."""
    if not sum(counts):
        return None
    ranked = sorted(counts)
    weighted = sum(place * count for place, count in enumerate(ranked, 1))
    return 2 * weighted / (len(ranked) * sum(ranked)) - (len(ranked) + 1) / len(ranked)


def busiest_tenth(counts: Sequence[int]) -> float | None:
    """The share of all help that the busiest tenth gave."""
    first = sorted(counts, reverse=True)[: max(1, len(counts) // 10)]
    return sum(first) / sum(counts) if sum(counts) else None


def _of_members(year: Year, cases: Sequence[Case], given: Sequence[int]) -> dict[str, float | None]:
    gave = {person for person, times in zip(year.helpers.standing, given, strict=True) if times}
    got = {case.arrival.request.person_id for case in cases if case.helped}
    end = year.world.scale.days * DAY
    rings = [went for at, _, went in year.rings if at < end]
    in_ring = [case for case in cases if case.appointment and case.appointment.helper_id in case.in_ring]
    return {
        "both": len(gave & got) / len(gave | got) if gave | got else None,
        "rings_proposed": float(len(rings)),
        "rings": float(sum(rings)),
        "ring_people": float(len(in_ring)),
    }


def _loads(given: Sequence[int]) -> Iterable[float]:
    for low, high in LOADS:
        yield _share(low <= count and (high is None or count <= high) for count in given) or 0.0


def _share(those: Iterable[bool]) -> float | None:
    return _mean([float(one) for one in those])


def _per(total: float, years: float) -> float | None:
    return total / years if years else None


def _mean(values: Sequence[float]) -> float | None:
    return float(np.mean(values)) if values else None


def _percentile(values: Sequence[float], percent: int) -> float | None:
    return float(np.percentile(values, percent)) if values else None
