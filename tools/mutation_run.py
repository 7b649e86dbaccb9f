"""The pytest plugin behind `drop_constraints`: runs chosen tests on a mutated ledger instead of all of them once."""

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any
from weakref import WeakSet

import psycopg
import pytest
from sqlalchemy import Engine, event, make_url

from tests import databases
from tools.mutations import Mutation, every, fingerprint

LEARNED = "tests/rewards/noticed_by.json"
BASE = "migrated"
WIDENING_S = 120
"""What is not noticed by then counts as not noticed."""
GUARDS = tuple(
    f"tests/rewards/test_{name}.py"
    for name in ("guards", "paper_guards", "welfare_guards", "allowance_guards")
)
FOR_GOOD = ("tests/rewards/test_for_good.py",)
SIGHT, RIGHTS = (
    ("tests/rewards/test_sight.py", "tests/rewards/test_acting.py"),
    ("tests/rewards/test_rights.py",),
)
HOME = {
    "not null": ("tests/rewards/test_columns.py",), "policy": SIGHT, "rls": SIGHT, "forced rls": SIGHT,
    "open to all": SIGHT, "trigger": FOR_GOOD, "revoke": RIGHTS, "grant": RIGHTS,
    "primary key": (*GUARDS, "tests/rewards/test_keys.py"),
}  # fmt: skip
"""Where what is taken away is most likely missed."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A mutation and the test that noticed it; an empty name when none did."""

    mutation: Mutation
    test: str


class Run:
    """Tries mutations one after the other in the database that the ledger's tests share.

    What tests install for themselves is a copy of the same migrated database, with the same mutation.
    """

    def __init__(self, *, only: str, sample: int | None, dice: Random, widen: bool, learn: bool) -> None:
        self.only, self.sample, self.dice, self.widen, self.learn = only, sample, dice, widen, learn
        self.verdicts: list[Verdict] = []
        self.trouble = ""
        self.version = ""
        self._learned: dict[str, str] = (
            json.loads(Path(LEARNED).read_text()) if Path(LEARNED).exists() else {}
        )
        self._sound: dict[str, bool] = {}
        self._mutation: Mutation | None = None
        self._shared: databases.Database | None = None
        self._failed: bool = False
        self._engines: WeakSet[Engine] = WeakSet()

    # the databases

    def install_statements(self, application_role: str) -> list[str]:
        """Stands in for the ledger's own: the copy is migrated already, only the mutation is missing."""
        return [self._mutation.apply] if self._mutation else []

    @contextmanager
    def _copy_of_the_migrated(self, server: databases.Server, name: str) -> Iterator[databases.Database]:
        database = server._database(f"{server.run}_{name}")
        self._make_copy(server, database)
        if name.startswith("ledger_"):
            self._server, self._shared = server, database
        try:
            yield database
        finally:
            server._drop(database.name)

    @contextmanager
    def _copy_with_the_mutation(self, server: databases.Server, name: str) -> Iterator[databases.Database]:
        with self._copy_of_the_migrated(server, name) as database:
            if self._mutation:
                with _connected(database) as connection:
                    connection.execute(self._mutation.apply.encode())
            yield database

    def _make_copy(self, server: databases.Server, database: databases.Database) -> None:
        base = server._database(f"{server.run}_{BASE}")
        with server._maintenance() as connection:
            if not connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", (base.name,)
            ).fetchone():
                connection.execute(databases._statement("CREATE DATABASE {} TEMPLATE template0", base.name))
                databases.migrate(base)
            connection.execute(
                databases._statement("CREATE DATABASE {} TEMPLATE {}", database.name, base.name)
            )

    def _anew(self) -> None:
        """The shared database, made again; connections to the one before are let go."""
        assert self._shared
        self._server._drop(self._shared.name)
        for engine in list(self._engines):
            engine.dispose()
        self._make_copy(self._server, self._shared)

    @contextmanager
    def _owner(self) -> Iterator[psycopg.Connection[Any]]:
        assert self._shared
        with _connected(self._shared) as connection:
            connection.execute("SET lock_timeout = '10s'; SET search_path = pg_catalog")
            yield connection

    # pytest's hooks

    def pytest_configure(self) -> None:
        setattr(  # noqa: B010  # mypy is right that a method is not to be set; here it is
            databases.Server, "empty", lambda server, name: self._copy_of_the_migrated(server, name)
        )
        setattr(  # noqa: B010  # as above
            databases.Server, "copy", lambda server, name: self._copy_with_the_mutation(server, name)
        )
        event.listen(Engine, "engine_connect", lambda connection: self._engines.add(connection.engine))

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [
            item for item in items
            if not item.get_closest_marker("catalogue") and not item.get_closest_marker("long")
        ]  # fmt: skip

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._failed |= report.failed and report.when == "call"

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.testsfailed:
            self.trouble = "The tests cannot be collected."
            return True
        session.config.pluginmanager.unregister(name="terminalreporter")
        self._items = {item.nodeid: item for item in session.items}
        first = next(item for item in session.items if "ledger_database" in getattr(item, "fixturenames", ()))
        if self._fails(first):
            self.trouble = f"{first.nodeid} fails as it is."
            return True
        with self._owner() as owner:
            assert self._shared
            self.version = owner.info.parameter_status("server_version") or ""
            found = every(owner, self._shared.application_role)
            self._whole = fingerprint(owner)
        self._known = {mutation.id for mutation in found}
        chosen = [mutation for mutation in found if self.only in mutation.id]
        if self.sample is not None:
            chosen = self.dice.sample(chosen, min(self.sample, len(chosen)))
        for number, mutation in enumerate(chosen, 1):
            verdict = Verdict(mutation, self._noticed_by(mutation))
            self.verdicts.append(verdict)
            if self.learn:
                self._write_down()
            if not verdict.test:
                print(f"{number} of {len(chosen)}: {mutation.id} SURVIVES", flush=True)
        return True

    # one mutation

    def _noticed_by(self, mutation: Mutation) -> str:
        started = time.monotonic()
        for nodeid in self._in_order(mutation):
            if time.monotonic() - started > WIDENING_S:
                break
            if self._sound.get(nodeid) is False:
                continue
            if self._fails_under(mutation, nodeid) and self._passes_as_it_is(nodeid):
                self._learned[mutation.id] = nodeid
                return nodeid
        return ""

    def _in_order(self, mutation: Mutation) -> Iterator[str]:
        """What is known to notice it, then what bears its name, then all; races last, for they take long."""
        thing = mutation.name.partition("(")[0].replace('"', "")
        names = {thing, thing.replace(" ", "-"), thing.removesuffix("_pkey"), *re.split(r"[ .]", thing)}
        names |= {word.removesuffix("_id_seq") for word in names} | set(mutation.with_it)
        files = HOME.get(mutation.kind, GUARDS)
        near = [
            nodeid for nodeid in self._items
            if nodeid.startswith(files) and names & {*re.split(r"[\[\]-]", nodeid), _label(nodeid)}
        ]  # fmt: skip
        near.sort(key=lambda nodeid: _label(nodeid) not in (thing, thing.replace(" ", "-")))
        tried = dict.fromkeys([*filter(None, [self._learned.get(mutation.id)]), *near])
        if self.widen:
            tried |= dict.fromkeys(self._first_of_each_file())
            tried |= dict.fromkeys(
                nodeid for nodeid in self._items if nodeid.startswith((*GUARDS, *FOR_GOOD))
            )
            words = set(re.split(r"[ ._]", thing)) - {"pkey", "once", "id"}
            tried |= dict.fromkeys(
                nodeid for nodeid in self._items if words & set(re.split(r"[^a-z]", nodeid))
            )
            tried |= dict.fromkeys(sorted(self._items, key=lambda nodeid: "race" in nodeid))
        return iter([nodeid for nodeid in tried if nodeid in self._items])

    def _first_of_each_file(self) -> Iterator[str]:
        """Some of everything: what breaks all bookings is seen here."""
        files: dict[str, list[str]] = {}
        for nodeid in self._items:
            if not _label(nodeid) and "race" not in nodeid:
                files.setdefault(nodeid.partition("::")[0], []).append(nodeid)
        for tests in files.values():
            yield from tests[:2]

    def _fails_under(self, mutation: Mutation, nodeid: str) -> bool:
        if self._mutation is not mutation:
            self._set_right()
            with self._owner() as owner:
                owner.execute(mutation.apply.encode())
            self._mutation = mutation
        return self._fails(self._items[nodeid])

    def _passes_as_it_is(self, nodeid: str) -> bool:
        self._set_right()
        if nodeid not in self._sound and self._fails(self._items[nodeid]):
            self._anew()  # what the one before left may be in its way
            self._sound[nodeid] = not self._fails(self._items[nodeid])
        self._sound.setdefault(nodeid, True)
        return self._sound[nodeid]

    def _set_right(self) -> None:
        """Undo the mutation; where that is not the whole of it, a new copy."""
        if self._mutation is None:
            return
        undo, self._mutation = self._mutation.undo, None
        try:
            with self._owner() as owner:
                owner.execute(undo.encode())
                if fingerprint(owner) == self._whole:
                    return
        except psycopg.Error:
            pass
        self._anew()

    def _fails(self, item: pytest.Item) -> bool:
        """Run one test; what its module set up goes with it, what the session set up stays."""
        self._failed = False
        other = next(one for one in self._items.values() if one.path != item.path)
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=other)
        return self._failed

    def _write_down(self) -> None:
        """Keep what noticed what, for the next run to try first."""
        kept = {id: test for id, test in sorted(self._learned.items()) if id in self._known}
        Path(LEARNED).write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


def _connected(database: databases.Database) -> psycopg.Connection[Any]:
    url = make_url(database.owner_url).set(drivername="postgresql")
    return psycopg.connect(url.render_as_string(hide_password=False), autocommit=True)


def _label(nodeid: str) -> str:
    """What stands in brackets after a test's name."""
    return nodeid.partition("[")[2].removesuffix("]")
