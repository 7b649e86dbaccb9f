"""The contact log: what there was between two people, so that whoever looks into a report sees how they met."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.agreements.models import Agreement, Occurrence
from app.matches.models import Proposal
from app.safety.blocks import between
from app.safety.models import SafetyReport

MOST: Final = 60


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing between the two: what (a word for the page), when, and about what."""

    at: datetime
    what: str
    title: str
    words: str = ""


def between_the_two(session: Session, row: SafetyReport) -> list[Moment]:
    """Proposals with their first words, agreements and times between reporter and whom the report is about, the newest
    first. The caller opened the report; rows out of the desk's sight stay out of it."""
    if row.about_id is None:
        return []
    pair = (row.reporter_id, row.about_id)
    # unscoped: goes with a report that the caller handles: between its two, behind row-level security
    proposals = select(Proposal).where(between(Proposal, *pair)).options(joinedload(Proposal.help_request))
    # unscoped: goes with a report that the caller handles
    agreements = (
        select(Agreement).where(between(Agreement, *pair)).options(joinedload(Agreement.help_request))
    )
    times = (  # unscoped: goes with a report that the caller handles
        select(Occurrence)
        .where(between(Occurrence, *pair))
        .options(joinedload(Occurrence.agreement).joinedload(Agreement.help_request))
        .order_by(Occurrence.starts_at.desc())
        .limit(MOST)
    )
    found = [
        *(
            Moment(one.answered_at or one.created_at, f"proposal-{one.status}", one.help_request.title, one.message)
            for one in session.scalars(proposals.order_by(Proposal.created_at.desc()).limit(MOST))
        ),
        *(
            Moment(one.created_at, f"agreement-{one.status}", one.help_request.title)
            for one in session.scalars(agreements.order_by(Agreement.created_at.desc()).limit(MOST))
        ),
        *(
            Moment(one.starts_at, f"time-{one.status}", one.agreement.help_request.title, one.thanks)
            for one in session.scalars(times)
        ),
    ]  # fmt: skip
    return sorted(found, key=lambda moment: moment.at, reverse=True)[:MOST]
