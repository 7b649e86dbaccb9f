"""The server dies and its standby takes over: a process answers with what the new one holds, and with nothing else."""

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote
from uuid import UUID

import psycopg
import pytest
from sqlalchemy.orm import Session

from app import postgres
from app.cluster import SUPERUSER, Cluster
from app.db import Database
from app.help_offers import service as help_offers
from app.unprivileged import make_folder
from tests.app.factories import a_helper, act
from tests.app.matches.comparing import agrees, offer_ids
from tests.app.matches.servers import PATIENCE_S, Region, a_region, patiently
from tests.databases import chosen_bin_dir


class Standby:
    """A second server that repeats what the first one writes."""

    patience_s: ClassVar[int] = PATIENCE_S

    def __init__(self, first: Region, folder: Path) -> None:
        self.first = first
        make_folder(folder, Cluster(first.folder / "postgres", Path()).account)
        self.cluster = Cluster(folder / "postgres", chosen_bin_dir() or postgres.wheel_bin_dir())
        self.server = postgres.Server(postgres.socket_dir(folder))
        self._copy()
        self.server.process = self.cluster.launch(self.server.socket, durable=True)
        self.waits_until(lambda: self.asks("SELECT true"))

    def _copy(self) -> None:
        """The first one's files as a backup has them, and where to read on."""
        original = self.first.folder / "postgres"
        with (original / "pg_hba.conf").open("a") as rules:
            rules.write("local replication all trust\n")
        with self.first_asked() as first:
            first.execute("SELECT pg_reload_conf()")
            first.execute("SELECT pg_backup_start('standby', true)")
            shutil.copytree(original, self.cluster.path, symlinks=True, ignore=_server_only)
            row = first.execute("SELECT labelfile FROM pg_backup_stop(false)").fetchone()
        assert row is not None
        (self.cluster.path / "backup_label").write_text(str(row[0]))
        (self.cluster.path / "standby.signal").touch()
        self.follows(str(self.first.server.socket))
        account = self.cluster.account
        subprocess.run(["chown", "-R", f"{account.uid}:{account.gid}", self.cluster.path], check=True)
        self.cluster.path.chmod(0o700)

    def follows(self, socket: str) -> None:
        """Where it reads from; from nowhere, it falls behind."""
        come_from = f"host={socket} user={SUPERUSER}" if socket else ""
        with (self.cluster.path / "postgresql.auto.conf").open("a") as settings:
            settings.write(f"primary_conninfo = '{come_from}'\n")

    def first_asked(self) -> psycopg.Connection:
        """The first server, by whoever looks after it."""
        return psycopg.connect(host=str(self.first.server.socket), user=SUPERUSER, autocommit=True)

    def asks(self, question: str) -> object:
        """The standby's own answer."""
        with psycopg.connect(host=str(self.server.socket), user=SUPERUSER, autocommit=True) as connection:
            row = connection.execute(question).fetchone()
        return row[0] if row else None

    def waits_until(self, true: Callable[[], object]) -> None:
        """Ask until it is so."""
        deadline = time.monotonic() + self.patience_s
        while True:
            try:
                if true():
                    return
            except psycopg.OperationalError:
                pass
            assert time.monotonic() < deadline, self.cluster.last_words()
            time.sleep(0.02)

    def catches_up(self) -> None:
        """All that the first one wrote until now is here."""
        with self.first_asked() as first:
            row = first.execute("SELECT pg_current_wal_flush_lsn()::text").fetchone()
        assert row is not None
        self.waits_until(lambda: self.asks(f"SELECT pg_last_wal_replay_lsn() >= '{row[0]}'"))

    def is_cut_off(self) -> None:
        """What the first one commits from now on never comes here."""
        self.follows("")
        self.asks("SELECT pg_reload_conf()")
        self.waits_until(lambda: self.asks("SELECT NOT EXISTS (SELECT FROM pg_stat_wal_receiver)"))

    def takes_over(self) -> None:
        """It is the one that is written to."""
        assert self.asks(f"SELECT pg_promote(true, {self.patience_s})")


def _server_only(folder: str, names: list[str]) -> set[str]:
    """What belongs to a running server, and not to its data."""
    return {"postmaster.pid", "postmaster.opts"} | (set(names) if Path(folder).name == "pg_wal" else set())


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Region]:
    with a_region(tmp_path_factory.mktemp("first")) as region:
        yield region


@pytest.fixture
def standby(region: Region, tmp_path: Path) -> Iterator[Standby]:
    standby = Standby(region, tmp_path / "second")
    yield standby
    standby.server.stop()


def test_after_a_standby_took_over_each_process_knows_what_it_holds(
    region: Region, standby: Standby, tmp_path: Path
) -> None:
    address = tmp_path / "address"
    address.symlink_to(region.server.socket)
    moved = _program(f"host={quote(str(address))}")
    listed = _program(
        f"host={quote(str(region.server.socket))}&host={quote(str(standby.server.socket))}"
        "&target_session_attrs=read-write"
    )
    programs = (moved, listed)
    with moved.transaction() as session:
        helper, paused = a_helper(session)
        kept = a_helper(session)[1].id
    late, never = _begun(moved), _begun(listed)
    known = {kept, paused.id, region.posted()}
    assert all(offer_ids(program) == known for program in programs)

    # One commits late, and is passed on; what comes after that is acknowledged and lost with the server.
    late[0].commit()
    standby.catches_up()
    standby.is_cut_off()
    with moved.transaction() as session:
        help_offers.pause(session, act(session, helper), paused.id)
    lost = {region.posted() for _ in range(5)}
    assert offer_ids(moved) == (known | lost | {late[1]}) - {paused.id}
    region.killed()
    for unfinished in (late[0], never[0]):
        unfinished.invalidate()
    standby.takes_over()
    address.unlink()
    address.symlink_to(standby.server.socket)

    for program in programs:
        assert patiently(partial(offer_ids, program)) == known | {late[1]}
        agrees(program)
    # The new one gives out the numbers of what was lost once more.
    again = _begun(listed)
    new = _begun(moved)
    new[0].commit()
    assert all(offer_ids(program) == known | {late[1], new[1]} for program in programs)
    again[0].commit()
    again[0].close()
    new[0].close()
    for program in programs:
        assert offer_ids(program) == known | {late[1], new[1], again[1]}
        agrees(program)
        program.close()


def _program(where: str) -> Database:
    return Database(f"postgresql+psycopg://{postgres.APPLICATION}@/{postgres.DATABASE}?{where}", pool_size=2)


def _begun(program: Database) -> tuple[Session, UUID]:
    """An offer that is written and not yet committed."""

    def write() -> tuple[Session, UUID]:
        session = program.sessions()
        try:
            offer = a_helper(session)[1]
            session.flush()
        except BaseException:
            session.close()
            raise
        return session, offer.id

    return patiently(write)
