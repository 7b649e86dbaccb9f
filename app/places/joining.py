"""A municipality that joins the region, step by step; and how the instance itself stands."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.models import RoleGrant
from app.access.policy import found
from app.access.proof_models import StaffInvitation
from app.access.roles import Permission, Role
from app.errors import NotFound
from app.imports.models import ImportRun
from app.people.models import Membership
from app.people.phone import TypedPhone
from app.places.models import Border, Municipality, Neighbourhood, Sharing
from app.reports.models import Release
from app.schemas import Incoming, Whole
from app.text import Line
from app.watching import standing


class Joining(Incoming):
    """Which municipality."""

    municipality_id: Annotated[Whole, Field(alias="wie")]


class First(Incoming):
    """What every page of a municipality needs; the rest has a sensible beginning and is its administrator's."""

    phone: Annotated[TypedPhone, Field(alias="telefoon")]
    opening_hours: Annotated[Line, Field(alias="openingstijden")]
    mediation: Annotated[Annotated[Whole, Field(ge=1, le=5)], Field(alias="bemiddeling")]


@dataclass(frozen=True, slots=True)
class Steps:
    """How far a municipality has come."""

    municipality: Municipality
    postcodes: int
    reachable: bool
    invited: list[StaffInvitation]
    administrators: int
    shares: int
    neighbours: int
    imported: int
    people: int

    @property
    def done(self) -> int:
        """Of the five that somebody has to do."""
        return sum(
            (
                self.municipality.joined,
                self.reachable,
                bool(self.invited or self.administrators),
                self.administrators > 0,
                self.shares > 0 or not self.neighbours,
            )
        )


def _refuse_others(actor: Actor) -> None:
    if not actor.reach(Permission.SEE_REGION):
        raise NotFound


def candidates(session: Session, actor: Actor) -> list[Municipality]:
    """Municipalities that could join: known with their postcodes, and not here yet, the neighbours of ours first."""
    _refuse_others(actor)
    ours = select(Municipality.id).where(Municipality.joined)
    near = select(Border.neighbour_id).where(Border.municipality_id.in_(ours))
    query = (
        select(Municipality)
        .where(Municipality.joined.is_(False), Municipality.id.in_(select(Neighbourhood.municipality_id)))
        .order_by(Municipality.id.in_(near).desc(), Municipality.name)
    )
    return list(session.scalars(query))


def underway(session: Session, actor: Actor) -> list[Municipality]:
    """Those that joined and cannot be telephoned yet, or have no administrator."""
    reach = actor.reach(Permission.SEE_REGION)
    _refuse_others(actor)
    run_by = select(RoleGrant.municipality_id).where(
        RoleGrant.role == Role.MUNICIPALITY_ADMINISTRATOR, RoleGrant.municipality_id.in_(reach)
    )
    query = (
        select(Municipality)
        .where(
            Municipality.id.in_(reach),
            Municipality.joined,
            (Municipality.phone == "") | Municipality.id.not_in(run_by),
        )
        .order_by(Municipality.name)
    )
    return list(session.scalars(query))


def join(session: Session, actor: Actor, municipality_id: int) -> None:
    """Let it take part. The database asks once more whether it is the region that says so."""
    _refuse_others(actor)
    joined = session.execute(text("SELECT let_join(:id)"), {"id": municipality_id}).scalar_one()
    if not joined:
        raise NotFound


def steps(session: Session, actor: Actor, municipality_id: int) -> Steps:
    """How far it has come. NotFound for one that did not join, or who is not of the region."""
    reach = actor.reach(Permission.SEE_REGION)
    if municipality_id not in reach:
        raise NotFound
    row = found(session.get(Municipality, municipality_id))

    def count(query: Any) -> int:
        return int(session.execute(query).scalar_one())

    invited = select(StaffInvitation).where(
        StaffInvitation.municipality_id.in_(reach),
        StaffInvitation.municipality_id == municipality_id,
        StaffInvitation.role == Role.MUNICIPALITY_ADMINISTRATOR,
        StaffInvitation.used_at.is_(None),
        StaffInvitation.withdrawn_at.is_(None),
        StaffInvitation.expires_at > func.ledger.now(),
    )
    administrators = select(func.count()).where(
        RoleGrant.municipality_id.in_(reach),
        RoleGrant.municipality_id == municipality_id,
        RoleGrant.role == Role.MUNICIPALITY_ADMINISTRATOR,
    )
    imported = select(func.count()).where(
        ImportRun.in_reach_of(reach),
        ImportRun.municipality_id == municipality_id,
        ImportRun.is_rehearsal.is_(False),
    )
    people = select(func.count()).where(
        Membership.municipality_id.in_(reach), Membership.municipality_id == municipality_id
    )
    return Steps(
        municipality=row,
        postcodes=count(select(func.count()).where(Neighbourhood.municipality_id == municipality_id)),
        reachable=row.phone != "",
        invited=list(session.scalars(invited)),
        administrators=count(administrators),
        shares=count(select(func.count()).where(Sharing.municipality_id == municipality_id)),
        neighbours=count(
            select(func.count())
            .select_from(Border)
            .join(Municipality, Municipality.id == Border.neighbour_id)
            .where(Border.municipality_id == municipality_id, Municipality.joined)
        ),
        imported=count(imported),
        people=count(people),
    )


def begin(session: Session, actor: Actor, municipality_id: int, first: First) -> None:
    """Telephone, hours and degree of mediation of one that has no administrator yet. Raises NotFound afterwards."""
    held = steps(session, actor, municipality_id)
    if held.administrators:
        raise NotFound
    row = held.municipality
    row.phone, row.opening_hours, row.mediation = first.phone, first.opening_hours, first.mediation
    row.version += 1
    session.flush()


@dataclass(frozen=True, slots=True)
class Health:
    """How the instance stands, for somebody who has no terminal."""

    schema_newest: bool
    queue: standing.Queue
    books: standing.Books
    unguarded: list[str]
    told_at: datetime | None
    """When figures were last told."""
    municipalities: int

    @property
    def worker_lives(self) -> bool:
        """Somebody does the jobs."""
        return self.queue.workers > 0

    @property
    def wrong(self) -> int:
        """How many of the lines on the page ask for somebody."""
        return sum(
            (
                not self.schema_newest,
                not self.worker_lives,
                self.queue.oldest_s > standing.LATE_S,
                self.queue.given_up > 0,
                self.books.not_right,
                bool(self.unguarded),
            )
        )


def health(session: Session, actor: Actor) -> Health:
    """Schema, worker, jobs, books and guards. NotFound for who is not of the region."""
    _refuse_others(actor)
    connection = session.connection()
    told = select(func.max(Release.made_at)).where(
        Release.municipality_id.in_(actor.reach(Permission.SEE_REGION))
    )
    return Health(
        schema_newest=standing.revision(connection) == standing.newest_revision(),
        queue=standing.queue(connection),
        books=standing.books(connection),
        unguarded=standing.unguarded(connection),
        told_at=session.execute(told).scalar_one(),
        municipalities=len(actor.reach(Permission.SEE_REGION)),
    )
