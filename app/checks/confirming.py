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
    if proposal.help_offer_id is None:
        return
    day = starts_at.astimezone(AMSTERDAM).date()
    holds = select(func.holds_checks(proposal.help_request_id, proposal.help_offer_id, day))
    if session.execute(holds).scalar_one_or_none() is not True:
        raise DoesNotFit(details={"regel": "checks"})
