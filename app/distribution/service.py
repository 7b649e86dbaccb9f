"""Making redistributions and reading them; ``app.distribution.accept`` puts them into effect."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.access.actor import Actor
from app.access.policy import found, require
from app.access.roles import Permission
from app.clock import now
from app.distribution.models import Distribution, DistributionLine, Occasion, Outcome
from app.distribution.reasons import Explainer
from app.distribution.region import Situation, situation
from app.distribution.solve import solve
from app.help_offers.models import HelpOffer
from app.help_requests.models import HelpRequest
from app.ids import uuid7
from app.matches.index import MatchIndex
from app.matches.models import Proposal, Status
from matching.batch.types import Assigned, Assignment, Unserved, Without
from matching.explain import explain

VALID_HOURS: Final = 24
KEPT_DAYS: Final = 30
TONIGHT_HOURS: Final = 12
OUTCOMES: Final = {
    Without.NOBODY_FITS: Outcome.NOBODY_FITS,
    Without.NEEDED_ELSEWHERE: Outcome.NEEDED_ELSEWHERE,
}
LINE = selectinload(Distribution.lines)
FACE = (
    joinedload(Distribution.made_by),
    joinedload(Distribution.municipality),
    LINE.joinedload(DistributionLine.help_request).joinedload(HelpRequest.person),
    LINE.joinedload(DistributionLine.help_request).joinedload(HelpRequest.neighbourhood),
    LINE.joinedload(DistributionLine.help_request).joinedload(HelpRequest.category),
    LINE.joinedload(DistributionLine.help_request).joinedload(HelpRequest.municipality),
    LINE.joinedload(DistributionLine.helper),
    LINE.joinedload(DistributionLine.helper_municipality),
    LINE.joinedload(DistributionLine.help_offer).joinedload(HelpOffer.neighbourhood),
)
"""What the preview shows: a constant number of queries."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run over the region, before it is kept for anybody."""

    situation: Situation
    assignment: Assignment
    explainer: Explainer


def run(session: Session) -> Run:
    """Share out the whole region as it stands at this moment; nothing is written."""
    seen = situation(session)
    assignment = solve(seen)
    return Run(seen, assignment, Explainer(seen, assignment, MatchIndex.of(session).offers))


def make(session: Session, actor: Actor, municipality_id: int) -> Distribution:
    """A makelaar's run: the whole region, of which their own municipality's part is kept to be looked at."""
    require(actor, Permission.PROPOSE, municipality_id)
    session.flush()
    made = keep(session, run(session), municipality_id, Occasion.HAND, actor.person)
    session.flush()
    return made


def make_nightly(session: Session, one: Run) -> list[Distribution]:
    """Keep each municipality's part, once a night; the worker's reach is every municipality."""
    there = {request.municipality_id for request in one.situation.requests.values()}
    since = now(session) - timedelta(hours=TONIGHT_HOURS)
    # unscoped: the worker's reach is every municipality
    made = select(Distribution.municipality_id).where(
        Distribution.occasion == Occasion.NIGHT, Distribution.created_at > since
    )
    left = there - set(session.scalars(made))
    return [keep(session, one, number, Occasion.NIGHT, None) for number in sorted(left)]


def keep(
    session: Session, one: Run, municipality_id: int, occasion: Occasion, made_by: UUID | None
) -> Distribution:
    """Write down one municipality's lines and the region's figures."""
    proof, region = one.assignment.certificate, one.situation.region
    kept = Distribution(
        id=uuid7(),
        municipality_id=municipality_id,
        occasion=occasion,
        made_by_id=made_by,
        expires_at=now(session) + timedelta(hours=VALID_HOURS),
        requests=sum(1 for places in region.places.values() if places > 0),
        places=sum(region.places.values()),
        people=sum(1 for room in region.capacities.values() if room > 0),
        coverage=proof.coverage,
        coverage_bound=proof.coverage_bound,
        first_come=one.assignment.first_come,
        objective=proof.objective,
        dual_objective=proof.dual_objective,
        edges=proof.edges,
    )
    session.add(kept)
    session.flush()
    session.add_all(_numbered(kept, _lines(one, kept)))
    return kept


def _numbered(kept: Distribution, lines: Iterable[DistributionLine]) -> list[DistributionLine]:
    """Those who are served first, the longest waiting on top as the run gives them."""
    ordered = list(lines)
    for position, line in enumerate(ordered):
        line.position, line.distribution_id, line.municipality_id = position, kept.id, kept.municipality_id
    return ordered


def _lines(one: Run, kept: Distribution) -> Iterable[DistributionLine]:
    requests = one.situation.requests
    for assigned in one.assignment.assigned:
        if requests[assigned.request_id].municipality_id == kept.municipality_id:
            yield _served(one.situation, assigned)
    for without in one.assignment.unserved:
        if requests[without.request_id].municipality_id == kept.municipality_id:
            yield _without(one.explainer, without)


def _served(seen: Situation, assigned: Assigned) -> DistributionLine:
    offer, request = seen.offers[assigned.offer_id], seen.requests[assigned.request_id]
    explanation = explain(request, offer)
    return DistributionLine(
        help_request_id=request.id,
        outcome=Outcome.SERVED,
        help_offer_id=offer.id,
        helper_id=offer.person_id,
        helper_municipality_id=offer.municipality_id,
        score=explanation.score,
        terms={term.name.lower(): points for term, points in explanation.terms.items()},
        distance_m=explanation.distance_m,
        kept=seen.asked.waits(request.id, offer.person_id),
    )


def _without(explainer: Explainer, without: Unserved) -> DistributionLine:
    return DistributionLine(
        help_request_id=without.request_id,
        outcome=OUTCOMES[without.why],
        places=without.places,
        why=explainer.why(without),
    )


def selection(actor: Actor) -> Select[Distribution]:
    """Runs of the municipalities for which the actor proposes, the newest first."""
    # unscoped: the permission was asked: its reach is in the condition
    mine = Distribution.in_reach_of(actor.reach(Permission.PROPOSE))
    return select(Distribution).where(mine).order_by(Distribution.created_at.desc(), Distribution.id.desc())


def get(session: Session, actor: Actor, id: UUID) -> Distribution:
    """One run with its lines; NotFound for another municipality's."""
    query = selection(actor).where(Distribution.id == id).options(*FACE)
    return found(session.scalars(query.execution_options(populate_existing=True)).one_or_none())


def latest(session: Session, actor: Actor, municipality_id: int, limit: int = 5) -> list[Distribution]:
    """The newest runs of one municipality, without their lines."""
    query = selection(actor).where(Distribution.municipality_id == municipality_id)
    return list(session.scalars(query.options(joinedload(Distribution.made_by)).limit(limit)))


def asked_now(session: Session, distribution: Distribution) -> Mapping[UUID, list[str]]:
    """First names of who still owes an answer, by request: what the run changes, or leaves."""
    keys = {line.help_request_id for line in distribution.lines}
    # unscoped: goes with a run that the actor may see, under row-level security
    waiting = select(Proposal).where(Proposal.help_request_id.in_(keys), Proposal.status == Status.PROPOSED)
    names: dict[UUID, list[str]] = {}
    for proposal in session.scalars(
        waiting.options(joinedload(Proposal.helper)).order_by(Proposal.created_at)
    ):
        names.setdefault(proposal.help_request_id, []).append(proposal.helper.first_name)
    return names


def tidy(session: Session) -> int:
    """Let go of runs of a month ago, with their lines; what came of them stands in the proposals."""
    # unscoped: the worker's reach is every municipality
    old = delete(Distribution).where(Distribution.created_at < now(session) - timedelta(days=KEPT_DAYS))
    return len(session.execute(old.returning(Distribution.id)).all())
