"""What a makelaar writes down about a check, and what a municipality asks."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.checks.models import CheckName, CheckRole
from app.people.models import CheckWay
from app.schemas import Day, Incoming, Slug, Whole
from app.text import Line, Typed

Weeks = Annotated[Whole, Field(ge=1, le=26)]


class NewCheck(Incoming):
    """A check that was seen, looked up, or from which somebody is exempt for a while."""

    name: Annotated[CheckName, Field(alias="soort")]
    way: Annotated[CheckWay, Field(alias="hoe")] = CheckWay.SEEN
    valid_from: Annotated[Day | None, Field(alias="vanaf")] = None
    """Without one: from the day on which it is written down."""
    valid_until: Annotated[Day | None, Field(alias="totEnMet")] = None
    number: Annotated[Annotated[str, Typed(40)] | None, Field(alias="nummer")] = None
    source: Annotated[Line | None, Field(alias="waar")] = None
    reason: Annotated[Annotated[str, Typed(400)] | None, Field(alias="reden")] = None
    organisation_id: Annotated[UUID | None, Field(alias="organisatie")] = None
    """Which organisation saw it of its own volunteer."""


class Withdrawn(Incoming):
    """Why a check no longer counts."""

    reason: Annotated[Annotated[str, Typed(400)], Field(alias="reden")]


class NumberAsked(Incoming):
    """A number to be looked up in the register of companies."""

    number: Annotated[Annotated[str, Typed(40)], Field(alias="nummer")]


class NewRequirement(Incoming):
    """What is asked for one kind of help, of who gives it unpaid or for pay."""

    category: Annotated[Slug, Field(alias="categorie")]
    role: Annotated[CheckRole, Field(alias="rol")] = CheckRole.VOLUNTEER
    checks: Annotated[list[CheckName], Field(alias="controles")] = []
    lasting: Annotated[list[CheckName], Field(alias="ookBijVast")] = []


class TaxonomyAgain(Incoming):
    """Back to what the taxonomy asks."""

    category: Annotated[Slug, Field(alias="categorie")]
    role: Annotated[CheckRole, Field(alias="rol")]


class CheckSettings(Incoming):
    """When helpers hear that a check ends, and how newcomers are seen through their first times."""

    notice_weeks: Annotated[list[Weeks], Field(alias="wekenVooraf", max_length=4)] = []
    newcomer_visits: Annotated[Annotated[Whole, Field(ge=0, le=10)], Field(alias="eersteKeren")] = 3
    newcomer_meeting: Annotated[bool, Field(alias="eerstKennismaken")] = False
