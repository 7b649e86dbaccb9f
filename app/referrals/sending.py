"""Referring: with the link of a practice, under an account of one's own, for an organisation, or at the desk."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, cast
from uuid import UUID, uuid5

from sqlalchemy import CursorResult, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.limits import Limit, spend
from app.access.policy import require, visible
from app.access.roles import Permission, Role
from app.agreements.calendar import moment
from app.clock import now
from app.errors import Forbidden, Invalid, NotFound
from app.ids import new_reference, uuid7
from app.jobs.queue import defer
from app.organisations.models import Organisation
from app.organisations.staff import works_for
from app.places.service import place_of
from app.places.working_days import add_working_days
from app.referrals.links import Practice
from app.referrals.models import Referral, ReferralNeed, ReferralStatus, Source
from app.referrals.schemas import NewPassedOn, NewPhoned, NewReferral

HOURS_AT_HOME: Final = timedelta(hours=48)
"""Everything is arranged within so many hours of coming home. Hours of the calendar: weekends and nights count, and the
hour that the clock skips or repeats is no reason to have more or less."""
SPEAKS_WITHIN: Final = 3
"""Working days in which somebody speaks with the person, where nobody comes home from hospital."""
FAR: Final = timedelta(days=90)
LONG_AGO: Final = timedelta(days=7)
BY_LINK: Final = Limit("referral-by-link", 60, timedelta(days=1))
BY_PERSON: Final = Limit("referral-by-person", 60, timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Sent:
    """What whoever referred gets to hear: a number for the telephone, and by when."""

    id: UUID
    reference: str
    due_at: datetime
    municipality_id: int


def by_practice(session: Session, practice: Practice, new: NewReferral, form_id: str = "") -> Sent:
    """With the link; whoever holds it is nobody to us. One form that is sent twice is one referral.

    Raises Invalid, SpansTwo, TooMany.
    """
    spend(session, BY_LINK, str(practice.id))
    email = new.referrer_email or practice.email
    name = f"{new.referrer_name}, {practice.name}"[:200]
    return _send(session, new, practice.source, name=name, email=email, link_id=practice.id,
                 key=uuid5(practice.id, form_id) if form_id else None)  # fmt: skip


def by_referrer(session: Session, actor: Actor, new: NewReferral) -> Sent:
    """Under an account of one's own. Raises Forbidden for who is no referrer."""
    if not actor.has(Role.REFERRER) or actor.behind is not None:
        raise Forbidden
    spend(session, BY_PERSON, str(actor.person_id))
    source = Source.HOSPITAL if new.home_on else Source.PRACTICE
    return _send(
        session, new, source, name=new.referrer_name, email=new.referrer_email or "",
        referrer_id=actor.person_id,
    )  # fmt: skip


def by_organisation(session: Session, actor: Actor, organisation_id: UUID, new: NewPassedOn) -> Sent:
    """To another organisation that signed, or to the core team. Raises NotFound for who does not work there."""
    if organisation_id not in works_for(actor):
        raise NotFound
    if new.organisation_id == organisation_id:
        raise Invalid(details={"organisatie": "choose"})
    if new.organisation_id is not None:
        refuse_unsigned(session, actor, new.organisation_id)
    spend(session, BY_PERSON, str(actor.person_id))
    return _send(
        session, new, Source.ORGANISATION, name=new.referrer_name, email=new.referrer_email or "",
        referrer_id=actor.person_id, from_organisation_id=organisation_id, organisation_id=new.organisation_id,
    )  # fmt: skip


def at_desk(session: Session, actor: Actor, new: NewPhoned) -> Sent:
    """Somebody phones: the makelaar writes it down. Only for people of the own municipality."""
    place = place_of(session, new.postcode, new.municipality_id)
    require(actor, Permission.MODERATE_REQUEST, place.municipality_id)
    return _send(
        session, new, new.source, name=new.referrer_name, email=new.referrer_email or "",
        referrer_id=actor.person_id,
    )  # fmt: skip


def refuse_unsigned(session: Session, actor: Actor, organisation_id: UUID) -> Organisation:
    """Only organisations that are bound by a covenant get people passed to them. Raises Invalid."""
    seen = visible(actor, Permission.SEE_ORGANISATIONS, Organisation)
    query = select(Organisation).where(seen, Organisation.id == organisation_id)
    organisation = session.scalars(query).one_or_none()
    if organisation is None or organisation.covenant_signed_on is None:
        raise Invalid(details={"organisatie": "choose"})
    return organisation


def due(moment_now: datetime, home_at: datetime | None) -> datetime:
    """By when: 48 hours after coming home, else some working days."""
    return home_at + HOURS_AT_HOME if home_at else add_working_days(moment_now, SPEAKS_WITHIN)


def _send(  # noqa: PLR0913 - who refers, in the four ways that there are
    session: Session, new: NewReferral, source: Source, *, name: str, email: str, link_id: UUID | None = None,
    referrer_id: UUID | None = None, from_organisation_id: UUID | None = None, organisation_id: UUID | None = None,
    key: UUID | None = None,
) -> Sent:  # fmt: skip
    at = now(session)
    _check(new)
    home_at = _home(new, at)
    place = place_of(session, new.postcode, new.municipality_id)
    sent = Sent(key or uuid7(), new_reference("V"), due(at, home_at), place.municipality_id)
    # no RETURNING: a practice reads nothing of ours, not even this
    made = session.execute(
        insert(Referral)
        .values(
            id=sent.id, municipality_id=place.municipality_id, reference=sent.reference, source=source,
            link_id=link_id, referrer_id=referrer_id, from_organisation_id=from_organisation_id,
            organisation_id=organisation_id, asked_at=at if organisation_id else None,
            referrer_name=name, referrer_email=email, first_name=new.first_name, last_name=new.last_name or "",
            postcode=str(new.postcode), house_number=new.house_number or "", phone=new.phone or "",
            birth_year=new.birth_year, wish=new.wish, words=new.words or "", tells_back=new.tells_back,
            tells_back_since=at if new.tells_back else None, home_at=home_at, due_at=sent.due_at,
            status=ReferralStatus.PASSED if organisation_id else ReferralStatus.RECEIVED, told="", version=1,
        )
        .on_conflict_do_nothing()
        .execution_options(preserve_rowcount=True)
    )  # fmt: skip
    if not cast("CursorResult[Any]", made).rowcount:
        return sent  # sent twice
    for kind in dict.fromkeys(new.needs):
        need = insert(ReferralNeed).values(
            id=uuid7(), municipality_id=place.municipality_id, referral_id=sent.id, kind=kind, who=""
        )
        session.execute(need.on_conflict_do_nothing())
    defer(session, "referrals.received", referral_id=str(sent.id))
    return sent


def _check(new: NewReferral) -> None:
    wrong: dict[str, str] = {}
    if not new.consent:
        wrong["vindtGoed"] = "consent"
    if new.phone is None and new.house_number is None:
        wrong["telefoon"] = "reach"
    if wrong:
        raise Invalid(details=wrong)


def _home(new: NewReferral, at: datetime) -> datetime | None:
    if new.home_on is None:
        return None
    home_at = moment(new.home_on, new.home_time)
    if not at - LONG_AGO <= home_at <= at + FAR:
        raise Invalid(details={"thuisDag": "past"})
    return home_at


def told(session: Session, referral_id: UUID) -> "Outside":
    """How it goes, as whoever holds the signed link may know."""
    row = session.execute(text("SELECT * FROM referral_by_key(:key)"), {"key": referral_id}).one_or_none()
    if row is None:
        raise NotFound
    return Outside(**row._mapping)


def mine(session: Session, actor: Actor) -> list["Outside"]:
    """What one referred oneself, or one's organisation did, the newest first."""
    if actor.behind is not None or not (actor.has(Role.REFERRER) or works_for(actor)):
        raise NotFound
    rows = session.execute(
        text("SELECT * FROM referrals_of_actor() ORDER BY created_at DESC, id DESC LIMIT 200")
    )
    return [Outside(**row._mapping) for row in rows]


@dataclass(frozen=True, slots=True)
class Outside:
    """A referral as it looks from outside; ``told`` is empty without the person's yes."""

    id: UUID
    municipality_id: int
    reference: str
    source: str
    first_name: str
    status: str
    told: str
    told_at: datetime | None
    tells_back: bool
    by_whom: str
    created_at: datetime
    due_at: datetime
    home_at: datetime | None
    ended_at: datetime | None
