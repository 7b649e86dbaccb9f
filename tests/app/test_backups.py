"""A backup is whole or not there; put back it is what it was; damaged, or with another key, it leaves nothing."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from app.audit import outside
from app.audit.write import Act
from app.backups import manifest as manifests, streams
from app.config import Settings
from app.ids import uuid7
from app.privacy.again import forget
from app.runtime import Addresses
from tests.app.commands import Done, run
from tests.app.factories import a_helper, a_person, a_request
from tests.databases import ROOT, Database
from tests.rewards.factories import a_member, a_payment
from tests.sites import a_program

COMMAND = [sys.executable, "-c", "from app.cli import main; main()"]


@dataclass(frozen=True)
class Town:
    """A database with people and books in it, a key, and one backup of it."""

    database: Database
    folder: Path
    key: Path
    variables: dict[str, str]
    backup: Path


@pytest.fixture(scope="module")
def town(new_database: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("backups")
    with new_database() as database:  # type: ignore[operator]
        program = a_program(database.app_url, pool_size=2)
        with program.transaction() as session:
            a_helper(session)
            a_request(session, a_person(session, first_name="Bea"))
        program.close()
        with database.owner.begin() as owner:
            a_payment(owner, a_member(owner), a_member(owner))
        key = folder / "key.txt"
        public = streams.new_key(key)
        variables = {
            "DATABASE_URL": database.app_url, "DATABASE_OWNER_URL": database.owner_url,
            "ZVE_DATA_DIR": str(folder / "data"), "ZVE_BACKUP_TO": public, "ZVE_SECRET": "",
        }  # fmt: skip
        (folder / "data" / "postbus").mkdir(parents=True)
        (folder / "data" / "postbus" / "note").write_text("kept")
        backup = folder / "one.age"
        done = run(variables, "backup", str(backup))
        assert done.returncode == 0, done.stderr
        yield Town(database, folder, key, variables, backup)


def restored(town: Town, into: Path, backup: Path | None = None, key: Path | None = None) -> Done:
    """Put a backup back with a server of its own, in a folder."""
    return run(
        {"ZVE_DATA_DIR": str(into)}, "restore", str(backup or town.backup), "--key", str(key or town.key)
    )


def test_a_backup_goes_back_on_an_empty_host_from_the_file_and_the_key_alone(
    town: Town, tmp_path: Path
) -> None:
    done = restored(town, tmp_path / "new")

    assert done.returncode == 0, done.stderr
    assert "The books are right." in done.stderr
    assert (tmp_path / "new" / "postbus" / "note").read_text() == "kept"
    assert (tmp_path / "new" / "secret").read_bytes() == (town.folder / "data" / "secret").read_bytes()
    assert not (tmp_path / "new" / "restoring").exists()
    shown = run({"ZVE_DATA_DIR": str(tmp_path / "new")}, "region", "show")
    assert "Zuidoost-Brabant" in shown.stdout

    again = restored(town, tmp_path / "new")

    assert again.returncode == 1
    assert "is not empty" in again.stderr


def test_what_is_put_back_is_compared_row_by_row_and_chain_by_chain(town: Town) -> None:
    import psycopg

    from app.backups import tools

    read = manifests.read(_manifest(town))
    with psycopg.connect(tools.conninfo(town.database.owner_url)) as connection:
        assert manifests.differences(read, connection) == []
        connection.execute("DELETE FROM neighbourhood_span")

        assert any(
            line.startswith("public.neighbourhood_span: 0 rows")
            for line in manifests.differences(read, connection)
        )
        connection.rollback()
    assert read.rows["public.person"] >= 2
    assert read.ledger["entries"] >= 2


def _manifest(town: Town) -> bytes:
    with streams.opened(town.backup, streams.keys(town.key)) as content:
        content.read(512)
        found = content.read(64_000)
    return found[: found.index(b"\n}") + 2]


def cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def cut_between_chunks(content: bytes) -> bytes:
    """After a whole number of the format's chunks, where nothing but the seal of the last one tells."""
    head = content.index(b"\n--- ") + 1
    head = content.index(b"\n", head) + 1 + 16
    return content[: head + 3 * (65_536 + 16)]


def changed(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def nothing(_: bytes) -> bytes:
    return b""


@pytest.mark.parametrize("harm", [cut, cut_between_chunks, changed, nothing])
def test_a_damaged_backup_is_one_sentence_and_leaves_nothing(
    town: Town, tmp_path: Path, harm: object
) -> None:
    bad = tmp_path / "bad.age"
    bad.write_bytes(harm(town.backup.read_bytes()))  # type: ignore[operator]

    done = restored(town, tmp_path / "new", bad)

    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1] in (
        "bad.age is damaged or was cut off.", "bad.age is no backup, or its beginning is gone."
    )  # fmt: skip
    assert not (tmp_path / "new").exists()


def test_another_key_is_one_sentence_and_leaves_nothing(town: Town, tmp_path: Path) -> None:
    streams.new_key(tmp_path / "other.txt")

    done = restored(town, tmp_path / "new", key=tmp_path / "other.txt")

    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1] == "one.age was made for another key than this one."
    assert not (tmp_path / "new").exists()


def test_without_a_key_to_make_it_for_there_is_no_backup(town: Town, tmp_path: Path) -> None:
    done = run({**town.variables, "ZVE_BACKUP_TO": ""}, "backup", str(tmp_path / "x.age"))

    assert done.returncode == 1
    assert "ZVE_BACKUP_TO" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_backup_of_the_same_name_stays_as_it_was(town: Town) -> None:
    before = town.backup.stat().st_mtime_ns

    done = run(town.variables, "backup", str(town.backup))

    assert done.returncode == 1
    assert "is there already" in done.stderr
    assert town.backup.stat().st_mtime_ns == before


def test_a_database_with_something_in_it_is_refused(town: Town, tmp_path: Path) -> None:
    done = run(
        {**town.variables, "ZVE_DATA_DIR": str(tmp_path / "new")},
        "restore",
        str(town.backup),
        "--key",
        str(town.key),
    )

    assert done.returncode == 1
    assert "This database is not empty" in done.stderr
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("after_s", [0.8, 1.6])
def test_a_killed_backup_leaves_nothing_that_passes_for_one(
    town: Town, tmp_path: Path, after_s: float
) -> None:
    process = subprocess.Popen(
        [*COMMAND, "backup", str(tmp_path / "x.age")], cwd=ROOT, env={**os.environ, **town.variables},
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    time.sleep(after_s)
    process.send_signal(signal.SIGKILL)
    process.wait()

    assert [path.name for path in tmp_path.iterdir()] in ([], ["x.age.part"], ["x.age"])
    (tmp_path / "x.age").unlink(missing_ok=True)
    assert run(town.variables, "backup", str(tmp_path / "x.age")).returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == ["x.age"]


def test_a_killed_restore_serves_nobody_and_is_done_anew(town: Town, tmp_path: Path) -> None:
    new = tmp_path / "new"
    process = subprocess.Popen(
        [*COMMAND, "restore", str(town.backup), "--key", str(town.key)], cwd=ROOT,
        env={**os.environ, "ZVE_DATA_DIR": str(new)}, stderr=subprocess.DEVNULL,
        # as a shell starts what it puts in the background
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
    )  # fmt: skip
    while not (new / "postgres").exists():
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()

    refused = run({"ZVE_DATA_DIR": str(new)}, "region", "show")
    assert refused.returncode == 1
    assert "did not come to its end" in refused.stderr

    done = restored(town, new)
    assert done.returncode == 0, done.stderr
    assert run({"ZVE_DATA_DIR": str(new)}, "region", "show").returncode == 0


def test_a_rehearsal_says_how_long_it_takes_and_what_would_be_lost(town: Town, tmp_path: Path) -> None:
    done = run(town.variables, "backup", str(tmp_path / "x.age"), "--rehearse", "--key", str(town.key))

    assert done.returncode == 0, done.stderr
    assert "as it was, and the books are right" in done.stdout
    assert "0 rows in 0 tables" in done.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.age"]


def test_who_was_forgotten_since_is_forgotten_again(fresh_database: Database, tmp_path: Path) -> None:
    program = a_program(fresh_database.app_url, pool_size=2)
    with program.transaction() as session:
        person = a_person(session, first_name="Wilhelmina")
        session.flush()
        key = person.person_id
    program.close()
    line = outside.Line(7, datetime.now(UTC), key, Act.ERASURE.value, key, "person", None, bytes(32))
    other = outside.Line(8, line.at, key, "person", uuid7(), "person", None, bytes(32))
    copy = tmp_path / "audit.log"
    copy.write_text(f"{other}\n{line}\n")
    where = Addresses(fresh_database.app_url, fresh_database.owner_url, fresh_database.app_url)

    first = forget(Settings(data_dir=tmp_path), where, [copy])
    second = forget(Settings(data_dir=tmp_path), where, [copy])

    assert (first.forgotten, first.gone, first.refused) == (1, 0, [])
    assert (second.forgotten, second.gone, second.refused) == (0, 1, [])
    with fresh_database.owner.connect() as owner:
        assert (
            owner.execute(text("SELECT first_name FROM person WHERE id = :id"), {"id": key}).scalar_one()
            == "Iemand"
        )
