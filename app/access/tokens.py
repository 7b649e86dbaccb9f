"""Tokens of programs: what each allows, and making and ending one's own."""

from typing import Annotated, Final
from uuid import UUID

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError
from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.events import note
from app.access.models import ApiToken
from app.access.policy import require_fresh
from app.access.proof_models import Happened
from app.access.roles import TokenScope
from app.access.sign_in import new_api_token
from app.errors import Conflict, Forbidden, NotFound
from app.schemas import Incoming, Whole
from app.text import Typed

MOST: Final = 10
LONGEST_DAYS: Final = 365
READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class BeyondToken(Forbidden):
    """The person may, but this token of theirs does not."""

    code = "beyond-token"


class TooManyTokens(Conflict):
    """Somebody has ten that work."""

    code = "too-many-tokens"


def _of_a_program(scope: TokenScope) -> TokenScope:
    if scope is TokenScope.CALENDAR:
        raise PydanticCustomError("scope", "an agenda has an address of its own")
    return scope


class NewToken(Incoming):
    """What the program is called, what it may, and for how long."""

    name: Annotated[str, Typed(40), Field(alias="naam")]
    scope: Annotated[TokenScope, AfterValidator(_of_a_program), Field(alias="mag")]
    days: Annotated[Annotated[Whole, Field(ge=1, le=LONGEST_DAYS)], Field(alias="dagen")]


def check(actor: Actor, method: str, *, for_another: bool) -> None:
    """Let a program pass to what its token allows; raises BeyondToken. Every route of the API that knows a person asks.

    Roles were left out before, when the actor was loaded: without one, what is not one's own is not there.
    """
    if actor.token is TokenScope.CALENDAR:
        raise BeyondToken
    if actor.token is TokenScope.ALL:
        return
    if for_another or (actor.token is not TokenScope.OWN and method not in READING):
        raise BeyondToken


def mine(session: Session, actor: Actor) -> list[ApiToken]:
    """One's own that work, the newest first."""
    # unscoped: one's own rows
    mine = select(ApiToken).where(*live(actor), ApiToken.scope != TokenScope.CALENDAR)
    return list(session.scalars(mine.order_by(ApiToken.created_at.desc())))


def live(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """One's own that work."""
    return (
        ApiToken.person_id == actor.person_id,
        ApiToken.ended_at.is_(None),
        ApiToken.expires_at > func.ledger.now(),
    )


def make(session: Session, actor: Actor, new: NewToken) -> str:
    """A new one; the answer is the only time that it is told. Raises ProofNeeded, TooManyTokens."""
    require_fresh(actor)
    if len(mine(session, actor)) >= MOST:
        raise TooManyTokens
    token = new_api_token(session, actor.person_id, new.name, new.days, new.scope)
    note(session, actor.person_id, actor.person_id, Happened.PROGRAM_ADDED, new.name)
    return token


def end(session: Session, actor: Actor, token_id: UUID) -> None:
    """It opens nothing from here on; raises NotFound for one that is not one's own."""
    # unscoped: one's own row
    one = update(ApiToken).where(ApiToken.id == token_id, *live(actor)).values(ended_at=func.ledger.now())
    name = session.scalars(one.returning(ApiToken.name)).one_or_none()
    if name is None:
        raise NotFound
    note(session, actor.person_id, actor.person_id, Happened.PROGRAM_REMOVED, name)
