"""The social map in the Human Services Data Specification 3 (Open Referral): services as JSON, in and out.

A file is what an HSDS API answers: a page with ``contents``, a list of services, or one service. What we keep goes
where the specification puts it; categories are attributes of the taxonomy ``zorgvoorelkaar``, what a place has is
accessibility with our word in ``details``, and municipalities are service areas with their code in ``extent``.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID, uuid5

from app.activities.models import ACCESS
from app.social_map.lines import Fault, Parsed

TAXONOMY: Final = "zorgvoorelkaar"
KIND: Final = "zorgvoorelkaar-organisatie"
VERSION: Final = "3.0"
LARGEST_FILE_BYTES: Final = 50_000_000
STATUS_IN: Final = {
    "active": "actief",
    "temporarily closed": "tijdelijk-dicht",
    "inactive": "gestopt",
    "defunct": "gestopt",
}
STATUS_OUT: Final = {"actief": "active", "tijdelijk-dicht": "temporarily closed", "gestopt": "defunct"}


def read(name: str, content: bytes, otherwise: str = "") -> Parsed:
    """Every service of the file, checked; ``otherwise`` is the category of a service that names none of ours."""
    parsed = Parsed()
    services = _services(name, content, parsed)
    for number, service in enumerate(services, start=1):
        at = f"{name}: service {number}"
        if isinstance(service, Mapping):
            parsed.take(at, _cells(service, at, otherwise, parsed))
        else:
            parsed.faults.append(Fault(at, "", "no service", "no-service"))
    return parsed


def _services(name: str, content: bytes, parsed: Parsed) -> list[Any]:
    if len(content) > LARGEST_FILE_BYTES:
        parsed.faults.append(Fault(name, "", "the file is too large", "too-large"))
        return []
    try:
        whole = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as wrong:
        parsed.faults.append(Fault(name, "", f"cannot be read: {wrong}", "no-map"))
        return []
    if isinstance(whole, Mapping):
        whole = next((whole[key] for key in ("contents", "services") if key in whole), [whole])
    if not isinstance(whole, list):
        parsed.faults.append(Fault(name, "", "no list of services", "no-map"))
        return []
    return whole


def _cells(service: Mapping[str, Any], at: str, otherwise: str, parsed: Parsed) -> dict[str, Any]:
    organisation = _one(service.get("organization"))
    location, address = _place(service, at, parsed)
    # where nothing is told the specification still asks for words: its name then stands in for them, as in ours
    name, about = _text(organisation, "name"), _text(organisation, "description")
    kind = [code for taxonomy, code in _terms(organisation) if taxonomy == KIND]
    categories = [code for taxonomy, code in _terms(service) if taxonomy == TAXONOMY]
    left_out = [code for taxonomy, code in _terms(service) if taxonomy != TAXONOMY]
    if left_out:
        why = f"left out, of other taxonomies: {', '.join(left_out)}"
        parsed.notes.append(Fault(at, "", why, "other-taxonomy"))
    return {
        "sleutel": _text(service, "id"),
        "organisatie_sleutel": _text(organisation, "id"),
        "organisatie": name,
        "soort": kind[0] if kind else "",
        "over_organisatie": "" if about == name else about,
        "organisatie_telefoon": _phone(organisation),
        "organisatie_email": _text(organisation, "email"),
        "organisatie_website": _text(organisation, "website") or _text(organisation, "url"),
        "gemeente": _areas(organisation)[0] if _areas(organisation) else "",
        "naam": _text(service, "name"),
        "toelichting": _text(service, "description"),
        "doelgroep": _text(service, "eligibility_description"),
        "aanmelden": _text(service, "application_process"),
        "categorieen": categories or ([otherwise] if otherwise else []),
        "plek": _text(location, "name"),
        "adres": _text(address, "address_1"),
        "postcode": _text(address, "postal_code"),
        "ook_voor": _areas(service),
        "telefoon": _phone(service) or _phone(location),
        "email": _text(service, "email"),
        "website": _text(service, "url"),
        "openingstijden": "\n".join(_text(one, "description") for one in _all(service, "schedules")).strip(),
        "prijs": _text(service, "fees_description"),
        "toegang": _access(location, at, parsed),
        "stand": STATUS_IN.get(_text(service, "status").lower(), _text(service, "status")),
        "nagekeken_op": _text(service, "assured_date"),
    }


def _place(
    service: Mapping[str, Any], at: str, parsed: Parsed
) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    locations = [_one(one.get("location")) for one in _all(service, "service_at_locations")]
    if len(locations) > 1:
        why = f"only the first of {len(locations)} places is kept"
        parsed.notes.append(Fault(at, "", why, "first-place"))
    location = locations[0] if locations else {}
    addresses = [one for one in _all(location, "addresses") if one.get("address_type") != "postal"]
    return location, addresses[0] if addresses else {}


def _access(location: Mapping[str, Any], at: str, parsed: Parsed) -> list[str]:
    known: list[str] = []
    for one in _all(location, "accessibility"):
        words = [word for word in (_text(one, "details"), _text(one, "description")) if word in ACCESS]
        if words:
            known.append(words[0])
        else:
            why = f"left out, accessibility not known here: {_text(one, 'description')[:60]}"
            parsed.notes.append(Fault(at, "", why, "access-unknown"))
    return known


def _terms(of: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Taxonomy and code of each attribute."""
    terms = [_one(one.get("taxonomy_term")) for one in _all(of, "attributes")]
    return [(_text(one, "taxonomy"), _text(one, "code")) for one in terms]


def _areas(of: Mapping[str, Any]) -> list[str]:
    """Municipalities among the areas that are served, or where an organisation is."""
    extents = [_text(one, "extent") for one in (*_all(of, "service_areas"), *_all(of, "locations"))]
    return [one for one in extents if one.upper().startswith("GM")]


def _phone(of: Mapping[str, Any]) -> str:
    numbers = [_text(one, "number") for one in _all(of, "phones")]
    return numbers[0] if numbers else ""


def _text(of: Mapping[str, Any], name: str) -> str:
    value = of.get(name)
    return value.strip() if isinstance(value, str) else ""


def _one(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _all(of: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    value = of.get(name)
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def written(rows: Iterable[dict[str, Any]], names: Mapping[int, str]) -> str:
    """One page with all services; ``rows`` are lines with ``id`` and ``organisatie_id``, ``names`` municipalities."""
    contents = [_service(row, names) for row in rows]
    page = {
        "total_items": len(contents),
        "total_pages": 1,
        "page_number": 1,
        "size": len(contents),
        "first_page": True,
        "last_page": True,
        "empty": not contents,
        "contents": contents,
    }
    return json.dumps(page, ensure_ascii=False, indent=2) + "\n"


def _service(row: dict[str, Any], names: Mapping[int, str]) -> dict[str, Any]:
    key: UUID = row["id"]
    return _filled(
        {
            "id": row["sleutel"],
            "name": row["naam"],
            "description": row["toelichting"],
            "url": row["website"],
            "email": row["email"],
            "status": STATUS_OUT[row["stand"]],
            "application_process": row["aanmelden"],
            "eligibility_description": row["doelgroep"],
            "fees_description": row["prijs"],
            "assured_date": row["nagekeken_op"],
            "phones": _phones(key, row["telefoon"]),
            "schedules": _schedules(key, row["openingstijden"]),
            "service_areas": [_area(key, code, names) for code in row["ook_voor"]],
            "service_at_locations": _locations(key, row, names),
            "organization": _organisation(row, names),
            "attributes": [_attribute(key, TAXONOMY, slug) for slug in row["categorieen"]],
        }
    )


def _organisation(row: dict[str, Any], names: Mapping[int, str]) -> dict[str, Any]:
    key: UUID = row["organisatie_id"]
    return _filled(
        {
            "id": row["organisatie_sleutel"],
            "name": row["organisatie"],
            "description": row["over_organisatie"] or row["organisatie"],
            "email": row["organisatie_email"],
            "website": row["organisatie_website"],
            "phones": _phones(key, row["organisatie_telefoon"]),
            "attributes": [_attribute(key, KIND, row["soort"])],
            "service_areas": [_area(key, row["gemeente"], names)],
        }
    )


def _locations(key: UUID, row: dict[str, Any], names: Mapping[int, str]) -> list[dict[str, Any]]:
    if not (row["plek"] or row["adres"] or row["postcode"] or row["toegang"]):
        return []
    place = uuid5(key, "location")
    address = _filled(
        {
            "id": str(uuid5(key, "address")),
            "location_id": str(place),
            "address_1": row["adres"],
            "city": row["plaats"] or names.get(int(str(row["gemeente"]).removeprefix("GM")), ""),
            "state_province": row["provincie"],
            "postal_code": row["postcode"],
            "country": "NL",
            "address_type": "physical",
        }
    )
    location = _filled(
        {
            "id": str(place),
            "location_type": "physical",
            "name": row["plek"],
            "addresses": [address] if row["adres"] or row["postcode"] else [],
            "accessibility": [
                {
                    "id": str(uuid5(key, f"access:{word}")),
                    "location_id": str(place),
                    "description": word,
                    "details": word,
                }
                for word in row["toegang"]
            ],
        }
    )
    return [{"id": str(uuid5(key, "at")), "service_id": row["sleutel"], "location": location}]


def _phones(key: UUID, number: str) -> list[dict[str, Any]]:
    return [{"id": str(uuid5(key, "phone")), "number": number}] if number else []


def _schedules(key: UUID, words: str) -> list[dict[str, Any]]:
    return [{"id": str(uuid5(key, "schedule")), "description": words}] if words else []


def _area(key: UUID, code: str, names: Mapping[int, str]) -> dict[str, Any]:
    name = names.get(int(code.removeprefix("GM")), code)
    return {"id": str(uuid5(key, f"area:{code}")), "name": name, "extent": code, "extent_type": "other"}


def _attribute(key: UUID, taxonomy: str, code: str) -> dict[str, Any]:
    term = {
        "id": str(uuid5(key, f"term:{taxonomy}:{code}")),
        "code": code,
        "name": code,
        "description": code,
        "taxonomy": taxonomy,
    }
    return {"id": str(uuid5(key, f"attribute:{taxonomy}:{code}")), "link_id": str(key), "taxonomy_term": term}


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty: an optional property is absent rather than blank."""
    return {name: value for name, value in values.items() if value not in ("", None, [])}
