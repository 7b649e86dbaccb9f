"""Figures of the months and the half years before today, as they were told at the time.

Some thousand people of the region live in this demonstration, and eight hundred thousand in the region. What a
municipality told is about all of its own, so these rows are made up for it, counted, protected like any other, and
let go: what stands in the database are the releases alone.
"""

from collections.abc import Sequence
from datetime import date
from itertools import accumulate
from random import Random
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import upkeep
from app.access.actor import system
from app.categories.models import Category
from app.db import Database, scope_to
from app.demo.desks import HELMOND, HOME
from app.demo.world import World
from app.places.models import Municipality, Neighbourhood, Region
from app.reports import facts, releases
from app.reports.disclosure import Plan, Row
from app.reports.facts import Facts
from app.reports.models import RegionRelease, Release, Span
from app.reports.periods import HALF, Period, halves_over, month_of, plus

HALVES: Final = 2
"""Told before today."""
PEOPLE_PER_REQUEST: Final = 48
"""In half a year."""
CROSSED: Final = (HOME, HELMOND)
"""Where one may look closer; elsewhere the tables stand by themselves, which makes the filling shorter."""
WITHOUT_CROSSINGS: Final = Plan(
    tuple(face for face in facts.REQUESTS.faces if len(face) == 1), facts.REQUESTS.finer
)
THEMES: Final = (18, 16, 14, 11, 10, 8, 7, 6, 4, 3, 2, 2, 1)
BUSTLE: Final = (1.0, 0.96, 1.12, 1.08, 1.16, 1.1, 0.84, 0.8, 1.18, 1.26, 1.22, 1.02)
"""By month of the year: summers are quiet."""
GROWTH: Final = 1.16
"""From one half year to the next."""
WAITS: Final = (("day0", 24), ("day1", 29), ("days3", 27), ("days7", 13), ("days8", 7))
DISTANCES: Final = (("km1", 31), ("km3", 38), ("km5", 18), ("km10", 10), ("further", 3))
KINDS: Final = (("roosjes", 78), ("zonder", 13), ("cheque", 6), ("betaald", 3))
AGES: Final = (("to26", 4), ("to49", 17), ("to64", 22), ("to74", 24), ("from75", 33))
HELPERS: Final = (("to26", 11), ("to49", 27), ("to64", 31), ("to74", 24), ("from75", 7))


def told(database: Database, owner_url: str, world: World) -> None:
    """Every release that would be there by now, of every municipality and the region."""
    since = plus(month_of(world.moments.today), -HALF * HALVES)
    with upkeep.as_owner(owner_url) as connection:
        connection.execute(update(Region).values(reports_since=since))
    with database.transaction() as session:
        scope_to(session, system(frozenset(world.municipalities)).scope)
        session.execute(
            update(Municipality)
            .where(Municipality.id == HOME)
            .values(hour_cents=1500, hour_source="Wat een uur lichte hulp in huis in onze gemeente kost.")
        )
        _tell(session, world, since)


def _tell(session: Session, world: World, since: date) -> None:
    themes = list(session.scalars(select(Category.theme_name).distinct().order_by(Category.theme_name)))
    halves = halves_over(since, world.moments.today)
    figures: dict[date, dict[int, releases.Figures]] = {half.since: {} for half in halves}
    flows: dict[date, list[Row]] = {half.since: [] for half in halves}
    for municipality in sorted(world.municipalities.values(), key=lambda row: row.id):
        town = Town(world, municipality, themes)
        months: dict[date, releases.Figures] = {}
        for number, half in enumerate(halves):
            found = town.half(half, GROWTH ** (number - len(halves) + 1))
            flows[half.since] += town.flows(found)
            for month in half.months:
                months[month] = releases.month_figures(_of_month(found, month))
                _keep(session, municipality.id, Span.MONTH, Period(month, plus(month, 1)), months[month])
            plan = facts.REQUESTS if municipality.id in CROSSED else WITHOUT_CROSSINGS
            own = releases.half_figures(found, {month: months[month] for month in half.months}, plan)
            figures[half.since][municipality.id] = own
            _keep(session, municipality.id, Span.HALF, half, own)
    for half in halves:
        region = releases.region_figures(flows[half.since], figures[half.since], releases.promises(session))
        session.add(RegionRelease(since=half.since, until=half.until, figures=region))


def _keep(
    session: Session, municipality_id: int, span: Span, period: Period, figures: releases.Figures
) -> None:
    session.add(
        Release(
            municipality_id=municipality_id,
            span=span,
            since=period.since,
            until=period.until,
            figures=figures,
        )
    )


def _of_month(found: Facts, month: date) -> Facts:
    name = facts.month_name(month)
    requests, agreements = (
        [row for row in rows if row.values["month"] == name] for rows in (found.requests, found.agreements)
    )
    return Facts(requests, agreements, [], 0, (0, 0), [])


class Town:
    """Makes up who asked and who helped in one municipality."""

    def __init__(self, world: World, municipality: Municipality, themes: Sequence[str]) -> None:
        self.random: Random = world.chance(f"reports:{municipality.id}")
        self.municipality = municipality
        pairs = [pair for pair in world.borders if municipality.id in pair]
        self.near = sorted(one for pair in pairs for one in pair if one != municipality.id)
        places: list[Neighbourhood] = [
            row for row in world.neighbourhoods.values() if row.municipality_id == municipality.id
        ]
        self.areas = [str(row.pc4) for row in places]
        self.crowd = [row.residents for row in places]
        mixed = list(themes)
        world.chance("reports:themes").shuffle(mixed)
        self.themes = mixed[: len(THEMES)]

    def half(self, half: Period, growth: float) -> Facts:
        """All of half a year."""
        count = max(8, round(self.municipality.residents / PEOPLE_PER_REQUEST * growth))
        people = [f"p{number}" for number in range(max(6, count * 2 // 3))]
        helpers = [f"h{number}" for number in range(max(6, count // 3))]
        requests, waited, agreements = [], [], []
        for _ in range(count):
            row = self._asked(half, people)
            requests.append(row)
            if row.values["helped"] == facts.YES:
                waited.append({"day0": 0, "day1": 1, "days3": 3, "days7": 5, "days8": 9}[row.values["wait"]])
                agreements.append(self._agreed(row, helpers))
        return Facts(
            requests, agreements, self._people(people, helpers), len(agreements) * 95, (99, 99), waited
        )

    def _draw(self, of: Sequence[tuple[str, int]]) -> str:
        return self.random.choices([name for name, _ in of], [weight for _, weight in of])[0]

    def _asked(self, half: Period, people: Sequence[str]) -> Row:
        random = self.random
        theme = random.choices(self.themes, THEMES[: len(self.themes)])[0]
        vulnerable = random.random() < 0.22
        behind = self.themes.index(theme) in (4, 7)
        helped = random.random() < (0.55 if behind else 0.84) - (0.04 if vulnerable else 0)
        wait = self._draw(WAITS) if helped else facts.NOBODY
        month = random.choices(half.months, [BUSTLE[month.month - 1] for month in half.months])[0]
        values = {
            "theme": theme,
            "month": facts.month_name(month),
            "area": random.choices(self.areas, self.crowd)[0],
            "helped": facts.YES if helped else facts.NO,
            "wait": wait,
            "vulnerable": facts.YES if vulnerable else facts.NO,
            "age": self._draw(AGES),
        }
        return Row((random.choice(people),), values)

    def _agreed(self, asked: Row, helpers: Sequence[str]) -> Row:
        elsewhere = bool(self.near) and self.random.random() < 0.14
        values = {
            "month": asked.values["month"],
            "distance": self._draw(DISTANCES),
            "from": facts.ELSEWHERE if elsewhere else facts.HERE,
            "kind": self._draw(KINDS),
        }
        return Row((asked.people[0], self.random.choice(helpers)), values)

    def _people(self, people: Sequence[str], helpers: Sequence[str]) -> list[Row]:
        rows = []
        for number, person in enumerate((*people, *helpers)):
            helps = number >= len(people)
            part = (
                facts.BOTH
                if self.random.random() < (0.4 if helps else 0.14)
                else facts.HELPS
                if helps
                else facts.ASKS
            )
            new = facts.YES if self.random.random() < 0.34 else facts.NO
            rows.append(
                Row((person,), {"part": part, "age": self._draw(HELPERS if helps else AGES), "new": new})
            )
        return rows

    def flows(self, found: Facts) -> list[Row]:
        """The same agreements, by the municipality that the helper is from."""
        own = str(self.municipality.id)
        weights = list(accumulate(range(len(self.near), 0, -1)))
        return [
            Row(
                tuple(f"{own}-{person}" for person in row.people),
                {
                    "to": own,
                    "from": own
                    if row.values["from"] == facts.HERE
                    else str(self.random.choices(self.near, cum_weights=weights)[0]),
                },
            )
            for row in found.agreements
        ]
