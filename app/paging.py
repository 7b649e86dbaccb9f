"""Lists that people read a page at a time, with how much there is in all."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import Integer, Select, bindparam, func, literal_column, select
from sqlalchemy.orm import Session

PAGE: Final = 20
COUNTED: Final = 1000
"""As far as a long list is counted: nobody chooses among more, and each further row costs a reader time."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """One page of a list; ``count`` is all that was found, or so far as it was counted; ``pages`` at least 1."""

    rows: list[T] = field(default_factory=list)
    count: int = 0
    number: int = 1
    pages: int = 1
    more: bool = False
    """Whether there are more than were counted."""

    @property
    def follows(self) -> bool:
        """Whether there is a page after this one."""
        return self.number < self.pages or (self.more and len(self.rows) == PAGE)


def one_page(rows: list[T], count: int, number: int) -> Found[T]:
    """A page of which the rows and the count were read apart."""
    return Found(rows, count, number, max(1, -(-count // PAGE)))


def paged(query: Select[T]) -> Select[Any]:
    """The statement for any one page of this query, and the number of all its rows beside each of them."""
    in_all = func.count().over().label("in_all")
    return query.add_columns(in_all).limit(PAGE).offset(bindparam("skip", type_=Integer))


def paged_of_many(query: Select[T]) -> Select[Any]:
    """The same for a list that an index gives in its order: its rows are counted no further than ``counted``."""
    some: Select[Any] = query.with_only_columns(literal_column("1"), maintain_column_froms=True).order_by(
        None
    )
    some = some.limit(bindparam("counted", type_=Integer))
    in_all = select(func.count()).select_from(some.subquery()).scalar_subquery().label("in_all")
    return query.add_columns(in_all).limit(PAGE).offset(bindparam("skip", type_=Integer))


def page_of(
    session: Session,
    query: Select[Any],
    number: int,
    values: Mapping[str, Any] | None = None,
    *,
    most: int | None = None,
) -> Found[Any]:
    """One page of what ``paged`` made, with the values it asks, or of ``paged_of_many``, of which ``most`` are counted.

    A page past the end is the first one.
    """
    number = max(1, number)
    asked = {**(values or {}), "skip": (number - 1) * PAGE}
    rows = session.execute(query, asked if most is None else {**asked, "counted": most + 1}).all()
    if not rows and number > 1:
        return page_of(session, query, 1, values, most=most)
    count: int = rows[0].in_all if rows else 0
    more = most is not None and count > most
    count -= more
    return Found([row[0] for row in rows], count, number, max(1, -(-count // PAGE)), more)
