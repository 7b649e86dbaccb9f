"""Bringing a file onto the social map, whole or not at all, and writing the map to one."""

from codecs import BOM_UTF8
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.access.actor import VISITOR, Actor
from app.access.policy import require, visible
from app.access.roles import Permission
from app.activities.models import mask_of, words_in
from app.categories import service as categories
from app.errors import DomainError
from app.ids import uuid7
from app.organisations.models import Organisation
from app.places import service as places
from app.social_map import csv_file, hsds
from app.social_map.lines import KINDS, STATES, Fault, MapLine, Parsed
from app.social_map.models import Provision

KIND_WORDS: Final = {kind: word for word, kind in KINDS.items()}
STATE_WORDS: Final = {state: word for word, state in STATES.items()}
NEW, CHANGED, SAME = "new", "changed", "same"
NOT_OURS: Final = "of another municipality"
MOST_AT_ONCE: Final = 1_000
"""Lines that a desk brings in one go; a larger file is the command's, which nobody waits for."""


class Rehearsed(Exception):
    """Ends a dry run: everything was done, and nothing is kept."""


@dataclass(slots=True)
class Report:
    """What became of each line. With a fault nothing was loaded."""

    done: list[tuple[str, str, str]] = field(default_factory=list)
    """Place, what happened, and the name."""
    faults: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)

    def count(self, what: str) -> int:
        """How many lines came to this."""
        return sum(1 for _, happened, _ in self.done if happened == what)


def parsed(path: Path, otherwise: str = "") -> Parsed:
    """The file by its name: ``.json`` is HSDS, anything else CSV."""
    try:
        if path.stat().st_size > hsds.LARGEST_FILE_BYTES:
            return Parsed(faults=[Fault(path.name, "", "the file is too large", "too-large")])
        content = path.read_bytes()
    except OSError as wrong:
        return Parsed(faults=[Fault(path.name, "", f"cannot be read: {wrong}", "unreadable")])
    if path.suffix.lower() == ".json":
        return hsds.read(path.name, content, otherwise)
    return csv_file.read(path.name, content)


def bring(
    session: Session,
    actor: Actor,
    municipality_id: int,
    content: bytes,
    *,
    otherwise: str = "",
    rehearsal: bool,
) -> Report:
    """A file that the desk brings for its own municipality, by what it looks like: HSDS begins with a bracket or brace.

    Whole or not at all, as ``load``; a line of another municipality is a fault, and so is what comes after
    ``MOST_AT_ONCE`` lines. Raises Forbidden.
    """
    require(actor, Permission.KEEP_SOCIAL_MAP, municipality_id)
    # two at once with one file: the second finds what the first has made
    turn = func.pg_advisory_xact_lock(func.hashtextextended("social map", municipality_id))
    session.execute(select(turn))
    if content.removeprefix(BOM_UTF8).lstrip()[:1] in (b"{", b"["):
        read = hsds.read("kaart.json", content, otherwise)
    else:
        read = csv_file.read("kaart.csv", content)
    if len(read.lines) > MOST_AT_ONCE:
        at, _ = read.lines[MOST_AT_ONCE]
        read.faults.append(Fault(at, "", f"more than {MOST_AT_ONCE} lines", "too-many"))
        del read.lines[MOST_AT_ONCE:]
    return load(session, read, dry_run=rehearsal, only=municipality_id)


def load(session: Session, read: Parsed, *, dry_run: bool = False, only: int | None = None) -> Report:
    """Bring all lines onto the map, or none: one fault, or a dry run, and nothing is kept.

    The session reaches every municipality (the worker's), or ``only`` the one whose lines these have to be. What is on
    the map and not in the file stays.
    """
    report = Report(faults=list(read.faults), notes=list(read.notes))
    try:
        with session.begin_nested():
            loader = _Loader(session, report, only)
            for at, line in read.lines:
                loader.take(at, line)
            if report.faults or dry_run:
                raise Rehearsed
    except Rehearsed:
        session.expire_all()
    return report


class _Loader:
    """Puts lines on the map one by one, and notes what became of each."""

    def __init__(self, session: Session, report: Report, only: int | None) -> None:
        self.session, self.report, self.only = session, report, only
        self.numbers = {row.slug: row.number for row in categories.every(session)}
        self.joined = {row.id for row in places.joined(session)}
        self.seen: dict[UUID, str] = {}

    def take(self, at: str, line: MapLine) -> None:
        """One line; what is wrong with it is noted, and the next is looked at."""
        before = len(self.report.faults)
        municipality_id = self._municipality(at, line)
        for slug in sorted(set(line.categorieen) - self.numbers.keys()):
            self._blame(at, "categorieen", f"no such category ({slug})", "unknown-category")
        for code in sorted(set(line.ook_voor) - self.joined):
            self._blame(at, "ook_voor", f"takes no part here ({code})", "outside")
        if municipality_id is not None and self.only not in (None, municipality_id):
            self._blame(at, "postcode" if line.postcode else "gemeente", NOT_OURS, "not-ours")
        if len(self.report.faults) > before or municipality_id is None:
            return
        flag = self._known_organisation(line, municipality_id)
        if flag is not None and self.only not in (None, flag.municipality_id):
            self._blame(at, "organisatie_sleutel", NOT_OURS, "not-ours")
            return
        flag, was = self._organisation(flag, line, municipality_id)
        self._provision(at, line, flag, was)

    def _municipality(self, at: str, line: MapLine) -> int | None:
        """From the column, else from the postcode."""
        if line.postcode is not None:
            try:
                place = places.place_of(self.session, line.postcode, line.gemeente)
            except DomainError as refusal:
                code = "spans-two" if isinstance(refusal, places.SpansTwo) else "postcode-outside"
                self._blame(at, "postcode", f"{refusal.code}: {line.postcode}", code)
                return None
            return line.gemeente if line.gemeente in self.joined else place.municipality_id
        if line.gemeente is None:
            self._blame(at, "gemeente", "missing: there is no postcode either", "missing")
        elif line.gemeente not in self.joined:
            self._blame(at, "gemeente", f"takes no part here ({line.gemeente})", "outside")
        else:
            return line.gemeente
        return None

    def _organisation(
        self, row: Organisation | None, line: MapLine, municipality_id: int
    ) -> tuple[Organisation, str]:
        was = SAME
        if row is None:
            row = Organisation(
                id=uuid7(),
                municipality_id=municipality_id,
                name=line.organisatie,
                kind=line.soort,
                description="",
                phone="",
                website="",
                external_id=line.organisatie_sleutel or "",
            )
            self.session.add(row)
            was = NEW
        about = {
            "description": line.over_organisatie,
            "phone": line.organisatie_telefoon,
            "email": line.organisatie_email,
            "website": line.organisatie_website,
        }
        given = {name: value for name, value in about.items() if value}  # an empty cell changes nothing
        if _changes(row, given) and was == SAME:
            was = CHANGED
        self.session.flush()
        return row, was

    def _known_organisation(self, line: MapLine, municipality_id: int) -> Organisation | None:
        """By its key, which may be ours, else by its name in the same municipality."""
        clauses: list[ColumnElement[bool]] = [
            and_(Organisation.municipality_id == municipality_id, Organisation.name == line.organisatie)
        ]
        if line.organisatie_sleutel:
            clauses.insert(0, Organisation.external_id == line.organisatie_sleutel)
            if (key := _uuid(line.organisatie_sleutel)) is not None:
                clauses.insert(0, Organisation.id == key)
        for clause in clauses:
            query = select(Organisation).where(
                clause, visible(VISITOR, Permission.SEE_ORGANISATIONS, Organisation)
            )
            row = self.session.scalars(query.limit(1)).first()
            if row is not None:
                return row
        return None

    def _provision(self, at: str, line: MapLine, flag: Organisation, was: str) -> None:
        row = self._known_provision(line, flag)
        if row is not None and row.id in self.seen:
            why = f"stands at {self.seen[row.id]} as well"
            self._blame(at, "sleutel" if line.sleutel else "naam", why, "twice")
            return
        values = self._values(line)
        if row is None:
            happened = NEW
            row = Provision(id=uuid7(), municipality_id=flag.municipality_id, organisation_id=flag.id,
                            external_id=line.sleutel or "", **values)  # fmt: skip
            self.session.add(row)
        else:
            happened = CHANGED if _changes(row, values) or was == CHANGED else SAME
        self.session.flush()
        self.seen[row.id] = at
        self.report.done.append((at, happened, f"{line.naam} ({flag.name})"))

    def _known_provision(self, line: MapLine, flag: Organisation) -> Provision | None:
        """By its key, which may be ours; without one by its name."""
        if line.sleutel is None:
            by = Provision.name == line.naam
        else:
            key = _uuid(line.sleutel)
            by = Provision.external_id == line.sleutel
            by = or_(by, Provision.id == key) if key is not None else by
        query = select(Provision).where(
            visible(VISITOR, Permission.KEEP_SOCIAL_MAP, Provision), Provision.organisation_id == flag.id, by
        )
        return self.session.scalars(query.order_by(Provision.id).limit(1)).first()

    def _values(self, line: MapLine) -> dict[str, Any]:
        return {
            "name": line.naam,
            "body": line.toelichting,
            "audience": line.doelgroep or "",
            "how": line.aanmelden or "",
            "category_numbers": sorted({self.numbers[slug] for slug in line.categorieen}),
            "venue": line.plek or "",
            "address": line.adres or "",
            "pc4": line.postcode.pc4 if line.postcode else None,
            "serves": sorted(set(line.ook_voor)),
            "phone": line.telefoon or "",
            "email": line.email or "",
            "website": line.website or "",
            "opening_hours": line.openingstijden or "",
            "cost": line.prijs or "",
            "access": mask_of(line.toegang),
            "status": line.stand,
            "checked_on": line.nagekeken_op,
        }

    def _blame(self, at: str, name: str, why: str, code: str) -> None:
        self.report.faults.append(Fault(at, name, why, code))


def _changes(row: Organisation | Provision, values: dict[str, Any]) -> bool:
    """Write the values that differ; whether there were any. A list in another order is the same list."""
    differing = {name: value for name, value in values.items() if _settled(getattr(row, name)) != value}
    for name, value in differing.items():
        setattr(row, name, value)
    return bool(differing)


def _settled(value: Any) -> Any:
    return sorted(value) if isinstance(value, list) else value


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def rows(session: Session, municipality_ids: Iterable[int]) -> list[dict[str, Any]]:
    """Every provision of these municipalities as a line of a file, in a lasting order."""
    slugs = {row.number: row.slug for row in categories.every(session)}
    query = (
        select(Provision)
        .where(
            visible(VISITOR, Permission.KEEP_SOCIAL_MAP, Provision),
            Provision.municipality_id.in_(sorted(municipality_ids)),
        )
        .options(
            joinedload(Provision.organisation),
            joinedload(Provision.neighbourhood),
            joinedload(Provision.municipality),
        )
        .order_by(Provision.municipality_id, Provision.organisation_id, Provision.name, Provision.id)
    )
    return [_row(row, slugs) for row in session.scalars(query)]


def _row(row: Provision, slugs: dict[int, str]) -> dict[str, Any]:
    flag = row.organisation
    return {
        "id": row.id,
        "organisatie_id": flag.id,
        "plaats": row.neighbourhood.place if row.neighbourhood else "",
        "provincie": row.municipality.province,
        "sleutel": row.external_id or str(row.id),
        "organisatie_sleutel": flag.external_id or str(flag.id),
        "organisatie": flag.name,
        "soort": KIND_WORDS[flag.kind],
        "over_organisatie": flag.description,
        "organisatie_telefoon": flag.phone,
        "organisatie_email": flag.email,
        "organisatie_website": flag.website,
        "gemeente": f"GM{row.municipality_id:04}",
        "naam": row.name,
        "toelichting": row.body,
        "doelgroep": row.audience,
        "aanmelden": row.how,
        "categorieen": [slugs[number] for number in row.category_numbers],
        "plek": row.venue,
        "adres": row.address,
        "postcode": str(row.pc4 or ""),
        "ook_voor": [f"GM{code:04}" for code in row.serves],
        "telefoon": row.phone,
        "email": row.email,
        "website": row.website,
        "openingstijden": row.opening_hours,
        "prijs": row.cost,
        "toegang": words_in(row.access),
        "stand": STATE_WORDS[row.status],
        "nagekeken_op": row.checked_on.isoformat() if row.checked_on else "",
    }


def written(session: Session, path: Path, municipality_ids: Iterable[int]) -> tuple[str, int]:
    """The map as a file by its name, with how many provisions are in it."""
    lines = rows(session, municipality_ids)
    if path.suffix.lower() == ".json":
        return hsds.written(lines, {row.id: row.name for row in places.joined(session)}), len(lines)
    return csv_file.written(lines), len(lines)
