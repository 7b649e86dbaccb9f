"""Making what is due: each month and each half year that is over, once, for every municipality and then the region.

What an earlier release showed is known for good, so a later one is protected together with it: months with their half
year, municipalities with their region. Somebody who asked and was erased since still counts in a month that was told;
such differences are made up for by rows that nobody sees, so that they are hidden like any small count.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import visible
from app.access.roles import Permission
from app.clock import today
from app.places.models import Municipality, Region
from app.reports import facts
from app.reports.disclosure import LEAST, WHOLE, Key, Plan, Row, Shown, key, protect, tabulate
from app.reports.facts import Facts
from app.reports.models import RegionRelease, Release, Span
from app.reports.periods import Period, halves_over, month_of, months_over
from app.reports.sums import whole_region

GONE: Final = "gone"
"""The value of a row that was told of in a month and is not there any more."""
ANCHOR: Final = date(2026, 1, 1)
"""Where half years are counted from when nobody said."""
Figures = dict[str, Any]


def beginning(session: Session) -> date:
    """The first month of the pilot, from which half years are counted."""
    since = session.execute(select(Region.reports_since)).scalar_one_or_none()
    return month_of(since or ANCHOR)


def make_due(session: Session, actor: Actor, *, municipalities: Sequence[int] | None = None) -> int:
    """Everything that is over and was not told yet; how many releases that were. For the worker, in its reach."""
    every = joined(session) if municipalities is None else municipalities
    return sum(due_of(session, actor, id) for id in every) + region_due(session, actor)


def joined(session: Session) -> list[int]:
    """Every municipality that takes part."""
    return list(session.scalars(select(Municipality.id).where(Municipality.joined).order_by(Municipality.id)))


def due_of(session: Session, actor: Actor, municipality_id: int) -> int:
    """What is due of one municipality; the region's own comes after that of all."""
    since, day = beginning(session), today(session)
    made = 0
    told = _told(session, actor, municipality_id)
    due = [month for month in months_over(since, day) if (Span.MONTH, month.since) not in told]
    for month, found in facts.of_months(session, actor, municipality_id, due):
        figures = month_figures(found)
        told[Span.MONTH, month.since] = figures
        made += _keep(session, municipality_id, Span.MONTH, month, figures)
    for half in halves_over(since, day):
        if (Span.HALF, half.since) not in told:
            months = {month: told[Span.MONTH, month] for month in half.months if (Span.MONTH, month) in told}
            figures = half_figures(facts.of(session, actor, municipality_id, half), months)
            made += _keep(session, municipality_id, Span.HALF, half, figures)
    session.flush()
    return made


@dataclass(frozen=True, slots=True)
class Counting:
    """The newest half year that is over, while it is counted: of how many municipalities that was done."""

    period: Period
    done: int
    of: int


def counting(session: Session) -> Counting | None:
    """How far it is; None when all of it was told, or none is over."""
    over = halves_over(beginning(session), today(session))
    if not over:
        return None
    with whole_region(session) as municipalities:
        # unscoped: anybody may know what was told of a municipality
        query = select(func.count()).where(
            Release.span == Span.HALF,
            Release.since == over[-1].since,
            Release.municipality_id.in_(municipalities),
        )
        done = session.execute(query).scalar_one()
    return Counting(over[-1], done, len(municipalities)) if done < len(municipalities) else None


def _told(session: Session, actor: Actor, municipality_id: int) -> dict[tuple[Span, date], Figures]:
    query = select(Release).where(
        visible(actor, Permission.SEE_FIGURES, Release), Release.municipality_id == municipality_id
    )
    return {(row.span, row.since): row.figures for row in session.scalars(query)}


def _keep(session: Session, municipality_id: int, span: Span, period: Period, figures: Figures) -> int:
    session.add(
        Release(
            municipality_id=municipality_id,
            span=span,
            since=period.since,
            until=period.until,
            figures=figures,
        )
    )
    return 1


def month_figures(found: Facts) -> Figures:
    """How many asked and how many were found, or nothing where that is little."""
    return {
        "requests": told(protect(tabulate(facts.MONTH, found.requests))),
        "agreements": told(protect(tabulate(facts.MONTH, found.agreements))),
    }


def half_figures(found: Facts, months: Mapping[date, Figures], plan: Plan = facts.REQUESTS) -> Figures:
    """All tables of half a year, beside what its months told."""
    asked = _with_months(plan, found.requests, _whole(months, "requests"))
    agreements = _with_months(facts.AGREEMENTS, found.agreements, _whole(months, "agreements"))
    helped = asked.get(key(helped=facts.YES))
    return {
        "requests": told(asked),
        "agreements": told(agreements),
        "people": told(protect(tabulate(facts.PEOPLE, found.people))),
        "hours": round(found.minutes / 60) if min(found.minutes_of) >= LEAST else None,
        "median_days": int(median(found.waited)) if helped is not None else None,
    }


def _whole(months: Mapping[date, Figures], name: str) -> dict[str, int | None]:
    return {facts.month_name(month): untold(figures[name])[WHOLE] for month, figures in months.items()}


def _with_months(plan: Plan, rows: Sequence[Row], months: Mapping[str, int | None]) -> Shown:
    rows = [*_still(rows, months), *_gone(rows, months)]
    kept = {key(month=month): count is not None for month, count in months.items()}
    tables = tabulate(plan, rows)
    return protect(tables, kept={of: shown for of, shown in kept.items() if of in tables.counts})


def _still(rows: Iterable[Row], months: Mapping[str, int | None]) -> list[Row]:
    """As many of each month as were told: what was added to it afterwards is not counted."""
    seen: Counter[str] = Counter()
    kept = []
    for row in rows:
        month = row.values["month"]
        most = months.get(month)
        if most is None or seen[month] < most:
            kept.append(row)
        seen[month] += 1
    return kept


def _gone(rows: Iterable[Row], months: Mapping[str, int | None]) -> list[Row]:
    """What was told of a month and is there no more, of nobody in particular."""
    rows = list(rows)
    if not rows:
        return []
    there = Counter(row.values["month"] for row in rows)
    names, sides = rows[0].values, len(rows[0].people)
    return [
        Row((f"{month}-{number}",) * sides, {**dict.fromkeys(names, GONE), "month": month})
        for month, count in months.items()
        for number in range((count or 0) - there[month])
    ]


def told(shown: Shown) -> list[list[Any]]:
    """Counts as they are kept: what each is of, and how many; what nobody can see is left out."""
    return [
        [[list(one) for one in of], count]
        for of, count in sorted(shown.items())
        if all(value != GONE for _, value in of)
    ]


def untold(kept: Iterable[Sequence[Any]]) -> Shown:
    """The same, read back."""
    return {tuple((name, value) for name, value in of): count for of, count in kept}


def region_due(session: Session, actor: Actor) -> int:
    """What is due of the region, once every municipality was told."""
    since, day = beginning(session), today(session)
    known = set(session.scalars(select(RegionRelease.since)))
    made = 0
    for half in halves_over(since, day):
        if half.since in known:
            continue
        query = select(Release).where(
            visible(actor, Permission.SEE_FIGURES, Release),
            Release.span == Span.HALF,
            Release.since == half.since,
        )
        figures = region_figures(
            facts.flows(session, actor, half),
            {row.municipality_id: row.figures for row in session.scalars(query)},
            promises(session),
        )
        session.add(RegionRelease(since=half.since, until=half.until, figures=figures))
        session.flush()
        made += 1
    return made


def promises(session: Session) -> dict[int, int]:
    """Within how many days each municipality promises somebody."""
    query = select(Municipality.id, Municipality.promise_days).where(Municipality.joined)
    return {row.id: row.promise_days for row in session.execute(query)}


def region_figures(
    rows: Sequence[Row], municipalities: Mapping[int, Figures], promised: Mapping[int, int]
) -> Figures:
    """Help between municipalities, beside what each of them told of itself.

    The lines and sums are made of what is shown already, so they tell nothing more.
    """
    tables = tabulate(facts.FLOWS, rows)
    kept: dict[Key, bool] = {}
    for id, figures in municipalities.items():
        own = untold(figures["agreements"])
        kept[key(to=str(id))] = own.get(WHOLE) is not None
        kept[key(**{"from": str(id), "to": str(id)})] = own.get(key(**{"from": facts.HERE})) is not None
    shown = protect(tables, kept={of: known for of, known in kept.items() if of in tables.counts})
    lines = {id: _line(figures, promised.get(id, 0)) for id, figures in municipalities.items()}
    asked = [line[0] for line in lines.values()]
    return {
        "flows": told(shown),
        "requests": sum(count for count in asked if count is not None) if None not in asked else None,
        "lines": [
            [id, line[0], line[1], municipalities[id].get("median_days")] for id, line in lines.items()
        ],
        "sums": {"helped": _sums(lines.values(), 1), "in_time": _sums(lines.values(), 2)},
    }


Line = tuple[int | None, int | None, int | None]
"""Asked, helped, and helped within the promise."""


def _sums(lines: Iterable[Line], place: int) -> list[int]:
    """The sum of one count, and of what was asked, over the municipalities that show both."""
    shown = [(line[place], line[0]) for line in lines if line[place] is not None and line[0] is not None]
    return [sum(part or 0 for part, _ in shown), sum(asked or 0 for _, asked in shown)]


def _line(figures: Figures, promise_days: int) -> Line:
    """As it was told."""
    shown = untold(figures["requests"])
    bands = [shown.get(key(wait=name), 0) for name, below in facts.WAITS if below <= promise_days + 1]
    in_time = None if None in bands else sum(count for count in bands if count is not None)
    return shown[WHOLE], shown.get(key(helped=facts.YES)), in_time
