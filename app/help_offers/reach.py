"""How far one goes, for all of one's offers at once."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import locked
from app.help_offers.models import HelpOffer, Status


def set_reach(session: Session, actor: Actor, radius_km: int, cross_border: bool) -> list[HelpOffer]:
    """Change distance and borders of every live offer of the actor's."""
    live = select(HelpOffer).where(
        HelpOffer.owned_by(actor.person_id), HelpOffer.status.in_([Status.OPEN, Status.PAUSED])
    )
    offers = list(session.scalars(locked(live)))
    for offer in offers:
        offer.radius_km, offer.cross_border = radius_km, cross_border
    session.flush()
    return offers
