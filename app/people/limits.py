"""How often, how much and when somebody wants to be asked: the helper's own limits."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.access.policy import found, locked
from app.categories.models import Category
from app.categories.vocabulary import CARE_OF_THE_BODY, Gender
from app.clock import today
from app.errors import Invalid
from app.help_offers.models import HelpOffer, Status
from app.people.models import Contact, Person
from app.people.service import oneself
from app.places.models import Municipality
from app.schemas import Day, Incoming, Minutes, Whole

LIVE = (Status.OPEN, Status.PAUSED)


class LimitsChange(Incoming):
    """One's own limits; what is left empty is as the municipality has it."""

    paused: Annotated[bool, Field(alias="pauze")] = False
    paused_until: Annotated[Day | None, Field(alias="pauzeTot")] = None
    """The first day on which one may be asked again."""
    proposals_per_week: Annotated[
        Annotated[Whole, Field(ge=1, le=20)] | None, Field(alias="vragenPerWeek")
    ] = None
    load_limit_minutes: Annotated[Minutes | None, Field(alias="minutenSamen")] = None
    rest_days: Annotated[Annotated[Whole, Field(ge=0, le=60)] | None, Field(alias="rustDagen")] = None
    gender: Annotated[Gender | None, Field(alias="geslacht")] = None
    exclusive: Annotated[list[UUID], Field(alias="alleenVoorOrganisatie", max_length=50)] = []
    """Offers under the flag of an organisation that are only for whom that organisation helps."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits as they stand, and what the page needs to ask about them."""

    person: Person
    gender: Gender | None
    municipality: Municipality
    """Whose share and rest hold for who says nothing."""
    with_organisation: list[HelpOffer]
    cares_for_the_body: bool
    """Whether one offers something for which an asker may wish for a woman or a man."""


def current(session: Session, actor: Actor) -> Limits:
    """One's own limits."""
    person = oneself(session, actor)
    contact = found(session.get(Contact, actor.person_id))  # unscoped: one's own row
    offers = _live(session, actor)
    numbers = {number for offer in offers for number in offer.category_numbers}
    bodily = select(Category.number).where(Category.slug.in_(CARE_OF_THE_BODY), Category.number.in_(numbers))
    place = offers[0].municipality_id if offers else actor.home
    return Limits(
        person=person,
        gender=contact.gender,
        municipality=found(session.get(Municipality, place) if place else None),
        with_organisation=[offer for offer in offers if offer.organisation_id is not None],
        cares_for_the_body=session.scalars(bodily.limit(1)).one_or_none() is not None,
    )


def _live(session: Session, actor: Actor) -> list[HelpOffer]:
    own = select(HelpOffer).where(HelpOffer.owned_by(actor.person_id), HelpOffer.status.in_(LIVE))
    return list(session.scalars(own.options(joinedload(HelpOffer.organisation)).order_by(HelpOffer.id)))


def save(session: Session, actor: Actor, wanted: LimitsChange) -> None:
    """Keep one's limits; they count from the next question on. Raises Invalid for a day that is past."""
    if wanted.paused_until is not None and wanted.paused_until <= today(session):
        raise Invalid(details={"pauzeTot": "past"})
    person = oneself(session, actor)
    person.paused = wanted.paused or wanted.paused_until is not None
    person.paused_until = wanted.paused_until
    person.proposals_per_week = wanted.proposals_per_week
    person.load_limit_minutes = wanted.load_limit_minutes
    person.rest_days = wanted.rest_days
    contact = found(session.get(Contact, actor.person_id))  # unscoped: one's own row
    contact.gender = wanted.gender
    own = select(HelpOffer).where(
        HelpOffer.owned_by(actor.person_id),
        HelpOffer.organisation_id.is_not(None),
        HelpOffer.status.in_(LIVE),
    )
    for offer in session.scalars(locked(own)):
        offer.exclusive = offer.id in wanted.exclusive
    session.flush()
