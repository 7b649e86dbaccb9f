"""A server that behaves as the KvK's API does: its published test numbers, its answers, its faults."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

KEY = "l7xx1f2691f2520d487b902f4e0b57a0b197"
"""The key that the KvK publishes for its test data."""
SOLE_TRADER, COMPANY, FOUNDATION, ENDED, SHIELDED = "69599084", "68750110", "69599068", "96354429", "90001354"
FAULTY = "90004973"
"""A number of the test data that answers with an error."""
NAMES = {
    SOLE_TRADER: ("Test EMZ Dagobert", "Eenmanszaak", "Amsterdam"),
    COMPANY: ("Test BV Donald", "Besloten Vennootschap", "Lollum"),
    FOUNDATION: ("Test Stichting Bolderbast", "Stichting", "Lochem"),
    ENDED: ("Test Coöperatie", "Coöperatie", "Utrecht"),
    SHIELDED: ("Test BV Afgeschermd", "Besloten Vennootschap", ""),
}

Answer = Callable[[BaseHTTPRequestHandler], None]


class FakeKvk(ThreadingHTTPServer):
    """Answers as the register does, or as it is told; remembers what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.instead: Answer | None = None
        self.closing = threading.Event()

    @property
    def url(self) -> str:
        """As the setting has it."""
        return f"http://127.0.0.1:{self.server_address[1]}/test/api"


class Handler(BaseHTTPRequestHandler):
    """One question."""

    server: FakeKvk

    def do_GET(self) -> None:
        """The two products, for who has the key."""
        at = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(at.query).items()}
        self.server.asked.append((at.path, query))
        if self.server.instead is not None:
            self.server.instead(self)
        elif self.headers["apikey"] != KEY:
            say(self, 401, {"fault": {"faultstring": "Invalid ApiKey"}})
        elif at.path == "/test/api/v2/zoeken":
            self._search(query)
        elif at.path.startswith("/test/api/v1/basisprofielen/"):
            self._profile(at.path.rsplit("/", 1)[1])
        else:
            say(self, 404, {"message": "no Route matched with those values"})

    def _search(self, query: dict[str, str]) -> None:
        if strange := query.keys() - {"kvkNummer", "inclusiefInactieveRegistraties"}:
            say(self, 400, fault("IPD1999", f"ongeldig: {strange}"))
        elif query["kvkNummer"] == FAULTY:
            say(self, 500, fault("IPD9999", "Algemene technische fout."))
        elif query["kvkNummer"] not in NAMES:
            say(self, 404, fault("IPD5200", "Er zijn geen gegevens gevonden."))
        else:
            say(self, 200, found(query["kvkNummer"]))

    def _profile(self, number: str) -> None:
        if number not in NAMES:
            say(self, 404, fault("IPD0005", "Er zijn geen gegevens gevonden."))
            return
        name, form, _ = NAMES[number]
        material = {"datumAanvang": "20150101", **({"datumEinde": "20200101"} if number == ENDED else {})}
        say(self, 200, {
            "kvkNummer": number, "indNonMailing": "Ja", "naam": name, "formeleRegistratiedatum": "20150101",
            "materieleRegistratie": material, "handelsnamen": [{"naam": name, "volgorde": 0}],
            "_embedded": {"eigenaar": {"rechtsvorm": form, "uitgebreideRechtsvorm": form}},
        })  # fmt: skip

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


def found(number: str) -> dict[str, Any]:
    """An answer of Zoeken."""
    name, _, place = NAMES[number]
    address = {"binnenlandsAdres": {"type": "bezoekadres", "straatnaam": "Teststraat", "plaats": place}}
    row: dict[str, Any] = {
        "kvkNummer": number, "naam": name, "type": "hoofdvestiging", "actief": "Nee" if number == ENDED else "Ja",
    }  # fmt: skip
    if place:
        row["adres"] = address
    return {"pagina": 1, "resultatenPerPagina": 10, "totaal": 1, "resultaten": [row]}


def fault(code: str, told: str) -> dict[str, Any]:
    """How the register reports what is wrong."""
    return {"fout": [{"code": code, "omschrijving": told}]}


def say(handler: BaseHTTPRequestHandler, status: int, answer: Any, **headers: str) -> None:
    """One answer; bytes go as they are."""
    body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    handler.send_response(status)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(body)))
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def drips(handler: BaseHTTPRequestHandler) -> None:
    """A byte now and then: no time-out of a socket ever ends it."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    fake: Any = handler.server
    for _ in range(600):
        try:
            handler.wfile.write(b" ")
            handler.wfile.flush()
        except OSError:
            return
        if fake.closing.wait(0.05):
            return


def says_nothing(handler: BaseHTTPRequestHandler) -> None:
    """Takes the question and is silent."""
    fake: Any = handler.server
    fake.closing.wait(60)


def hangs_up(handler: BaseHTTPRequestHandler) -> None:
    """Breaks off in the middle of its answer."""
    handler.send_response(200)
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b'{"resultaten": [')


@contextmanager
def a_register() -> Iterator[FakeKvk]:
    """One that answers until the end of the block."""
    server = FakeKvk()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.closing.set()
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
