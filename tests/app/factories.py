"""People, requests and what comes of them, made through the services; every value has a sensible default."""

from datetime import date, time, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.models import Way
from app.access.roles import Role
from app.access.sign_in import Proof, act_as
from app.agreements import agree
from app.agreements.models import Agreement
from app.agreements.schemas import Appointment
from app.clock import today
from app.db import Scope, scope_to
from app.help_offers import service as help_offers
from app.help_offers.models import HelpOffer
from app.help_offers.schemas import NewHelpOffer
from app.help_requests import service as help_requests
from app.help_requests.models import HelpRequest
from app.help_requests.schemas import NewHelpRequest
from app.ids import uuid7
from app.matches import propose, volunteer
from app.matches.models import Proposal
from app.people import service as people
from app.people.service import NewPerson
from app.privacy import texts
from app.privacy.models import Purpose
from app.privacy.standing import YES
from app.representations import service as representations
from app.representations.models import ConsentWay, Representation, RepresentationKind
from app.representations.schemas import Arranged
from tests.databases import Database

SENSITIVE_TEXT = texts.version(Purpose.SENSITIVE)
"""The text that somebody says yes to who asks something sensitive."""
GELDROP_MIERLO, HELMOND, EINDHOVEN = 1771, 794, 772
_numbers = count(1)
SHOWN = Proof(Way.PASSKEY, second=True)
"""For a session of somebody who just showed a key: what a desk asks of whoever works there."""


def a_person(session: Session, *, first_name: str = "Ria", postcode: str = "5664 HJ", email: str | None = None,
             **details: Any) -> Actor:  # fmt: skip
    """Somebody who registered; the session acts as them afterwards."""
    letters = "".join(one for one in first_name.lower() if one.isascii() and one.isalpha())
    address = email or f"{letters or 'iemand'}.{next(_numbers)}@voorbeeld.nl"
    typed = {"voornaam": first_name, "postcode": postcode, "email": address, **details}
    person, _ = people.register(session, NewPerson.model_validate(typed))
    return act_as(session, person.id)


def without_mail(database: Database, actor: Actor) -> Actor:
    """Somebody, committed before, who has no e-mail: for them there are letters."""
    with database.owner.begin() as owner:
        owner.execute(text("UPDATE contact SET email = NULL WHERE person_id = :id"), {"id": actor.person_id})
    return actor


def a_helper(
    session: Session, *, first_name: str = "Tonnie", postcode: str = "5667 AB", **offer: Any
) -> tuple[Actor, HelpOffer]:
    """A person with an open offer."""
    actor = a_person(session, first_name=first_name, postcode=postcode)
    return actor, an_offer(session, actor, **offer)


def an_offer(session: Session, actor: Actor, **changes: Any) -> HelpOffer:
    """An open offer of the actor's."""
    typed = {
        "categorieen": ["samen-op-pad"],
        "titel": "Samen wandelen",
        "hoeVerKm": 20,
        "minutenPerWeek": 600,
    }
    return help_offers.post(session, actor, NewHelpOffer.model_validate(typed | changes))


def a_request(session: Session, actor: Actor, **changes: Any) -> HelpRequest:
    """An open request of the actor's."""
    typed = {
        "categorie": "samen-op-pad",
        "titel": "Samen naar de weekmarkt",
        "minuten": 60,
        YES: SENSITIVE_TEXT,
    }
    return help_requests.post(session, actor, NewHelpRequest.model_validate(typed | changes))


def a_willing_helper(session: Session, asker: Actor, helper: Actor, help_request: HelpRequest) -> Proposal:
    """The helper was proposed (or came forward) and said yes; the session acts as the asker afterwards."""
    act_as(session, helper.person_id)
    proposal = volunteer.come_forward(session, helper, help_request.id, "Dat doe ik graag")
    session.flush()
    act_as(session, asker.person_id)
    return proposal


def an_appointment(session: Session, *, days: int = 3, at: time = time(10), **changes: Any) -> Appointment:
    """A date in the near future."""
    day: date = today(session) + timedelta(days=days)
    return Appointment.model_validate({"datum": day.isoformat(), "tijd": at.isoformat("minutes"), **changes})


def an_agreement(
    session: Session, asker: Actor, helper: Actor, *, days: int = 3, **request: Any
) -> Agreement:
    """Asked, answered and agreed; the session acts as the asker afterwards."""
    act_as(session, asker.person_id)
    help_request = a_request(session, asker, **request)
    proposal = a_willing_helper(session, asker, helper, help_request)
    return agree.agree(session, asker, proposal.id, an_appointment(session, days=days))


def a_member_of_staff(
    database: Database,
    session: Session,
    *,
    role: Role = Role.BROKER,
    municipality_id: int | None = GELDROP_MIERLO,
    first_name: str = "Marja",
    email: str | None = None,
) -> Actor:
    """Somebody with a role. Grants are the owner's to give, so the person is committed: use a database of your own."""
    person_id = uuid7()
    with database.owner.begin() as owner:
        owner.execute(
            text("INSERT INTO person (id, first_name, pseudonym, language, do_not_ask, paused)"
                 " VALUES (:id, :name, :id, 'nl', false, false)"),
            {"id": person_id, "name": first_name},
        )  # fmt: skip
        owner.execute(
            text("INSERT INTO contact (person_id, last_name, email, phone, postcode, house_number, street,"
                 " address_doubtful) VALUES (:id, '', :email, '', '', '', '', false)"),
            {"id": person_id, "email": email or f"{first_name.lower()}.{next(_numbers)}@gemeente.voorbeeld.nl"},
        )  # fmt: skip
        owner.execute(
            text(
                "INSERT INTO role_grant (id, person_id, role, municipality_id) VALUES (:id, :person, :role, :m)"
            ),
            {"id": uuid7(), "person": person_id, "role": role.value, "m": municipality_id},
        )
    return act_as(session, person_id)


def act(session: Session, actor: Actor) -> Actor:
    """Let the session act as somebody."""
    return act_as(session, actor.person_id)


def nobody(session: Session) -> None:
    """Let the session act as a visitor."""
    scope_to(session, Scope())


def proposals_for(session: Session, asker: Actor, help_request: HelpRequest) -> list[UUID]:
    """Let the engine propose, and say whom."""
    return [proposal.id for proposal in propose.for_request(session, asker, help_request)]


def a_representation(
    session: Session,
    makelaar: Actor,
    who: Actor,
    whom: Actor,
    *,
    kind: RepresentationKind = RepresentationKind.CONTACT,
    way: ConsentWay = ConsentWay.WRITING,
    valid_until: date | None = None,
) -> Representation:
    """Somebody acts for somebody else, as a makelaar wrote it down; the session acts as the makelaar afterwards."""
    act_as(session, who.person_id)
    email = people.details(session, who).email
    act_as(session, makelaar.person_id)
    typed = {"email": email, "soort": kind, "hoe": way, "totEnMet": valid_until}
    return representations.arrange(session, makelaar, whom.person_id, Arranged.model_validate(typed))
