"""What a municipality decides on itself: mediation, its makelaar, terms, and with whom it shares help."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

import rewards
from app.access.actor import Actor
from app.access.policy import found, locked, require
from app.access.roles import Permission
from app.categories.models import Category
from app.errors import Invalid, Stale
from app.matches import degree
from app.people.phone import TypedPhone
from app.places.models import Border, Municipality, Sharing
from app.schemas import Incoming, Whole
from app.settings import service as versions
from app.text import Line, Typed

Share = Annotated[Whole, Field(ge=1, le=20)]
Points = Annotated[Whole, Field(ge=0, le=5)]
LIMITS = (
    "asked_at_once", "proposals_per_week", "rest_days", "points_urgency", "points_vulnerable", "points_waiting",
)  # fmt: skip
"""Settings that stay as they are when the form does not name them."""
MAY_BE_EMPTY = Annotated[str, Typed(80)]


class SettingsChange(Incoming):
    """The settings as they are typed; ``version`` tells what they were changed on."""

    mediation: Annotated[Annotated[Whole, Field(ge=1, le=5)], Field(alias="bemiddeling")]
    broker_title: Annotated[Annotated[str, Typed(40)], Field(alias="titel")]
    broker_name: Annotated[MAY_BE_EMPTY | None, Field(alias="naam")] = None
    phone: Annotated[TypedPhone, Field(alias="telefoon")]
    opening_hours: Annotated[Line, Field(alias="openingstijden")]
    post_address: Annotated[Line | None, Field(alias="postadres")] = None
    request_days: Annotated[Annotated[Whole, Field(ge=7, le=365)], Field(alias="dagenOpen")]
    promise_days: Annotated[Annotated[Whole, Field(ge=1, le=30)], Field(alias="dagenBelofte")]
    asked_at_once: Annotated[Share | None, Field(alias="tegelijk")] = None
    proposals_per_week: Annotated[Share | None, Field(alias="vragenPerWeek")] = None
    rest_days: Annotated[Annotated[Whole, Field(ge=0, le=60)] | None, Field(alias="rustDagen")] = None
    points_urgency: Annotated[Points | None, Field(alias="puntenHaast")] = None
    points_vulnerable: Annotated[Points | None, Field(alias="puntenKwetsbaar")] = None
    points_waiting: Annotated[Points | None, Field(alias="puntenWachten")] = None
    hour_euros: Annotated[Annotated[Whole, Field(ge=0, le=100)] | None, Field(alias="uurEuro")] = None
    """What an hour is reckoned at in the report to the council; 0 tells no euros any more."""
    hour_source: Annotated[Annotated[str, Typed(160)] | None, Field(alias="uurReden")] = None
    paid_only: Annotated[list[Whole], Field(alias="alleenBetaald")] = []
    """Categories in which nobody is asked to work unpaid here, because it would push out paid work."""
    closed: Annotated[list[Whole], Field(alias="nietHier")] = []
    """Categories that nobody asks through this site here."""
    shares_with: Annotated[list[Whole], Field(alias="deeltMet")] = []
    version: Annotated[Whole, Field(alias="versie")]


@dataclass(frozen=True, slots=True)
class Partner:
    """A municipality that help could cross to: what we say, what they say."""

    id: int
    name: str
    ours: bool
    theirs: bool

    @property
    def both(self) -> bool:
        """Help may cross."""
        return self.ours and self.theirs


def partners(session: Session, municipality_id: int) -> list[Partner]:
    """Neighbours that take part, and others that sharing was agreed with, by name."""
    # unscoped: anybody may know who borders on whom and who shares with whom
    given = set(session.scalars(select(Sharing.partner_id).where(Sharing.municipality_id == municipality_id)))
    got = set(session.scalars(select(Sharing.municipality_id).where(Sharing.partner_id == municipality_id)))
    near = set(session.scalars(select(Border.neighbour_id).where(Border.municipality_id == municipality_id)))
    rows = select(Municipality).where(Municipality.id.in_(near | given | got), Municipality.joined)
    return [
        Partner(row.id, row.name, row.id in given, row.id in got)
        for row in session.scalars(rows.order_by(Municipality.name))
    ]


def current(session: Session, municipality: Municipality) -> SettingsChange:
    """The settings as they stand, to fill the form with."""
    shares = [partner.id for partner in partners(session, municipality.id) if partner.ours]
    return SettingsChange.model_construct(
        mediation=municipality.mediation,
        broker_title=municipality.broker_title,
        broker_name=municipality.broker_name,
        phone=municipality.phone,
        opening_hours=municipality.opening_hours,
        post_address=municipality.post_address or None,
        request_days=municipality.request_days,
        promise_days=municipality.promise_days,
        hour_euros=municipality.hour_cents // 100 if municipality.hour_cents else None,
        hour_source=municipality.hour_source or None,
        paid_only=list(municipality.paid_only),
        closed=list(municipality.closed_categories),
        shares_with=shares,
        version=municipality.version,
        **{name: getattr(municipality, name) for name in LIMITS},
    )


def save(session: Session, actor: Actor, municipality_id: int, wanted: SettingsChange) -> Municipality:
    """Save the settings; raises Stale when somebody saved in between, and then changes nothing."""
    require(actor, Permission.CHANGE_SETTINGS, municipality_id)
    # unscoped: the permission was asked for this very municipality
    row = select(Municipality).where(Municipality.id == municipality_id, Municipality.joined)
    municipality = found(session.scalars(locked(row)).one_or_none())
    if municipality.version != wanted.version:
        raise Stale
    known = {partner.id: partner for partner in partners(session, municipality_id)}
    if not set(wanted.shares_with) <= set(known):
        raise Invalid(details={"deeltMet": "choose"})
    was = current(session, municipality).model_dump(mode="json", by_alias=True)
    _reckon(municipality, wanted)
    municipality.paid_only = _known(session, "alleenBetaald", wanted.paid_only)
    municipality.closed_categories = _known(session, "nietHier", wanted.closed)
    before, municipality.mediation = municipality.mediation, wanted.mediation
    municipality.broker_title = wanted.broker_title
    municipality.broker_name = wanted.broker_name or ""
    municipality.phone = wanted.phone
    municipality.opening_hours = wanted.opening_hours
    municipality.post_address = wanted.post_address or ""
    municipality.request_days = wanted.request_days
    municipality.promise_days = wanted.promise_days
    for name in LIMITS:
        if getattr(wanted, name) is not None:
            setattr(municipality, name, getattr(wanted, name))
    municipality.version += 1
    for partner in known.values():
        if partner.ours != (partner.id in wanted.shares_with):
            _share(session, actor, municipality_id, partner)
    degree.follow(session, municipality, before)
    session.flush()
    now = current(session, municipality).model_dump(mode="json", by_alias=True)
    versions.keep(session, actor, municipality_id, was, now)
    return municipality


def _reckon(municipality: Municipality, wanted: SettingsChange) -> None:
    """Euros are told with their assumption or not at all. Raises Invalid."""
    if wanted.hour_euros is None:
        return
    if wanted.hour_euros and not wanted.hour_source:
        raise Invalid(details={"uurReden": "needed"})
    municipality.hour_cents = wanted.hour_euros * 100 or None
    municipality.hour_source = wanted.hour_source or "" if wanted.hour_euros else ""


def _known(session: Session, field: str, chosen: list[int]) -> list[int]:
    """Numbers of categories, each once. Raises Invalid for one that there is not."""
    wanted = set(chosen)
    if set(session.scalars(select(Category.number).where(Category.number.in_(wanted)))) != wanted:
        raise Invalid(details={field: "choose"})
    return sorted(wanted)


def _share(session: Session, actor: Actor, municipality_id: int, partner: Partner) -> None:
    """Say yes or take it back, and let Roosjes follow: our helpers' trust in theirs, up to a limit or none."""
    if partner.ours:
        gone = delete(Sharing).where(
            Sharing.municipality_id == municipality_id, Sharing.partner_id == partner.id
        )
        session.execute(gone)
        _trust(session, actor, municipality_id, partner.id, 0)
        return
    given = Sharing(municipality_id=municipality_id, partner_id=partner.id)
    session.add(given)
    session.flush()
    _trust(session, actor, municipality_id, partner.id, given.trust_minutes)


def _trust(session: Session, actor: Actor, municipality_id: int, partner_id: int, minutes: int) -> None:
    who: UUID = actor.pseudonym or rewards.SYSTEM
    rewards.set_trust(
        session.connection(),
        municipality_id=municipality_id,
        counter_municipality_id=partner_id,
        limit_minutes=minutes,
        actor=who,
    )
