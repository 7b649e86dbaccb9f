"""The copy at a syslog server: a real one on a real socket, what it wrote read back, and what goes wrong on the way."""

import gzip
import socket
import socketserver
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from uuid import uuid4

import pytest
from pydantic import ValidationError
from typer.testing import CliRunner

from app import cli_audit
from app.audit import chain, outside
from app.audit.write import Act, note
from app.config import Settings
from app.db import Database as Program
from app.jobs.evidence import chain_audit, check_audit
from app.jobs.work import Work
from tests.app.audit.test_chain import tamper
from tests.app.factories import GELDROP_MIERLO, a_person
from tests.databases import Database

LINES = 4
OTHERS = "Nov  2 10:00:0{n} gastheer sshd[7]: session opened for user beheer 1 {hash}\n"


class Server:
    """A syslog server that writes as rsyslog does: a moment and a host before each message, others in between."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "audit-at-the-server.log"
        self.file.write_text("")
        self.messages: list[str] = []
        self.where = ""

    def take(self, message: bytes) -> None:
        """One message, with its priority taken off."""
        priority, _, said = message.decode().partition(">")
        assert priority == "<86"
        self.messages.append(said)
        with self.file.open("a") as file:
            file.write(OTHERS.format(n=len(self.messages) % 10, hash="ab" * 32))
            file.write(f"Nov  2 10:00:00 gastheer {said}\n")


@contextmanager
def serving(made: socketserver.TCPServer) -> Iterator[int]:
    thread = Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield int(made.socket.getsockname()[1])
    finally:
        made.shutdown()
        made.server_close()
        thread.join(5)


@contextmanager
def over_udp(server: Server) -> Iterator[None]:
    class Datagram(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            server.take(self.request[0])

    with serving(socketserver.UDPServer(("127.0.0.1", 0), Datagram)) as port:
        server.where = f"syslog:127.0.0.1:{port}"
        yield


@contextmanager
def over_tcp(server: Server) -> Iterator[None]:
    class Stream(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            for line in self.rfile:
                server.take(line.rstrip(b"\n"))

    with serving(socketserver.TCPServer(("127.0.0.1", 0), Stream)) as port:
        server.where = f"syslog:tcp:127.0.0.1:{port}"
        yield


@pytest.fixture
def looked(program: Program) -> None:
    with program.transaction() as session:
        someone = a_person(session)
        for number in range(LINES):
            note(session, someone, Act.ADDRESS, subject=someone.person_id, municipality_id=GELDROP_MIERLO,
                 entity="person", entity_id=uuid4(), reason=f"reden {number}")  # fmt: skip


@pytest.fixture
def server(tmp_path: Path) -> Server:
    return Server(tmp_path)


def a_worker(program: Program, tmp_path: Path, where: str) -> Work:
    return Work(Settings(data_dir=tmp_path, audit_sink=where), program)


def written(server: Server) -> None:
    """Datagrams are written a moment later."""
    for _ in range(500):
        if len(server.messages) == LINES:
            return
        socket.socket().close()
    raise AssertionError(server.messages)


@pytest.fixture
def work(program: Program, tmp_path: Path, server: Server, looked: None) -> Work:
    """A worker whose log is at the server, by a stream."""
    with over_tcp(server):
        made = a_worker(program, tmp_path, server.where)
        chain_audit(made)
    written(server)
    return made


def found(work: Work, *files: Path) -> list[chain.Fault]:
    with work.transaction() as (session, _):
        return chain.differs(session, work.settings, files)


@pytest.mark.parametrize("over", [over_udp, over_tcp])
def test_what_a_server_wrote_is_read_back_and_is_the_log(
    program: Program, tmp_path: Path, server: Server, looked: None, over: Callable[[Server], object]
) -> None:
    with over(server):  # type: ignore[attr-defined]
        work = a_worker(program, tmp_path, server.where)
        chain_audit(work)
        written(server)
        chain_audit(work)  # nothing is sent twice

    assert [message.split(" ")[1] for message in server.messages] == ["1", "2", "3", "4"]
    assert sorted(outside.read_syslog([server.file]).hashes) == [1, 2, 3, 4]
    assert found(work, server.file) == []
    check_audit(work)


@pytest.mark.parametrize(
    ("gone", "named"),
    [({"2"}, [(2, "up to entry 2")]), ({"2", "3"}, [(2, "up to entry 3")]), ({"4"}, [(4, "up to entry 4")])],
)
def test_a_line_that_the_server_lost_or_somebody_took_out_is_named(
    work: Work, server: Server, gone: set[str], named: list[tuple[int, str]]
) -> None:
    kept = [
        line
        for line in server.file.read_text().splitlines(keepends=True)
        if outside.PROGRAM not in line or line.partition(outside.PROGRAM)[2].split(" ")[0] not in gone
    ]
    server.file.write_text("".join(kept))

    faults = found(work, server.file)

    assert [fault.number for fault in faults] == [number for number, _ in named]
    assert all(said in fault.what for fault, (_, said) in zip(faults, named, strict=True))


def test_a_log_that_was_made_anew_differs_from_what_the_server_wrote(
    work: Work, server: Server, fresh_database: Database
) -> None:
    tamper(
        fresh_database,
        "UPDATE audit_entry SET act = 'person' WHERE id = (SELECT entry_id FROM audit_link WHERE number = 3)",
        "INSERT INTO audit_waiting SELECT entry_id FROM audit_link WHERE number >= 3",
        "DELETE FROM audit_link WHERE number >= 3",
        "SELECT audit_chain(10)",
    )

    assert [(fault.number, fault.what) for fault in found(work, server.file)] == [
        (3, chain.OTHERWISE), (4, chain.OTHERWISE),
    ]  # fmt: skip


def test_an_end_that_was_cut_off_the_log_is_named(
    work: Work, server: Server, fresh_database: Database
) -> None:
    tamper(fresh_database, "DELETE FROM audit_link WHERE number = 4")

    assert [(fault.number, fault.what) for fault in found(work, server.file)] == [(4, chain.GONE)]


def test_a_line_that_was_slipped_in_or_cut_off_at_the_server_is_named(work: Work, server: Server) -> None:
    whole = server.file.read_text()
    second = next(line for line in whole.splitlines() if f"{outside.PROGRAM}2 " in line)
    server.file.write_text(
        whole + second.replace(second.split(f"{outside.PROGRAM}2 ")[1][:64], "0" * 64) + "\n"
    )
    assert [(fault.number, fault.what) for fault in found(work, server.file)] == [(2, chain.OTHERWISE)]

    server.file.write_text(whole.replace(second, second[:-20]))
    cut = found(work, server.file)
    assert [fault.number for fault in cut] == [None, 2]
    assert "cut off" in cut[0].what


def test_the_same_line_twice_is_one_line_and_files_that_were_turned_over_are_one_copy(
    work: Work, server: Server, tmp_path: Path
) -> None:
    lines = server.file.read_text().splitlines(keepends=True)
    older, newer = tmp_path / "audit.log.1.gz", tmp_path / "audit.log"
    older.write_bytes(gzip.compress("".join(lines[:5]).encode()))
    newer.write_text("".join(lines[3:]))

    assert found(work, older, newer) == []
    assert [fault.number for fault in found(work, older)] == [3]


def test_a_server_that_is_away_leaves_the_lines_for_the_next_minute(
    program: Program, tmp_path: Path, server: Server, looked: None
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    for where in (f"syslog:tcp:127.0.0.1:{port}", f"syslog:127.0.0.1:{port}", "syslog:/nergens/log"):
        away = a_worker(program, tmp_path, where)
        with pytest.raises(outside.SinkAway, match="cannot be reached"):
            chain_audit(away)
        assert outside.last_kept(away.settings) == 0
    with over_tcp(server):
        back = a_worker(program, tmp_path, server.where)
        chain_audit(back)
    written(server)
    assert found(back, server.file) == []


def test_a_server_that_breaks_off_did_not_take_the_lines(
    program: Program, tmp_path: Path, looked: None
) -> None:
    class BreaksOff(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(10)
            self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.request.close()  # a reset

    with serving(socketserver.TCPServer(("127.0.0.1", 0), BreaksOff)) as port:
        work = a_worker(program, tmp_path, f"syslog:tcp:127.0.0.1:{port}")
        with pytest.raises(outside.SinkAway, match="cannot be reached"):
            chain_audit(work)
    assert outside.last_kept(work.settings) == 0


@pytest.mark.parametrize("where", ["tcp:nergens", "ergens", "tcp:127.0.0.1:poort", ""])
def test_what_is_no_address_is_said_at_the_start(where: str) -> None:
    with pytest.raises(ValidationError, match="syslog:tcp:host:port or syslog:host:port"):
        Settings(audit_sink=f"syslog:{where}")


def test_a_file_without_a_line_of_ours_is_no_copy(work: Work, server: Server, tmp_path: Path) -> None:
    server.file.write_text(OTHERS.format(n=1, hash="ab" * 32))
    for path, why in ((server.file, "no line of the audit"), (tmp_path / "weg.log", "cannot be read")):
        with pytest.raises(outside.SinkAway, match=why):
            found(work, path)
    broken = tmp_path / "half.gz"
    broken.write_bytes(gzip.compress(b"x" * 5000)[:20])
    with pytest.raises(outside.SinkAway, match="cannot be read"):
        found(work, broken)


def test_the_command_compares_and_says_so_when_it_did_not(
    work: Work, server: Server, monkeypatch: pytest.MonkeyPatch, fresh_database: Database
) -> None:
    monkeypatch.setenv("ZVE_DATA_DIR", str(work.settings.data_dir))
    monkeypatch.setenv("ZVE_AUDIT_SINK", work.settings.audit_sink)
    monkeypatch.setenv("DATABASE_URL", fresh_database.app_url)
    monkeypatch.setenv("DATABASE_OWNER_URL", fresh_database.owner_url)
    run = CliRunner()

    unread = run.invoke(cli_audit.audit, ["check"])
    right = run.invoke(cli_audit.audit, ["check", "--copy", str(server.file)])
    tamper(fresh_database, "DELETE FROM audit_link WHERE number = 4")
    wrong = run.invoke(cli_audit.audit, ["check", "--copy", str(server.file)])
    away = run.invoke(cli_audit.audit, ["check", "--copy", f"{server.file}.weg"])

    assert (unread.exit_code, "was not read" in unread.output) == (0, True)
    assert (right.exit_code, "was not read" in right.output) == (0, False)
    assert (wrong.exit_code, "entry 4" in wrong.output) == (1, True)
    assert away.exit_code == 1
    assert "cannot be read" in f"{away.output}{away.exception}"
