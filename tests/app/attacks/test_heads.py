"""A client that never finishes what comes before its request, or takes for ever to: others do not wait for it."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from app import listening
from app.listening import WITHHELD_BYTES_MAX, Bounded

HEAD = b"POST / HTTP/1.1\r\nHost: localhost\r\n"
PIECE = b"a" * 16_384


async def count(scope: Scope, receive: Receive, send: Send) -> None:
    """Says how long the body was."""
    size, more = 0, True
    while more:
        message = await receive()
        size += len(message.get("body", b""))
        more = message.get("more_body", False)
    await PlainTextResponse(str(size))(scope, receive, send)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    server = uvicorn.Server(
        uvicorn.Config(count, http=Bounded, port=0, lifespan="off", log_level="critical", log_config=None)
    )
    with socket.socket() as ours:
        ours.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [ours]})
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        yield ours.getsockname()[1]
        server.should_exit = True
        thread.join(timeout=10)


def sent(port: int, *pieces: bytes) -> tuple[int, bytes]:
    """How many bytes could be sent, and what was answered until the other end closed."""
    done, answer = 0, b""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
        try:
            for piece in pieces:
                client.sendall(piece)
                done += len(piece)
                time.sleep(0.001)
            while read := client.recv(65_536):
                answer += read
        except OSError:  # they closed while we were at it
            pass
    return done, answer


@pytest.mark.parametrize(
    "beginning",
    [
        HEAD + b"X-Long: ",
        b"POST /",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\nX-Trailer: ",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n5;extension=",
    ],
    ids=["header", "address", "trailer", "chunk"],
)
def test_what_has_no_end_is_given_up(port: int, beginning: bytes) -> None:
    done, answer = sent(port, beginning, *[PIECE] * 200)

    assert done < 200 * len(PIECE), "it went on listening"
    assert answer == b"" or answer.startswith((b"HTTP/1.1 431 ", b"HTTP/1.1 400 "))


def test_many_small_headers_are_given_up_too(port: int) -> None:
    done, _ = sent(port, HEAD, *[b"X: a\r\n" * 2_000] * 200)
    assert done < 200 * 12_000


@pytest.mark.parametrize("size", [0, WITHHELD_BYTES_MAX * 8])
def test_a_long_body_and_a_second_request_are_heard(port: int, size: int) -> None:
    body = b"b" * size
    first = HEAD + b"X-Some: " + b"c" * 8_000 + b"\r\nContent-Length: " + str(size).encode() + b"\r\n\r\n"
    last = HEAD + b"Connection: close\r\nContent-Length: 2\r\n\r\n"
    pieces = [body[at : at + 16_384] for at in range(0, size, 16_384)]

    _, answer = sent(port, first, *pieces, last[:20], last[20:], b"hi")

    assert answer.count(b"HTTP/1.1 200 OK") == 2
    assert answer.endswith(b"\r\n\r\n2")


@pytest.mark.parametrize("said", [(), (HEAD,)], ids=["silent", "begun"])
def test_whoever_is_slow_with_a_head_is_let_go(
    port: int, monkeypatch: pytest.MonkeyPatch, said: tuple[bytes, ...]
) -> None:
    monkeypatch.setattr(listening, "HEAD_S", 0.2)
    began = time.monotonic()
    _, answer = sent(port, *said)
    assert (answer, time.monotonic() - began < 4) == (b"", True)


def test_whoever_is_slow_with_a_body_is_heard(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "HEAD_S", 0.2)
    pieces = [b"hello"[at : at + 1] for at in range(5)]
    with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
        client.sendall(HEAD + b"Connection: close\r\nContent-Length: 5\r\n\r\n")
        for piece in pieces:
            time.sleep(0.1)
            client.sendall(piece)
        answer = b""
        while read := client.recv(65_536):
            answer += read
    assert answer.endswith(b"\r\n\r\n5")
