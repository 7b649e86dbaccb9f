"""Mails that are sent by jobs: outside any transaction, and only while what they tell still stands."""

from uuid import UUID

from sqlalchemy import func, select, update

from app.access import codes, invitations
from app.access.models import SignInLink
from app.access.proof_models import Happened
from app.access.sign_in import LinkDead, link_token, person_for_email
from app.help_requests import asking
from app.jobs.work import Work
from app.notifications import mail
from app.notifications.models import Notice
from app.people.models import Contact, Person
from app.places.models import Municipality
from app.representations import mailed
from app.secrets import installation_secret


def mail_notice(work: Work, notice_id: str) -> None:
    """Send one notice by mail, unless it was sent. Who acts for a person without an address reads it instead."""
    with work.transaction() as (session, _):
        # unscoped: the worker's reach is every municipality
        query = (
            select(Notice, Contact.email, Person.language, Person.first_name, Person.disabled_at)
            .join(Contact, Contact.person_id == Notice.person_id)
            .join(Person, Person.id == Notice.person_id)
            .where(Notice.id == UUID(notice_id), Notice.mailed_at.is_(None))
        )
        row = session.execute(query).one_or_none()
        if row is None or row.disabled_at is not None:
            return
        readers = [] if row.email else mailed.instead(session, row.Notice)
    if row.email:
        message = mail.notice_message(work.settings, row.Notice, row.email, row.first_name, row.language)
        mail.send(work.settings, message)
    for reader in readers:
        mail.send(work.settings, mailed.notice_message(work.settings, row.Notice, row.first_name, reader))
    if not row.email and not readers:
        return
    with work.transaction() as (session, _):
        # unscoped: the worker's reach is every municipality
        sent = update(Notice).where(Notice.id == UUID(notice_id))
        session.execute(sent.values(mailed_at=func.ledger.now()))


def mail_link(work: Work, link_id: str) -> None:
    """Send a sign-in link while it lives. An unknown address gets a mail as well: nobody learns who is known."""
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
        known = link.draft_hash is not None or person_for_email(session, link.email) is not None
        secret = installation_secret(work.settings)
        token = link_token(secret, link.id)
        sends = bool(asking.waiting_title(session, secret, token))
    code = codes.code_of(secret, link.id)
    message = mail.link_message(work.settings, link, token if known else None, sends=sends, code=code)
    mail.send(work.settings, message)


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
    mail.send(work.settings, mail.invitation_message(work.settings, invited, place, token))


def mail_changed(work: Work, event_id: str, person_id: str, kind: str) -> None:
    """Tell somebody by mail that their keys, app or role changed; who has no address reads it when they sign in."""
    with work.transaction() as (session, _):
        # unscoped: the worker's reach is every municipality
        query = (
            select(Contact.email, Person.language, Person.disabled_at)
            .join(Person, Person.id == Contact.person_id)
            .where(Contact.person_id == UUID(person_id))
        )
        row = session.execute(query).one_or_none()
    shut = Happened(kind) is Happened.SHUT_OUT
    if row is not None and row.email and (row.disabled_at is None or shut):
        message = mail.changed_message(work.settings, row.email, Happened(kind), row.language, event_id)
        mail.send(work.settings, message)


def mail_representation(work: Work, representation_id: str) -> None:
    """Ask somebody whether another may act for them, while that waits."""
    with work.transaction() as (session, _):
        asked = mailed.asked(session, UUID(representation_id))
    if asked is not None:
        mail.send(
            work.settings, mailed.consent_message(work.settings, asked, installation_secret(work.settings))
        )
