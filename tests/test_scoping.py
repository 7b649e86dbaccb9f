"""Nothing in the code steps around its guards: selects are scoped, routes know who asks, pages hold no SQL.

These tests read source and routes, not rows: what the database itself refuses is in tests/app/test_tenancy.py.
That nothing but app/db.py commits is in tests/test_house.py.
"""

import ast
import inspect
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import RouteContext

from app.access.actor import Actor
from app.branch import routes_of
from app.config import Settings
from app.db import Database as Program
from app.main import create_app
from tests.databases import ROOT, Database
from tests.scoping import REASON, REASONS, Reader

SQL = re.compile(
    r"(select|insert into|update|delete from|truncate|create|alter|drop)\b.*\b(from|set|values|where|table)\b",
    re.IGNORECASE | re.DOTALL,
)
DATABASE_LIBRARIES = frozenset({"sqlalchemy", "psycopg", "alembic", "procrastinate"})
RUNS_SQL = frozenset({"execute", "scalars", "scalar", "exec_driver_sql"})

UNSCOPED = 376
"""Statements on tenanted tables that hold no scope of their own, each for one of ``REASONS``."""
PUBLIC = {
    "/static": "the site's own files, the same for everybody",
    "/robots.txt": "read by machines, the same for everybody",
    "/.well-known/security.txt": "read by machines, the same for everybody",
    "/inloggen/via/{provider_id}": "asks in its own transaction: nobody waits for a provider with a connection in hand",
    "/inloggen/via/{provider_id}/uit": "likewise",
    "/inloggen/terug/{provider_id}": "likewise, before and after the provider was asked",
    "/huisstijl/{municipality_id}/{key}.css": "colours that everybody sees, under an address that says which",
    "/huisstijl/{municipality_id}/logo/{key}": "likewise",
    "/delen/{municipality_id}/{key}.png": "likewise: the picture beside a shared address",
    "/afmelden/direct": "a mail program's one press: the signed token in the address says whose mail and which",
    "/csp": "a browser's own report, for the log; it changes nothing",
    "/taal/{language}": "sets a cookie of the browser's own",
    "/thema/{theme}": "sets a cookie of the browser's own",
    "/api/v1/openapi.json": "the description of the API holds no row of anybody",
    "/api/v1/gemeenten": "facts that everybody may read",
    "/api/v1/gemeenten/{gemeente}/controles": "facts that everybody may read",
    "/api/v1/buurten": "facts that everybody may read",
    "/api/v1/categorieen": "facts that everybody may read",
}
"""Routes that do not ask who is there, and why they need not."""


def modules(package: str) -> Iterator[tuple[str, str]]:
    """Path and source of every module of a package."""
    for path in sorted((ROOT / package).rglob("*.py")):
        yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")


def test_every_select_on_a_tenanted_table_is_scoped_or_says_why_not() -> None:
    unscoped = [f"{path}:{line}" for path, source in modules("app") for line in Reader(source).read()]

    assert unscoped == []


def test_every_reason_is_one_of_the_few_and_they_do_not_grow_unseen() -> None:
    said = Counter(
        reason[1] if (reason := REASON.search(line)) else f"{path}: {line.strip()}"
        for path, source in modules("app")
        for line in source.splitlines()
        if "# unscoped:" in line
    )

    assert set(said) <= set(REASONS)
    assert said.total() == UNSCOPED, "say here what it comes to, when one was added or taken away with reason"


@pytest.mark.parametrize(
    "line",
    [
        "rows = session.scalars(select(HelpRequest).where(HelpRequest.id == id)).all()",
        "count = session.execute(select(func.count()).select_from(HelpRequest)).scalar_one()",
        "session.execute(update(Proposal).values(status='agreed'))",
        "session.execute(delete(Notice))",
        "session.scalars(select(Contact.email).where(Contact.person_id == id)).one()",
        "row = session.get(Agreement, id)",
        "row = session.execute(select(Offer.id).join(Person)).first()",
        "for row in session.scalars(select(Occurrence)): print(row)",
        "asked = session.execute(select(select(Proposal.id).exists())).scalar_one()",
        "seen = actor.person_id; rows = session.scalars(select(HelpRequest).where(seen)).all()",
        "# unscoped:\n    rows = session.scalars(select(HelpRequest)).all()",
        "# unscoped: as above\n    rows = session.scalars(select(HelpRequest)).all()",
        "# unscoped: because\n    rows = session.scalars(select(HelpRequest)).all()",
        "rows = session.execute(text('SELECT r.title FROM help_request r')).all()",
        "rows = session.execute(text('UPDATE notice SET mailed_at = now()'))",
    ],
)
def test_an_unscoped_statement_is_caught(line: str) -> None:
    source = (
        f"from app.help_offers.models import HelpOffer as Offer\ndef some(session, actor, id):\n    {line}\n"
    )

    assert Reader(source).read() != []


@pytest.mark.parametrize(
    "line",
    [
        "rows = session.scalars(select(HelpRequest).where(visible(actor, P.SEE, HelpRequest))).all()",
        "row = session.scalars(selection(actor).where(HelpRequest.id == id)).one()",
        "own = select(HelpRequest).where(HelpRequest.owned_by(actor.person_id))",
        "seen = visible(actor, P.SEE, HelpRequest)\n    rows = select(HelpRequest).where(seen)",
        "# unscoped: one's own row,\n    # which the caller holds\n    row = session.get(Agreement, id)",
        "row = session.get(Agreement, id)  # unscoped: goes with what the caller holds",
        "# unscoped: the owner's own work\n    session.execute(text('DELETE FROM notice'))",
        "names = session.execute(text('SELECT name FROM municipality')).all()",
        "rows = select(HelpRequest).where(HelpRequest.municipality_id.in_(actor.reach(P.SEE)))",
        "rows = session.scalars(select(Municipality)).all()",
        "asked = select(Proposal.id).where(Proposal.help_request_id == HelpRequest.id).exists()",
        "session.add(HelpRequest(title='boodschappen'))",
    ],
)
def test_a_scoped_or_explained_statement_passes(line: str) -> None:
    assert Reader(f"def some(session, actor, id):\n    {line}\n").read() == []


@pytest.fixture(scope="module")
def routes(database: Database, tmp_path_factory: pytest.TempPathFactory) -> list[RouteContext]:
    """Every route of the whole program."""
    made = Program(database.app_url, pool_size=1)
    program = create_app(Settings(data_dir=tmp_path_factory.mktemp("data")), made)
    made.close()
    return list(routes_of(program))


def dependencies(dependant: Any) -> Iterator[Any]:
    """Everything that a route asks for, however deep."""
    for dependency in dependant.dependencies:
        yield dependency.call
        yield from dependencies(dependency)


def asks_who_is_there(route: RouteContext) -> bool:
    """Whether some dependency of the route answers with an Actor: Visitor, SignedIn, Staff, ApiActor, ..."""
    dependant = getattr(route, "dependant", None)
    return dependant is not None and any(is_actor(call) for call in dependencies(dependant))


def is_actor(call: Any) -> bool:
    """Whether a dependency is a function that answers with an Actor."""
    return inspect.isfunction(call) and inspect.get_annotations(call).get("return") in (Actor, "Actor")


def test_every_route_asks_who_is_there_or_is_public_with_a_reason(routes: list[RouteContext]) -> None:
    silent = sorted({str(route.path) for route in routes if not asks_who_is_there(route)})

    assert [path for path in silent if path not in PUBLIC] == []


def test_no_route_is_listed_as_public_that_asks_who_is_there(routes: list[RouteContext]) -> None:
    asking = {str(route.path) for route in routes if asks_who_is_there(route)}

    assert asking & set(PUBLIC) == set()


def test_a_route_without_an_actor_is_caught() -> None:
    program = FastAPI()

    @program.get("/geheim")
    def secret() -> str:
        return ""

    (route,) = [route for route in routes_of(program) if route.path == "/geheim"]
    assert not asks_who_is_there(route)


def trees(package: str) -> Iterator[tuple[str, ast.AST]]:
    """Every node of every module of a package."""
    for path, source in modules(package):
        for node in ast.walk(ast.parse(source)):
            yield path, node


def sql_in(node: ast.AST) -> bool:
    """Whether a node imports a database library, runs a statement, or is one."""
    if isinstance(node, ast.Import):
        return any(alias.name.split(".")[0] in DATABASE_LIBRARIES for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        return (node.module or "").split(".")[0] in DATABASE_LIBRARIES
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr in RUNS_SQL
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and is_sql(node.value)


def is_sql(text: str) -> bool:
    """Whether a text is a statement rather than a sentence that has some of its words."""
    return SQL.match(text.strip()) is not None


def test_pages_hold_no_sql() -> None:
    assert [f"{path}:{node.lineno}" for path, node in trees("web") if sql_in(node)] == []  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "line",
    [
        "from sqlalchemy import select",
        "import psycopg.sql",
        "session.execute(query)",
        "query = 'SELECT id FROM help_request'",
        "query = '''\\nUPDATE person\\nSET paused = true'''",
    ],
)
def test_sql_in_a_page_is_caught(line: str) -> None:
    assert any(sql_in(node) for node in ast.walk(ast.parse(line)))


def test_templates_hold_no_sql() -> None:
    folder = ROOT / "web" / "templates"
    found = [str(path) for path in folder.rglob("*.html") if _has_sql(path)]

    assert found == []


def _has_sql(path: Path) -> bool:
    return any(is_sql(line) for line in path.read_text(encoding="utf-8").splitlines())
