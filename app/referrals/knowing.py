"""Who it is that was referred: somebody whom the desk knows, or somebody new."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import found
from app.access.roles import Permission
from app.errors import Conflict, Forbidden
from app.moderation import people as known_people
from app.notifications.service import tell
from app.people import service as people
from app.people.models import Person
from app.people.service import NewPerson
from app.referrals.models import (
    Referral,
)
from app.referrals.schemas import (
    OnVersion,
)
from app.referrals.service import held_at_desk


def twin(session: Session, actor: Actor, row: Referral) -> "known_people.Known | None":
    """Whom of this desk's people it may be about: the same telephone number, or the same name and postcode."""
    if row.person_id is not None or row.municipality_id not in actor.reach(Permission.REGISTER_PERSON):
        return None
    typed = row.phone or f"{row.first_name} {row.last_name}".strip()
    for one in known_people.find(session, actor, typed, municipality_id=row.municipality_id)[:20]:
        if one.lives_here and one.first_name.casefold() == row.first_name.casefold():
            return one
    return None


def know(session: Session, actor: Actor, id: UUID, on: OnVersion, person_id: UUID | None) -> Person:
    """From here on we know who it is: somebody of the desk's people, or somebody who is registered now."""
    row = held_at_desk(session, actor, id, on.version)
    if row.person_id is not None:
        raise Conflict
    if person_id is None:
        typed = {
            "voornaam": row.first_name, "achternaam": row.last_name or None, "postcode": row.postcode,
            "gemeente": row.municipality_id, "huisnummer": row.house_number or None,
            "telefoon": row.phone or None, "geboortejaar": row.birth_year,
        }  # fmt: skip
        person = people.register_for(session, actor, NewPerson.model_validate(typed))
    else:
        person = found(session.get(Person, known_people.get(session, actor, person_id).person.id))
    if person.id == actor.person:
        raise Forbidden
    row.person_id = person.id
    session.flush()
    tell(session, person.id, row.municipality_id, "referral-about-you", row.id)
    return person
