"""What an administrator may say about a look."""

from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from app.looks import palette
from app.schemas import Incoming, Whole
from app.text import Typed


def _colour(typed: str) -> str:
    try:
        return palette.colour(typed).given
    except palette.NotAColour:
        raise PydanticCustomError("colour-form", "no colour") from None
    except palette.TooNear as near:
        raise PydanticCustomError("colour-near", "too near", {"name": near.name}) from None


TypedColour = Annotated[str, Typed(20), AfterValidator(_colour)]


class LookChange(Incoming):
    """Two colours; what is left empty is ours. ``version`` tells what they were changed on, 0 for a first draft."""

    main: Annotated[TypedColour | None, Field(alias="hoofdkleur")] = None
    accent: Annotated[TypedColour | None, Field(alias="steunkleur")] = None
    version: Annotated[Whole, Field(alias="versie")] = 0


class Published(Incoming):
    """Which version somebody looked at before they showed it to everybody."""

    version: Annotated[Whole, Field(alias="versie")]
