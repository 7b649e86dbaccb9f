"""Wie biedt wat aan?: the public list of offers, by words and theme."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.categories import service as categories
from app.categories.models import Category
from app.help_offers import public
from app.help_offers.models import HelpOffer
from app.http import Opened
from web import forms, i18n, words
from web.pages.help_requests import asked_for
from web.rendering import page, site
from web.request_cards import away
from web.session import Visitor

router = APIRouter()


@dataclass(frozen=True, slots=True)
class OfferCard:
    """An offer as others see it: a first name, a place, and what they like to do."""

    title: str
    theme: str
    who: str
    kinds: list[str]
    text: str
    flag: str
    paid: bool
    away: str


@router.get("/hulpaanbod", name="help_offers.all")
def every(request: Request, session: Opened, actor: Visitor) -> Response:
    """The public list; whom it suits asks for help, and the engine or the makelaar brings the two together."""
    asked = asked_for(request, "/hulpaanbod")
    found = public.shown(
        session, site(request).municipality_id, typed=asked.typed, theme=asked.theme, number=asked.number
    )
    lang = i18n.language(request)
    named = {row.number: row for row in categories.every(session)}
    return page(
        request,
        "help_offers/all.html",
        form=forms.blank(zoek=asked.typed, thema=asked.theme),
        found=found,
        cards=[_card(row, named, lang, actor.home) for row in found.rows],
        themes=[(theme, i18n.translate(lang, name)) for theme, name in categories.themes()],
        address=asked.address,
    )


def _card(offer: HelpOffer, named: dict[int, Category], lang: str, home: int | None) -> OfferCard:
    kinds = [named[number] for number in offer.category_numbers]
    return OfferCard(
        title=offer.title,
        theme=words.picture(kinds[0].theme),
        who=f"{offer.person.first_name}, {offer.neighbourhood.place}",
        kinds=[words.category(kind.name, lang) for kind in kinds],
        text=offer.body,
        flag=offer.organisation.name if offer.organisation else "",
        paid=offer.paid,
        away=away(offer.municipality, home, lang),
    )
