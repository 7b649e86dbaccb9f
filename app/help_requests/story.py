"""What happened to a request: its own steps, its proposals', its agreements' and their times', in order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, union_all
from sqlalchemy.orm import Session

from app.agreements.models import Agreement, Occurrence
from app.help_requests.models import HelpRequest
from app.matches.models import Proposal
from app.people.models import Person
from app.representations.models import Representation
from app.states import StateEvent

TAKEN, LET_GO, HANDED_OVER = "taken", "let-go", "handed-over"
FACES = frozenset({TAKEN, LET_GO, HANDED_OVER})
"""Reasons of an event at the present state: who of the desk has it changed, and nothing that was asked."""


@dataclass(frozen=True, slots=True)
class Happened:
    """One step; ``helper`` is the first name of whom a proposal or an agreement is about."""

    entity: str
    before: str
    after: str
    at: datetime
    by_person_id: UUID | None
    reason: str
    helper: str
    hand: str = ""
    """The first name of who did it in the asker's name."""


def of(session: Session, help_request: HelpRequest) -> list[Happened]:
    """Its steps, oldest first; row-level security keeps out what the actor may not see."""
    helpers = _helpers(session, help_request.id)
    # unscoped: goes with a request that the caller read in scope
    steps = (
        select(StateEvent)
        .where(StateEvent.entity_id.in_([help_request.id, *helpers]))
        .order_by(StateEvent.at, StateEvent.id)
    )
    hands = _hands(session, help_request)
    return [_told(step, helpers, hands) for step in session.scalars(steps)]


def _hands(session: Session, help_request: HelpRequest) -> dict[UUID, str]:
    """Who ever acted for the asker, by first name."""
    # unscoped: row-level security shows the asker's own
    query = (
        select(Person.id, Person.first_name)
        .join(Representation, Representation.representative_id == Person.id)
        .where(Representation.represented_id == help_request.person_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def _helpers(session: Session, help_request_id: UUID) -> dict[UUID, str]:
    # unscoped: row-level security shows the asker's own;
    # an asker meets a helper no sooner than their makelaar introduces the two
    query = union_all(
        select(Proposal.id, Person.first_name)
        .join(Person, Person.id == Proposal.helper_id)
        .where(Proposal.help_request_id == help_request_id, Proposal.is_introduced_row()),
        select(Agreement.id, Person.first_name)
        .join(Person, Person.id == Agreement.helper_id)
        .where(Agreement.help_request_id == help_request_id),
        select(Occurrence.id, Person.first_name)
        .join(Agreement, Agreement.id == Occurrence.agreement_id)
        .join(Person, Person.id == Agreement.helper_id)
        .where(Agreement.help_request_id == help_request_id),
    )
    return {row[0]: row[1] for row in session.execute(query)}


def _told(step: StateEvent, helpers: dict[UUID, str], hands: dict[UUID, str]) -> Happened:
    name, by = helpers.get(step.entity_id, ""), step.by_person_id
    hand = hands.get(by, "") if by else ""
    return Happened(step.entity, step.before, step.after, step.at, by, step.reason, name, hand)


def reason_of(steps: Sequence[Happened], state: str) -> str:
    """Why the request itself last came into this state."""
    return next(
        (step.reason for step in reversed(steps) if step.entity == "help_request" and step.after == state), ""
    )
