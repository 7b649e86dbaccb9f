"""Bases of all schemas: strict about what comes in, Dutch in what goes out."""

import re
from datetime import UTC, date, datetime, time
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from app.text import Typed

JSON = {"json": True}
DIGITS = re.compile(r"\s*[+-]?[0-9]+\s*")
"""Validation context of a JSON body, where a number is a number; in a form everything is text."""


class Incoming(BaseModel):
    """What a form or a JSON body may hold; an unknown name is refused rather than ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)


class Outgoing(BaseModel):
    """What the API shows; built from rows, named in Dutch."""

    model_config = ConfigDict(from_attributes=True, validate_by_name=True, serialize_by_alias=True)


def _whole(value: Any, info: ValidationInfo) -> Any:
    """Refuse what only resembles a whole number: true, 1.5, NaN, 1_5, and "60" unless it is a form's text."""
    if isinstance(value, bool | float) or (isinstance(value, str) and info.context == JSON):
        raise PydanticCustomError("whole_number", "a whole number is needed")
    if isinstance(value, str) and DIGITS.fullmatch(value) is None:
        raise PydanticCustomError("whole_number", "a whole number is needed")
    return value


def _without_zone(value: time) -> time:
    """A time on a Dutch wall clock has no zone of its own."""
    if value.tzinfo is not None:
        raise PydanticCustomError("time_zone", "a time without a zone is needed")
    return value


def _not_to_come(year: int) -> int:
    """By the clock of the machine: a schema has no database, and for a year a day more or less is nothing."""
    this_year = datetime.now(UTC).year
    if year > this_year:
        raise PydanticCustomError("less_than_equal", "at most {le}", {"le": this_year})
    return year


Whole = Annotated[int, BeforeValidator(_whole)]
BirthYear = Annotated[Whole, Field(ge=1900), AfterValidator(_not_to_come)]
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2200, 1, 1))]
WallClock = Annotated[
    time, AfterValidator(_without_zone), WithJsonSchema({"type": "string", "format": "time-local"})
]
Moment = Annotated[datetime, PlainSerializer(lambda at: at.astimezone(UTC), when_used="json-unless-none")]
"""Goes out in UTC, whatever zone the connection has."""
Slug = Annotated[str, Field(max_length=80, pattern=r"^[a-z0-9-]+$")]
"""The code of a category."""
Minutes = Annotated[Whole, Field(ge=15, le=2400)]
Mask = Annotated[Whole, Field(ge=0, le=268435455)]


class Why(Incoming):
    """A reason in one's own words; who stops or says no may leave it out."""

    reason: Annotated[Annotated[str, Typed(400)] | None, Field(alias="reden")] = None


NO_REASON = Why()


class Nothing(Incoming):
    """A form with a button only."""
