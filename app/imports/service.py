"""Reading a file for one municipality: a rehearsal tells what would happen, the real reading does just that."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import ARRAY, Text, any_, func, insert, literal, select
from sqlalchemy.dialects.postgresql import CITEXT
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import found, require, visible
from app.access.roles import Permission
from app.categories.models import Category
from app.categories.vocabulary import ALL_DAYTIME, Unpaid
from app.db import Base
from app.help_offers.models import HelpOffer, Status
from app.ids import uuid7
from app.imports.lines import Fault, OfferLine, OrganisationLine, PersonLine, Right, read
from app.imports.models import ImportKind, ImportRun
from app.organisations.models import Organisation
from app.people.models import Contact, Membership, MembershipKind, Person
from app.places.models import Neighbourhood, NeighbourhoodSpan

T = TypeVar("T")
FAULTS_KEPT: Final = 5_000
AT_ONCE: Final = 500
SHOWN: Final = 20


@dataclass(slots=True)
class Reading:
    """One file as it is read."""

    session: Session
    actor: Actor
    municipality_id: int
    rehearsal: bool
    lines: int = 0
    taken_over: int = 0
    known_already: int = 0
    faults: list[Fault] = field(default_factory=list)

    def wrong(self, fault: Fault) -> None:
        """A line that is left out."""
        self.faults.append(fault)


def run(
    session: Session, actor: Actor, municipality_id: int, kind: ImportKind, content: bytes, *, rehearsal: bool
) -> ImportRun:
    """Read a file. Raises Forbidden, and NotAFile for what cannot be read at all; a wrong line stops nothing."""
    require(actor, Permission.CHANGE_SETTINGS, municipality_id)
    reading = Reading(session, actor, municipality_id, rehearsal)
    _KINDS[kind](reading, content)
    row = ImportRun(
        id=uuid7(),
        municipality_id=municipality_id,
        made_by_id=actor.person_id,
        kind=kind,
        fingerprint=sha256(content).hexdigest(),
        is_rehearsal=rehearsal,
        lines=reading.lines,
        taken_over=reading.taken_over,
        known_already=reading.known_already,
        faults=[[one.line, one.column, one.code] for one in sorted(reading.faults, key=lambda one: one.line)][
            :FAULTS_KEPT
        ],
    )
    session.add(row)
    session.flush()
    return row


def listed(session: Session, actor: Actor, municipality_id: int) -> list[ImportRun]:
    """What was read before, the newest first. Raises Forbidden."""
    require(actor, Permission.CHANGE_SETTINGS, municipality_id)
    query = (
        select(ImportRun)
        .where(
            visible(actor, Permission.CHANGE_SETTINGS, ImportRun),
            ImportRun.municipality_id == municipality_id,
        )
        .order_by(ImportRun.made_at.desc(), ImportRun.id.desc())
        .limit(SHOWN)
    )
    return list(session.scalars(query))


def get(session: Session, actor: Actor, id: UUID) -> ImportRun:
    """One reading with its faults; NotFound."""
    query = select(ImportRun).where(visible(actor, Permission.CHANGE_SETTINGS, ImportRun), ImportRun.id == id)
    return found(session.scalars(query).one_or_none())


def _people(reading: Reading, content: bytes) -> None:
    session = reading.session
    near = {row.pc4: row.cell for row in session.scalars(_neighbourhoods(reading.municipality_id))}
    seen: set[tuple[str, ...]] = set()
    good: list[Right[PersonLine]] = []
    for line in read(content, PersonLine):
        reading.lines += 1
        if isinstance(line, Fault):
            reading.wrong(line)
        elif line.value.postcode.pc4 not in near:
            reading.wrong(Fault(line.line, "postcode", "elsewhere"))
        elif (who := _who(line.value)) in seen:
            reading.wrong(Fault(line.line, "", "twice"))
        else:
            seen |= {who, _house(line.value)}
            good.append(line)
    known = _known(reading, [line.value for line in good])
    new = [line.value for line in good if _who(line.value) not in known]
    reading.known_already += len(good) - len(new)
    if reading.rehearsal:
        reading.taken_over += len(new)
        return
    for some in _by_some(new):
        _add_people(reading, some, near)


def _by_some(lines: Sequence[T]) -> Iterator[Sequence[T]]:
    """So many at once as one statement takes."""
    return (lines[start : start + AT_ONCE] for start in range(0, len(lines), AT_ONCE))


def _neighbourhoods(municipality_id: int) -> Any:
    spans = select(NeighbourhoodSpan.pc4).where(NeighbourhoodSpan.municipality_id == municipality_id)
    return select(Neighbourhood).where(
        (Neighbourhood.municipality_id == municipality_id) | Neighbourhood.pc4.in_(spans)
    )


def _who(line: PersonLine) -> tuple[str, ...]:
    """By what one person is told from another: an address of one's own, else name and house."""
    return (line.email.casefold(),) if line.email else _house(line)


def _house(line: PersonLine) -> tuple[str, ...]:
    parts = (line.first_name, line.last_name or "", str(line.postcode), line.house_number or "")
    return tuple(part.casefold() for part in parts)


def _add_people(reading: Reading, some: Sequence[PersonLine], near: dict[int, int]) -> None:
    try:
        with reading.session.begin_nested():
            _insert(reading.session, reading.municipality_id, some, near)
        reading.taken_over += len(some)
    except IntegrityError:
        # somebody of these is registered in another municipality, which this one may not see
        for one in some:
            _insert_one(reading, one, near)


def _insert_one(reading: Reading, person: PersonLine, near: dict[int, int]) -> None:
    try:
        with reading.session.begin_nested():
            _insert(reading.session, reading.municipality_id, [person], near)
        reading.taken_over += 1
    except IntegrityError:
        reading.known_already += 1


def _known(reading: Reading, people: Sequence[PersonLine]) -> set[tuple[str, ...]]:
    """Those of them who are here already: asked once of the whole file, for each asking reads everybody."""
    addresses = [person.email for person in people if person.email]
    postcodes = sorted({str(person.postcode) for person in people if not person.email})
    query = (
        select(Contact.email, Person.first_name, Contact.last_name, Contact.postcode, Contact.house_number)
        .join(Person, Person.id == Contact.person_id)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.municipality_id.in_(reading.actor.reach(Permission.CHANGE_SETTINGS)),
            (Contact.email == any_(literal(addresses, ARRAY(CITEXT))))
            | (Contact.postcode == any_(literal(postcodes, ARRAY(Text)))),
        )
    )
    known: set[tuple[str, ...]] = set()
    for row in reading.session.execute(query):
        if row.email:
            known.add((row.email.casefold(),))
        known.add(
            tuple(part.casefold() for part in (row.first_name, row.last_name, row.postcode, row.house_number))
        )
    return known


def _insert(
    session: Session, municipality_id: int, people: Sequence[PersonLine], near: dict[int, int]
) -> None:
    keys, pc4s = [uuid7() for _ in people], [one.postcode.pc4 for one in people]
    _add(
        session,
        Person,
        id=keys,
        pseudonym=[uuid7() for _ in people],
        first_name=[one.first_name for one in people],
    )
    _add(
        session,
        Membership,
        person_id=keys,
        municipality_id=[municipality_id] * len(people),
        kind=[MembershipKind.LIVES] * len(people),
        pc4=pc4s,
        cell=[near[pc4] for pc4 in pc4s],
    )
    _add(
        session,
        Contact,
        person_id=keys,
        last_name=[one.last_name or "" for one in people],
        email=[one.email for one in people],
        phone=[one.phone or "" for one in people],
        postcode=[str(one.postcode) for one in people],
        house_number=[one.house_number or "" for one in people],
        birth_year=[one.birth_year for one in people],
    )


def _add(session: Session, model: type[Base], **columns: Sequence[Any]) -> None:
    """Rows by their columns in one statement, so that what a policy asks of the actor is asked once. What is not
    named gets one default for all, so a key is always named."""
    types = [model.__table__.c[name].type for name in columns]
    lists = [literal(values, ARRAY(type_)) for type_, values in zip(types, columns.values(), strict=True)]
    given = func.unnest(*lists).table_valued(*columns).render_derived()
    session.execute(insert(model).from_select(list(columns), select(given)))


def _organisations(reading: Reading, content: bytes) -> None:
    session = reading.session
    query = select(Organisation.external_id, Organisation.name).where(
        Organisation.in_reach_of(reading.actor.reach(Permission.CHANGE_SETTINGS)),
        Organisation.municipality_id == reading.municipality_id,
    )
    known = {cell.casefold() for row in session.execute(query) for cell in row if cell}
    for line in read(content, OrganisationLine):
        reading.lines += 1
        if isinstance(line, Fault):
            reading.wrong(line)
            continue
        one = line.value
        if one.key.casefold() in known or one.name.casefold() in known:
            reading.known_already += 1
            continue
        known |= {one.key.casefold(), one.name.casefold()}
        reading.taken_over += 1
        if not reading.rehearsal:
            session.add(
                Organisation(
                    id=uuid7(), municipality_id=reading.municipality_id, name=one.name, kind=one.kind,
                    description=one.description or "", phone=one.phone or "", website=one.website or "",
                    email=one.email or "", external_id=one.key,
                )
            )  # fmt: skip
    session.flush()


def _offers(reading: Reading, content: bytes) -> None:
    session = reading.session
    categories = {
        row.slug: row.number
        for row in session.scalars(select(Category).where(Category.unpaid != Unpaid.PROFESSIONALS))
    }
    lines = []
    for line in read(content, OfferLine):
        reading.lines += 1
        if isinstance(line, Fault):
            reading.wrong(line)
        elif line.value.category not in categories:
            reading.wrong(Fault(line.line, "categorie", "unknown"))
        else:
            lines.append(line)
    for some in _by_some(lines):
        _add_offers(reading, some, categories)
    session.flush()


def _add_offers(reading: Reading, some: Sequence[Right[OfferLine]], categories: dict[str, int]) -> None:
    session = reading.session
    query = (
        select(Contact.email, Membership)
        .join(Membership, Membership.person_id == Contact.person_id)
        .where(
            Contact.email.in_([line.value.email for line in some]),
            Membership.municipality_id.in_(reading.actor.reach(Permission.CHANGE_SETTINGS)),
            Membership.municipality_id == reading.municipality_id,
            Membership.kind == MembershipKind.LIVES,
        )
    )
    homes = {str(row[0]).casefold(): row[1] for row in session.execute(query)}
    offered = select(HelpOffer.person_id, HelpOffer.title).where(
        HelpOffer.in_reach_of(reading.actor.reach(Permission.CHANGE_SETTINGS)),
        HelpOffer.person_id.in_([home.person_id for home in homes.values()]),
    )
    known = {(row.person_id, row.title.casefold()) for row in session.execute(offered)}
    for line in some:
        one, home = line.value, homes.get(line.value.email.casefold())
        if home is None or home.pc4 is None or home.cell is None:
            reading.wrong(Fault(line.line, "email", "nobody"))
            continue
        if (home.person_id, one.title.casefold()) in known:
            reading.known_already += 1
            continue
        known.add((home.person_id, one.title.casefold()))
        reading.taken_over += 1
        if not reading.rehearsal:
            session.add(
                HelpOffer(
                    id=uuid7(), municipality_id=reading.municipality_id, person_id=home.person_id,
                    category_numbers=[categories[one.category]], title=one.title, body=one.body or "",
                    slots=ALL_DAYTIME, minutes_per_week=one.minutes_per_week, radius_km=one.radius_km,
                    pc4=home.pc4, cell=home.cell, status=Status.DRAFT,
                )
            )  # fmt: skip


_KINDS: Final[dict[ImportKind, Callable[[Reading, bytes], None]]] = {
    ImportKind.PEOPLE: _people,
    ImportKind.OFFERS: _offers,
    ImportKind.ORGANISATIONS: _organisations,
}
