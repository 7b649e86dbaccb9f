"""Municipalities and neighbourhoods: loading a region, and finding where a postcode lies."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, Integer, Select, bindparam, delete, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.db import Base
from app.errors import DomainError, Invalid, NotFound
from app.places.import_csv import RegionRows, read_region
from app.places.models import Border, Municipality, Neighbourhood, NeighbourhoodSpan, Region, Sharing
from app.places.postcodes import Postcode
from matching.cells import cell_of


class SpansTwo(DomainError):
    """The postcode lies in more than one municipality: the person says in which they live."""

    status, code = 400, "postcode-spans-two"


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody is: a municipality, a neighbourhood, and the cell that others see."""

    municipality_id: int
    pc4: int
    cell: int
    place: str


def load(connection: Connection, directory: Path) -> RegionRows:
    """Load a region's files as the owner, whole or not at all; raises BadFiles with every wrong line."""
    rows = read_region(directory)
    _upsert(connection, Municipality, [_municipality(row) for row in rows.municipalities], ["id"])
    _upsert(connection, Neighbourhood, [_neighbourhood(row) for row in rows.neighbourhoods], ["pc4"])
    pc4s = [row.pc4 for row in rows.neighbourhoods]
    connection.execute(delete(NeighbourhoodSpan).where(NeighbourhoodSpan.pc4.in_(pc4s)))
    spans = [{"pc4": row.pc4, "municipality_id": also} for row in rows.neighbourhoods for also in row.also_in]
    _upsert(connection, NeighbourhoodSpan, spans, ["pc4", "municipality_id"])
    borders = [
        {"municipality_id": row.municipality_id, "neighbour_id": row.neighbour_id, "border_m": row.border_m}
        for row in rows.neighbours
    ]
    _upsert(connection, Border, borders, ["municipality_id", "neighbour_id"])
    return rows


def _municipality(row: Any) -> dict[str, Any]:
    names = ("id", "name", "province", "latitude", "longitude", "residents", "percentage_65_plus")
    return {name: getattr(row, name) for name in names}


def _neighbourhood(row: Any) -> dict[str, Any]:
    names = ("pc4", "place", "municipality_id", "latitude", "longitude")
    counts = ("residents", "percentage_65_plus", "percentage_75_plus")
    return (
        {name: getattr(row, name) for name in names}
        | {name: getattr(row, name) or 0 for name in counts}
        | {"cell": cell_of(row.latitude, row.longitude)}
    )


def _upsert(connection: Connection, model: type[Base], rows: list[dict[str, Any]], key: list[str]) -> None:
    for start in range(0, len(rows), 1000):
        statement = insert(model).values(rows[start : start + 1000])
        changed = {name: statement.excluded[name] for name in rows[0] if name not in key}
        connection.execute(
            statement.on_conflict_do_update(index_elements=key, set_=changed)
            if changed
            else statement.on_conflict_do_nothing()
        )


class SiteFacts(NamedTuple):
    """What every page says about its municipality and its region."""

    region_name: str
    demonstration: bool
    municipality_id: int
    municipality_name: str
    phone: str
    broker_name: str
    broker_title: str
    opening_hours: str
    look: str
    logo: str
    mediation: int


def site_facts(session: Session, municipality_id: int | None) -> SiteFacts | None:
    """The facts of a municipality that takes part, or of the region's own default one; in one small query."""
    row = session.execute(_facts(municipality_id is None), {"wanted": municipality_id}).one_or_none()
    return None if row is None else SiteFacts._make(row)


@cache
def _facts(default: bool) -> Select[*tuple[Any, ...]]:
    """Every page asks: made once, for building it costs as much as asking it."""
    wanted = Region.default_municipality_id if default else bindparam("wanted", type_=Integer)
    return (
        select(
            Region.name, Region.demonstration, Municipality.id, Municipality.name, Municipality.phone,
            Municipality.broker_name, Municipality.broker_title, Municipality.opening_hours, Municipality.look,
            Municipality.logo, Municipality.mediation,
        )
        .join(Municipality, Municipality.id == wanted)
        .where(Municipality.joined)
    )  # fmt: skip


def is_demonstration(session: Session) -> bool:
    """Whether this database carries the mark without which no persona exists."""
    row = session.get(Region, 1)
    return row is not None and row.demonstration


def municipality(session: Session, municipality_id: int) -> Municipality:
    """One municipality that takes part; any other does not exist here."""
    row = session.get(Municipality, municipality_id)
    if row is None or not row.joined:
        raise NotFound
    return row


def chosen_or_default(session: Session, wanted: int | None) -> Municipality | None:
    """The municipality that was chosen, else the region's first; None where it takes no part."""
    region = session.get(Region, 1)
    wanted = wanted or (region.default_municipality_id if region else None)
    row = session.get(Municipality, wanted) if wanted else None
    return row if row is not None and row.joined else None


def place_name(session: Session, pc4: int | None) -> str:
    """The place in which a neighbourhood lies; empty where it is not known."""
    row = session.get(Neighbourhood, pc4) if pc4 else None
    return row.place if row else ""


def joined(session: Session) -> list[Municipality]:
    """The municipalities that take part, by name."""
    return list(session.scalars(select(Municipality).where(Municipality.joined).order_by(Municipality.name)))


def moved(session: Session) -> list[tuple[str, str]]:
    """Municipalities that went to another installation, by name, with its address."""
    query = select(Municipality.name, Municipality.moved_to).where(Municipality.moved_to != "")
    return [(row.name, row.moved_to) for row in session.execute(query.order_by(Municipality.name))]


def names(session: Session, municipality_ids: Iterable[int]) -> list[tuple[int, str]]:
    """Code and name of these municipalities, by name, as far as they take part."""
    query = select(Municipality.id, Municipality.name).where(
        Municipality.id.in_(municipality_ids), Municipality.joined
    )
    return [(row.id, row.name) for row in session.execute(query.order_by(Municipality.name))]


def municipalities_of(session: Session, pc4: int) -> list[Municipality]:
    """Every municipality that takes part in which this neighbourhood lies, the main one first."""
    spans = select(NeighbourhoodSpan.municipality_id).where(NeighbourhoodSpan.pc4 == pc4)
    main = select(Neighbourhood.municipality_id).where(Neighbourhood.pc4 == pc4)
    query = (
        select(Municipality)
        .where(Municipality.joined, or_(Municipality.id.in_(main), Municipality.id.in_(spans)))
        .order_by(Municipality.id.in_(spans), Municipality.name)
    )
    return list(session.scalars(query))


def place_of(session: Session, postcode: Postcode, chosen: int | None = None) -> Place:
    """Municipality, neighbourhood and cell of a postcode.

    Raises Invalid for a postcode that is not in this region, and SpansTwo, with the choices in its details,
    when the postcode lies in more than one municipality and none of them was chosen.
    """
    neighbourhood = session.get(Neighbourhood, postcode.pc4)
    options = municipalities_of(session, postcode.pc4)
    if neighbourhood is None or not options:
        raise Invalid(details={"postcode": "postcode-outside"})
    ids = [option.id for option in options]
    if chosen not in ids:
        if len(ids) > 1:
            raise SpansTwo(details={str(option.id): option.name for option in options})
        chosen = ids[0]
    return Place(chosen, neighbourhood.pc4, neighbourhood.cell, neighbourhood.place)


def agreed_pairs(session: Session) -> set[tuple[int, int]]:
    """Pairs of municipalities that both said yes to each other, lower number first."""
    # unscoped: anybody may know who shares with whom
    rows = session.execute(select(Sharing.municipality_id, Sharing.partner_id)).all()
    return mutual((row[0], row[1]) for row in rows)


def mutual(said: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
    """Of all one-sided yesses, the pairs that have both, lower number first."""
    given = set(said)
    return {(one, other) for one, other in given if one < other and (other, one) in given}
