"""What there is near for everybody: activities, groups, places and desks to which a sign points.

A source is one function; it answers for all the categories of an outcome at once, so that a page costs the same number
of statements however many signs stand on it. The lightest comes first: something to do together, which one joins as
one is, before what an organisation has. Where no source knows anything, the page names the kind of provision and who in
the municipality can tell where it is.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Executable, any_, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from app.access.actor import VISITOR
from app.access.policy import visible
from app.access.roles import Permission
from app.activities.models import Activity, ActivityDate, ActivityKind, DateStatus
from app.categories.models import Category
from app.clock import now
from app.organisations.models import Organisation
from app.places.cells import distance_km
from app.places.models import Neighbourhood
from app.signposts.rules import Outcome, Rung
from app.social_map.models import Provision as Row, ProvisionStatus

MOST: Final = 3
"""So many at one sign: somebody chooses between a few, and looks further where all of them stand."""
ACTIVITIES: Final = 2
"""Of those at most, so that what an organisation has is seen too."""
SOON: Final = timedelta(days=42)
LOOKED_AT: Final = 300
"""Rows of a municipality from which the nearest are picked."""
K = ActivityKind
KINDS: Final[Mapping[str, frozenset[ActivityKind]]] = {
    "samen-eten-of-koken": frozenset({K.MEAL}),
    "groep-cursus-of-sport": frozenset({K.COURSE, K.MOVING, K.COFFEE, K.MAKING, K.OUTING}),
    "spel-hobby-en-muziek": frozenset({K.MAKING}),
    "praten-met-iemand-die-het-kent": frozenset({K.TALK}),
    "koffie-een-praatje-en-bezoek": frozenset({K.COFFEE, K.MEAL}),
    "samen-op-pad": frozenset({K.OUTING, K.MOVING}),
}
"""What is done together where somebody looks for a category; of the others no kind of activity says enough."""


@dataclass(frozen=True, slots=True)
class Around:
    """Around whom one looks: a municipality, from where distances are counted if that is known, and what a place must
    have (a mask of `app.activities.models.Access`)."""

    municipality_id: int | None
    cell: int | None = None
    access: int = 0


@dataclass(frozen=True, slots=True)
class Provision:
    """Something that one can go to or call, as far as it is public."""

    name: str
    path: str = ""
    """Its page on this site."""
    phone: str = ""
    starts_at: datetime | None = None
    """The first time that one can come, where it has times."""
    where: str = ""
    at_home: bool = False
    """At somebody's home: ``where`` is no more than the place."""
    hours: str = ""
    distance_km: float | None = None


Source = Callable[[Session, Around, Sequence[str]], Mapping[str, Sequence[Provision]]]
"""Knows provisions of some categories (their slugs) that are open to residents: by category, what suits best first. A
category of which it knows nothing is left out."""


def activities(
    session: Session, around: Around, categories: Sequence[str]
) -> Mapping[str, Sequence[Provision]]:
    """What one can still come to in the next weeks, with a place left: the nearest first, then the soonest."""
    wanted = {slug: KINDS[slug] for slug in categories if slug in KINDS}
    if not wanted:
        return {}
    found = [
        (row.kind, _activity(row, around)) for row in session.execute(_coming(session, around, wanted)).all()
    ]
    return {
        slug: near
        for slug, kinds in wanted.items()
        if (near := _nearest(one for kind, one in found if kind in kinds)[:ACTIVITIES])
    }


def _coming(session: Session, around: Around, wanted: Mapping[str, frozenset[ActivityKind]]) -> Executable:
    moment = now(session)
    query = (
        select(
            Activity.id, Activity.title, Activity.kind, Activity.venue, Activity.at_home,
            ActivityDate.starts_at, Neighbourhood.place, Neighbourhood.cell,
        )
        .ext(distinct_on(Activity.id))
        .join(ActivityDate, ActivityDate.activity_id == Activity.id)
        .join(Neighbourhood, Neighbourhood.pc4 == Activity.pc4)
        .where(
            visible(VISITOR, Permission.SEE_ACTIVITIES, Activity),
            Activity.kind.in_(frozenset().union(*wanted.values())),
            Activity.access.op("&")(around.access) == around.access,
            ActivityDate.status == DateStatus.PLANNED,
            ActivityDate.starts_at > moment,
            ActivityDate.starts_at < moment + SOON,
            ActivityDate.taken < ActivityDate.places,
        )
        .order_by(Activity.id, ActivityDate.starts_at)
        .limit(LOOKED_AT)
    )  # fmt: skip
    if around.municipality_id is None:
        return query
    return query.where(Activity.municipality_id == around.municipality_id)


def _activity(row: Any, around: Around) -> Provision:
    return Provision(
        name=row.title, path=f"/activiteiten/{row.id}", starts_at=row.starts_at, at_home=row.at_home,
        where=", ".join(part for part in (row.venue, row.place) if part), distance_km=_away(around, row.cell),
    )  # fmt: skip


def _provision(row: Any, around: Around) -> Provision:
    return Provision(
        name=row.name, path=f"/in-de-buurt/{row.id}", phone=row.phone or row.desk, hours=row.opening_hours,
        where=", ".join(part for part in (row.venue, row.place) if part), distance_km=_away(around, row.cell),
    )  # fmt: skip


def _away(around: Around, cell: int | None) -> float | None:
    return None if around.cell is None or cell is None else distance_km(around.cell, cell)


def social_map(
    session: Session, around: Around, categories: Sequence[str]
) -> Mapping[str, Sequence[Provision]]:
    """What organisations have for residents of the municipality: the nearest first, then by name."""
    query = (
        select(
            Category.slug, Row.id, Row.name, Row.venue, Row.phone, Row.opening_hours,
            Neighbourhood.place, Neighbourhood.cell, Organisation.phone.label("desk"),
        )
        .join(Category, Category.number == any_(Row.category_numbers))
        .join(Organisation, Organisation.id == Row.organisation_id)
        .outerjoin(Neighbourhood, Neighbourhood.pc4 == Row.pc4)
        .where(
            visible(VISITOR, Permission.KEEP_SOCIAL_MAP, Row),
            Row.status == ProvisionStatus.ACTIVE,
            Category.slug.in_(categories),
            Row.access.op("&")(around.access) == around.access,
        )
        .order_by(Row.name, Row.id)
        .limit(LOOKED_AT)
    )  # fmt: skip
    if around.municipality_id is not None:
        here = Row.municipality_id == around.municipality_id
        query = query.where(or_(here, Row.serves.contains([around.municipality_id])))
    found: dict[str, list[Provision]] = defaultdict(list)
    for row in session.execute(query):
        found[row.slug].append(_provision(row, around))
    return {slug: _nearest(rows) for slug, rows in found.items()}


def _nearest(rows: Iterable[Provision]) -> list[Provision]:
    """Where no distance is known, it stays as it was found; what has times comes with the soonest first."""
    return sorted(rows, key=lambda one: (_far(one), one.starts_at.timestamp() if one.starts_at else 0.0))


def _far(one: Provision) -> float:
    """Nobody goes 200 metres further for a name that comes sooner: whole kilometres."""
    return float("inf") if one.distance_km is None else round(one.distance_km)


SOURCES: Final[tuple[Source, ...]] = (activities, social_map)
"""Who knows of provisions, in the order in which they are shown."""


def provisions_near(
    session: Session, around: Around, found: Outcome, sources: Iterable[Source] | None = None
) -> dict[str, list[Provision]]:
    """By category, a few provisions for the signs of an outcome; empty where nobody knows of any."""
    signs = found.rungs.get(Rung.NEAR, ())
    return of_categories(
        session, around, list(dict.fromkeys(one.category for one in signs if one.category)), sources
    )


def of_categories(
    session: Session, around: Around, wanted: Sequence[str], sources: Iterable[Source] | None = None
) -> dict[str, list[Provision]]:
    """The same for categories, by their slugs."""
    known: dict[str, list[Provision]] = {}
    if not wanted:
        return known
    for source in SOURCES if sources is None else sources:
        for category, provisions in source(session, around, wanted).items():
            shown = known.setdefault(category, [])
            shown += provisions[: MOST - len(shown)]
    return known
