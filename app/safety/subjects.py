"""At which contact somebody presses the button, as they see it: who the other is, and what it was about."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.access.policy import found
from app.activities import service as activities
from app.agreements import occur
from app.agreements.mine import of_occurrence
from app.agreements.models import Agreement
from app.errors import NotFound
from app.help_offers import service as help_offers
from app.help_requests import service as help_requests
from app.ideas import service as ideas
from app.matches import answer
from app.matches.models import Proposal
from app.people.models import Person
from app.representations import service as representations
from app.rings import service as rings
from app.roosjes.models import RoosjesNote
from app.safety.words import Subject
from app.stories import service as stories

PATHS: Final = {
    "afspraak": Subject.AGREEMENT,
    "keer": Subject.OCCURRENCE,
    "voorstel": Subject.PROPOSAL,
    "vraag": Subject.REQUEST,
    "aanbod": Subject.OFFER,
    "mens": Subject.PERSON,
    "namens": Subject.REPRESENTATION,
    "kring": Subject.RING,
    "roosjes": Subject.ROOSJES,
    "activiteit": Subject.ACTIVITY,
    "verhaal": Subject.STORY,
    "idee": Subject.IDEA,
    "reactie": Subject.REACTION,
}
"""The word in an address."""


@dataclass(frozen=True, slots=True)
class Contact:
    """What the button stands at. Without a person it is about something in general."""

    subject: Subject
    id: UUID | None = None
    title: str = ""
    person: Person | None = None
    municipality_id: int | None = None
    """Whose desk the other belongs to."""


IN_GENERAL: Final = Contact(Subject.NONE)


def contact(session: Session, actor: Actor, word: str, id: UUID) -> Contact:
    """The contact behind an address; NotFound for what the actor does not see, or has no part in."""
    subject = PATHS.get(word)
    if subject is None:
        raise NotFound
    seen = _SEEN[subject](session, actor, id)
    if seen.person is None and subject is not Subject.ACTIVITY:
        raise NotFound
    if seen.person is not None and seen.person.id == actor.person_id:
        raise NotFound
    return seen


def _agreement(session: Session, actor: Actor, id: UUID) -> Contact:
    return _of_agreement(actor, occur.get(session, actor, id), Subject.AGREEMENT, id)


def _occurrence(session: Session, actor: Actor, id: UUID) -> Contact:
    return _of_agreement(actor, of_occurrence(session, actor, id), Subject.OCCURRENCE, id)


def _of_agreement(actor: Actor, row: Agreement, subject: Subject, id: UUID) -> Contact:
    other, municipality_id = _other(actor, row)
    return Contact(subject, id, row.help_request.title, other, municipality_id)


def _proposal(session: Session, actor: Actor, id: UUID) -> Contact:
    row = answer.get(session, actor, id)
    other, municipality_id = _other(actor, row)
    # before a makelaar introduced the two, the asker does not know who it is
    if row.asker_id == actor.person_id and not row.is_introduced(row.help_request.municipality):
        raise NotFound
    return Contact(Subject.PROPOSAL, id, row.help_request.title, other, municipality_id)


def _other(actor: Actor, row: Agreement | Proposal) -> tuple[Person, int]:
    if actor.person_id == row.asker_id:
        return row.helper, row.helper_municipality_id
    if actor.person_id == row.helper_id:
        return row.asker, row.municipality_id
    raise NotFound  # of others; the desk has its own ways


def _request(session: Session, actor: Actor, id: UUID) -> Contact:
    row = help_requests.get(session, actor, id)
    return Contact(Subject.REQUEST, id, row.title, row.person, row.municipality_id)


def _offer(session: Session, actor: Actor, id: UUID) -> Contact:
    row = help_offers.get(session, actor, id)
    return Contact(Subject.OFFER, id, row.title, row.person, row.municipality_id)


def _person(session: Session, actor: Actor, id: UUID) -> Contact:
    """Somebody with whom there was a proposal: nobody is found by their key alone."""
    mine = actor.person_id
    # unscoped: one's own: rows that both are party to
    query = (
        select(Proposal)
        .where(
            or_(
                (Proposal.asker_id == mine) & (Proposal.helper_id == id),
                (Proposal.asker_id == id) & (Proposal.helper_id == mine),
            ),
            answer.told(actor),
        )
        .options(joinedload(Proposal.asker), joinedload(Proposal.helper))
        .order_by(Proposal.created_at.desc())
        .limit(1)
    )
    row = found(session.scalars(query).one_or_none())
    other, municipality_id = _other(actor, row)
    return Contact(Subject.PERSON, id, "", other, municipality_id)


def _representation(session: Session, actor: Actor, id: UUID) -> Contact:
    """Who acts for one, or for whom one acts; nobody while there was no answer yet."""
    row = representations.get(session, actor, id)
    if row.represented is None or actor.person_id not in row.parties():
        raise NotFound
    other = row.represented if row.representative_id == actor.person_id else row.representative
    return Contact(Subject.REPRESENTATION, id, "", other, row.municipality_id)


def _ring(session: Session, actor: Actor, id: UUID) -> Contact:
    """Whom one helps in a ring, or who helps one as soon as that may be known."""
    arc = rings.arc(session, actor, id)
    if arc.giver_id == actor.person_id:
        return Contact(Subject.RING, id, arc.title, arc.receiver, arc.municipality_id)
    if not (arc.is_known or arc.ring.people == rings.SHORTEST):
        raise NotFound
    return Contact(Subject.RING, id, arc.title, arc.giver, arc.giver_municipality_id)


def _roosjes(session: Session, actor: Actor, id: UUID) -> Contact:
    """Who gave one Roosjes or asked for them, or to whom one gave."""
    # unscoped: one's own: words to or from the actor
    query = select(RoosjesNote).where(RoosjesNote.id == id, RoosjesNote.has_party(actor.person_id))
    note = found(
        session.scalars(
            query.options(joinedload(RoosjesNote.giver), joinedload(RoosjesNote.receiver))
        ).one_or_none()
    )
    if note.from_id == actor.person_id:
        return Contact(
            Subject.ROOSJES, id, "", note.receiver, note.other_municipality_id or note.municipality_id
        )
    return Contact(Subject.ROOSJES, id, "", note.giver, note.municipality_id)


def _activity(session: Session, actor: Actor, id: UUID) -> Contact:
    """The resident who hosts it; what an organisation or a desk hosts is about no single person."""
    row = activities.get(session, actor, id)
    return Contact(Subject.ACTIVITY, id, row.title, row.host, row.municipality_id)


def _story(session: Session, actor: Actor, id: UUID) -> Contact:
    row = stories.get_told(session, actor, id)
    return Contact(Subject.STORY, id, row.title, row.teller, row.municipality_id)


def _idea(session: Session, actor: Actor, id: UUID) -> Contact:
    row = ideas.get(session, actor, id)
    return Contact(Subject.IDEA, id, row.title, row.author, row.municipality_id)


def _reaction(session: Session, actor: Actor, id: UUID) -> Contact:
    """Of somebody in their own name; an organisation's words are the organisation's."""
    row = ideas.get_reaction(session, actor, id)
    person = row.author if row.organisation_id is None else None
    return Contact(Subject.REACTION, id, row.idea.title, person, row.municipality_id)


_SEEN: Final = {
    Subject.AGREEMENT: _agreement,
    Subject.OCCURRENCE: _occurrence,
    Subject.PROPOSAL: _proposal,
    Subject.REQUEST: _request,
    Subject.OFFER: _offer,
    Subject.PERSON: _person,
    Subject.REPRESENTATION: _representation,
    Subject.RING: _ring,
    Subject.ROOSJES: _roosjes,
    Subject.ACTIVITY: _activity,
    Subject.STORY: _story,
    Subject.IDEA: _idea,
    Subject.REACTION: _reaction,
}
