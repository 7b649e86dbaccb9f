"""The outlines of the municipalities that take part, in degrees, computed once from their postcodes."""

from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.places.maps import MapShape, Spot, map_shape
from app.places.models import Municipality, Neighbourhood

KM_PER_DEGREE = 111.25
"""Of latitude, as ``app.places.maps`` has it."""

Ring = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class MunicipalityOutline:
    """A municipality's rings of (longitude, latitude)."""

    municipality_id: int
    name: str
    rings: tuple[Ring, ...]


def outlines(session: Session) -> tuple[MunicipalityOutline, ...]:
    """Every municipality that has a neighbourhood here."""
    neighbourhoods = select(
        Neighbourhood.pc4, Neighbourhood.municipality_id, Neighbourhood.latitude, Neighbourhood.longitude
    ).order_by(Neighbourhood.pc4)
    spots = tuple(Spot(*row) for row in session.execute(neighbourhoods))
    names = session.execute(select(Municipality.id, Municipality.name).order_by(Municipality.id))
    return _drawn(spots, tuple((row[0], row[1]) for row in names))


@lru_cache(maxsize=4)
def _drawn(spots: tuple[Spot, ...], names: tuple[tuple[int, str], ...]) -> tuple[MunicipalityOutline, ...]:
    shape = map_shape(spots)
    called = dict(names)
    return tuple(
        MunicipalityOutline(
            drawn.municipality_id,
            called.get(drawn.municipality_id, ""),
            tuple(_degrees(shape, ring) for ring in drawn.rings),
        )
        for drawn in shape.municipalities
    )


def _degrees(shape: MapShape, ring: tuple[tuple[float, float], ...]) -> Ring:
    projection = shape.projection
    return tuple(
        (projection.west + x / projection.km_per_longitude, projection.north - y / KM_PER_DEGREE)
        for x, y in ring
    )
