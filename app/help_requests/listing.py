"""What neighbours ask now: the requests that anybody may read."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from app.help_requests.models import HelpRequest
from app.help_requests.service import FACE
from app.places.service import agreed_pairs


@dataclass(frozen=True, slots=True)
class Latest:
    """The newest few, and how many there are in all."""

    rows: list[HelpRequest]
    count: int


def latest(session: Session, municipality_id: int | None, *, limit: int = 3) -> Latest:
    """The newest public requests of a municipality and of those it shares with; without one, of the region."""
    shown = _shown(session, municipality_id)
    # unscoped: only what its owner made public
    query = (
        select(HelpRequest).where(shown).options(*FACE).order_by(HelpRequest.posted_at.desc()).limit(limit)
    )
    count = select(func.count()).select_from(HelpRequest).where(shown)  # unscoped: as above
    return Latest(list(session.scalars(query)), int(session.execute(count).scalar_one()))


def _shown(session: Session, municipality_id: int | None) -> ColumnElement[bool]:
    if municipality_id is None:
        return HelpRequest.is_public_row()
    pairs = [pair for pair in agreed_pairs(session) if municipality_id in pair]
    partners = {other for pair in pairs for other in pair} - {municipality_id}
    across = and_(HelpRequest.cross_border, HelpRequest.municipality_id.in_(partners))
    return and_(HelpRequest.is_public_row(), or_(HelpRequest.municipality_id == municipality_id, across))
