"""How to reach the other side of an agreement, for as long as it lives."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.agreements.models import Agreement, Status
from app.audit.write import Act, note
from app.people.models import Contact


def counterpart_contact(session: Session, actor: Actor, agreement: Agreement) -> Contact | None:
    """The other's telephone, mail and address; None once the agreement is over, or for who is no party to it."""
    if agreement.status is not Status.ACTIVE or actor.person not in agreement.parties():
        return None
    other = agreement.helper_id if actor.person == agreement.asker_id else agreement.asker_id
    # unscoped: row-level security: the other party's, only while the agreement lives
    contact = session.scalars(select(Contact).where(Contact.person_id == other)).one_or_none()
    if contact is not None:
        helps = other == agreement.helper_id
        home = agreement.helper_municipality_id if helps else agreement.municipality_id
        note(
            session, actor, Act.COUNTERPART, subject=other, entity="agreement", entity_id=agreement.id,
            municipality_id=home,
        )  # fmt: skip
    return contact
