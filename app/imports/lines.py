"""A file of lines, read into schemas one by one: what is right, and line, column and reason of what is not.

Pure: no database. Lines are counted as a spreadsheet counts them, the head being the first.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from typing import Annotated, Any, Final, Generic, TypeVar

from pydantic import BaseModel, Field, ValidationError

from app.organisations.models import OrganisationKind
from app.people.phone import TypedPhone
from app.people.service import NewPerson
from app.schemas import Incoming, Slug, Whole
from app.social_map.schemas import Website
from app.text import Email, Line, Typed

M = TypeVar("M", bound=BaseModel)
LINES_MAX: Final = 150_000
LONGEST: Final = 2_000
"""Characters in one cell."""
HEAD: Final = "kop"


class NotAFile(ValueError):
    """These bytes are no lines with the columns that are needed."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one line; never what stands in it."""

    line: int
    column: str
    code: str


@dataclass(frozen=True, slots=True)
class Right(Generic[M]):
    """A line that can be used."""

    line: int
    value: M


class PersonLine(NewPerson):
    """Somebody, as they stand in another register."""


class OrganisationLine(Incoming):
    """An organisation; ``sleutel`` is its key in the register that it comes from."""

    key: Annotated[Annotated[str, Typed(80)], Field(alias="sleutel")]
    name: Annotated[Line, Field(alias="naam")]
    kind: Annotated[OrganisationKind, Field(alias="soort")]
    description: Annotated[Annotated[str, Typed(1000)] | None, Field(alias="omschrijving")] = None
    phone: Annotated[TypedPhone | None, Field(alias="telefoon")] = None
    website: Website | None = None
    email: Email | None = None


class OfferLine(Incoming):
    """What somebody does for others, by their e-mail address; it stays a draft until they say yes themselves."""

    email: Email
    category: Annotated[Slug, Field(alias="categorie")]
    title: Annotated[Line, Field(alias="titel")]
    body: Annotated[Annotated[str, Typed(2000)] | None, Field(alias="toelichting")] = None
    radius_km: Annotated[Annotated[Whole, Field(ge=1, le=50)], Field(alias="km")] = 5
    minutes_per_week: Annotated[Annotated[Whole, Field(ge=15, le=2400)], Field(alias="minutenPerWeek")] = 120


NEEDED: Final[dict[type[BaseModel], tuple[str, ...]]] = {
    PersonLine: ("voornaam", "postcode"),
    OrganisationLine: ("sleutel", "naam", "soort"),
    OfferLine: ("email", "categorie", "titel"),
}
COLUMNS: Final[dict[type[BaseModel], tuple[str, ...]]] = {
    PersonLine: (
        "voornaam", "achternaam", "postcode", "huisnummer", "telefoon", "email", "geboortejaar",
    ),
    OrganisationLine: ("sleutel", "naam", "soort", "omschrijving", "telefoon", "website", "email"),
    OfferLine: ("email", "categorie", "titel", "toelichting", "km", "minutenPerWeek"),
}  # fmt: skip


def read(content: bytes, model: type[M]) -> Iterator[Right[M] | Fault]:
    """Each line, right or wrong. Raises NotAFile at once where the head or the whole cannot be read."""
    text = _decoded(content)
    head = text.split("\n", 1)[0]
    rows = csv.reader(StringIO(text), delimiter=";" if head.count(";") >= head.count(",") else ",")
    try:
        names = _columns(next(rows, []), model)
    except csv.Error:
        raise NotAFile("no-text") from None
    return _lines(rows, names, model)


def _decoded(content: bytes) -> str:
    if b"\x00" in content:
        raise NotAFile("no-text")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _columns(head: list[str], model: type[BaseModel]) -> list[str]:
    known = {name.lower(): name for name in COLUMNS[model]}
    names = [known.get(name.strip().lower(), "") for name in head]
    named = [name for name in names if name]
    if not set(NEEDED[model]) <= set(named):
        raise NotAFile("columns-missing")
    if len(named) != len(set(named)):
        raise NotAFile("columns-twice")
    return names


def _lines(rows: Iterator[list[str]], names: list[str], model: type[M]) -> Iterator[Right[M] | Fault]:
    number = 1
    while True:
        number += 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error:
            yield Fault(number, "", "unreadable")
            continue
        if number > LINES_MAX:
            yield Fault(number, "", "too-many")
            return
        if any(cell.strip() for cell in row):
            yield _line(number, row, names, model)


def _line(number: int, row: list[str], names: list[str], model: type[M]) -> Right[M] | Fault:
    if len(row) > len(names):
        return Fault(number, "", "too-many-cells")
    typed = {name: cell.strip() for name, cell in zip(names, row, strict=False) if name and cell.strip()}
    long = next((name for name, cell in typed.items() if len(cell) > LONGEST), None)
    if long is not None:
        return Fault(number, long, "too-long")
    try:
        return Right(number, model.model_validate(typed))
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        return Fault(number, str(first["loc"][0]) if first["loc"] else "", _reason(first))


def _reason(error: Any) -> str:
    return "missing" if error["type"] == "missing" else "wrong"
