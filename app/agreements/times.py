"""Another moment for one time: either of the two proposes, the other says yes, no, or proposes yet another.

Until that yes the agreed moment stands, with its hold; with it the hold moves along (`occur.move_locked`).
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import locked
from app.agreements import occur
from app.agreements.agree import chosen
from app.agreements.models import Agreement, Occurrence, OccurrenceStatus, TimeProposal, TimeStatus
from app.agreements.schemas import AnswerTime, NewTime, TimeAnswer
from app.checks import confirming
from app.clock import now
from app.errors import Conflict, Forbidden, Invalid
from app.help_requests.models import HelpRequest
from app.ids import uuid7
from app.matches.models import Proposal
from app.notifications.service import tell

COMING = (OccurrenceStatus.PLANNED, OccurrenceStatus.AGREED)
Rows = tuple[Occurrence, Agreement, HelpRequest]


class Changed(Conflict):
    """What was proposed is not what waits now: somebody answered, or proposed something else, in between."""

    code = "time-changed"


def propose(session: Session, actor: Actor, occurrence_id: UUID, wanted: NewTime) -> TimeProposal | None:
    """Say when it would suit better. What the other proposed is answered by it: with a yes when it is the same moment.

    None when that is how it stands already. Proposed twice it is proposed once; something else takes back one's own of
    before. Raises Invalid, DoesNotFit, AlreadyBegun.
    """
    rows = _coming(session, actor, occurrence_id)
    occurrence, agreement, help_request = rows
    starts_at = chosen(session, wanted)
    if starts_at == occurrence.starts_at:
        return None
    waiting = session.scalars(locked(_waiting(actor, occurrence_id))).one_or_none()
    if waiting is not None and waiting.starts_at == starts_at:
        if waiting.proposed_by_id != actor.person_id:
            _agree(session, actor, rows, waiting)
        return waiting
    # unscoped: one's own: either side of an agreement is party to what it came from
    confirming.check_day(session, session.get_one(Proposal, agreement.proposal_id), starts_at)
    if waiting is not None:
        own = waiting.proposed_by_id == actor.person_id
        _answer(session, actor, waiting, TimeStatus.WITHDRAWN if own else TimeStatus.COUNTERED)
        session.flush()
    proposed = TimeProposal(
        id=uuid7(), municipality_id=occurrence.municipality_id,
        helper_municipality_id=occurrence.helper_municipality_id, occurrence_id=occurrence.id,
        asker_id=occurrence.asker_id, helper_id=occurrence.helper_id, proposed_by_id=actor.person_id,
        was_at=occurrence.starts_at, starts_at=starts_at, status=TimeStatus.PROPOSED,
    )  # fmt: skip
    session.add(proposed)
    session.flush()
    proposed.tell("", actor.person_id)
    _tell(session, actor, occurrence, "time-proposed", help_request.title, starts_at, turn_of(proposed))
    return proposed


def ask(session: Session, actor: Actor, occurrence_id: UUID, wanted: NewTime) -> None:
    """Another moment as somebody says it: one of the two proposes, a makelaar who spoke with both moves it at once."""
    if actor.person_id in occur.get_one(session, actor, occurrence_id).parties():
        propose(session, actor, occurrence_id, wanted)
    else:
        occur.move(session, actor, occurrence_id, wanted)


def answer(session: Session, actor: Actor, occurrence_id: UUID, said: AnswerTime) -> Occurrence:
    """Yes, no, or taken back, to the very proposal that was read; the same answer once more changes nothing.

    Raises Changed, HelperBusy, DoesNotFit.
    """
    if said_before(session, actor, said):
        return occur.get_one(session, actor, occurrence_id)
    acts = {TimeAnswer.YES: accept, TimeAnswer.NO: decline, TimeAnswer.BACK: withdraw}
    return acts[said.answer](session, actor, occurrence_id, said.proposed_id)


def turn_of(proposed: TimeProposal) -> int:
    """Tells two proposals for one time apart in the notices about it."""
    return int(proposed.id.int >> 80) % 2_000_000_000


def accept(session: Session, actor: Actor, occurrence_id: UUID, proposed_id: UUID) -> Occurrence:
    """Yes to what the other proposed: the time moves, and the hold with it. Raises Changed, HelperBusy, DoesNotFit."""
    rows = _coming(session, actor, occurrence_id)
    _agree(session, actor, rows, _theirs(session, actor, occurrence_id, proposed_id))
    return rows[0]


def _agree(session: Session, actor: Actor, rows: Rows, proposed: TimeProposal) -> None:
    if proposed.starts_at <= now(session):
        raise Invalid(details={"datum": "past"})
    _answer(session, actor, proposed, TimeStatus.AGREED)
    session.flush()
    occur.move_locked(session, actor, rows, proposed.starts_at)


def decline(session: Session, actor: Actor, occurrence_id: UUID, proposed_id: UUID) -> Occurrence:
    """Rather not: it stays as it was, and the other is told. Raises Changed."""
    occurrence, _agreement, help_request = _coming(session, actor, occurrence_id)
    proposed = _theirs(session, actor, occurrence_id, proposed_id)
    _answer(session, actor, proposed, TimeStatus.DECLINED)
    _tell(session, actor, occurrence, "time-declined", help_request.title, occurrence.starts_at,
          turn_of(proposed))  # fmt: skip
    return occurrence


def withdraw(session: Session, actor: Actor, occurrence_id: UUID, proposed_id: UUID) -> Occurrence:
    """Take back what one proposed oneself. Raises Changed."""
    occurrence = _coming(session, actor, occurrence_id)[0]
    waiting = session.scalars(locked(_waiting(actor, occurrence_id))).one_or_none()
    if waiting is None or waiting.id != proposed_id or waiting.proposed_by_id != actor.person_id:
        raise Changed
    _answer(session, actor, waiting, TimeStatus.WITHDRAWN)
    return occurrence


def _coming(session: Session, actor: Actor, occurrence_id: UUID) -> Rows:
    """The rows, locked, of a time that is still to come and in which one takes part."""
    rows = occur.get_locked(session, actor, occurrence_id)
    if actor.person_id not in rows[0].parties():
        raise Forbidden
    occur.may_undo(session, actor, rows[0])
    if rows[0].status not in COMING:
        raise Conflict
    return rows


def _waiting(actor: Actor, occurrence_id: UUID) -> Select[TimeProposal]:
    return select(TimeProposal).where(
        TimeProposal.has_party(actor.person_id),
        TimeProposal.occurrence_id == occurrence_id,
        TimeProposal.status == TimeStatus.PROPOSED,
    )


def _theirs(session: Session, actor: Actor, occurrence_id: UUID, proposed_id: UUID) -> TimeProposal:
    """What the other proposed and one answers now; it is answered as it was read."""
    waiting = session.scalars(locked(_waiting(actor, occurrence_id))).one_or_none()
    if waiting is None or waiting.id != proposed_id or waiting.proposed_by_id == actor.person_id:
        raise Changed
    return waiting


def _answer(session: Session, actor: Actor, proposed: TimeProposal, answer: TimeStatus) -> None:
    proposed.answered_at = now(session)
    proposed.step(answer, actor.person_id)


def _tell(  # noqa: PLR0913 - all that a notice says
    session: Session, actor: Actor, row: Occurrence, kind: str, title: str, starts_at: datetime, turn: int
) -> None:
    for person_id, municipality_id in row.sides():
        if person_id != actor.person_id:
            tell(session, person_id, municipality_id, kind, row.id, turn=turn, title=title,
                 starts_at=starts_at.isoformat())  # fmt: skip


def of_occurrences(
    session: Session, actor: Actor, occurrences: Iterable[Occurrence]
) -> dict[UUID, list[TimeProposal]]:
    """What was ever proposed for each of these times of one's own, the oldest first."""
    query = select(TimeProposal).where(
        TimeProposal.has_party(actor.person_id),
        TimeProposal.occurrence_id.in_([row.id for row in occurrences]),
    )
    rows: dict[UUID, list[TimeProposal]] = defaultdict(list)
    for row in session.scalars(query.order_by(TimeProposal.created_at, TimeProposal.id)):
        rows[row.occurrence_id].append(row)
    return rows


SAID = {
    TimeAnswer.YES: TimeStatus.AGREED,
    TimeAnswer.NO: TimeStatus.DECLINED,
    TimeAnswer.BACK: TimeStatus.WITHDRAWN,
}


def said_before(session: Session, actor: Actor, said: AnswerTime) -> bool:
    """Whether this very answer was given already: a second press of a button, and nothing to warn of."""
    own = select(TimeProposal.status).where(
        TimeProposal.id == said.proposed_id, TimeProposal.has_party(actor.person_id)
    )
    return session.scalars(own).one_or_none() is SAID[said.answer]
