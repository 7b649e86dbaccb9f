"""All pages together: routers, static files, headers, and the page for a refusal."""

from importlib import import_module
from pkgutil import iter_modules
from uuid import UUID

from fastapi import APIRouter, FastAPI, Request
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response

import web.pages
from app.access import sign_in
from app.branch import Tree
from app.errors import DomainError, NotSignedIn, ProofNeeded
from app.errors_http import database_is_away
from app.http import database, refuse
from app.places import service as places
from web import one_click, reports, step_up
from web.assets import CachedFiles
from web.rendering import next_path, page, see_other
from web.security import SESSION_COOKIE, ForgedForm, Headers, cookie, csrf_checked, protect
from web.session import recognise, site_of


def install(app: FastAPI) -> None:
    """Add every ``router`` of ``web.pages``, by name; browsers and mail programs report without a form of ours."""
    modules = sorted(iter_modules(web.pages.__path__), key=lambda found: found.name)
    found = (getattr(import_module(f"web.pages.{module.name}"), "router", None) for module in modules)
    routers: list[APIRouter] = [router for router in found if router is not None]
    pages = Tree((route for router in routers for route in router.routes), _from_ourselves)
    app.router.routes.insert(0, pages)  # before the API: it is found, or not, at one glance
    without_form = (reports.router, one_click.router)
    for router in without_form:
        app.include_router(router)
    app.state.addresses = {
        name: route for router in (*routers, *without_form) for name, route in by_name(router).items()
    }
    app.mount("/static", GZipMiddleware(CachedFiles()), name="static")
    app.add_middleware(Headers)
    with app.state.database.transaction() as session:
        app.state.site = site_of(places.site_facts(session, None), app.state.municipality_count)


async def _from_ourselves(request: Request) -> None:
    """Let our own forms pass; another's is counted and noted as what a page itself refuses."""
    try:
        await csrf_checked(request)
    except ForgedForm as refusal:
        await run_in_threadpool(refuse, request, refusal)


def by_name(router: APIRouter) -> dict[str, APIRoute]:
    """Where each page is.

    Asked for a name, the program itself goes through all routes, the API's first, and keeps a copy of each it passes.
    """
    return {route.name: route for route in router.routes if isinstance(route, APIRoute)}


def error_page(request: Request, status: int, error: DomainError | None) -> Response:
    """A friendly page with the telephone number; who is not signed in goes to the door."""
    if isinstance(error, NotSignedIn) and request.method in ("GET", "HEAD"):
        query = f"?{request.url.query}" if request.url.query else ""
        return see_other(f"/inloggen?next={next_path(request.url.path + query)}")
    if isinstance(error, ProofNeeded):
        return step_up.asked(request)
    if not hasattr(request.state, "site") and status not in (500, 503):
        _find_site(request)
    if isinstance(error, NotSignedIn):
        response = step_up.lapsed(request, _whose(request))
    else:
        file, written = f"errors/{template_for(status)}.html", step_up.written(request)
        response = page(request, file, status=status, error=error, written=written)
    protect(response.headers, getattr(request.state, "nonce", ""), personal=True)
    return response


def _whose(request: Request) -> UUID | None:
    """Whose session ran out while they wrote."""
    with database(request).transaction() as session:
        return sign_in.whose_lapsed(session, cookie(request, SESSION_COOKIE))


def _find_site(request: Request) -> None:
    """Who looks, with their own municipality and its telephone number, unless the database is away as well."""
    try:
        with database(request).transaction() as session:
            recognise(request, session)
    except Exception as failure:
        if not database_is_away(failure):
            raise


def template_for(status: int) -> str:
    """The template of a status; there is one for each that a person can meet."""
    known = {401: "403", 403: "403", 404: "404", 405: "404", 409: "409", 410: "410", 429: "429", 503: "503"}
    return known.get(status, "422" if 400 <= status < 500 else "500")
