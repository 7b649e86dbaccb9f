"""The region's figures: what its municipalities told of the newest half year, and help that crossed a border."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Permission
from app.errors import NotFound
from app.places.models import Municipality
from app.reports import reading
from app.reports.periods import Period
from app.reports.reading import RegionHalf


@dataclass(frozen=True, slots=True)
class Line:
    """One municipality; None is a count that stays hidden."""

    id: int
    name: str
    residents: int
    asked: int | None
    helped: int | None
    median_days: int | None
    mediation: int


@dataclass(frozen=True, slots=True)
class Flow:
    """Help from one municipality to another."""

    helper: str
    asker: str
    count: int


@dataclass(frozen=True, slots=True)
class RegionFigures:
    """Everything on the region's page."""

    period: Period | None
    """The half year; None while the first is not over."""
    lines: list[Line]
    asked: int | None
    helped: int | None
    """Of the municipalities whose own counts are shown, so that no other can be subtracted."""
    flows: list[Flow]
    """The pairs with enough between them to be shown, the most first."""
    across: int | None
    """All agreements across a border."""


def of_region(session: Session, actor: Actor) -> RegionFigures:
    """Municipalities side by side; NotFound for who is not of the region."""
    reach = actor.reach(Permission.SEE_REGION)
    if not reach:
        raise NotFound
    rows = list(
        session.scalars(
            select(Municipality)
            .where(Municipality.id.in_(reach), Municipality.joined)
            .order_by(Municipality.name)
        )
    )
    told = reading.newest_of_region(session)
    lines = [_line(row, told) for row in rows]
    if told is None:
        return RegionFigures(None, lines, None, None, [], None)
    names = {row.id: row.name for row in rows}
    flows = [
        Flow(names[helper], names[asker], count)
        for helper, asker, count in told.between()
        if helper in names and asker in names
    ]
    helped, asked = (count or None for count in told.sums["helped"])
    return RegionFigures(told.period, lines, asked, helped, flows, told.across)


def _line(row: Municipality, told: RegionHalf | None) -> Line:
    asked, helped, days = (told.lines if told else {}).get(row.id, (None, None, None))
    return Line(row.id, row.name, row.residents, asked, helped, days, row.mediation)
