"""Mail about acting for another: the question for consent, and notices to who acts for somebody without an address."""

from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Final
from urllib.parse import quote
from uuid import UUID

from sqlalchemy import CompoundSelect, func, or_, select, union_all
from sqlalchemy.orm import Session

from app.agreements.models import Agreement, Occurrence
from app.config import Settings
from app.help_requests.models import HelpRequest
from app.matches.models import Proposal
from app.notifications import mail
from app.notifications.layout import Sender
from app.notifications.mail import letter
from app.notifications.models import Notice
from app.notifications.texts import OWN_EYES
from app.people.models import Contact, Person
from app.representations import consent
from app.representations.models import FULL, Representation, RepresentationStatus

LINK: Final = "/namens/toestemming"
HERE: Final = "/mijn/namens"
WHY: Final = {
    "nl": "Dit bericht is voor {name}. U krijgt het, omdat u voor {name} regelt.",
    "en": "This message is for {name}. You receive it because you arrange things for {name}.",
}


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a notice in somebody's place."""

    person_id: UUID
    first_name: str
    email: str
    language: str


@dataclass(frozen=True, slots=True)
class Consenting:
    """Whom to ask for consent."""

    id: UUID
    email: str
    first_name: str
    representative: str
    municipality_id: int


def asked(session: Session, id: UUID) -> Consenting | None:
    """What to mail while it waits; None once there is an answer."""
    # unscoped: the worker's reach is every municipality
    query = (
        select(Representation.claimed, Person.first_name, Representation.municipality_id)
        .join(Person, Person.id == Representation.representative_id)
        .where(
            Representation.id == id,
            Representation.status == RepresentationStatus.ASKED,
            Person.disabled_at.is_(None),
        )
    )
    row = session.execute(query).one_or_none()
    if row is None or not row.claimed.get("email"):
        return None
    return Consenting(id, row.claimed["email"], row.claimed["voornaam"], row.first_name, row.municipality_id)


def consent_message(
    settings: Settings, to: Consenting, secret: bytes, sender: Sender | None = None
) -> EmailMessage:
    """The mail whose link shows who asks what, with a button for yes and one for no."""
    body = (
        f"{to.representative} wil voor u hulp vragen bij ZorgvoorElkaar. Vindt u dat goed? Open de link. Daar leest u"
        f" wat {to.representative} vraagt, en zegt u ja of nee. Zonder uw ja doen wij niets. Kent u"
        f" {to.representative} niet? Dan hoeft u niets te doen: na twee weken wissen wij het."
    )
    address = f"{settings.address}{LINK}?t={quote(consent.token_of(secret, to.id))}"
    return letter(
        settings, to.email, "Mag iemand voor u hulp vragen?", [f"Beste {to.first_name},", body], address,
        "Lees het, en zeg ja of nee", str(to.id), sender=sender,
        in_english=f"In English: {to.representative} would like to ask for help on your behalf. Open the link to read"
        " what is asked, and to say yes or no. Without your yes we do nothing.",
    )  # fmt: skip


def instead(session: Session, notice: Notice) -> list[Reader]:
    """Who reads a notice in the place of somebody without an address: who decides for them, or asked this.

    What somebody reported is told to nobody else: it may be about who reads their mail.
    """
    if notice.kind in OWN_EYES:
        return []
    about = _request_of(notice.subject_id)
    # unscoped: the worker's reach is every municipality
    query = (
        select(Person.id, Person.first_name, Contact.email, Person.language)
        .join(Contact, Contact.person_id == Person.id)
        .join(Representation, Representation.representative_id == Person.id)
        .where(
            Representation.represented_id == notice.person_id,
            Representation.is_live(),
            Contact.email.is_not(None),
            Person.disabled_at.is_(None),
            ~func.is_suspended(Person.id),
            or_(
                Representation.kind.in_(FULL),
                select(HelpRequest.id)
                .where(HelpRequest.id.in_(about), HelpRequest.author_id == Representation.representative_id)
                .exists(),
            ),
        )
    )
    return [Reader(id, name, email or "", lang) for id, name, email, lang in session.execute(query)]


def _request_of(subject_id: UUID) -> CompoundSelect[UUID]:
    """The key of the request that a notice is about, from whatever it names."""
    # unscoped: the worker's reach is every municipality
    return union_all(
        select(HelpRequest.id).where(HelpRequest.id == subject_id),
        select(Proposal.help_request_id).where(Proposal.id == subject_id),
        select(Agreement.help_request_id).where(Agreement.id == subject_id),
        select(Agreement.help_request_id)
        .join(Occurrence, Occurrence.agreement_id == Agreement.id)
        .where(Occurrence.id == subject_id),
    )


def notice_message(
    settings: Settings, notices: Sequence[Notice], name: str, reader: Reader, *, key: str, sender: Sender
) -> EmailMessage:
    """Notices to who acts for the person; each link leads to its page by way of acting for them."""
    return mail.notice_message(
        settings, notices, reader.email, reader.first_name, reader.language,
        key=key, sender=sender, instead=WHY.get(reader.language, WHY["nl"]).format(name=name),
        way=f"{HERE}?naar={{path}}",
    )  # fmt: skip
