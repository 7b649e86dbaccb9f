"""Putting a redistribution into effect: each accepted line becomes a question to a helper, or is told to be stale.

Everything is checked again in the transaction that accepts. A line that no longer holds is marked and left; the others
go on. Locks are taken in one order for all who accept: the run, the requests by key, the helpers by key.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import found, locked, require
from app.access.roles import Permission
from app.clock import now
from app.distribution.models import Distribution, DistributionLine, LineStatus, Outcome
from app.distribution.service import selection
from app.errors import Conflict, NotFound
from app.help_requests.models import HelpRequest, Status as RequestStatus
from app.matches.following import REQUESTS
from app.matches.index import MatchIndex, offers_by_id, request_of
from app.matches.models import Origin, Proposal, Status
from app.matches.propose import add
from matching.borders import Borders
from matching.rules import Rule, first_failed
from matching.types import Offer, Request

LIVE: Final = (Status.PROPOSED, Status.WILLING, Status.MEETING)
HOPE: Final = (Status.WILLING, Status.MEETING)


class Expired(Conflict):
    """The preview is older than a day: what it was made from has changed too much."""

    code = "distribution-expired"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of the lines that were accepted."""

    accepted: list[DistributionLine] = field(default_factory=list)
    stale: list[DistributionLine] = field(default_factory=list)
    before: list[DistributionLine] = field(default_factory=list)
    """Lines that somebody had decided on already."""


@dataclass(slots=True)
class _Facts:
    """Rows of this very moment, and what this acceptance adds to them."""

    requests: dict[UUID, HelpRequest]
    asked: dict[UUID, Request]
    offers: dict[UUID, Offer]
    proposals: dict[tuple[UUID, UUID], Proposal]
    borders: Borders
    hope: Counter[UUID]
    """Places that are taken, or that somebody willing waits for, by request."""
    put: Counter[UUID] = field(default_factory=Counter)
    """New questions by helper."""
    minutes: Counter[UUID] = field(default_factory=Counter)

    def offer(self, line: DistributionLine) -> Offer | None:
        """The offer with what its person was asked a moment ago."""
        offer = self.offers.get(line.help_offer_id) if line.help_offer_id else None
        if offer is None or offer.paused:
            return None
        return replace(
            offer,
            proposals_this_week=offer.proposals_this_week + self.put[offer.person_id],
            load_minutes=offer.load_minutes + self.minutes[offer.person_id],
        )


def accept(session: Session, actor: Actor, id: UUID, line_ids: Collection[UUID] | None = None) -> Taken:
    """Accept these lines, or all; raises NotFound for a line of another run and Expired for a run of yesterday."""
    distribution, lines = _locked(session, actor, id, line_ids)
    if distribution.expires_at <= now(session):
        raise Expired
    taken = Taken(before=[line for line in lines if line.status is not LineStatus.SUGGESTED])
    open_lines = [line for line in lines if line.status is LineStatus.SUGGESTED]
    facts = _facts(session, open_lines)
    for line in open_lines:
        _take(session, actor, line, facts, taken)
    session.flush()
    return taken


def refuse(
    session: Session, actor: Actor, id: UUID, line_ids: Collection[UUID], reason: str = ""
) -> list[DistributionLine]:
    """Lay these lines aside; that it was refused, and by whom, is kept. What was decided before stays."""
    _, lines = _locked(session, actor, id, line_ids)
    refused = [line for line in lines if line.status is LineStatus.SUGGESTED]
    for line in refused:
        _decide(session, actor, line, LineStatus.REFUSED, reason)
    session.flush()
    return refused


def _locked(
    session: Session, actor: Actor, id: UUID, line_ids: Collection[UUID] | None
) -> tuple[Distribution, Sequence[DistributionLine]]:
    """The run and the wanted lines, so that two makelaars decide one after the other."""
    seen = locked(selection(actor).where(Distribution.id == id))
    distribution = found(session.scalars(seen).one_or_none())
    require(actor, Permission.PROPOSE, distribution.municipality_id)
    # unscoped: goes with the run that was found in the actor's reach
    query = select(DistributionLine).where(
        DistributionLine.distribution_id == id, DistributionLine.outcome == Outcome.SERVED
    )
    if line_ids is not None:
        query = query.where(DistributionLine.id.in_(set(line_ids)))
    lines = session.scalars(locked(query.order_by(DistributionLine.position))).all()
    if line_ids is not None and len(lines) != len(set(line_ids)):
        raise NotFound
    return distribution, lines


def _facts(session: Session, lines: Iterable[DistributionLine]) -> _Facts:
    rows = list(lines)
    keys = sorted({line.help_request_id for line in rows})
    # unscoped: goes with the run: requests of its own municipality, under row-level security
    wanted = select(HelpRequest).where(HelpRequest.id.in_(keys)).order_by(HelpRequest.id)
    requests = {row.id: row for row in session.scalars(locked(wanted))}
    for helper in sorted({line.helper_id for line in rows if line.helper_id}):
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(str(helper), 1))))
    # unscoped: goes with the run
    there = select(Proposal).where(Proposal.help_request_id.in_(keys)).order_by(Proposal.id)
    proposals = list(session.scalars(locked(there)))
    hope = Counter(p.help_request_id for p in proposals if p.status in HOPE)
    for row in requests.values():
        hope[row.id] += row.helpers_found
    return _Facts(
        requests=requests,
        asked={row.id: request_of(row) for row in session.execute(REQUESTS, {"ids": keys})},
        offers=offers_by_id(session, [line.help_offer_id for line in rows if line.help_offer_id]),
        proposals={(p.help_request_id, p.helper_id): p for p in proposals},
        borders=MatchIndex.of(session).borders,
        hope=hope,
    )


def _take(session: Session, actor: Actor, line: DistributionLine, facts: _Facts, taken: Taken) -> None:
    standing = _standing(line, facts)
    reason = _in_the_way(line, facts, standing)
    if reason:
        _decide(session, actor, line, LineStatus.STALE, reason)
        taken.stale.append(line)
        return
    if standing is None:
        standing = _ask(session, actor, line, facts)
    line.proposal_id = standing.id
    _decide(session, actor, line, LineStatus.ACCEPTED)
    taken.accepted.append(line)


def _standing(line: DistributionLine, facts: _Facts) -> Proposal | None:
    """The proposal that there is between the two."""
    return facts.proposals.get((line.help_request_id, line.helper_id)) if line.helper_id else None


def _in_the_way(line: DistributionLine, facts: _Facts, standing: Proposal | None) -> str:
    """What keeps this line from being carried out now; empty when nothing does."""
    row = facts.requests.get(line.help_request_id)
    if row is None or row.status is not RequestStatus.OPEN:
        return "not-open"
    if standing is not None:
        return "" if standing.status in LIVE else "answered"
    if facts.hope[row.id] >= row.helpers_wanted:
        return "place-taken"
    offer = facts.offer(line)
    if offer is None:
        return Rule.PAUSED.name.lower()
    failed = first_failed(facts.asked[row.id], offer, facts.borders)
    if failed is None:
        return ""
    # that one of the two excluded the other is never told
    return (Rule.PAUSED if failed is Rule.EXCLUDED else failed).name.lower()


def _ask(session: Session, actor: Actor, line: DistributionLine, facts: _Facts) -> Proposal:
    offer = facts.offer(line)
    assert offer is not None  # looked at a moment ago
    request, row = facts.asked[line.help_request_id], facts.requests[line.help_request_id]
    proposal = add(session, actor, row, request, offer, Origin.DISTRIBUTION)
    facts.proposals[row.id, offer.person_id] = proposal
    facts.put[offer.person_id] += 1
    facts.minutes[offer.person_id] += request.minutes
    return proposal


def _decide(
    session: Session, actor: Actor, line: DistributionLine, status: LineStatus, reason: str = ""
) -> None:
    line.step(status, actor.person, reason)
    line.reason, line.decided_by_id, line.decided_at = reason, actor.person, now(session)
