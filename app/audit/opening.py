"""What the desk opens only with a case and a reason: an address, and what people wrote to each other."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from app.access.actor import Actor
from app.access.policy import found, require
from app.access.roles import Permission
from app.agreements.models import Agreement, Occurrence
from app.audit.write import Act, note
from app.conversations import desk as conversations
from app.matches.models import Proposal
from app.moderation import cases
from app.people.models import Contact, Person
from app.pots.notes import refuse_own
from app.schemas import Incoming
from app.text import Typed


class What(StrEnum):
    """What somebody of the desk wants to open."""

    ADDRESS = "adres"
    MESSAGES = "berichten"


class Opening(Incoming):
    """What, and why: the person reads both."""

    what: Annotated[What, Field(alias="wat")]
    reason: Annotated[Annotated[str, Typed(400)], Field(alias="reden", min_length=10)]


@dataclass(frozen=True, slots=True)
class Message:
    """What one wrote to the other about this case."""

    by: str
    to: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Opened:
    """What was opened; the other is empty."""

    contact: Contact | None
    messages: list[Message]


def open_(session: Session, actor: Actor, id: UUID, opening: Opening) -> Opened:
    """Open it for a case of one's own desk; everybody whose data it is can read back who did, and why.

    Raises OwnInterest where the asker, or one whose words would be opened, lives with whoever looks.
    """
    help_request = cases.get(session, actor, id)
    require(actor, Permission.MODERATE_REQUEST, help_request.municipality_id)
    refuse_own(session, actor, help_request.person_id)
    if opening.what is What.ADDRESS:
        _tell(
            session,
            actor,
            Act.ADDRESS,
            help_request.person_id,
            help_request.municipality_id,
            id,
            opening.reason,
        )
        # unscoped: goes with a case in the actor's reach: its asker
        return Opened(found(session.get(Contact, help_request.person_id)), [])
    # unscoped: goes with a case in the actor's reach, and row-level security stands behind it
    helpers = select(Proposal.helper_id, Proposal.helper_municipality_id).where(
        Proposal.help_request_id == id, or_(Proposal.message != "", Proposal.confirmed_at.is_not(None))
    )
    wrote = session.execute(helpers.distinct()).all()
    refuse_own(session, actor, *(helper_id for helper_id, _ in wrote))
    _tell(
        session, actor, Act.MESSAGES, help_request.person_id, help_request.municipality_id, id, opening.reason
    )
    for helper_id, municipality_id in wrote:
        _tell(session, actor, Act.MESSAGES, helper_id, municipality_id, id, opening.reason)
    return Opened(None, _messages(session, actor, id, opening.reason))


def _tell(  # noqa: PLR0913 - all there is to say about one look
    session: Session, actor: Actor, act: Act, subject: UUID, municipality_id: int, case_id: UUID, reason: str
) -> None:
    note(
        session,
        actor,
        act,
        subject=subject,
        municipality_id=municipality_id,
        entity="help_request",
        entity_id=case_id,
        case_id=case_id,
        reason=reason,
    )


def _conversations(session: Session, actor: Actor, id: UUID, reason: str) -> list[Message]:
    """Of the conversations of this case those that both people, or a report, let the desk read."""
    # unscoped: goes with a case in the actor's reach, and the database says which of them may be read
    query = (
        select(Proposal.id, Proposal.asker_id, Person.first_name)
        .join(Person, Person.id == Proposal.helper_id)
        .where(Proposal.help_request_id == id, func.conversation_open_by(Proposal.id).is_not(None))
    )
    told = []
    for proposal_id, asker_id, helper in session.execute(query).all():
        asker = session.get_one(Person, asker_id).first_name
        for one in conversations.read(session, actor, proposal_id, case_id=id, why=reason):
            other = helper if one.by_asker else asker
            told.append(Message(one.by, other, one.text, one.at))
    return told


def _messages(session: Session, actor: Actor, id: UUID, reason: str) -> list[Message]:
    asker, helper = aliased(Person), aliased(Person)
    # unscoped: goes with a case in the actor's reach, and row-level security stands behind it
    written = (
        select(helper.first_name, asker.first_name, Proposal.message, Proposal.created_at)
        .join(helper, helper.id == Proposal.helper_id)
        .join(asker, asker.id == Proposal.asker_id)
        .where(Proposal.help_request_id == id, Proposal.message != "")
    )
    # unscoped: goes with a case in the actor's reach
    thanks = (
        select(asker.first_name, helper.first_name, Occurrence.thanks, Occurrence.thanked_at)
        .join(Agreement, Agreement.id == Occurrence.agreement_id)
        .join(helper, helper.id == Occurrence.helper_id)
        .join(asker, asker.id == Occurrence.asker_id)
        .where(Agreement.help_request_id == id, Occurrence.thanks != "", Occurrence.thanked_at.is_not(None))
    )
    said = [Message(*row) for row in session.execute(written)]
    said += [Message(by, to, words, at) for by, to, words, at in session.execute(thanks) if at is not None]
    said += _conversations(session, actor, id, reason)
    return sorted(said, key=lambda message: message.at)
