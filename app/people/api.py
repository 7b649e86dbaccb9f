"""/personen/mij: one's own details."""

from collections.abc import Callable
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import AliasPath, Field
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.api.bodies import Sent
from app.api.once import Once, OnceOnly
from app.categories.vocabulary import Gender
from app.errors import Invalid
from app.http import ApiActor, Opened
from app.people import limits, service
from app.people.service import PersonChange
from app.schemas import Outgoing

router = APIRouter(prefix="/personen/mij", tags=["Personen"])


class PersonOut(Outgoing):
    """What we know of somebody, for that person only."""

    first_name: Annotated[
        str, Field(validation_alias=AliasPath("person", "first_name"), serialization_alias="voornaam")
    ]
    last_name: Annotated[str, Field(serialization_alias="achternaam")]
    email: str | None
    phone: Annotated[str, Field(serialization_alias="telefoon")]
    postcode: str
    house_number: Annotated[str, Field(serialization_alias="huisnummer")]
    birth_year: Annotated[int | None, Field(serialization_alias="geboortejaar")]
    do_not_ask: Annotated[
        bool, Field(validation_alias=AliasPath("person", "do_not_ask"), serialization_alias="nietVragen")
    ]
    paused: Annotated[
        bool, Field(validation_alias=AliasPath("person", "paused"), serialization_alias="gepauzeerd")
    ]
    municipality_id: Annotated[int | None, Field(serialization_alias="gemeente")] = None


class LimitsOut(Outgoing):
    """How often, how much and when one wants to be asked; null is as the municipality has it."""

    paused: Annotated[bool, Field(serialization_alias="pauze")]
    paused_until: Annotated[date | None, Field(serialization_alias="pauzeTot")]
    proposals_per_week: Annotated[int | None, Field(serialization_alias="vragenPerWeek")]
    load_limit_minutes: Annotated[int | None, Field(serialization_alias="minutenSamen")]
    rest_days: Annotated[int | None, Field(serialization_alias="rustDagen")]
    gender: Annotated[Gender | None, Field(serialization_alias="geslacht")]
    exclusive: Annotated[list[UUID], Field(serialization_alias="alleenVoorOrganisatie")]


def limits_of(session: Session, actor: Actor) -> LimitsOut:
    """The limits as they stand now."""
    held = limits.current(session, actor)
    person = held.person
    return LimitsOut(
        paused=person.paused,
        paused_until=person.paused_until,
        proposals_per_week=person.proposals_per_week,
        load_limit_minutes=person.load_limit_minutes,
        rest_days=person.rest_days,
        gender=held.gender,
        exclusive=[offer.id for offer in held.with_organisation if offer.exclusive],
    )


def shown(session: Session, actor: Actor) -> PersonOut:
    """The details as they stand now."""
    session.flush()
    seen = PersonOut.model_validate(service.details(session, actor))
    return seen.model_copy(update={"municipality_id": actor.home})


def done(once: Once, act: Callable[[], None]) -> Response:
    """Answer with what became of the person's details."""

    def after() -> PersonOut:
        act()
        return shown(once.session, once.actor)

    return once.answer(None, after)


@router.get("", response_model=PersonOut, summary="Lees uw gegevens")
def get(session: Opened, actor: ApiActor) -> PersonOut:
    """Alleen die van uzelf."""
    return shown(session, actor)


@router.put("", response_model=PersonOut, summary="Wijzig uw gegevens")
def put(session: Opened, actor: ApiActor, wanted: Sent[PersonChange]) -> PersonOut:
    """Alles wat u niet meestuurt, wordt leeg. Uw e-mailadres verandert u op de site, na een controle."""
    contact = service.details(session, actor)
    if wanted.email is not None and wanted.email.lower() != (contact.email or "").lower():
        raise Invalid(details={"email": "not-here"})
    service.change(session, actor, wanted)
    session.flush()
    home = service.home_of(session, actor).municipality_id
    return shown(session, actor).model_copy(update={"municipality_id": home})


@router.post("/pauzes", response_model=PersonOut, summary="Neem even pauze")
def pause(once: OnceOnly) -> Response:
    """Tot de hervatting vragen wij u niets."""
    return done(once, lambda: service.pause(once.session, once.actor, True))


@router.post("/hervattingen", response_model=PersonOut, summary="Doe weer mee")
def resume(once: OnceOnly) -> Response:
    """Na een pauze."""
    return done(once, lambda: service.pause(once.session, once.actor, False))


@router.get("/grenzen", response_model=LimitsOut, summary="Lees hoe vaak wij u mogen vragen")
def get_limits(session: Opened, actor: ApiActor) -> LimitsOut:
    """Wat `null` is, is zoals uw gemeente het heeft."""
    return limits_of(session, actor)


@router.put("/grenzen", response_model=LimitsOut, summary="Zeg hoe vaak wij u mogen vragen")
def put_limits(session: Opened, actor: ApiActor, wanted: Sent[limits.LimitsChange]) -> LimitsOut:
    """Geldt vanaf de volgende vraag. Alles wat u niet meestuurt, wordt weer zoals uw gemeente het heeft."""
    limits.save(session, actor, wanted)
    return limits_of(session, actor)
