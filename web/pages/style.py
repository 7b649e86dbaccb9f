"""Stijl: every component on one page, drawn by the macros that all pages use, so that it cannot drift from them."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.http import Opened
from app.looks.palette import contrast
from web import i18n, mapping, style_tokens
from web.forms import Form, blank
from web.i18n import N_, translate
from web.pages.demonstration import only_here
from web.rendering import environment, page
from web.session import Visitor

router = APIRouter()
NOW: Final = datetime(2026, 11, 20, 9, 12, tzinfo=UTC)
"""A moment that stands still: this page is compared with its pictures."""
SHOWN: Final = (
    ("paper", ""), ("mist", "paper"), ("mist-2", "paper"), ("ink", "paper"), ("ink-2", "paper"), ("edge", "paper"),
    ("rose", "paper"), ("rose-deep", "on-rose"), ("rose-soft", "ink"), ("rose-ink", "rose-soft"), ("on-rose", "rose"),
    ("green", "paper"), ("green-deep", "green-soft"), ("green-soft", "ink"), ("green-mid", "paper"),
    ("on-green", "green"), ("amber", "paper"), ("amber-soft", "ink"), ("amber-ink", "amber-soft"), ("brick", "paper"),
    ("brick-soft", "ink"), ("focus", "paper"),
)  # fmt: skip
"""Each token, beside the one that it stands on or carries."""


@router.get("/stijl", name="style.show")
def show(request: Request, session: Opened, _actor: Visitor) -> Response:
    """All of it, with a form that holds what was typed wrong."""
    only_here(request, session)
    lang = i18n.language(request)
    drawing = environment(lang).get_template("macros/icons.html").module
    return page(
        request,
        "style/show.html",
        swatches=_swatches(),
        icons=list(getattr(drawing, "ICONS")),  # noqa: B009 - a name of the template
        pictures=list(getattr(drawing, "PICTURES")),  # noqa: B009
        form=_form(lang),
        wrong=_wrong(lang),
        proposals=_proposals(lang),
        request_item=_request(lang),
        history=_history(lang),
        lines=_lines(lang),
        drawing=_drawing(),
        queue=_queue(lang),
        now=NOW,
    )


def _swatches() -> list[tuple[str, str, str, str, float | None]]:
    light, dark = style_tokens.colours("light"), style_tokens.colours("dark")
    return [
        (name, light[name], dark[name], beside,
         min(contrast(of[name], of[beside]) for of in (light, dark)) if beside else None)
        for name, beside in SHOWN
    ]  # fmt: skip


def _form(lang: str) -> Form[Any]:
    form: Form[Any] = blank(afstand=5, tijden=[5], thema="samen", hoe="bellen", pauze="ja")
    form.lang = lang
    return form


def _wrong(lang: str) -> Form[Any]:
    form: Form[Any] = blank(postcode="566", tekst="")
    form.lang = lang
    form.refuse("postcode", N_("Vul uw postcode in, bijvoorbeeld 5664 HJ."))
    return form.refuse("tekst", N_("Schrijf in een paar woorden wat u nodig heeft."))


def _proposals(lang: str) -> list[SimpleNamespace]:
    def say(*sentences: str) -> list[str]:
        return [translate(lang, sentence) for sentence in sentences]

    return [
        SimpleNamespace(
            name="Tonnie", about="Mierlo, 1,2 km", fit="very", best=True,
            reasons=say(N_("vrij op dinsdagochtend"), N_("gaat zelf elke week naar de markt")),
        ),
        SimpleNamespace(
            name="Youssef", about="Helmond, 3,8 km", fit="good", away="Helmond",
            reasons=say(N_("heeft een auto, de rollator past erin")),
        ),
        SimpleNamespace(
            name="Annelies", about="Nuenen, 3,9 km", fit="mind", kind="s",
            reasons=say(N_("houdt van rustig aan doen")), minds=say(N_("kan alleen na 11.00 uur")),
        ),
    ]  # fmt: skip


def _request(lang: str) -> dict[str, Any]:
    return {
        "title": translate(lang, N_("Samen naar de weekmarkt")),
        "path": "/hulpvragen",
        "theme": "samen",
        "who": "Ria, Mierlo",
        "when": translate(lang, N_("dinsdagochtend")),
        "fit": "very",
        "distance_km": 1.2,
        "number": 1,
        "reasons": [translate(lang, N_("vrij op dinsdagochtend"))],
        "minds": [],
    }


def _history(lang: str) -> list[dict[str, Any]]:
    return [
        {"state": "done", "title": translate(lang, N_("U stuurde uw vraag")), "moment": NOW},
        {
            "state": "done",
            "title": translate(lang, N_("Marja las uw vraag")),
            "moment": NOW + timedelta(hours=5),
        },
        {"state": "now", "title": translate(lang, N_("U kiest iemand"))},
        {"state": "next", "title": translate(lang, N_("U spreekt samen een dag af"))},
    ]


def _lines(lang: str) -> list[SimpleNamespace]:
    walk, drive = translate(lang, N_("Samen naar de weekmarkt")), translate(lang, N_("Een rit naar de kerk"))
    return [
        SimpleNamespace(day=date(2026, 11, 24), minutes=60, text=walk, balance=165, held=True),
        SimpleNamespace(day=date(2026, 11, 17), minutes=90, text=walk, balance=225),
        SimpleNamespace(day=date(2026, 11, 15), minutes=-60, text=drive, balance=135),
    ]


def _drawing() -> mapping.Drawing:
    """Three squares beside each other: the form of a map, not a place."""
    squares = [("Geldrop-Mierlo", 5.5, "own"), ("Helmond", 5.62, "nb"), ("Waalre", 5.38, "")]
    outlines = [
        mapping.Outline(name, [[(x, 51.4), (x + 0.12, 51.4), (x + 0.12, 51.48), (x, 51.48)]], kind)
        for name, x, kind in squares
    ]
    places = [mapping.Place(1, 5.6, 51.435), mapping.Place(2, 5.54, 51.425), mapping.Place(3, 5.64, 51.463)]
    return mapping.draw(outlines, places, home=(5.58, 51.44), radius_km=5)


def _queue(lang: str) -> list[tuple[str, str, str, list[SimpleNamespace]]]:
    def row(days: int, waited: str, title: str, number: str, tag: str, kind: str) -> SimpleNamespace:
        return SimpleNamespace(
            waited_days=days, waited=translate(lang, waited),
            title=translate(lang, title), number=number, path="/stijl", tags=[(translate(lang, tag), kind)],
            who="Ria, Mierlo", next=translate(lang, N_("Zelf iemand bellen")), busy="Marja", looking="",
        )  # fmt: skip

    return [
        ("b", "alert", translate(lang, N_("Te laat")),
         [row(6, N_("6 dagen"), N_("Samen naar de weekmarkt"), "K7-204", N_("niemand gevonden"), "b")]),
        ("", "cal", translate(lang, N_("Deze week")),
         [row(1, N_("1 dag"), N_("Een rit naar de kerk"), "K7-322", N_("nieuw"), "")]),
    ]  # fmt: skip
