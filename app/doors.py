"""How many requests are inside at once, and what waits outside."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

ASSETS = ("/static/",)
AHEAD_BYTES = 300_000
"""So much of a body is read before a place is taken; no form of ours is longer."""
REST_S = 10
"""Within so many seconds the rest of a longer body must be here."""


class AtMost:
    """Let no more requests in at once than there are connections.

    Without it, threads that wait for a connection keep those from finishing that hold one. A place is taken when
    the body has come in and given back when the answer is made: who has a slow line keeps nobody else waiting.
    """

    def __init__(self, app: ASGIApp, most: int) -> None:
        self.app = app
        self.places = asyncio.Semaphore(most)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wait for a place, unless it is a file or not a request at all."""
        if scope["type"] != "http" or scope["path"].startswith(ASSETS):
            await self.app(scope, receive, send)
            return
        read = await _read_ahead(receive)
        if read[-1]["type"] == "http.disconnect":
            return
        answer: list[Message] = []

        async def keep(message: Message) -> None:
            answer.append(message)

        async with self.places:
            await self.app(scope, _first(read, receive), keep)
        for message in answer:
            await send(message)


async def _read_ahead(receive: Receive) -> list[Message]:
    """The body, or the beginning of one that is too long, or the news that the client left."""
    messages: list[Message] = []
    size = 0
    while size <= AHEAD_BYTES:
        messages.append(await receive())
        size += len(messages[-1].get("body", b""))
        if not messages[-1].get("more_body", False):
            break
    return messages


def _first(read: list[Message], receive: Receive) -> Receive:
    """What was read, and then the rest; who is too slow with the rest counts as having left."""
    waiting = iter(read)
    incomplete = read[-1].get("more_body", False)

    async def following() -> Message:
        nonlocal incomplete
        for message in waiting:
            return message
        if not incomplete:
            return await receive()
        try:
            async with asyncio.timeout(REST_S):
                message = await receive()
        except TimeoutError:
            message = {"type": "http.disconnect"}
        incomplete = message.get("more_body", False)
        return message

    return following
