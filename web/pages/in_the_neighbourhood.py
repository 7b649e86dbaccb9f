"""Wat is er in de buurt?: the social map, one provision, and the organisation that has it."""

from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access.roles import Permission
from app.activities import search as activities
from app.categories import service as categories
from app.clock import today
from app.http import Opened
from app.people import phone
from app.places import service as places
from app.replica import may_lag
from app.social_map import keeping, search
from web import activity_words, forms, i18n, social_map_words as words, words as common
from web.i18n import N_, translate
from web.pages.joining import EVERYWHERE, asked_municipality, number_in
from web.rendering import page
from web.session import Visitor

router = APIRouter()


@router.get("/in-de-buurt", name="social_map.all")
@may_lag
def every(request: Request, session: Opened, _actor: Visitor) -> Response:
    """What organisations have, by words, subject, municipality and neighbourhood."""
    asked, lang = request.query_params, i18n.language(request)
    wanted = search.Wanted(
        municipality_id=asked_municipality(request),
        typed=asked.get("zoek", "")[:200],
        theme=asked.get("thema", "")[:40].replace("\0", ""),
        pc4=number_in(asked.get("buurt", "")),
        number=number_in(asked.get("pagina", "")) or 1,
    )
    found = search.shown(session, wanted)
    named = {row.number: row for row in categories.every(session)}
    typed = [(name, value) for name, value in asked.multi_items() if name != "pagina" and value]
    everywhere = (EVERYWHERE, translate(lang, N_("De hele regio")))
    return page(
        request,
        "social_map/all.html",
        form=forms.blank(zoek=wanted.typed, thema=wanted.theme, buurt=str(wanted.pc4 or ""),
                         gemeente=str(wanted.municipality_id or EVERYWHERE)),
        found=found,
        cards=[words.card(row, named, lang, wanted.municipality_id) for row in found.rows],
        themes=[(theme, translate(lang, name)) for theme, name in categories.themes()],
        neighbourhoods=search.neighbourhoods(session, wanted.municipality_id),
        municipalities=[everywhere, *activity_words.municipalities(places.joined(session))],
        address=f"/in-de-buurt?{urlencode([*typed, ('pagina', '')], errors='replace')}",
    )  # fmt: skip


@router.get("/in-de-buurt/{id}", name="social_map.show")
@may_lag
def show(request: Request, session: Opened, actor: Visitor, id: UUID) -> Response:
    """One provision: for whom, how, where, when, and whom to call."""
    row, lang = search.get(session, id), i18n.language(request)
    named = {one.number: one for one in categories.every(session)}
    return page(
        request,
        "social_map/show.html",
        row=row,
        card=words.card(row, named, lang),
        access=activity_words.access_of(row.access, lang),
        kinds=[
            common.category(named[number].name, lang) for number in row.category_numbers if number in named
        ],
        phone=phone.display,
        also=[name for _, name in places.names(session, row.serves)],
        keeps=row.organisation_id in keeping.own_flags(actor)
        or row.municipality_id in actor.at_desk(Permission.KEEP_SOCIAL_MAP),
    )


@router.get("/in-de-buurt/organisaties/{id}", name="social_map.organisation")
@may_lag
def organisation(request: Request, session: Opened, _actor: Visitor, id: UUID) -> Response:
    """An organisation with what it has and what it does."""
    row, provisions = search.organisation(session, id)
    lang, day = i18n.language(request), today(session)
    named = {one.number: one for one in categories.every(session)}
    found = activities.shown(session, activities.Wanted(organisation_id=id))
    return page(
        request,
        "social_map/organisation.html",
        row=row,
        kind=translate(lang, words.KINDS[row.kind]),
        cards=[words.card(one, named, lang) for one in provisions],
        activities=[activity_words.card(one, day, lang) for one in found.rows],
        phone=phone.display,
    )
