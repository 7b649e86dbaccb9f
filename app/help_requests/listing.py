"""What neighbours ask now: the requests that anybody may read."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.help_requests.models import HelpRequest
from app.help_requests.service import CARD
from app.places.models import Sharing


@dataclass(frozen=True, slots=True)
class Latest:
    """The newest few, and how many there are in all."""

    rows: list[HelpRequest]
    count: int


def latest(session: Session, municipality_id: int | None, *, limit: int = 3) -> Latest:
    """The newest public requests of a municipality and of those it shares with; without one, of the region."""
    shown = shown_in(municipality_id)
    # unscoped: anybody may see what its owner made public
    query = (
        select(HelpRequest).where(shown).options(*CARD).order_by(HelpRequest.posted_at.desc()).limit(limit)
    )
    # unscoped: anybody may see what its owner made public
    count = select(func.count()).select_from(HelpRequest).where(shown)
    return Latest(list(session.scalars(query)), int(session.execute(count).scalar_one()))


def shown_in(municipality_id: int | ColumnElement[int] | None) -> ColumnElement[bool]:
    """Public requests of a municipality and, where both municipalities and the asker agree, of its neighbours."""
    if municipality_id is None:
        return HelpRequest.is_public_row()
    across = and_(HelpRequest.cross_border, HelpRequest.municipality_id.in_(partners_of(municipality_id)))
    return and_(HelpRequest.is_public_row(), or_(HelpRequest.municipality_id == municipality_id, across))


def partners_of(municipality_id: int | ColumnElement[int]) -> Select[int]:
    """The municipalities that share with this one, where both said so."""
    back = aliased(Sharing)
    both = and_(back.municipality_id == Sharing.partner_id, back.partner_id == Sharing.municipality_id)
    return select(Sharing.partner_id).join(back, both).where(Sharing.municipality_id == municipality_id)
