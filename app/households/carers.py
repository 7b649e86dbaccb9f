"""How heavy caring is: asked of the carer, said by the carer, followed by the desk, and read by nobody else."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, not_, select, text
from sqlalchemy.orm import Session, aliased, joinedload

from app.access.actor import Actor
from app.access.policy import found, locked, require, visible
from app.access.roles import Permission
from app.clock import now
from app.errors import Forbidden
from app.households.models import CarerLoad
from app.households.schemas import NewLoad
from app.ids import uuid7
from app.moderation import people
from app.notifications.service import tell
from app.people.service import home

HEAVY: Final = 4
"""From here on somebody phones."""
KEPT: Final = 24
TWICE_WITHIN: Final = timedelta(minutes=10)
_BROKERS = text("SELECT DISTINCT person_id FROM municipality_staff(:m) WHERE role = 'broker'")


@dataclass(frozen=True, slots=True)
class Course:
    """What a carer said, the newest first, and whether it got heavier since the time before."""

    said: list[CarerLoad]

    @property
    def heavier(self) -> bool:
        """Heavier than the time before."""
        return len(self.said) > 1 and self.said[0].load > self.said[1].load


def mine(session: Session, actor: Actor) -> Course:
    """What one said oneself."""
    own = select(CarerLoad).where(CarerLoad.owned_by(actor.person_id))
    return Course(
        list(session.scalars(own.order_by(CarerLoad.said_at.desc(), CarerLoad.id.desc()).limit(KEPT)))
    )


def of_person(session: Session, actor: Actor, person_id: UUID) -> Course:
    """What one of the desk's people said."""
    people.get(session, actor, person_id)
    query = select(CarerLoad).where(
        CarerLoad.person_id == person_id, CarerLoad.in_reach_of(actor.reach(Permission.MODERATE_REQUEST))
    )
    rows = query.order_by(CarerLoad.said_at.desc(), CarerLoad.id.desc()).limit(KEPT)
    return Course(list(session.scalars(rows)))


def of_members(session: Session, actor: Actor, person_ids: list[UUID]) -> dict[UUID, Course]:
    """The same for the carers of a plan that the actor has before them."""
    query = select(CarerLoad).where(
        CarerLoad.person_id.in_(person_ids), CarerLoad.in_reach_of(actor.reach(Permission.MODERATE_REQUEST))
    )
    said: dict[UUID, list[CarerLoad]] = {id: [] for id in person_ids}
    for row in session.scalars(query.order_by(CarerLoad.said_at.desc(), CarerLoad.id.desc())):
        said[row.person_id].append(row)
    return {id: Course(rows) for id, rows in said.items()}


def say(session: Session, actor: Actor, new: NewLoad) -> CarerLoad:
    """How heavy it is, in one's own word; who says it is heavy is phoned."""
    if actor.behind is not None:
        raise Forbidden  # nobody says for a carer how heavy it is
    return _write(session, actor, actor.person_id, new)


def write_down(session: Session, actor: Actor, person_id: UUID, new: NewLoad) -> CarerLoad:
    """The same, as a makelaar heard it. Raises NotFound out of reach."""
    people.get(session, actor, person_id)
    require(actor, Permission.MODERATE_REQUEST, home(session, person_id).municipality_id)
    return _write(session, actor, person_id, new)


def _write(session: Session, actor: Actor, person_id: UUID, new: NewLoad) -> CarerLoad:
    last = select(CarerLoad).where(
        CarerLoad.owned_by(person_id), CarerLoad.said_at > now(session) - TWICE_WITHIN
    )
    twin = session.scalars(last.order_by(CarerLoad.said_at.desc()).limit(1)).one_or_none()
    if twin is not None and (twin.load, twin.words) == (new.load, new.words or ""):
        return twin
    row = CarerLoad(
        id=uuid7(), municipality_id=home(session, person_id).municipality_id, person_id=person_id,
        load=new.load, words=new.words or "", by_id=actor.person_id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    if new.load >= HEAVY and actor.person_id == person_id:
        for broker in session.scalars(_BROKERS, {"m": row.municipality_id}).all():
            tell(session, broker, row.municipality_id, "carer-heavy", row.id)
    return row


def _is_latest() -> ColumnElement[bool]:
    later = aliased(CarerLoad)
    newer = (
        select(later.id)
        .where(later.person_id == CarerLoad.person_id, later.said_at > CarerLoad.said_at)
        .correlate(CarerLoad)
        .exists()
    )
    return not_(newer)


def heavy(session: Session, actor: Actor, municipality_id: int) -> list[CarerLoad]:
    """Carers for whom it is heavy now, and whom nobody phoned about it; the heaviest first."""
    require(actor, Permission.MODERATE_REQUEST, municipality_id)
    query = select(CarerLoad).where(
        visible(actor, Permission.MODERATE_REQUEST, CarerLoad),
        CarerLoad.municipality_id == municipality_id,
        CarerLoad.load >= HEAVY,
        CarerLoad.heard_at.is_(None),
        _is_latest(),
    )
    rows = query.options(joinedload(CarerLoad.person)).order_by(CarerLoad.load.desc(), CarerLoad.said_at)
    return list(session.scalars(rows.limit(100)))


def count_heavy(session: Session, actor: Actor, municipality_id: int) -> int:
    """How many those are."""
    require(actor, Permission.MODERATE_REQUEST, municipality_id)
    query = select(func.count()).where(
        visible(actor, Permission.MODERATE_REQUEST, CarerLoad),
        CarerLoad.municipality_id == municipality_id,
        CarerLoad.load >= HEAVY,
        CarerLoad.heard_at.is_(None),
        _is_latest(),
    )
    return int(session.execute(query).scalar_one())


def heard(session: Session, actor: Actor, id: UUID) -> CarerLoad:
    """Somebody phoned. Raises NotFound out of reach."""
    query = select(CarerLoad).where(
        CarerLoad.id == id, CarerLoad.in_reach_of(actor.reach(Permission.MODERATE_REQUEST))
    )
    row = found(session.scalars(locked(query)).one_or_none())
    row.heard_at = row.heard_at or now(session)
    session.flush()
    return row
