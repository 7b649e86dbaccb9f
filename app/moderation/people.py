"""People as the desk knows them: who lives or helps here, what they ask and offer; no address, no e-mail."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, Uuid, func, select, tuple_
from sqlalchemy.orm import Session, aliased, joinedload

from app.access.actor import Actor
from app.access.policy import found, visible
from app.access.roles import Permission
from app.audit.write import Act, note_each
from app.help_offers.models import HelpOffer, Status as OfferStatus
from app.help_requests.models import HelpRequest, Status
from app.help_requests.service import FACE
from app.moderation.typed import searchable
from app.people.models import Contact, Membership, MembershipKind, Person
from app.people.phone import WrongPhone, parse
from app.places.models import Neighbourhood

PAGE = 50
COUNTED: Final = 1_000
"""Nobody turns twenty pages of people: from here on they are not counted."""
DIGITS_MIN: Final = 3
"""From here on digits are a part of a telephone number: who calls says the last ones."""
POSTCODE = re.compile(r"\s*([1-9]\d{3})[\s-]*([A-Za-z]{2})?\s*")
LIVE = (Status.SUBMITTED, Status.OPEN, Status.FILLED, Status.PAUSED, Status.REFERRED, Status.EXPIRED)


@dataclass(frozen=True, slots=True)
class Known:
    """One line about somebody: enough to know whom one has on the telephone."""

    id: UUID
    first_name: str
    last_name: str
    phone: str
    place: str
    lives_here: bool
    helps: bool
    requests: int
    """Live ones."""
    offers: int
    """Open ones."""
    paused: bool
    since: datetime


@dataclass(frozen=True, slots=True)
class Profile:
    """A person with what they ask and offer."""

    person: Known
    requests: list[HelpRequest]
    offers: list[HelpOffer]


def find(
    session: Session, actor: Actor, typed: str = "", *, municipality_id: int | None = None, page: int = 1,
    permission: Permission = Permission.SEE_PEOPLE,
) -> list[Known]:  # fmt: skip
    """People of the actor's municipalities, or of one, by name, telephone number or postcode.

    All of them when nothing is typed; in the order of their names, who is called exactly so first.
    """
    wanted = searchable(typed)
    ties, order = _ties(_reach(actor, municipality_id, permission), wanted), Membership.name
    if wanted:
        called = Membership.name.startswith(func.plain(wanted) + " ", autoescape=False)
        ties = ties.order_by(called.desc())
    ids = list(
        session.scalars(ties.order_by(order, Membership.person_id).limit(PAGE).offset((page - 1) * PAGE))
    )
    query = _known(actor, municipality_id, permission).where(Person.id.in_(ids))
    known = {row[0]: Known(*row) for row in session.execute(query)}
    shown = [known[id] for id in ids if id in known]
    _tell(session, actor, Act.SEARCH, [person.id for person in shown], wanted, permission)
    return shown


def _tell(
    session: Session, actor: Actor, act: Act, person_ids: list[UUID], reason: str = "",
    permission: Permission = Permission.SEE_PEOPLE,
) -> None:  # fmt: skip
    """Write down whose last name and telephone number were shown; each of them can read that back."""
    if not person_ids:
        return
    # unscoped: the permission was asked: its reach is in the condition
    homes = select(Membership.person_id, func.min(Membership.municipality_id)).where(
        Membership.person_id.in_(person_ids),
        Membership.municipality_id.in_(actor.reach(permission)),
    )
    note_each(
        session,
        actor,
        act,
        {row[0]: row[1] for row in session.execute(homes.group_by(Membership.person_id))},
        reason,
    )


def count(session: Session, actor: Actor, typed: str = "", *, municipality_id: int | None = None) -> int:
    """How many ``find`` would show over all its pages; COUNTED stands for as many or more."""
    ties = _ties(_reach(actor, municipality_id, Permission.SEE_PEOPLE), searchable(typed))
    return session.execute(select(func.count()).select_from(ties.limit(COUNTED).subquery())).scalar_one()


def who(session: Session, actor: Actor, person_id: UUID) -> Known:
    """One person of the desk's municipalities, who can read back that one looked; NotFound for anybody else."""
    row = found(session.execute(_known(actor).where(Person.id == person_id)).one_or_none())
    _tell(session, actor, Act.PERSON, [person_id])
    return Known(*row)


def get(session: Session, actor: Actor, person_id: UUID) -> Profile:
    """The same with what they ask and offer."""
    person = who(session, actor, person_id)
    requests = (
        select(HelpRequest)
        .where(
            HelpRequest.person_id == person_id,
            visible(actor, Permission.SEE_REQUESTS, HelpRequest),
            HelpRequest.municipality_id.in_(actor.reach(Permission.SEE_REQUESTS)),
            HelpRequest.status != Status.DRAFT,
        )
        .options(*FACE)
        .order_by(HelpRequest.created_at.desc())
        .limit(PAGE)
    )
    offers = (
        select(HelpOffer)
        .where(
            HelpOffer.person_id == person_id,
            HelpOffer.municipality_id.in_(actor.reach(Permission.SEE_OFFERS)),
            HelpOffer.status.in_([OfferStatus.OPEN, OfferStatus.PAUSED]),
        )
        .options(joinedload(HelpOffer.neighbourhood), joinedload(HelpOffer.organisation))
        .order_by(HelpOffer.created_at.desc())
    )
    return Profile(person, list(session.scalars(requests)), list(session.scalars(offers)))


def _known(
    actor: Actor, municipality_id: int | None = None, permission: Permission = Permission.SEE_PEOPLE
) -> Any:
    reach = _reach(actor, municipality_id, permission)
    requests = (
        select(func.count())
        .where(HelpRequest.person_id == Person.id, HelpRequest.municipality_id.in_(reach))
        .where(HelpRequest.status.in_(LIVE))
        .scalar_subquery()
    )
    offers = (
        select(func.count())
        .where(HelpOffer.person_id == Person.id, HelpOffer.municipality_id.in_(reach))
        .where(HelpOffer.status == OfferStatus.OPEN)
        .scalar_subquery()
    )
    lives = func.bool_or(Membership.kind == MembershipKind.LIVES)
    # unscoped: the permission was asked: the memberships are those of its reach
    return (
        select(
            Person.id, Person.first_name, Contact.last_name, Contact.phone,
            func.coalesce(func.min(Neighbourhood.place), ""), lives,
            func.bool_or(Membership.kind == MembershipKind.HELPS), requests, offers, Person.paused,
            func.min(Membership.since),
        )
        .select_from(Membership)
        .join(Person, Person.id == Membership.person_id)
        .join(Contact, Contact.person_id == Person.id)
        .outerjoin(Neighbourhood, Neighbourhood.pc4 == Membership.pc4)
        .where(Membership.municipality_id.in_(reach))
        .group_by(Person.id, Contact.person_id)
    )  # fmt: skip


def _reach(actor: Actor, municipality_id: int | None, permission: Permission) -> frozenset[int]:
    reach = actor.reach(permission)
    return reach if municipality_id is None else reach & {municipality_id}


def _ties(reach: frozenset[int], wanted: str) -> Select[UUID]:
    """Each person whom these municipalities know once, by their first tie there."""
    other = aliased(Membership)
    before = (
        select(other.person_id)
        .where(
            other.person_id == Membership.person_id,
            other.municipality_id.in_(reach),
            tuple_(other.municipality_id, other.kind) < tuple_(Membership.municipality_id, Membership.kind),
        )
        .exists()
    )
    # unscoped: the permission was asked: its reach is in the condition
    query = select(Membership.person_id).where(Membership.municipality_id.in_(reach), ~before)
    return query.where(Membership.person_id.in_(fitting(wanted, reach))) if wanted else query


def fitting(typed: str, reach: Collection[int]) -> Select[UUID]:
    """Whom a postcode, a telephone number, or words of a name fit, of those whom these municipalities know."""
    way, words = _typed(typed)
    return select(func.people_found(way, words, sorted(reach), type_=Uuid).column_valued("fits"))


def _typed(typed: str) -> tuple[str, list[str]]:
    postcode = POSTCODE.fullmatch(typed)
    if postcode:
        return "postcode", [postcode[1] + (postcode[2] or "").upper()]
    digits = re.sub(r"\D", "", typed)
    if len(digits) >= DIGITS_MIN and not re.search(r"[A-Za-z]", typed):
        try:
            return "phone", [parse(typed)]
        except WrongPhone:
            return "phone", [digits.lstrip("0")]
    return "name", typed.split()[:5]
