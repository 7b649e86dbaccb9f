"""One renderer for refusals: RFC 9457 problems under /api/, a friendly page elsewhere."""

import logging
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError, OperationalError, TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from app.errors import Conflict, DomainError, Invalid, NotSignedIn, Stale, TooMany, Unavailable
from rewards.errors import InvalidInput, LedgerBroken, LedgerError

log = logging.getLogger("zorgvoorelkaar")
Page = Callable[[Request, int, DomainError | None], Response]
TITLES = {400: "Ongeldige invoer", 401: "Niet aangemeld", 403: "Niet toegestaan", 404: "Niet gevonden",
          405: "Methode niet toegestaan", 409: "Conflict", 410: "Niet meer geldig", 413: "Te groot",
          415: "Verkeerde soort inhoud", 429: "Te veel verzoeken", 500: "Fout bij ons",
          503: "Even niet bereikbaar"}  # fmt: skip
SENTENCES = {
    400: "Wat u stuurde, kunnen wij zo niet gebruiken.",
    401: "Stuur een geldig token mee in de kop Authorization.",
    403: "Dit mag u niet doen.",
    404: "Dit bestaat niet, of het is niet voor u.",
    405: "Deze methode kan hier niet.",
    409: "Dit kan niet meer: er is intussen iets veranderd.",
    413: "Dit is te groot.",
    415: "Stuur JSON, met de kop Content-Type: application/json.",
    429: "U probeerde het te vaak. Wacht even.",
    503: "Wij zijn even niet bereikbaar. Probeer het zo weer.",
}
BY_CODE = {
    "taken-already": "Iemand was u net voor. Wie al ja zei, staat op de wachtlijst en hoort het als er plek komt.",
    "does-not-fit": "Deze helper en deze vraag passen niet bij elkaar.",
    "helper-busy": "De helper heeft op dat moment al een andere afspraak.",
    "not-confirmed": "De makelaar heeft u nog niet aan elkaar voorgesteld.",
    "out-of-roosjes": "Daarvoor zijn er niet genoeg Roosjes.",
    "too-early": "Het is nog niet begonnen.",
    "already-begun": "Het is al begonnen. Zeg of het gebeurde, of dat iemand niet kwam.",
    "terms-agreed": "Dit is al met iemand afgesproken. Soort, duur, onderwerp en hoe vaak staan nu vast.",
    "has-plan": "Er is al een plan. Er kan er één tegelijk zijn.",
    "budget-ceiling": "Samen wordt dat meer dan 450 euro per persoon en periode.",
    "budget-empty": "Zoveel is er niet meer over van het budget.",
    "period-over": "Dit valt buiten de tijd van het budget.",
    "period-taken": "Op een deel van deze dagen was er al een budget.",
    "receipt-used": "Deze bon is al eerder terugbetaald.",
    "grant-waits": "Er wacht al een bedrag op een tweede blik.",
    "above-agreed": "Dit is meer dan er afgesproken is.",
    "above-allowance": "Een helper mag per maand en per jaar niet meer onkosten krijgen.",
    "stale": "Iemand anders veranderde dit net. Lees het opnieuw en probeer het dan weer.",
    "key-reused": "Deze Idempotency-Key is al gebruikt, met iets anders erin.",
    "transition-not-allowed": "Dat kan niet in de staat waarin het nu is.",
    "paper-refused": "Deze code kan hier niet worden ingeleverd. Kijk of u hem goed overtypte, of bel ons.",
    "key-used": "Deze opdracht is al gedaan, met iets anders erin.",
    "desk-closed": "Dit verkooppunt is gesloten.",
    "paid-for": "Voor deze keer zijn alle cheques al ingeleverd.",
    "beyond-token": "Dit token mag dit niet. Maak op de site een token dat meer mag, bij Inloggen en veiligheid.",
    "postcode-spans-two": "Deze postcode ligt in meer dan één gemeente. Kies de gemeente.",
}
CODES = {400: "invalid", 401: "not-signed-in", 403: "forbidden", 404: "not-found", 405: "method-not-allowed",
         413: "too-large", 415: "unsupported-media-type", 429: "too-many", 503: "unavailable"}  # fmt: skip
RETRY_AFTER_S = 5
API_VERSION = "1.0.0"
API_HEADERS = {
    "API-Version": API_VERSION,
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
}
"""On every answer of the API; here too because a failure is answered outside all middleware."""
FIRST_COME = ("23505", "23P01")
"""SQLSTATEs of a unique key or an exclusion: somebody else, or the same click twice, was first."""


def problem(request: Request, status: int, detail: str, **extra: Any) -> JSONResponse:
    """An RFC 9457 answer; ``detail`` is a sentence, ``extra`` are members for programs."""
    title = TITLES.get(status, HTTPStatus(status).phrase)
    body = {
        "type": "about:blank",
        "status": status,
        "title": title,
        "detail": detail,
        "instance": encodable(request.url.path),
    }
    return JSONResponse(body | extra, status, API_HEADERS, media_type="application/problem+json")


def encodable(text: str) -> str:
    """The text without what UTF-8 has no bytes for."""
    return text.encode(errors="replace").decode()


def install(app: FastAPI, page: Page) -> None:
    """Answer every refusal and every failure in one of the two ways."""

    def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, DomainError)
        response = _answer(request, error.status, error, page)
        if isinstance(error, TooMany):
            response.headers["Retry-After"] = str(error.again_s)
        return response

    def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return _invalid(request, error, page)

    def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        response = _answer(request, error.status_code, None, page)
        response.headers.update(error.headers or {})
        return response

    def failed(request: Request, error: Exception) -> Response:
        refusal = as_refusal(error)
        if refusal is None:
            log.error("request failed", exc_info=error, extra={"path": request.url.path})
            return _answer(request, 500, None, page)
        response = _answer(request, refusal.status, refusal, page)
        if refusal.status == Unavailable.status:
            response.headers["Retry-After"] = str(RETRY_AFTER_S)
        return response

    app.add_exception_handler(DomainError, refused)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http)
    for kind in (DBAPIError, PoolTimeout, StaleDataError, LedgerError, Exception):
        app.add_exception_handler(kind, failed)


def as_refusal(error: Exception) -> DomainError | None:
    """What went wrong without the program being wrong: the database is away, or others were first."""
    if database_is_away(error):
        return Unavailable()
    if isinstance(error, StaleDataError):
        return Stale()
    if isinstance(error, LedgerError) and not isinstance(error, LedgerBroken):
        return Invalid() if isinstance(error, InvalidInput) else Conflict()
    if isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in FIRST_COME:
        return Conflict()
    return None


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
    code = error.code if error else CODES.get(status)
    extra: dict[str, Any] = {"code": code} if code else {}
    if error and error.details:
        extra |= _about(error)
    detail = BY_CODE.get(code or "") or SENTENCES.get(status, "Er ging iets mis.")
    response = problem(request, status, detail, **extra)
    if isinstance(error, NotSignedIn):
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _about(error: DomainError) -> dict[str, Any]:
    """Fields to mend, or for anything but invalid input the facts behind the refusal."""
    if not isinstance(error, Invalid):
        return {"details": error.details}
    return {"errors": [one_error("body", [field], code) for field, code in error.details.items()]}


def one_error(
    where: str, path: list[str], code: str, numbers: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """One wrong place in what was sent: a pointer into the body, or the name of a parameter."""
    steps = [encodable(step) for step in path]
    pointer = "#" + "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)
    location = {"pointer": pointer} if where == "body" else {"name": ".".join(steps)}
    return {"in": where, "location": location, "code": code, "detail": _sentence_for(code, numbers or {})}


def _sentence_for(code: str, numbers: Mapping[str, Any]) -> str:
    sentence = FIELD_SENTENCES.get(code, "Deze waarde kan hier niet.")
    known = {name: numbers[name] for name in ("ge", "le", "limit", "max_length") if name in numbers}
    return sentence.format(**known) if known else sentence.partition(":")[0].rstrip(".") + "."


FIELD_SENTENCES = {
    "missing": "Dit veld is nodig.",
    "file-missing": "Stuur een foto of PDF mee, als deel `bon`.",
    "file-large": "Dit bestand is te groot. Een foto mag 10 MB zijn, een PDF 5 MB.",
    "file-type": "Dit is geen foto (JPEG, PNG, WebP) of PDF die wij kunnen bewaren.",
    "file-broken": "Dit bestand is stuk.",
    "extra_forbidden": "Dit veld kennen wij hier niet.",
    "whole_number": "Stuur een geheel getal.",
    "int_type": "Stuur een geheel getal.",
    "int_parsing": "Stuur een geheel getal.",
    "greater_than_equal": "Te klein: minstens {ge}.",
    "less_than_equal": "Te groot: hoogstens {le}.",
    "text-empty": "Hier hoort tekst.",
    "text-long": "Te lang: hoogstens {limit} tekens.",
    "text-nul": "Hierin staat een teken dat wij niet kunnen bewaren.",
    "text-surrogate": "Hierin staat een teken dat wij niet kunnen bewaren.",
    "text-direction": "Hierin staat een teken dat de leesrichting omkeert.",
    "text-marks": "Hierin staan te veel tekens op één letter.",
    "json_invalid": "Dit is geen geldige JSON.",
    "enum": "Kies één van de mogelijkheden.",
    "choose": "Kies één van de mogelijkheden.",
    "past": "Kies een moment in de toekomst.",
    "not-been": "Deze keer is nog niet geweest, of ging niet door.",
    "before-agreed": "Deze keer begon voordat de kosten waren afgesproken.",
    "time_zone": "Stuur de tijd zonder tijdzone: de klok in Nederland.",
}
"""By the code of an error; what follows a colon is left out where the number is not known."""


def _invalid(request: Request, error: RequestValidationError, page: Page) -> Response:
    if not request.url.path.startswith("/api/"):
        # a page's own forms are read by web.forms: what is left here is a wrong address
        return page(request, 404, None)
    if any(item["loc"][0] == "path" for item in error.errors()):
        return problem(request, 404, SENTENCES[404], code="not-found")
    # the input itself may hold what cannot be encoded, and does not belong in an answer
    errors = [
        one_error(
            str(item["loc"][0]), [str(part) for part in item["loc"][1:]], item["type"], item.get("ctx", {})
        )
        for item in error.errors()
    ]
    return problem(request, 400, SENTENCES[400], code="invalid", errors=errors)
