"""What is typed about a talk."""

from typing import Annotated

from pydantic import Field

from app.couplings.models import GoesOn, How, TalkOutcome
from app.satisfaction.models import Face
from app.schemas import Day, Incoming, WallClock, Whole
from app.text import Typed


class PlanTalk(Incoming):
    """When and where, as it was read."""

    on_date: Annotated[Day, Field(alias="datum")]
    at_time: Annotated[WallClock, Field(alias="tijd")]
    how: Annotated[How, Field(alias="hoe")]
    version: Annotated[Whole, Field(alias="versie")]


class TalkHeld(Incoming):
    """What came of it; the note is for the desk."""

    outcome: Annotated[TalkOutcome, Field(alias="uitkomst")]
    note: Annotated[Annotated[str, Typed(4000, lines=True)] | None, Field(alias="notitie")] = None
    version: Annotated[Whole, Field(alias="versie")]


class NewAnswer(Incoming):
    """How it goes, and whether one would like to go on."""

    face: Annotated[Face, Field(alias="gezicht")]
    goes_on: Annotated[GoesOn, Field(alias="verder")]
    words: Annotated[Annotated[str, Typed(1000, lines=True)] | None, Field(alias="woorden")] = None
