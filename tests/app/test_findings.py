"""Each thing that `zorgvoorelkaar check` finds wrong says what to do about it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy import Connection

from app.config import Settings
from app.runtime import Addresses
from app.watching import findings, kept, standing

NOW = datetime.now(UTC)
PUBLIC = "age1tjcwepknwa4ufrrhd6swlg5h6qfp65nuj8ndu7yrjh5pvkq0l9yqdmf3y0"


def answering(*rows: Any, version: tuple[int, ...] = (17, 2)) -> Connection:
    """A server that answers each question with the next of these."""
    waiting = iter(rows)

    def execute(_asked: object) -> Any:
        row = next(waiting)
        return SimpleNamespace(scalar_one=lambda: row, one=lambda: row)

    return cast(
        Connection, SimpleNamespace(execute=execute, dialect=SimpleNamespace(server_version_info=version))
    )


@pytest.mark.parametrize(
    ("version", "encoding", "remedy"),
    [
        ((14, 9), "UTF8", "needs PostgreSQL 15 or newer"),
        ((17, 2), "LATIN1", "ENCODING 'UTF8'"),
        ((17, 2), "UTF8", ""),
    ],
)
def test_a_server_that_cannot_serve(version: tuple[int, ...], encoding: str, remedy: str) -> None:
    found = findings.server(answering(encoding, version=version))

    assert found.ok is not bool(remedy)
    assert remedy in found.remedy


@pytest.mark.parametrize("strong", [True, False])
def test_a_role_that_row_level_security_does_not_hold(strong: bool) -> None:
    found = findings.role(answering(("postgres", strong)))

    assert found.ok is not strong
    assert ("application role" in found.remedy) is strong


@pytest.mark.parametrize(("off_s", "ok"), [(0, True), (7200, False), (-7200, False)])
def test_a_clock_that_is_off(off_s: int, ok: bool) -> None:
    found = findings.clock(answering(datetime.now(UTC) + timedelta(seconds=off_s)))

    assert found.ok is ok
    assert ("time server" in found.remedy) is not ok


def test_an_extension_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "missing_extensions", lambda _: ["btree_gist"])

    assert findings.extensions(answering()).remedy == "As the owner: CREATE EXTENSION btree_gist;"


def test_a_schema_of_another_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "revision", lambda _: "0001")

    assert findings.schema(answering()).remedy == "Run: zorgvoorelkaar migrate"


def test_jobs_that_nobody_does_that_wait_and_that_were_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    queue = SimpleNamespace(workers=0, waiting=3, oldest_s=standing.LATE_S + 1, given_up=2)
    monkeypatch.setattr(standing, "queue", lambda _: queue)

    worker, waiting, given_up = findings.jobs(answering())

    assert worker.remedy == "Start one: zorgvoorelkaar worker"
    assert "second worker" in waiting.remedy
    assert "zorgvoorelkaar jobs" in given_up.remedy


@pytest.mark.parametrize(
    ("not_right", "age_s", "remedy"),
    [(True, 60, "zorgvoorelkaar ledger check"), (False, 30 * 3600, "nights.seal"), (False, 60, "")],
)
def test_books_that_are_not_right_or_not_sealed(
    monkeypatch: pytest.MonkeyPatch, not_right: bool, age_s: float, remedy: str
) -> None:
    books = SimpleNamespace(not_right=not_right, sealed_at=NOW, age_s=age_s)
    monkeypatch.setattr(standing, "books", lambda _: books)

    found = findings.books(answering())

    assert found.ok is not bool(remedy)
    assert remedy in found.remedy


def test_webhooks_that_were_given_up() -> None:
    assert "/gemeente/webhooks" in findings.webhooks(answering((2, 1, 0, 4))).remedy


def test_an_address_without_tls(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, base_url="http://noord.example")

    by_name = {one.name: one for one in findings.of_settings(settings, {})}

    assert "https" in by_name["address"].remedy


def test_an_owner_who_cannot_be_reached() -> None:
    away = "postgresql+psycopg://x@127.0.0.1:1/x"

    found = findings.owner(Addresses(away, away, away))

    assert found.remedy.startswith("The server says")


def test_a_disk_that_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=10))

    assert f"Make room on the disk of {tmp_path}" in findings.disk(tmp_path).remedy


@pytest.mark.parametrize(
    ("hours", "remedy"), [(None, "Run: zorgvoorelkaar backup FILE"), (30, "see its timer"), (1, "")]
)
def test_a_backup_that_was_never_made_or_long_ago(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hours: int | None, remedy: str
) -> None:
    last = None if hours is None else SimpleNamespace(at=NOW - timedelta(hours=hours), bytes=1_000_000)
    monkeypatch.setattr(kept, "last_backup", lambda _: last)

    found = findings.backup(Settings(data_dir=tmp_path, backup_to=PUBLIC))

    assert found.ok is not bool(remedy)
    assert remedy in found.remedy
