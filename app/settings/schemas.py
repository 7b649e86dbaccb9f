"""What is typed to share settings."""

from typing import Annotated

from pydantic import Field

from app.schemas import Incoming
from app.text import Line, Typed


class NewTemplate(Incoming):
    """A title, and why it works here."""

    title: Annotated[Line, Field(alias="titel")]
    why: Annotated[Annotated[str, Typed(1000, lines=True)], Field(alias="waarom")]
