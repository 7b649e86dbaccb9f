"""What docs/operations.md says of going back to a moment, done line by line on a real server."""

import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from app import postgres
from app.backups import tools
from app.cluster import Cluster
from tests.databases import ROOT, chosen_bin_dir

PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
SECTION = PAGE[PAGE.index("### To a moment") :].split("\n## ")[0]
ARCHIVING, GOING_BACK = re.findall(r"```\n(.*?)```", SECTION, re.DOTALL)
(BASE,) = re.findall(r"`(pg_basebackup [^`]*)`", SECTION)


def connected(server: postgres.Server) -> psycopg.Connection:
    return psycopg.connect(tools.conninfo(server.superuser_url), autocommit=True)


def one(connection: psycopg.Connection, query: str) -> object:
    row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]


@contextmanager
def recovered(data: Path, bin_dir: Path | None) -> Iterator[psycopg.Connection]:
    """The server once it is past its archive, and takes writes."""
    cluster = Cluster(data / "postgres", bin_dir or postgres.wheel_bin_dir())
    socket = postgres.socket_dir(data)
    process = cluster.launch(socket, durable=True)
    server = postgres.Server(socket, process)
    try:
        while True:
            assert process.poll() is None, cluster.last_words()
            try:
                with connected(server) as connection:
                    if not one(connection, "SELECT pg_is_in_recovery()"):
                        yield connection
                        return
            except psycopg.OperationalError:
                time.sleep(0.05)
    finally:
        server.stop()


def test_a_server_goes_back_to_the_moment_before_somebody_was_wrong(tmp_path: Path) -> None:
    data, wal, base = tmp_path / "data", tmp_path / "wal", tmp_path / "base"
    bin_dir = chosen_bin_dir()
    with postgres.start(data, bin_dir=bin_dir):
        pass
    wal.mkdir()
    account = (data / "postgres").stat()
    shutil.chown(wal, account.st_uid, account.st_gid)
    with (data / "postgres" / "postgresql.conf").open("a") as settings:
        settings.write(ARCHIVING.replace("/var/backups/wal", str(wal)))
    with (data / "postgres" / "pg_hba.conf").open("a") as access:
        access.write("local replication all trust\n")

    with postgres.start(data, bin_dir=bin_dir) as server, connected(server) as connection:
        connection.execute("CREATE TABLE kept (what text)")
        command = BASE.replace("/var/backups/base/NEW", str(base)).split()
        program = tools.program(command[0], connection.info.server_version // 10_000)
        subprocess.run([program, *command[1:], f"--host={server.socket}", "--username=postgres"], check=True)
        connection.execute("INSERT INTO kept VALUES ('right')")
        moment = one(connection, "SELECT clock_timestamp()")
        connection.execute("SELECT pg_sleep(0.01)")
        connection.execute("DELETE FROM kept")
        connection.execute("SELECT pg_switch_wal()")

    shutil.rmtree(data / "postgres")
    shutil.move(base, data / "postgres")
    for path in (data / "postgres", *(data / "postgres").rglob("*")):
        shutil.chown(path, account.st_uid, account.st_gid)
    with (data / "postgres" / "postgresql.conf").open("a") as settings:
        lines = GOING_BACK.replace("/var/backups/wal", str(wal))
        settings.write(re.sub(r"(?<=recovery_target_time = ')[^']*", str(moment), lines))
    (data / "postgres" / "recovery.signal").touch()
    shutil.chown(data / "postgres" / "recovery.signal", account.st_uid, account.st_gid)

    with recovered(data, bin_dir) as connection:
        assert one(connection, "SELECT what FROM kept") == "right"
