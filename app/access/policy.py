"""Guards and scopes: every act asks ``require``, every select goes through ``visible``."""

from typing import TypeVar

from sqlalchemy import ColumnElement, Select, or_

from app.access.actor import Actor
from app.access.roles import Permission
from app.db import Tenanted
from app.errors import Forbidden, NotFound

T = TypeVar("T")


def require(actor: Actor, permission: Permission, municipality_id: int) -> None:
    """Let the act pass, or raise Forbidden (NotSignedIn for a visitor)."""
    actor.person_id  # noqa: B018 - raises for a visitor
    if municipality_id not in actor.reach(permission):
        raise Forbidden(permission)


def visible(actor: Actor, permission: Permission, model: type[Tenanted]) -> ColumnElement[bool]:
    """Rows in reach of the permission, one's own, those one is party to, and those made public."""
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
