"""Reads source for statements on tenanted tables that are neither scoped nor explained.

A heuristic on syntax trees, not a proof: it sees ``select``, ``update``, ``delete`` and ``session.get`` beside the
name of a tenanted class, and written SQL beside the name of its table. A statement passes when it, or a name that it
uses, holds a scope (``visible``, ``selection``, ``owned_by``, ``has_party``, ``actor.reach``), or when a comment
``# unscoped: why`` stands in it or right above it, where why begins with one of ``REASONS``. What ends in ``exists()``
or ``scalar_subquery()`` passes too: it is part of another statement.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

import app.models  # noqa: F401 - every table, before the mappers are asked
from app.db import Base, Tenanted

PRIVATE = frozenset({"Contact", "RoleGrant"})
STATEMENTS = frozenset({"select", "update", "delete"})
LOOKUPS = frozenset({"get", "get_one"})
SCOPES = frozenset({"visible", "selection", "owned_by", "has_party", "reach"})
CONDITIONS = frozenset({"exists", "scalar_subquery"})
REASONS = {
    "one's own": "rows of whoever acts, or to which they are a party, by their key",
    "the permission was asked": "for this municipality, or for the reach that is the condition",
    "goes with": "rows of a row that was found in scope, or locked, here or by the caller",
    "counted only": "numbers, of a municipality for which the permission was asked; no row is shown",
    "anybody may": "what is no secret",
    "found by its own secret": "before anybody is signed in",
    "row-level security": "the policy says it, and nothing in Python could say it sooner",
    "the worker's reach": "every municipality",
    "the owner's own work": "migration, upkeep and the demonstration",
}
"""The only reasons that there are: a comment begins with one, and may say more after it."""
REASON = re.compile(rf"# unscoped: ({'|'.join(REASONS)})\b")
WRITTEN = re.compile(r"\s*(select|with|insert|update|delete)\b", re.IGNORECASE)
TABLES = re.compile(r"\b(?:from|join|into|update|using)\s+(\w+)", re.IGNORECASE)
COMPOUND = (ast.For, ast.AsyncFor, ast.While, ast.If, ast.With, ast.AsyncWith, ast.Try, ast.Match)


@cache
def tenanted_names() -> frozenset[str]:
    """The classes whose rows belong to a municipality, and those that are as private without one."""
    tenanted = {
        mapper.class_.__name__ for mapper in Base.registry.mappers if issubclass(mapper.class_, Tenanted)
    }
    return frozenset(tenanted | PRIVATE)


@cache
def tenanted_tables() -> frozenset[str]:
    """Their tables, for what is written as SQL."""
    classes = [mapper.class_ for mapper in Base.registry.mappers]
    return frozenset(str(one.__tablename__) for one in classes if one.__name__ in tenanted_names())


@dataclass
class Reader:
    """Reads one module and names the lines of its statements that are neither scoped nor explained."""

    source: str
    found: list[int] = field(default_factory=list)

    def read(self) -> list[int]:
        """The line of each unscoped statement, in order."""
        tree = ast.parse(self.source)
        self.lines = self.source.splitlines()
        self.names = {
            alias.asname or alias.name: alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        self._body(tree.body, frozenset(), within="")
        return self.found

    def _body(self, body: list[ast.stmt], scoped: frozenset[str], within: str) -> None:
        """Walk statements in order; ``scoped`` are the names that hold a scope by now."""
        for statement in body:
            if isinstance(statement, ast.ClassDef):
                self._body(statement.body, scoped, statement.name)
                continue
            if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
                self._body(statement.body, scoped, within)
                continue
            self._statement(statement, scoped, within)
            scoped |= self._bound(statement, scoped)
            for inner in _bodies(statement):
                self._body(inner, scoped, within)

    def _statement(self, statement: ast.stmt, scoped: frozenset[str], within: str) -> None:
        parts = _header(statement)
        if not any(self._asks_for_rows(part, within) for part in parts):
            return
        if any(_is_scoped(part, scoped) or _is_condition(part) for part in parts):
            return
        last = max((part.end_lineno or part.lineno for part in parts), default=statement.lineno)
        if not self._explained(statement.lineno, last):
            self.found.append(statement.lineno)

    def _asks_for_rows(self, part: ast.expr, within: str) -> bool:
        if any(_is_written(node) for node in ast.walk(part)):
            return True
        calls = [node for node in ast.walk(part) if isinstance(node, ast.Call)]
        if any(_called(call) in STATEMENTS and isinstance(call.func, ast.Name) for call in calls):
            return any(self._is_tenanted(node, within) for node in ast.walk(part))
        return any(
            isinstance(call.func, ast.Attribute)
            and call.func.attr in LOOKUPS
            and call.args
            and self._is_tenanted(call.args[0], within)
            for call in calls
        )

    def _is_tenanted(self, node: ast.AST, within: str) -> bool:
        if not isinstance(node, ast.Name):
            return False
        name = within if node.id == "cls" else self.names.get(node.id, node.id)
        return name in tenanted_names()

    def _bound(self, statement: ast.stmt, scoped: frozenset[str]) -> frozenset[str]:
        """Names that this statement gives a scope, as in ``seen = visible(...)``."""
        if not isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign) or statement.value is None:
            return frozenset()
        if not _is_scoped(statement.value, scoped):
            return frozenset()
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        return frozenset(target.id for target in targets if isinstance(target, ast.Name))

    def _explained(self, first: int, last: int) -> bool:
        """A reason within the statement's lines, or in the comment right above it."""
        above = first - 1
        while above > 0 and self.lines[above - 1].lstrip().startswith("#"):
            above -= 1
        return any(REASON.search(line) for line in self.lines[above:last])


def _is_written(node: ast.AST) -> bool:
    """Whether it is SQL about a tenanted table."""
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        return False
    return bool(WRITTEN.match(node.value) and tenanted_tables() & set(TABLES.findall(node.value)))


def _called(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _is_scoped(part: ast.AST, scoped: frozenset[str]) -> bool:
    return any(
        (isinstance(node, ast.Call) and _called(node) in SCOPES)
        or (isinstance(node, ast.Name) and node.id in scoped)
        for node in ast.walk(part)
    )


def _is_condition(part: ast.expr) -> bool:
    """Whether it hands out no rows, but says something of a row that another statement selects in scope."""
    return isinstance(part, ast.Call) and _called(part) in CONDITIONS


def _header(statement: ast.stmt) -> list[ast.expr]:
    """The expressions of a statement itself, without the statements inside it."""
    return [node for node in ast.iter_child_nodes(statement) if isinstance(node, ast.expr)] + [
        item.context_expr for item in getattr(statement, "items", [])
    ]


def _bodies(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    if isinstance(statement, COMPOUND):
        for name in ("body", "orelse", "finalbody"):
            yield getattr(statement, name, [])
        for part in [*getattr(statement, "handlers", []), *getattr(statement, "cases", [])]:
            yield part.body
