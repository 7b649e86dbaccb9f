"""The look at the checks at the moment of the yes: of the day on which the help is, in the transaction that agrees."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.clock import AMSTERDAM
from app.matches.models import Proposal
from app.matches.propose import DoesNotFit


def check_day(session: Session, proposal: Proposal, starts_at: datetime) -> None:
    """Raises DoesNotFit when the helper will not hold on that day what the request asks.

    What holds today was looked at when the helper was held; a VOG that ends before the day itself does not do.
    """
    if not holds(session, proposal, starts_at):
        raise DoesNotFit(details={"regel": "checks"})


def holds(session: Session, proposal: Proposal, starts_at: datetime) -> bool:
    """Whether the helper holds on the day of ``starts_at`` what the request asks; without an offer nothing is known."""
    if proposal.help_offer_id is None:
        return True
    day = starts_at.astimezone(AMSTERDAM).date()
    asked = select(func.holds_checks(proposal.help_request_id, proposal.help_offer_id, day))
    return session.execute(asked).scalar_one_or_none() is True
