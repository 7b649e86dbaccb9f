"""Counting queries: a list costs as many at fifteen rows as at one."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import Engine, event

from app import pacing


@dataclass
class Queries:
    """The statements that one engine ran; ``count`` is how many."""

    statements: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many statements ran."""
        return len(self.statements)


@contextmanager
def count_queries(engine: Engine) -> Iterator[Queries]:
    """Collects the statements of every connection of this engine while it is open. No reader draws the lot of
    `app.pacing` meanwhile: a page must not cost more today than it did a moment ago."""
    queries = Queries()

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        queries.statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(pacing, "randbelow", lambda each: each - 1)
            yield queries
    finally:
        event.remove(engine, "before_cursor_execute", note)
