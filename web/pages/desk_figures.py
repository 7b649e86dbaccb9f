"""Cijfers en kaart: findings as sentences, pictures with their table, small numbers hidden."""

from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access.roles import Permission
from app.http import Opened
from app.places.maps import MapCell
from app.places.models import Municipality
from app.reports import facts, figures, map as maps
from app.reports.figures import Figures
from web import dutch, i18n, mapping, report_words as words
from web.i18n import N_, translate
from web.pages.desk_shell import desk_page, own_municipality
from web.session import Staff

router = APIRouter(prefix="/bureau")
SHARES: Final = {
    "helped": N_("geholpen van elke 100 vragen"),
    "in_time": N_("op tijd iemand, van 100"),
    "across": N_("hulp over de grens, van 100"),
}
SHADES: Final = ((20, "var(--green)"), (10, "var(--green-mid)"), (5, "var(--il-3)"))
"""From this count on; a picture's colours, told in its legend."""
UNITS_PER_KM: Final = 40
LETTERS_WIDE: Final = 460
"""The picture's width in the units in which its numbers are drawn, so that they are as large on every map."""
WAITS: Final = {value: name for value, name in words.WAITS.items() if value != facts.NOBODY}
SHORT_MONTHS: Final = {
    "nl": ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}


@router.get("/cijfers", name="desk.figures")
def show(request: Request, session: Opened, actor: Staff) -> Response:
    """The newest half year that was told, and its months."""
    municipality = own_municipality(session, actor, Permission.SEE_FIGURES)
    found = figures.of_municipality(session, actor, municipality)
    lang = i18n.language(request)
    themes = [(translate(lang, name), helped, asked) for name, asked, helped in found.themes]
    return desk_page(
        request,
        actor,
        "desk/figures.html",
        municipality=municipality,
        found=found,
        title=_title(found, lang),
        span=words.span(found.period, lang) if found.period else "",
        months=months_of(found, lang),
        waits=words.named(found.waits, WAITS, lang) if any(count for _, count in found.waits) else [],
        waits_title=_waits_title(found, lang),
        themes=themes if any(asked is not None for _, _, asked in themes) else [],
        promise_after=promise_after(municipality),
        behind=words.behind(themes, lang),
        shares=[(translate(lang, SHARES[name]), ours, theirs) for name, ours, theirs in found.beside_region],
        beside=_beside(found, lang),
    )


def months_of(found: Figures, lang: str) -> dict[str, Any]:
    """The months for a chart, and the same for a table; drawn only where every count is shown."""
    return {
        "labels": [SHORT_MONTHS[lang][month.month - 1] for month, _, _ in found.months],
        "asked": [asked for _, asked, _ in found.months],
        "found": [agreed for _, _, agreed in found.months],
        "rows": [(dutch.month(month, lang), asked, agreed) for month, asked, agreed in found.months],
        "drawn": found.drawable,
        "told": any(count is not None for _, *both in found.months for count in both),
    }


def promise_after(municipality: Municipality) -> int | None:
    """Before which column the promise ends; None where it ends beyond the last one, or inside one."""
    bands = [below for _, below in facts.WAITS]
    inside = sum(below <= municipality.promise_days + 1 for below in bands)
    return inside if 0 < inside <= len(bands) else None


def _title(found: Figures, lang: str) -> str:
    if found.asked is None:
        first = N_("Het eerste halfjaar is nog niet voorbij")
        return translate(lang, N_("Nog te weinig vragen om te tonen") if found.period else first)
    if found.helped is None:
        return translate(lang, N_("Er kwamen %(asked)s vragen"), asked=dutch.number(found.asked, lang))
    return translate(
        lang,
        N_("%(asked)s vragen om hulp. Voor %(helped)s is er iemand."),
        asked=dutch.number(found.asked, lang),
        helped=dutch.number(found.helped, lang),
    )


def _waits_title(found: Figures, lang: str) -> str:
    part, whole = found.in_time
    if part is None or whole is None:
        return translate(lang, N_("Hoe lang het duurde"))
    return translate(
        lang,
        N_("%(part)s van %(whole)s hadden binnen %(days)s dagen iemand"),
        part=dutch.number(part, lang),
        whole=dutch.number(whole, lang),
        days=dutch.words(found.promise_days, lang),
    )


def _beside(found: Figures, lang: str) -> str:
    ahead = [name for name, ours, theirs in found.beside_region if ours >= theirs]
    if not found.beside_region:
        return ""
    if len(ahead) == len(found.beside_region):
        return translate(lang, N_("Overal boven de regio"))
    if not ahead:
        return translate(lang, N_("Overal onder de regio"))
    return translate(
        lang,
        N_("Op %(some)s van de %(all)s punten boven de regio"),
        some=dutch.words(len(ahead), lang),
        all=dutch.words(len(found.beside_region), lang),
    )


@dataclass(frozen=True, slots=True)
class Drawn:
    """One neighbourhood in the picture, under its number in the table.

    ``fill`` tells the requests by a colour or the hatching of a hidden count; the offers are one to three diamonds,
    or None where their count is hidden.
    """

    number: int
    path: str
    fill: str
    name: str
    x: float
    y: float
    diamonds: int | None


@router.get("/kaart", name="desk.map")
def chart(request: Request, session: Opened, actor: Staff) -> Response:
    """Questions and offers by neighbourhood, each with its number in the table that says the same."""
    municipality = own_municipality(session, actor, Permission.SEE_FIGURES)
    drawn = maps.by_neighbourhood(session, actor, municipality.id)
    counts = {area.pc4: (number, area) for number, area in enumerate(drawn.areas, start=1)}
    left, top, width, height = (value * UNITS_PER_KM for value in drawn.shape.viewbox)
    lang = i18n.language(request)
    cells = [_drawn(cell, *counts[cell.pc4]) for cell in drawn.shape.cells]
    return desk_page(
        request,
        actor,
        "desk/map.html",
        municipality=municipality,
        cells=cells,
        view=f"{left:.0f} {top:.0f} {width:.0f} {height:.0f}",
        letter=round(width / LETTERS_WIDE, 2),
        areas=drawn.areas,
        total=(drawn.requests, drawn.offers) if drawn.today else (drawn.requests,),
        today=drawn.today,
        span=words.span(drawn.period, lang) if drawn.period else "",
        busiest=_busiest(drawn, lang),
    )


def _drawn(cell: MapCell, number: int, area: maps.Area) -> Drawn:
    corners = "L".join(f"{x * UNITS_PER_KM:.0f} {y * UNITS_PER_KM:.0f}" for x, y in cell.path)
    # the middle of what is drawn: the places of postcodes lie too close together for their numbers
    x, y = (
        round(value) for value in mapping.middle([(x * UNITS_PER_KM, y * UNITS_PER_KM) for x, y in cell.path])
    )
    diamonds = None if area.offers is None else sum(area.offers >= least for least, _ in SHADES)
    return Drawn(number, f"M{corners}Z", _shade(area.requests), f"{area.place} {area.pc4}", x, y, diamonds)


def _shade(count: int | None) -> str:
    if count is None:
        return "url(#hatch-map)"
    return next((colour for least, colour in SHADES if count >= least), SHADES[-1][1])


def _busiest(drawn: maps.NeighbourhoodMap, lang: str) -> str:
    shown = [(area.requests, f"{area.place} {area.pc4}") for area in drawn.areas if area.requests is not None]
    if not drawn.today and drawn.period is None:
        return translate(lang, N_("Er is nog geen half jaar om te vertellen"))
    if not shown:
        return translate(lang, N_("Te weinig vragen om per buurt te tonen"))
    count, place = max(shown)
    came = N_("De meeste vragen kwamen uit %(place)s: %(count)s")
    return translate(
        lang,
        N_("De meeste vragen staan open in %(place)s: %(count)s") if drawn.today else came,
        place=place,
        count=dutch.number(count, lang),
    )
