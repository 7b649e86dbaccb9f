"""Pages that say how things are: how it works, privacy, accessibility, contact; and the two choices of a visitor."""

from datetime import UTC, datetime, timedelta
from typing import Final

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from app.errors import DomainError, NotFound
from app.http import COUNTED, Opened
from app.places import service as places
from app.replica import may_lag
from app.schemas import Incoming
from app.watching import standing
from web import cookies, i18n
from web.forms import Form, Submitted
from web.rendering import THEME_COOKIE, THEMES, YEAR_S, next_path, page, see_other, site
from web.session import Visitor

router = APIRouter()
AUTOMATIC: Final = "automatisch"


class Following(Incoming):
    """Where one was, to go back to."""

    path: str = Field("/", alias="volgende")


@router.get("/zo-werkt-het", name="info.how")
@may_lag
def how(request: Request, _visitor: Visitor) -> Response:
    """What one does, what others do, and what a Roosje is."""
    return page(request, "info/how.html")


@router.get("/privacy", name="info.privacy")
@may_lag
def privacy(request: Request, _visitor: Visitor) -> Response:
    """What is kept, why, who sees it and for how long."""
    return page(request, "info/privacy.html")


@router.get("/toegankelijkheid", name="info.accessibility")
@may_lag
def accessibility(request: Request, _visitor: Visitor) -> Response:
    """The accessibility statement."""
    return page(request, "info/accessibility.html")


@router.get("/contact", name="info.contact")
@may_lag
def contact(request: Request, _visitor: Visitor) -> Response:
    """Whom to call, and where to report what is not right."""
    return page(request, "info/contact.html")


@router.get("/verhuisd", name="info.moved")
@may_lag
def moved(request: Request, session: Opened, _visitor: Visitor) -> Response:
    """Where municipalities went that took part here before."""
    return page(request, "info/moved.html", moved=places.moved(session))


@router.get("/status", name="info.status")
def status(request: Request, session: Opened, _visitor: Visitor) -> Response:
    """What is known: to see this page, the program and its database must answer; mails and reminders may be late."""
    return page(
        request, "info/status.html", checked_at=datetime.now(UTC), late=standing.mail_is_late(session)
    )


@router.post("/taal/{language}", name="info.language", dependencies=[COUNTED])
def choose_language(language: str, form: Submitted[Following]) -> RedirectResponse:
    """Remember the language, and go back to where one was."""
    if language not in i18n.LANGUAGES:
        raise NotFound
    return _remembered(form, i18n.COOKIE, language)


@router.post("/thema/{theme}", name="info.theme", dependencies=[COUNTED])
def choose_theme(theme: str, form: Submitted[Following]) -> RedirectResponse:
    """Remember light or dark; "automatisch" forgets it."""
    if theme != AUTOMATIC and theme not in THEMES:
        raise NotFound
    return _remembered(form, THEME_COOKIE, "" if theme == AUTOMATIC else theme)


@router.get("/geen-verbinding", name="info.offline")
@may_lag
def offline(request: Request, _visitor: Visitor) -> Response:
    """What a browser keeps for when it reaches nobody: whom to call, and nothing of who asked for it."""
    return page(request, "info/offline.html")


@router.get("/.well-known/security.txt", name="info.security")
def security_txt(request: Request) -> PlainTextResponse:
    """RFC 9116: where to tell us about a leak."""
    expires = datetime.now(UTC).replace(microsecond=0) + timedelta(days=180)
    base = request.app.state.settings.address
    mail = site(request).email
    lines = [
        f"Contact: {f'mailto:{mail}' if mail else f'{base}/contact'}",
        f"Expires: {expires.isoformat().replace('+00:00', 'Z')}",
        "Preferred-Languages: nl, en",
        f"Canonical: {base}/.well-known/security.txt",
        f"Policy: {base}/contact#lek",
    ]
    return PlainTextResponse("\n".join(lines) + "\n")


@router.get("/robots.txt", name="info.robots")
def robots(request: Request) -> PlainTextResponse:
    """Search engines may show what the site is for, not what neighbours ask and offer."""
    closed = ("/mijn", "/bureau", "/hulpvragen", "/hulpaanbod", "/helpen", "/inloggen", "/api/")
    lines = "".join(f"Disallow: {path}\n" for path in closed)
    return PlainTextResponse(
        f"User-agent: *\n{lines}Sitemap: {request.app.state.settings.address}/sitemap.xml\n"
    )


def _remembered(form: Form[Following], cookie: str, value: str) -> RedirectResponse:
    if form.value is None:
        raise DomainError
    response = see_other(next_path(form.get("volgende")))
    if value:
        cookies.give(response, cookie, value, lasts_s=YEAR_S)
    else:
        cookies.take_back(response, cookie)
    return response
