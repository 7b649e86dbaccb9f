"""The public face: for volunteers, for organisations, the figures of a municipality, and the map of the site."""

from html import escape
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.http import Opened
from app.ideas import service as ideas
from app.places import service as places
from app.replica import may_lag
from app.reports import figures
from app.stories import service as stories
from web import i18n, report_words as words
from web.faces import PUBLIC, SITE_FIELD
from web.i18n import translate
from web.pages.desk_figures import months_of
from web.rendering import page, site, url_for
from web.session import Visitor
from web.story_words import lead

router = APIRouter()
XML: Final = "application/xml"
SITEMAPS: Final = "http:" + "//www.sitemaps.org/schemas/sitemap/0.9"
"""The name of the format; nobody asks it."""


@router.get("/voor-vrijwilligers", name="public.volunteers")
def volunteers(request: Request, session: Opened, actor: Visitor) -> Response:
    """What helping is, what it asks, and what one gets for it."""
    return page(
        request,
        "public/volunteers.html",
        story=stories.latest(session, actor, site(request).municipality_id or 0),
        lead=lead,
    )


@router.get("/voor-organisaties", name="public.organisations")
@may_lag
def organisations(request: Request, _actor: Visitor) -> Response:
    """How an organisation joins, what it costs, and what it signs."""
    return page(request, "public/organisations.html")


@router.get("/cijfers", name="public.figures")
@may_lag
def counted(request: Request, session: Opened, _actor: Visitor) -> Response:
    """What came of it here, in counts; small ones are hidden."""
    municipality = places.chosen_or_default(session, site(request).municipality_id)
    lang = i18n.language(request)
    found = figures.of_anybody(session, municipality) if municipality else None
    themes = [(translate(lang, name), helped, asked) for name, asked, helped in found.themes] if found else []
    return page(
        request,
        "public/figures.html",
        found=found,
        span=words.span(found.period, lang) if found and found.period else "",
        months=months_of(found, lang) if found else {},
        themes=[row for row in themes if row[2] is not None],
        hidden=sum(asked is None for _, _, asked in themes),
    )


@router.get("/sitemap.xml", name="public.sitemap")
@may_lag
def sitemap(request: Request, session: Opened, actor: Visitor) -> Response:
    """Every public page of every municipality that takes part, with its stories and plans."""
    base: str = request.app.state.settings.address
    address = url_for(request)
    default = places.chosen_or_default(session, None)
    paths: list[str] = []
    for municipality in places.joined(session):
        suffix = "" if default and municipality.id == default.id else f"?{SITE_FIELD}={municipality.id}"
        paths += [f"{address(name)}{suffix}" for name in PUBLIC if not name.endswith(".show")]
    for key in stories.public_keys(session, actor):
        paths.append(address("stories.show", id=key))
    for key in ideas.public_keys(session, actor):
        paths.append(address("plans.show", id=key))
    lines = "".join(f"<url><loc>{escape(base + path)}</loc></url>\n" for path in paths)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return Response(f'{head}<urlset xmlns="{SITEMAPS}">\n{lines}</urlset>\n', media_type=XML)
