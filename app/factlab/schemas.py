"""What is typed to prepare a Factlab."""

from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from app.schemas import Incoming
from app.text import Line, Typed

LEAST, MOST = 2, 6


def _partners(typed: str) -> str:
    names = names_in(typed)
    if not LEAST <= len(names) <= MOST or len({name.casefold() for name in names}) < len(names):
        raise PydanticCustomError("partners", "between two and six different names")
    if any(len(name) > 80 for name in names):
        raise PydanticCustomError("partners", "too long")
    return typed


def names_in(typed: str) -> list[str]:
    """One name a line."""
    return [name.strip() for name in typed.splitlines() if name.strip()]


Word = Annotated[str, Typed(80)] | None


class Sitting(Incoming):
    """A word of every partner, which makes the key with the others; the files come beside it."""

    first: Annotated[Word, Field(alias="woord0")] = None
    second: Annotated[Word, Field(alias="woord1")] = None
    third: Annotated[Word, Field(alias="woord2")] = None
    fourth: Annotated[Word, Field(alias="woord3")] = None
    fifth: Annotated[Word, Field(alias="woord4")] = None
    sixth: Annotated[Word, Field(alias="woord5")] = None

    @property
    def words(self) -> list[str]:
        """In the order of the partners; empty for who typed none."""
        every = (self.first, self.second, self.third, self.fourth, self.fifth, self.sixth)
        return [word or "" for word in every]


class NewFactlab(Incoming):
    """What it is about, and which organisations take part, one a line."""

    title: Annotated[Line, Field(alias="titel")]
    partners: Annotated[
        Annotated[str, Typed(600, lines=True), AfterValidator(_partners)], Field(alias="deelnemers")
    ]
