"""What a browser must be told, and proof that a form was sent from a page of ours.

``Headers`` is an ASGI middleware: one nonce per request, the security headers, who may keep a page.
``csrf_checked`` is a dependency for every router of pages. An unsafe request passes when its Origin and its
Sec-Fetch-Site, as far as given, are our own (one of them must be), it carries a form, and the form's ``csrf``
field is the HMAC of the session's cookie; before sign-in a cookie of its own stands in for that.
The composition root sets ``app.state.secret`` (bytes).
"""

import base64
import hashlib
import hmac
import secrets
from typing import Final
from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import Forbidden, TooMany
from app.http import SIGNED_IN_COOKIE
from app.multipart import Typed
from app.pacing import REPORTS
from web.typed import typed

SESSION_COOKIE: Final = SIGNED_IN_COOKIE
BEGIN_COOKIE: Final = "__Host-zve-begin"
CSRF_FIELD: Final = "csrf"
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})

_PROCESS_SECRET: Final = secrets.token_bytes(32)
_POLICY: Final = (
    "default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    f"report-uri {REPORTS}"
)
_HEADERS: Final = {
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class ForgedForm(Forbidden):
    """The form did not come from a page that this visitor got from us, or that page is too old."""

    code = "forged-form"


class Headers:
    """Adds the security headers; a handler that sets one of them itself keeps its own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with ``state.nonce``, and its answer back with headers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        scope.setdefault("state", {})["nonce"] = nonce
        personal = cookie(HTTPConnection(scope), SESSION_COOKIE) is not None

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                protect(headers, nonce, personal=personal)
                if message["status"] == 429:
                    headers.setdefault("Retry-After", str(TooMany().again_s))
            await send(message)

        await self.app(scope, receive, answer)


def protect(headers: MutableHeaders, nonce: str, *, personal: bool) -> None:
    """What every answer carries; for a failure too, which is answered outside this middleware."""
    for name, value in _HEADERS.items():
        headers.setdefault(name, value)
    headers.setdefault("Content-Security-Policy", _POLICY.format(nonce=nonce))
    # Also for visitors no shared cache: a page carries a token that is theirs alone.
    headers.setdefault("Cache-Control", "no-store" if personal else "private, no-cache")


def cookie(request: HTTPConnection, name: str) -> str | None:
    """The cookie's value, or None when it is absent or given twice: one may then be another's doing."""
    values = [
        value.strip()
        for header in request.headers.getlist("cookie")
        for key, _, value in (pair.partition("=") for pair in header.split(";"))
        if key.strip() == name
    ]
    return values[0] if len(values) == 1 and values[0] else None


class CsrfToken:
    """The token for this visitor's forms, made when a template asks: ``{{ csrf_token }}``.

    ``begun`` is then the value for a new begin cookie, or None where a cookie was there already.
    """

    def __init__(self, request: HTTPConnection) -> None:
        self._request = request
        self._anchor = _anchor(request)
        self.begun: str | None = None

    def __str__(self) -> str:
        if self._anchor is None:
            self._anchor = self.begun = secrets.token_urlsafe(24)
        return _sign(self._request, self._anchor)


async def csrf_checked(request: Request) -> None:
    """Let safe methods and our own forms pass; raises ForgedForm (403)."""
    if request.method in SAFE_METHODS:
        return
    if not _from_ourselves(request):
        raise ForgedForm
    form = await typed(request)
    if form is None or not _token_fits(request, form):
        raise ForgedForm


def _from_ourselves(request: Request) -> bool:
    """Whether the browser says that a page of this very site sent it; silence is a no."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is None and origin is None:
        return False
    if site not in (None, "same-origin"):
        return False
    # The scheme is left out: behind a proxy that ends TLS we see http where the browser sees https.
    return origin is None or (
        origin.startswith(("http://", "https://")) and urlsplit(origin).netloc == request.headers.get("host")
    )


def _token_fits(request: Request, form: Typed) -> bool:
    anchor, given = _anchor(request), form.values.get(CSRF_FIELD, [])
    if anchor is None or len(given) != 1:
        return False
    return hmac.compare_digest(given[0].encode(), _sign(request, anchor).encode())


def token_under(request: HTTPConnection, session_token: str) -> str:
    """The token of forms in a session that begins with this very answer."""
    return _sign(request, session_token)


def _anchor(request: HTTPConnection) -> str | None:
    """What a token is bound to: the session, or before sign-in the begin cookie."""
    return cookie(request, SESSION_COOKIE) or cookie(request, BEGIN_COOKIE)


def _sign(request: HTTPConnection, anchor: str) -> str:
    secret: bytes = getattr(request.app.state, "secret", _PROCESS_SECRET)
    digest = hmac.new(secret, b"csrf\0" + anchor.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
