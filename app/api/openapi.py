"""The description of the API, as the Dutch API design rules want it: in Dutch, open, and complete."""

from copy import deepcopy
from typing import Any

from fastapi import APIRouter
from fastapi.openapi.utils import get_openapi

from app.api.bodies import NO_BSN
from app.errors_http import API_VERSION, TITLES

TAGS = [
    {"name": "Hulpvragen", "description": "Om hulp vragen."},
    {"name": "Hulpaanbod", "description": "Hulp aanbieden."},
    {"name": "Voorstellen", "description": "Wie wie kan helpen, en het ja of nee van beiden."},
    {"name": "Verdelingen", "description": "De hele regio in één keer verdeeld, voor makelaars."},
    {
        "name": "Vertegenwoordigingen",
        "description": "Wie voor wie regelt, met toestemming die ieder van beiden meteen kan stoppen.",
    },
    {"name": "Controles", "description": "Wat er van helpers gevraagd wordt, en wat daarvan gezien is."},
    {
        "name": "Veiligheid",
        "description": "Melden dat iets niet goed is, iemand blokkeren, een schorsing en de huisregels.",
    },
    {
        "name": "Kringen",
        "description": "Kringen van twee tot vier mensen die elkaar rond helpen, als iedereen ja zegt.",
    },
    {"name": "Afspraken", "description": "Wat er afgesproken is, en wat er van elke keer kwam."},
    {
        "name": "Gesprekken",
        "description": "Wat vrager en helper elkaar schrijven. Alleen de twee zelf lezen het hier.",
    },
    {
        "name": "Activiteiten",
        "description": "Wat er samen te doen is: eten, koffie, een cursus. Wie er komt, staat er niet bij.",
    },
    {
        "name": "Maatjes",
        "description": "Gesprekken bij de start, halverwege en aan het eind, en wat ieder van de twee ervan zegt.",
    },
    {"name": "Verhalen", "description": "Wat mensen vertellen over hulp. Een makelaar leest het eerst."},
    {
        "name": "Plannen",
        "description": "Plannen van de gemeente, ideeën van inwoners, en wat anderen daarvan zeggen.",
    },
    {
        "name": "Verwijzingen",
        "description": "Wie een praktijk, afdeling of organisatie naar ons verwijst, en wat zij ervan mag horen.",
    },
    {"name": "Sociale kaart", "description": "Wat organisaties voor inwoners hebben."},
    {
        "name": "Pot",
        "description": "De pot van een gemeente: Roosjes geven, boeken voor anderen, en de regels.",
    },
    {"name": "Boekhouding", "description": "Maanden afsluiten, verrekenen met buurgemeenten, en de zegels."},
    {"name": "Welzijnsbudgetten", "description": "Plannen, toekenningen en uitgaven."},
    {"name": "Onkosten", "description": "Kosten van helpen, en de meter van elke helper."},
    {"name": "Roosjes", "description": "Uren die u gaf en kreeg, in minuten: 60 minuten is één Roosje."},
    {"name": "Cheques", "description": "Dienstencheques en Roosjes op papier. Codes ziet u maar één keer."},
    {"name": "Personen", "description": "Uw eigen gegevens."},
    {"name": "Meldingen", "description": "Wat wij u lieten weten."},
    {"name": "Bureau", "description": "De werklijst en de notities van een makelaar."},
    {"name": "Gemeente", "description": "Cijfers en instellingen, voor beheerders van gemeente en regio."},
    {"name": "Naslag", "description": "Categorieën, gemeenten en buurten. Zonder token te lezen."},
]
DESCRIPTION = """Inwoners van buurgemeenten vragen en geven elkaar hulp.

Wat inwoners en makelaars op de site doen, kan hier ook, met dezelfde regels. Daarnaast zijn er de cijfers en de
instellingen van gemeenten. Stuur een persoonlijk token mee (`Authorization: Bearer`) en JSON
(`Content-Type: application/json`). Tijdstippen zijn in UTC; `datum` en `tijd` staan op de klok in Nederland. Met
`Idempotency-Key` gebeurt een opdracht één keer, hoe vaak u die ook stuurt. Fouten zijn `application/problem+json`
(RFC 9457), en bij ongeldige invoer staan alle fouten in `errors`.

Verandert er iets dat uw programma kan breken, dan komt er een nieuw hoofdnummer. De oude versie blijft daarna nog een
jaar werken, met de koppen `Deprecation` en `Sunset`.
"""
CONTACT = {
    "name": "ZorgvoorElkaar",
    "url": "https://zorgvoorelkaar.example/contact",
    "email": "api@zorgvoorelkaar.example",
}
PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "Een fout volgens RFC 9457.",
    "required": ["status", "title", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "title": {"type": "string"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "code": {"type": "string", "description": "Vaste code, voor programma's."},
        "details": {"type": "object", "additionalProperties": {"type": "string"}},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["in", "detail"],
                "properties": {
                    "in": {"type": "string", "enum": ["body", "query", "path", "header", "cookie"]},
                    "location": {
                        "type": "object",
                        "properties": {"pointer": {"type": "string"}, "name": {"type": "string"}},
                    },
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}
VERSION_HEADER = {
    "description": "Het volledige versienummer van de API.",
    "schema": {"type": "string", "example": API_VERSION},
}
HIT_HEADER = {
    "description": "Met deze Idempotency-Key was het al gedaan: dit is het eerste antwoord.",
    "schema": {"type": "string", "const": "true"},
}
NO_BSN_HEADER = {
    "name": NO_BSN,
    "in": "header",
    "required": False,
    "schema": {"type": "string", "const": "ja"},
    "description": "U keek het na: een getal in uw tekst lijkt op een burgerservicenummer, en is iets anders."
    " Zonder deze kop komt zo'n tekst terug als 422, met de code `bsn` en de plek.",
}
LINK_HEADER = {"description": "De pagina's ernaast (RFC 8288).", "schema": {"type": "string"}}
STATUSES = {
    "get": (401, 403, 404),
    "put": (401, 403, 404, 409, 413, 415),
    "post": (401, 403, 404, 409, 413, 415),
    "delete": (401, 403, 404, 409),
}

ALWAYS = {429, 500, 503}
ANSWERED = {400, 422, *ALWAYS, *(status for statuses in STATUSES.values() for status in statuses)}


def describe(router: APIRouter, server: str) -> dict[str, Any]:
    """The OpenAPI document of these routes, whose paths begin at ``server``."""
    document = get_openapi(
        title="ZorgvoorElkaar",
        version=API_VERSION,
        description=DESCRIPTION,
        routes=router.routes,
        tags=TAGS,
        servers=[{"url": server, "description": "Deze installatie."}],
        contact=CONTACT,
        license_info={"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        openapi_version="3.1.0",
        separate_input_output_schemas=True,
    )
    components = document["components"]
    for name in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(name, None)
    for schema in components["schemas"].values():
        schema.pop("description", None)  # the docstring of a class, which is for who reads the code
    components["schemas"]["Problem"] = PROBLEM
    components["headers"] = {
        "ApiVersion": VERSION_HEADER,
        "IdempotencyHit": HIT_HEADER,
        "Link": LINK_HEADER,
    }
    components["responses"] = {
        f"Problem{status}": _problem(title) for status, title in TITLES.items() if status in ANSWERED
    }
    for path in document["paths"].values():
        for method, operation in path.items():
            _finish(method, operation)
    plain: dict[str, Any] = _plain(document)
    return plain


def _problem(title: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        "description": title,
        "headers": {"API-Version": {"$ref": "#/components/headers/ApiVersion"}},
        "content": {"application/problem+json": {"schema": schema}},
    }


def _refusals(method: str, operation: dict[str, Any]) -> set[int]:
    """The statuses of what may go wrong; whoever sends a body may say that they looked for a BSN."""
    statuses = {*ALWAYS, *(STATUSES[method] if "security" in operation else ())}
    if "parameters" in operation or method in ("put", "post"):
        statuses.add(400)
    if any(parameter["in"] == "path" for parameter in operation.get("parameters", [])):
        statuses.add(404)
    if "requestBody" in operation:
        statuses |= {400, 422}
        operation.setdefault("parameters", []).append(deepcopy(NO_BSN_HEADER))
    return statuses


def _finish(method: str, operation: dict[str, Any]) -> None:
    """The answers of one operation: every refusal a problem, the version on all; 422 only for what may be a BSN."""
    responses = operation["responses"]
    responses.pop("422", None)
    parameters = operation.get("parameters", [])
    names = {parameter["name"] for parameter in parameters}
    keyed = "Idempotency-Key" in names
    if keyed and "201" in responses:
        responses["200"] = deepcopy(responses["201"])
    for status in sorted(_refusals(method, operation)):
        responses[str(status)] = {"$ref": f"#/components/responses/Problem{status}"}
    for status, answer in responses.items():
        if status.startswith("2"):
            answer["headers"] = {"API-Version": {"$ref": "#/components/headers/ApiVersion"}}
            if "aantal" in names:
                answer["headers"]["Link"] = {"$ref": "#/components/headers/Link"}
            if keyed and status == "200":
                answer["headers"]["Idempotency-Hit"] = {"$ref": "#/components/headers/IdempotencyHit"}
            answer["description"] = {"200": "Gelukt", "201": "Gemaakt"}.get(status, "Gelukt, zonder inhoud")
    if keyed and "201" in responses:
        responses["200"]["description"] = "Met deze sleutel al eerder gemaakt"


WORDS = {"ge": "minimum", "le": "maximum"}
"""Bounds behind a validator of ours, which Pydantic leaves in its own words."""


def _plain(node: Any) -> Any:
    """``anyOf`` of one plain type and null becomes a type that may be null: shorter, and its format is in sight."""
    if isinstance(node, list):
        return [_plain(item) for item in node]
    if not isinstance(node, dict):
        return node
    is_number = node.get("type") == "integer"
    flat = {WORDS.get(name, name) if is_number else name: _plain(value) for name, value in node.items()}
    branches = flat.get("anyOf", [])
    if len(branches) == 2 and branches[1] == {"type": "null"} and isinstance(branches[0].get("type"), str):
        del flat["anyOf"]
        flat |= branches[0] | {"type": [branches[0]["type"], "null"]}
    return flat
