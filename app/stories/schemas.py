"""What one may tell."""

from typing import Annotated

from pydantic import Field

from app.schemas import Incoming
from app.text import Line, Typed

THEMES = ("samen", "gezelschap", "boodschappen", "vervoer", "tuin", "klus", "computer", "brieven", "anders")


class NewStory(Incoming):
    """A story, with the yes to show it."""

    title: Annotated[Line, Field(alias="titel")]
    body: Annotated[Annotated[str, Typed(4000, lines=True)], Field(alias="verhaal")]
    theme: Annotated[str, Field(alias="plaatje", pattern=f"^({'|'.join(THEMES)})$")] = "anders"
    may_show: Annotated[bool, Field(alias="magErop")]


class ToldStory(NewStory):
    """The same as the desk wrote it down for somebody, under the name that they chose."""

    name: Annotated[Line, Field(alias="naam")]
