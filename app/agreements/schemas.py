"""Agreements and their occurrences, in and out."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import AliasPath, Field

from app.categories.vocabulary import Frequency, Kind
from app.schemas import Day, Incoming, Moment, Outgoing, WallClock, Whole
from app.text import Typed
from app.words import Origin, State


class Appointment(Incoming):
    """The asker's own yes: when, and whether it was said to the makelaar."""

    on_date: Annotated[Day, Field(alias="datum")]
    at_time: Annotated[WallClock, Field(alias="tijd")]
    contract_seen: Annotated[bool, Field(alias="contractGezien")] = False
    """Paid help: the asker has the contract."""
    spoken: Annotated[bool, Field(alias="gesproken")] = False
    """The asker said yes by voice, and the makelaar writes it down."""


class NewTime(Incoming):
    """Another date and time for one occurrence."""

    on_date: Annotated[Day, Field(alias="datum")]
    at_time: Annotated[WallClock, Field(alias="tijd")]


class TimeAnswer(StrEnum):
    """What one says to another moment that was proposed."""

    YES = "ja"
    NO = "nee"
    BACK = "terug"
    """Who proposed it takes it back."""


class AnswerTime(Incoming):
    """An answer to the very proposal that was read."""

    proposed_id: Annotated[UUID, Field(alias="voorstel")]
    answer: Annotated[TimeAnswer, Field(alias="antwoord")]


class Happened(Incoming):
    """It happened, and how long it took; nothing said means as agreed."""

    minutes: Annotated[Annotated[Whole, Field(ge=1, le=2400)] | None, Field(alias="minuten")] = None


AS_AGREED = Happened()


class Thanks(Incoming):
    """A word of thanks."""

    thanks: Annotated[Annotated[str, Typed(600, lines=True)], Field(alias="bedankje", min_length=1)]


class Verdict(Incoming):
    """A makelaar's decision on an occurrence that the two see differently; 0 minutes means it did not happen."""

    minutes: Annotated[Annotated[Whole, Field(ge=0, le=2400)], Field(alias="minuten")]


class OccurrenceOut(Outgoing):
    """One time that help is given."""

    id: UUID
    agreement_id: Annotated[UUID, Field(serialization_alias="afspraak")]
    starts_at: Annotated[Moment, Field(serialization_alias="begin")]
    ends_at: Annotated[Moment, Field(serialization_alias="einde")]
    minutes: Annotated[int, Field(serialization_alias="minuten")]
    kind: Annotated[Kind, Field(serialization_alias="soort")]
    status: State
    done_minutes: Annotated[int | None, Field(serialization_alias="gedaanMinuten")]
    thanks: Annotated[str, Field(serialization_alias="bedankje")]
    version: Annotated[int, Field(serialization_alias="versie")]


class TimeProposalOut(Outgoing):
    """Another moment that one of the two proposed."""

    id: UUID
    mine: Annotated[bool, Field(serialization_alias="vanMij")]
    was_at: Annotated[Moment, Field(serialization_alias="wasOp")]
    starts_at: Annotated[Moment, Field(serialization_alias="begin")]
    status: State
    created_at: Annotated[Moment, Field(serialization_alias="voorgesteldOp")]
    answered_at: Annotated[Moment | None, Field(serialization_alias="beantwoordOp")]


class TimesOut(Outgoing):
    """One time, and every other moment that was proposed for it."""

    occurrence: Annotated[OccurrenceOut, Field(serialization_alias="keer")]
    proposed: Annotated[list[TimeProposalOut], Field(serialization_alias="voorstellen")]


class FaceOut(Outgoing):
    """A person as the other party of an agreement sees them."""

    id: UUID
    first_name: Annotated[str, Field(serialization_alias="voornaam")]


class ContactOut(Outgoing):
    """How to reach the other, while the agreement lives; the address only of who is helped."""

    last_name: Annotated[str, Field(serialization_alias="achternaam")]
    phone: Annotated[str, Field(serialization_alias="telefoon")]
    email: str | None
    street: Annotated[str, Field(serialization_alias="straat")] = ""
    house_number: Annotated[str, Field(serialization_alias="huisnummer")] = ""
    postcode: str = ""


class AgreementOut(Outgoing):
    """An agreement as its two parties see it."""

    id: UUID
    help_request_id: Annotated[UUID, Field(serialization_alias="hulpvraag")]
    proposal_id: Annotated[UUID, Field(serialization_alias="voorstel")]
    title: Annotated[
        str, Field(validation_alias=AliasPath("help_request", "title"), serialization_alias="titel")
    ]
    asker: Annotated[FaceOut, Field(serialization_alias="vrager")]
    helper: FaceOut
    kind: Annotated[Kind, Field(serialization_alias="soort")]
    minutes: Annotated[int, Field(serialization_alias="minuten")]
    frequency: Annotated[Frequency, Field(serialization_alias="hoeVaak")]
    flag: Annotated[str, Field(serialization_alias="onderDeVlagVan")]
    insurance: Annotated[str, Field(serialization_alias="verzekering")]
    arranged_by: Annotated[Origin, Field(serialization_alias="geregeldDoor")]
    status: State
    occurrences: Annotated[list[OccurrenceOut], Field(serialization_alias="keren")]


class AgreementWithContactOut(AgreementOut):
    """The same, with how to reach the other."""

    contact: ContactOut | None = None
