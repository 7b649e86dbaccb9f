"""Referrals at the desk and at the organisation that does them: which there are, who may see one, who may change it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.access.policy import found, locked, require, visible
from app.access.roles import Permission
from app.audit.write import Act, note as note_read
from app.clock import now
from app.errors import Conflict, Forbidden, NotFound, Stale
from app.help_requests import service as help_requests
from app.help_requests.models import HelpRequest
from app.ids import uuid7
from app.organisations.staff import works_for
from app.paging import PAGE, Found, one_page
from app.referrals.models import (
    OPEN,
    Referral,
    ReferralNeed,
    ReferralStatus,
    ReferralStep,
    StepKind,
)

R = ReferralStatus
FACE = (
    joinedload(Referral.owner),
    joinedload(Referral.stand_in),
    joinedload(Referral.person),
    joinedload(Referral.organisation),
    joinedload(Referral.from_organisation),
)
SHOWN = 200


class Bin(StrEnum):
    """A part of what came in."""

    ALL = "alles"
    TEAM = "kernteam"
    """Nobody has it: the core team shares it out."""
    HOME = "thuis"
    """Somebody comes home from hospital, or just did."""
    PASSED = "gevraagd"
    RUNNING = "loopt"
    MINE = "van-mij"
    OVER = "klaar"


class ReferralOver(Conflict):
    """It was done or stopped before this."""

    code = "referral-over"


@dataclass(frozen=True, slots=True)
class Case:
    """A referral on a screen."""

    referral: Referral
    needs: list[ReferralNeed]
    steps: list[ReferralStep]


@dataclass(frozen=True, slots=True)
class Board:
    """One bin of a desk, and how many there are in each."""

    bin: Bin
    found: Found[Referral]
    counts: dict[Bin, int]
    late: int
    """Of this bin, on all its pages."""
    missing: dict[UUID, int]
    """How many things at home nobody sees to yet, by referral."""
    now: datetime

    @property
    def rows(self) -> list[Referral]:
        """Those of this page."""
        return self.found.rows


def selection(actor: Actor) -> Select[Referral]:
    """Those of the actor's desks, and what the organisations that the actor works for were asked and did not give back;
    row-level security agrees."""
    seen = visible(actor, Permission.MODERATE_REQUEST, Referral)
    return select(Referral).where(or_(seen, asked_of(actor)))


def asked_of(actor: Actor) -> ColumnElement[bool]:
    return and_(Referral.organisation_id.in_(works_for(actor)), Referral.status != R.RECEIVED)


def _condition(bin: Bin, actor: Actor) -> ColumnElement[bool]:
    conditions: dict[Bin, ColumnElement[bool]] = {
        Bin.ALL: Referral.status.in_(OPEN),
        Bin.TEAM: Referral.status == R.RECEIVED,
        Bin.HOME: and_(Referral.home_at.is_not(None), Referral.status.in_(OPEN)),
        Bin.PASSED: Referral.status == R.PASSED,
        Bin.RUNNING: Referral.status.in_((R.TAKEN, R.SPOKEN, R.STARTED)),
        Bin.MINE: and_(
            or_(Referral.owner_id == actor.person_id, Referral.stand_in_id == actor.person_id),
            Referral.status.in_(OPEN),
        ),
        Bin.OVER: Referral.status.in_((R.DONE, R.STOPPED)),
    }
    return conditions[bin]


def board(session: Session, actor: Actor, municipality_id: int, bin: Bin, page: int = 1) -> Board:
    """What came in at a desk, a page of it, what is due first on top. Raises Forbidden."""
    require(actor, Permission.MODERATE_REQUEST, municipality_id)
    here = selection(actor).where(Referral.municipality_id == municipality_id)
    order = (
        (Referral.ended_at.desc(), Referral.id) if bin is Bin.OVER
        # who is at home or nearly is comes first, then what is due first
        else (Referral.home_at.is_(None), Referral.due_at, Referral.id)
    )  # fmt: skip
    shown = here.where(_condition(bin, actor)).options(*FACE).order_by(*order)
    rows = list(session.scalars(shown.limit(PAGE).offset((page - 1) * PAGE)))
    moment = now(session)
    is_late = and_(_condition(bin, actor), Referral.status.in_(OPEN), Referral.due_at < moment, _waits())
    counted = here.with_only_columns(
        func.count().filter(is_late),
        *(func.count().filter(_condition(one, actor)).label(one.name) for one in Bin),
    )
    late, *counts = session.execute(counted).one()
    of_bins = dict(zip(Bin, counts, strict=True))
    return Board(
        bin, one_page(rows, of_bins[bin], page), of_bins, late, missing(session, actor, rows), moment
    )


def waiting(session: Session, actor: Actor, municipality_id: int) -> int:
    """How many have nobody."""
    require(actor, Permission.MODERATE_REQUEST, municipality_id)
    query = selection(actor).where(Referral.municipality_id == municipality_id, _condition(Bin.TEAM, actor))
    return session.scalars(query.with_only_columns(func.count())).one()


def count_open(session: Session, actor: Actor, municipality_id: int) -> tuple[int, int]:
    """How many ``board`` shows that are not over, and how many of those are late. Raises Forbidden."""
    require(actor, Permission.MODERATE_REQUEST, municipality_id)
    query = selection(actor).where(Referral.municipality_id == municipality_id, _condition(Bin.ALL, actor))
    passed = func.count().filter(Referral.due_at < now(session), _waits())
    row = session.execute(query.with_only_columns(func.count(), passed)).one()
    return int(row[0]), int(row[1])


def _waits() -> ColumnElement[bool]:
    """Nobody spoke yet, or at home something has nobody."""
    needed = (
        select(ReferralNeed.id)
        .where(ReferralNeed.referral_id == Referral.id, ReferralNeed.arranged_at.is_(None))
        .correlate(Referral)
        .exists()
    )
    return or_(
        and_(Referral.home_at.is_(None), Referral.spoken_at.is_(None)),
        and_(Referral.home_at.is_not(None), or_(Referral.status.not_in((R.SPOKEN, R.STARTED)), needed)),
    )


def missing(session: Session, actor: Actor, rows: Sequence[Referral]) -> dict[UUID, int]:
    """How many needs at home have nobody, by referral."""
    ids = [row.id for row in rows]
    seen = selection(actor).where(Referral.id.in_(ids)).with_only_columns(Referral.id)
    query = (
        select(ReferralNeed.referral_id, func.count())
        .where(ReferralNeed.referral_id.in_(seen), ReferralNeed.referral_id.in_(ids))
        .where(ReferralNeed.arranged_at.is_(None))
        .group_by(ReferralNeed.referral_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def of_organisations(session: Session, actor: Actor) -> list[Referral]:
    """What the organisations that the actor works for were asked or do; open ones, what is due first on top."""
    if not works_for(actor):
        raise NotFound
    query = (
        selection(actor)
        .where(asked_of(actor), Referral.status.in_(OPEN))
        .options(*FACE)
        .order_by(Referral.status != R.PASSED, Referral.due_at, Referral.id)
        .limit(SHOWN)
    )
    return list(session.scalars(query))


def mine(session: Session, actor: Actor) -> list[Referral]:
    """What somebody said about oneself to get one help."""
    own = select(Referral).where(Referral.owned_by(actor.person_id)).options(*FACE)
    return list(session.scalars(own.order_by(Referral.created_at.desc()).limit(50)))


def get(session: Session, actor: Actor, id: UUID) -> Case:
    """One with what was done; that one looked is written down. NotFound for anybody else."""
    if actor.behind is not None:
        raise NotFound
    query = _handled(actor, id).options(*FACE)
    row = found(session.scalars(query).one_or_none())
    if row.person_id is not None:
        note_read(
            session, actor, Act.PERSON, subject=row.person_id, municipality_id=row.municipality_id,
            entity="referral", entity_id=row.id, reason=row.reference,
        )  # fmt: skip
    return Case(row, needs_of(session, actor, row), _steps(session, actor, row))


def _handled(actor: Actor, id: UUID) -> Select[Referral]:
    """Only for who does something with it: whom it is about reads less, on their own page."""
    reach = actor.reach(Permission.MODERATE_REQUEST)
    return select(Referral).where(
        Referral.id == id,
        or_(
            Referral.in_reach_of(reach),
            asked_of(actor),
        ),
    )


def needs_of(session: Session, actor: Actor, row: Referral) -> list[ReferralNeed]:
    seen = selection(actor).with_only_columns(Referral.id)
    query = select(ReferralNeed).where(ReferralNeed.referral_id.in_(seen), ReferralNeed.referral_id == row.id)
    return list(
        session.scalars(query.options(joinedload(ReferralNeed.arranged_by)).order_by(ReferralNeed.id))
    )


def _steps(session: Session, actor: Actor, row: Referral) -> list[ReferralStep]:
    seen = selection(actor).with_only_columns(Referral.id)
    query = select(ReferralStep).where(ReferralStep.referral_id.in_(seen), ReferralStep.referral_id == row.id)
    return list(session.scalars(query.options(joinedload(ReferralStep.author)).order_by(ReferralStep.at)))


def asked_by(session: Session, actor: Actor, row: Referral) -> list[HelpRequest]:
    """What the person of a referral asks, for who may see that at the desk; out of one of them it may begin."""
    if row.person_id is None or row.municipality_id not in actor.reach(Permission.MODERATE_REQUEST):
        return []
    query = help_requests.selection(actor).where(
        HelpRequest.person_id == row.person_id, HelpRequest.municipality_id == row.municipality_id
    )
    return list(session.scalars(query.order_by(HelpRequest.created_at.desc()).limit(20)))


def held(session: Session, actor: Actor, id: UUID, version: int) -> Referral:
    """Locked, as it was read. Raises NotFound, Stale, Forbidden where it is about oneself."""
    row = locked_for(session, actor, id)
    if row.version != version:
        raise Stale
    return row


def locked_for(session: Session, actor: Actor, id: UUID) -> Referral:
    if actor.behind is not None:
        raise NotFound
    row = found(session.scalars(locked(_handled(actor, id))).one_or_none())
    if row.person_id is not None and row.person_id == actor.person:
        raise Forbidden
    return row


def held_at_desk(session: Session, actor: Actor, id: UUID, version: int) -> Referral:
    row = held(session, actor, id, version)
    require(actor, Permission.MODERATE_REQUEST, row.municipality_id)
    return row


def add_step(session: Session, actor: Actor, row: Referral, kind: StepKind, words: str) -> None:
    session.add(
        ReferralStep(
            id=uuid7(), municipality_id=row.municipality_id, referral_id=row.id, author_id=actor.person_id,
            kind=kind, words=words,
        )
    )  # fmt: skip
    session.flush()
