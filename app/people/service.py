"""People: registering, and changing one's own details."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.access.models import WebSession
from app.access.policy import found, require
from app.access.roles import Permission
from app.access.sign_in import act_as
from app.clock import today
from app.db import Scope, scope_to
from app.ids import uuid7
from app.jobs.queue import defer
from app.people.models import Contact, Membership, MembershipKind, Person, PersonCheck, Professional
from app.people.phone import TypedPhone
from app.places.postcodes import TypedPostcode
from app.places.service import Place, place_of
from app.schemas import BirthYear, Incoming, Whole
from app.text import Email, FirstName, Line, Name


class NewPerson(Incoming):
    """Who somebody is, as far as we need to know."""

    first_name: Annotated[FirstName, Field(alias="voornaam")]
    last_name: Annotated[Name | None, Field(alias="achternaam")] = None
    postcode: TypedPostcode
    municipality_id: Annotated[Whole | None, Field(alias="gemeente")] = None
    """Only asked when the postcode lies in two."""
    house_number: Annotated[Line | None, Field(alias="huisnummer")] = None
    phone: Annotated[TypedPhone | None, Field(alias="telefoon")] = None
    email: Email | None = None
    birth_year: Annotated[BirthYear | None, Field(alias="geboortejaar")] = None


class PersonChange(NewPerson):
    """One's own details, changed."""

    do_not_ask: Annotated[bool, Field(alias="nietVragen")] = False


def register(session: Session, new: NewPerson) -> tuple[Person, Place]:
    """A person who registers themselves; the session acts as them from here on."""
    place = place_of(session, new.postcode, new.municipality_id)
    person = Person(id=uuid7(), first_name=new.first_name)
    scope_to(session, Scope(person_id=person.id))
    _add(session, person, new, place)
    act_as(session, person.id)
    return person, place


def register_for(session: Session, actor: Actor, new: NewPerson) -> Person:
    """Someone who phones or comes to the desk, registered by a makelaar of their municipality."""
    place = place_of(session, new.postcode, new.municipality_id)
    require(actor, Permission.REGISTER_PERSON, place.municipality_id)
    person = Person(id=uuid7(), first_name=new.first_name)
    _add(session, person, new, place)
    return person


def _add(session: Session, person: Person, new: NewPerson, place: Place) -> None:
    session.add(person)
    session.flush()
    session.add(
        Membership(
            person_id=person.id,
            municipality_id=place.municipality_id,
            kind=MembershipKind.LIVES,
            pc4=place.pc4,
            cell=place.cell,
        )
    )
    session.flush()  # the membership is what lets a makelaar write the contact
    session.add(
        Contact(
            person_id=person.id,
            last_name=new.last_name or "",
            email=new.email,
            phone=new.phone or "",
            postcode=str(new.postcode),
            house_number=new.house_number or "",
            birth_year=new.birth_year,
        )
    )
    session.flush()
    _locate_later(session, person.id, new)


def _locate_later(session: Session, person_id: UUID, new: NewPerson) -> None:
    """A job asks the geocoder where the address lies: nobody waits for it, and all works without."""
    if new.house_number:
        defer(session, "people.locate", person_id=str(person_id))


def oneself(session: Session, actor: Actor) -> Person:
    """Who acts."""
    return found(session.get(Person, actor.person_id))


def is_professional(session: Session, actor: Actor) -> bool:
    """Whether somebody at the desk saw their papers, so that they may offer work for pay."""
    row = session.get(Professional, actor.person_id)  # unscoped: one's own registration
    return row is not None and row.checked_at is not None


def home_of(session: Session, actor: Actor) -> Membership:
    """Where the actor lives."""
    return home(session, actor.person_id)


def home(session: Session, person_id: UUID) -> Membership:
    """Where somebody lives: the actor, or a person in the makelaar's reach."""
    return found(home_if_any(session, person_id))


def home_if_any(session: Session, person_id: UUID) -> Membership | None:
    """The same; None for who only works here."""
    # unscoped: row-level security lets through one's own and the desk's people
    lives = select(Membership).where(
        Membership.person_id == person_id, Membership.kind == MembershipKind.LIVES
    )
    return session.scalars(lives.order_by(Membership.since.desc()).limit(1)).one_or_none()


def details(session: Session, actor: Actor) -> Contact:
    """One's own private details."""
    # unscoped: one's own row
    query = select(Contact).where(Contact.person_id == actor.person_id).options(joinedload(Contact.person))
    return found(session.scalars(query).one_or_none())


def is_only_a_voice(session: Session, actor: Actor) -> bool:
    """Whether nobody ever showed to be who acts: no link was mailed, and nobody came in by a letter."""
    if actor.behind is not None or details(session, actor).email is not None:
        return False
    came_in = select(WebSession.person_id).where(WebSession.person_id == actor.person_id)
    return not session.scalar(select(came_in.exists()))


def change(session: Session, actor: Actor, wanted: PersonChange) -> Contact:
    """Change one's own details; moving house moves the membership, offers and requests follow by hand."""
    contact = details(session, actor)
    place = place_of(session, wanted.postcode, wanted.municipality_id)
    home = home_of(session, actor)
    if home.municipality_id != place.municipality_id:
        session.delete(home)
        session.flush()
        home = Membership(
            person_id=actor.person_id, municipality_id=place.municipality_id, kind=MembershipKind.LIVES
        )
        session.add(home)
        session.flush()
        defer(session, "roosjes.moved", person_id=str(actor.person_id))
    home.pc4, home.cell = place.pc4, place.cell
    contact.person.first_name = wanted.first_name
    contact.person.do_not_ask = wanted.do_not_ask
    contact.last_name = wanted.last_name or ""
    contact.phone = wanted.phone or ""
    contact.postcode = str(wanted.postcode)
    contact.house_number = wanted.house_number or ""
    contact.birth_year = wanted.birth_year
    contact.latitude = contact.longitude = None
    _locate_later(session, actor.person_id, wanted)
    return contact


def pause(session: Session, actor: Actor, paused: bool, until: date | None = None) -> None:
    """Stop or resume all proposals and nudges to oneself; ``until`` is the first day to be asked again.

    A pause that is switched on while it is on keeps the day that was chosen for it.
    """
    person = oneself(session, actor)
    chosen = until or (person.paused_until if person.paused else None)
    person.paused = paused
    person.paused_until = chosen if paused else None


def resume_due(session: Session) -> int:
    """Pauses whose last day has passed are over; the worker's reach is everyone."""
    over = update(Person).where(Person.paused, Person.paused_until <= today(session))
    return len(session.execute(over.values(paused=False, paused_until=None).returning(Person.id)).all())


def checks_of(session: Session, actor: Actor) -> list[PersonCheck]:
    """What the desk has seen of one's own checks."""
    # unscoped: one's own rows
    query = select(PersonCheck).where(PersonCheck.person_id == actor.person_id)
    return list(session.scalars(query.order_by(PersonCheck.kind, PersonCheck.valid_from)))
