"""What is typed in a conversation."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.conversations.models import LONGEST
from app.schemas import Incoming
from app.text import Typed


class SentMessage(Incoming):
    """A message."""

    words: Annotated[Annotated[str, Typed(LONGEST, lines=True)], Field(alias="bericht", min_length=1)]
    as_it_is: Annotated[bool, Field(alias="tochVersturen")] = False
    """Whoever wrote a number or an address meant to."""


class NewMessage(SentMessage):
    """The same, with the key of the form it was typed in: sent twice it is there once."""

    form_key: Annotated[UUID, Field(alias="sleutel")]


class YesOrNo(Incoming):
    """Something that is agreed to, or taken back."""

    yes: Annotated[bool, Field(alias="ja")] = False
