"""Everything that leaves the house over HTTP goes through one factory, to origins that were named."""

import ast
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from app.outgoing import (
    ANSWER_BYTES_MAX,
    AnswerTooLarge,
    NotOnTheList,
    TooSlow,
    Unreached,
    client,
    fetch,
    origin_of,
    post_there,
)  # fmt: skip
from tests.test_house import modules

WAYS_OUT = frozenset(
    {"httpx", "requests", "aiohttp", "urllib3", "http.client", "urllib.request", "ftplib", "smtplib", "imaplib",
     "poplib", "telnetlib", "socket", "websockets", "websocket", "xmlrpc.client", "paramiko", "pycurl"}
)  # fmt: skip
ALLOWED = {
    ("app/outgoing.py", "httpx"): "the factory",
    ("app/outgoing.py", "socket"): "looks a name up, to see where it leads before anything goes there",
    ("app/notifications/smtp.py", "smtplib"): "mail, to the server of the settings",
    ("app/notifications/mail.py", "smtplib"): "names the error of an address that is refused",
    ("app/watching/findings.py", "smtplib"): "names the error of a server that takes no mail",
    ("app/watching/traces.py", "socket"): "asks what this machine is called",
    ("app/audit/outside.py", "socket"): "the log, to the syslog server of the settings",
    ("app/cli.py", "socket"): "looks whether a port is free, on this machine",
}
"""Modules that import a way out, and what for."""
CALLS = frozenset({"Client", "AsyncClient", "get", "post", "put", "patch", "delete", "request", "stream"})


def imported(tree: ast.Module) -> Iterator[str]:
    """Every library that a module imports, wherever in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def ways_out(path: str, tree: ast.Module) -> set[tuple[str, str]]:
    """The ways out that a module imports."""
    return {
        (path, way)
        for name in imported(tree)
        for way in WAYS_OUT
        if name == way or name.startswith(f"{way}.")
    }


def makes_calls(tree: ast.Module) -> list[int]:
    """Lines that make a client of httpx, or ask with it, without the factory."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CALLS
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "httpx"
    ]


def test_no_module_has_a_way_out_of_its_own() -> None:
    found = {way for path, tree in modules() for way in ways_out(path, tree)}

    assert found == set(ALLOWED)


def test_no_module_but_the_factory_makes_a_client() -> None:
    found = {path for path, tree in modules() if makes_calls(tree)}

    assert found == {"app/outgoing.py"}


@pytest.mark.parametrize(
    "line",
    ["import urllib.request", "from urllib import request", "import socket", "from httpx import Client"],
)
def test_a_way_out_is_caught(line: str) -> None:
    assert ways_out("app/some.py", ast.parse(line))


def test_a_client_without_the_factory_is_caught() -> None:
    assert makes_calls(ast.parse("import httpx\nhttpx.get('https://evil.example')"))


@pytest.mark.parametrize(
    "url",
    ["http://pdok.example", "ftp://pdok.example", "https://", "//pdok.example", "https://user@pdok.example",
     "http://10.0.0.1", "http://localhost.evil.example", "https://[::1", "https://pdok.example:port", "file:///etc/passwd"],
)  # fmt: skip
def test_what_would_go_in_the_clear_or_nowhere_is_no_origin(url: str) -> None:
    with pytest.raises(NotOnTheList):
        origin_of(url)


def test_an_origin_has_a_scheme_a_host_and_a_port() -> None:
    assert origin_of("https://API.pdok.nl/a?b") == "https://api.pdok.nl"
    assert origin_of("https://pdok.nl:8443/") == "https://pdok.nl:8443"
    assert origin_of("http://127.0.0.1:80/") == "http://127.0.0.1:80"
    assert origin_of("http://[::1]:80/") == "http://[::1]:80"


class Server(ThreadingHTTPServer):
    """Counts who comes, and answers as it is told."""

    def __init__(self, answer: Callable[[BaseHTTPRequestHandler], None]) -> None:
        self.came = 0

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.came += 1
                answer(self)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        outer = self
        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


def redirects(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(302)
    handler.send_header("Location", "http://169.254.169.254/")
    handler.end_headers()


def floods(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    handler.wfile.write(b"a" * (ANSWER_BYTES_MAX + 1))


def drips(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(50):
        handler.wfile.write(b"a")
        handler.wfile.flush()
        time.sleep(0.05)


def test_an_origin_that_nobody_named_is_not_asked() -> None:
    with Server(redirects) as other, client(["https://pdok.example"], timeout_s=1) as line:
        with pytest.raises(NotOnTheList):
            fetch(line, "GET", f"{other.origin}/", within_s=1)
        assert other.came == 0
        other.shutdown()


def test_a_redirect_is_not_followed() -> None:
    with Server(redirects) as server, client([server.origin], timeout_s=1) as line:
        assert fetch(line, "GET", f"{server.origin}/", within_s=1).status == 302
        server.shutdown()


def test_a_flood_is_given_up() -> None:
    with Server(floods) as server, client([server.origin], timeout_s=5) as line:
        with pytest.raises(AnswerTooLarge):
            fetch(line, "GET", f"{server.origin}/", within_s=5)
        server.shutdown()


def test_an_answer_that_drips_in_is_given_up_in_time() -> None:
    with Server(drips) as server, client([server.origin], timeout_s=5) as line:
        began = time.monotonic()
        with pytest.raises(TooSlow):
            fetch(line, "GET", f"{server.origin}/", within_s=0.3)
        assert time.monotonic() - began < 1.5
        server.shutdown()


def name_leads_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    found = [(0, 0, 0, "", (one, 443)) for one in addresses]
    monkeypatch.setattr("app.outgoing.socket.getaddrinfo", lambda *_, **__: found)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.8", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",  # noqa: S104
     "255.255.255.255", "192.0.2.1", "::1", "::", "fe80::1", "fd00:ec2::254", "ff02::1", "::ffff:10.0.0.8",
     "2002:0a00:0008::1", "64:ff9b::a00:8", "2001:0:a00:8::1"],
)  # fmt: skip
def test_a_name_that_leads_into_a_network_of_ones_own_is_not_followed(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    name_leads_to(monkeypatch, "93.184.215.14", address)

    with pytest.raises(NotOnTheList):
        post_there("https://hook.voorbeeld.nl/a", b"", {}, inside=False, within_s=1)


@pytest.mark.parametrize(
    "address",
    ["169.254.169.254", "fe80::1", "0.0.0.0", "224.0.0.1", "64:ff9b::a9fe:a9fe"],  # noqa: S104
)
def test_what_a_link_or_nobody_answers_is_never_asked(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    name_leads_to(monkeypatch, address)

    with pytest.raises(NotOnTheList):
        post_there("https://hook.voorbeeld.nl/a", b"", {}, inside=True, within_s=1)


def test_it_goes_where_the_name_led_when_it_was_checked_and_not_where_it_leads_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[tuple[str, str, object]] = []

    def there(request: httpx.Request) -> httpx.Response:
        asked.append((request.url.host, request.headers["host"], request.extensions.get("sni_hostname")))
        return httpx.Response(204, stream=httpx.ByteStream(b""))

    name_leads_to(monkeypatch, "93.184.215.14")
    transport = httpx.MockTransport(there)
    monkeypatch.setattr("httpx.Client._transport_for_url", lambda *_: transport)
    answer = post_there("https://hook.voorbeeld.nl:8443/a?b=c", b"x", {}, inside=False, within_s=1)

    assert answer.status == 204
    assert asked == [("93.184.215.14", "hook.voorbeeld.nl:8443", "hook.voorbeeld.nl")]


def test_a_name_that_nobody_has_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_: object, **__: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr("app.outgoing.socket.getaddrinfo", nobody)

    with pytest.raises(Unreached):
        post_there("https://hook.voorbeeld.nl", b"", {}, inside=False, within_s=1)
