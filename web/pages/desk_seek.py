"""Zelf zoeken: a makelaar looks for a helper by name or by what somebody does, and reads what stands in the way."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app.help_requests.models import HelpRequest
from app.http import Opened
from app.matches import seek
from app.matches.seek import Sought
from app.moderation import cases
from app.moderation.typed import searchable
from web import i18n, words
from web.i18n import N_, translate
from web.pages.desk_case_view import STATES, about_helper
from web.pages.desk_shell import desk_page
from web.session import Staff

router = APIRouter(prefix="/bureau/zaken/{id}")
RULES: Final = {
    "category": N_("doet dit soort hulp niet"),
    "skills": N_("mist iets wat hier nodig is"),
    "border": N_("woont in een andere gemeente, en dat kan hier niet"),
    "minutes": N_("heeft minder tijd dan nodig is"),
    "language": N_("spreekt een andere taal"),
    "checks": N_("mist een controle die hier nodig is"),
    "paused": N_("neemt nu pauze"),
    "resting": N_("rust nu even uit"),
    "load": N_("heeft deze week genoeg gedaan"),
    "kind": N_("helpt op andere voorwaarden"),
    "gender": N_("de vrager wil graag een man, of juist een vrouw"),
    "distance": N_("dat is verder dan een van beiden wil"),
    "time": N_("heeft op andere tijden tijd"),
    "proposals": N_("kreeg deze week al veel vragen"),
    "organisation": N_("helpt alleen via een organisatie"),
}
ELSE: Final = N_("dat kan niet")


@router.get("/zelf-zoeken", name="desk.case.seek")
def show(
    request: Request,
    session: Opened,
    actor: Staff,
    id: UUID,
    zoek: Annotated[str, Query(max_length=120)] = "",
) -> Response:
    """Who could be thought of: those who do this sort of thing, or whoever fits what was typed."""
    asked = cases.get(session, actor, id)
    typed, lang = searchable(zoek), i18n.language(request)
    rows = seek.helpers(session, actor, asked, typed) if asked.status == "open" else []
    return desk_page(
        request, actor, "desk/seek.html", asked=asked, typed=typed,
        category=words.category(asked.category.name, lang), rows=[_row(one, asked, lang) for one in rows],
    )  # fmt: skip


def _row(one: Sought, asked: HelpRequest, lang: str) -> dict[str, Any]:
    offer = one.offer
    why = one.in_the_way or one.minds
    return {
        "offer": offer,
        "name": offer.person.first_name,
        "about": about_helper(
            one.distance_m, offer.municipality.name, asked, offer.neighbourhood.place, lang
        ),
        "why": translate(lang, RULES.get(why, ELSE)) if why else "",
        "may": not one.in_the_way and one.asked is None,
        "asked": translate(lang, STATES[one.asked][0]) if one.asked else "",
    }
