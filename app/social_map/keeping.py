"""Keeping the social map: the organisation's own administrator, and the desk of its municipality."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.access.policy import found, locked, require, visible
from app.access.roles import Permission, Role
from app.activities.models import mask_of
from app.categories.models import Category
from app.clock import today
from app.errors import Invalid, NotFound, Stale
from app.ids import uuid7
from app.organisations.models import Organisation
from app.places import service as places
from app.social_map.models import Provision
from app.social_map.schemas import NewOrganisation, NewProvision, OrganisationChange, ProvisionChange

SEE = Permission.SEE_ORGANISATIONS


def own_flags(actor: Actor) -> list[UUID]:
    """The organisations that the actor administers."""
    return [
        grant.organisation_id for grant in actor.grants
        if grant.role is Role.ORGANISATION_ADMINISTRATOR and grant.organisation_id is not None
    ]  # fmt: skip


def may_keep(actor: Actor) -> bool:
    """Whether there is anything on the map that the actor keeps."""
    return bool(own_flags(actor) or actor.at_desk(Permission.KEEP_SOCIAL_MAP))


def kept(actor: Actor) -> ColumnElement[bool]:
    """The organisations that the actor keeps: one's own, and those of the desk."""
    return or_(
        Organisation.id.in_(own_flags(actor)),
        Organisation.municipality_id.in_(actor.at_desk(Permission.KEEP_SOCIAL_MAP)),
    )


def organisations(session: Session, actor: Actor) -> list[tuple[Organisation, int]]:
    """Those that the actor keeps, by name, with how many provisions they have. NotFound for who keeps none."""
    if not may_keep(actor):
        raise NotFound
    counted = select(func.count()).where(Provision.organisation_id == Organisation.id).scalar_subquery()
    query = (
        select(Organisation, counted)
        .where(kept(actor), visible(actor, SEE, Organisation))
        .order_by(Organisation.name, Organisation.id)
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def organisation(session: Session, actor: Actor, id: UUID) -> Organisation:
    """One that the actor keeps, locked; NotFound for any other."""
    query = select(Organisation).where(Organisation.id == id, kept(actor), visible(actor, SEE, Organisation))
    return found(session.scalars(locked(query)).one_or_none())


def provisions(session: Session, actor: Actor) -> list[Provision]:
    """All that the actor keeps, those that ended last; what was looked at longest ago first."""
    if not may_keep(actor):
        raise NotFound
    query = (
        select(Provision)
        .join(Provision.organisation)
        .where(kept(actor), visible(actor, Permission.KEEP_SOCIAL_MAP, Provision))
        .options(joinedload(Provision.organisation))
        .order_by(
            Provision.status == "ended", Provision.checked_on.nulls_first(), Provision.name, Provision.id
        )
    )
    return list(session.scalars(query.limit(500)))


def provision(session: Session, actor: Actor, id: UUID) -> Provision:
    """One that the actor keeps, locked; NotFound for any other."""
    query = (
        select(Provision)
        .join(Organisation, Organisation.id == Provision.organisation_id)
        .where(Provision.id == id, kept(actor), visible(actor, Permission.KEEP_SOCIAL_MAP, Provision))
        .with_for_update(of=Provision)
        .execution_options(populate_existing=True)
    )
    return found(session.scalars(query).one_or_none())


def add(session: Session, actor: Actor, new: NewProvision) -> Provision:
    """Put a provision on the map, looked at today. Raises Invalid, also for who does not keep that organisation."""
    if not may_keep(actor):
        raise NotFound
    try:
        flag = organisation(session, actor, new.organisation_id)
    except NotFound:
        raise Invalid(details={"organisatie": "choose"}) from None
    row = Provision(
        id=uuid7(),
        municipality_id=flag.municipality_id,
        organisation_id=flag.id,
        checked_on=today(session),
        **values_of(session, new),
    )
    session.add(row)
    session.flush()
    return row


def change(session: Session, actor: Actor, id: UUID, wanted: ProvisionChange) -> Provision:
    """Change it; that somebody saved it means that all of it was looked at. Raises Stale, NotFound, Invalid."""
    row = provision(session, actor, id)
    if row.version != wanted.version:
        raise Stale
    for name, value in values_of(session, wanted).items():
        setattr(row, name, value)
    row.checked_on = today(session)
    session.flush()
    return row


def add_organisation(
    session: Session, actor: Actor, municipality_id: int, new: NewOrganisation
) -> Organisation:
    """The desk adds an organisation. Raises Forbidden, and Invalid for a name that is there."""
    require(actor, Permission.KEEP_SOCIAL_MAP, municipality_id)
    same = select(Organisation.id).where(
        visible(actor, SEE, Organisation),
        Organisation.municipality_id == municipality_id,
        func.lower(Organisation.name) == new.name.lower(),
    )
    if session.scalars(same).first() is not None:
        raise Invalid(details={"naam": "organisation-there"})
    row = Organisation(
        id=uuid7(), municipality_id=municipality_id, name=new.name, kind=new.kind, **_about(new)
    )
    session.add(row)
    session.flush()
    return row


def change_organisation(session: Session, actor: Actor, id: UUID, wanted: OrganisationChange) -> Organisation:
    """What is told about an organisation; its name, kind and covenant are the desk's own affair."""
    row = organisation(session, actor, id)
    for name, value in _about(wanted).items():
        setattr(row, name, value)
    session.flush()
    return row


def _about(wanted: OrganisationChange) -> dict[str, Any]:
    return {
        "description": wanted.description or "",
        "phone": wanted.phone or "",
        "email": wanted.email or "",
        "website": wanted.website or "",
    }


def values_of(session: Session, wanted: ProvisionChange) -> dict[str, Any]:
    """What was typed, as columns; raises Invalid for a word that is no category or a place out of the region."""
    numbers = session.scalars(select(Category.number).where(Category.slug.in_(set(wanted.categories)))).all()
    if len(numbers) != len(set(wanted.categories)):
        raise Invalid(details={"categorieen": "choose"})
    joined = {row.id for row in places.joined(session)}
    if not set(wanted.serves) <= joined:
        raise Invalid(details={"ookVoor": "choose"})
    pc4 = None
    if wanted.postcode is not None:
        pc4 = wanted.postcode.pc4
        if not places.municipalities_of(session, pc4):
            raise Invalid(details={"postcode": "postcode-outside"})
    return {
        "name": wanted.name,
        "body": wanted.body,
        "audience": wanted.audience or "",
        "how": wanted.how or "",
        "category_numbers": sorted(numbers),
        "venue": wanted.venue or "",
        "address": wanted.address or "",
        "pc4": pc4,
        "serves": sorted(set(wanted.serves)),
        "phone": wanted.phone or "",
        "email": wanted.email or "",
        "website": wanted.website or "",
        "opening_hours": wanted.opening_hours or "",
        "cost": wanted.cost or "",
        "access": mask_of(wanted.access),
        "status": wanted.status,
    }
