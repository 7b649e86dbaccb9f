"""Every component of the shell with sample content, for eyes, for axe and for the browser tests.

``python -m tests.web.preview`` serves it on http://localhost:8011 (``PORT``).
"""

import json
import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Annotated, Any, Literal
from uuid import uuid4

from fastapi import Depends, FastAPI, Request
from fastapi.routing import APIRoute
from jinja2 import ChoiceLoader, FileSystemLoader
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from app.access.actor import Actor
from app.config import Settings
from app.errors import DomainError
from app.http import session
from app.text import Line, Prose
from web import forms, mapping
from web.assets import CachedFiles
from web.forms import Submitted, blank
from web.pages import info
from web.rendering import Site, environment, page, see_other
from web.security import Headers, csrf_checked
from web.session import visitor
from web.site import by_name, template_for

NOW = datetime(2026, 11, 20, 9, 12, tzinfo=UTC)
TEMPLATES = Path(__file__).parent / "templates"
SITE = Site(
    municipality_name="Geldrop-Mierlo",
    phone_display="040 123 45 67",
    phone_href="tel:+31401234567",
    makelaar_name="Marja",
    hours="maandag tot en met vrijdag, 9.00 tot 17.00 uur",
    region_name="Zuidoost-Brabant",
    municipality_count=21,
)
THEMES = [
    ("boodschappen", "Boodschappen"),
    ("vervoer", "Vervoer"),
    ("gezelschap", "Gezelschap"),
    ("klus", "Klus in huis"),
    ("tuin", "Tuin"),
    ("brieven", "Brieven en geld"),
    ("computer", "Computer en telefoon"),
    ("samen", "Samen op pad"),
    ("respijt", "Zorg even overnemen"),
    ("anders", "Iets anders"),
]


class Asking(BaseModel):
    """A form with one of everything."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    theme: Annotated[str, Field(alias="thema")]
    title: Annotated[Line, Field(alias="titel")]
    text: Annotated[Prose | None, Field(alias="tekst")] = None
    postcode: Annotated[str, Field(alias="postcode", pattern=r"^\d{4} ?[A-Z]{2}$")]
    phone: Annotated[str, Field(alias="telefoon")]
    slots: Annotated[list[int], Field(alias="tijden")] = []
    distance_km: Annotated[int, Field(alias="afstand", ge=1, le=25)] = 5
    how: Annotated[Literal["bellen", "mailen"] | None, Field(alias="hoe")] = None
    pause: Annotated[bool, Field(alias="pauze")] = False


def people() -> list[SimpleNamespace]:
    """Three proposals, the best one first."""
    return [
        SimpleNamespace(
            name="Tonnie",
            about="Mierlo, 1,2 km van u",
            fit="very",
            best=True,
            reasons=[
                "vrij op dinsdagochtend",
                "gaat zelf elke week naar de markt",
                "heeft vaker met iemand met een rollator gelopen",
                "VOG gezien door Marja",
            ],
        ),
        SimpleNamespace(
            name="Youssef",
            about="Geldrop, 3,8 km van u",
            fit="good",
            reasons=["vrij op dinsdag, heel de dag", "heeft een auto, de rollator past erin"],
        ),
        SimpleNamespace(
            name="Annelies",
            about="Brandevoort, 3,9 km van u",
            fit="mind",
            kind="s",
            away="uit Helmond",
            reasons=["houdt van rustig aan doen", "spreekt ook Turks"],
            minds=["kan alleen na 11.00 uur"],
        ),
    ]


def requests() -> list[dict[str, Any]]:
    """Requests nearby, as a list and on the map."""
    rows: list[tuple[Any, ...]] = [
        ("Iemand om mee te wandelen", "samen", "Ria, Mierlo", "dinsdagmiddag", "very", 0.8, ""),
        ("Foto’s van mijn telefoon halen", "computer", "Harrie, Geldrop", "deze week", "very", 3.4, ""),
        ("Naar het ziekenhuis in Helmond", "vervoer", "Samira, Brandevoort", "donderdag 26 november, 9.15 uur",
         "good", 3.7, "uit Helmond"),
        ("Heg knippen vóór de winter", "tuin", "Wim, Nuenen", "dit weekend of volgend", "mind", 4.6, "uit Nuenen"),
    ]  # fmt: skip
    return [
        {
            "title": title, "theme": theme, "who": who, "when": when, "fit": fit, "distance_km": far, "away": away,
            "path": "/status-vraag", "number": place, "reasons": ["u bent dinsdag vrij", "u wandelt graag"],
            "minds": ["u heeft nog geen heggenschaar opgegeven"] if fit == "mind" else [],
        }
        for place, (title, theme, who, when, fit, far, away) in enumerate(rows, 1)
    ]  # fmt: skip


def outlines() -> list[mapping.Outline]:
    """Three square municipalities beside each other, or the real ones where a file is given."""
    given = os.environ.get("PREVIEW_GEOJSON")
    if given:
        found = json.loads(Path(given).read_text())["features"]
        return [
            mapping.Outline(
                feature["properties"].get("naam") or feature["properties"].get("name", ""),
                [polygon[0] for polygon in _polygons(feature["geometry"])],
                {"Geldrop-Mierlo": "own", "Helmond": "nb", "Someren": "nb", "Heeze-Leende": "nb"}.get(
                    feature["properties"].get("naam") or feature["properties"].get("name", ""), ""
                ),
            )
            for feature in found
        ]
    squares = [("Geldrop-Mierlo", 5.5, "own"), ("Helmond", 5.62, "nb"), ("Waalre", 5.38, "")]
    return [
        mapping.Outline(name, [[(x, 51.4), (x + 0.12, 51.4), (x + 0.12, 51.48), (x, 51.48)]], kind)
        for name, x, kind in squares
    ]


def _polygons(geometry: dict[str, Any]) -> list[Any]:
    return geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]


def drawing() -> mapping.Drawing:
    """The map beside the list."""
    places = [
        mapping.Place(1, 5.6, 51.435),
        mapping.Place(2, 5.54, 51.425),
        mapping.Place(3, 5.6, 51.463),
        mapping.Place(4, 5.6, 51.463),
    ]
    return mapping.draw(outlines(), places, home=(5.58, 51.44), radius_km=5)


def queue() -> list[tuple[str, str, str, list[SimpleNamespace]]]:
    """A work list with something late, something for today, and the rest."""

    def row(
        days: int, title: str, number: str, tag: str, who: str, following: str, busy: str
    ) -> SimpleNamespace:
        return SimpleNamespace(
            waited_days=days, waited=f"{days} dag{'en' if days != 1 else ''}", title=title, number=number,
            path="/bureau/zaak", tags=[(tag, "w" if tag == "melding" else "")], who=who, next=following,
            busy=busy, looking="",
        )  # fmt: skip

    return [
        ("b", "alert", "Te laat", [
            row(6, "Boodschappen op vrijdag", "K7-204", "niemand gevonden", "Harrie, Geldrop",
                "Zelf iemand bellen. 7 helpers binnen 10 km", "Marja"),
            row(5, "Hulp bij brieven van de gemeente", "K7-219", "niemand gevonden", "Annie, Mierlo",
                "Toets het werk: mag dit een vrijwilliger?", "Samira"),
            row(4, "Naar de dagopvang, elke donderdag", "K7-226", "belofte verlopen", "Wim, Geldrop",
                "Beloofd op vrijdag 20 november: terugbellen", ""),
        ]),
        ("w", "clock", "Vandaag", [
            row(3, "Buurman maakt ruzie over de heg", "K7-231", "melding", "Gerda, Mierlo", "Bellen vóór 17.00 uur",
                "Marja"),
        ]),
        ("", "cal", "Deze week", [
            row(1, "Leren bellen met beeld", "K7-322", "nieuw", "Sjef, Mierlo", "Lezen en bellen vóór dinsdag", ""),
        ]),
    ]  # fmt: skip


def statement() -> list[SimpleNamespace]:
    """Lines of an account, newest on top."""
    return [
        SimpleNamespace(
            day=date(2026, 11, 24), minutes=60, text="naar de markt met Tonnie", balance=165, held=True
        ),
        SimpleNamespace(day=date(2026, 11, 17), minutes=90, text="Wandelen met Harrie", balance=225),
        SimpleNamespace(day=date(2026, 11, 15), minutes=-60, text="Tonnie reed u naar de kerk", balance=135),
        SimpleNamespace(
            day=date(2026, 11, 13), minutes=-30, text="Verbeterd door Marja: stond er dubbel", balance=195
        ),
    ]


def history() -> list[SimpleNamespace]:
    """What happened, what is now, what is to come."""

    def at(hours: int) -> datetime:
        return NOW + timedelta(hours=hours)

    return [
        SimpleNamespace(state="done", title="U stuurde uw vraag", moment=at(0)),
        SimpleNamespace(state="done", title="Marja las uw vraag en belde u", moment=at(5)),
        SimpleNamespace(state="now", title="U kiest iemand", when="vóór vrijdag 27 november"),
        SimpleNamespace(state="next", title="U spreekt samen een dag af", when="daarna, met hulp van Marja"),
    ]


def create_preview(actor: Actor | None = None, *, site: Site = SITE) -> FastAPI:
    """The preview as an application; ``actor`` looks at it."""
    app = FastAPI(openapi_url=None)
    app.state.secret = b"preview" * 5
    app.state.settings = Settings(base_url="https://testserver")
    app.add_middleware(Headers)
    for lang in ("nl", "en"):
        made = environment(lang)
        if isinstance(made.loader, FileSystemLoader):
            made.loader = ChoiceLoader([made.loader, FileSystemLoader(TEMPLATES)])

    def someone(request: Request) -> None:
        request.state.site = site
        request.state.actor = actor

    app.dependency_overrides |= {visitor: lambda: actor, session: lambda: None}
    app.router.dependencies += [Depends(someone), Depends(csrf_checked)]
    app.mount("/static", CachedFiles())
    app.include_router(info.router)
    _pages(app)
    app.state.addresses = by_name(info.router) | {
        route.path: route for route in app.routes if isinstance(route, APIRoute)
    }
    app.exception_handler(404)(
        lambda request, _error: page(request, "errors/404.html", status=404, error=None)
    )
    app.exception_handler(DomainError)(_refused)
    return app


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, DomainError)
    return page(request, f"errors/{template_for(error.status)}.html", status=error.status, error=error)


def _pages(app: FastAPI) -> None:
    context: dict[str, Any] = {
        "themes": [(value, name, value) for value, name in THEMES], "people_found": people(), "near": requests(),
        "map": drawing(), "queue": queue(), "lines": statement(), "history": history(), "now": NOW,
    }  # fmt: skip

    def show(name: str) -> Any:
        def shown(request: Request) -> Response:
            return page(
                request, f"preview/{name}.html", form=blank(afstand=5, tijden=[5]), id=uuid4(), **context
            )

        return shown

    for path, name in {
        "/": "home", "/helpen": "nearby", "/hulpvragen/nieuw": "form", "/status-vraag": "status", "/mijn": "mine",
        "/mijn/roosjes": "roosjes", "/bureau": "desk", "/bureau/zaak": "case", "/bureau/cijfers": "figures",
        "/leeg": "empty", "/inloggen": "empty",
    }.items():  # fmt: skip
        app.add_api_route(path, show(name), methods=["GET"])

    @app.post("/hulpvragen/nieuw")
    def post(request: Request, form: Submitted[Asking]) -> Response:
        if form.value is None:
            return page(request, "preview/form.html", status=422, form=form, id=uuid4(), **context)
        return see_other("/status-vraag")

    @app.get("/fout/{status}")
    def wrong(request: Request, status: int) -> Response:
        return page(request, f"errors/{status}.html", status=status, error=None)


forms.say(Asking, titel="Schrijf in een paar woorden wat u nodig heeft.")

if __name__ == "__main__":
    import uvicorn

    port = int(os.environ.get("PORT", "8011"))
    uvicorn.run(create_preview(Actor(person=uuid4(), first_name="Ria")), port=port, log_level="warning")
