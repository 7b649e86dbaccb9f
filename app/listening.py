"""How we listen: a client ends the head of its request soon and within bounds, before anything of ours is asked.

The parser underneath keeps all of an unfinished header and copies it with each piece that comes in, so that one
client with an endless one would keep everybody waiting.
"""

import asyncio
from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

WITHHELD_BYTES_MAX: Final = 64 * 1024
"""So much may come in that is no part of a body and ends no head; a browser's head is a few thousand bytes."""
HEAD_S: Final = 30.0
"""Within so many seconds of its beginning a head is here."""
TOO_LARGE: Final = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
)


class Bounded(HttpToolsProtocol):
    """The server's own protocol, which gives up on a head without an end, and on a trailer without one."""

    _withheld = 0
    _came_through = False
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody comes in: their head has to follow."""
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """They left."""
        self._head_is_here()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Let the parser have it, and see whether anything came of it."""
        self._came_through = False
        super().data_received(data)
        self._withheld = 0 if self._came_through else self._withheld + len(data)
        if self._withheld > WITHHELD_BYTES_MAX and not self.transport.is_closing():
            self.transport.write(TOO_LARGE)
            self.transport.close()

    def on_message_begin(self) -> None:
        """The first byte of a next head."""
        super().on_message_begin()
        if self._deadline is None:
            self._await_head()

    def on_headers_complete(self) -> None:
        """The whole head."""
        self._came_through = True
        self._head_is_here()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A piece of a body."""
        self._came_through = True
        super().on_body(body)

    def _await_head(self) -> None:
        self._deadline = self.loop.call_later(HEAD_S, self.transport.close)

    def _head_is_here(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
