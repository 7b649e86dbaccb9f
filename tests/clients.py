"""A browser or a program within the process of the tests, in half the time of Starlette's own.

That one begins an event loop and a thread for every request, and crosses between threads ten times to hand over the
answer in pieces. Here all requests of a process share one loop, and each crosses once: the answer comes in one piece.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote

import anyio
import httpx2
from anyio.from_thread import BlockingPortal, start_blocking_portal
from starlette import testclient
from starlette.types import Message, Scope

PORTALS: list[BlockingPortal] = []
"""The loop of this process; there is one from the first test on."""


@contextmanager
def one_loop() -> Iterator[None]:
    """Within this, requests share a loop; before and after it each has its own."""
    with start_blocking_portal() as portal:
        PORTALS.append(portal)
        yield
        PORTALS.remove(portal)


class TestClient(testclient.TestClient):
    """The same, for answers that end. Within ``with`` the program starts and stops, and has a loop of its own."""

    __test__ = False

    def __init__(self, app: Any, *, raise_server_exceptions: bool = True, **options: Any) -> None:
        super().__init__(app, raise_server_exceptions=raise_server_exceptions, **options)
        address = options.get("client", ("testclient", 50000))
        self._transport = _InOnePiece(self, address, raise_server_exceptions)


class _InOnePiece(httpx2.BaseTransport):
    """Calls the program with a request and gives back what it sent."""

    def __init__(self, client: TestClient, address: tuple[str, int], raises: bool) -> None:
        self.client, self.address, self.raises = client, address, raises

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        body = request.read()
        scope = _scope(request, self.address, self.client.app_state)
        with self._portal() as portal:
            sent, failure = portal.call(_answer, self.client.app, scope, body)
        if failure is not None and self.raises:
            raise failure
        nothing: Message = {"type": "http.response.start", "status": 500, "headers": []}
        start = next((message for message in sent if message["type"] == "http.response.start"), nothing)
        pieces = [message.get("body", b"") for message in sent if message["type"] == "http.response.body"]
        content = b"" if request.method == "HEAD" else b"".join(pieces)
        # as a stream: made of bytes, it would get a length that the program did not give
        stream = httpx2.ByteStream(content)
        return httpx2.Response(start["status"], headers=start["headers"], stream=stream, request=request)

    @contextmanager
    def _portal(self) -> Iterator[BlockingPortal]:
        kept = self.client.portal or next(iter(PORTALS), None)
        if kept is not None:
            yield kept
            return
        with start_blocking_portal() as portal:
            yield portal


def _scope(request: httpx2.Request, address: tuple[str, int], state: dict[str, Any]) -> Scope:
    url = request.url
    headers = [(name.lower(), value) for name, value in request.headers.raw]
    return {
        "type": "http", "http_version": "1.1", "method": request.method, "scheme": url.scheme,
        "path": unquote(url.path), "raw_path": url.raw_path.partition(b"?")[0], "root_path": "",
        "query_string": url.query, "headers": headers, "client": address,
        "server": (url.host, url.port or {"http": 80, "https": 443}[url.scheme]),
        "extensions": {}, "state": state.copy(),
    }  # fmt: skip


async def _answer(app: Any, scope: Scope, body: bytes) -> tuple[list[Message], Exception | None]:
    """What the program sent, and how it failed where it did."""
    asked: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]
    sent: list[Message] = []
    whole = anyio.Event()

    async def receive() -> Message:
        if asked:
            return asked.pop()
        await whole.wait()  # whoever leaves before that gets no more of a stream
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body", False):
            whole.set()

    try:
        await app(scope, receive, send)
    except Exception as failure:
        return sent, failure
    return sent, None
