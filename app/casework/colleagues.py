"""The makelaars of a municipality, by first name: to hand over to, to look along, to ask."""

from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import require
from app.access.roles import Permission
from app.errors import Invalid
from app.people.models import Person

_BROKERS = text("SELECT DISTINCT person_id FROM municipality_staff(:m) WHERE role = 'broker'")


def brokers(session: Session, actor: Actor, municipality_id: int) -> list[tuple[UUID, str]]:
    """All makelaars there, oneself too, by first name."""
    require(actor, Permission.MODERATE_REQUEST, municipality_id)
    keys = list(session.scalars(_BROKERS, {"m": municipality_id}))
    query = select(Person.id, Person.first_name).where(Person.id.in_(keys), Person.disabled_at.is_(None))
    return [(row[0], row[1]) for row in session.execute(query.order_by(Person.first_name, Person.id))]


def require_colleague(
    session: Session,
    actor: Actor,
    municipality_id: int,
    person_id: UUID | None,
    field: str,
    *,
    other: bool = False,
) -> None:
    """Raises Invalid for somebody who is no makelaar there, or, where another is meant, for oneself."""
    if person_id is None:
        return
    known = {key for key, _ in brokers(session, actor, municipality_id)}
    if person_id not in known or (other and person_id == actor.person_id):
        raise Invalid(details={field: "choose"})
