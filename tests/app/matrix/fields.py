"""What is told about two people, where it can be recognised, and who reads it: `docs/who-sees-what.md`."""

from collections.abc import Mapping
from datetime import date
from functools import cache

from tests.databases import ROOT

PAGE = ROOT / "docs" / "who-sees-what.md"
THIS_YEAR = date.today().year  # noqa: DTZ011 - an age is told in years
OF_RIA: dict[str, tuple[str, ...]] = {
    "surname": ("geheimenaar",),
    "telephone": ("12349876", "12 34 98 76"),
    "mail": ("ria.geheim@",),
    "street": ("verborgenlaan",),
    "message": ("dat doe ik graag",),
    "request": ("een sleutel onder de mat",),
    "report": ("hij dreigde",),
    "file": ("blauwe plekken",),
    "postcode": ("5664 xz", "5664xz"),
    "age": ('value="1931"', '"geboortejaar":1931', f"geheimenaar, {THIS_YEAR - 1931}"),
    "booking": ("voor de gladiolen",),
    "note": ("klonk verdrietig",),
    "check": ("19012345602",),
}
"""What stands in the rows about Ria and nobody else, by field, as pages and programs write it."""
OF_TONNIE: dict[str, tuple[str, ...]] = {
    "surname": ("stilstaander",),
    "telephone": ("67891234", "67 89 12 34"),
    "mail": ("tonnie.geheim@",),
    "street": ("achterafpad",),
    "postcode": ("5708 xz", "5708xz"),
    "age": ('value="1929"', '"geboortejaar":1929', f"stilstaander, {THIS_YEAR - 1929}"),
    "check": ("19012345601",),
}
"""The same of Tonnie, who helps her."""


def found_in(text: str, signs: Mapping[str, tuple[str, ...]] = OF_RIA) -> set[str]:
    """Which fields an answer shows: of Ria, unless another's are given."""
    lower = text.lower()
    return {field for field, written in signs.items() if any(sign in lower for sign in written)}


@cache
def table(title: str = "What is the asker's") -> dict[str, dict[str, str]]:
    """By who looks: each field with ``yes``, ``no`` or ``reason``."""
    part = PAGE.read_text(encoding="utf-8").split(f"## {title}\n")[1].split("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("| ")]
    fields = [cell.strip() for cell in lines[0].strip("|").split("|")][2:]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]
    return {row[0]: dict(zip(fields, row[2:], strict=True)) for row in rows}


def kept_from(who: str) -> set[str]:
    """Which of Ria's fields nobody of this kind reads, with a reason or without; all that the table does not name."""
    told = table().get(who, {})
    return {field for field in OF_RIA if told.get(field, "no") == "no"}
