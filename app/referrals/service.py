"""Referrals at the desk and at the organisation that does them: who has it, what was done, and what is told back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, text
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.access.policy import found, locked, require, visible
from app.access.roles import Permission
from app.audit.write import Act, note as note_read
from app.clock import now
from app.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from app.help_requests import service as help_requests
from app.help_requests.models import HelpRequest
from app.ids import uuid7
from app.jobs.queue import defer
from app.moderation import people as known_people
from app.notifications.service import tell
from app.organisations.models import Organisation
from app.organisations.staff import works_for
from app.people import service as people
from app.people.models import Person
from app.people.service import NewPerson
from app.referrals.models import (
    OPEN,
    Referral,
    ReferralNeed,
    ReferralStatus,
    ReferralStep,
    StepKind,
    StopReason,
)
from app.referrals.schemas import (
    Added,
    Arranged,
    Begun,
    GivenBack,
    OnVersion,
    Sharing,
    Stopped,
    TellsBack,
    Told,
    Written,
)
from app.referrals.sending import refuse_unsigned

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


class NotAllArranged(Conflict):
    """Something that is needed at home has nobody yet."""

    code = "not-all-arranged"


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
    rows: list[Referral]
    counts: dict[Bin, int]
    missing: dict[UUID, int]
    """How many things at home nobody sees to yet, by referral."""
    now: datetime


@dataclass(frozen=True, slots=True)
class Taker:
    """Somebody, or an organisation, with how much they have now."""

    id: UUID
    name: str
    has: int


def selection(actor: Actor) -> Select[Referral]:
    """Those of the actor's desks, and what the organisations that the actor works for were asked and did not give back;
    row-level security agrees."""
    seen = visible(actor, Permission.MODERATE_REQUEST, Referral)
    return select(Referral).where(or_(seen, _asked_of(actor)))


def _asked_of(actor: Actor) -> ColumnElement[bool]:
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


def board(session: Session, actor: Actor, municipality_id: int, bin: Bin) -> Board:
    """What came in at a desk, what is due first on top. Raises Forbidden."""
    require(actor, Permission.MODERATE_REQUEST, municipality_id)
    here = selection(actor).where(Referral.municipality_id == municipality_id)
    order = (
        (Referral.ended_at.desc(), Referral.id) if bin is Bin.OVER
        # who is at home or nearly is comes first, then what is due first
        else (Referral.home_at.is_(None), Referral.due_at, Referral.id)
    )  # fmt: skip
    rows = list(
        session.scalars(here.where(_condition(bin, actor)).options(*FACE).order_by(*order).limit(SHOWN))
    )
    counted = here.with_only_columns(
        *(func.count().filter(_condition(one, actor)).label(one.name) for one in Bin)
    )
    counts = dict(zip(Bin, session.execute(counted).one(), strict=True))
    return Board(bin, rows, counts, missing(session, actor, rows), now(session))


def waiting(session: Session, actor: Actor, municipality_id: int) -> int:
    """How many have nobody."""
    require(actor, Permission.MODERATE_REQUEST, municipality_id)
    query = selection(actor).where(Referral.municipality_id == municipality_id, _condition(Bin.TEAM, actor))
    return session.scalars(query.with_only_columns(func.count())).one()


def count_open(session: Session, actor: Actor, municipality_id: int) -> tuple[int, int]:
    """How many ``board`` shows that are not over, and how many of those are late. Raises Forbidden."""
    require(actor, Permission.MODERATE_REQUEST, municipality_id)
    query = selection(actor).where(Referral.municipality_id == municipality_id, _condition(Bin.ALL, actor))
    needed = (
        select(ReferralNeed.id)
        .where(ReferralNeed.referral_id == Referral.id, ReferralNeed.arranged_at.is_(None))
        .correlate(Referral)
        .exists()
    )
    waits = or_(
        and_(Referral.home_at.is_(None), Referral.spoken_at.is_(None)),
        and_(Referral.home_at.is_not(None), or_(Referral.status.not_in((R.SPOKEN, R.STARTED)), needed)),
    )
    passed = func.count().filter(Referral.due_at < now(session), waits)
    row = session.execute(query.with_only_columns(func.count(), passed)).one()
    return int(row[0]), int(row[1])


def missing(session: Session, actor: Actor, rows: Sequence[Referral]) -> dict[UUID, int]:
    """How many needs at home have nobody, by referral."""
    seen = selection(actor).with_only_columns(Referral.id)
    query = (
        select(ReferralNeed.referral_id, func.count())
        .where(ReferralNeed.referral_id.in_(seen), ReferralNeed.referral_id.in_([row.id for row in rows]))
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
        .where(_asked_of(actor), Referral.status.in_(OPEN))
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
    return Case(row, _needs(session, actor, row), _steps(session, actor, row))


def _handled(actor: Actor, id: UUID) -> Select[Referral]:
    """Only for who does something with it: whom it is about reads less, on their own page."""
    reach = actor.reach(Permission.MODERATE_REQUEST)
    return select(Referral).where(
        Referral.id == id,
        or_(
            Referral.in_reach_of(reach),
            _asked_of(actor),
        ),
    )


def _needs(session: Session, actor: Actor, row: Referral) -> list[ReferralNeed]:
    seen = selection(actor).with_only_columns(Referral.id)
    query = select(ReferralNeed).where(ReferralNeed.referral_id.in_(seen), ReferralNeed.referral_id == row.id)
    return list(
        session.scalars(query.options(joinedload(ReferralNeed.arranged_by)).order_by(ReferralNeed.id))
    )


def _steps(session: Session, actor: Actor, row: Referral) -> list[ReferralStep]:
    seen = selection(actor).with_only_columns(Referral.id)
    query = select(ReferralStep).where(ReferralStep.referral_id.in_(seen), ReferralStep.referral_id == row.id)
    return list(session.scalars(query.options(joinedload(ReferralStep.author)).order_by(ReferralStep.at)))


def _held(session: Session, actor: Actor, id: UUID, version: int) -> Referral:
    """Locked, as it was read. Raises NotFound, Stale, Forbidden where it is about oneself."""
    row = _locked(session, actor, id)
    if row.version != version:
        raise Stale
    return row


def _locked(session: Session, actor: Actor, id: UUID) -> Referral:
    if actor.behind is not None:
        raise NotFound
    row = found(session.scalars(locked(_handled(actor, id))).one_or_none())
    if row.person_id is not None and row.person_id == actor.person:
        raise Forbidden
    return row


def _at_desk(session: Session, actor: Actor, id: UUID, version: int) -> Referral:
    row = _held(session, actor, id, version)
    require(actor, Permission.MODERATE_REQUEST, row.municipality_id)
    return row


def takers(session: Session, actor: Actor, municipality_id: int) -> tuple[list[Taker], list[Taker]]:
    """Makelaars of the municipality and organisations that signed, with how many each has: the least first."""
    require(actor, Permission.MODERATE_REQUEST, municipality_id)
    return room(session, actor, municipality_id)


def room(session: Session, actor: Actor, municipality_id: int) -> tuple[list[Taker], list[Taker]]:
    """The same for the worker, which is nobody."""
    staff = text("SELECT DISTINCT person_id FROM municipality_staff(:m) WHERE role = 'broker'")
    keys = session.scalars(staff, {"m": municipality_id}).all()
    people_there = select(Person.id, Person.first_name).where(
        Person.id.in_(keys), Person.disabled_at.is_(None)
    )
    flags = select(Organisation.id, Organisation.name).where(
        visible(actor, Permission.SEE_ORGANISATIONS, Organisation),
        Organisation.municipality_id == municipality_id,
        Organisation.covenant_signed_on.is_not(None),
    )
    here = selection(actor).where(Referral.municipality_id == municipality_id)
    running = here.where(Referral.status.in_((R.PASSED, R.TAKEN, R.SPOKEN, R.STARTED)))

    def most_room(named: Any, column: Any) -> list[Taker]:
        counted = running.with_only_columns(column, func.count()).group_by(column)
        has = {row[0]: row[1] for row in session.execute(counted)}
        found_ = [Taker(id, name, has.get(id, 0)) for id, name in session.execute(named)]
        return sorted(found_, key=lambda one: (one.has, one.name.casefold(), str(one.id)))

    return most_room(people_there, Referral.owner_id), most_room(flags, Referral.organisation_id)


def share(session: Session, actor: Actor, id: UUID, wanted: Sharing) -> Referral:
    """Give it to a colleague with a stand-in, or ask an organisation; it is told to whoever gets it.

    Somebody who comes home from hospital always has a stand-in: Invalid without one.
    """
    row = _at_desk(session, actor, id, wanted.version)
    if (wanted.owner_id is None) == (wanted.organisation_id is None):
        raise Invalid(details={"collega": "one-of-two"})
    if wanted.organisation_id is not None:
        return _ask(session, actor, row, wanted.organisation_id)
    assert wanted.owner_id is not None
    colleagues = {one.id for one in takers(session, actor, row.municipality_id)[0]}
    if wanted.owner_id not in colleagues:
        raise Invalid(details={"collega": "choose"})
    stand_in = wanted.stand_in_id
    if stand_in is not None and (stand_in not in colleagues or stand_in == wanted.owner_id):
        raise Invalid(details={"vervanger": "choose"})
    if row.home_at is not None and stand_in is None and len(colleagues) > 1:
        raise Invalid(details={"vervanger": "choose"})
    row.organisation_id, row.asked_at = None, None
    row.owner_id, row.stand_in_id = wanted.owner_id, stand_in
    row.taken_at = now(session)
    row.step(R.TAKEN, actor.person_id)
    session.flush()
    for person_id in filter(None, (row.owner_id, stand_in)):
        if person_id != actor.person_id:
            tell(session, person_id, row.municipality_id, "referral-yours", row.id, turn=row.version,
                 title=row.reference)  # fmt: skip
    return row


def _ask(session: Session, actor: Actor, row: Referral, organisation_id: UUID) -> Referral:
    organisation = refuse_unsigned(session, actor, organisation_id)
    row.organisation_id, row.asked_at = organisation.id, now(session)
    row.owner_id = row.stand_in_id = None
    row.step(R.PASSED, actor.person_id)
    session.flush()
    tell_organisation(session, row)
    return row


def tell_organisation(session: Session, row: Referral) -> None:
    """Everybody who works for the organisation that was asked."""
    staff = text("SELECT DISTINCT person_id FROM organisation_staff(:o)")
    for person_id in session.scalars(staff, {"o": row.organisation_id}).all():
        tell(session, person_id, row.municipality_id, "referral-passed", row.id, turn=row.version,
             title=row.reference)  # fmt: skip


def take(session: Session, actor: Actor, id: UUID, on: OnVersion) -> Referral:
    """An organisation that was asked says yes; or a makelaar takes what nobody has."""
    row = _held(session, actor, id, on.version)
    if row.organisation_id in works_for(actor):
        if row.status is not R.PASSED:
            raise ReferralOver
        row.owner_id = actor.person_id
        row.taken_at = now(session)
        row.step(R.TAKEN, actor.person_id)
        session.flush()
        return row
    require(actor, Permission.MODERATE_REQUEST, row.municipality_id)
    return share(session, actor, id, _alone(session, actor, row))


def _alone(session: Session, actor: Actor, row: Referral) -> Sharing:
    """Oneself, and where somebody comes home the colleague with least to do as a stand-in."""
    others = [one.id for one in takers(session, actor, row.municipality_id)[0] if one.id != actor.person_id]
    stand_in = others[0] if row.home_at is not None and others else row.stand_in_id
    substitute = stand_in if stand_in != actor.person_id else None
    return Sharing.model_validate(
        {"versie": row.version, "collega": actor.person_id, "vervanger": substitute}
    )


def give_back(session: Session, actor: Actor, id: UUID, why: GivenBack) -> None:
    """An organisation cannot do it: it lies with the core team again, which hears why."""
    row = _held(session, actor, id, why.version)
    if row.organisation_id not in works_for(actor):
        raise Forbidden
    if row.status not in (R.PASSED, R.TAKEN, R.SPOKEN):
        raise ReferralOver
    _write(session, actor, row, StepKind.GAVE_BACK, why.reason)
    row.owner_id = row.stand_in_id = None
    row.step(R.RECEIVED, actor.person_id)
    session.flush()
    tell_desk(session, row, "referral-given-back")


def tell_desk(session: Session, row: Referral, kind: str) -> None:
    """The makelaars of there."""
    staff = text("SELECT DISTINCT person_id FROM municipality_staff(:m) WHERE role = 'broker'")
    for person_id in session.scalars(staff, {"m": row.municipality_id}).all():
        tell(session, person_id, row.municipality_id, kind, row.id, turn=row.version, title=row.reference)


def _write(session: Session, actor: Actor, row: Referral, kind: StepKind, words: str) -> None:
    session.add(
        ReferralStep(
            id=uuid7(), municipality_id=row.municipality_id, referral_id=row.id, author_id=actor.person_id,
            kind=kind, words=words,
        )
    )  # fmt: skip
    session.flush()


def write(session: Session, actor: Actor, id: UUID, done: Written) -> Referral:
    """Write down what was done; a talk or a visit is also a step further."""
    row = _held(session, actor, id, done.version)
    if done.kind not in (StepKind.NOTE, StepKind.CALLED, StepKind.NOT_REACHED, StepKind.VISITED):
        raise Invalid(details={"wat": "choose"})
    if done.kind is StepKind.NOTE and not done.words:
        raise Invalid(details={"notitie": "missing"})
    _write(session, actor, row, done.kind, done.words or "")
    if done.kind in (StepKind.CALLED, StepKind.VISITED) and row.status is R.TAKEN:
        row.spoken_at = now(session)
        row.step(R.SPOKEN, actor.person_id)
        session.flush()
    return row


def start(session: Session, actor: Actor, id: UUID, on: OnVersion) -> Referral:
    """Something began. Raises Invalid for a request of somebody else."""
    row = _held(session, actor, id, on.version)
    if isinstance(on, Begun) and on.help_request_id is not None:
        if on.help_request_id not in {one.id for one in asked_by(session, actor, row)}:
            raise Invalid(details={"vraag": "choose"})
        row.help_request_id = on.help_request_id
    row.ended_at = None
    row.step(R.STARTED, actor.person_id)
    session.flush()
    return row


def asked_by(session: Session, actor: Actor, row: Referral) -> list[HelpRequest]:
    """What the person of a referral asks, for who may see that at the desk; out of one of them it may begin."""
    if row.person_id is None or row.municipality_id not in actor.reach(Permission.MODERATE_REQUEST):
        return []
    query = help_requests.selection(actor).where(
        HelpRequest.person_id == row.person_id, HelpRequest.municipality_id == row.municipality_id
    )
    return list(session.scalars(query.order_by(HelpRequest.created_at.desc()).limit(20)))


def finish(session: Session, actor: Actor, id: UUID, on: OnVersion) -> Referral:
    """It is done. Raises NotAllArranged while something at home has nobody."""
    row = _held(session, actor, id, on.version)
    if any(need.arranged_at is None for need in _needs(session, actor, row)):
        raise NotAllArranged
    row.ended_at = now(session)
    row.step(R.DONE, actor.person_id)
    session.flush()
    return row


def stop(session: Session, actor: Actor, id: UUID, why: Stopped) -> Referral:
    """It goes no further."""
    row = _at_desk(session, actor, id, why.version)
    if row.status not in OPEN:
        raise ReferralOver
    row.ended_at, row.stop_reason = now(session), why.reason
    if why.reason is StopReason.DIED:  # nothing is told about who died but by whom they leave
        row.tells_back = False
    row.step(R.STOPPED, actor.person_id)
    session.flush()
    return row


def reopen(session: Session, actor: Actor, id: UUID, on: OnVersion) -> Referral:
    """It was stopped too soon: it lies with the core team again."""
    row = _at_desk(session, actor, id, on.version)
    row.ended_at, row.stop_reason, row.owner_id, row.stand_in_id = None, None, None, None
    row.organisation_id = None
    row.step(R.RECEIVED, actor.person_id)
    session.flush()
    return row


def tell_back(session: Session, actor: Actor, id: UUID, said: Told) -> Referral:
    """What the referrer reads; Forbidden without the person's yes."""
    row = _held(session, actor, id, said.version)
    if not row.tells_back:
        raise Forbidden
    row.told, row.told_at = said.words, now(session)
    session.flush()
    _write(session, actor, row, StepKind.TOLD_BACK, said.words)
    defer(session, "referrals.told", queue="mail", referral_id=str(row.id))
    if row.referrer_id is not None and row.referrer_id != actor.person_id and row.link_id is None:
        tell(session, row.referrer_id, row.municipality_id, "referral-told", row.id, turn=row.version,
             title=row.reference)  # fmt: skip
    return row


def hear(session: Session, actor: Actor, id: UUID, said: TellsBack) -> Referral:
    """The person says on the telephone whether the referrer may hear how it goes."""
    row = _held(session, actor, id, said.version)
    moment = now(session)
    if said.tells_back and not row.tells_back:
        row.tells_back_since, row.tells_back_ended_at = moment, None
    elif row.tells_back and not said.tells_back:
        row.tells_back_ended_at, row.told, row.told_at = moment, "", None
    row.tells_back = said.tells_back
    session.flush()
    return row


def take_back(session: Session, actor: Actor, id: UUID) -> None:
    """The person themselves: the referrer hears nothing more, and what was told shows no longer."""
    if actor.behind is not None:
        raise NotFound
    own = select(Referral).where(Referral.owned_by(actor.person_id), Referral.id == id)
    row = found(session.scalars(locked(own)).one_or_none())
    row.tells_back_ended_at = row.tells_back_ended_at or now(session)
    row.tells_back, row.told, row.told_at = False, "", None
    session.flush()


def arrange(session: Session, actor: Actor, id: UUID, need_id: UUID, arranged: Arranged) -> Referral:
    """Who sees to something at home."""
    row = _locked(session, actor, id)
    seen = selection(actor).with_only_columns(Referral.id)
    query = select(ReferralNeed).where(
        ReferralNeed.referral_id.in_(seen), ReferralNeed.id == need_id, ReferralNeed.referral_id == row.id
    )
    need = found(session.scalars(query).one_or_none())
    if row.status not in OPEN:
        raise ReferralOver
    need.who = arranged.who or ""
    need.arranged_at = now(session) if arranged.who else None
    need.arranged_by_id = actor.person_id if arranged.who else None
    session.flush()
    return row


def add_need(session: Session, actor: Actor, id: UUID, new: Added) -> Referral:
    """One thing more; what is there already stays as it is."""
    row = _locked(session, actor, id)
    if row.status not in OPEN:
        raise ReferralOver
    if all(need.kind is not new.kind for need in _needs(session, actor, row)):
        session.add(
            ReferralNeed(id=uuid7(), municipality_id=row.municipality_id, referral_id=row.id, kind=new.kind)
        )
        session.flush()
    return row


def twin(session: Session, actor: Actor, row: Referral) -> "known_people.Known | None":
    """Whom of this desk's people it may be about: the same telephone number, or the same name and postcode."""
    if row.person_id is not None or row.municipality_id not in actor.reach(Permission.REGISTER_PERSON):
        return None
    typed = row.phone or f"{row.first_name} {row.last_name}".strip()
    for one in known_people.find(session, actor, typed, municipality_id=row.municipality_id)[:20]:
        if one.lives_here and one.first_name.casefold() == row.first_name.casefold():
            return one
    return None


def know(session: Session, actor: Actor, id: UUID, on: OnVersion, person_id: UUID | None) -> Person:
    """From here on we know who it is: somebody of the desk's people, or somebody who is registered now."""
    row = _at_desk(session, actor, id, on.version)
    if row.person_id is not None:
        raise Conflict
    if person_id is None:
        typed = {
            "voornaam": row.first_name, "achternaam": row.last_name or None, "postcode": row.postcode,
            "gemeente": row.municipality_id, "huisnummer": row.house_number or None,
            "telefoon": row.phone or None, "geboortejaar": row.birth_year,
        }  # fmt: skip
        person = people.register_for(session, actor, NewPerson.model_validate(typed))
    else:
        person = found(session.get(Person, known_people.get(session, actor, person_id).person.id))
    if person.id == actor.person:
        raise Forbidden
    row.person_id = person.id
    session.flush()
    tell(session, person.id, row.municipality_id, "referral-about-you", row.id)
    return person
