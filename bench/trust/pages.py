"""Pages of the program with its checks and without them, in one process, in turn."""

import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from fastapi import FastAPI
from sqlalchemy import ColumnElement, Engine, False_, event, text
from starlette.testclient import TestClient

from app.access import policy
from app.access.actor import Actor
from app.access.roles import Permission
from app.config import Settings
from app.db import Database, Tenanted
from app.main import create_app
from bench.trust.world import Person, World
from web.security import SESSION_COOKIE

CHECKS = (
    "require", "require_reach", "require_anywhere", "reach", "refuse_visitor", "require_fresh", "visible", "found",
)  # fmt: skip
CHANGES = re.compile(r'nonce="[^"]*"|data-ends="[^"]*"|name="csrf" value="[^"]*"|<time[^>]*>[^<]*')
"""What differs between two answers of one page."""


Clauses = dict[Any, ColumnElement[bool]]
"""Of each table and actor, made once."""


@dataclass(frozen=True, slots=True)
class Share:
    """CPU of a page: milliseconds with checks and without, the ratio, and the share that the checks themselves took."""

    name: str
    with_ms: float
    without_ms: float
    ratio: float
    inside: float


PAGES: tuple[tuple[str, str, str], ...] = (
    ("a makelaar's list", "broker", "/bureau"),
    ("a makelaar's case", "broker", "/bureau/zaken/{}"),
    ("a resident's own questions", "resident", "/mijn/vragen"),
    ("a resident's question", "resident", "/mijn/vragen/{}"),
)


@contextmanager
def a_site(world: World, folder: Path) -> Iterator[FastAPI]:
    """The program on the database of the world."""
    database = Database(world.guarded, pool_size=2)
    yield create_app(Settings(data_dir=folder), database)
    database.close()


def shares(world: World, folder: Path, rounds: int, times: int) -> list[Share]:
    """Of each page in turn."""
    with a_site(world, folder) as site:
        return [
            _share(
                name, partial(_page, site, getattr(world, who), path.format(_question(site))), rounds, times
            )
            for name, who, path in PAGES
        ]


def _question(site: FastAPI) -> str:
    """The key of the resident's question, which the makelaar's desk has as well."""

    database: Database = site.state.database
    query = text("SELECT id FROM help_request WHERE title = 'Samen naar de weekmarkt' AND is_public")
    with database.transaction() as session:
        return str(session.execute(query).scalar_one())


def _page(site: FastAPI, who: Person, path: str) -> str:
    client = TestClient(site, base_url="https://testserver", follow_redirects=False)
    client.cookies.set(SESSION_COOKIE, who.token)
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return CHANGES.sub("", answer.text)


def _share(name: str, page: Callable[[], str], rounds: int, times: int) -> Share:
    with _inside() as spent:
        page()
        page()
        begin, before = time.process_time_ns(), spent[0]
        for _ in range(times):
            page()
        inside = (spent[0] - before) / (time.process_time_ns() - begin)
    own: Clauses = {}
    with _read() as rows:
        checked = page()
    with _unchecked(own), _read() as fewer:
        unchecked = page()
    # what a page says of the time may have changed since the first
    assert unchecked in (checked, page()), "without its checks the page is another one"
    assert rows == fewer, "without its checks the page reads other rows"
    pairs = []
    # page by page: what else the machine does falls on both sides
    for turn in range(rounds * times):
        took = {}
        for checks in (turn % 2 == 0, turn % 2 == 1):
            with ExitStack() as stack:
                if not checks:
                    stack.enter_context(_unchecked(own))
                took[checks] = _cpu_ms(page)
        pairs.append((took[True], took[False]))
    ratio = median(one / other for one, other in pairs)
    return Share(name, median(one for one, _ in pairs), median(other for _, other in pairs), ratio, inside)


def _cpu_ms(page: Callable[[], str]) -> float:
    begin = time.process_time()
    page()
    return (time.process_time() - begin) * 1000


@contextmanager
def _read() -> Iterator[list[int]]:
    """How many rows each statement gave."""
    counts: list[int] = []

    def note(_c: Any, cursor: Any, _statement: str, _parameters: Any, _x: Any, _many: bool) -> None:
        counts.append(cursor.rowcount)

    event.listen(Engine, "after_cursor_execute", note)
    try:
        yield counts
    finally:
        event.remove(Engine, "after_cursor_execute", note)


@contextmanager
def _unchecked(clauses: Clauses) -> Iterator[None]:
    """Every check lets everything pass; a select is of the actor's own municipality or person, as it would be in a
    program for one of them: what is theirs or, of what lies between two people, what they are a party to."""

    def visible(actor: Actor, _: Permission, model: type[Tenanted]) -> ColumnElement[bool]:
        key = (model, actor.person, actor.is_staff)
        if key not in clauses:
            if actor.is_staff or actor.person is None:
                clauses[key] = model.in_reach_of(actor.scope.municipalities)
            else:
                own = model.owned_by(actor.person)
                clauses[key] = model.has_party(actor.person) if isinstance(own, False_) else own
        return clauses[key]

    def passes(*_: object) -> None:
        return None

    everywhere = lambda actor, *_: actor.scope.municipalities  # noqa: E731
    instead: dict[str, Any] = {
        "visible": visible, "found": lambda row: row, "reach": everywhere, "require_anywhere": everywhere,
        **dict.fromkeys(("require", "require_reach", "refuse_visitor", "require_fresh"), passes),
    }  # fmt: skip
    with _replaced(instead):
        yield


@contextmanager
def _inside() -> Iterator[list[int]]:
    """Counts the nanoseconds of CPU that are spent in checks; what one check asks of another is counted once."""
    spent, depth = [0], [0]

    def timed(check: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any) -> Any:
            depth[0] += 1
            begin = time.thread_time_ns()
            try:
                return check(*arguments)
            finally:
                depth[0] -= 1
                if not depth[0]:
                    spent[0] += time.thread_time_ns() - begin

        return run

    with _replaced({name: timed(getattr(policy, name)) for name in CHECKS}):
        yield spent


@contextmanager
def _replaced(instead: dict[str, Any]) -> Iterator[None]:
    """Wherever the program has read these names."""
    real = {name: getattr(policy, name) for name in instead}
    places = [
        (module, name)
        for module in list(sys.modules.values())
        if getattr(module, "__name__", "").split(".")[0] in ("app", "web")
        for name, value in list(vars(module).items())
        if any(value is one for one in real.values())
    ]
    before = [(module, name, getattr(module, name)) for module, name in places]
    for module, name, value in before:
        setattr(module, name, instead[next(known for known, one in real.items() if one is value)])
    try:
        yield
    finally:
        for module, name, value in before:
            setattr(module, name, value)
