"""A municipality's map: its neighbourhoods with how much is asked there, small counts hidden.

Who may read each request and offer sees how many stand open today, which tells them nothing that they cannot read.
Everybody else sees what was told of the newest half year: two days of today's counts could be subtracted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import require
from app.access.roles import Permission
from app.help_offers.models import HelpOffer, Status as OfferStatus
from app.help_requests.models import HelpRequest, Status
from app.places.maps import MapShape, Spot, map_shape
from app.places.models import Neighbourhood
from app.reports import hiding, reading
from app.reports.periods import Period


@dataclass(frozen=True, slots=True)
class Area:
    """One neighbourhood: a postcode with its place. None is a count that stays hidden."""

    pc4: int
    place: str
    requests: int | None
    offers: int | None


@dataclass(frozen=True, slots=True)
class NeighbourhoodMap:
    """The shape and, for each of its cells, the counts; sums over all of them."""

    shape: MapShape
    areas: list[Area]
    requests: int | None
    offers: int | None
    today: bool
    """What stands open today; else what was asked in ``period``, without offers."""
    period: Period | None = None
    """None while the first half year is not over."""


def by_neighbourhood(session: Session, actor: Actor, municipality_id: int) -> NeighbourhoodMap:
    """Requests and offers per neighbourhood of one municipality. Raises Forbidden."""
    require(actor, Permission.SEE_FIGURES, municipality_id)
    reads_each = actor.reach(Permission.SEE_REQUESTS) & actor.reach(Permission.SEE_OFFERS)
    if municipality_id in reads_each:
        return _today(session, municipality_id)
    return _told(session, actor, municipality_id)


def _told(session: Session, actor: Actor, municipality_id: int) -> NeighbourhoodMap:
    spots, shape = drawn(session, municipality_id)
    half = reading.newest(session, actor, municipality_id)
    if half is None:
        return NeighbourhoodMap(
            shape, [Area(row.pc4, row.place, None, None) for row in spots], None, None, today=False
        )
    areas = [Area(row.pc4, row.place, half.asked(area=str(row.pc4)), None) for row in spots]
    return NeighbourhoodMap(shape, areas, half.asked(), None, today=False, period=half.period)


def _today(session: Session, municipality_id: int) -> NeighbourhoodMap:
    spots, shape = drawn(session, municipality_id)
    # unscoped: counted only, of a municipality whose rows the actor reads
    requests = _counts(
        session,
        select(HelpRequest.pc4, func.count())
        .where(HelpRequest.municipality_id == municipality_id, HelpRequest.status == Status.OPEN)
        .group_by(HelpRequest.pc4),
    )
    offers = _counts(  # unscoped: counted only
        session,
        select(HelpOffer.pc4, func.count())
        .where(HelpOffer.municipality_id == municipality_id, HelpOffer.status == OfferStatus.OPEN)
        .group_by(HelpOffer.pc4),
    )
    asked, offered = (_column(counts, spots) for counts in (requests, offers))
    areas = [
        Area(row.pc4, row.place, shown, given)
        for row, shown, given in zip(spots, hiding.hide(asked), hiding.hide(offered), strict=True)
    ]
    return NeighbourhoodMap(shape, areas, _total(asked), _total(offered), today=True)


def drawn(session: Session, municipality_id: int) -> tuple[list[Neighbourhood], MapShape]:
    """The neighbourhoods of a municipality, and its shape with a cell for each."""
    spots = list(
        session.scalars(
            select(Neighbourhood)
            .where(Neighbourhood.municipality_id == municipality_id)
            .order_by(Neighbourhood.pc4)
        )
    )
    return spots, map_shape([Spot(row.pc4, municipality_id, row.latitude, row.longitude) for row in spots])


def _counts(session: Session, query: Any) -> dict[int, int]:
    return {row[0]: row[1] for row in session.execute(query)}


def _column(counts: dict[int, int], spots: Sequence[Neighbourhood]) -> list[int]:
    """In the order of the map; who lives in a part of a postcode that counts elsewhere stays out of both."""
    return [counts.get(row.pc4, 0) for row in spots]


def _total(counts: list[int]) -> int | None:
    sums = hiding.total([(count,) for count in counts])
    return sums[0] if sums else None
