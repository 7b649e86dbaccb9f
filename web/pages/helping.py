"""Ik wil helpen: what is asked nearby and fits, with how far, which borders and a pause."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Final

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from app.access.actor import Actor
from app.clock import today
from app.errors import DomainError
from app.help_offers import reach, service as help_offers
from app.help_offers.models import HelpOffer, Status
from app.http import Opened
from app.matches import nearby
from app.people import service as people
from app.places import service as places
from app.places.cells import centre
from app.places.outlines import outlines
from app.places.postcodes import TypedPostcode
from app.places.service import Place, SpansTwo
from app.schemas import Incoming, Whole
from web import forms, i18n, mapping
from web.asking_screens import PLACE_SENTENCES
from web.forms import Form, Submitted
from web.rendering import page, see_other
from web.request_cards import Between, Card, card, fitting_card, is_full
from web.session import SignedIn, Visitor

router = APIRouter()
FARTHEST_KM: Final = 50
FURTHER_KM: Final = (3, 5, 10)


class Where(Incoming):
    """Where a visitor would like to help."""

    postcode: TypedPostcode
    municipality_id: Annotated[Whole | None, Field(alias="gemeente")] = None


forms.say(Where, **PLACE_SENTENCES)


class Reach(Incoming):
    """How far one goes, over which borders, or not at all for a while."""

    radius_km: Annotated[Annotated[Whole, Field(ge=1, le=FARTHEST_KM)], Field(alias="hoeVerKm")] = 5
    cross_border: Annotated[bool, Field(alias="buurgemeenten")] = False
    paused: Annotated[bool, Field(alias="pauze")] = False


@router.get("/helpen", name="helping.nearby")
def show(request: Request, session: Opened, actor: Visitor) -> Response:
    """For a helper what fits; for anybody else how it works and what is asked around a postcode."""
    offers = _live_offers(session, actor)
    if not offers:
        return _around(request, session, actor)
    form = forms.blank(
        hoeVerKm=max(offer.radius_km for offer in offers),
        buurgemeenten=any(offer.cross_border for offer in offers),
        pauze=people.oneself(session, actor).paused,
    )
    return _fitting(request, session, actor, offers, form)


@router.post("/helpen", name="helping.reach")
def change(request: Request, session: Opened, actor: SignedIn, form: Submitted[Reach]) -> Response:
    """Keep how far one goes, for all offers at once."""
    if form.value is None:
        return _fitting(request, session, actor, _live_offers(session, actor), form, status=422)
    reach.set_reach(session, actor, form.value.radius_km, form.value.cross_border)
    people.pause(session, actor, form.value.paused)
    return see_other("/helpen")


def _live_offers(session: Opened, actor: Actor) -> list[HelpOffer]:
    if not actor.signed_in:
        return []
    return [
        offer for offer in help_offers.mine(session, actor) if offer.status in (Status.OPEN, Status.PAUSED)
    ]


def _fitting(
    request: Request, session: Opened, actor: Actor, offers: Sequence[HelpOffer], form: Form[Any], *, status: int = 200
) -> Response:  # fmt: skip
    lang, day = i18n.language(request), today(session)
    tried = _tried(request)
    found = nearby.for_offers(session, actor, offers, radius_km=tried)
    between = [Between.of(one) for one in found]
    busy = len(between) > 1 and all(is_full(one) for one in between)
    cards = [
        fitting_card(one, lang, day, home=actor.home, number=place, busy_said=busy)
        for place, one in enumerate(between, 1)
    ]
    radius_km = tried or max((offer.radius_km for offer in offers), default=5)
    return page(
        request,
        "helping/nearby.html",
        status=status,
        form=form,
        cards=cards,
        busy=busy,
        tried=tried,
        further=_further(session, actor, offers, radius_km, {one.help_request.id for one in found}),
        paused=people.oneself(session, actor).paused,
        offers_paused=all(offer.status is Status.PAUSED for offer in offers),
        drawing=_map(session, actor, cards, radius_km, whole=request.query_params.get("kaart") == "regio"),
        whole=request.query_params.get("kaart") == "regio",
        farthest=FARTHEST_KM,
    )


def _tried(request: Request) -> int | None:
    """A distance to look at without keeping it: ``?hoeVerKm=8``."""
    typed = request.query_params.get("hoeVerKm", "")
    return (
        min(int(typed), FARTHEST_KM) if typed.isascii() and typed.isdigit() and 0 < len(typed) < 3 else None
    )


def _further(
    session: Opened, actor: Actor, offers: Sequence[HelpOffer], radius_km: int, shown: set[Any]
) -> tuple[int, int, int] | None:
    """Kilometres more, the distance that makes, and how many more requests would then fit."""
    for more_km in FURTHER_KM:
        if radius_km + more_km > FARTHEST_KM:
            return None
        found = nearby.for_offers(session, actor, offers, radius_km=radius_km + more_km)
        more = len({one.help_request.id for one in found} - shown)
        if more:
            return more_km, radius_km + more_km, more
    return None


def _map(session: Opened, actor: Actor, cards: list[Card], radius_km: int, *, whole: bool) -> mapping.Drawing:
    home = people.home_of(session, actor)
    return draw_map(session, home.municipality_id, home.cell, cards, radius_km, whole=whole)


def draw_map(
    session: Opened, municipality_id: int, cell: int | None, cards: list[Card], radius_km: int, *, whole: bool = False
) -> mapping.Drawing:  # fmt: skip
    """The municipalities, own one and those that share, with a numbered pin at the centre of each card's cell."""
    partners = places.agreed_pairs(session)
    shapes = [
        mapping.Outline(row.name, row.rings, _kind(row.municipality_id, municipality_id, partners))
        for row in outlines(session)
    ]
    pins = [mapping.Place(one.number, *_lonlat(one.cell)) for one in cards]
    home = _lonlat(cell) if cell is not None else None
    return mapping.draw(shapes, pins, home=home, radius_km=radius_km, whole=whole)


def _kind(municipality_id: int, own: int, partners: set[tuple[int, int]]) -> str:
    if municipality_id == own:
        return "own"
    return "nb" if (min(municipality_id, own), max(municipality_id, own)) in partners else ""


def _lonlat(cell: int) -> tuple[float, float]:
    latitude, longitude = centre(cell)
    return longitude, latitude


def _around(request: Request, session: Opened, actor: Actor) -> Response:
    """How it works, and what is asked around the postcode that was typed, or around one's home."""
    asked = request.query_params
    lang, day = i18n.language(request), today(session)
    typed = {name: [asked[name]] for name in ("postcode", "gemeente") if name in asked}
    form = forms.read(Where, typed, lang) if "postcode" in asked else forms.blank()
    options: list[tuple[str, str]] = []
    place = None
    try:
        place = _place(session, actor, form)
    except SpansTwo as two:
        options = sorted(two.details.items(), key=lambda option: option[1])
        form.refused(DomainError(details={"gemeente": "spans-two"}))
    except DomainError as refusal:
        form.refused(refusal)
    cards = _cards_around(session, actor, place, lang, day) if place else []
    drawing = None
    if cards and place:
        drawing = draw_map(session, place.municipality_id, place.cell, cards, nearby.AROUND_KM)
    return page(
        request,
        "helping/start.html",
        status=422 if form.errors else 200,
        form=form,
        options=options,
        place=place,
        cards=cards,
        drawing=drawing,
        radius_km=nearby.AROUND_KM,
    )


def _cards_around(session: Opened, actor: Actor, place: Place, lang: str, day: date) -> list[Card]:
    found = nearby.around(session, actor, place)
    return [
        card(
            one.help_request, lang, day, home=place.municipality_id, distance_m=one.distance_m, number=number
        )
        for number, one in enumerate(found, 1)
    ]


def _place(session: Opened, actor: Actor, form: Form[Where]) -> Place | None:
    """Where to look: around the postcode that was typed, else around one's home. Raises Invalid, SpansTwo."""
    if form.value is not None:
        return places.place_of(session, form.value.postcode, form.value.municipality_id)
    if actor.signed_in and not form.errors and actor.home is not None:
        home = people.home_of(session, actor)
        if home.pc4 is not None and home.cell is not None:
            return Place(home.municipality_id, home.pc4, home.cell, "")
    return None
