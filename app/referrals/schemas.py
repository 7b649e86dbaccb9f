"""What a referrer types, and what the desk or an organisation writes down."""

from datetime import date, time
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import Field

from app.people.phone import TypedPhone
from app.places.postcodes import TypedPostcode
from app.referrals.models import NeedKind, Source, StepKind, StopReason, Wish
from app.schemas import BirthYear, Day, Incoming, Moment, Outgoing, WallClock, Whole
from app.text import Email, FirstName, Line, Name, Typed

OUTSIDE: Final = (Source.PRACTICE, Source.NURSING, Source.HOSPITAL, Source.TEAM)
Short = Annotated[str, Typed(1000, lines=True)]


class NewReferral(Incoming):
    """About whom, what they hope for, and what they said yes to."""

    first_name: Annotated[FirstName, Field(alias="voornaam")]
    last_name: Annotated[Name | None, Field(alias="achternaam")] = None
    postcode: TypedPostcode
    municipality_id: Annotated[Whole | None, Field(alias="gemeente")] = None
    """Only asked when the postcode lies in two."""
    house_number: Annotated[Line | None, Field(alias="huisnummer")] = None
    phone: Annotated[TypedPhone | None, Field(alias="telefoon")] = None
    birth_year: Annotated[BirthYear | None, Field(alias="geboortejaar")] = None
    wish: Annotated[Wish, Field(alias="wens")]
    words: Annotated[Short | None, Field(alias="toelichting")] = None
    consent: Annotated[bool, Field(alias="vindtGoed")] = False
    """The person finds it good that we phone. Without it nothing is kept."""
    tells_back: Annotated[bool, Field(alias="magTerugvertellen")] = False
    referrer_name: Annotated[Line, Field(alias="uwNaam")]
    referrer_email: Annotated[Email | None, Field(alias="uwMail")] = None
    home_on: Annotated[Day | None, Field(alias="thuisDag")] = None
    home_time: Annotated[WallClock, Field(alias="thuisTijd")] = time(12)
    needs: Annotated[list[NeedKind], Field(alias="nodig", max_length=9)] = []


class NewPhoned(NewReferral):
    """The same, written down at the desk while somebody of a practice or ward is on the telephone."""

    source: Annotated[Source, Field(alias="bron")]


class NewPassedOn(NewReferral):
    """The same by an organisation, for another one or for the core team."""

    organisation_id: Annotated[UUID | None, Field(alias="organisatie")] = None


class NewLink(Incoming):
    """A practice, ward or team that gets a link."""

    name: Annotated[Line, Field(alias="naam")]
    source: Annotated[Source, Field(alias="bron")]
    email: Email | None = None
    valid_until: Annotated[date | None, Field(alias="totEnMet")] = None


class OnVersion(Incoming):
    """An act on the referral as it was read."""

    version: Annotated[Whole, Field(alias="versie")]


class Begun(OnVersion):
    """Something began; perhaps out of a request for help of the same person."""

    help_request_id: Annotated[UUID | None, Field(alias="vraag")] = None


class Sharing(OnVersion):
    """Who gets it: a colleague with a stand-in, or an organisation."""

    owner_id: Annotated[UUID | None, Field(alias="collega")] = None
    stand_in_id: Annotated[UUID | None, Field(alias="vervanger")] = None
    organisation_id: Annotated[UUID | None, Field(alias="organisatie")] = None


class Written(OnVersion):
    """What was done."""

    kind: Annotated[StepKind, Field(alias="wat")] = StepKind.NOTE
    words: Annotated[Short | None, Field(alias="notitie")] = None


class GivenBack(OnVersion):
    """An organisation cannot do it, and says why."""

    reason: Annotated[Short, Field(alias="reden")]


class Stopped(OnVersion):
    """Why it stops."""

    reason: Annotated[StopReason, Field(alias="reden")]


class Told(OnVersion):
    """What the referrer reads."""

    words: Annotated[Short, Field(alias="bericht")]


class Arranged(Incoming):
    """Who sees to something at home; nobody means that it is open again."""

    who: Annotated[Line | None, Field(alias="wie")] = None


class Added(Incoming):
    """One thing more that is needed at home."""

    kind: Annotated[NeedKind, Field(alias="nodig")]


class TellsBack(OnVersion):
    """What the person said on the telephone: whether the referrer may hear how it goes."""

    tells_back: Annotated[bool, Field(alias="magTerugvertellen")] = False


class ReferralOut(Outgoing):
    """A referral as whoever referred may know it: how it goes only with the person's yes."""

    id: UUID
    reference: Annotated[str, Field(serialization_alias="kenmerk")]
    municipality_id: Annotated[int, Field(serialization_alias="gemeente")]
    source: Annotated[str, Field(serialization_alias="bron")]
    first_name: Annotated[str, Field(serialization_alias="voornaam")]
    status: Annotated[str, Field(serialization_alias="status")]
    tells_back: Annotated[bool, Field(serialization_alias="magTerugvertellen")]
    told: Annotated[str, Field(serialization_alias="bericht")]
    by_whom: Annotated[str, Field(serialization_alias="wieHetHeeft")]
    created_at: Annotated[Moment, Field(serialization_alias="binnengekomenOp")]
    due_at: Annotated[Moment, Field(serialization_alias="uiterlijkOp")]
    home_at: Annotated[Moment | None, Field(serialization_alias="thuisOp")] = None
    told_at: Annotated[Moment | None, Field(serialization_alias="verteldOp")] = None
    ended_at: Annotated[Moment | None, Field(serialization_alias="klaarOp")] = None


Fields = dict[str, Any]
