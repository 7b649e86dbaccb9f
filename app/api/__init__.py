"""The JSON API under ``/api/v1``: the same services as the pages, in the Dutch API design rules."""

from functools import cache
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.responses import JSONResponse

from app.api.edge import BODY_BYTES_MAX, Edge
from app.api.openapi import describe
from app.branch import Branch

PREFIX = "/api/v1"
OPEN = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
"""Anybody's page may read the description; everything else is for programs with a token."""


def operation_id(route: APIRoute) -> str:
    """``postHulpvragenIntrekkingen``: the method and the words of the path, ``Een`` for each key at its end."""
    words = [word for part in route.path.split("/") if not part.startswith("{") for word in part.split("-")]
    keys = [part.startswith("{") for part in route.path.split("/")]
    one = "Een" * (keys[::-1].index(False))
    return min(route.methods or {"GET"}).lower() + "".join(word.capitalize() for word in words) + one


def features() -> tuple[Branch, ...]:
    """The routes of each feature, with their paths as they stand after the prefix."""
    # imported here: the features themselves use the modules of this package
    from app.activities import api as activities, signups_api as signups
    from app.agreements import api as agreements
    from app.categories import api as categories
    from app.checks import api as checks
    from app.cheques import api as cheques
    from app.conversations import api as conversations
    from app.costs import api as costs
    from app.couplings import api as couplings
    from app.distribution import api as distribution
    from app.help_offers import api as help_offers
    from app.help_requests import api as help_requests
    from app.ideas import api as ideas
    from app.matches import api as matches
    from app.moderation import api as moderation
    from app.notifications import api as notifications
    from app.people import api as people
    from app.places import api as places, settings_api as settings
    from app.pots import api as pots
    from app.referrals import api as referrals
    from app.reports import api as reports
    from app.representations import api as representations
    from app.rings import api as rings
    from app.roosjes import api as roosjes, desk_api as roosjes_desk
    from app.safety import api as safety
    from app.satisfaction import api as satisfaction
    from app.social_map import api as social_map
    from app.stories import api as stories
    from app.treasury import api as treasury, invoices_api as invoices
    from app.welfare import api as welfare

    modules = (
        help_requests,
        help_offers,
        matches,
        distribution,
        rings,
        agreements,
        satisfaction,
        couplings,
        conversations,
        roosjes,
        cheques,
        pots,
        treasury,
        invoices,
        roosjes_desk,
        welfare,
        costs,
        people,
        checks,
        representations,
        notifications,
        activities,
        signups,
        social_map,
        stories,
        ideas,
        referrals,
        safety,
        moderation,
        reports,
        settings,
        categories,
        places,
    )
    return tuple(Branch(module.router, PREFIX) for module in modules)


def story() -> APIRouter:
    """All routes in one, to be described."""
    router = APIRouter(generate_unique_id_function=operation_id)
    for feature in features():
        router.include_router(feature)
    return router


def install(app: FastAPI) -> None:
    """Add the routers of every feature, and the description of them all."""
    settings = app.state.settings
    # relative where we are not on the internet: a description names no address without TLS
    server = f"{settings.address}{PREFIX}" if settings.address.startswith("https://") else PREFIX

    @cache
    def document() -> dict[str, Any]:
        return describe(story(), server)

    @app.get(f"{PREFIX}/openapi.json", include_in_schema=False, name="api.openapi")
    def openapi() -> JSONResponse:
        return JSONResponse(document(), headers=OPEN)

    # each by itself: of routers within a router, all are gone through for each request
    for feature in features():
        app.include_router(feature, prefix=PREFIX, max_body_size=BODY_BYTES_MAX)
    app.add_middleware(Edge)
