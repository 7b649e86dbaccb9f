"""What one may say about a help request, in and out."""

from datetime import date, time
from typing import Annotated
from uuid import UUID

from pydantic import AliasPath, BeforeValidator, Field, WithJsonSchema

from app.categories.vocabulary import Frequency, Gender, Kind, Unpaid, Visibility
from app.privacy.models import Purpose
from app.privacy.standing import YES
from app.privacy.texts import TEXTS
from app.schemas import Day, Incoming, Mask, Minutes, Moment, Outgoing, Slug, WallClock, Whole
from app.text import Line, Typed
from app.words import State

TimeOut = Annotated[time, WithJsonSchema({"type": "string", "format": "time-local"})]
_IS_GUARDED = BeforeValidator(lambda unpaid: unpaid == Unpaid.PROFESSIONALS)
SensitiveYes = Annotated[
    Annotated[Whole, Field(ge=1)] | None,
    Field(
        alias=YES,
        description="Het ja van de vrager bij een gevoelige vraag: het nummer van de tekst die de vrager las. Nu is dat"
        f" {len(TEXTS[Purpose.SENSITIVE])}: “{TEXTS[Purpose.SENSITIVE][-1].text.nl}” Nodig zolang de vrager dit ja"
        " niet eerder gaf.",
    ),
]


class NewHelpRequest(Incoming):
    """A request as it is typed, on a page or through the API."""

    category: Annotated[Slug, Field(alias="categorie")]
    title: Annotated[Line, Field(alias="titel")]
    body: Annotated[Annotated[str, Typed(4000, lines=True)] | None, Field(alias="toelichting")] = None
    minutes: Annotated[Minutes, Field(alias="minuten")] = 60
    slots: Annotated[Mask, Field(alias="tijden")] = 0
    """Weekly time slots that suit; none chosen means any."""
    frequency: Annotated[Frequency, Field(alias="hoeVaak")] = Frequency.ONCE
    on_date: Annotated[Day | None, Field(alias="datum")] = None
    at_time: Annotated[WallClock | None, Field(alias="tijd")] = None
    until_date: Annotated[Day | None, Field(alias="totEnMet")] = None
    helpers_wanted: Annotated[Annotated[Whole, Field(ge=1, le=20)], Field(alias="aantalHelpers")] = 1
    kind: Annotated[Kind, Field(alias="soort")] = Kind.ROOSJES
    visibility: Annotated[Visibility, Field(alias="zichtbaarVoor")] = Visibility.EVERYONE
    skills: Annotated[Mask, Field(alias="vaardigheden")] = 0
    languages: Annotated[Mask, Field(alias="talen")] = 1
    urgency: Annotated[Annotated[Whole, Field(ge=0, le=3)], Field(alias="haast")] = 1
    max_km: Annotated[Annotated[Whole, Field(ge=1, le=50)], Field(alias="hoeVerKm")] = 15
    cross_border: Annotated[bool, Field(alias="buurgemeenten")] = True
    helper_gender: Annotated[Gender | None, Field(alias="helperGeslacht")] = None
    """A wish for a woman or a man, only with care of the body."""
    sensitive_yes: SensitiveYes = None


class SaidYes(Incoming):
    """A button that sends or opens a request, with the yes that it may ask for."""

    sensitive_yes: SensitiveYes = None


class HelpRequestChange(NewHelpRequest):
    """A request changed by its asker; ``version`` tells what the change was made on."""

    version: Annotated[Whole, Field(alias="versie")]


class Closing(Incoming):
    """Why a makelaar closes a request."""

    reason: Annotated[str, Field(alias="reden", max_length=40)]
    note: Annotated[Annotated[str, Typed(1000, lines=True)] | None, Field(alias="toelichting")] = None


class CategoryOut(Outgoing):
    """A category of help."""

    slug: Annotated[str, Field(serialization_alias="code")]
    name: Annotated[str, Field(serialization_alias="naam")]
    theme_name: Annotated[str, Field(serialization_alias="thema")]
    professionals_only: Annotated[
        bool, Field(validation_alias="unpaid", serialization_alias="alleenProfessionals"), _IS_GUARDED
    ]
    introduction: Annotated[bool, Field(serialization_alias="eerstKennismaken")]


class HelpRequestOut(Outgoing):
    """A request as others see it: no last name, no address, no e-mail, no phone."""

    id: UUID
    number: Annotated[str, Field(serialization_alias="nummer")]
    municipality_id: Annotated[int, Field(serialization_alias="gemeente")]
    first_name: Annotated[
        str, Field(validation_alias=AliasPath("person", "first_name"), serialization_alias="voornaam")
    ]
    place: Annotated[
        str, Field(validation_alias=AliasPath("neighbourhood", "place"), serialization_alias="buurt")
    ]
    category: Annotated[
        str, Field(validation_alias=AliasPath("category", "slug"), serialization_alias="categorie")
    ]
    title: Annotated[str, Field(serialization_alias="titel")]
    body: Annotated[str, Field(serialization_alias="toelichting")]
    minutes: Annotated[int, Field(serialization_alias="minuten")]
    slots: Annotated[int, Field(serialization_alias="tijden")]
    frequency: Annotated[Frequency, Field(serialization_alias="hoeVaak")]
    on_date: Annotated[date | None, Field(serialization_alias="datum")]
    at_time: Annotated[TimeOut | None, Field(serialization_alias="tijd")]
    until_date: Annotated[date | None, Field(serialization_alias="totEnMet")]
    helpers_wanted: Annotated[int, Field(serialization_alias="aantalHelpers")]
    helpers_found: Annotated[int, Field(serialization_alias="gevonden")]
    kind: Annotated[Kind, Field(serialization_alias="soort")]
    visibility: Annotated[Visibility, Field(serialization_alias="zichtbaarVoor")]
    status: State
    posted_at: Annotated[Moment | None, Field(serialization_alias="geplaatstOp")]
    expires_at: Annotated[Moment | None, Field(serialization_alias="verlooptOp")]
    version: Annotated[int, Field(serialization_alias="versie")]


class Unfinished(Incoming):
    """Why a request that had ended is not over."""

    reason: Annotated[Annotated[str, Typed(400)], Field(alias="reden", min_length=1)]
