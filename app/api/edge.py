"""What every request to the API passes: the kind of its body, the form of its address, the headers of its answer."""

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import multipart
from app.api.bodies import LOOKED_AT, NO_BSN
from app.errors_http import API_HEADERS, SENTENCES, problem

ROOT = "/api/"
BODY_BYTES_MAX = 65_536
JSON = "application/json"
FORM = "multipart/form-data"


class Edge:
    """Refuses bodies that are no JSON and addresses that end in a slash; adds the headers of the API."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request to anything but the API pass as it is."""
        if scope["type"] != "http" or not scope["path"].startswith(ROOT):
            await self.app(scope, receive, send)
            return

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in API_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        request = Request(scope)
        status = refusal(request)
        if status is None:
            looked_at = LOOKED_AT.set(request.headers.get(NO_BSN) == "ja")
            try:
                await self.app(scope, receive, answer)
            finally:
                LOOKED_AT.reset(looked_at)
            return
        response = problem(request, status, SENTENCES[status], code=CODES[status])
        await response(scope, receive, answer)


CODES = {404: "not-found", 413: "too-large", 415: "unsupported-media-type"}


def refusal(request: Request) -> int | None:
    """The status with which to refuse before anything is read, or None.

    A browser sends text/plain across sites without asking: only JSON is read as JSON. A file comes as a form does,
    where a file is asked for; whoever sends it has a token all the same.
    """
    if request.url.path.endswith("/"):
        return 404
    length = request.headers.get("content-length", "0")
    with_file = request.url.path.endswith(multipart.WITH_FILES)
    wanted, most = (FORM, multipart.FILE_BYTES_MAX) if with_file else (JSON, BODY_BYTES_MAX)
    has_body = length != "0" or "transfer-encoding" in request.headers
    if has_body and request.headers.get("content-type", "").partition(";")[0].strip().lower() != wanted:
        return 415
    return 413 if not length.isdigit() or int(length[:12]) > most else None
