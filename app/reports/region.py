"""The region's figures: municipalities side by side, and help that crossed a border. Small counts stay hidden."""

from dataclasses import dataclass
from statistics import median

from sqlalchemy import distinct, func, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Permission
from app.agreements.models import Agreement, Status as AgreementStatus
from app.clock import AMSTERDAM
from app.errors import NotFound
from app.help_requests.models import HelpRequest, Status
from app.people.models import Membership
from app.places.models import Municipality
from app.reports import hiding
from app.reports.sums import WEEKS, Term, first_found, last_weeks


@dataclass(frozen=True, slots=True)
class Line:
    """One municipality; None is a count that stays hidden."""

    id: int
    name: str
    people: int | None
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

    term: Term
    lines: list[Line]
    asked: int | None
    helped: int | None
    flows: list[Flow]
    """The pairs with enough between them to be shown, the most first."""
    across: int | None
    """All agreements across a border."""


def of_region(session: Session, actor: Actor, weeks: int = WEEKS) -> RegionFigures:
    """Municipalities side by side; NotFound for who is not of the region."""
    reach = actor.reach(Permission.SEE_REGION)
    if not reach:
        raise NotFound
    term = last_weeks(session, weeks)
    municipalities = list(
        session.scalars(
            select(Municipality)
            .where(Municipality.id.in_(reach), Municipality.joined)
            .order_by(Municipality.name)
        )
    )
    waits = _waits(session, reach, term)
    counts = [
        (len(waits.get(row.id, [])), sum(days is not None for days in waits.get(row.id, [])))
        for row in municipalities
    ]
    people = _people(session, reach)
    shown = hiding.hide_rows(counts)
    shown_people = hiding.hide([people.get(row.id, 0) for row in municipalities])
    lines = [
        _line(row, pair, persons, waits.get(row.id, []))
        for row, pair, persons in zip(municipalities, shown, shown_people, strict=True)
    ]
    sums = hiding.total(counts) or (None, None)
    flows, across = _flows(session, {row.id: row.name for row in municipalities}, term)
    return RegionFigures(term, lines, sums[0], sums[1], flows, across)


def _line(row: Municipality, pair: hiding.Shown, people: int | None, waits: list[int | None]) -> Line:
    asked, helped = pair
    days = _median(waits) if asked is not None else None
    return Line(row.id, row.name, people, asked, helped, days, row.mediation)


def _waits(session: Session, reach: frozenset[int], term: Term) -> dict[int, list[int | None]]:
    """Per municipality and request: whole days until somebody was found, None for nobody yet."""
    until = first_found()
    # unscoped: counted only, never shown; of municipalities in reach of the permission
    query = select(HelpRequest.municipality_id, HelpRequest.posted_at, until).where(
        HelpRequest.municipality_id.in_(reach), HelpRequest.status != Status.DRAFT, term.between
    )
    waits: dict[int, list[int | None]] = {}
    for municipality_id, at, found_at in session.execute(query):
        waits.setdefault(municipality_id, []).append(
            max((found_at - at).days, 0) if found_at is not None else None
        )
    return waits


def _people(session: Session, reach: frozenset[int]) -> dict[int, int]:
    # unscoped: counted only
    query = (
        select(Membership.municipality_id, func.count(distinct(Membership.person_id)))
        .where(Membership.municipality_id.in_(reach))
        .group_by(Membership.municipality_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def _median(waits: list[int | None]) -> int | None:
    known = [days for days in waits if days is not None]
    return int(median(known)) if len(known) >= hiding.LEAST else None


def _flows(session: Session, names: dict[int, str], term: Term) -> tuple[list[Flow], int | None]:
    day = func.date(func.timezone(AMSTERDAM.key, Agreement.created_at))
    # unscoped: counted only, between municipalities in reach of the permission
    query = (
        select(Agreement.helper_municipality_id, Agreement.municipality_id, func.count())
        .where(
            Agreement.helper_municipality_id != Agreement.municipality_id,
            Agreement.municipality_id.in_(names),
            Agreement.status != AgreementStatus.CANCELLED,
            day >= term.since,
            day < term.until,
        )
        .group_by(Agreement.helper_municipality_id, Agreement.municipality_id)
    )
    rows = [(helper, asker, count) for helper, asker, count in session.execute(query) if helper in names]
    shown = hiding.hide([count for _, _, count in rows])
    flows = [
        Flow(names[helper], names[asker], count)
        for (helper, asker, _), count in zip(rows, shown, strict=True)
        if count is not None
    ]
    across = hiding.total([(count,) for _, _, count in rows])
    return sorted(flows, key=lambda flow: (-flow.count, flow.helper, flow.asker)), across[
        0
    ] if across else None
