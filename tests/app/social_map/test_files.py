"""The social map from and to files: whole or not at all, each line told, and back as it went."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.access.actor import system
from app.db import scope_to
from app.social_map import files, search
from app.social_map.files import CHANGED, NEW, SAME
from app.social_map.lines import COLUMNS
from app.social_map.search import Wanted

LINE: dict[str, str] = {
    "sleutel": "F1",
    "organisatie_sleutel": "O1",
    "organisatie": "Taalhuis De Letterbrug",
    "soort": "welzijn",
    "over_organisatie": "Wij helpen met taal.",
    "organisatie_telefoon": "040 285 4030",
    "organisatie_email": "taal@voorbeeld.nl",
    "organisatie_website": "www.voorbeeld.nl",
    "naam": "Formulierenhulp",
    "toelichting": "Samen uw post en formulieren bekijken. Neem de brief mee.",
    "doelgroep": "Iedereen",
    "aanmelden": "Loop binnen",
    "categorieen": "post-formulieren-en-toeslagen|schulden-en-rekeningen",
    "plek": "Bibliotheek",
    "adres": "Heggestraat 40",
    "postcode": "5664 HJ",
    "ook_voor": "GM0794",
    "openingstijden": "Dinsdag, 10.00 tot 12.00 uur",
    "prijs": "Gratis",
    "toegang": "rolstoel|toilet",
    "stand": "actief",
    "nagekeken_op": "2026-03-03",
}


def reaching(session: Session) -> Session:
    """As the command does: the worker's reach."""
    scope_to(session, system(frozenset({1771, 794, 772})).scope)
    return session


def a_csv(folder: Path, *lines: dict[str, str]) -> Path:
    path = folder / "kaart.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(LINE | line for line in lines)
    return path


def loaded(session: Session, path: Path, **options: Any) -> files.Report:
    return files.load(reaching(session), files.parsed(path), **options)


def names(session: Session) -> list[str]:
    return [row.name for row in search.shown(session, Wanted()).rows]


def test_a_file_is_loaded_and_each_line_told(session: Session, tmp_path: Path) -> None:
    second = {"sleutel": "F2", "naam": "Taalcafé", "categorieen": "nederlands-oefenen-lezen-en-schrijven"}

    report = loaded(session, a_csv(tmp_path, {}, second))

    assert report.done == [
        ("kaart.csv:2", NEW, "Formulierenhulp (Taalhuis De Letterbrug)"),
        ("kaart.csv:3", NEW, "Taalcafé (Taalhuis De Letterbrug)"),
    ]
    assert names(session) == ["Formulierenhulp", "Taalcafé"]


def test_one_wrong_line_and_nothing_is_loaded_and_each_mistake_has_its_line(
    session: Session, tmp_path: Path
) -> None:
    path = a_csv(
        tmp_path, {}, {"sleutel": "F2", "naam": "", "telefoon": "12"}, {"sleutel": "F3", "categorieen": "bestaat-niet"},
        {"sleutel": "F4", "postcode": "9999 ZZ"}, {"sleutel": "F5", "stand": "misschien"},
        {"sleutel": "F6", "toelichting": "Bel met uw bsn 111222333 bij de hand."}, {"naam": "Nog eens F1"},
    )  # fmt: skip

    report = loaded(session, path)

    assert names(session) == []
    assert sorted({(fault.at, fault.field) for fault in report.faults}) == [
        ("kaart.csv:3", "naam"), ("kaart.csv:3", "telefoon"), ("kaart.csv:4", "categorieen"),
        ("kaart.csv:5", "postcode"), ("kaart.csv:6", "stand"), ("kaart.csv:7", "toelichting"),
        ("kaart.csv:8", "sleutel"),
    ]  # fmt: skip


def test_a_dry_run_tells_the_same_and_keeps_nothing(session: Session, tmp_path: Path) -> None:
    path = a_csv(tmp_path, {})

    tried = loaded(session, path, dry_run=True)
    before = names(session)
    kept = loaded(session, path)

    assert (tried.done, before) == (kept.done, [])


def test_the_same_file_again_changes_nothing_and_another_word_changes_one(
    session: Session, tmp_path: Path
) -> None:
    second = {"sleutel": "F2", "naam": "Taalcafé"}
    loaded(session, a_csv(tmp_path, {}, second))

    again = loaded(session, a_csv(tmp_path, {}, second))
    changed = loaded(session, a_csv(tmp_path, {}, second | {"prijs": "1 euro"}))

    assert [happened for _, happened, _ in again.done] == [SAME, SAME]
    assert [happened for _, happened, _ in changed.done] == [SAME, CHANGED]


@pytest.mark.parametrize("name", ["uit.csv", "uit.json"])
def test_what_was_written_is_read_back_as_the_same(session: Session, tmp_path: Path, name: str) -> None:
    loaded(
        session, a_csv(tmp_path, {}, {"sleutel": "", "naam": "Zonder sleutel", "toegang": "", "ook_voor": ""})
    )
    for row in search.shown(session, Wanted()).rows:  # their order says nothing
        row.category_numbers = row.category_numbers[::-1]
    out = tmp_path / name

    text, count = files.written(session, out, {1771})
    out.write_text(text, encoding="utf-8", newline="")
    report = loaded(session, out)

    assert count == 2
    assert report.faults == []
    assert [happened for _, happened, _ in report.done] == [SAME, SAME]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a;b\n", "organisatie: a column is missing"),
        ("", "column is missing"),
        ('sleutel,"open\n', "quote"),
    ],
)
def test_what_is_no_such_file_is_refused_with_a_reason(
    session: Session, tmp_path: Path, text: str, why: str
) -> None:
    path = tmp_path / "kaart.csv"
    path.write_text(text, encoding="utf-8")

    report = loaded(session, path)

    assert any(why in str(fault) for fault in report.faults)
    assert report.done == []


def a_service(**changes: Any) -> dict[str, Any]:
    """As another program writes one, by the specification."""
    service = {
        "id": "ac148810-d857-441c-9679-408f346de14b",
        "name": "Eettafel",
        "description": "Samen eten op woensdag.",
        "status": "active",
        "organization": {"id": "0fdfb57f-c147-4cfb-864c-44788a335d8c", "name": "De Volle Pan", "description": "Eten"},
        "phones": [{"id": "p", "number": "040 285 4030"}],
        "schedules": [{"id": "s", "description": "Woensdag 17.30 uur"}],
        "service_at_locations": [
            {
                "id": "l",
                "location": {
                    "id": "x",
                    "location_type": "physical",
                    "name": "Dorpshuis",
                    "addresses": [
                        {"id": "a", "address_1": "Markt 1", "city": "Mierlo", "state_province": "Noord-Brabant",
                         "postal_code": "5731 AA", "country": "NL", "address_type": "physical"}
                    ],
                    "accessibility": [{"id": "b", "description": "rolstoel"}, {"id": "c", "description": "ramp"}],
                },
            }
        ],
        "attributes": [
            {"id": "t", "taxonomy_term": {"id": "u", "taxonomy": "openeligibility", "code": "1102", "name": "Food",
                                          "description": "Food"}}
        ],
    }  # fmt: skip
    return service | changes


def test_services_of_another_program_come_in_and_what_has_no_place_is_said(
    session: Session, tmp_path: Path
) -> None:
    path = tmp_path / "services.json"
    path.write_text(json.dumps({"contents": [a_service()]}), encoding="utf-8")

    without = files.load(reaching(session), files.parsed(path))
    report = files.load(reaching(session), files.parsed(path, "samen-eten-of-koken"))

    assert [(fault.at, fault.field) for fault in without.faults] == [
        ("services.json: service 1", "categorieen")
    ]
    assert report.done == [("services.json: service 1", NEW, "Eettafel (De Volle Pan)")]
    assert any("ramp" in str(note) for note in report.notes)
    assert any("1102" in str(note) for note in report.notes)
    row = search.shown(session, Wanted(typed="eten")).rows[0]
    assert (row.venue, row.address, row.pc4, row.access) == ("Dorpshuis", "Markt 1", 5731, 1)


def test_what_is_written_has_all_that_the_specification_requires(session: Session, tmp_path: Path) -> None:
    loaded(session, a_csv(tmp_path, {}))
    text, _ = files.written(session, tmp_path / "uit.json", {1771})

    page = json.loads(text)
    (service,) = page["contents"]
    location = service["service_at_locations"][0]["location"]

    assert {"id", "name", "status"} <= service.keys()
    assert {"id", "name", "description"} <= service["organization"].keys()
    assert {"id", "location_type"} <= location.keys()
    assert {
        "id", "address_1", "city", "state_province", "postal_code", "country", "address_type"
    } <= location["addresses"][0].keys()  # fmt: skip
    assert service["status"] == "active"
    assert {
        "total_items",
        "total_pages",
        "page_number",
        "size",
        "first_page",
        "last_page",
        "empty",
    } <= page.keys()
