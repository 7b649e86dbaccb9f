"""The organisations that a desk works with."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import visible
from app.access.roles import Permission
from app.help_offers.models import HelpOffer, Status
from app.organisations.models import Organisation


@dataclass(frozen=True, slots=True)
class Partner:
    """An organisation with how many open offers stand under its flag."""

    organisation: Organisation
    offers: int


def of_municipality(session: Session, actor: Actor, municipality_id: int) -> list[Partner]:
    """The organisations of one municipality, by name."""
    offers = (
        select(func.count())
        .where(HelpOffer.organisation_id == Organisation.id, HelpOffer.status == Status.OPEN)
        .scalar_subquery()
    )
    query = (
        select(Organisation, offers)
        .where(
            visible(actor, Permission.SEE_ORGANISATIONS, Organisation),
            Organisation.municipality_id == municipality_id,
        )
        .order_by(Organisation.name, Organisation.id)
    )
    return [Partner(row[0], row[1]) for row in session.execute(query)]
