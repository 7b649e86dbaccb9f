"""What is typed in a conversation."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.conversations.models import LONGEST
from app.schemas import Incoming
from app.text import Typed


class NewMessage(Incoming):
    """A message, with the key of the form it was typed in."""

    words: Annotated[Annotated[str, Typed(LONGEST, lines=True)], Field(alias="bericht", min_length=1)]
    form_key: Annotated[UUID, Field(alias="sleutel")]
    as_it_is: Annotated[bool, Field(alias="tochVersturen")] = False
    """Whoever wrote a number or an address meant to."""


class YesOrNo(Incoming):
    """Something that is agreed to, or taken back."""

    yes: Annotated[bool, Field(alias="ja")] = False
