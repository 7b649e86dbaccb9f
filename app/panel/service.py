"""Writing down what the panel said, following it up, and reading it: of one municipality, or of the region."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import found, locked, require, visible
from app.access.roles import Permission
from app.clock import now, today
from app.errors import Invalid, NotFound, Stale
from app.ids import uuid7
from app.panel.models import PanelPoint, PointStatus
from app.panel.schemas import FollowUp, NewPoint

SHOWN = 100
STEPS = {
    "opgepakt": PointStatus.TAKEN_UP,
    "gedaan": PointStatus.DONE,
    "niet": PointStatus.DECLINED,
}
ENDED = (PointStatus.DONE, PointStatus.DECLINED)


@dataclass(frozen=True, slots=True)
class Sums:
    """How the points of a municipality stand."""

    municipality_id: int
    still: int
    late: int
    answered: int


def of_municipality(session: Session, actor: Actor, municipality_id: int) -> list[PanelPoint]:
    """Its points: first what is still to do, by its day; then what was answered, the newest first."""
    require(actor, Permission.SEE_FIGURES, municipality_id)
    query = (
        select(PanelPoint)
        .where(
            visible(actor, Permission.SEE_FIGURES, PanelPoint),
            PanelPoint.municipality_id == municipality_id,
        )
        .order_by(
            PanelPoint.status.in_(ENDED),
            PanelPoint.due_on.asc().nulls_last(),
            PanelPoint.said_on.desc(),
            PanelPoint.id,
        )
        .limit(SHOWN)
    )
    return list(session.scalars(query))


def of_half(
    session: Session, actor: Actor, municipality_id: int, since: date, until: date
) -> list[PanelPoint]:
    """What the panel said from ``since`` to before ``until``, and what it said before that still waits; in that order
    of days."""
    require(actor, Permission.SEE_FIGURES, municipality_id)
    waits = PanelPoint.status.not_in(ENDED)
    query = (
        select(PanelPoint)
        .where(
            visible(actor, Permission.SEE_FIGURES, PanelPoint),
            PanelPoint.municipality_id == municipality_id,
            PanelPoint.said_on < until,
            or_(PanelPoint.said_on >= since, waits),
        )
        .order_by(PanelPoint.said_on, PanelPoint.id)
        .limit(SHOWN)
    )
    return list(session.scalars(query))


def of_region(session: Session, actor: Actor) -> list[Sums]:
    """How the points stand in each municipality. NotFound for who is not of the region."""
    reach = actor.reach(Permission.SEE_REGION)
    if not reach:
        raise NotFound
    day = today(session)
    query = select(PanelPoint).where(PanelPoint.in_reach_of(actor.reach(Permission.SEE_REGION)))
    by_place: dict[int, list[PanelPoint]] = {}
    for row in session.scalars(query):
        by_place.setdefault(row.municipality_id, []).append(row)
    return [
        Sums(
            municipality_id,
            sum(row.status not in ENDED for row in rows),
            sum(row.status not in ENDED and row.due_on is not None and row.due_on < day for row in rows),
            sum(row.status in ENDED for row in rows),
        )
        for municipality_id, rows in sorted(by_place.items())
    ]


def get(session: Session, actor: Actor, id: UUID) -> PanelPoint:
    """One point; NotFound for one that is out of reach."""
    query = select(PanelPoint).where(visible(actor, Permission.SEE_FIGURES, PanelPoint), PanelPoint.id == id)
    return found(session.scalars(query).one_or_none())


def write_down(session: Session, actor: Actor, municipality_id: int, new: NewPoint) -> PanelPoint:
    """A new point. Raises Invalid for a day that has not come."""
    require(actor, Permission.CHANGE_SETTINGS, municipality_id)
    if new.said_on > today(session):
        raise Invalid(details={"datum": "date-future"})
    row = PanelPoint(
        id=uuid7(),
        municipality_id=municipality_id,
        made_by_id=actor.person_id,
        title=new.title,
        body=new.body or "",
        said_on=new.said_on,
    )
    session.add(row)
    session.flush()
    row.tell("", actor.person_id)
    session.flush()
    return row


def follow_up(session: Session, actor: Actor, id: UUID, wanted: FollowUp) -> PanelPoint:
    """The next step. Raises Invalid when it lacks who, when or what, Stale, NotAllowed."""
    query = select(PanelPoint).where(visible(actor, Permission.SEE_FIGURES, PanelPoint), PanelPoint.id == id)
    row = found(session.scalars(locked(query)).one_or_none())
    require(actor, Permission.CHANGE_SETTINGS, row.municipality_id)
    if row.version != wanted.version:
        raise Stale
    status = STEPS[wanted.step]
    missing = {}
    if status is PointStatus.TAKEN_UP:
        missing = {
            name: "needed" for name, value in (("wie", wanted.keeper), ("voor", wanted.due_on)) if not value
        }
        row.keeper, row.due_on = wanted.keeper or "", wanted.due_on
    elif not wanted.outcome:
        missing = {"uitkomst": "needed"}
    if missing:
        session.expire(row)
        raise Invalid(details=missing)
    if status in ENDED:
        row.outcome, row.ended_at = wanted.outcome or "", now(session)
    row.step(status, actor.person_id)
    session.flush()
    return row
