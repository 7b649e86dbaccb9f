"""Offering help: post, change, pause, withdraw. A standing offer never expires."""

from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, bindparam, func, select, true
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.access.policy import found, locked, require, visible
from app.access.roles import Permission
from app.categories.models import Category
from app.categories.vocabulary import ALL_DAYTIME, Unpaid
from app.clock import now, today
from app.errors import Conflict, Invalid, Stale
from app.help_offers.models import HelpOffer, Status
from app.help_offers.schemas import HelpOfferChange, NewHelpOffer
from app.matches import meeting
from app.organisations.models import Organisation
from app.partners.models import OrganisationVolunteer
from app.people.models import Membership, MembershipKind, Person, PersonCheck
from app.people.service import home_of, is_professional
from app.places.models import Mediation, Municipality, Neighbourhood
from app.privacy import ages, standing as consents
from app.privacy.models import Purpose

FACE = (
    joinedload(HelpOffer.person).load_only(Person.first_name),
    joinedload(HelpOffer.neighbourhood).load_only(Neighbourhood.place),
    joinedload(HelpOffer.municipality).load_only(Municipality.name, Municipality.mediation),
    joinedload(HelpOffer.organisation),
)


class OfferGone(Conflict):
    """The offer was withdrawn before this."""

    code = "help-offer-gone"


def selection(actor: Actor) -> Select[HelpOffer]:
    """The offers that the actor may see, with what every screen shows beside them."""
    return select(HelpOffer).where(visible(actor, Permission.SEE_OFFERS, HelpOffer)).options(*FACE)


def get(session: Session, actor: Actor, id: UUID) -> HelpOffer:
    """One offer; NotFound when the actor may not see it."""
    return found(session.scalars(selection(actor).where(HelpOffer.id == id)).one_or_none())


def get_own(session: Session, actor: Actor, id: UUID) -> HelpOffer:
    """An offer that is the actor's own, or that a makelaar may handle; locked."""
    seen = visible(actor, Permission.SEE_OFFERS, HelpOffer)
    offer = found(session.scalars(locked(select(HelpOffer).where(HelpOffer.id == id, seen))).one_or_none())
    if offer.person_id != actor.person_id:
        require(actor, Permission.MODERATE_OFFER, offer.municipality_id)
    return offer


def mine(session: Session, actor: Actor) -> list[HelpOffer]:
    """One's own offers, withdrawn ones last."""
    return list(session.scalars(_own(), {"person": actor.person_id}))


@cache
def _own() -> Select[HelpOffer]:
    """Made once: building it costs more than asking it."""
    own = select(HelpOffer).where(HelpOffer.owned_by(bindparam("person", type_=Uuid))).options(*FACE)
    return own.order_by(HelpOffer.status == Status.WITHDRAWN, HelpOffer.created_at.desc())


def draft(session: Session, actor: Actor, new: NewHelpOffer) -> HelpOffer:
    """Keep an offer that nobody sees yet, as after a question in return."""
    home = home_of(session, actor)
    assert home.pc4 is not None  # whoever lives somewhere has both
    assert home.cell is not None
    offer = HelpOffer(
        municipality_id=home.municipality_id,
        person_id=actor.person_id,
        pc4=home.pc4,
        cell=home.cell,
        paid=is_professional(session, actor),
        **_values(session, new),
    )
    _check_paid(session, offer)
    _set_flag(session, offer, new)
    session.add(offer)
    session.flush()
    offer.tell("", actor.person_id)
    return offer


def post(session: Session, actor: Actor, new: NewHelpOffer) -> HelpOffer:
    """Offer help from now on."""
    return resume(session, actor, draft(session, actor, new).id)


def resume(session: Session, actor: Actor, id: UUID) -> HelpOffer:
    """Open a draft, or go on after a pause."""
    offer = get_own(session, actor, id)
    consents.require(session, offer.person_id, Purpose.PROPOSALS)
    ages.check(session, offer.person_id, offer.category_numbers)
    municipality = found(session.get(Municipality, offer.municipality_id))
    meeting.refuse_suspended(session, offer.person_id)
    offer.step(Status.OPEN, actor.person_id)
    offer.posted_at = offer.posted_at or now(session)
    offer.is_public = municipality.mediation < Mediation.PROPOSED
    _help_at_home(session, offer)
    session.flush()
    return offer


def pause(session: Session, actor: Actor, id: UUID) -> HelpOffer:
    """No proposals for this offer until it is resumed."""
    offer = get_own(session, actor, id)
    offer.is_public = False
    offer.step(Status.PAUSED, actor.person_id)
    return offer


def withdraw(session: Session, actor: Actor, id: UUID, reason: str = "") -> HelpOffer:
    """Stop offering this."""
    offer = get_own(session, actor, id)
    offer.is_public = False
    offer.step(Status.WITHDRAWN, actor.person_id, reason)
    return offer


def change(session: Session, actor: Actor, id: UUID, wanted: HelpOfferChange) -> HelpOffer:
    """Change an offer; raises Stale when it was changed in between, OfferGone when it was withdrawn."""
    offer = get_own(session, actor, id)
    if offer.version != wanted.version:
        raise Stale
    if offer.status is Status.WITHDRAWN:
        raise OfferGone
    for name, value in _values(session, wanted).items():
        setattr(offer, name, value)
    _check_paid(session, offer)
    _set_flag(session, offer, wanted)
    if offer.status is Status.OPEN:
        ages.check(session, offer.person_id, offer.category_numbers)
    session.flush()
    return offer


def _help_at_home(session: Session, offer: HelpOffer) -> None:
    """Whoever offers help in a municipality belongs to it as a helper."""
    key = (offer.person_id, offer.municipality_id, MembershipKind.HELPS)
    if session.get(Membership, key) is None:  # unscoped: goes with whom the caller handles
        session.add(
            Membership(
                person_id=offer.person_id,
                municipality_id=offer.municipality_id,
                kind=MembershipKind.HELPS,
                pc4=offer.pc4,
                cell=offer.cell,
            )
        )


def _values(session: Session, new: NewHelpOffer) -> dict[str, Any]:
    rows = session.scalars(select(Category.number).where(Category.slug.in_(set(new.categories)))).all()
    if len(rows) != len(set(new.categories)):
        raise Invalid(details={"categorieen": "choose"})
    values = new.model_dump(exclude={"categories", "version", "body", "organisation_id"})
    return values | {
        "category_numbers": sorted(rows),
        "body": new.body or "",
        "slots": new.slots or ALL_DAYTIME,
    }


def flags(session: Session, person_id: UUID) -> list[Organisation]:
    """The organisations of which somebody is a volunteer: where they said yes to that, or that saw a check of theirs,
    which counts today; by name."""
    day = today(session)
    # unscoped: one's own rows, or those of somebody whose offer the desk handles
    seen = select(PersonCheck.organisation_id).where(
        PersonCheck.person_id == person_id,
        PersonCheck.withdrawn_at.is_(None),
        PersonCheck.valid_from <= day,
        func.coalesce(PersonCheck.valid_until >= day, true()),
    )
    joined = select(OrganisationVolunteer.organisation_id).where(
        OrganisationVolunteer.owned_by(person_id), OrganisationVolunteer.ended_at.is_(None)
    )
    # unscoped: anybody may: organisations are there to be found
    named = select(Organisation).where(Organisation.id.in_(seen) | Organisation.id.in_(joined))
    return list(session.scalars(named.order_by(Organisation.name, Organisation.id)))


def _set_flag(session: Session, offer: HelpOffer, new: NewHelpOffer) -> None:
    """Under whose flag the help is given: as it was, as a neighbour, or of an organisation one is a volunteer of.

    Whether it is for that organisation's people only is said again for each flag.
    """
    wanted = new.organisation_id
    if "organisation_id" not in new.model_fields_set or wanted == offer.organisation_id:
        return
    if wanted is not None and wanted not in {one.id for one in flags(session, offer.person_id)}:
        raise Invalid(details={"viaOrganisatie": "choose"})
    offer.organisation_id, offer.exclusive = wanted, False


def _check_paid(session: Session, offer: HelpOffer) -> None:
    """Work for professionals is offered by checked professionals only."""
    if offer.paid:
        return
    guarded = select(Category.number).where(
        Category.number.in_(offer.category_numbers), Category.unpaid == Unpaid.PROFESSIONALS
    )
    if session.scalars(guarded.limit(1)).one_or_none() is not None:
        raise Invalid(details={"categorieen": "professionals-only"})
