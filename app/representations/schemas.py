"""What one says and reads about acting for another."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import AliasPath, Field

from app.help_requests.schemas import NewHelpRequest, SensitiveYes
from app.people.phone import TypedPhone
from app.places.postcodes import TypedPostcode
from app.representations.models import ConsentWay, RepresentationKind
from app.schemas import Day, Incoming, Moment, Outgoing, Whole
from app.text import Email, FirstName
from app.words import State


class Other(Incoming):
    """For whom somebody asks, who may not know us yet."""

    first_name: Annotated[FirstName, Field(alias="voornaam")]
    postcode: TypedPostcode
    municipality_id: Annotated[Whole | None, Field(alias="gemeente")] = None
    """Only asked when the postcode lies in two."""
    phone: Annotated[TypedPhone | None, Field(alias="telefoon")] = None
    email: Email | None = None

    def kept(self) -> dict[str, Any]:
        """The same as it is kept until there is an answer."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


class ForAnother(Incoming):
    """A first question for somebody, with whom it is for."""

    other: Annotated[Other, Field(alias="voorWie")]
    question: Annotated[NewHelpRequest, Field(alias="hulpvraag")]


class Heard(Incoming):
    """What a makelaar heard or read: what somebody may do for another, and until when."""

    kind: Annotated[RepresentationKind, Field(alias="soort")] = RepresentationKind.CONTACT
    way: Annotated[ConsentWay, Field(alias="hoe")] = ConsentWay.VOICE
    valid_until: Annotated[Day | None, Field(alias="totEnMet")] = None


class Mandate(Incoming):
    """What somebody lets another do for them, as they choose it themselves."""

    kind: Annotated[RepresentationKind, Field(alias="soort")]
    valid_from: Annotated[Day | None, Field(alias="vanaf")] = None
    """Today where it is empty."""
    valid_until: Annotated[Day | None, Field(alias="totEnMet")] = None


class GivenMandate(Mandate):
    """The same from a program, by the link of who will arrange."""

    token: Annotated[str, Field(alias="sleutel", max_length=200)]


class MandateLinkOut(Outgoing):
    """One's own link, for who wants one to arrange things for them."""

    token: Annotated[str, Field(serialization_alias="sleutel")]
    address: Annotated[str, Field(serialization_alias="adres")]
    until: Annotated[Moment, Field(serialization_alias="geldigTotOp")]


class OfferOut(Outgoing):
    """Whose link it is: who would arrange things."""

    first_name: Annotated[str, Field(serialization_alias="voornaam")]


class HeardQuestion(Heard):
    """The same about a question that waits, with the yes to what is sensitive in it."""

    sensitive_yes: SensitiveYes = None


class Arranged(Heard):
    """The same about two people who are known."""

    email: Email
    """Of who acts for the other."""


class ArrangedFor(Arranged):
    """The same from a program."""

    person_id: Annotated[UUID, Field(alias="persoon")]


class RepresentationOut(Outgoing):
    """One person acting for another, as both of them and the desk read it."""

    id: UUID
    representative: Annotated[
        str, Field(validation_alias=AliasPath("representative", "first_name"), serialization_alias="doorWie")
    ]
    about: Annotated[str, Field(serialization_alias="voorWie")]
    kind: Annotated[RepresentationKind, Field(serialization_alias="soort")]
    status: State
    consent_way: Annotated[ConsentWay | None, Field(serialization_alias="hoe")]
    consent_at: Annotated[Moment | None, Field(serialization_alias="toestemmingOp")]
    valid_from: Annotated[date | None, Field(serialization_alias="vanaf")]
    valid_until: Annotated[date | None, Field(serialization_alias="totEnMet")]
    created_at: Annotated[Moment, Field(serialization_alias="gemaaktOp")]
    ended_at: Annotated[Moment | None, Field(serialization_alias="beeindigdOp")]
