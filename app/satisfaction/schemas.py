"""What somebody says of one time."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from app.satisfaction.models import Face
from app.schemas import Incoming
from app.text import Typed


class ForWhom(StrEnum):
    """Who reads it."""

    DESK = "makelaar"
    BOTH = "allebei"


class NewSatisfaction(Incoming):
    """A face, and words if one likes."""

    face: Annotated[Face, Field(alias="gezicht")]
    words: Annotated[Annotated[str, Typed(1000, lines=True)] | None, Field(alias="woorden")] = None
    for_whom: Annotated[ForWhom, Field(alias="voorWie")] = ForWhom.DESK
