"""One renderer for refusals: RFC 9457 problems under /api/, a friendly page elsewhere."""

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError, OperationalError, TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from app.errors import DomainError, NotSignedIn, Unavailable

log = logging.getLogger("zorgvoorelkaar")
Page = Callable[[Request, int, DomainError | None], Response]
TITLES = {400: "Ongeldige invoer", 401: "Niet aangemeld", 403: "Niet toegestaan", 404: "Niet gevonden",
          405: "Methode niet toegestaan", 409: "Conflict", 410: "Niet meer geldig", 413: "Te groot",
          415: "Verkeerde soort inhoud", 429: "Te veel verzoeken",
          500: "Fout bij ons", 503: "Even niet bereikbaar"}  # fmt: skip
RETRY_AFTER_S = 5


def problem(request: Request, status: int, detail: str, **extra: Any) -> JSONResponse:
    """An RFC 9457 answer; ``detail`` is a sentence, ``extra`` are members for programs."""
    title = TITLES.get(status, HTTPStatus(status).phrase)
    body = {
        "type": "about:blank",
        "status": status,
        "title": title,
        "detail": detail,
        "instance": request.url.path,
    }
    return JSONResponse(body | extra, status, media_type="application/problem+json")


def install(app: FastAPI, page: Page) -> None:
    """Answer every refusal and every failure in one of the two ways."""

    def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, DomainError)
        return _answer(request, error.status, error, page)

    def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return _invalid(request, error, page)

    def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        response = _answer(request, error.status_code, None, page)
        response.headers.update(error.headers or {})
        return response

    def failed(request: Request, error: Exception) -> Response:
        if database_is_away(error):
            response = _answer(request, 503, Unavailable(), page)
            response.headers["Retry-After"] = str(RETRY_AFTER_S)
            return response
        log.error("request failed", exc_info=error, extra={"path": request.url.path})
        return _answer(request, 500, None, page)

    app.add_exception_handler(DomainError, refused)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(DBAPIError, failed)
    app.add_exception_handler(PoolTimeout, failed)
    app.add_exception_handler(Exception, failed)


def database_is_away(error: Exception) -> bool:
    """Whether the database is restarting, gone or full, rather than the program being wrong."""
    if isinstance(error, PoolTimeout):
        return True
    return isinstance(error, OperationalError) or (
        isinstance(error, DBAPIError) and error.connection_invalidated
    )


def _answer(request: Request, status: int, error: DomainError | None, page: Page) -> Response:
    if not request.url.path.startswith("/api/"):
        return page(request, status, error)
    extra: dict[str, Any] = {"code": error.code} if error else {}
    if error and error.details:
        extra["details"] = error.details
    response = problem(request, status, _sentence(status), **extra)
    if isinstance(error, NotSignedIn):
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _sentence(status: int) -> str:
    return {
        400: "Wat u stuurde, kunnen wij zo niet gebruiken.",
        401: "Stuur een geldig token mee in de kop Authorization.",
        403: "Dit mag u niet doen.",
        404: "Dit bestaat niet, of het is niet voor u.",
        405: "Deze methode kan hier niet.",
        409: "Dit kan niet meer: er is intussen iets veranderd.",
        429: "U probeerde het te vaak. Wacht even.",
        503: "Wij zijn even niet bereikbaar. Probeer het zo weer.",
    }.get(status, "Er ging iets mis.")


def _invalid(request: Request, error: RequestValidationError, page: Page) -> Response:
    if not request.url.path.startswith("/api/"):
        # a page's own forms are read by web.forms: what is left here is a wrong address
        return page(request, 404, None)
    # the input itself may hold what cannot be encoded, and does not belong in an answer
    errors = [
        {"veld": ".".join(str(part) for part in item["loc"][1:]), "code": item["type"]}
        for item in error.errors()
    ]
    if errors and any(item["loc"][0] == "path" for item in error.errors()):
        return problem(request, 404, _sentence(404), code="not-found")
    return problem(request, 400, _sentence(400), code="invalid", errors=errors)
