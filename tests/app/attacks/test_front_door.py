"""What arrives from outside before anybody is known: addresses, hosts, cookies, slow lines, many attempts."""

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest

from app.access.limits import LINK_BY_EMAIL
from app.config import Settings
from tests.app.attacks.conftest import World

FOREIGN_HOSTS = ("evil.example", "evil.example:8000", "localhost.evil.example", "[", "")
NUL_PATHS = ("/postbus/%00", "/mijn/keren/0198c1d2-0000-7000-8000-000000000000/%00", "/%00")
STRANGE_COOKIES = ("99999999999", "9" * 5000, "-1", "%00")


@pytest.mark.parametrize("path", NUL_PATHS)
def test_an_address_that_cannot_be_stored_does_not_exist(world: World, path: str) -> None:
    eva = world.client("eva")

    assert eva.get(path).status_code == 404
    assert eva.post("/personas/%00").status_code == 404


@pytest.mark.parametrize("query", ["thema=%00", "pagina=" + "9" * 4999, "pagina=" + "9" * 20, "zoek=%00"])
def test_the_public_list_takes_whatever_is_in_its_address(world: World, query: str) -> None:
    assert world.client().get(f"/hulpvragen?{query}").status_code == 200


@pytest.mark.parametrize("value", STRANGE_COOKIES)
@pytest.mark.parametrize("path", ["/", "/helpen"])
def test_a_strange_municipality_in_a_cookie_is_no_municipality(world: World, path: str, value: str) -> None:
    assert world.client().ask("GET", path, headers={"Cookie": f"__Host-gemeente={value}"}).status_code == 200


@pytest.mark.parametrize("host", FOREIGN_HOSTS)
def test_another_name_for_this_computer_opens_no_persona_and_no_mailbox(world: World, host: str) -> None:
    """A page elsewhere may point its own name at 127.0.0.1, and a proxy may stand in front of us."""
    for path in ("/personas", "/postbus"):
        assert world.client().ask("GET", path, headers={"Host": host}).status_code in (400, 404)
    assert world.client().get("/personas").status_code == 200


def test_where_to_report_a_leak_does_not_depend_on_what_a_visitor_calls_us(world: World) -> None:
    answer = world.client().ask("GET", "/.well-known/security.txt", headers={"Host": "evil.example"})

    assert "evil.example" not in answer.text
    assert world.site.address in answer.text


@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json"]
)
def test_slow_lines_keep_nobody_else_waiting(world: World, kind: str) -> None:
    lines = [_slow_line(world.site.address, kind) for _ in range(2 * Settings().pool_size)]
    try:
        time.sleep(0.2)
        # who had to wait for a place would wait for the lines, which outlast this client's patience
        assert world.client().get("/zo-werkt-het").status_code == 200
        assert all(_is_unanswered(line) for line in lines)
    finally:
        for line in lines:
            line.close()


def _is_unanswered(line: socket.socket) -> bool:
    """Whether the other side still waits for the rest."""
    line.setblocking(False)
    try:
        line.recv(1)
    except BlockingIOError:
        return True
    return False


def _slow_line(address: str, kind: str) -> socket.socket:
    """A client that promises a body and sends a part of it."""
    place = urlsplit(address)
    line = socket.create_connection((place.hostname, place.port), timeout=5)
    path = "/api/v1/hulpvragen" if kind.endswith("json") else "/inloggen"
    line.sendall(
        f"POST {path} HTTP/1.1\r\nHost: {place.netloc}\r\nOrigin: {address}\r\n"
        f"Content-Type: {kind}\r\nContent-Length: 5000\r\n\r\na=".encode()
    )
    return line


@pytest.mark.parametrize("chunked", [b"Transfer-Encoding: chunked", b"Transfer-Encoding: xchunked"])
def test_a_body_of_two_lengths_hides_no_second_request(world: World, chunked: bytes) -> None:
    """What a proxy would take for one request must not be two here."""
    place = urlsplit(world.site.address)
    hidden = b"GET /.well-known/security.txt HTTP/1.1\r\nHost: x\r\n\r\n"
    with socket.create_connection((place.hostname, place.port), timeout=10) as line:
        line.sendall(
            b"POST /inloggen HTTP/1.1\r\nHost: %s\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            b"Content-Length: %d\r\n%s\r\n\r\n0\r\n\r\n%s"
            % (place.netloc.encode(), 5 + len(hidden), chunked, hidden)
        )
        line.settimeout(2)
        said = b""
        try:
            while part := line.recv(65536):
                said += part
        except TimeoutError:
            pass
    assert said.startswith(b"HTTP/1.1 4")
    assert b"Contact:" not in said


@pytest.mark.parametrize("path", ["/static", "/static/", "/static/vendor/", "/static/../web/security.py"])
def test_a_folder_of_files_does_not_exist(world: World, path: str) -> None:
    answer = world.client().ask("GET", path)

    assert answer.status_code == 404
    assert "zve.css" not in answer.text.partition("</head>")[2]


def test_many_links_asked_for_at_once_are_as_many_as_one_after_another(world: World) -> None:
    visitor = world.client()
    token = visitor.csrf()
    form = {"csrf": token, "email": "overspoeld@voorbeeld.nl"}

    def ask(_: int) -> int:
        return visitor.ask("POST", "/inloggen", data=form).status_code

    with ThreadPoolExecutor(12) as pool:
        statuses = list(pool.map(ask, range(24)))

    made = world.rows("SELECT count(*) FROM sign_in_link WHERE email = :email", email=form["email"])[0][0]
    assert made == statuses.count(200) == LINK_BY_EMAIL.most
    assert statuses.count(429) == 24 - LINK_BY_EMAIL.most


@pytest.mark.parametrize("path", ["/mijn/", "//mijn", "/Mijn", "/bureau//", "/mijn%2f", "/%2e/bureau"])
def test_an_address_beside_ours_leads_nowhere(world: World, path: str) -> None:
    """A redirect to the right one would name whatever host the client calls us."""
    answer = world.client("eva").ask("GET", path, headers={"Host": "evil.example"})

    assert answer.status_code == 404
    assert "evil.example" not in str(answer.headers)
