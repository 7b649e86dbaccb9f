"""What organisations and desks type."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.organisations.models import OrganisationKind
from app.partners.models import InvitedAs
from app.people.phone import TypedPhone
from app.schemas import Incoming, Whole
from app.social_map.schemas import Website
from app.text import Email, FirstName, Line, Name, Typed

Short = Annotated[str, Typed(1000, lines=True)]


class NewJoining(Incoming):
    """Who would like to take part."""

    name: Annotated[Name, Field(alias="naam")]
    kind: Annotated[OrganisationKind, Field(alias="soort")]
    description: Annotated[Short, Field(alias="wat")]
    phone: Annotated[TypedPhone, Field(alias="telefoon")]
    website: Website | None = None
    kvk_number: Annotated[Annotated[str, Field(pattern=r"^\d{8}$")] | None, Field(alias="kvk")] = None
    position: Annotated[Line, Field(alias="functie")]


class Decided(Incoming):
    """Whether an organisation may take part; no has a reason that the applicant reads."""

    reason: Annotated[Short | None, Field(alias="reden")] = None
    version: Annotated[Whole, Field(alias="versie")]


class NewCovenant(Incoming):
    """A new version of the covenant."""

    text: Annotated[Annotated[str, Typed(20000, lines=True)], Field(alias="tekst")]
    changed: Annotated[Short | None, Field(alias="watVeranderde")] = None
    sign_before: Annotated[date | None, Field(alias="tekenVoor")] = None


class Signing(Incoming):
    """A signature under the version that was read."""

    number: Annotated[Whole, Field(alias="nummer")]
    name: Annotated[Name, Field(alias="naam")]
    position: Annotated[Line, Field(alias="functie")]
    agrees: Annotated[bool, Field(alias="akkoord")] = False


class Invite(Incoming):
    """Whom an organisation invites, as what."""

    email: Email
    first_name: Annotated[FirstName, Field(alias="voornaam")]
    role: Annotated[InvitedAs, Field(alias="rol")]
    exclusive: Annotated[bool, Field(alias="alleenVoorOns")] = False


class Sharing(Incoming):
    """Whether a volunteer helps only people of the organisation."""

    exclusive: Annotated[bool, Field(alias="alleenVoorOns")] = False


class NewIntroduction(Incoming):
    """Which two, and why."""

    one_id: Annotated[UUID, Field(alias="een")]
    other_id: Annotated[UUID, Field(alias="ander")]
    why: Annotated[Short, Field(alias="waarom")]


class IntroductionAnswer(Incoming):
    """Yes or no of one organisation."""

    yes: Annotated[bool, Field(alias="ja")] = False
    version: Annotated[Whole, Field(alias="versie")]


class IntroductionEnded(Incoming):
    """What came of it."""

    outcome: Annotated[Short, Field(alias="uitkomst")]
    version: Annotated[Whole, Field(alias="versie")]
