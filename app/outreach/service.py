"""Looking in on people: what others told, who never asks, and which neighbourhoods are not reached."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import ColumnElement, CursorResult, Select, func, select, text, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased, joinedload

from app.access.actor import Actor
from app.access.limits import Limit, spend
from app.access.policy import found, locked, require, visible
from app.access.roles import Permission
from app.clock import now, today
from app.errors import Conflict, Invalid, Stale
from app.help_requests.models import HelpRequest, Status
from app.ids import uuid7
from app.moderation import people as known_people
from app.moderation.people import LIVE as REQUEST_LIVE
from app.notifications.service import tell
from app.outreach.models import LIVE, Outreach, OutreachStatus, SignalFrom
from app.outreach.schemas import Done, NewLookIn, NewSignal, Next
from app.paging import PAGE
from app.people import service as people
from app.people.models import Contact, Membership, MembershipKind, Person
from app.places.models import Neighbourhood
from app.places.service import place_of
from app.reports import hiding

O = OutreachStatus  # noqa: E741 - one letter, as beside the other lives
BY_NETWORK: Final = Limit("outreach-by-network", 20, timedelta(days=1))
QUIET: Final = timedelta(days=60)
ENDED_SHOWN: Final = 10
FACE = (joinedload(Outreach.neighbourhood), joinedload(Outreach.owner), joinedload(Outreach.person))


class AlreadyThere(Conflict):
    """Somebody of the desk looks in on them already."""

    code = "already-there"


@dataclass(frozen=True, slots=True)
class Shy:
    """Somebody who may not ask by themselves, and why we think so."""

    person_id: UUID
    first_name: str
    place: str
    withdrew: bool
    """They asked, and took it back themselves; else they were helped once, and it has been quiet since."""


@dataclass(frozen=True, slots=True)
class Reached:
    """A neighbourhood: how many of 65 and over live there, and how many of them asked in a year; None is hidden."""

    pc4: int
    place: str
    older: int
    asked: int | None
    per_thousand: int | None


def selection(actor: Actor) -> Select[Outreach]:
    """Those of one's desks."""
    return select(Outreach).where(visible(actor, Permission.MODERATE_REQUEST, Outreach))


def signal(session: Session, actor: Actor, new: NewSignal, network: str) -> UUID:
    """Somebody tells of another; without a yes only the neighbourhood is kept. Raises Invalid, SpansTwo, TooMany."""
    spend(session, BY_NETWORK, network)
    place = place_of(session, new.postcode, new.municipality_id)
    if new.seen_by is SignalFrom.DESK:
        raise Invalid(details={"wieBentU": "choose"})
    if new.agreed and not (new.about_name and (new.about_phone or new.house_number)):
        raise Invalid(details={"naam": "reach"})
    kept = new.agreed
    id = uuid7()
    # no RETURNING: who tells it reads nothing of it
    made = session.execute(
        insert(Outreach)
        .values(
            id=id, municipality_id=place.municipality_id, seen_by=new.seen_by,
            from_id=actor.person if actor.behind is None else None, from_name=new.from_name or "",
            from_reach=new.from_reach or "", agreed=new.agreed,
            about_name=(new.about_name or "") if kept else "", about_phone=(new.about_phone or "") if kept else "",
            house_number=(new.house_number or "") if kept else "", pc4=place.pc4, words=new.words,
            status=O.NEW, outcome="", version=1,
        )
        .execution_options(preserve_rowcount=True)
    )  # fmt: skip
    assert cast("CursorResult[object]", made).rowcount == 1
    staff = text("SELECT DISTINCT person_id FROM municipality_staff(:m) WHERE role = 'broker'")
    for person_id in session.scalars(staff, {"m": place.municipality_id}).all():
        tell(session, person_id, place.municipality_id, "outreach-signal", id, title=place.place)
    return id


def board(session: Session, actor: Actor, municipality_id: int, page: int = 1) -> list[Outreach]:
    """Who should be looked in on, a page of them; what has a day that passed first. Raises Forbidden."""
    require(actor, Permission.MODERATE_REQUEST, municipality_id)
    query = selection(actor).where(Outreach.municipality_id == municipality_id, Outreach.status.in_(LIVE))
    query = query.order_by(Outreach.next_on.nulls_first(), Outreach.created_at, Outreach.id)
    return list(session.scalars(query.options(*FACE).limit(PAGE).offset((page - 1) * PAGE)))


def ended(session: Session, actor: Actor, municipality_id: int) -> list[Outreach]:
    """Where somebody looked in last. Raises Forbidden."""
    require(actor, Permission.MODERATE_REQUEST, municipality_id)
    query = selection(actor).where(Outreach.municipality_id == municipality_id, ~Outreach.status.in_(LIVE))
    query = query.order_by(Outreach.ended_at.desc(), Outreach.id)
    return list(session.scalars(query.options(*FACE).limit(ENDED_SHOWN)))


def count_live(session: Session, actor: Actor, municipality_id: int) -> tuple[int, int]:
    """How many ``board`` shows, and of how many the day has passed. Raises Forbidden."""
    require(actor, Permission.MODERATE_REQUEST, municipality_id)
    live = selection(actor).where(Outreach.municipality_id == municipality_id, Outreach.status.in_(LIVE))
    passed = func.count().filter(Outreach.next_on < today(session))
    row = session.execute(live.with_only_columns(func.count(), passed)).one()
    return int(row[0]), int(row[1])


def get(session: Session, actor: Actor, id: UUID) -> Outreach:
    """One of one's own desk."""
    return found(session.scalars(selection(actor).where(Outreach.id == id).options(*FACE)).one_or_none())


def add(session: Session, actor: Actor, new: NewLookIn) -> Outreach:
    """Somebody of the desk's own people. Raises AlreadyThere, Invalid for who is never to be asked anything."""
    known = known_people.get(session, actor, new.person_id).person
    person = found(session.get(Person, known.id))
    if person.do_not_ask:
        raise Invalid(details={"persoon": "do-not-ask"})
    if new.next_on is not None and new.next_on < today(session):
        raise Invalid(details={"wanneer": "past"})
    home = people.home_if_any(session, known.id)
    if home is None or home.pc4 is None:
        raise Invalid(details={"persoon": "choose"})
    require(actor, Permission.MODERATE_REQUEST, home.municipality_id)
    there = selection(actor).where(Outreach.person_id == known.id, Outreach.status.in_(LIVE))
    if session.scalars(there.limit(1)).one_or_none() is not None:
        raise AlreadyThere
    row = Outreach(
        id=uuid7(), municipality_id=home.municipality_id, seen_by=SignalFrom.DESK, from_id=actor.person_id,
        pc4=home.pc4, person_id=known.id, words=new.words or "", owner_id=actor.person_id, next_on=new.next_on,
        status=O.PLANNED if new.next_on else O.NEW,
    )  # fmt: skip
    session.add(row)
    session.flush()
    row.tell("", actor.person_id)
    return row


def step(session: Session, actor: Actor, id: UUID, done: Done) -> Outreach:
    """What was done, or will be. Raises Stale, Invalid, NotAllowed."""
    row = found(session.scalars(locked(selection(actor).where(Outreach.id == id))).one_or_none())
    require(actor, Permission.MODERATE_REQUEST, row.municipality_id)
    if row.version != done.version:
        raise Stale
    if done.what in (Next.PLAN, Next.AGAIN):
        if done.next_on is None or done.next_on < today(session):
            raise Invalid(details={"wanneer": "past"})
        row.next_on, row.ended_at = done.next_on, None
    else:
        row.next_on = None
    row.owner_id = actor.person_id
    if done.what in (Next.HELPED, Next.CLOSED):
        row.ended_at, row.outcome = now(session), done.words or ""
    wanted = {Next.PLAN: O.PLANNED, Next.AGAIN: O.PLANNED, Next.VISITED: O.VISITED, Next.HELPED: O.HELPED,
              Next.CLOSED: O.CLOSED}  # fmt: skip
    row.step(wanted[done.what], actor.person_id, done.words or "")
    session.flush()
    return row


def shy(session: Session, actor: Actor, municipality_id: int) -> list[Shy]:
    """Who may not ask by themselves: took their question back, or was helped once and it is quiet since, for the
    shortest time first: they know us still.

    Never anybody who said that they are not to be asked, or on whom somebody looks in already.
    """
    require(actor, Permission.MODERATE_REQUEST, municipality_id)
    moment = now(session)
    # the one that they asked last, which an index has in this order: it is read until there are enough
    seen = visible(actor, Permission.MODERATE_REQUEST, HelpRequest)
    now_live, later, there = aliased(HelpRequest), aliased(HelpRequest), aliased(Outreach)
    asks = select(now_live.id).where(
        now_live.person_id == HelpRequest.person_id,
        now_live.status.in_(REQUEST_LIVE),
        visible(actor, Permission.MODERATE_REQUEST, now_live),
    )
    looked_in_on = select(there.id).where(
        there.person_id == HelpRequest.person_id,
        there.status.in_(LIVE),
        visible(actor, Permission.MODERATE_REQUEST, there),
    )
    own = select(later.id).where(
        later.person_id == HelpRequest.person_id,
        later.municipality_id == municipality_id,
        visible(actor, Permission.MODERATE_REQUEST, later),
    )
    since = own.where(
        *_over(later), tuple_(later.created_at, later.id) > tuple_(HelpRequest.created_at, HelpRequest.id)
    )
    withdrew = own.where(later.status == Status.WITHDRAWN).exists()
    query = (
        select(Person.id, Person.first_name, Neighbourhood.place, withdrew)
        .select_from(HelpRequest)
        .join(Person, Person.id == HelpRequest.person_id)
        .join(Membership, (Membership.person_id == Person.id) & (Membership.kind == MembershipKind.LIVES))
        .join(Neighbourhood, Neighbourhood.pc4 == Membership.pc4)
        .where(
            seen, HelpRequest.municipality_id == municipality_id, Membership.municipality_id == municipality_id,
            *_over(HelpRequest), HelpRequest.created_at < moment - QUIET, ~since.exists(), ~Person.do_not_ask,
            Person.disabled_at.is_(None), ~asks.exists(), ~looked_in_on.exists(),
        )
        .order_by(HelpRequest.created_at.desc(), HelpRequest.id.desc())
        .limit(30)
    )  # fmt: skip
    return [Shy(*row) for row in session.execute(query)]


def _over(of: Any) -> tuple[ColumnElement[bool], ...]:
    """Taken back, found by nobody, or done for somebody who is vulnerable; an index has these alone."""
    return (
        of.status.in_((Status.WITHDRAWN, Status.DONE, Status.EXPIRED)),
        (of.status != Status.DONE) | of.vulnerable,
    )


def reached(session: Session, actor: Actor, municipality_id: int) -> list[Reached]:
    """Per neighbourhood those of 65 and over beside who of them asked in a year, the least reached first.

    For who may read each of these requests, to whom two days of counts tell nothing more. A count under five is hidden
    all the same, and never alone: it cannot be computed from the others. Raises Forbidden.
    """
    require(actor, Permission.SEE_REQUESTS, municipality_id)
    require(actor, Permission.SEE_PEOPLE, municipality_id)
    year = today(session).year
    since = now(session) - timedelta(days=365)
    places = session.execute(
        select(
            Neighbourhood.pc4, Neighbourhood.place, Neighbourhood.residents, Neighbourhood.percentage_65_plus
        )
        .where(Neighbourhood.municipality_id == municipality_id, Neighbourhood.residents > 0)
        .order_by(Neighbourhood.pc4)
    ).all()
    seen = visible(actor, Permission.SEE_REQUESTS, HelpRequest)
    counted = (
        select(HelpRequest.pc4, func.count(func.distinct(HelpRequest.person_id)))
        .join(Contact, Contact.person_id == HelpRequest.person_id)
        .where(
            seen, HelpRequest.municipality_id == municipality_id, HelpRequest.posted_at >= since,
            Contact.birth_year <= year - 65,
        )
        .group_by(HelpRequest.pc4)
    )  # fmt: skip
    asked = {row[0]: row[1] for row in session.execute(counted)}
    counts = [asked.get(row.pc4, 0) for row in places]
    rows = []
    for row, count in zip(places, hiding.hide(counts), strict=True):
        older = round(row.residents * row.percentage_65_plus / 100)
        rate = round(1000 * count / older) if count is not None and older else None
        rows.append(Reached(row.pc4, row.place, older, count, rate))
    return sorted(rows, key=lambda one: (one.per_thousand or 0, -one.older))
