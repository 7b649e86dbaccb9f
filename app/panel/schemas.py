"""What is typed of a point."""

from typing import Annotated, Literal

from pydantic import Field

from app.schemas import Day, Incoming, Whole
from app.text import Line, Typed


class NewPoint(Incoming):
    """What the panel said, and on which day."""

    title: Annotated[Line, Field(alias="titel")]
    body: Annotated[Annotated[str, Typed(2000, lines=True)] | None, Field(alias="uitleg")] = None
    said_on: Annotated[Day, Field(alias="datum")]


class FollowUp(Incoming):
    """Who takes it up and by when, or what became of it."""

    step: Annotated[Literal["opgepakt", "gedaan", "niet"], Field(alias="stap")]
    keeper: Annotated[Annotated[str, Typed(80)] | None, Field(alias="wie")] = None
    due_on: Annotated[Day | None, Field(alias="voor")] = None
    outcome: Annotated[Annotated[str, Typed(1000, lines=True)] | None, Field(alias="uitkomst")] = None
    version: Annotated[Whole, Field(alias="versie")]
