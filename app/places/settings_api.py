"""/instellingen and /samenwerkingen: what a municipality decides on itself, and with whom it shares help."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BeforeValidator, Field
from sqlalchemy.orm import Session

from app.access.roles import Permission
from app.api.bodies import Sent
from app.api.desks import Code, municipality_of_desk
from app.http import ApiActor, Opened
from app.places import settings
from app.places.models import Municipality
from app.places.settings import Partner, SettingsChange
from app.schemas import Outgoing

router = APIRouter(tags=["Gemeente"])


class SettingsOut(Outgoing):
    """The settings as they stand; what is sent back has the same names."""

    mediation: Annotated[int, Field(serialization_alias="bemiddeling")]
    broker_title: Annotated[str, Field(serialization_alias="titel")]
    broker_name: Annotated[
        str | None, BeforeValidator(lambda name: name or None), Field(serialization_alias="naam")
    ]
    phone: Annotated[str, Field(serialization_alias="telefoon")]
    opening_hours: Annotated[str, Field(serialization_alias="openingstijden")]
    post_address: Annotated[str | None, Field(serialization_alias="postadres")]
    request_days: Annotated[int, Field(serialization_alias="dagenOpen")]
    promise_days: Annotated[int, Field(serialization_alias="dagenBelofte")]
    asked_at_once: Annotated[int, Field(serialization_alias="tegelijk")]
    proposals_per_week: Annotated[int, Field(serialization_alias="vragenPerWeek")]
    rest_days: Annotated[int, Field(serialization_alias="rustDagen")]
    points_urgency: Annotated[int, Field(serialization_alias="puntenHaast")]
    points_vulnerable: Annotated[int, Field(serialization_alias="puntenKwetsbaar")]
    points_waiting: Annotated[int, Field(serialization_alias="puntenWachten")]
    hour_euros: Annotated[int | None, Field(serialization_alias="uurEuro")]
    hour_source: Annotated[str | None, Field(serialization_alias="uurReden")]
    paid_only: Annotated[list[int], Field(serialization_alias="alleenBetaald")]
    closed: Annotated[list[int], Field(serialization_alias="nietHier")]
    shares_with: Annotated[list[int], Field(serialization_alias="deeltMet")]
    version: Annotated[int, Field(serialization_alias="versie")]


class PartnerOut(Outgoing):
    """A municipality that help could cross to; it crosses where both say yes."""

    id: Annotated[int, Field(serialization_alias="gemeente")]
    name: Annotated[str, Field(serialization_alias="naam")]
    ours: Annotated[bool, Field(serialization_alias="wijDelen")]
    theirs: Annotated[bool, Field(serialization_alias="zijDelen")]


def _shown(session: Session, municipality: Municipality) -> SettingsOut:
    return SettingsOut.model_validate(settings.current(session, municipality))


@router.get(
    "/instellingen/{gemeente}", response_model=SettingsOut, summary="Lees de instellingen van uw gemeente"
)
def get(session: Opened, actor: ApiActor, gemeente: Code) -> SettingsOut:
    """Alleen voor de beheerder van de gemeente."""
    return _shown(session, municipality_of_desk(session, actor, Permission.CHANGE_SETTINGS, gemeente))


@router.put(
    "/instellingen/{gemeente}", response_model=SettingsOut, summary="Wijzig de instellingen van uw gemeente"
)
def put(session: Opened, actor: ApiActor, gemeente: Code, wanted: Sent[SettingsChange]) -> SettingsOut:
    """`versie` is die van de instellingen zoals u ze las; is er intussen iets veranderd, dan volgt 409.

    `deeltMet` is de hele lijst: wie er niet in staat, met die gemeente deelt u niet meer.
    """
    municipality = municipality_of_desk(session, actor, Permission.CHANGE_SETTINGS, gemeente)
    saved = settings.save(session, actor, municipality.id, wanted)
    session.flush()
    return _shown(session, saved)


@router.get("/samenwerkingen/{gemeente}", response_model=list[PartnerOut], summary="Lees wie met wie deelt")
def partners(session: Opened, actor: ApiActor, gemeente: Code) -> list[Partner]:
    """De buurgemeenten, met wat u zegt en wat zij zeggen. Hulp gaat over de grens als beide ja zeggen."""
    municipality = municipality_of_desk(session, actor, Permission.CHANGE_SETTINGS, gemeente)
    return settings.partners(session, municipality.id)
