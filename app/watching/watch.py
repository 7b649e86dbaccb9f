"""Three addresses for whoever watches: `/gezond`, `/gereed` and `/metrics`, and the count of all other requests.

They stand before everything else: a process whose places are all taken still says that it lives. They open a
connection of their own, beside the pool, and show counts and yes or no: nothing of anybody.
"""

import hmac
import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.config import Settings
from app.db import apart
from app.http import asked_here
from app.logs import REQUEST
from app.watching import standing
from app.watching.figures import Requests, alone, written
from app.watching.measured import measured, of_the_folder
from app.watching.traces import SERVER, Span, parent_of, traces_of

ALIVE: Final = "/gezond"
READY: Final = "/gereed"
METRICS: Final = "/metrics"
API: Final = "/api/v1"
OTHER: Final = "other"
"""The route of what no route takes: its path was typed by somebody."""
HEADERS: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
KEPT_S: Final = 5.0
"""A second scrape within so many seconds gets the same figures of the database."""
FORWARDED: Final = frozenset({"forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"})
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
answered = logging.getLogger("zorgvoorelkaar.requests")
log = logging.getLogger("zorgvoorelkaar.watching")


@dataclass(slots=True)
class _Kept:
    text: str = ""
    until: float = 0.0


class Watch:
    """An ASGI middleware around the whole program."""

    def __init__(self, app: ASGIApp, settings: Settings, engine: Engine, *, own_worker: bool = False) -> None:
        self.app, self.settings = app, settings
        self.engine = apart(engine.url)
        self.requests = Requests()
        self.traces = traces_of(settings, "web")
        self.own_worker = own_worker
        self._kept = _Kept()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer what is ours; count the rest."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        answer = self._ours(Request(scope))
        if answer is None:
            await self._counted(scope, receive, send)
            return
        response = await run_in_threadpool(answer)
        response.headers.update(HEADERS)
        await response(scope, receive, send)

    def _ours(self, request: Request) -> Callable[[], Response] | None:
        if request.method not in ("GET", "HEAD"):
            return None
        path = request.url.path
        if path == ALIVE:
            return alive
        if path == READY:
            return self.ready
        if path == METRICS and self._may_read(request):
            return self.metrics
        return None

    async def _counted(self, scope: Scope, receive: Receive, send: Send) -> None:
        began, status = time.perf_counter(), 500
        number = secrets.token_hex(8)
        before = REQUEST.set(number)

        async def seen(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = number
            await send(message)

        try:
            await self.app(scope, receive, seen)
        finally:
            seconds, route = time.perf_counter() - began, route_of(scope)
            method = scope["method"] if scope["method"] in METHODS else OTHER
            self.requests.add(method, route, status, seconds)
            self._traced(scope, number, f"{method} {route}", status, seconds)
            told = {"route": route, "method": method, "status": status, "ms": round(seconds * 1000, 1)}
            answered.info("answered", extra=told)
            REQUEST.reset(before)

    def _traced(self, scope: Scope, number: str, name: str, status: int, seconds: float) -> None:
        if self.traces is None:
            return
        method, _, route = name.partition(" ")
        trace, parent = parent_of(Request(scope).headers.get("traceparent", ""))
        ended = time.time_ns()
        said: dict[str, str | int] = {
            "http.request.method": method, "http.route": route, "http.response.status_code": status,
        }  # fmt: skip
        self.traces.add(
            Span(name, SERVER, trace, number, parent, ended - int(seconds * 1e9), ended, said, status >= 500)
        )

    def _may_read(self, request: Request) -> bool:
        """With the token from anywhere; without one from this machine, and not through a proxy on it."""
        token = self.settings.metrics_token
        shown = request.headers.get("authorization", "")
        if token is not None and token.get_secret_value():
            return hmac.compare_digest(shown.encode(), f"Bearer {token.get_secret_value()}".encode())
        return (
            _is_loopback(request.client.host if request.client else "")
            and asked_here(request)
            and not FORWARDED & set(request.headers.keys())
        )

    def ready(self) -> Response:
        """Whether requests can be sent here: the database answers, its schema fits, and a worker was seen lately."""
        found = {"database": False, "schema": False, "worker": False}
        try:
            with self.engine.connect() as connection:
                found["database"] = True
                found["schema"] = standing.serves(standing.revision(connection))
                found["worker"] = self.own_worker or standing.queue(connection).workers > 0
        except SQLAlchemyError as error:
            log.warning("not ready", exc_info=error)
        # a site without a worker answers all the same: mails wait, which is for somebody to mend and not for a balancer
        serves = found["database"] and found["schema"]
        return JSONResponse({"ready": serves, **found}, 200 if serves else 503)

    def metrics(self) -> Response:
        """The figures, also when the database is away."""
        now = time.monotonic()
        if now >= self._kept.until:
            self._kept = _Kept(self._measured(), now + KEPT_S)
        return Response(
            self._kept.text + written((), self.requests),
            media_type="text/plain; version=0.0.4; charset=utf-8",
        )

    def _measured(self) -> str:
        try:
            with self.engine.connect() as connection, connection.begin():
                figures = list(measured(connection))
            up = True
        except SQLAlchemyError as error:
            log.warning("the database could not be measured", exc_info=error)
            figures, up = [], False
        whole = [alone("zve_database_up", "gauge", "1 when the database answers.", up), *figures]
        return written([*whole, *of_the_folder(self.settings)])


def alive() -> Response:
    """This process answers; it asks nobody else."""
    return JSONResponse({"alive": True})


def route_of(scope: Scope) -> str:
    """The pattern of the route that took a request; a path holds keys, and what people type."""
    route = scope.get("route")
    path = getattr(route, "path", None)
    if isinstance(path, str) and path:
        return path if path.startswith(API) or not scope["path"].startswith(API) else f"{API}{path}"
    return "/static" if scope["path"].startswith("/static/") else OTHER


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
