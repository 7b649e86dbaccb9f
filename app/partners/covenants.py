"""The covenant: versions that a municipality publishes, and the two signatures under each."""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from uuid import UUID

from sqlalchemy import Select, func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.access.policy import found, locked, require, visible
from app.access.roles import Permission
from app.clock import today
from app.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from app.ids import uuid7
from app.notifications.service import tell
from app.organisations.models import Organisation
from app.organisations.staff import administers, works_for
from app.partners.models import Covenant, CovenantSignature, Side
from app.partners.schemas import NewCovenant, Signing


class NoCovenant(Conflict):
    """The municipality published none yet."""

    code = "no-covenant"


class NotSignedYet(Conflict):
    """The organisation signs first."""

    code = "not-signed-yet"


class SignedAlready(Conflict):
    """This side signed this version before."""

    code = "signed-already"


@dataclass(frozen=True, slots=True)
class Paper:
    """A version with its signatures for one organisation."""

    covenant: Covenant
    organisation: Organisation
    ours: CovenantSignature | None
    theirs: CovenantSignature | None

    @property
    def stands(self) -> bool:
        """Whether both sides signed."""
        return self.ours is not None and self.theirs is not None


def versions(session: Session, actor: Actor, municipality_id: int) -> list[Covenant]:
    """All of a municipality, the newest first."""
    seen = visible(actor, Permission.SEE_ORGANISATIONS, Covenant)
    query = select(Covenant).where(seen, Covenant.municipality_id == municipality_id)
    return list(session.scalars(query.options(joinedload(Covenant.by)).order_by(Covenant.number.desc())))


def publish(session: Session, actor: Actor, municipality_id: int, new: NewCovenant) -> Covenant:
    """A new version. Organisations that signed one before stay bound by that until the day it names.

    Raises Invalid for the same text again, or a day that passed.
    """
    require(actor, Permission.CHANGE_SETTINGS, municipality_id)
    # one after the other: a version is one more than the last that somebody could have read
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("covenant", municipality_id))))
    before = versions(session, actor, municipality_id)
    if before and before[0].text == new.text:
        raise Invalid(details={"tekst": "same"})
    if new.sign_before is not None and new.sign_before <= today(session):
        raise Invalid(details={"tekenVoor": "past"})
    row = Covenant(
        id=uuid7(), municipality_id=municipality_id, number=before[0].number + 1 if before else 1, text=new.text,
        changed=new.changed or "", sign_before=new.sign_before if before else None, by_id=actor.person_id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    for organisation_id, person_id in _administrators(session, actor, municipality_id):
        tell(session, person_id, municipality_id, "covenant-new", organisation_id, turn=row.number)
    return row


def _administrators(session: Session, actor: Actor, municipality_id: int) -> list[tuple[UUID, UUID]]:
    seen = visible(actor, Permission.SEE_ORGANISATIONS, Organisation)
    keys = session.scalars(
        select(Organisation.id).where(seen, Organisation.municipality_id == municipality_id)
    ).all()
    staff = text("SELECT person_id FROM organisation_staff(:o) WHERE role = 'organisation_administrator'")
    return [(key, person) for key in keys for person in session.scalars(staff, {"o": key}).all()]


def selection(actor: Actor) -> Select[CovenantSignature]:
    """The signatures of one's desks, and of the organisations that one works for."""
    own = visible(actor, Permission.SEE_ORGANISATIONS, CovenantSignature)
    return select(CovenantSignature).where(own | CovenantSignature.organisation_id.in_(works_for(actor)))


def paper(session: Session, actor: Actor, organisation_id: UUID, number: int | None = None) -> Paper:
    """The newest version, or one by its number, with who signed for this organisation. Raises NoCovenant, NotFound."""
    organisation = _organisation(session, actor, organisation_id)
    there = versions(session, actor, organisation.municipality_id)
    chosen = [one for one in there if number is None or one.number == number]
    if not there:
        raise NoCovenant
    if not chosen:
        raise NotFound
    query = selection(actor).where(
        CovenantSignature.covenant_id == chosen[0].id, CovenantSignature.organisation_id == organisation_id
    )
    signed = {row.side: row for row in session.scalars(query)}
    return Paper(chosen[0], organisation, signed.get(Side.MUNICIPALITY), signed.get(Side.ORGANISATION))


def _organisation(session: Session, actor: Actor, organisation_id: UUID) -> Organisation:
    """One of the desk's, or that one works for: who else may read that it signed, and not by whom."""
    seen = visible(actor, Permission.SEE_ORGANISATIONS, Organisation)
    row = found(
        session.scalars(select(Organisation).where(seen, Organisation.id == organisation_id)).one_or_none()
    )
    if organisation_id not in works_for(actor) and row.municipality_id not in actor.reach(
        Permission.SEE_ORGANISATIONS
    ):
        raise NotFound
    return row


def sign(session: Session, actor: Actor, organisation_id: UUID, signing: Signing) -> Paper:
    """The organisation's administrator signs what they read. Raises Stale for a text that was replaced meanwhile."""
    if organisation_id not in administers(actor):
        raise NotFound
    at = _unsigned(session, actor, organisation_id, signing)
    if at.theirs is not None:
        raise SignedAlready
    _put(session, actor, at, Side.ORGANISATION, signing)
    staff = text(
        "SELECT DISTINCT person_id FROM municipality_staff(:m) WHERE role = 'municipality_administrator'"
    )
    place = at.organisation.municipality_id
    for person_id in session.scalars(staff, {"m": place}).all():
        tell(session, person_id, place, "covenant-signed", organisation_id, turn=at.covenant.number,
             title=at.organisation.name)  # fmt: skip
    return paper(session, actor, organisation_id)


def countersign(session: Session, actor: Actor, organisation_id: UUID, signing: Signing) -> Paper:
    """The municipality signs after the organisation did: from today on it is bound. Raises Forbidden, Stale."""
    at = _unsigned(session, actor, organisation_id, signing)
    require(actor, Permission.CHANGE_SETTINGS, at.organisation.municipality_id)
    if organisation_id in works_for(actor):
        raise Forbidden  # nobody signs for both
    if at.theirs is None:
        raise NotSignedYet
    if at.ours is not None:
        raise SignedAlready
    _put(session, actor, at, Side.MUNICIPALITY, signing)
    seen = visible(actor, Permission.SEE_ORGANISATIONS, Organisation)
    held = session.scalars(locked(select(Organisation).where(seen, Organisation.id == organisation_id))).one()
    held.covenant_signed_on = today(session)
    session.flush()
    tell(session, at.theirs.person_id, held.municipality_id, "covenant-stands", organisation_id,
         turn=at.covenant.number, title=held.name)  # fmt: skip
    return paper(session, actor, organisation_id)


def _unsigned(session: Session, actor: Actor, organisation_id: UUID, signing: Signing) -> Paper:
    if not signing.agrees:
        raise Invalid(details={"akkoord": "consent"})
    at = paper(session, actor, organisation_id)
    if at.covenant.number != signing.number:
        raise Stale
    return at


def _put(session: Session, actor: Actor, at: Paper, side: Side, signing: Signing) -> None:
    row = CovenantSignature(
        id=uuid7(), municipality_id=at.organisation.municipality_id, covenant_id=at.covenant.id,
        organisation_id=at.organisation.id, side=side, person_id=actor.person_id, name=signing.name,
        position=signing.position, text_sha256=sha256(at.covenant.text.encode()).hexdigest(),
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError as twice:  # a colleague signed at this very moment
        raise SignedAlready from twice


def unsigned_by_us(session: Session, actor: Actor, municipality_id: int) -> list[Organisation]:
    """Organisations that signed the newest version and wait for the municipality."""
    require(actor, Permission.SEE_ORGANISATIONS, municipality_id)
    there = versions(session, actor, municipality_id)
    if not there:
        return []
    both = (
        selection(actor)
        .where(CovenantSignature.covenant_id == there[0].id)
        .with_only_columns(CovenantSignature.organisation_id)
        .group_by(CovenantSignature.organisation_id)
        .having(func.count() == 1)
    )
    seen = visible(actor, Permission.SEE_ORGANISATIONS, Organisation)
    query = select(Organisation).where(seen, Organisation.id.in_(both)).order_by(Organisation.name)
    return list(session.scalars(query))


def let_go(session: Session, actor: Actor) -> int:
    """Each night: whoever did not sign a new version in time is no longer bound, and gets nobody passed to them."""
    day = today(session)
    gone = 0
    seen = visible(actor, Permission.SEE_ORGANISATIONS, Organisation)
    for row in session.scalars(
        select(Organisation).where(seen, Organisation.covenant_signed_on.is_not(None))
    ):
        there = versions(session, actor, row.municipality_id)
        if there and _lapsed(there[0], day) and not paper(session, actor, row.id).stands:
            row.covenant_signed_on = None
            gone += 1
    session.flush()
    return gone


def _lapsed(newest: Covenant, day: date) -> bool:
    return newest.sign_before is not None and newest.sign_before < day
