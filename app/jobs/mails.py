"""Mails that are sent by jobs: outside any transaction, and only while what they tell still stands."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access import codes, events, invitations
from app.access.models import SignInLink
from app.access.proof_models import Happened
from app.access.sign_in import LinkDead, link_token, person_for_email
from app.help_requests import asking
from app.jobs.work import Work
from app.notifications import gathering, mail, sending
from app.notifications.layout import Sender
from app.partners import people as partner_people
from app.people import service as people
from app.people.models import Contact, Person
from app.places.models import Municipality
from app.push import sending as push
from app.referrals import mailed as referral_mails, watch as referrals
from app.representations import mailed
from app.secrets import installation_secret


def mail_notice(work: Work, notice_id: str, person_id: str = "") -> None:
    """Somebody was told something: have it gathered now, or after a burst of more."""
    if not person_id:
        return  # of before there was a choice: nothing waits for it
    with work.transaction() as (session, _):
        gathering.told(session, UUID(person_id), UUID(notice_id), work.settings.mail_burst_s)
        push.told(session, work.settings, UUID(person_id), UUID(notice_id))


def gather(work: Work, person_id: str) -> None:
    """What waits for somebody goes in one mail or letter."""
    with work.transaction() as (session, _):
        gathering.gather(session, UUID(person_id))


def gather_due(work: Work) -> None:
    """Each hour: the digests and letters of which the time has come, of each person by themselves."""
    with work.transaction() as (session, _):
        everybody = gathering.waiting(session)
    for person_id in everybody:
        with work.transaction() as (session, _):
            gathering.gather(session, person_id)


def send_dispatch(work: Work, dispatch_id: str, person_id: str) -> None:
    """Hand one mail with notices over, once in effect.

    A worker that was killed while it did so leaves a mark. Then the mail may have arrived: what always must is sent
    again under the same Message-ID, which mail programs show once; the rest is not, and stands on the site anyway.
    """
    key = UUID(person_id), UUID(dispatch_id)
    with work.transaction() as (session, _):
        message = sending.prepare(session, work.settings, installation_secret(work.settings), *key)
    if message is None:
        return
    try:
        mail.send(work.settings, message)
    except mail.AddressRefused:
        with work.transaction() as (session, _):
            sending.not_sent(session, *key, forever=True)
    except Exception:
        with work.transaction() as (session, _):
            sending.not_sent(session, *key)
        raise
    else:
        with work.transaction() as (session, _):
            sending.sent(session, *key)


def mail_link(work: Work, link_id: str, lang: str = "nl") -> None:
    """Send a sign-in link while it lives, in the language of the page that asked.

    An unknown address gets a mail as well: nobody learns who is known.
    """
    with work.transaction() as (session, _):
        # unscoped: found by its own secret: a link belongs to an address
        link = session.scalars(
            select(SignInLink).where(
                SignInLink.id == UUID(link_id),
                SignInLink.used_at.is_(None),
                SignInLink.expires_at > func.ledger.now(),
            )
        ).one_or_none()
        if link is None:
            return
        person_id = person_for_email(session, link.email)
        known = link.draft_hash is not None or person_id is not None
        sender = _sender_at_home(session, person_id)
        secret = installation_secret(work.settings)
        token = link_token(secret, link.id)
        sends = bool(asking.waiting_title(session, secret, token))
    code = codes.code_of(secret, link.id)
    message = mail.link_message(
        work.settings, link, token if known else None, sends=sends, code=code, sender=sender, lang=lang
    )
    mail.send(work.settings, message)


def _sender_at_home(session: Session, person_id: UUID | None) -> Sender | None:
    """The municipality where somebody lives, in whose look we write to them; None for who is not known."""
    home = people.home_if_any(session, person_id) if person_id is not None else None
    return sending.sender_of(session, home.municipality_id) if home is not None else None


def mail_invitation(work: Work, invitation_id: str) -> None:
    """Invite a colleague, while the invitation stands."""
    secret = installation_secret(work.settings)
    with work.transaction() as (session, _):
        token = invitations.token_of(secret, UUID(invitation_id))
        try:
            invited = invitations.read(session, secret, token)
        except LinkDead:
            return
        place = session.get_one(Municipality, invited.municipality_id).name
        sender = sending.sender_of(session, invited.municipality_id)
    mail.send(work.settings, mail.invitation_message(work.settings, invited, place, token, sender))


def mail_changed(work: Work, event_id: str, person_id: str, kind: str) -> None:
    """Tell somebody by mail that their keys, app or role changed; who has no address reads it when they sign in."""
    with work.transaction() as (session, _):
        if not events.happened(session, UUID(person_id), UUID(event_id), Happened(kind)):
            return
        # unscoped: the worker's reach is every municipality
        query = (
            select(Contact.email, Person.language, Person.disabled_at)
            .join(Person, Person.id == Contact.person_id)
            .where(Contact.person_id == UUID(person_id))
        )
        row = session.execute(query).one_or_none()
        sender = _sender_at_home(session, UUID(person_id))
    shut = Happened(kind) is Happened.SHUT_OUT
    if row is not None and row.email and (row.disabled_at is None or shut):
        message = mail.changed_message(
            work.settings, row.email, Happened(kind), row.language, event_id, sender
        )
        mail.send(work.settings, message)


def mail_representation(work: Work, representation_id: str) -> None:
    """Ask somebody whether another may act for them, while that waits."""
    with work.transaction() as (session, _):
        asked = mailed.asked(session, UUID(representation_id))
        sender = sending.sender_of(session, asked.municipality_id) if asked is not None else None
    if asked is not None:
        secret = installation_secret(work.settings)
        mail.send(work.settings, mailed.consent_message(work.settings, asked, secret, sender))


def mail_referrer(work: Work, referral_id: str) -> None:
    """Tell who referred that there is something to read, while the person finds that good."""
    with work.transaction() as (session, actor):
        told = referrals.to_tell(session, actor, UUID(referral_id))
    if told is not None:
        secret = installation_secret(work.settings)
        mail.send(work.settings, referral_mails.message(work.settings, told, secret))


def mail_organisation_invitation(work: Work, invitation_id: str) -> None:
    """Invite a colleague or volunteer of an organisation, while the invitation stands."""
    with work.transaction() as (session, actor):
        standing = partner_people.to_mail(session, actor, UUID(invitation_id))
    if standing is not None:
        secret = installation_secret(work.settings)
        mail.send(work.settings, partner_people.mail(work.settings, *standing, secret))
