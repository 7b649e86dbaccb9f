"""What is typed when something happened."""

from typing import Annotated

from pydantic import Field

from app.life.models import LifeKind
from app.schemas import Day, Incoming
from app.text import Typed


class NewEvent(Incoming):
    """What happened, and on which day."""

    kind: Annotated[LifeKind, Field(alias="gebeurtenis")]
    on_date: Annotated[Day | None, Field(alias="opWelkeDag")] = None
    sure: Annotated[bool, Field(alias="zeker")] = False
    words: Annotated[Annotated[str, Typed(1000, lines=True)] | None, Field(alias="bijzonderheden")] = None
