"""What the desk fills in: a grant, an answer, limits, rules, a booking for others, a correction."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.euros import EyesCents
from app.schemas import Day, Incoming, Whole
from app.text import Typed
from rewards import Reason

Key = Annotated[UUID, Field(alias="sleutel")]
"""Made with the form: a form that is sent twice is one act."""
Why = Annotated[Annotated[str, Typed(400)], Field(alias="reden")]
GRANT_MAX = 6000
GRACE_LEAST = 14
"""A week of silence counts as a yes, and a makelaar who has to decide needs time as well."""


class Gift(Incoming):
    """Minutes out of the pot for one person; the reason is read by that person as well."""

    minutes: Annotated[Annotated[Whole, Field(ge=15, le=GRANT_MAX)], Field(alias="minuten")]
    reason: Why


class NewGrant(Gift):
    """A grant as a form."""

    key: Key


class Answer(Incoming):
    """The second pair of eyes."""

    yes: Annotated[bool, Field(alias="akkoord")]


class Limits(Incoming):
    """A personal floor and ceiling in minutes; both empty follows the municipality's again."""

    floor: Annotated[Annotated[Whole, Field(ge=-60000, le=0)] | None, Field(alias="ondergrens")] = None
    ceiling: Annotated[Annotated[Whole, Field(ge=0, le=60000)] | None, Field(alias="bovengrens")] = None
    reason: Why

    @model_validator(mode="after")
    def _both(self) -> Self:
        if (self.floor is None) != (self.ceiling is None):
            raise PydanticCustomError("both_or_none", "both limits, or none")
        return self


class NewLimits(Limits):
    """Limits as a form."""

    key: Key


class Stand(Incoming):
    """Whether an account stands still, and why; the person reads it as well."""

    still: Annotated[bool, Field(alias="stil")]
    reason: Why


class NewStand(Stand):
    """An account that stands still or goes again, as a form."""

    key: Key


class Rules(Incoming):
    """What a municipality gives its residents, from a day on. Minutes and days, and whole cents."""

    from_date: Annotated[Day | None, Field(alias="vanaf")] = None
    floor: Annotated[Annotated[Whole, Field(ge=-60000, le=0)], Field(alias="ondergrens")]
    ceiling: Annotated[Annotated[Whole, Field(ge=0, le=60000)], Field(alias="bovengrens")]
    lowest_floor: Annotated[Annotated[Whole, Field(ge=-60000, le=0)], Field(alias="laagsteOndergrens")]
    growth_percent: Annotated[Annotated[Whole, Field(ge=0, le=100)], Field(alias="groeiProcent")]
    eyes_above: Annotated[Annotated[Whole, Field(ge=0, le=60000)], Field(alias="tweedeBlikBoven")]
    eyes_days: Annotated[Annotated[Whole, Field(ge=1, le=365)], Field(alias="tweedeBlikDagen")]
    asked_days: Annotated[Annotated[Whole, Field(ge=1, le=365)], Field(alias="antwoordDagen")]
    eyes_above_cents: Annotated[EyesCents | None, Field(alias="welzijnTweedeBlikBoven")] = None
    """Of welfare budgets; left out, what held before goes on."""
    grace_days: Annotated[
        Annotated[Whole, Field(ge=GRACE_LEAST, le=365)] | None, Field(alias="uitloopDagen")
    ] = None
    """How long after the agreed date Roosjes stay set aside; left out, what held before goes on."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.lowest_floor > self.floor:
            raise PydanticCustomError("floors_in_order", "the lowest floor is not above the floor")
        return self


class NewRules(Rules):
    """Rules as a form."""

    key: Key


class Group(Incoming):
    """One with many, by a makelaar: who pays whom is in ``kind``."""

    head_id: Annotated[UUID, Field(alias="hoofd")]
    people: Annotated[list[UUID], Field(alias="deelnemers", min_length=1, max_length=100)]
    minutes: Annotated[Annotated[Whole, Field(ge=1, le=2400)], Field(alias="minuten")]
    on_date: Annotated[Day | None, Field(alias="datum")] = None
    reason: Why


class Setting(Incoming):
    """Why a booking is set right."""

    reason: Annotated[Reason, Field(alias="reden")]
