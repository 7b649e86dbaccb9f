"""All pages together: routers, static files, headers, and the page for a refusal."""

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from fastapi import Depends, FastAPI, Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

import web.pages
from app.access.actor import VISITOR
from app.errors import DomainError, NotSignedIn
from app.http import database
from web.rendering import next_path, page, see_other
from web.security import Headers, csrf_checked
from web.session import site_for

STATIC = Path(__file__).parent / "static"


def install(app: FastAPI) -> None:
    """Add every ``router`` of ``web.pages``, in the order of their names."""
    for module in sorted(iter_modules(web.pages.__path__), key=lambda found: found.name):
        router = getattr(import_module(f"web.pages.{module.name}"), "router", None)
        if router is not None:
            app.include_router(router, dependencies=[Depends(csrf_checked)])
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_middleware(Headers)


def error_page(request: Request, status: int, error: DomainError | None) -> Response:
    """A friendly page with the telephone number; who is not signed in goes to the door."""
    if isinstance(error, NotSignedIn) and request.method in ("GET", "HEAD"):
        query = f"?{request.url.query}" if request.url.query else ""
        return see_other(f"/inloggen?next={next_path(request.url.path + query)}")
    if not hasattr(request.state, "site") and status not in (500, 503):
        with database(request).transaction() as session:
            request.state.site = site_for(request, session, VISITOR)
    return page(request, f"errors/{template_for(status)}.html", status=status, error=error)


def template_for(status: int) -> str:
    """The template of a status; there is one for each that a person can meet."""
    known = {401: "403", 403: "403", 404: "404", 405: "404", 409: "409", 410: "410", 429: "429", 503: "503"}
    return known.get(status, "422" if 400 <= status < 500 else "500")
