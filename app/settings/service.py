"""Keeping every version, telling what changed, comparing with the region, and sharing examples."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.access.policy import found, require, visible
from app.access.roles import Permission
from app.ids import uuid7
from app.places.models import Municipality
from app.settings.models import SettingsTemplate, SettingsVersion
from app.settings.schemas import NewTemplate

HISTORY: Final = 30
TEMPLATES: Final = 60
SHARED: Final = (
    "bemiddeling", "titel", "dagenOpen", "dagenBelofte", "tegelijk", "vragenPerWeek", "rustDagen",
    "puntenHaast", "puntenKwetsbaar", "puntenWachten", "alleenBetaald", "nietHier",
)  # fmt: skip
"""What an example holds: choices, and nothing of the municipality itself."""
ORDER: Final = (
    "bemiddeling", "titel", "naam", "telefoon", "openingstijden", "postadres", "dagenBelofte", "dagenOpen",
    "tegelijk", "vragenPerWeek", "rustDagen", "puntenHaast", "puntenKwetsbaar", "puntenWachten", "deeltMet",
    "nietHier", "alleenBetaald", "uurEuro", "uurReden",
)  # fmt: skip
"""As they stand on the form; the database keeps them in an order of its own."""
COLUMNS: Final = {
    "bemiddeling": "mediation", "dagenOpen": "request_days", "dagenBelofte": "promise_days",
    "tegelijk": "asked_at_once", "vragenPerWeek": "proposals_per_week", "rustDagen": "rest_days",
    "puntenHaast": "points_urgency", "puntenKwetsbaar": "points_vulnerable", "puntenWachten": "points_waiting",
}  # fmt: skip
"""What is compared: numbers that every municipality chose."""
Settings = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """One setting that is another than before."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Version:
    """What somebody saved, and what changed with it."""

    row: SettingsVersion
    changes: list[Change]


@dataclass(frozen=True, slots=True)
class Compared:
    """One setting here and in the region: the middle one, the usual one and how many have that."""

    name: str
    ours: int
    middle: float
    usual: int
    have: int
    of: int


@dataclass(frozen=True, slots=True)
class Template:
    """An example with the municipality that shares it."""

    row: SettingsTemplate
    municipality: str


def keep(session: Session, actor: Actor, municipality_id: int, was: Settings, now: Settings) -> None:
    """Write down what was saved; before the first time also what stood there."""
    known: int | None = session.execute(
        select(func.max(SettingsVersion.number)).where(
            SettingsVersion.in_reach_of(actor.reach(Permission.CHANGE_SETTINGS)),
            SettingsVersion.municipality_id == municipality_id,
        )
    ).scalar_one()
    if known is None:
        _add(session, municipality_id, None, was)
    _add(session, municipality_id, actor.person, now)
    session.flush()


def _add(session: Session, municipality_id: int, by: UUID | None, settings: Settings) -> None:
    kept = dict(settings)
    number = int(kept.pop("versie"))
    session.add(
        SettingsVersion(
            id=uuid7(), municipality_id=municipality_id, made_by_id=by, number=number, settings=kept
        )
    )


def changes(before: Settings, after: Settings) -> list[Change]:
    """What is different, in the order of the form; the version is none of it."""
    return [
        Change(name, before.get(name), after.get(name))
        for name in ORDER
        if _plain(before.get(name)) != _plain(after.get(name))
    ]


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, list) else value or ""


def history(session: Session, actor: Actor, municipality_id: int) -> list[Version]:
    """Every version, the newest first. Raises Forbidden."""
    require(actor, Permission.CHANGE_SETTINGS, municipality_id)
    query = (
        _versions(actor, municipality_id)
        .options(joinedload(SettingsVersion.made_by))
        .order_by(SettingsVersion.number.desc())
        .limit(HISTORY + 1)
    )
    rows = list(session.scalars(query))
    older: list[SettingsVersion | None] = [*rows[1:], *([None] if rows else [])]
    told = [
        Version(row, changes(before.settings, row.settings) if before else [])
        for row, before in zip(rows, older, strict=True)
    ]
    return told[:HISTORY]


def _versions(actor: Actor, municipality_id: int) -> Any:
    return select(SettingsVersion).where(
        SettingsVersion.municipality_id == municipality_id,
        SettingsVersion.in_reach_of(actor.reach(Permission.CHANGE_SETTINGS)),
    )


def version(session: Session, actor: Actor, municipality_id: int, id: UUID) -> SettingsVersion:
    """One of them; NotFound for one of another municipality."""
    require(actor, Permission.CHANGE_SETTINGS, municipality_id)
    row: SettingsVersion | None = session.scalars(
        _versions(actor, municipality_id).where(SettingsVersion.id == id)
    ).one_or_none()
    return found(row)


def compared(session: Session, actor: Actor, municipality: Municipality) -> list[Compared]:
    """How the others have what this municipality chose. Raises Forbidden."""
    require(actor, Permission.CHANGE_SETTINGS, municipality.id)
    columns = [getattr(Municipality, column) for column in COLUMNS.values()]
    query = select(*columns).where(Municipality.joined, Municipality.id != municipality.id)
    others = session.execute(query).all()
    if not others:
        return []
    told = []
    for place, (name, column) in enumerate(COLUMNS.items()):
        values = [row[place] for row in others]
        usual, have = Counter(values).most_common(1)[0]
        told.append(
            Compared(name, getattr(municipality, column), float(median(values)), usual, have, len(values))
        )
    return told


def share(
    session: Session, actor: Actor, municipality_id: int, new: NewTemplate, settings: Settings
) -> SettingsTemplate:
    """Lay the present choices before every other municipality. Raises Forbidden."""
    require(actor, Permission.CHANGE_SETTINGS, municipality_id)
    row = SettingsTemplate(
        id=uuid7(),
        municipality_id=municipality_id,
        made_by_id=actor.person_id,
        title=new.title,
        why=new.why,
        settings={name: settings[name] for name in SHARED if settings.get(name) is not None},
    )
    session.add(row)
    session.flush()
    return row


def templates(session: Session, actor: Actor) -> list[Template]:
    """What municipalities share, the newest first. Raises Forbidden for who changes no settings."""
    query = (
        select(SettingsTemplate, Municipality.name)
        .join(Municipality, Municipality.id == SettingsTemplate.municipality_id)
        .where(visible(actor, Permission.CHANGE_SETTINGS, SettingsTemplate))
        .order_by(SettingsTemplate.created_at.desc(), SettingsTemplate.id)
        .limit(TEMPLATES)
    )
    return [Template(row[0], row[1]) for row in session.execute(query)]


def template(session: Session, actor: Actor, id: UUID) -> SettingsTemplate:
    """One of them; NotFound."""
    query = select(SettingsTemplate).where(
        visible(actor, Permission.CHANGE_SETTINGS, SettingsTemplate), SettingsTemplate.id == id
    )
    return found(session.scalars(query).one_or_none())


def withdraw(session: Session, actor: Actor, id: UUID) -> None:
    """Share it no more. Raises NotFound, Forbidden for another municipality's."""
    row = template(session, actor, id)
    require(actor, Permission.CHANGE_SETTINGS, row.municipality_id)
    session.delete(row)
    session.flush()
