"""One line of a file of the social map, whatever the file: checked as a whole, each mistake with its place."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from app.activities.schemas import AccessWord
from app.organisations.models import OrganisationKind
from app.people.phone import TypedPhone
from app.places.postcodes import TypedPostcode
from app.privacy import bsn
from app.schemas import Slug
from app.social_map.models import ProvisionStatus
from app.social_map.schemas import Website, Words
from app.text import Email, Line, Name, Typed

KINDS: Final[dict[str, OrganisationKind]] = {
    "welzijn": OrganisationKind.WELFARE,
    "zorg": OrganisationKind.CARE,
    "vrijwilligers": OrganisationKind.VOLUNTEERS,
    "vereniging": OrganisationKind.CLUB,
    "school": OrganisationKind.SCHOOL,
    "werkgever": OrganisationKind.EMPLOYER,
    "bibliotheek": OrganisationKind.LIBRARY,
}
STATES: Final[dict[str, ProvisionStatus]] = {
    "actief": ProvisionStatus.ACTIVE,
    "tijdelijk-dicht": ProvisionStatus.CLOSED_FOR_NOW,
    "gestopt": ProvisionStatus.ENDED,
}
MOST_SAID: Final = 60


def _among(known: Mapping[str, Any]) -> BeforeValidator:
    def read(word: Any) -> Any:
        if isinstance(word, str) and word.strip().lower() in known:
            return known[word.strip().lower()]
        raise ValueError(f"none of {', '.join(known)}")

    return BeforeValidator(read)


def _code(typed: Any) -> Any:
    """GM1771 or 1771."""
    digits = str(typed).strip().upper().removeprefix("GM")
    if digits.isascii() and digits.isdigit() and 0 < len(digits) <= 4:
        return int(digits)
    raise ValueError("no municipality code such as GM1771")


Code = Annotated[int, BeforeValidator(_code)]


class MapLine(BaseModel):
    """A provision with its organisation, named as in the CSV file; an empty cell is left out."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    sleutel: Annotated[str, Typed(80)] | None = None
    organisatie_sleutel: Annotated[str, Typed(80)] | None = None
    organisatie: Name
    soort: Annotated[OrganisationKind, _among(KINDS)] = OrganisationKind.WELFARE
    over_organisatie: Annotated[str, Typed(1000, lines=True)] | None = None
    organisatie_telefoon: TypedPhone | None = None
    organisatie_email: Email | None = None
    organisatie_website: Website | None = None
    gemeente: Code | None = None
    naam: Line
    toelichting: Annotated[str, Typed(4000, lines=True)]
    doelgroep: Words | None = None
    aanmelden: Words | None = None
    categorieen: Annotated[list[Slug], Field(min_length=1, max_length=12)]
    plek: Line | None = None
    adres: Line | None = None
    postcode: TypedPostcode | None = None
    ook_voor: Annotated[list[Code], Field(max_length=60)] = []
    telefoon: TypedPhone | None = None
    email: Email | None = None
    website: Website | None = None
    openingstijden: Words | None = None
    prijs: Line | None = None
    toegang: list[AccessWord] = []
    stand: Annotated[ProvisionStatus, _among(STATES)] = ProvisionStatus.ACTIVE
    nagekeken_op: date | None = None


COLUMNS: Final = tuple(MapLine.model_fields)
LISTS: Final = frozenset({"categorieen", "ook_voor", "toegang"})
"""In CSV their parts stand between bars."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at a place of the file (a line, or the number of a service), in which field; ``code`` is for who
    says it in their own words."""

    at: str
    field: str
    why: str
    code: str = "wrong"

    def __str__(self) -> str:
        return f"{self.at}: {self.field}: {self.why}" if self.field else f"{self.at}: {self.why}"


@dataclass(slots=True)
class Parsed:
    """The lines of a file by their place, what is wrong with it, and what it says that has no place here."""

    lines: list[tuple[str, MapLine]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)

    def take(self, at: str, cells: Mapping[str, Any]) -> None:
        """Check one line; each mistake is noted."""
        given = {name: value for name, value in cells.items() if value not in ("", None, [])}
        try:
            line = MapLine.model_validate(given)
        except ValidationError as wrong:
            for error in wrong.errors(include_url=False):
                name = str(error["loc"][0]) if error["loc"] else ""
                code = "missing" if error["type"] == "missing" else "wrong"
                self.faults.append(Fault(at, name, _why(error, given.get(name)), code))
            return
        private = [
            name for name, value in given.items() if isinstance(value, str) and _may_be_bsn(name, value)
        ]
        self.faults += [Fault(at, name, "may hold a citizen service number (BSN)", "bsn") for name in private]
        if not private:
            self.lines.append((at, line))


def _may_be_bsn(name: str, value: str) -> bool:
    return "telefoon" not in name and "sleutel" not in name and bsn.find(value) is not None


def _why(error: Any, value: Any) -> str:
    said = str(error["msg"]).removeprefix("Value error, ")
    if error["type"] == "missing":
        return "missing"
    return f"{said} ({str(value)[:MOST_SAID]!a})"
