"""What is typed about people who may need somebody."""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.outreach.models import SignalFrom
from app.people.phone import TypedPhone
from app.places.postcodes import TypedPostcode
from app.schemas import Day, Incoming, Whole
from app.text import Line, Typed

Short = Annotated[str, Typed(1000, lines=True)]


class NewSignal(Incoming):
    """What somebody saw of another."""

    seen_by: Annotated[SignalFrom, Field(alias="wieBentU")]
    words: Annotated[Short, Field(alias="watZagU")]
    postcode: TypedPostcode
    municipality_id: Annotated[Whole | None, Field(alias="gemeente")] = None
    agreed: Annotated[bool, Field(alias="weetErvan")] = False
    about_name: Annotated[Line | None, Field(alias="naam")] = None
    about_phone: Annotated[TypedPhone | None, Field(alias="telefoon")] = None
    house_number: Annotated[Line | None, Field(alias="huisnummer")] = None
    from_name: Annotated[Line | None, Field(alias="uwNaam")] = None
    from_reach: Annotated[Line | None, Field(alias="uwTelefoon")] = None


class NewLookIn(Incoming):
    """Somebody of one's own desk to look in on."""

    person_id: Annotated[UUID, Field(alias="persoon")]
    words: Annotated[Short | None, Field(alias="waarom")] = None
    next_on: Annotated[Day | None, Field(alias="wanneer")] = None


class Next(StrEnum):
    """What was done, or will be."""

    PLAN = "plannen"
    VISITED = "bezocht"
    HELPED = "geholpen"
    CLOSED = "afsluiten"
    AGAIN = "weer-plannen"


class Done(Incoming):
    """One step."""

    what: Annotated[Next, Field(alias="wat")]
    words: Annotated[Short | None, Field(alias="notitie")] = None
    next_on: Annotated[date | None, Field(alias="wanneer")] = None
    version: Annotated[Whole, Field(alias="versie")]


class NewTrustee(Incoming):
    """Whom people can speak to, where or for whom."""

    person_id: Annotated[UUID, Field(alias="persoon")]
    postcode: TypedPostcode | None = None
    people: Annotated[Line | None, Field(alias="voorWie")] = None
    words: Annotated[Annotated[str, Typed(400, lines=True)] | None, Field(alias="woorden")] = None
    agreed: Annotated[bool, Field(alias="vindtGoed")] = False


class NewMediator(Incoming):
    """Who was trained, and until when that counts."""

    person_id: Annotated[UUID, Field(alias="persoon")]
    trained_on: Annotated[Day, Field(alias="getraindOp")]
    valid_until: Annotated[Day, Field(alias="geldigTot")]


class NewMediation(Incoming):
    """What is between two neighbours, in the words of one."""

    words: Annotated[Short, Field(alias="watSpeeltEr")]
    other: Annotated[Annotated[str, Typed(200)] | None, Field(alias="metWie")] = None


class Assigned(Incoming):
    """Who mediates."""

    mediator_id: Annotated[UUID, Field(alias="bemiddelaar")]
    version: Annotated[Whole, Field(alias="versie")]


class MediationStep(StrEnum):
    """What the mediator writes down."""

    NOTE = "notitie"
    OTHER_AGREES = "ander-wil"
    SETTLED = "opgelost"
    STOPPED = "gestopt"


class Mediated(Incoming):
    """One step of the mediator."""

    what: Annotated[MediationStep, Field(alias="wat")]
    words: Annotated[Short | None, Field(alias="notitie")] = None
    version: Annotated[Whole, Field(alias="versie")]
