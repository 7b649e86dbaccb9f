"""What another degree of mediation means for what is open: nobody who could choose loses anybody."""

from sqlalchemy import func, not_, update
from sqlalchemy.orm import Session

from app.categories.vocabulary import Visibility
from app.clock import now
from app.help_offers.models import HelpOffer, Status as OfferStatus
from app.help_requests.models import HelpRequest, Status as RequestStatus
from app.matches.models import Proposal, Status
from app.places.models import Mediation, Municipality

MET = (Status.WILLING, Status.MEETING)


def follow(session: Session, municipality: Municipality, before: int) -> None:
    """Let the open requests and offers of a municipality follow its degree, which was ``before``.

    Who could be chosen, can be chosen still: they count as introduced. What nobody but the makelaar may propose from
    now on, is hidden from others at once, and shown again once that is over.
    """
    session.flush()
    if before < Mediation.INTRODUCED <= municipality.mediation:
        _introduced(session, municipality)
    if (before < Mediation.PROPOSED) != (municipality.mediation < Mediation.PROPOSED):
        _shown(session, municipality)


def _introduced(session: Session, municipality: Municipality) -> None:
    # unscoped: the permission was asked for this municipality, by the caller
    known = update(Proposal).where(
        Proposal.municipality_id == municipality.id, Proposal.status.in_(MET), Proposal.confirmed_at.is_(None)
    )
    session.execute(known.values(confirmed_at=now(session)))


def _shown(session: Session, municipality: Municipality) -> None:
    shown = municipality.mediation < Mediation.PROPOSED
    # unscoped: the permission was asked for this municipality
    open_requests = update(HelpRequest).where(
        HelpRequest.municipality_id == municipality.id,
        HelpRequest.status == RequestStatus.OPEN,
        HelpRequest.visibility == Visibility.EVERYONE,
        not_(func.is_sensitive(HelpRequest.category_number, HelpRequest.skills)),
    )
    session.execute(open_requests.values(is_public=shown))
    # unscoped: the permission was asked for this municipality
    open_offers = update(HelpOffer).where(
        HelpOffer.municipality_id == municipality.id, HelpOffer.status == OfferStatus.OPEN
    )
    session.execute(open_offers.values(is_public=shown))
