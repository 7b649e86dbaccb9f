"""What one may say about a provision or an organisation, in and out."""

from datetime import date
from typing import Annotated, Final
from uuid import UUID

from pydantic import AfterValidator, AliasPath, Field
from pydantic_core import PydanticCustomError

from app.activities.schemas import AccessWord, AccessWords
from app.organisations.models import OrganisationKind
from app.people.phone import TypedPhone
from app.places.postcodes import TypedPostcode
from app.schemas import Incoming, Outgoing, Slug, Whole
from app.social_map.models import ProvisionStatus
from app.text import Email, Line, Name, Typed
from app.words import State

SCHEMES: Final = ("https://", "http://")


def _site(address: str) -> str:
    """An address that a browser opens, and that is nothing else; ``www.x.nl`` is read as people mean it."""
    whole = address if address.lower().startswith(SCHEMES) else f"https://{address}"
    host = whole.partition("://")[2].partition("/")[0]
    if " " in whole or "." not in host or any(sign in whole for sign in "\"'<>\\@"):
        raise PydanticCustomError("website_form", "no address of a website")
    return whole


Website = Annotated[str, Typed(200), AfterValidator(_site)]
Words = Annotated[str, Typed(400, lines=True)]


class ProvisionChange(Incoming):
    """A provision as its keeper tells it."""

    name: Annotated[Line, Field(alias="naam")]
    body: Annotated[Annotated[str, Typed(4000, lines=True)], Field(alias="toelichting")]
    audience: Annotated[Words | None, Field(alias="doelgroep")] = None
    how: Annotated[Words | None, Field(alias="aanmelden")] = None
    categories: Annotated[list[Slug], Field(alias="categorieen", min_length=1, max_length=12)]
    venue: Annotated[Line | None, Field(alias="plek")] = None
    address: Annotated[Line | None, Field(alias="adres")] = None
    postcode: TypedPostcode | None = None
    serves: Annotated[list[Whole], Field(alias="ookVoor", max_length=60)] = []
    phone: Annotated[TypedPhone | None, Field(alias="telefoon")] = None
    email: Email | None = None
    website: Website | None = None
    opening_hours: Annotated[Words | None, Field(alias="openingstijden")] = None
    cost: Annotated[Line | None, Field(alias="prijs")] = None
    access: Annotated[list[AccessWord], Field(alias="toegang")] = []
    status: Annotated[ProvisionStatus, Field(alias="stand")] = ProvisionStatus.ACTIVE
    version: Annotated[Whole, Field(alias="versie")] = 0


class NewProvision(ProvisionChange):
    """The same, with whose it is."""

    organisation_id: Annotated[UUID, Field(alias="organisatie")]


class OrganisationChange(Incoming):
    """What an organisation tells about itself."""

    description: Annotated[Annotated[str, Typed(1000, lines=True)] | None, Field(alias="overOns")] = None
    phone: Annotated[TypedPhone | None, Field(alias="telefoon")] = None
    email: Email | None = None
    website: Website | None = None


class NewOrganisation(OrganisationChange):
    """An organisation that the desk adds to the map."""

    name: Annotated[Name, Field(alias="naam")]
    kind: Annotated[OrganisationKind, Field(alias="soort")]


class OrganisationOut(Outgoing):
    """Who has it."""

    id: UUID
    name: Annotated[str, Field(serialization_alias="naam")]
    kind: Annotated[str, Field(serialization_alias="soort")]
    description: Annotated[str, Field(serialization_alias="overOns")]
    phone: Annotated[str, Field(serialization_alias="telefoon")]
    email: str
    website: str


class ProvisionOut(Outgoing):
    """A provision as everybody may read it."""

    id: UUID
    municipality_id: Annotated[int, Field(serialization_alias="gemeente")]
    organisation: Annotated[OrganisationOut, Field(serialization_alias="organisatie")]
    name: Annotated[str, Field(serialization_alias="naam")]
    body: Annotated[str, Field(serialization_alias="toelichting")]
    audience: Annotated[str, Field(serialization_alias="doelgroep")]
    how: Annotated[str, Field(serialization_alias="aanmelden")]
    category_numbers: Annotated[list[int], Field(serialization_alias="categorieNummers")]
    venue: Annotated[str, Field(serialization_alias="plek")]
    address: Annotated[str, Field(serialization_alias="adres")]
    pc4: Annotated[int | None, Field(serialization_alias="postcode4")]
    serves: Annotated[list[int], Field(serialization_alias="ookVoor")]
    phone: Annotated[str, Field(serialization_alias="telefoon")]
    email: str
    website: str
    opening_hours: Annotated[str, Field(serialization_alias="openingstijden")]
    cost: Annotated[str, Field(serialization_alias="prijs")]
    access: Annotated[AccessWords, Field(serialization_alias="toegang")]
    status: State
    checked_on: Annotated[date | None, Field(serialization_alias="nagekekenDatum")]
    place: Annotated[
        str, Field(validation_alias=AliasPath("municipality", "name"), serialization_alias="gemeentenaam")
    ]
