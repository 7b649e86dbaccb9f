"""Figures of one municipality: the newest half year that was told, its months, and how it stands today. Counts only.

Nothing here is counted anew but today's sums. A stretch that slides along with the calendar could be subtracted from
the same stretch a week later; what was told of a month and a half year that are over stays as it was told.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import distinct, func, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import require
from app.access.roles import Permission
from app.agreements.models import Agreement, Status as AgreementStatus
from app.clock import today
from app.help_offers.models import HelpOffer, Status as OfferStatus
from app.help_requests.models import HelpRequest, Status
from app.people.models import Membership
from app.places.models import Municipality
from app.reports import hiding, reading
from app.reports.facts import ELSEWHERE, LONGEST, WAITS, YES
from app.reports.models import Release, Span
from app.reports.periods import HALF, Period, month_of, plus
from app.reports.reading import Half, out_of_100
from app.reports.sums import whole_region

MONTHS = 12
"""In the chart."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What a page shows. None is a count that stays hidden."""

    period: Period | None
    """The half year; None while the first is not over."""
    asked: int | None
    helped: int | None
    months: list[tuple[date, int | None, int | None]]
    """Month, asked, agreed; the oldest first."""
    waits: list[tuple[str, int | None]]
    """The name of a band, and how many waited so long."""
    in_time: tuple[int | None, int | None]
    """Helped within the promise, of all who were helped."""
    themes: list[tuple[str, int | None, int | None]]
    """Theme, asked, helped; the most asked first, hidden ones last."""
    median_days: int | None
    beside_region: list[tuple[str, int, int]]
    """Which share ("helped", "in_time", "across"), ours and the region's, out of a hundred."""
    promise_days: int

    @property
    def drawable(self) -> bool:
        """Whether every month can be drawn."""
        return len(self.months) > 1 and all(count is not None for _, *both in self.months for count in both)


@dataclass(frozen=True, slots=True)
class Overview:
    """How a municipality stands today."""

    people: int | None
    open_requests: int | None
    open_offers: int | None
    live_agreements: int | None


def of_municipality(session: Session, actor: Actor, municipality: Municipality) -> Figures:
    """The figures of one municipality, beside those of the region."""
    require(actor, Permission.SEE_FIGURES, municipality.id)
    return of_anybody(session, municipality)


def of_anybody(session: Session, municipality: Municipality) -> Figures:
    """The same for the public page: what was told is for everybody."""
    with whole_region(session):
        half, months = _told(session, municipality.id)
        region = reading.of_region(session, half.period.since) if half else None
    if half is None:
        return Figures(None, None, None, months, [], (None, None), [], None, [], municipality.promise_days)
    part, _ = half.in_time(municipality.promise_days)
    helped = half.asked(helped=YES)
    waits = dict(half.by("wait"))
    return Figures(
        period=half.period,
        asked=half.asked(),
        helped=helped,
        months=months,
        waits=[(name, waits[name]) for name in (*(name for name, _ in WAITS), LONGEST) if name in waits],
        in_time=(part, helped),
        themes=_by_theme(half),
        median_days=half.median_days,
        beside_region=_beside_region(half, municipality.promise_days, region),
        promise_days=municipality.promise_days,
    )


def overview(session: Session, actor: Actor, municipality_id: int) -> Overview:
    """People, open requests and offers, live agreements of today."""
    require(actor, Permission.SEE_FIGURES, municipality_id)
    # unscoped: counted only, of a municipality in reach of the permission
    people = select(func.count(distinct(Membership.person_id))).where(
        Membership.municipality_id == municipality_id
    )
    # unscoped: counted only
    requests = select(func.count()).where(
        HelpRequest.municipality_id == municipality_id, HelpRequest.status == Status.OPEN
    )
    # unscoped: counted only
    offers = select(func.count()).where(
        HelpOffer.municipality_id == municipality_id, HelpOffer.status == OfferStatus.OPEN
    )
    # unscoped: counted only
    agreements = select(func.count()).where(
        Agreement.municipality_id == municipality_id, Agreement.status == AgreementStatus.ACTIVE
    )
    return Overview(
        *(hiding.one(session.execute(query).scalar_one()) for query in (people, requests, offers, agreements))
    )


def _told(session: Session, municipality_id: int) -> tuple[Half | None, list[reading.Month]]:
    """The newest half year and the last months, of the transaction's reach."""
    # unscoped: anybody may know what was told of a municipality
    query = select(Release).where(
        Release.municipality_id == municipality_id,
        Release.since >= plus(month_of(today(session)), -MONTHS - HALF),
    )
    rows = sorted(session.scalars(query), key=lambda row: row.since)
    halves = [row for row in rows if row.span is Span.HALF]
    months = [reading.month(row) for row in rows if row.span is Span.MONTH]
    return reading.half(halves[-1]) if halves else None, months[-MONTHS:]


def _by_theme(half: Half) -> list[tuple[str, int | None, int | None]]:
    rows = [(name, asked, half.asked(theme=name, helped=YES)) for name, asked in half.by("theme")]
    return sorted(rows, key=lambda row: (row[1] is None, -(row[1] or 0), row[0]))


def _beside_region(
    half: Half, promise_days: int, region: reading.RegionHalf | None
) -> list[tuple[str, int, int]]:
    if region is None:
        return []
    pairs = {
        "helped": (out_of_100(half.asked(helped=YES), half.asked()), region.share("helped")),
        "in_time": (out_of_100(*half.in_time(promise_days)), region.share("in_time")),
        "across": (
            out_of_100(half.found(**{"from": ELSEWHERE}), half.found()),
            out_of_100(region.across, region.agreements),
        ),
    }
    return [
        (name, ours, theirs)
        for name, (ours, theirs) in pairs.items()
        if ours is not None and theirs is not None
    ]
