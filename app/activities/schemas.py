"""What one may say about an activity, in and out."""

from datetime import date
from typing import Annotated, Final
from uuid import UUID

from pydantic import AliasPath, BeforeValidator, Field

from app.activities.models import ACCESS, ActivityKind, words_in
from app.categories.vocabulary import Frequency
from app.euros import PriceCents
from app.places.postcodes import TypedPostcode
from app.schemas import Day, Incoming, Moment, Outgoing, WallClock, Whole
from app.text import Line, Typed
from app.words import State

MYSELF: Final = "ik"
DESK: Final = "bureau"
AccessWord = Annotated[str, Field(max_length=20, pattern=f"^({'|'.join(ACCESS)})$")]
AccessWords = Annotated[
    list[str], BeforeValidator(lambda mask: words_in(mask) if isinstance(mask, int) else mask)
]
"""A mask, as its words."""


class ActivityChange(Incoming):
    """What a host may change later: all but when it is."""

    kind: Annotated[ActivityKind, Field(alias="soort")]
    title: Annotated[Line, Field(alias="titel")]
    body: Annotated[Annotated[str, Typed(4000, lines=True)] | None, Field(alias="toelichting")] = None
    at_home: Annotated[bool, Field(alias="thuis")] = False
    venue: Annotated[Line | None, Field(alias="plek")] = None
    address: Annotated[Line, Field(alias="adres")]
    postcode: TypedPostcode
    access: Annotated[list[AccessWord], Field(alias="toegang")] = []
    cost_cents: Annotated[PriceCents, Field(alias="kosten")] = 0
    cost_words: Annotated[Line | None, Field(alias="watErbijZit")] = None
    places: Annotated[Annotated[Whole, Field(ge=1, le=500)], Field(alias="plaatsen")]
    guests: Annotated[Annotated[Whole, Field(ge=0, le=4)], Field(alias="meebrengen")] = 1
    version: Annotated[Whole, Field(alias="versie")] = 0


class NewActivity(ActivityChange):
    """An activity with its host and its first date; a series has a last one too."""

    host: Annotated[str, Field(alias="gastheer", max_length=40)] = MYSELF
    """``ik``, ``bureau``, or the key of one's organisation."""
    frequency: Annotated[Frequency, Field(alias="hoeVaak")] = Frequency.ONCE
    on_date: Annotated[Day, Field(alias="datum")]
    at_time: Annotated[WallClock, Field(alias="tijd")]
    minutes: Annotated[Annotated[Whole, Field(ge=15, le=1440)], Field(alias="minuten")] = 120
    until: Annotated[date | None, Field(alias="totEnMet")] = None


ALL: Final = "alle"


class Joining(Incoming):
    """To which time somebody comes, or to ``alle``, and how many others they bring."""

    date_id: Annotated[
        UUID | None, BeforeValidator(lambda typed: None if typed == ALL else typed), Field(alias="keer")
    ]
    guests: Annotated[Annotated[Whole, Field(ge=0, le=4)], Field(alias="mee")] = 0


class Leaving(Incoming):
    """From which time somebody signs off."""

    date_id: Annotated[UUID, Field(alias="keer")]


class Stopping(Incoming):
    """A message to everybody who comes; one time, or all of it without ``date_id``."""

    date_id: Annotated[UUID | None, Field(alias="keer")] = None
    message: Annotated[Annotated[str, Typed(400, lines=True)], Field(alias="bericht")]


class MoveTime(Incoming):
    """Another day and time for one time of an activity."""

    date_id: Annotated[UUID, Field(alias="keer")]
    on_date: Annotated[Day, Field(alias="datum")]
    at_time: Annotated[WallClock, Field(alias="tijd")]


class ActivityDateOut(Outgoing):
    """One time, with how many places are free; never who comes."""

    id: UUID
    starts_at: Annotated[Moment, Field(serialization_alias="begintOp")]
    ends_at: Annotated[Moment, Field(serialization_alias="eindigtOp")]
    places: Annotated[int, Field(serialization_alias="plaatsen")]
    left: Annotated[int, Field(serialization_alias="vrij")]
    waiting: Annotated[int, Field(serialization_alias="wachtlijst")]
    status: State


class ActivityOut(Outgoing):
    """An activity as everybody may see it; the address of a home is not in it."""

    id: UUID
    municipality_id: Annotated[int, Field(serialization_alias="gemeente")]
    kind: Annotated[str, Field(serialization_alias="soort")]
    title: Annotated[str, Field(serialization_alias="titel")]
    body: Annotated[str, Field(serialization_alias="toelichting")]
    host_name: Annotated[str, Field(serialization_alias="gastheer")]
    at_home: Annotated[bool, Field(serialization_alias="thuis")]
    venue: Annotated[str, Field(serialization_alias="plek")]
    address: Annotated[str, Field(serialization_alias="adres")]
    place: Annotated[
        str, Field(validation_alias=AliasPath("neighbourhood", "place"), serialization_alias="buurt")
    ]
    access: Annotated[AccessWords, Field(serialization_alias="toegang")]
    cost_cents: Annotated[int, Field(serialization_alias="kosten")]
    cost_words: Annotated[str, Field(serialization_alias="watErbijZit")]
    guests: Annotated[int, Field(serialization_alias="meebrengen")]
    frequency: Annotated[str, Field(serialization_alias="hoeVaak")]
    status: State
    dates: Annotated[list[ActivityDateOut], Field(serialization_alias="keren")]
