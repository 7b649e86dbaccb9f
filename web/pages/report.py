"""Het verslag: half a year with its charts and tables, by theme or neighbourhood, as a file, and for the council."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access.actor import Actor
from app.access.roles import Permission
from app.errors import NotFound
from app.http import Opened
from app.looks import dress
from app.panel import service as panel
from app.places.models import Municipality
from app.reports import facts, map as maps, reading, releases
from app.reports.periods import Period, plus
from app.reports.reading import Half
from app.tables import CSV_TYPE, XLSX_TYPE, csv_pieces, xlsx_pieces
from web import documents, dutch, i18n, mapping, report_words as words
from web.forms import blank
from web.i18n import translate
from web.pages.desk_figures import SHORT_MONTHS, UNITS_PER_KM, WAITS, promise_after
from web.pages.desk_shell import at_desk, desk_page, own_municipality
from web.pages.treasury import download, month_of
from web.panel_words import STATES
from web.session import Staff

router = APIRouter(prefix="/bureau/verslag")
HERE: Final = "/bureau/verslag"
LETTERS_WIDE: Final = 460
FILLS: Final = ("var(--green)", "var(--green-mid)", "var(--il-3)")


@dataclass(frozen=True, slots=True)
class Told:
    """Everything that was told of one half year and the one before it."""

    municipality: Municipality
    halves: list[Half]
    half: Half
    before: Half | None
    months: list[tuple[date, int | None, int | None]]


@dataclass(frozen=True, slots=True)
class Area:
    """One neighbourhood of the picture, under its number in the table."""

    number: int
    path: str
    fill: str
    name: str
    count: int | None
    x: float
    y: float


def _told(session: Opened, actor: Actor, since: str = "") -> Told | None:
    municipality = own_municipality(session, actor, Permission.SEE_FIGURES)
    halves = reading.halves(session, actor, municipality.id)
    if not halves:
        return None
    half, before = reading.chosen(halves, month_of(since) if since else None)
    months = reading.months(session, actor, municipality.id, half.period.until)
    return Told(municipality, halves, half, before, months)


@router.get("", name="report.show")
def show(
    request: Request, session: Opened, actor: Staff, vanaf: str = "", thema: str = "", buurt: str = ""
) -> Response:
    """One half year; of one theme or one neighbourhood when that is asked."""
    told = _told(session, actor, vanaf)
    lang, counting = i18n.language(request), releases.counting(session)
    if told is None:
        municipality = own_municipality(session, actor, Permission.SEE_FIGURES)
        return desk_page(
            request, actor, "report/none.html", municipality=municipality, counting=counting,
            span=lambda period: words.span(period, lang), at=_at(request, municipality),
        )  # fmt: skip
    half = told.half
    of = {"theme": thema} if thema else {"area": buurt} if buurt else {}
    if of and half.requests.get(tuple(of.items()), -1) == -1:
        raise NotFound
    places = reading.places(session, told.municipality.id)
    region = reading.of_region(session, half.period.since)
    themes = words.themes(half, lang)
    vulnerable = words.by_vulnerability(half, told.municipality.promise_days, lang)
    return desk_page(
        request,
        actor,
        "report/show.html",
        told=told,
        counting=counting,
        municipality=told.municipality,
        span=lambda period: words.span(period, lang),
        title=words.title(half, lang),
        lead=" ".join(words.lead(half, told.before, lang)),
        months=_line_of(told.months, lang),
        waits=words.named(half.by("wait"), WAITS, lang),
        waits_title=words.waits_title(half, told.municipality.promise_days, lang),
        promise_after=promise_after(told.municipality),
        vulnerable=vulnerable,
        vulnerable_title=words.vulnerable_title(vulnerable, lang),
        themes=themes,
        behind=words.behind(themes, lang),
        ages=words.named(half.by("age"), words.AGES, lang),
        distances=words.named(reading.by(half.agreements, "distance"), words.DISTANCES, lang),
        near_title=words.near_title(half, lang),
        kinds=words.named(reading.by(half.agreements, "kind"), words.KINDS, lang),
        parts=words.named(reading.by(half.people, "part"), words.PARTS, lang),
        reciprocity=words.reciprocity_title(half, lang),
        map=_map(session, told, thema),
        flows=words.flows(region, reading.names(session), told.municipality.id),
        filter=_filter(half, of, places, lang),
        themes_by_name=[(name, translate(lang, name)) for name, _ in half.by("theme")],
        areas_by_name=[(pc4, f"{pc4} {places.get(pc4, '')}") for pc4, _ in half.by("area")],
        halves=[(f"{one.period.since:%Y-%m}", words.span(one.period, lang)) for one in told.halves],
        thema=thema,
        buurt=buurt,
        form=blank(vanaf=f"{half.period.since:%Y-%m}", thema=thema, buurt=buurt),
        desk_key=told.municipality.id if request.state.desks else None,
        at=_at(request, told.municipality),
        slug=f"{half.period.since:%Y-%m}",
    )


def _line_of(months: list[tuple[date, int | None, int | None]], lang: str) -> dict[str, Any]:
    labels = [SHORT_MONTHS[lang][month.month - 1] for month, _, _ in months]
    known = all(count is not None for _, *both in months for count in both)
    return {
        "labels": labels,
        "asked": [asked for _, asked, _ in months],
        "found": [found for _, _, found in months],
        "known": known and len(months) > 1,
        "rows": [(dutch.month(month, lang), asked, found) for month, asked, found in months],
        "about": words.span(Period(months[0][0], plus(months[-1][0], 1)), lang) if months else "",
    }


def _filter(half: Half, of: dict[str, str], places: dict[str, str], lang: str) -> dict[str, Any] | None:
    """What the tables say of one theme or neighbourhood; None where nothing was chosen."""
    if not of:
        return None
    [(name, value)] = of.items()
    if name == "theme":
        return {
            "title": translate(lang, value),
            "asked": half.asked(**of),
            "helped": half.asked(**of, helped=facts.YES),
            "months": [
                (dutch.month(month_of(month), lang), count) for month, count in half.by("month", theme=value)
            ],
            "others": [
                (f"{pc4} {places.get(pc4, '')}", count) for pc4, count in half.by("area", theme=value)
            ],
        }
    return {
        "title": f"{value} {places.get(value, '')}",
        "asked": half.asked(**of),
        "helped": None,
        "months": [],
        "others": [(translate(lang, theme), count) for theme, count in half.by("theme", area=value)],
    }


def _map(session: Opened, told: Told, theme: str) -> dict[str, Any]:
    spots, shape = maps.drawn(session, told.municipality.id)
    of = {"theme": theme} if theme else {}
    counts = dict(told.half.by("area", **of))
    most = max((count for count in counts.values() if count is not None), default=0)
    numbers = {row.pc4: (number, row.place) for number, row in enumerate(spots, start=1)}
    left, top, width, height = (value * UNITS_PER_KM for value in shape.viewbox)
    areas = []
    for cell in shape.cells:
        number, place = numbers[cell.pc4]
        corners = [(x * UNITS_PER_KM, y * UNITS_PER_KM) for x, y in cell.path]
        x, y = (round(value) for value in mapping.middle(corners))
        path = "L".join(f"{one:.0f} {other:.0f}" for one, other in corners)
        count = counts.get(str(cell.pc4))
        areas.append(Area(number, f"M{path}Z", _fill(count, most), f"{place} {cell.pc4}", count, x, y))
    return {
        "areas": sorted(areas, key=lambda area: area.number),
        "view": f"{left:.0f} {top:.0f} {width:.0f} {height:.0f}",
        "letter": round(width / LETTERS_WIDE, 2),
        "steps": [(-(-most * 2 // 3), FILLS[0]), (-(-most // 3), FILLS[1]), (5, FILLS[2])],
        "shown": most > 0,
    }


def _fill(count: int | None, most: int) -> str:
    if count is None:
        return "url(#hatch-map)"
    return FILLS[0] if count * 3 >= most * 2 else FILLS[1] if count * 3 >= most else FILLS[2]


@router.get("/{vanaf}/raad", name="report.council")
def council(request: Request, session: Opened, actor: Staff, vanaf: str) -> Response:
    """The evaluation for the council, half year on half year; it prints as it stands."""
    told = _found(session, actor, vanaf)
    lang = i18n.language(request)
    return desk_page(
        request,
        actor,
        "report/council.html",
        at=_at(request, told.municipality),
        slug=vanaf,
        **_for_the_council(session, actor, told, lang),
    )


def _found(session: Opened, actor: Actor, since: str) -> Told:
    told = _told(session, actor, since)
    if told is None:
        raise NotFound
    return told


def _for_the_council(session: Opened, actor: Actor, told: Told, lang: str) -> dict[str, Any]:
    half, municipality = told.half, told.municipality
    themes = words.themes(half, lang)
    region = reading.of_region(session, half.period.since)
    cents = words.euros(half, municipality)
    vulnerable = words.by_vulnerability(half, municipality.promise_days, lang)
    return {
        "municipality": municipality,
        "place": municipality.name,
        "half": half,
        "before": told.before,
        "span": words.span(half.period, lang),
        "span_before": words.span(told.before.period, lang) if told.before else "",
        "title": words.title(half, lang),
        "lead": " ".join(words.lead(half, told.before, lang)),
        "lines": words.council(municipality, half, told.before, lang),
        "themes": themes,
        "behind": words.behind(themes, lang),
        "vulnerable": vulnerable,
        "vulnerable_title": words.vulnerable_title(vulnerable, lang),
        "reciprocity": words.reciprocity_title(half, lang),
        "months": _line_of(told.months, lang),
        "flows": words.flows(region, reading.names(session), municipality.id)[:8],
        "points": panel.of_half(session, actor, municipality.id, half.period.since, half.period.until),
        "states": STATES,
        "euros": None if cents is None else dutch.euros(round(cents, -4), lang),
        "hour": None if municipality.hour_cents is None else dutch.euros(municipality.hour_cents, lang),
    }


@router.get("/{vanaf}/{bestand}", name="report.file")
def file(request: Request, session: Opened, actor: Staff, vanaf: str, bestand: str) -> Response:
    """The same figures as CSV or Excel, and the report to the council as PDF."""
    told = _found(session, actor, vanaf)
    name = f"{told.municipality.id}-{vanaf}"
    place = told.municipality.name
    if bestand == "cijfers.csv":
        table = reading.flat(place, told.half, told.months)
        return download(csv_pieces(table), CSV_TYPE, f"cijfers-{name}.csv")
    if bestand == "cijfers.xlsx":
        sheets = reading.tables(place, told.half, told.months)
        return download(xlsx_pieces(sheets), XLSX_TYPE, f"cijfers-{name}.xlsx")
    if bestand == "raad.pdf":
        lang = i18n.language(request)
        made = documents.pdf(
            "report/council_paper.html",
            lang=lang,
            slug=vanaf,
            dress=dress.of(session, told.municipality.id),
            **_for_the_council(session, actor, told, lang),
        )
        return documents.download(made, f"verslag-{name}.pdf")
    raise NotFound


def _at(request: Request, municipality: Municipality) -> Any:
    """Addresses below this page that stay at this very desk."""

    def address(path: str = "", **query: str) -> str:
        base = at_desk(request, f"{HERE}{path}", municipality)
        said = "&".join(f"{name}={value}" for name, value in query.items() if value)
        return f"{base}{'&' if '?' in base else '?'}{said}" if said else base

    return address
