"""What cheques and paper Roosjes share: one refusal, few wrong guesses, and how long a paper counts."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.limits import Limit, hold_back, spend
from app.clock import AMSTERDAM
from app.errors import Conflict, Invalid
from app.text import Typed
from rewards import errors

WRONG_CODES = Limit("wrong-code", 10, timedelta(hours=1))
"""So many papers that were refused, by one person, and they wait; what was typed wrong does not count."""
SOON = timedelta(days=60)
"""From here on a paper's end is near enough to say so."""

Code = Annotated[str, Typed(120)]
"""A serial as somebody typed it, or as a telephone read it."""
Key = Annotated[str, Field(min_length=1, max_length=160, pattern="^[!-~]+$")]


class PaperRefused(Conflict):
    """Unknown, used, given back, expired, or of somewhere else: nobody hears which."""

    code = "paper-refused"


class KeyUsed(Conflict):
    """The form was sent before, with something else in it."""

    code = "key-used"


@dataclass(frozen=True, slots=True)
class Printed:
    """A paper on its way to the printer: its secret, shown once, and the number by which it is found when lost."""

    number: int
    code: str = field(repr=False)


@contextmanager
def careful(session: Session, actor: Actor) -> Iterator[Connection]:
    """One attempt with a code: raises PaperRefused for a wrong one, Invalid for a mistyped one, TooMany at last.

    What the ledger refuses is rolled back; the attempt is counted.
    """
    subject = str(actor.person_id)
    hold_back(session, WRONG_CODES, subject)
    try:
        with session.begin_nested():
            yield session.connection()
    except errors.MistypedSerial as mistyped:
        raise Invalid(details={"code": "mistyped"}) from mistyped
    except errors.SerialRefused as refused:
        spend(session, WRONG_CODES, subject)
        raise PaperRefused from refused
    except errors.KeyReused as reused:
        raise KeyUsed from reused


def end_of_next_year(moment: datetime) -> datetime:
    """When a paper that is made at this moment stops counting: midnight after the last day of next year."""
    return datetime(moment.astimezone(AMSTERDAM).year + 2, 1, 1, tzinfo=AMSTERDAM)
