"""Parting: a municipality and those that stay let go of each other; then it is closed here, and its people are told."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import psycopg
from sqlalchemy import ARRAY, ColumnElement, Integer, Select, and_, cast, delete, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from app import upkeep
from app.access.actor import Actor
from app.agreements import occur
from app.agreements.models import Agreement, Occurrence, OccurrenceStatus, Status as AgreementStatus
from app.audit.write import Act, note
from app.backups import tools
from app.clock import now
from app.config import Settings
from app.db import Database
from app.ids import uuid7
from app.jobs.work import Work
from app.matches import answer
from app.matches.models import Proposal, Status as ProposalStatus
from app.moving.refusals import CannotMove
from app.notifications.service import tell
from app.people.models import Membership, MembershipKind
from app.places.models import Municipality, Region, Sharing
from app.privacy.again import Again, forget_each
from app.rings import answer as rings
from app.rings.models import Ending, Ring, RingStatus
from app.runtime import Addresses

REASON: Final = "moved"
WAITING: Final = (ProposalStatus.PROPOSED, ProposalStatus.WILLING, ProposalStatus.MEETING)
COMING: Final = (OccurrenceStatus.PLANNED, OccurrenceStatus.AGREED)
LAST_WORDS_S: Final = 60
"""For how long those who are in the middle of something when it closes may take to end it."""


@dataclass(frozen=True, slots=True)
class Parted:
    """How much of what crossed the border was ended."""

    agreements: int
    proposals: int
    rings: int

    @property
    def lines(self) -> list[str]:
        """For whoever typed."""
        return [
            f"ended: {self.agreements} agreements, {self.proposals} proposals and {self.rings} rings across the border"
        ]


def part(settings: Settings, where: Addresses, ids: Sequence[int]) -> Parted:
    """End what crosses between these and those that stay; both sides are told."""
    with _transaction(settings, where) as (session, actor):
        session.execute(delete(Sharing).where(_one_of(Sharing.municipality_id, Sharing.partner_id, ids)))
        these = cast(list(ids), ARRAY(Integer))
        # unscoped: the worker's reach is every municipality
        crossing = select(Ring).where(
            Ring.status.in_([RingStatus.PROPOSED, RingStatus.READY]), Ring.municipality_ids.bool_op("&&")(these),
            ~Ring.municipality_ids.bool_op("<@")(these),
        )  # fmt: skip
        going = list(session.scalars(crossing.with_for_update()))
        for ring in going:
            rings.end(session, ring, RingStatus.DISSOLVED, Ending.GONE)
        across = _one_of(Proposal.municipality_id, Proposal.helper_municipality_id, ids)
        # unscoped: the worker's reach is every municipality
        waiting = list(session.scalars(select(Proposal.id).where(across, Proposal.status.in_(WAITING))))
        for proposal_id in waiting:
            _withdraw(session, actor, proposal_id)
        across = _one_of(Agreement.municipality_id, Agreement.helper_municipality_id, ids)
        # unscoped: the worker's reach is every municipality
        active = select(Agreement.id).where(across, Agreement.status == AgreementStatus.ACTIVE)
        agreed = list(session.scalars(active))
        for agreement_id in agreed:
            occur.end(session, actor, agreement_id, REASON)
        across = _one_of(Occurrence.municipality_id, Occurrence.helper_municipality_id, ids)
        # unscoped: the worker's reach is every municipality; of agreements that were over before
        coming = select(Occurrence.id).where(
            across, Occurrence.status.in_(COMING), Occurrence.starts_at > now(session)
        )
        for occurrence_id in session.scalars(coming).all():
            occur.cancel(session, actor, occurrence_id, REASON)
    return Parted(len(agreed), len(waiting), len(going))


def _withdraw(session: Session, actor: Actor, id: UUID) -> None:
    proposal, help_request = answer.get_locked_pair(session, actor, id)
    had_answered = proposal.status is not ProposalStatus.PROPOSED
    proposal.step(ProposalStatus.WITHDRAWN, None, REASON)
    if had_answered:
        for person_id, municipality_id in proposal.sides():
            tell(session, person_id, municipality_id, "not-this-time", id, title=help_request.title)


def _one_of(
    one: InstrumentedAttribute[int], other: InstrumentedAttribute[int], ids: Sequence[int]
) -> ColumnElement[bool]:
    """Exactly one of the two goes."""
    return or_(and_(one.in_(ids), other.not_in(ids)), and_(one.not_in(ids), other.in_(ids)))


@contextmanager
def closed(settings: Settings, where: Addresses, ids: Sequence[int], moves_to: str) -> Iterator[None]:
    """Shut for the length of the block, in which the file is written; for good, and people told, when it was."""
    _set(where, ids, moves_to)
    try:
        _wait_for_the_last(where)
        yield
    except BaseException:
        reopen(where, ids)
        raise
    with _transaction(settings, where) as (session, actor):
        _tell(session, actor, ids)


def reopen(where: Addresses, ids: Sequence[int]) -> None:
    """They take part here again. Raises CannotMove for one that did not leave: who never took part begins elsewhere."""
    _refuse_who_stayed(where, ids)
    _set(where, ids, "")


def forget(settings: Settings, where: Addresses, ids: Sequence[int]) -> Again:
    """Everybody who moved from here is forgotten in the copy that was left. Raises CannotMove as ``reopen``.

    Safe to run again. Whoever has something open that only people could settle is shut out for good, and goes with
    the terms.
    """
    _refuse_who_stayed(where, ids)
    with upkeep.as_owner(where.owner_url) as connection:
        # a neighbour who lived there before is not one of them
        people = list(
            connection.execute(
                _who_lives(ids).having(func.bool_and(Membership.municipality_id.in_(ids)))
            ).scalars()
        )
    return forget_each(settings, where, people)


def _refuse_who_stayed(where: Addresses, ids: Sequence[int]) -> None:
    stayed = select(Municipality.name).where(Municipality.id.in_(ids), Municipality.moved_to == "")
    with upkeep.as_owner(where.owner_url) as connection:
        names = list(connection.execute(stayed.order_by(Municipality.name)).scalars())
    if names:
        raise CannotMove(f"Did not move from here: {', '.join(names)}.")


def _set(where: Addresses, ids: Sequence[int], moves_to: str) -> None:
    another = select(Municipality.id).where(Municipality.joined).order_by(Municipality.id).limit(1)
    with upkeep.as_owner(where.owner_url) as connection:
        these = update(Municipality).where(Municipality.id.in_(ids))
        connection.execute(these.values(joined=not moves_to, moved_to=moves_to))
        begins = select(Municipality.id).where(
            Municipality.joined, Municipality.id == Region.default_municipality_id
        )
        lost = update(Region).where(~begins.exists())
        connection.execute(lost.values(default_municipality_id=another.scalar_subquery()))


def _wait_for_the_last(where: Addresses) -> None:
    """Whoever began to write before it was closed ends before the file is begun. Raises CannotMove."""
    with psycopg.connect(tools.conninfo(where.owner_url), autocommit=True) as connection:
        row = connection.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint").fetchone()
        assert row is not None
        until = time.monotonic() + LAST_WORDS_S
        while time.monotonic() < until:
            oldest = connection.execute(
                "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
            ).fetchone()
            assert oldest is not None
            if oldest[0] >= row[0]:
                return
            time.sleep(0.1)
    raise CannotMove("Somebody is still writing since before it was closed: nothing was exported, try again.")


def _who_lives(ids: Sequence[int]) -> Select[UUID, int]:
    """Everybody, with which of these municipalities is theirs; the caller says who of them."""
    here = func.min(Membership.municipality_id).filter(Membership.municipality_id.in_(ids))
    # unscoped: the worker's reach is every municipality, and the owner's all rows
    query = select(Membership.person_id, here).where(Membership.kind == MembershipKind.LIVES)
    return query.group_by(Membership.person_id)


def _tell(session: Session, actor: Actor, ids: Sequence[int]) -> None:
    lives = _who_lives(ids).having(func.bool_or(Membership.municipality_id.in_(ids)))
    where = {
        row.id: row
        for row in session.execute(
            select(Municipality.id, Municipality.name, Municipality.moved_to).where(Municipality.id.in_(ids))
        )
    }
    for person_id, municipality_id in session.execute(lives).all():
        tell(session, person_id, municipality_id, "moved-house", person_id, title=where[municipality_id].name)
    for place in where.values():
        note(
            session, actor, Act.MOVED_OUT, municipality_id=place.id, entity="municipality", entity_id=uuid7(),
            reason=place.moved_to,
        )  # fmt: skip


@contextmanager
def _transaction(settings: Settings, where: Addresses) -> Iterator[tuple[Session, Actor]]:
    database = Database(where.application, pool_size=2)
    try:
        with Work(settings, database).transaction() as (session, actor):
            yield session, actor
    finally:
        database.close()
