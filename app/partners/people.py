"""Who works for an organisation, and who helps under its flag."""

from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from hashlib import sha256
from typing import Final, TypeVar
from urllib.parse import quote
from uuid import UUID

from itsdangerous import BadSignature, Signer
from sqlalchemy import Select, func, or_, select, text
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.access.limits import INVITATION_BY_MAKER, spend
from app.access.policy import found, locked, visible
from app.access.roles import Permission
from app.access.sign_in import LinkDead
from app.clock import now
from app.config import Settings
from app.errors import Conflict, Forbidden, NotFound
from app.help_offers.models import HelpOffer, Status as OfferStatus
from app.ids import uuid7
from app.jobs.queue import defer
from app.notifications.mail import letter
from app.notifications.service import tell
from app.organisations.models import Organisation
from app.organisations.staff import administers, works_for
from app.partners.models import InvitedAs, OrganisationInvitation, OrganisationVolunteer
from app.partners.schemas import Invite, Sharing

DAYS: Final = 14
PAGE: Final = "/organisatie/uitnodiging"
Row = TypeVar("Row", OrganisationInvitation, OrganisationVolunteer)


class LastAdministrator(Conflict):
    """Somebody has to stay who administers it."""

    code = "last-administrator"


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who works for the organisation; ``grant_id`` is their role there."""

    grant_id: UUID
    person_id: UUID
    first_name: str
    role: InvitedAs


@dataclass(frozen=True, slots=True)
class Invited:
    """What the link shows to whoever it is for."""

    id: UUID
    organisation_id: UUID
    organisation: str
    first_name: str
    role: InvitedAs
    exclusive: bool


def own(session: Session, actor: Actor, organisation_id: UUID) -> Organisation:
    """The organisation that one administers; NotFound for anybody else."""
    if organisation_id not in administers(actor):
        raise NotFound
    seen = visible(actor, Permission.SEE_ORGANISATIONS, Organisation)
    query = select(Organisation).where(seen, Organisation.id == organisation_id)
    return found(session.scalars(query).one_or_none())


def selection(actor: Actor, model: type[Row]) -> Select[Row]:
    """Of the organisations that one administers; row-level security agrees."""
    seen = visible(actor, Permission.KEEP_SOCIAL_MAP, model)
    return select(model).where(or_(seen, model.organisation_id.in_(administers(actor))))


def colleagues(session: Session, actor: Actor, organisation_id: UUID) -> list[Colleague]:
    """Who works there, by name; for who works there too."""
    if organisation_id not in works_for(actor):
        raise NotFound
    rows = session.execute(text("SELECT * FROM organisation_colleagues(:o)"), {"o": organisation_id})
    return [Colleague(row.grant_id, row.person_id, row.first_name, InvitedAs(row.role)) for row in rows]


def invitations(session: Session, actor: Actor, organisation_id: UUID) -> list[OrganisationInvitation]:
    """Those that wait for an answer, the newest first."""
    own(session, actor, organisation_id)
    query = selection(actor, OrganisationInvitation).where(
        OrganisationInvitation.organisation_id == organisation_id, OrganisationInvitation.used_at.is_(None),
        OrganisationInvitation.withdrawn_at.is_(None), OrganisationInvitation.expires_at > func.ledger.now(),
    )  # fmt: skip
    return list(session.scalars(query.order_by(OrganisationInvitation.created_at.desc()).limit(100)))


def invite(session: Session, actor: Actor, organisation_id: UUID, wanted: Invite) -> OrganisationInvitation:
    """A mail with a link goes out; an older one for the same address and role dies. Raises NotFound, TooMany."""
    flag = own(session, actor, organisation_id)
    spend(session, INVITATION_BY_MAKER, str(actor.person_id))
    for older in invitations(session, actor, flag.id):
        if (older.email, older.role) == (wanted.email.lower(), wanted.role):
            older.withdrawn_at = now(session)
    row = OrganisationInvitation(
        id=uuid7(), municipality_id=flag.municipality_id, organisation_id=flag.id, email=wanted.email.lower(),
        first_name=wanted.first_name, role=wanted.role,
        exclusive=wanted.exclusive and wanted.role is InvitedAs.VOLUNTEER, invited_by_id=actor.person_id,
        expires_at=now(session) + timedelta(days=DAYS),
    )  # fmt: skip
    session.add(row)
    session.flush()
    defer(session, "organisations.invite", queue="mail", invitation_id=str(row.id))
    return row


def withdraw(session: Session, actor: Actor, organisation_id: UUID, id: UUID) -> None:
    """The link opens nothing from here on."""
    rows = {row.id: row for row in invitations(session, actor, organisation_id)}
    row = found(rows.get(id))
    row.withdrawn_at = now(session)
    session.flush()


def to_mail(session: Session, actor: Actor, id: UUID) -> tuple[OrganisationInvitation, str] | None:
    """For the worker: an invitation that stands, and who invites."""
    query = selection(actor, OrganisationInvitation).where(
        OrganisationInvitation.id == id, OrganisationInvitation.used_at.is_(None),
        OrganisationInvitation.withdrawn_at.is_(None),
    )  # fmt: skip
    row = session.scalars(query).one_or_none()
    if row is None:
        return None
    seen = visible(actor, Permission.SEE_ORGANISATIONS, Organisation)
    named = select(Organisation.name).where(seen, Organisation.id == row.organisation_id)
    return row, session.scalars(named).one()


def token_of(secret: bytes, id: UUID) -> str:
    """What the mail carries: made again from the key each time, so that no secret is stored."""
    return _signer(secret).sign(id.hex).decode()


def _signer(secret: bytes) -> Signer:
    return Signer(secret, salt="organisation-invitation", sep="~", digest_method=sha256)


def invited(session: Session, secret: bytes, token: str) -> Invited:
    """What the link says, for whoever signed in with the address that it was sent to; LinkDead for anybody else."""
    try:
        key = UUID(_signer(secret).unsign(token).decode())
    except (BadSignature, ValueError):
        raise LinkDead from None
    row = session.execute(text("SELECT * FROM invited_by_organisation(:key)"), {"key": key}).one_or_none()
    if row is None:
        raise LinkDead
    return Invited(
        key, row.organisation_id, row.organisation, row.first_name, InvitedAs(row.role), row.exclusive
    )


def accept(session: Session, actor: Actor, secret: bytes, token: str) -> Invited:
    """Whoever reads that mailbox works or helps there from here on. Raises LinkDead, Forbidden while acting."""
    if actor.behind is not None:
        raise Forbidden
    said = invited(session, secret, token)
    done = session.execute(
        text("SELECT accept_organisation_invitation(:key, :grant, :row)"),
        {"key": said.id, "grant": uuid7(), "row": uuid7()},
    ).scalar_one()
    if not done:
        raise LinkDead
    if said.role is InvitedAs.VOLUNTEER:
        _put_under_flag(session, actor, said.organisation_id, exclusive=said.exclusive)
    return said


def _put_under_flag(session: Session, actor: Actor, organisation_id: UUID, *, exclusive: bool) -> None:
    """One's own unpaid offers that stand under no flag go under this one."""
    query = select(HelpOffer).where(
        HelpOffer.owned_by(actor.person_id), HelpOffer.organisation_id.is_(None), HelpOffer.paid.is_(False),
        HelpOffer.status.in_((OfferStatus.OPEN, OfferStatus.PAUSED)),
    )  # fmt: skip
    for offer in session.scalars(locked(query)):
        offer.organisation_id, offer.exclusive = organisation_id, exclusive
    session.flush()


def end_role(session: Session, actor: Actor, organisation_id: UUID, grant_id: UUID) -> None:
    """Somebody works there no more. Raises LastAdministrator, NotFound."""
    own(session, actor, organisation_id)
    there = colleagues(session, actor, organisation_id)
    row = found(next((one for one in there if one.grant_id == grant_id), None))
    administrators = [one for one in there if one.role is InvitedAs.ADMINISTRATOR]
    if row.role is InvitedAs.ADMINISTRATOR and len(administrators) == 1:
        raise LastAdministrator
    ended = session.execute(text("SELECT end_organisation_role(:key)"), {"key": grant_id}).scalar_one()
    if not ended:
        raise NotFound


def volunteers(session: Session, actor: Actor, organisation_id: UUID) -> list[OrganisationVolunteer]:
    """Who helps under the flag, by name."""
    own(session, actor, organisation_id)
    query = selection(actor, OrganisationVolunteer).where(
        OrganisationVolunteer.organisation_id == organisation_id, OrganisationVolunteer.ended_at.is_(None)
    )
    rows = session.scalars(query.options(joinedload(OrganisationVolunteer.person)))
    return sorted(rows, key=lambda row: (row.person.first_name.casefold(), str(row.id)))


def share(session: Session, actor: Actor, organisation_id: UUID, id: UUID, wanted: Sharing) -> None:
    """For the organisation's own people only, or for everybody; the volunteer hears of it."""
    row = _volunteer(session, actor, organisation_id, id)
    if row.exclusive == wanted.exclusive:
        return
    session.execute(
        text("SELECT share_volunteer(:id, :exclusive)"), {"id": row.id, "exclusive": wanted.exclusive}
    )
    session.expire(row)
    tell(session, row.person_id, row.municipality_id, "volunteer-sharing", row.id, turn=int(now(session).timestamp()),
         title=row.organisation.name)  # fmt: skip


def let_go(session: Session, actor: Actor, organisation_id: UUID, id: UUID) -> None:
    """Somebody helps under the flag no more; their offers stand as a neighbour's."""
    row = _volunteer(session, actor, organisation_id, id)
    session.execute(text("SELECT end_volunteer(:id)"), {"id": row.id})
    session.expire(row)


def _volunteer(session: Session, actor: Actor, organisation_id: UUID, id: UUID) -> OrganisationVolunteer:
    own(session, actor, organisation_id)
    query = selection(actor, OrganisationVolunteer).where(
        OrganisationVolunteer.id == id, OrganisationVolunteer.organisation_id == organisation_id,
        OrganisationVolunteer.ended_at.is_(None),
    )  # fmt: skip
    return found(session.scalars(query.options(joinedload(OrganisationVolunteer.organisation))).one_or_none())


def mine(session: Session, actor: Actor) -> list[OrganisationVolunteer]:
    """Under whose flag one helps oneself."""
    query = select(OrganisationVolunteer).where(
        OrganisationVolunteer.owned_by(actor.person_id), OrganisationVolunteer.ended_at.is_(None)
    )
    return list(session.scalars(query.options(joinedload(OrganisationVolunteer.organisation))))


def leave(session: Session, actor: Actor, id: UUID) -> None:
    """The volunteer stops; their offers stand as a neighbour's."""
    rows = {row.id for row in mine(session, actor)}
    if id not in rows or actor.behind is not None:
        raise NotFound
    session.execute(text("SELECT end_volunteer(:id)"), {"id": id})


def mail(
    settings: Settings, invitation: OrganisationInvitation, organisation: str, secret: bytes
) -> EmailMessage:
    """The mail with the link; it can be used by who signs in with this very address."""
    address = f"{settings.address}{PAGE}?t={quote(token_of(secret, invitation.id))}"
    what = (
        f"{organisation} vraagt u om als vrijwilliger mee te doen in ZorgvoorElkaar."
        if invitation.role is InvitedAs.VOLUNTEER
        else f"{organisation} vraagt u om mee te werken in ZorgvoorElkaar."
    )
    body = f"{what} Open de link, log in met dit e-mailadres en druk op de knop. De link werkt {DAYS} dagen."
    return letter(
        settings, invitation.email, f"Doet u mee bij {organisation}?", [f"Beste {invitation.first_name},", body],
        address, "Bekijk de uitnodiging", str(invitation.id),
        in_english=f"In English: {organisation} asks you to join them in ZorgvoorElkaar. Open the link, sign in with"
        f" this e-mail address and press the button. The link works for {DAYS} days.",
    )  # fmt: skip
