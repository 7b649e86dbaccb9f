"""Whatever the geocoder does, asking for help goes on (case 43)."""

import gzip
import json
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from app.config import Settings
from app.db import Database as Program
from app.jobs import outside
from app.jobs.work import Work
from app.people import service as people
from app.places.geocoding import Located, geocoder_at, locate
from app.places.outside import Guard, NoAnswer
from app.places.pdok import PDOK
from app.places.postcodes import Postcode
from tests.app.factories import a_person, act

GELDROP_MIERLO = 1771
HOME = Postcode(5664, "HJ")
OWN_POINT = (51.42, 5.56)
FLAGGED = Located(*OWN_POINT, source="postcode", flagged=True)
TIMEOUT_S = 1.0
"""For those that misbehave; a good answer gets longer, however busy the machine is."""
SILENT_S = 60.0
"""How long they would keep somebody waiting who has no guard."""

Answer = Callable[[BaseHTTPRequestHandler], None]


class FakePdok(ThreadingHTTPServer):
    """Answers as it is told, and remembers what it was asked."""

    daemon_threads = True
    answer: Answer
    asked: list[str]
    closing: threading.Event


class Handler(BaseHTTPRequestHandler):
    server: FakePdok

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.server.answer(self)

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakePdok]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    fake = FakePdok(("127.0.0.1", 0), Handler)
    fake.asked, fake.closing = [], threading.Event()
    fake.answer = an_answer([a_doc()])
    thread = threading.Thread(target=fake.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield fake
    fake.closing.set()
    fake.shutdown()
    thread.join()
    fake.server_close()


@pytest.fixture
def pdok(server: FakePdok) -> Iterator[PDOK]:
    with PDOK(f"http://127.0.0.1:{server.server_port}/v3_1/", timeout_s=10) as geocoder:
        yield geocoder


@pytest.fixture
def hasty(server: FakePdok) -> Iterator[PDOK]:
    with PDOK(f"http://127.0.0.1:{server.server_port}/v3_1/", timeout_s=TIMEOUT_S) as geocoder:
        yield geocoder


def a_doc(**changed: object) -> dict[str, object]:
    return {
        "type": "adres",
        "postcode": "5664HJ",
        "huisnummer": 12,
        "gemeentecode": "1771",
        "centroide_ll": "POINT(5.5612 51.4213)",
    } | changed


def reply(body: bytes, status: int = 200, **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in ({"Content_Length": str(len(body))} | headers).items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def an_answer(docs: object) -> Answer:
    return reply(json.dumps({"response": {"numFound": 1, "docs": docs}}).encode())


def silence(handler: BaseHTTPRequestHandler) -> None:
    assert isinstance(handler.server, FakePdok)
    handler.server.closing.wait(SILENT_S)


def drip(handler: BaseHTTPRequestHandler) -> None:
    assert isinstance(handler.server, FakePdok)
    handler.send_response(200)
    handler.end_headers()
    while not handler.server.closing.wait(0.05):
        try:
            handler.wfile.write(b" ")
            handler.wfile.flush()
        except OSError:
            return


def drip_headers(handler: BaseHTTPRequestHandler) -> None:
    assert isinstance(handler.server, FakePdok)
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while not handler.server.closing.wait(0.05):
        try:
            handler.wfile.write(b"a")
        except OSError:
            return


def hang_up(handler: BaseHTTPRequestHandler) -> None:
    handler.connection.shutdown(socket.SHUT_RDWR)


def ask(pdok: PDOK | None, postcode: Postcode = HOME, house_number: str = "12") -> Located:
    return locate(pdok, postcode, house_number, GELDROP_MIERLO, OWN_POINT)


@pytest.mark.parametrize("house_number", ["12", " 12 ", "12a", "12-2", "12 bis"])
def test_an_address_lies_where_pdok_says(pdok: PDOK, house_number: str) -> None:
    assert ask(pdok, house_number=house_number) == Located(51.4213, 5.5612, source="pdok", flagged=False)


def test_only_the_postcode_and_the_number_are_sent(server: FakePdok, pdok: PDOK) -> None:
    ask(pdok, house_number="12a, Jansen")
    (path,) = server.asked
    assert urlsplit(path).path == "/v3_1/free"
    assert parse_qs(urlsplit(path).query) == {
        "q": ["5664HJ 12"],
        "fq": ["type:adres", "postcode:5664HJ", "huisnummer:12"],
        "fl": ["type,postcode,huisnummer,gemeentecode,centroide_ll"],
        "rows": ["5"],
    }


def test_the_right_one_of_several_answers_is_taken(server: FakePdok, pdok: PDOK) -> None:
    other = a_doc(huisnummer=1, centroide_ll="POINT(5.5 51.5)")
    server.answer = an_answer([a_doc(type="postcode"), other, a_doc()])
    assert ask(pdok).lat == 51.4213


@pytest.mark.parametrize(
    "answer",
    [
        silence,
        drip,
        drip_headers,
        hang_up,
        reply(b"{"),
        reply(b"\xff\xfe"),
        reply(b"<!doctype html><title>Storing</title>"),
        reply(b""),
        reply(b"null"),
        reply(b"[]"),
        reply(b"[" * 60_000),
        reply(b'{"response": null}'),
        reply(b'{"response": {"docs": 7}}'),
        reply(b'{"response": {"docs": [null]}}'),
        reply(b'{"response": {"docs": ["adres"]}}'),
        reply(b" " * 100_000 + b"{}"),
        reply(gzip.compress(b"{}"), Content_Encoding="gzip"),
        reply(b"{}", Content_Length="50"),
        reply(b"stuk", 500),
        reply(b"", 503, Retry_After="3600"),
        reply(b"te vaak", 429),
        reply(b"", 404),
        reply(b"", 302, Location="/v3_1/free?elders"),
        reply(b"", 307, Location="http://169.254.169.254/"),
        reply(json.dumps({"response": {"docs": [a_doc()]}}).encode(), 206),
        an_answer([]),
        an_answer({}),
        an_answer([{}]),
        an_answer([a_doc(gemeentecode="0772")]),
        an_answer([a_doc(gemeentecode="BE11001")]),
        an_answer([a_doc(gemeentecode=None)]),
        an_answer([a_doc(postcode="5664HK")]),
        an_answer([a_doc(huisnummer=13)]),
        an_answer([a_doc(centroide_ll="POINT(51.4213 5.5612)")]),
        an_answer([a_doc(centroide_ll="POINT(13.4 52.5)")]),
        an_answer([a_doc(centroide_ll="POINT(0 0)")]),
        an_answer([a_doc(centroide_ll="POINT(NaN NaN)")]),
        an_answer([a_doc(centroide_ll="POINT EMPTY")]),
        an_answer([a_doc(centroide_ll=[5.5612, 51.4213])]),
    ],
)
def test_a_geocoder_that_misbehaves_leaves_the_postcodes_own_point(
    server: FakePdok, hasty: PDOK, answer: Answer
) -> None:
    server.answer = answer
    started = time.monotonic()
    assert ask(hasty) == FLAGGED
    assert time.monotonic() - started < SILENT_S / 2
    assert len(server.asked) == 1


def test_a_geocoder_that_is_down_leaves_the_postcodes_own_point() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with PDOK(f"http://127.0.0.1:{port}", timeout_s=TIMEOUT_S) as pdok:
        assert ask(pdok) == FLAGGED


def test_a_geocoder_whose_name_does_not_resolve_leaves_the_postcodes_own_point() -> None:
    with PDOK("https://pdok.invalid", timeout_s=TIMEOUT_S) as pdok:
        assert ask(pdok) == FLAGGED


@pytest.mark.parametrize(
    ("postcode", "house_number"),
    [(Postcode(5664), "12"), (HOME, ""), (HOME, "huis"), (HOME, "123456"), (HOME, "0")],
)
def test_without_a_whole_address_nothing_is_asked(
    server: FakePdok, pdok: PDOK, postcode: Postcode, house_number: str
) -> None:
    assert ask(pdok, postcode, house_number) == Located(*OWN_POINT, source="postcode", flagged=False)
    assert not server.asked


def test_without_a_geocoder_the_postcodes_own_point_is_as_good_as_it_gets() -> None:
    assert ask(geocoder_at("", 1.5)) == Located(*OWN_POINT, source="postcode", flagged=False)


def test_no_log_tells_where_somebody_lives(
    server: FakePdok, pdok: PDOK, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        ask(pdok)
        server.answer = reply(b"5664HJ 12 bestaat niet", 500)
        ask(pdok)
        server.answer = an_answer([])
        ask(pdok)
    assert "no such address" in caplog.text
    assert "5664" not in caplog.text


def test_after_three_failures_nobody_waits_for_a_while(server: FakePdok) -> None:
    server.answer = silence
    guard = Guard(0.2, rest_s=5)
    with PDOK(f"http://127.0.0.1:{server.server_port}", timeout_s=10, guard=guard) as pdok:
        assert [ask(pdok) for _ in range(3)] == [FLAGGED] * 3
        before = len(server.asked)
        guard.timeout_s = 60  # who asked now would wait for ever
        assert ask(pdok) == FLAGGED
        assert len(server.asked) == before
        server.answer = an_answer([a_doc()])
        deadline = time.monotonic() + SILENT_S
        while ask(pdok).source != "pdok":
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert len(server.asked) == before + 1


def test_no_more_threads_are_left_behind_than_agreed() -> None:
    stop = threading.Event()
    guard = Guard(0.01, at_once=2, failures=100)
    reasons = []
    for _ in range(4):
        with pytest.raises(NoAnswer) as refused:
            guard.call(stop.wait)
        reasons.append(str(refused.value))
    assert reasons == ["TimeoutError", "TimeoutError", "busy", "busy"]
    stop.set()
    deadline = time.monotonic() + SILENT_S
    while time.monotonic() < deadline:
        time.sleep(0.01)
        try:
            assert guard.call(lambda: 7) == 7
        except NoAnswer:
            continue
        return
    pytest.fail("the places did not come free")


@pytest.mark.parametrize(
    ("docs", "expected"),
    [
        ([a_doc()], (51.4213, 5.5612, False)),
        ([a_doc(gemeentecode="0363")], (None, None, True)),
        ([], (None, None, True)),
    ],
)
def test_a_job_keeps_the_point_of_an_address_only_when_it_is_certain(
    program: Program, server: FakePdok, pdok: PDOK, docs: list[object], expected: tuple[object, ...]
) -> None:
    server.answer = an_answer(docs)
    with program.transaction() as session:
        actor = a_person(session, huisnummer="12")

    outside.locate(Work(Settings(), program, pdok), str(actor.person_id))

    with program.transaction() as session:
        contact = people.details(session, act(session, actor))
        assert (contact.latitude, contact.longitude, contact.address_doubtful) == expected
