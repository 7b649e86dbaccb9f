"""Taking a question by telephone or at the door: find the person or register them, and ask on their behalf."""

from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.categories import service as categories
from app.clock import now
from app.errors import Invalid, NotFound
from app.help_requests import kinds, service as help_requests
from app.help_requests.models import HelpRequest
from app.help_requests.schemas import NewHelpRequest
from app.matches import propose
from app.moderation import people as found_people
from app.people import service as people
from app.people.service import NewPerson
from app.privacy import ages, saying, standing
from app.privacy.standing import ToCome

TWICE_WITHIN = timedelta(minutes=10)


class Consent(StrEnum):
    """How somebody agreed that the desk asks for them."""

    PHONE = "phone"
    VISIT = "visit"


class Intake(BaseModel):
    """What the screen holds besides the person and the question, which have schemas of their own."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    person: Annotated[UUID | None, Field(alias="persoon")] = None
    """Somebody who is known; empty for somebody new."""
    consent: Annotated[Consent, Field(alias="toestemming")]
    vulnerable: Annotated[bool, Field(alias="kwetsbaar")] = False
    """What the desk says of the asker and no asker reads: they go first when helpers are scarce."""


def fields(schema: type[BaseModel]) -> frozenset[str]:
    """The names under which a schema's fields are typed."""
    return frozenset(info.alias or name for name, info in schema.model_fields.items())


PERSON_FIELDS = fields(NewPerson)
QUESTION_FIELDS = fields(NewHelpRequest)


def ask(
    session: Session,
    actor: Actor,
    who: UUID | NewPerson,
    question: NewHelpRequest,
    consent: Consent,
    *,
    vulnerable: bool = False,
) -> HelpRequest:
    """Post the question for its asker, with how they agreed, and ask the helpers who fit.

    Raises Invalid, NotFound for somebody of another municipality, SpansTwo. Sent twice within ten minutes it is
    one question.
    """
    if isinstance(who, NewPerson):
        person_id = people.register_for(session, actor, who).id
    else:
        person_id = found_people.get(session, actor, who).person.id
    twin = _just_asked(session, actor, person_id, question)
    if twin is not None:
        return twin
    help_request = help_requests.post(session, actor, question, asker=person_id, consent=consent.value)
    help_requests.see(session, actor, help_request)
    help_requests.set_vulnerable(session, actor, help_request, vulnerable)
    propose.for_request(session, actor, help_request)
    return help_request


def asks_yes(
    session: Session, actor: Actor, who: UUID | NewPerson | None, question: NewHelpRequest
) -> tuple[bool, ToCome | None]:
    """Whether the makelaar reads out a text to say yes to, and whose yes it will wait for otherwise."""
    category = categories.by_slug(session, question.category)
    if isinstance(who, UUID):
        about = session, actor, who, category, question.skills
        return saying.asks(*about), saying.waits_for(*about)
    if (
        who is not None
        and who.birth_year is not None
        and ages.as_few_as(session, who.birth_year) < ages.ONESELF
    ):
        return False, ToCome.PARENT
    return standing.is_sensitive(category, question.skills), None


def as_asked(session: Session, question: NewHelpRequest) -> NewHelpRequest:
    """The question with what is usual for its subject against the help, where the desk chose nothing.

    Raises Invalid for a subject that is none.
    """
    category = categories.by_slug(session, question.category)
    chosen = "kind" in question.model_fields_set
    return question if chosen else question.model_copy(update={"kind": kinds.usual(category)})


def known(session: Session, actor: Actor, new: NewPerson) -> "found_people.Known | None":
    """Somebody with this very telephone number who is known already: never register a person twice."""
    if not new.phone:
        return None
    matches = found_people.find(session, actor, new.phone)
    return next((one for one in matches if one.phone == new.phone and one.first_name == new.first_name), None)


def name_of(session: Session, actor: Actor, person_id: UUID) -> "found_people.Known":
    """Who it is for; raises Invalid when the person is not one of this desk's."""
    try:
        return found_people.get(session, actor, person_id).person
    except NotFound:
        raise Invalid(details={"persoon": "choose"}) from None


def _just_asked(
    session: Session, actor: Actor, person_id: UUID, question: NewHelpRequest
) -> HelpRequest | None:
    # unscoped: one's own work of a moment ago
    query = (
        select(HelpRequest)
        .where(
            HelpRequest.person_id == person_id,
            HelpRequest.author_id == actor.person_id,
            HelpRequest.title == question.title,
            HelpRequest.created_at > now(session) - TWICE_WITHIN,
        )
        .limit(1)
    )
    return session.scalars(query).one_or_none()


def only(values: Any, names: frozenset[str]) -> dict[str, list[str]]:
    """The typed fields that belong to one schema."""
    return {name: typed for name, typed in values.items() if name in names}
