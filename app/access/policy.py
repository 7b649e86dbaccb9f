"""Guards and scopes: every act asks ``require``, every select goes through ``visible``."""

from functools import lru_cache
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_

from app.access.actor import Actor
from app.access.roles import Permission
from app.db import Tenanted
from app.errors import Forbidden, NotFound, NotSignedIn, ProofNeeded

T = TypeVar("T")


def require(actor: Actor, permission: Permission, municipality_id: int) -> None:
    """Let the act pass, or raise Forbidden (NotSignedIn for a visitor)."""
    if municipality_id not in reach(actor, permission):
        raise Forbidden(permission)


def require_apart(actor: Actor, permission: Permission, municipality_id: int, *made_by: UUID | None) -> None:
    """The same over what others made: nobody judges their own, whatever they may. Raises Forbidden."""
    require(actor, permission, municipality_id)
    if actor.person_id in made_by:
        raise Forbidden(permission)


def require_reach(actor: Actor, permission: Permission, municipality_id: int) -> None:
    """The same where a municipality out of reach is one that does not exist: raises NotFound."""
    if municipality_id not in reach(actor, permission):
        raise NotFound


def require_anywhere(actor: Actor, permission: Permission) -> frozenset[int]:
    """Where the actor may; raises Forbidden when that is nowhere."""
    found = reach(actor, permission)
    if not found:
        raise Forbidden(permission)
    return found


def reach(actor: Actor, permission: Permission) -> frozenset[int]:
    """Where the actor may, perhaps nowhere; raises NotSignedIn for a visitor."""
    refuse_visitor(actor)
    return actor.reach(permission)


def refuse_visitor(actor: Actor) -> None:
    """Raises NotSignedIn for somebody who is not signed in."""
    if not actor.signed_in:
        raise NotSignedIn


def kept_at(actor: Actor) -> int:
    """The municipality under which somebody's own wishes are kept: where they live, else where they have a role.

    Raises Forbidden for who has neither any more.
    """
    if actor.home is not None:
        return actor.home
    places = {place for grant in actor.grants for place in grant.municipalities}
    if not places:
        raise Forbidden
    return min(places)


def require_fresh(actor: Actor) -> None:
    """For exports, roles and second pairs of eyes: raises ProofNeeded unless one just showed who one is."""
    refuse_visitor(actor)
    if actor.waiting or not actor.fresh:
        raise ProofNeeded


@lru_cache(maxsize=32)
def visible(actor: Actor, permission: Permission, model: type[Tenanted]) -> ColumnElement[bool]:
    """Rows in reach of the permission, one's own, those one is party to, and those made public.

    A page asks the same several times, and making it takes longer than looking it up: nothing but these three is in it.
    """
    clauses = [model.in_reach_of(actor.reach(permission)), model.is_public_row()]
    if actor.person is not None:
        clauses += [model.owned_by(actor.person), model.has_party(actor.person)]
    return or_(*clauses)


def found(row: T | None) -> T:
    """The row, or NotFound: what one may not see does not exist."""
    if row is None:
        raise NotFound
    return row


def locked(statement: Select[T]) -> Select[T]:
    """The same select, with its rows locked until the transaction ends."""
    return statement.with_for_update().execution_options(populate_existing=True)
