"""Bases of all schemas: strict about what comes in, Dutch in what goes out."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError


class Incoming(BaseModel):
    """What a form or a JSON body may hold; an unknown name is refused rather than ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)


class Outgoing(BaseModel):
    """What the API shows; built from rows, named in Dutch."""

    model_config = ConfigDict(from_attributes=True, validate_by_name=True, serialize_by_alias=True)


def _whole(value: Any) -> Any:
    """Refuse what only resembles a whole number: true, 1.5, NaN, "1e3"; a form's text may be digits."""
    if isinstance(value, bool | float):
        raise PydanticCustomError("whole_number", "a whole number is needed")
    return value


Whole = Annotated[int, BeforeValidator(_whole)]
Minutes = Annotated[Whole, Field(ge=15, le=2400)]
Mask = Annotated[Whole, Field(ge=0, le=268435455)]


class Reason(Incoming):
    """Why something is stopped, in the person's own words."""

    reason: Annotated[str, Field(alias="reden", max_length=400)] = ""


class Identified(Outgoing):
    """A row by its key."""

    id: UUID
