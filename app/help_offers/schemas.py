"""What one may say about an offer, in and out."""

from typing import Annotated
from uuid import UUID

from pydantic import AliasPath, Field

from app.schemas import Incoming, Mask, Minutes, Moment, Outgoing, Slug, Whole
from app.text import Line, Typed
from app.words import State


class NewHelpOffer(Incoming):
    """What someone likes to do for another, how far, how often and when."""

    categories: Annotated[list[Slug], Field(alias="categorieen", min_length=1, max_length=12)]
    title: Annotated[Line, Field(alias="titel")]
    body: Annotated[Annotated[str, Typed(4000, lines=True)] | None, Field(alias="toelichting")] = None
    slots: Annotated[Mask, Field(alias="tijden")] = 0
    """Weekly time slots; none chosen means any time of the day."""
    minutes_per_week: Annotated[Minutes, Field(alias="minutenPerWeek")] = 120
    radius_km: Annotated[Annotated[Whole, Field(ge=1, le=50)], Field(alias="hoeVerKm")] = 5
    skills: Annotated[Mask, Field(alias="vaardigheden")] = 0
    languages: Annotated[Mask, Field(alias="talen")] = 1
    cross_border: Annotated[bool, Field(alias="buurgemeenten")] = True
    organisation_id: Annotated[
        UUID | None,
        Field(
            alias="viaOrganisatie",
            description="Via welke organisatie, waarvan de helper vrijwilliger is. Zonder dit veld blijft het zoals"
            " het was.",
        ),
    ] = None


class HelpOfferChange(NewHelpOffer):
    """An offer changed; ``version`` tells what the change was made on."""

    version: Annotated[Whole, Field(alias="versie")]


class HelpOfferOut(Outgoing):
    """An offer as others see it."""

    id: UUID
    municipality_id: Annotated[int, Field(serialization_alias="gemeente")]
    first_name: Annotated[
        str, Field(validation_alias=AliasPath("person", "first_name"), serialization_alias="voornaam")
    ]
    place: Annotated[
        str, Field(validation_alias=AliasPath("neighbourhood", "place"), serialization_alias="buurt")
    ]
    category_numbers: Annotated[list[int], Field(serialization_alias="categorieNummers")]
    title: Annotated[str, Field(serialization_alias="titel")]
    body: Annotated[str, Field(serialization_alias="toelichting")]
    slots: Annotated[int, Field(serialization_alias="tijden")]
    minutes_per_week: Annotated[int, Field(serialization_alias="minutenPerWeek")]
    radius_km: Annotated[int, Field(serialization_alias="hoeVerKm")]
    cross_border: Annotated[bool, Field(serialization_alias="buurgemeenten")]
    paid: Annotated[bool, Field(serialization_alias="betaald")]
    status: State
    posted_at: Annotated[Moment | None, Field(serialization_alias="geplaatstOp")]
    version: Annotated[int, Field(serialization_alias="versie")]
