"""A yes: from a willing helper to an agreement."""

from datetime import datetime

from app.agreements.models import Agreement, ArrangedBy, Status as AgreementStatus
from app.categories.vocabulary import Kind
from app.demo.world import World
from app.help_requests.models import HelpRequest
from app.matches.models import Proposal, Status as P


def agree(world: World, request: HelpRequest, proposal: Proposal, at: datetime) -> Agreement:
    """The asker's own yes, or the one that the makelaar heard and wrote down."""
    spoken = request.author_id != request.person_id
    by = world.broker(request.municipality_id).id if spoken else request.person_id
    world.step(proposal, P.AGREED, at, by, "spoken" if spoken else "")
    offer = next(o for o in world.residents[proposal.helper_id].offers if o.id == proposal.help_offer_id)
    agreement = Agreement(
        id=world.key(),
        municipality_id=proposal.municipality_id,
        helper_municipality_id=proposal.helper_municipality_id,
        help_request_id=request.id,
        proposal_id=proposal.id,
        asker_id=proposal.asker_id,
        helper_id=proposal.helper_id,
        kind=request.kind,
        minutes=request.minutes,
        frequency=request.frequency,
        flag=world.organisations[offer.organisation_id].name if offer.organisation_id else "",
        arranged_by=ArrangedBy.BROKER if spoken else ArrangedBy.ASKER,
        arranged_by_id=by,
        contract_seen=request.kind is Kind.BETAALD,
        status=AgreementStatus.ACTIVE,
        created_at=at,
    )
    world.begin(world.add(agreement), at, by, "spoken" if spoken else "")
    request.helpers_found += 1
    return agreement
