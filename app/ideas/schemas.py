"""What one may bring in, and what one may say of it."""

from typing import Annotated

from pydantic import Field

from app.schemas import Day, Incoming
from app.text import Line, Typed

MYSELF = "ik"


class NewIdea(Incoming):
    """A plan or an idea; who may say what is a plan follows from who brings it in."""

    title: Annotated[Line, Field(alias="titel")]
    body: Annotated[Annotated[str, Typed(4000, lines=True)], Field(alias="idee")]
    open_until: Annotated[Day | None, Field(alias="totEnMet")] = None


class NewReaction(Incoming):
    """A few words, in one's own name or for an organisation that one works for."""

    body: Annotated[Annotated[str, Typed(2000, lines=True)], Field(alias="reactie")]
    sender: Annotated[str, Field(alias="namens", max_length=40)] = MYSELF


class Answer(Incoming):
    """What was done with it."""

    outcome: Annotated[Annotated[str, Typed(2000, lines=True)], Field(alias="uitkomst")]
