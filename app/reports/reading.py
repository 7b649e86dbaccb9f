"""What was told: half years with their months, of one municipality and of the region, ready for a page or a file."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import require, visible
from app.access.roles import Permission
from app.errors import NotFound
from app.places.models import Municipality, Neighbourhood
from app.reports import facts
from app.reports.disclosure import WHOLE, Key, Shown, key
from app.reports.facts import ASKS, BOTH, HELPS, NO, NOBODY, WAITS, YES
from app.reports.models import RegionRelease, Release, Span
from app.reports.periods import HALF, Period, plus
from app.reports.releases import untold
from app.tables import Cell, Table

HALVES = 8
MONTHS = 24
Row = tuple[str, int | None]
Month = tuple[date, int | None, int | None]
"""Its first day, asked, agreed."""


@dataclass(frozen=True, slots=True)
class Half:
    """Half a year of one municipality, as it was told. None is a count that stays hidden."""

    period: Period
    requests: Shown
    agreements: Shown
    people: Shown
    hours: int | None
    median_days: int | None

    def asked(self, **of: str) -> int | None:
        """Requests of these values."""
        return self.requests.get(key(**of))

    def found(self, **of: str) -> int | None:
        """Agreements of these values."""
        return self.agreements.get(key(**of))

    def took_part(self, **of: str) -> int | None:
        """People of these values."""
        return self.people.get(key(**of))

    @property
    def askers(self) -> int | None:
        """People who asked, whether they help as well or not."""
        return together([self.took_part(part=ASKS), self.took_part(part=BOTH)])

    @property
    def helpers(self) -> int | None:
        """People who helped."""
        return together([self.took_part(part=HELPS), self.took_part(part=BOTH)])

    @property
    def new_helpers(self) -> int | None:
        """Those of them who were not here before."""
        return together([self.took_part(part=part, new=YES) for part in (HELPS, BOTH)])

    @property
    def young_helpers(self) -> int | None:
        """Those of them of 26 years or younger."""
        return together([self.took_part(part=part, age="to26") for part in (HELPS, BOTH)])

    def by(self, name: str, **of: str) -> list[Row]:
        """Requests by one dimension, within these values."""
        return by(self.requests, name, **of)

    def in_time(self, days: int, **of: str) -> tuple[int | None, int | None]:
        """Found within so many days, of all with these values; None where one of the counts is hidden."""
        early = [name for name, below in WAITS if below <= days + 1]
        # a band in which nobody waited stands nowhere; that none of them is there says nothing
        there = [one for name in early if (one := key(wait=name, **of)) in self.requests]
        return together(self.requests[one] for one in there) if there else None, self.asked(**of)


def together(counts: Iterable[int | None]) -> int | None:
    """The sum of what is shown; None where one of them is hidden. What is not there counts as nothing."""
    counts = list(counts)
    return None if None in counts else sum(count for count in counts if count is not None)


def by(shown: Shown, name: str, **of: str) -> list[Row]:
    """Value and count of one dimension, within the values of others."""
    wanted = set(of.items())
    rows = []
    for one, count in shown.items():
        values = dict(one)
        if name in values and set(one) - {(name, values[name])} == wanted:
            rows.append((values[name], count))
    return sorted(rows)


def out_of_100(part: int | None, whole: int | None) -> int | None:
    """A share of two counts that are shown."""
    return round(100 * part / whole) if part is not None and whole else None


def newest(session: Session, actor: Actor, municipality_id: int) -> Half | None:
    """The newest half year that was told, or None while the first is not over. Raises Forbidden."""
    return next(iter(halves(session, actor, municipality_id, count=1)), None)


def halves(session: Session, actor: Actor, municipality_id: int, count: int = HALVES) -> list[Half]:
    """The half years that were told, the newest first. Raises Forbidden."""
    require(actor, Permission.SEE_FIGURES, municipality_id)
    query = (
        select(Release)
        .where(
            visible(actor, Permission.SEE_FIGURES, Release),
            Release.municipality_id == municipality_id,
            Release.span == Span.HALF,
        )
        .order_by(Release.since.desc())
        .limit(count)
    )
    return [half(row) for row in session.scalars(query)]


def half(row: Release) -> Half:
    """Half a year as it is kept, read back."""
    kept = row.figures
    return Half(
        Period(row.since, row.until),
        untold(kept["requests"]),
        untold(kept["agreements"]),
        untold(kept["people"]),
        kept["hours"],
        kept["median_days"],
    )


def chosen(told: Sequence[Half], since: date | None) -> tuple[Half, Half | None]:
    """The half year that begins then, or the newest; and the one before it. Raises NotFound."""
    for number, half in enumerate(told):
        if since is None or half.period.since == since:
            return half, told[number + 1] if number + 1 < len(told) else None
    raise NotFound


def months(
    session: Session, actor: Actor, municipality_id: int, until: date, count: int = 2 * HALF
) -> list[Month]:
    """The months before ``until``, the oldest first: asked, and agreed."""
    require(actor, Permission.SEE_FIGURES, municipality_id)
    query = (
        select(Release)
        .where(
            visible(actor, Permission.SEE_FIGURES, Release),
            Release.municipality_id == municipality_id,
            Release.span == Span.MONTH,
            Release.since >= plus(until, -count),
            Release.since < until,
        )
        .order_by(Release.since)
    )
    return [month(row) for row in session.scalars(query)]


def month(row: Release) -> Month:
    """A month as it is kept, read back."""
    return row.since, untold(row.figures["requests"])[WHOLE], untold(row.figures["agreements"])[WHOLE]


Line = tuple[int | None, int | None, int | None]
"""Asked, helped, and the days within which half had somebody."""


@dataclass(frozen=True, slots=True)
class RegionHalf:
    """Half a year of the region: help between municipalities by their keys, and what each of them told."""

    period: Period
    flows: Shown
    requests: int | None
    lines: Mapping[int, Line]
    sums: Mapping[str, Sequence[int]]
    """"helped" and "in_time": how many, of how many asked, in the municipalities that show both."""

    def share(self, name: str) -> int | None:
        """One of the sums, out of a hundred."""
        return out_of_100(*self.sums[name]) if name in self.sums else None

    @property
    def agreements(self) -> int | None:
        """All of the region."""
        return self.flows.get(WHOLE)

    @property
    def across(self) -> int | None:
        """Those over a border, where it can be told without telling more."""
        inside = [count for of, count in self.flows.items() if _within(of)]
        if self.agreements is None or None in inside:
            return None
        return self.agreements - sum(count for count in inside if count is not None)

    def between(self) -> list[tuple[int, int, int]]:
        """From, to and how many, of the pairs that are shown, the most first."""
        pairs = []
        for of, count in self.flows.items():
            values = dict(of)
            if len(of) == 2 and count and not _within(of):
                pairs.append((int(values["from"]), int(values["to"]), count))
        return sorted(pairs, key=lambda pair: (-pair[2], pair))


def _within(of: Key) -> bool:
    values = dict(of)
    return len(of) == 2 and values["from"] == values["to"]


def of_region(session: Session, since: date) -> RegionHalf | None:
    """The same half year of the region, or None while it was not told."""
    row = session.scalars(select(RegionRelease).where(RegionRelease.since == since)).one_or_none()
    if row is None:
        return None
    return region_half(row)


def newest_of_region(session: Session) -> RegionHalf | None:
    """The newest half year of the region, or None while none was told."""
    row = session.scalars(select(RegionRelease).order_by(RegionRelease.since.desc()).limit(1)).one_or_none()
    return None if row is None else region_half(row)


def region_half(row: RegionRelease) -> RegionHalf:
    """Half a year of the region as it is kept, read back."""
    kept = row.figures
    lines = {int(id): (asked, helped, days) for id, asked, helped, days in kept["lines"]}
    return RegionHalf(
        Period(row.since, row.until), untold(kept["flows"]), kept["requests"], lines, kept["sums"]
    )


def places(session: Session, municipality_id: int) -> dict[str, str]:
    """The neighbourhoods of a municipality by their postcode, with their place."""
    query = select(Neighbourhood.pc4, Neighbourhood.place).where(
        Neighbourhood.municipality_id == municipality_id
    )
    return {str(row.pc4): row.place for row in session.execute(query.order_by(Neighbourhood.pc4))}


def names(session: Session) -> dict[int, str]:
    """Municipalities that take part, by key."""
    query = select(Municipality.id, Municipality.name).where(Municipality.joined)
    return {row.id: row.name for row in session.execute(query)}


HIDDEN = "niet getoond"
DIMENSIONS = {
    "theme": "thema", "month": "maand", "area": "postcode", "helped": "geholpen", "wait": "wachttijd",
    "vulnerable": "kwetsbaar", "age": "leeftijd", "distance": "afstand", "from": "helper uit", "kind": "soort",
    "part": "doet mee", "new": "nieuw",
}  # fmt: skip
VALUES = {
    YES: "ja", NO: "nee", NOBODY: "nog niemand", "day0": "zelfde dag", "day1": "1 dag", "days3": "2 of 3 dagen",
    "days7": "4 tot 7 dagen", "days8": "8 dagen of langer", "km1": "minder dan 1 km", "km3": "1 tot 3 km",
    "km5": "3 tot 5 km", "km10": "5 tot 10 km", "further": "10 km of verder", "to26": "tot en met 26",
    "to49": "27 tot en met 49", "to64": "50 tot en met 64", "to74": "65 tot en met 74", "from75": "75 en ouder",
    "untold": "niet verteld", "here": "deze gemeente", "elsewhere": "andere gemeente", "asks": "vraagt",
    "helps": "helpt", "both": "vraagt en helpt", "roosjes": "Roosjes", "zonder": "zonder Roosjes",
    "betaald": "betaald", "cheque": "dienstencheque",
}  # fmt: skip
"""In a file; pages say it in the reader's language."""


def tables(name: str, half: Half, told: Sequence[tuple[date, int | None, int | None]]) -> list[Table]:
    """Half a year as tables for a file: what the pages show, and nothing else."""
    counted = (
        ("Vragen", half.requests, ("theme", "month", "area", "helped", "wait", "vulnerable", "age")),
        ("Afspraken", half.agreements, ("month", "distance", "from", "kind")),
        ("Mensen", half.people, ("part", "age", "new")),
    )
    made = [
        Table(
            "Maanden",
            ("gemeente", "maand", "gevraagd", "afgesproken"),
            [(name, facts.month_name(month), _cell(asked), _cell(found)) for month, asked, found in told],
        )
    ]
    for title, shown, order in counted:
        used = [one for one in order if any(one in dict(of) for of in shown)]
        made.append(
            Table(
                title,
                ("gemeente", "vanaf", "tot", *(DIMENSIONS[one] for one in used), "aantal"),
                [
                    _line(name, half.period, of, count, used)
                    for of, count in sorted(shown.items(), key=_order)
                ],
            )
        )
    return made


def flat(name: str, half: Half, told: Sequence[tuple[date, int | None, int | None]]) -> Table:
    """The same in one table, for a file that has no sheets."""
    rows: list[Sequence[Cell]] = []
    for month, asked, found in told:
        at = facts.month_name(month)
        rows += [
            (name, "vragen", "maand", at, "", "", _cell(asked)),
            (name, "afspraken", "maand", at, "", "", _cell(found)),
        ]
    for title, shown in (("vragen", half.requests), ("afspraken", half.agreements), ("mensen", half.people)):
        for of, count in sorted(shown.items(), key=_order):
            told_of = [cell for one, value in of for cell in (DIMENSIONS[one], VALUES.get(value, value))]
            rows.append((name, title, *(told_of + [""] * 4)[:4], _cell(count)))
    columns = ("gemeente", "wat", "verdeeld naar", "waarde", "en naar", "waarde 2", "aantal")
    return Table(f"{name} {half.period.since:%Y-%m}", columns, rows)


def _order(one: tuple[Key, int | None]) -> tuple[int, Key]:
    return len(one[0]), one[0]


def _line(name: str, period: Period, of: Key, count: int | None, used: Sequence[str]) -> Sequence[Cell]:
    values = dict(of)
    said = [VALUES.get(values[one], values[one]) if one in values else "alles" for one in used]
    return (name, period.since, period.until, *said, _cell(count))


def _cell(count: int | None) -> Cell:
    return HIDDEN if count is None else count
