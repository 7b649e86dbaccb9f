"""Lists in pages: two query parameters in, a Link header out."""

from collections.abc import Sequence
from typing import Annotated, TypeVar
from urllib.parse import urlencode

from fastapi import Request
from pydantic import Field
from sqlalchemy import Select
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.schemas import Incoming

T = TypeVar("T")


class Page(Incoming):
    """Which part of a list; a parameter with another name is refused."""

    number: Annotated[int, Field(alias="pagina", ge=1, le=10_000, description="De eerste is 1.")] = 1
    size: Annotated[int, Field(alias="aantal", ge=1, le=100, description="Zoveel per pagina.")] = 20

    @property
    def offset(self) -> int:
        """How many come before this page."""
        return (self.number - 1) * self.size

    @property
    def window(self) -> int:
        """One more than fits, to know whether there is a next page."""
        return self.size + 1


def rows_of(session: Session, statement: Select[T], page: Page) -> list[T]:
    """The rows of a page, and one more if there is a next."""
    return list(session.scalars(statement.limit(page.window).offset(page.offset)))


def paged(request: Request, response: Response, page: Page, rows: Sequence[T]) -> Sequence[T]:
    """At most a page of rows that were fetched by its window; the response gets its links."""
    numbers = {"first": 1, "self": page.number}
    if page.number > 1:
        numbers["prev"] = page.number - 1
    if len(rows) > page.size:
        numbers["next"] = page.number + 1
    response.headers["Link"] = ", ".join(
        f'<{_address(request, number)}>; rel="{name}"' for name, number in numbers.items()
    )
    return rows[: page.size]


def _address(request: Request, number: int) -> str:
    # relative: what a client calls us in its Host header does not come back
    others = [(name, value) for name, value in request.query_params.multi_items() if name != "pagina"]
    return f"{request.url.path}?{urlencode([*others, ('pagina', number)], errors='replace')}"
