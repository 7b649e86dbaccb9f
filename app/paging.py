"""Lists that people read a page at a time, with how much there is in all."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import Integer, Select, bindparam, func
from sqlalchemy.orm import Session

PAGE: Final = 20
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """One page of a list; ``count`` is all that was found, ``pages`` at least 1."""

    rows: list[T] = field(default_factory=list)
    count: int = 0
    number: int = 1
    pages: int = 1


def one_page(rows: list[T], count: int, number: int) -> Found[T]:
    """A page of which the rows and the count were read apart."""
    return Found(rows, count, number, max(1, -(-count // PAGE)))


def paged(query: Select[T]) -> Select[Any]:
    """The statement for any one page of this query, and the number of all its rows beside each of them."""
    in_all = func.count().over().label("in_all")
    return query.add_columns(in_all).limit(PAGE).offset(bindparam("skip", type_=Integer))


def page_of(
    session: Session, query: Select[Any], number: int, values: Mapping[str, Any] | None = None
) -> Found[Any]:
    """One page of what ``paged`` made, with the values it asks; a page past the end is the first one."""
    number = max(1, number)
    rows = session.execute(query, {**(values or {}), "skip": (number - 1) * PAGE}).all()
    if not rows and number > 1:
        return page_of(session, query, 1, values)
    count: int = rows[0].in_all if rows else 0
    return Found([row[0] for row in rows], count, number, max(1, -(-count // PAGE)))
