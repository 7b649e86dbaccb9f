"""Where requests stand: what one reads above them, and the people and agreements behind that."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.access.actor import Actor
from app.access.policy import visible
from app.access.roles import Permission
from app.agreements.models import Agreement, Status as AgreementStatus
from app.clock import now
from app.help_requests.models import HelpRequest, Status
from app.matches.answer import FACE as PROPOSAL_FACE
from app.matches.models import Proposal, Status as ProposalStatus
from app.places.working_days import add_working_days, is_working_day

CHOOSING_DAYS = 5
"""Working days in which one chooses before the makelaar phones."""


class Reading(StrEnum):
    """What a request reads on a screen."""

    UNSENT = "unsent"
    READING = "reading"
    SEARCHING = "searching"
    CHOOSE = "choose"
    AGREED = "agreed"
    RUNNING = "running"
    DONE = "done"
    NOBODY = "nobody"
    REFERRED = "referred"
    PAUSED = "paused"
    EXPIRED = "expired"
    STOPPED = "stopped"


_FIXED = {
    Status.DRAFT: Reading.UNSENT,
    Status.SUBMITTED: Reading.READING,
    Status.DONE: Reading.DONE,
    Status.CLOSED: Reading.DONE,
    Status.PAUSED: Reading.PAUSED,
    Status.REFERRED: Reading.REFERRED,
    Status.EXPIRED: Reading.EXPIRED,
    Status.WITHDRAWN: Reading.STOPPED,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """A request, how it reads, who may be chosen, and what was agreed."""

    help_request: HelpRequest
    reading: Reading
    due_at: datetime | None
    """By when whoever has it moves: the promise, or the end of choosing."""
    late: bool
    """The promise is past, and it is ours to move."""
    choices: list[Proposal] = field(default_factory=list)
    agreements: list[Agreement] = field(default_factory=list)


def of(session: Session, actor: Actor, help_requests: Sequence[HelpRequest]) -> dict[UUID, Standing]:
    """The standing of each, in as many queries for one as for a hundred."""
    ids = [row.id for row in help_requests]
    choices = _choices(session, actor, ids)
    agreements = _agreements(session, actor, ids)
    moment = now(session)
    return {row.id: standing(row, choices[row.id], agreements[row.id], moment) for row in help_requests}


def to_choose(session: Session, actor: Actor, person_ids: Sequence[UUID]) -> dict[UUID, list[Standing]]:
    """Of each of these people the requests for which somebody said yes and they choose, the oldest first."""
    query = (
        select(HelpRequest)
        .where(
            visible(actor, Permission.SEE_REQUESTS, HelpRequest),
            HelpRequest.person_id.in_(person_ids),
            HelpRequest.status == Status.OPEN,
        )
        .options(joinedload(HelpRequest.municipality), joinedload(HelpRequest.broker))
        .order_by(HelpRequest.created_at)
    )
    found: dict[UUID, list[Standing]] = defaultdict(list)
    for one in of(session, actor, list(session.scalars(query))).values():
        if one.reading is Reading.CHOOSE:
            found[one.help_request.person_id].append(one)
    return found


def standing(
    help_request: HelpRequest, choices: list[Proposal], agreements: list[Agreement], moment: datetime
) -> Standing:
    """The rule itself; the request's municipality must be loaded."""
    can_choose = choices if help_request.status is Status.OPEN else []
    promised_at = promise(help_request)
    overdue = promised_at is not None and moment > promised_at
    reading = _reading(help_request, can_choose, agreements, overdue, moment)
    if reading is Reading.CHOOSE:
        willing_at = min(row.answered_at or row.created_at for row in can_choose)
        due_at: datetime | None = add_working_days(willing_at, CHOOSING_DAYS)
    else:
        due_at = promised_at if reading in (Reading.READING, Reading.SEARCHING, Reading.NOBODY) else None
    late = overdue and reading in (Reading.READING, Reading.NOBODY)
    return Standing(help_request, reading, due_at, late, can_choose, agreements)


def promise(help_request: HelpRequest) -> datetime | None:
    """By when somebody should have been found, or phoned."""
    if help_request.waits_since is None:
        return None
    return add_working_days(help_request.waits_since, help_request.municipality.promise_days)


def _reading(
    help_request: HelpRequest,
    choices: list[Proposal],
    agreements: list[Agreement],
    overdue: bool,
    moment: datetime,
) -> Reading:
    if help_request.status is Status.OPEN:
        if choices:
            return Reading.CHOOSE
        return Reading.NOBODY if overdue and not agreements else Reading.SEARCHING
    if help_request.status is Status.FILLED:
        times = [time for agreement in agreements for time in agreement.occurrences]
        begun = any(time.starts_at <= moment for time in times)
        return Reading.RUNNING if begun else Reading.AGREED
    return _FIXED[help_request.status]


def _choices(session: Session, actor: Actor, ids: list[UUID]) -> dict[UUID, list[Proposal]]:
    """Who said yes to the asker, the best first; not before the makelaar introduced them, where that is so."""
    live = (ProposalStatus.WILLING, ProposalStatus.MEETING)
    query = (
        select(Proposal)
        .where(
            visible(actor, Permission.SEE_MATCHES, Proposal),
            Proposal.help_request_id.in_(ids),
            Proposal.status.in_(live),
        )
        .options(*PROPOSAL_FACE)
        .order_by((Proposal.status == ProposalStatus.MEETING).desc(), Proposal.score.desc(), Proposal.id)
    )
    found: dict[UUID, list[Proposal]] = defaultdict(list)
    for row in session.scalars(query):
        if row.is_introduced(row.help_request.municipality):
            found[row.help_request_id].append(row)
    return found


def _agreements(session: Session, actor: Actor, ids: list[UUID]) -> dict[UUID, list[Agreement]]:
    query = (
        select(Agreement)
        .where(
            visible(actor, Permission.SEE_AGREEMENTS, Agreement),
            Agreement.help_request_id.in_(ids),
            Agreement.status != AgreementStatus.CANCELLED,
        )
        .options(joinedload(Agreement.helper), selectinload(Agreement.occurrences))
        .order_by(Agreement.created_at)
    )
    found: dict[UUID, list[Agreement]] = defaultdict(list)
    for row in session.scalars(query):
        found[row.help_request_id].append(row)
    return found


def last_day(moment: datetime) -> datetime:
    """A moment on the date that may be promised: what ends as a day begins is due the working day before."""
    if (moment.hour, moment.minute) != (0, 0):
        return moment
    before = moment - timedelta(minutes=1)
    while not is_working_day(before.date()):
        before -= timedelta(days=1)
    return before
