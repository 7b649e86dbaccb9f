"""Figures of one municipality over the last whole weeks: asked, found, waiting time, themes. Counts only.

A request counts as helped when there is an agreement about it that was not cancelled. Weeks are whole and past,
Monday to Sunday: a week that still runs would let two readings be subtracted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from sqlalchemy import distinct, func, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import require
from app.access.roles import Permission
from app.agreements.models import Agreement, Status as AgreementStatus
from app.categories.models import Category
from app.clock import AMSTERDAM
from app.help_offers.models import HelpOffer, Status as OfferStatus
from app.help_requests.models import HelpRequest, Status
from app.people.models import Membership
from app.places.models import Municipality
from app.reports import hiding
from app.reports.sums import WEEKS, Term, first_found, last_weeks, sums, whole_region

STRETCHES = (1, 4, 8, 12)
"""Weeks in one point of the chart; the whole term is told in the heading."""
WAITS = ((0, 1), (1, 2), (2, 4), (4, 8), (8, None))
"""Days from asking until somebody was found: the same day, one, two or three, four to seven, more."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What a page shows. None is a count that stays hidden."""

    term: Term
    asked: int | None
    helped: int | None
    stretches: list[tuple[date, int, int]]
    """Monday, asked, helped; empty where even the longest stretches are too little to be shown."""
    stretch_weeks: int
    waits: list[tuple[tuple[int, int | None], int | None]]
    in_time: tuple[int | None, int | None]
    """Helped within the promise, of all who were helped."""
    themes: list[tuple[str, int | None, int | None]]
    """Theme, asked, helped; the most asked first, hidden ones last."""
    median_days: int | None
    beside_region: list[tuple[str, int, int]]
    """Which share ("helped", "in_time", "across"), ours and the region's, out of a hundred."""
    promise_days: int


@dataclass(frozen=True, slots=True)
class Overview:
    """How a municipality stands today."""

    people: int | None
    open_requests: int | None
    open_offers: int | None
    live_agreements: int | None


def of_municipality(
    session: Session, actor: Actor, municipality: Municipality, weeks: int = WEEKS
) -> Figures:
    """The figures of one municipality, beside those of the region."""
    require(actor, Permission.SEE_FIGURES, municipality.id)
    return _figures(session, municipality, weeks)


def of_anybody(session: Session, municipality: Municipality, weeks: int = WEEKS) -> Figures:
    """The same for the public page: every count in it is hidden where it is small, as at the desk."""
    with whole_region(session):
        return _figures(session, municipality, weeks)


def _figures(session: Session, municipality: Municipality, weeks: int) -> Figures:
    term = last_weeks(session, weeks)
    rows = _answered(session, municipality.id, term)
    waits = [wait for _, _, wait in rows if wait is not None]
    stretches, stretch_weeks = _stretches(term, rows)
    by_wait = hiding.hide(
        [
            sum(low <= wait.days and (high is None or wait.days < high) for wait in waits)
            for low, high in WAITS
        ]
    )
    helped = [(1, int(wait is not None)) for _, _, wait in rows]
    asked_shown, helped_shown = (
        (hiding.one(sum(column)) for column in zip(*helped, strict=True)) if helped else (None, None)
    )
    in_time = sum(wait.days < municipality.promise_days + 1 for wait in waits)
    return Figures(
        term=term,
        asked=asked_shown,
        helped=helped_shown,
        stretches=stretches,
        stretch_weeks=stretch_weeks,
        waits=list(zip(WAITS, by_wait, strict=True)),
        in_time=(hiding.one(in_time), helped_shown) if None not in by_wait else (None, None),
        themes=_by_theme(rows),
        median_days=int(median(wait.days for wait in waits)) if len(waits) >= hiding.LEAST else None,
        beside_region=_beside_region(session, municipality, term, None not in by_wait),
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


Row = tuple[datetime, str, timedelta | None]
"""When it was asked, its theme, and how long it took until somebody was found."""


def _answered(session: Session, municipality_id: int, term: Term) -> list[Row]:
    # unscoped: counted only, never shown; of a municipality in reach of the permission
    query = (
        select(HelpRequest.posted_at, Category.theme_name, first_found())
        .join(Category, Category.number == HelpRequest.category_number)
        .where(
            HelpRequest.municipality_id == municipality_id, HelpRequest.status != Status.DRAFT, term.between
        )
    )
    return [
        (at, theme, max(until - at, timedelta()) if until else None)
        for at, theme, until in session.execute(query)
    ]


def _stretches(term: Term, rows: Sequence[Row]) -> tuple[list[tuple[date, int, int]], int]:
    """By the week, or by more where single weeks are too small; one of these, never two."""
    for weeks in STRETCHES:
        counts = _in_stretches(term, rows, weeks)
        if all(count >= hiding.LEAST for _, *both in counts for count in both):
            return counts, weeks
    return [], STRETCHES[-1]


def _in_stretches(term: Term, rows: Sequence[Row], weeks: int) -> list[tuple[date, int, int]]:
    step = timedelta(weeks=weeks)
    counts = []
    monday = term.since
    while monday < term.until:
        own = [wait for at, _, wait in rows if monday <= at.astimezone(AMSTERDAM).date() < monday + step]
        counts.append((monday, len(own), sum(wait is not None for wait in own)))
        monday += step
    return counts


def _by_theme(rows: Sequence[Row]) -> list[tuple[str, int | None, int | None]]:
    names = sorted({theme for _, theme, _ in rows})
    counts = []
    for name in names:
        own = [wait for _, theme, wait in rows if theme == name]
        counts.append((len(own), sum(wait is not None for wait in own)))
    shown = [(name, *_two(row)) for name, row in zip(names, hiding.hide_rows(counts), strict=True)]
    return sorted(shown, key=lambda row: (row[1] is None, -(row[1] or 0), row[0]))


def _two(shown: hiding.Shown) -> tuple[int | None, int | None]:
    return shown[0], shown[1]


def _beside_region(
    session: Session, municipality: Municipality, term: Term, waits_shown: bool
) -> list[tuple[str, int, int]]:
    ours = sums(session, [municipality.id], term)
    with whole_region(session) as municipalities:
        theirs = sums(session, municipalities, term)
    pairs = {
        "helped": (ours.helped, ours.asked, theirs.helped, theirs.asked),
        "in_time": (ours.within_promise, ours.helped, theirs.within_promise, theirs.helped),
        "across": (ours.across, ours.agreements, theirs.across, theirs.agreements),
    }
    shares = [
        (name, hiding.out_of_100(a, b), hiding.out_of_100(c, d))
        for name, (a, b, c, d) in pairs.items()
        if name != "in_time" or waits_shown  # a share of hidden columns would give them away
    ]
    return [(name, mine, region) for name, mine, region in shares if mine is not None and region is not None]
