"""Where cheques are sold, who sells there, and which organisations take them."""

from uuid import UUID

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session, joinedload

import rewards
from app.access.actor import Actor
from app.access.models import RoleGrant
from app.access.policy import found, locked, require, visible
from app.access.roles import PERMISSIONS, Permission
from app.cheques.models import ChequeDesk, ChequeProvider, ChequeSeller
from app.cheques.schemas import NewDesk
from app.clock import now
from app.errors import Conflict, Invalid
from app.organisations.models import Organisation
from app.people.models import Person
from app.places.models import Municipality, Sharing

SELLING = [role for role, permissions in PERMISSIONS.items() if Permission.SELL_CHEQUES in permissions]
DESKS_MAX = 63


class NoMoreDesks(Conflict):
    """A municipality keeps at most sixty-three tills, closed ones included."""

    code = "no-more-desks"


def of_municipality(session: Session, actor: Actor, municipality_id: int) -> list[ChequeDesk]:
    """All desks of a municipality, open ones first; anybody may know where cheques are sold."""
    query = select(ChequeDesk).where(
        ChequeDesk.municipality_id == municipality_id, visible(actor, Permission.ARRANGE_CHEQUES, ChequeDesk)
    )
    return list(session.scalars(query.order_by(ChequeDesk.closed_at.is_not(None), ChequeDesk.number)))


def mine(session: Session, actor: Actor) -> list[ChequeDesk]:
    """The desks at which the actor may sell now."""
    reach = actor.at_desk(Permission.SELL_CHEQUES)
    query = (
        select(ChequeDesk)
        .join(ChequeSeller, ChequeSeller.desk_id == ChequeDesk.id)
        .where(
            ChequeDesk.in_reach_of(reach),
            ChequeSeller.owned_by(actor.person_id),
            ChequeSeller.ended_at.is_(None),
        )
        .order_by(ChequeDesk.number)
    )
    return list(session.scalars(query))


def own(session: Session, actor: Actor, id: UUID) -> ChequeDesk:
    """One desk at which the actor sells; NotFound for any other."""
    return found(next((desk for desk in mine(session, actor) if desk.id == id), None))


def arranged(session: Session, actor: Actor, id: UUID) -> ChequeDesk:
    """One desk that the actor may arrange, locked; NotFound for one of elsewhere."""
    reach = actor.reach(Permission.ARRANGE_CHEQUES)
    query = select(ChequeDesk).where(ChequeDesk.id == id, ChequeDesk.in_reach_of(reach))
    return found(session.scalars(locked(query)).one_or_none())


def open_desk(session: Session, actor: Actor, municipality_id: int, new: NewDesk) -> ChequeDesk:
    """A new desk with a till of its own. Raises NoMoreDesks, and Invalid for a name that is there."""
    require(actor, Permission.ARRANGE_CHEQUES, municipality_id)
    # one desk more at a time
    session.execute(select(func.pg_advisory_xact_lock(0x0C4E, municipality_id)))
    there = of_municipality(session, actor, municipality_id)
    if any(desk.name.casefold() == new.name.casefold() and desk.closed_at is None for desk in there):
        raise Invalid(details={"naam": "taken"})
    number = 1 + max((desk.number for desk in there), default=0)
    if number > DESKS_MAX:
        raise NoMoreDesks
    desk = ChequeDesk(municipality_id=municipality_id, number=number, name=new.name, address=new.address)
    session.add(desk)
    session.flush()
    return desk


def close_desk(session: Session, actor: Actor, id: UUID) -> None:
    """Nothing is sold there any more; what it sold may still be brought back."""
    desk = arranged(session, actor, id)
    desk.closed_at = desk.closed_at or now(session)


def sellers(session: Session, actor: Actor, municipality_id: int) -> list[ChequeSeller]:
    """Who sells at the desks of a municipality."""
    require(actor, Permission.ARRANGE_CHEQUES, municipality_id)
    # unscoped: the permission was asked just now
    query = (
        select(ChequeSeller)
        .join(Person, Person.id == ChequeSeller.person_id)
        .where(ChequeSeller.municipality_id == municipality_id, ChequeSeller.ended_at.is_(None))
        .options(joinedload(ChequeSeller.person))
        .order_by(Person.first_name, Person.id)
    )
    return list(session.scalars(query))


def able(session: Session, actor: Actor, municipality_id: int) -> list[Person]:
    """Who may be let sell: people with a role here that allows it."""
    require(actor, Permission.ARRANGE_CHEQUES, municipality_id)
    roles = RoleGrant.role.in_(SELLING)
    # unscoped: the permission was asked just now
    here = select(RoleGrant.person_id).where(RoleGrant.municipality_id == municipality_id, roles)
    query = select(Person).where(Person.id.in_(here), Person.disabled_at.is_(None))
    return list(session.scalars(query.order_by(Person.first_name, Person.id)))


def add_seller(session: Session, actor: Actor, desk_id: UUID, person_id: UUID) -> None:
    """Let somebody sell at a desk; nothing changes for who does already. Raises Invalid for who may not."""
    desk = arranged(session, actor, desk_id)
    if person_id not in {person.id for person in able(session, actor, desk.municipality_id)}:
        raise Invalid(details={"persoon": "choose"})
    there = _of_desk(desk).where(ChequeSeller.person_id == person_id)
    if session.scalars(there).one_or_none() is None:
        session.add(ChequeSeller(municipality_id=desk.municipality_id, desk_id=desk.id, person_id=person_id))
        session.flush()


def _of_desk(desk: ChequeDesk) -> Select[ChequeSeller]:
    # unscoped: goes with the desk that the caller holds
    return select(ChequeSeller).where(ChequeSeller.desk_id == desk.id, ChequeSeller.ended_at.is_(None))


def end_seller(session: Session, actor: Actor, desk_id: UUID, person_id: UUID) -> None:
    """Somebody sells there no longer."""
    desk = arranged(session, actor, desk_id)
    # unscoped: goes with the desk that arranged holds
    ended = update(ChequeSeller).where(
        ChequeSeller.desk_id == desk.id, ChequeSeller.person_id == person_id, ChequeSeller.ended_at.is_(None)
    )
    session.execute(ended.values(ended_at=now(session)))


def providers(session: Session, actor: Actor, municipality_id: int) -> list[ChequeProvider]:
    """Organisations that take or took cheques here, by name."""
    query = (
        select(ChequeProvider)
        .join(Organisation, Organisation.id == ChequeProvider.organisation_id)
        .where(
            ChequeProvider.municipality_id == municipality_id,
            visible(actor, Permission.ARRANGE_CHEQUES, ChequeProvider),
        )
        .options(joinedload(ChequeProvider.organisation))
        .order_by(Organisation.name)
    )
    return list(session.scalars(query))


def able_to_take(session: Session, municipality_id: int) -> list[Organisation]:
    """Organisations of the municipality, and of those with which it shares help; its own first, by name."""
    partners = select(Sharing.partner_id).where(Sharing.municipality_id == municipality_id)
    # unscoped: anybody may know organisations
    query = (
        select(Organisation)
        .where((Organisation.municipality_id == municipality_id) | Organisation.municipality_id.in_(partners))
        .order_by(Organisation.municipality_id != municipality_id, Organisation.name, Organisation.id)
    )
    return list(session.scalars(query))


def add_provider(session: Session, actor: Actor, municipality_id: int, organisation_id: UUID) -> None:
    """Let an organisation of the municipality, or of a neighbour, take cheques, for the first time or again."""
    require(actor, Permission.ARRANGE_CHEQUES, municipality_id)
    if organisation_id not in {row.id for row in able_to_take(session, municipality_id)}:
        raise Invalid(details={"organisatie": "choose"})
    there = next(
        (row for row in providers(session, actor, municipality_id) if row.organisation_id == organisation_id),
        None,
    )
    if there is None:
        session.add(ChequeProvider(municipality_id=municipality_id, organisation_id=organisation_id))
    else:
        there.ended_at = None
    session.flush()


def end_provider(session: Session, actor: Actor, municipality_id: int, organisation_id: UUID) -> None:
    """It takes no more cheques; what it took is still paid out."""
    require(actor, Permission.ARRANGE_CHEQUES, municipality_id)
    # unscoped: the permission was asked just now
    ended = update(ChequeProvider).where(
        ChequeProvider.municipality_id == municipality_id,
        ChequeProvider.organisation_id == organisation_id,
        ChequeProvider.ended_at.is_(None),
    )
    session.execute(ended.values(ended_at=now(session)))


def till(session: Session, desk: ChequeDesk) -> rewards.Account:
    """The desk's cash, opened at its first use."""
    return rewards.open_account(
        session.connection(),
        municipality_id=desk.municipality_id,
        unit=rewards.Unit.EURCENT,
        kind=rewards.AccountKind.DESK,
        owner=None,
        shard=desk.number,
    )


def municipality_name(session: Session, municipality_id: int) -> str:
    """As it stands on a paper."""
    return found(session.get(Municipality, municipality_id)).name
