"""What a form or a body holds so that its own checks let it through, and the act's own guard is asked.

Most of it follows from the model that reads it: its required fields, by their type. A word that means something to
people stands in ``VALUES``; where the same word means something else, in ``ELSE``. Texts in braces name rows.
"""

import json
import re
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from fastapi.routing import iter_route_contexts
from pydantic import BaseModel

import web.pages
from app.api import story
from app.api.openapi import describe
from tests.app.welfare.conftest import PDF
from web.forms import Form

WORDS = "Dit is een zin die lang genoeg is."
DAY = (date.today() + timedelta(days=5)).isoformat()  # noqa: DTZ011 - any day soon
FIRST = (date.fromisoformat(DAY).replace(day=1) + timedelta(days=70)).replace(day=1).isoformat()
OURS, ANOTHER = 1771, 770
VALUES: dict[str, Any] = {
    "categorie": "samen-op-pad", "categorieen": ["samen-op-pad"], "titel": "Samen wandelen", "minuten": 15,
    "versie": 1, "ruimer": "andere-dagen", "datum": DAY, "tijd": "10:00", "hulpaanbod": "{offer}",
    "gemeente": OURS, "regels": "zegel",
    "bedankje": WORDS, "uitleg": WORDS, "aantal": 1, "code": "{code}", "nummer": 1, "akkoord": True, "reden": WORDS,
    "hoofd": "{asker}", "deelnemers": ["{neighbour}"], "soort": "een", "maand": "2026-01", "stand": "verstuurd",
    "hoe": "uitleggen", "doel": WORDS, "wens": WORDS, "waarom": WORDS, "bedrag": 100, "wat": WORDS, "tekst": WORDS,
    "geholpen": "ja", "meerMensen": "ja", "betaler": "vrager", "kosten": "{cost}", "keer": "{occurrence}",
    "voornaam": "Ria", "postcode": "5664 HJ", "email": "bo@voorbeeld.nl", "persoon": "{asker}", "notitie": WORDS,
    "voorWie": {"voornaam": "Greet", "postcode": "5664 HJ", "telefoon": "06 22334455"},
    "hulpvraag": {"categorie": "samen-op-pad", "titel": "Samen wandelen"},
    "ondergrens": -720, "bovengrens": 3600, "laagsteOndergrens": -720, "groeiProcent": 0, "tweedeBlikBoven": 600,
    "tweedeBlikDagen": 30, "antwoordDagen": 14, "uitloopDagen": 30, "bemiddeling": 1, "telefoon": "040 1234567",
    "openingstijden": "9 tot 12", "stil": "ja", "magErop": True,
    "dagenOpen": 28, "dagenBelofte": 2, "onderwerp": "{agreement}", "waarover": "unsafe", "afspraken": "keep",
}  # fmt: skip
"""What a field of this name holds, wherever it is required."""
ONE_TIME = "01890000-0000-7000-8000-00000000000a"
"""The key of a form that is sent once."""
FORM_VALUES: dict[str, Any] = {
    "soort": "vog", "rol": "broker", "vanaf": DAY, "kijkWeerOp": DAY, "organisatie": "{organisation}",
    "code": "123456", "sleutel": ONE_TIME, "naam": "Telefoon", "adres": "Dorpsstraat 1", "talen": ["1"],
}  # fmt: skip
"""In a form, where another word is typed than a program sends."""
ELSE: dict[str, dict[str, Any]] = {
    "POST /api/v1/hulpvragen/{id}/afsluitingen": {"reden": "vervuld"},
    "POST /api/v1/verdelingen/{id}/afwijzingen": {"regels": ["{line_of_run}"]},
    "POST /api/v1/afspraken/{id}/kosten": {"soort": "materiaal", "betaler": "vrager", "bedrag": 100},
    "POST /api/v1/onkosten": {"kosten": "{cost}", "keer": "{occurrence}", "bedrag": 100},
    "POST /api/v1/roosjesboekingen/{boeking}/correcties": {"reden": "booked_by_mistake"},
    "POST /api/v1/roosjesboekingen/{boeking}/goedmakingen": {"reden": "booked_by_mistake"},
    "PUT /api/v1/roosjesrekeningen/{persoon}/grenzen": {
        "ondergrens": -900,
        "bovengrens": 3600,
        "reden": WORDS,
    },
    "POST /api/v1/veiligheidsmeldingen": {"waarover": "anders", "uitleg": WORDS},
    "POST /api/v1/blokkades": {"contact": "afspraak", "onderwerp": "{agreement}", "afspraken": "latenStaan"},
    "POST /api/v1/personen/{persoon}/controles": {"soort": "vog"},
    "PUT /api/v1/berichtvoorkeuren/{groep}": {"hoe": "dag"},
    "POST /api/v1/papieren-roosjes": {"aantal": 1, "minuten": 60},
    "POST /activiteiten/nieuw": {"soort": "koffie", "plaatsen": 5},
    "POST /activiteiten/{id}/wijzigen": {"soort": "koffie", "plaatsen": 5},
    "POST /activiteiten/{id}/aanmelden": {"keer": "alle"},
    "POST /activiteiten/{id}/verzetten": {"keer": "{activity_date}"},
    "POST /activiteiten/{id}/afmelden": {"keer": "{activity_date}"},
    "POST /voorzieningen/organisaties/nieuw": {"soort": "club"},
    "POST /bureau/cheques/{id}/pdf": {"code": "{code}"},
    "POST /mijn/roosjes/papier/pdf": {"code": "{paper}"},
    "POST /bureau/mensen/{id}/papier/pdf": {"code": "{paper}"},
    "POST /bureau/mensen/{id}/kvk": {"nummer": "12345678"},
    "POST /mijn/aanbod/{id}/doe": {"doe": "stoppen"},
    "POST /help-mij-kiezen/vraag": {"keus": ["k", "k1a"], "weg": "4-0"},
    "POST /help-mij-kiezen/bewaren": {"keus": ["k", "k1a"]},
    "POST /inloggen/brief": {"code": "123456123456", "postcode": "5664 HJ"},
    "POST /mijn/afspraken/{id}/kosten": {"soort": "parkeren", "betaler": "vrager", "bedrag": 100},
    "POST /regio/onkosten/grenzen": {"soort": "volunteer", "vanaf": FIRST, "maand": 100, "jaar": 1000},
    "POST /bureau/welzijnsbudget/nieuw": {"persoon": "{asker}"},
    "POST /bureau/buren/vertrouwen": {"gemeente": ANOTHER},
    "POST /mijn/vragen/{id}/liever-anders": {"wie": ["{proposal}"]},
    "POST /api/v1/keren/{id}/verplaatsingen/antwoorden": {"voorstel": ONE_TIME, "antwoord": "ja"},
    "POST /api/v1/keren/{id}/tevredenheid": {"gezicht": "blij"},
    "POST /mijn/begeleiding/{id}": {"gezicht": "blij", "verder": "verder"},
    "POST /api/v1/activiteiten/{id}/aanmeldingen": {"keer": "alle"},
    "POST /api/v1/begeleidingsgesprekken/{id}/planningen": {"hoe": "bureau"},
    "POST /bureau/mensen/{id}/berichten": {"gezegd": "telefoon", "tips": "week"},
    "POST /organisatie/maatjes/{id}/plannen": {"hoe": "bureau", "versie": "1"},
    "POST /organisatie/maatjes/{id}/gehouden": {"uitkomst": "verder", "versie": "1"},
    "POST /mijn/berichten/toestellen": {
        "adres": "https://push.example/ria",
        "geheim": "AAAA",
        "onzeSleutel": "AAAA",
    },
    "POST /bureau/maatjes/{id}/plannen": {"hoe": "bureau", "versie": "1"},
    "POST /bureau/maatjes/{id}/gehouden": {"uitkomst": "verder", "versie": "1"},
    "POST /bureau/mensen/{id}/aan-de-lijn": {"hoe": "telefoon", "aanbodMinuten": "60", "aanbodKm": "5"},
    "POST /zorg-om-iemand": {"wieBentU": "buur", "watZagU": WORDS},
    "POST /bureau/omzien": {"persoon": "{asker}"},
    "POST /bureau/omzien/{id}": {"wat": "bezocht", "versie": "1"},
    "POST /bureau/vertrouwensmensen": {"persoon": "{asker}", "voorWie": WORDS, "vindtGoed": "ja"},
    "POST /bureau/bemiddeling/bemiddelaars": {
        "persoon": "{asker}",
        "getraindOp": "2025-01-01",
        "geldigTot": "2035-01-01",
    },
    "POST /bureau/bemiddeling/{id}": {"bemiddelaar": "{helper}", "versie": "1"},
    "POST /mijn/bemiddeling": {"watSpeeltEr": WORDS},
    "POST /bemiddelen/{id}": {"wat": "notitie", "notitie": WORDS, "versie": "1"},
    "POST /organisatie/aanmelden": {"naam": "Samen", "soort": "club", "wat": WORDS, "functie": WORDS},
    "POST /organisatie/overeenkomst": {"naam": "Els", "functie": WORDS, "akkoord": "ja", "nummer": "1"},
    "POST /bureau/overeenkomst/{id}": {"naam": "An", "functie": WORDS, "akkoord": "ja", "nummer": "1"},
    "POST /organisatie/mensen": {"rol": "volunteer", "email": "nieuw@voorbeeld.nl", "voornaam": "Joke"},
    "POST /bureau/introducties": {"een": "{organisation}", "ander": "{organisation_two}"},
    "POST /bureau/introducties/{id}/klaar": {"uitkomst": WORDS, "versie": "1"},
    "POST /api/v1/vertegenwoordigingen/volmachten": {"soort": "contactpersoon", "sleutel": "{mandate_link}"},
    "POST /api/v1/verwijzingen": {"wens": "mensen", "telefoon": "06 22334455", "vindtGoed": True},
    **{
        f"POST {path}": {"wens": "mensen", "telefoon": "06 22334455", "vindtGoed": "ja", "bron": "huisarts"}
        for path in ("/bureau/verwijzingen/nieuw",)
    },
    "POST /bureau/verwijzers": {"naam": "Praktijk", "bron": "huisarts"},
    **{
        f"POST {path}": {"wens": "mensen", "telefoon": "06 22334455", "vindtGoed": "ja"}
        for path in ("/verwijs/{code}", "/verwijzen/nieuw", "/organisatie/verwijzingen/nieuw")
    },
    "POST /bureau/verwijzingen/{id}/stoppen": {"reden": "wil-niet", "versie": "1"},
    "POST /bureau/verwijzingen/{id}/thuis": {"nodig": "alarm"},
    "POST /organisatie/verwijzingen/{id}/thuis": {"nodig": "alarm"},
    "POST /mijn/keren/{id}/ander-moment": {"voorstel": ONE_TIME, "antwoord": "ja"},
    "POST /mijn/keren/{id}/tevreden": {"gezicht": "blij"},
    "POST /bureau/factlab": {"deelnemers": "Jeugdhulp\nSchuldhulp"},
    "POST /bureau/panel": {"datum": "2026-01-12"},
    "POST /bureau/panel/{id}": {"stap": "opgepakt", "wie": "Het klantcontact", "voor": "2026-03-01"},
    "POST /gemeente/inlezen": {"soort": "people"},
    "POST /gemeente/webhooks": {
        "naam": "Zaken",
        "adres": "https://hook.example/meer",
        "soorten": ["afspraak.klaar"],
    },
    "POST /regio/aansluiten": {"wie": ANOTHER},
    "POST /bureau/zaken/{id}/hier": {"versie": "1"},
    "POST /bureau/zaken/{id}/taken": {"taak": WORDS, "werkdagen": "3"},
    "POST /bureau/zaken/{id}/gesprekken": {"gezicht": "blij"},
    "POST /bureau/zaken/{id}/gezichten": {"versieGezichten": "0"},
    "POST /bureau/zaken/{id}/overdragen": {"aanWie": "{broker}", "overdracht": WORDS, "versie": "1"},
    "POST /bureau/zaken/{id}/overleg": {"deskundige": "wijkverpleegkundige", "vraagstelling": WORDS},
    "POST /bureau/zaken/{id}/overleg/{question_id}": {"antwoord": WORDS},
    "POST /bureau/zaken/{id}/wmo": {"melding": WORDS},
    "POST /bureau/mensen/{id}/gebeurtenis": {"gebeurtenis": "ziekenhuis", "zeker": "ja"},
    "POST /bureau/mensen/{id}/plan": {"watWillenZij": WORDS},
    "POST /bureau/mensen/{id}/mantelzorg": {"hoeZwaar": "3"},
    "POST /mijn/zorgen": {"hoeZwaar": "3"},
    "POST /bureau/huishoudens/{id}/veranderen": {
        "watWillenZij": WORDS,
        "vastGezicht": "{broker}",
        "versie": "1",
    },
    "POST /bureau/huishoudens/{id}/mensen": {"persoon": "{neighbour}", "wieIsDit": "volwassene"},
    "POST /bureau/huishoudens/{id}/regels": {"bron": "eigen-kring", "wat": WORDS},
    "POST /bureau/huishoudens/{id}/regels/{line_id}": {"minutenPerWeek": "60"},
    "POST /bureau/huishoudens/{id}/herbeoordeling": {"werkdagen": "10", "versie": "1"},
    "POST /bureau/huishoudens/{id}/besluiten": {
        "besluit": "ja",
        "watBetekentDit": WORDS,
        "waarom": WORDS,
        "ingangsdatum": DAY,
        "versie": "1",
    },
    "POST /bureau/huishoudens/{id}/momenten": {"wanneer": DAY},
    "POST /bureau/huishoudens/{id}/momenten/{moment_id}": {"gezicht": "blij"},
    "POST /bureau/huishoudens/{id}/sluiten": {"reden": WORDS, "versie": "1"},
}
"""Where the same word means something else, or a page asks for what its model leaves out."""

MULTIPART = "multipart/form-data; boundary=grens"
NO_ROW = re.compile(r"\{(month|form|organisation_id|groep)\}")
"""In an address, and no row of anybody's."""


def wanted(route: str) -> dict[str, Any]:
    """What the body of this route holds; empty where nothing is required. Texts in braces name rows."""
    required = _required().get(route, {})
    return {name: _value(name, field, route) for name, field in required.items()} | ELSE.get(route, {})


def names_a_row(route: str) -> bool:
    """Whether a request says of whom or of which municipality it is, in its address or its body."""
    body = wanted(route)
    # a code says of itself where it is from, to whoever has it in hand; organisations are there to be known
    rows = [str(value).lstrip("['") for name, value in body.items() if name not in ("code", "organisatie")]
    ours = body.get("gemeente") == OURS or any(row.startswith("{") for row in rows)
    return ours or "{" in NO_ROW.sub("", route)


def multipart(fields: Mapping[str, Any]) -> bytes:
    """A receipt: what it is for, and a paper."""
    head = 'Content-Disposition: form-data; name="{}"'
    return (
        (
            f"--grens\r\n{head.format('gegevens')}\r\nContent-Type: application/json\r\n\r\n{json.dumps(fields)}\r\n"
            f'--grens\r\n{head.format("bon")}; filename="bon.pdf"\r\nContent-Type: application/pdf\r\n\r\n'
        ).encode()
        + PDF
        + b"\r\n--grens--\r\n"
    )


@cache
def forms() -> dict[str, type[BaseModel]]:
    """The model that reads what is typed, by route of the pages."""
    return {
        f"{method} {route.path}": get_args(get_args(hint)[0])[0]
        for module in iter_modules(web.pages.__path__)
        if (router := getattr(import_module(f"web.pages.{module.name}"), "router", None)) is not None
        for route in iter_route_contexts(router.routes)
        for method in sorted(route.methods or ())
        for hint in get_type_hints(route.endpoint, include_extras=True).values()
        if get_origin(hint) is Annotated and get_origin(get_args(hint)[0]) is Form
    }


@cache
def _required() -> dict[str, dict[str, Any]]:
    """What must be there, by route and name, each with its description as JSON Schema."""
    document = describe(story(), "/api/v1")
    schemas = document["components"]["schemas"]
    found = {
        f"{method.upper()} /api/v1{path}": _fields(content["schema"], schemas)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if (content := operation.get("requestBody", {}).get("content", {}).get("application/json"))
    }
    for route, model in forms().items():
        schema = model.model_json_schema(by_alias=True)
        found[route] = _fields(schema, schema.get("$defs", {}))
    return found


def _fields(schema: dict[str, Any], named: dict[str, Any]) -> dict[str, Any]:
    schema = _resolved(schema, named)
    return {name: _resolved(schema["properties"][name], named) for name in schema.get("required", [])}


def _resolved(schema: dict[str, Any], named: dict[str, Any]) -> dict[str, Any]:
    return named[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def _value(name: str, field: dict[str, Any], route: str) -> Any:
    """The value of this name, if it is one of those that there are; else the first, the least or some words."""
    page = "/api/" not in route
    value = (FORM_VALUES.get(name) if page else None) or VALUES.get(name)
    if "enum" in field:
        return value if value in field["enum"] else field["enum"][0]
    if value is not None:
        return value
    if field.get("type") in ("integer", "number"):
        return max(1, field.get("minimum", field.get("ge", 1)))
    return WORDS[: field.get("maxLength", len(WORDS))]
