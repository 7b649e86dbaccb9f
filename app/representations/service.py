"""Acting for another: saying so, what the desk writes down, and ending it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import Select, or_, select, text
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.access.limits import Limit, spend
from app.access.policy import found, locked, require, visible
from app.access.roles import Permission
from app.access.sign_in import act_under, person_for_email
from app.categories.models import Category
from app.clock import now, today
from app.db import scope_to
from app.errors import Conflict, Invalid, TooMany
from app.help_requests import service as help_requests
from app.help_requests.models import HelpRequest
from app.help_requests.schemas import NewHelpRequest
from app.ids import uuid7
from app.jobs.queue import defer
from app.matches import meeting, propose
from app.moderation import intake, people as known_people
from app.notifications.service import tell
from app.people import service as people
from app.people.models import Person
from app.people.service import NewPerson
from app.places.service import place_of
from app.pots.notes import refuse_own
from app.privacy import ages, saying
from app.privacy.standing import is_sensitive
from app.representations.models import ConsentWay, Representation, RepresentationKind, RepresentationStatus
from app.representations.schemas import Arranged, ForAnother, Heard, HeardQuestion

S = RepresentationStatus
ASKED_DAYS = 14
"""How long we wait for consent, and keep what was typed."""
ASKED_BY_PERSON = Limit("representation-by-person", 5, timedelta(days=1))
MAILED_TO = Limit("representation-mail", 3, timedelta(days=1))
FACE = (
    joinedload(Representation.representative),
    joinedload(Representation.represented),
    joinedload(Representation.recorded_by),
)


class AlreadyStands(Conflict):
    """The two have a representation already; end it first."""

    code = "representation-stands"


def selection(actor: Actor) -> Select[Representation]:
    """What one does for others, what others do for oneself, and at the desk those of its people."""
    query = select(Representation).where(visible(actor, Permission.REGISTER_PERSON, Representation))
    return query.options(*FACE).order_by(Representation.created_at.desc(), Representation.id.desc())


def mine(session: Session, actor: Actor) -> list[Representation]:
    """What stands or waits on either side, the newest first."""
    own = or_(Representation.owned_by(actor.person_id), Representation.has_party(actor.person_id))
    standing = or_(Representation.is_standing(), Representation.status == S.ASKED)
    return list(session.scalars(selection(actor).where(own, standing)))


def for_others(session: Session, actor: Actor) -> list[Representation]:
    """For whom one may ask help today, by name; for nobody while one is suspended."""
    if meeting.suspended(session, actor.person_id):
        return []
    own = selection(actor).where(Representation.owned_by(actor.person_id), Representation.is_live())
    return sorted(session.scalars(own), key=lambda row: row.about)


def of_person(session: Session, actor: Actor, person_id: UUID) -> list[Representation]:
    """Who acts for somebody, and for whom they act, as far as the desk reaches; ended ones too."""
    about = or_(Representation.represented_id == person_id, Representation.representative_id == person_id)
    return list(session.scalars(selection(actor).where(about).limit(50)))


def standing_for(session: Session, actor: Actor, person_id: UUID) -> list[Representation]:
    """Who may act for somebody today."""
    live = Representation.is_live()
    return list(session.scalars(selection(actor).where(Representation.represented_id == person_id, live)))


def waiting(session: Session, actor: Actor, municipality_id: int) -> list[Representation]:
    """What waits for consent in a municipality, the oldest first."""
    here = selection(actor).where(
        Representation.municipality_id == municipality_id, Representation.status == S.ASKED
    )
    return list(session.scalars(here.order_by(None).order_by(Representation.created_at)))


def get(session: Session, actor: Actor, id: UUID) -> Representation:
    """One of them; NotFound for anybody else."""
    return found(session.scalars(selection(actor).where(Representation.id == id)).one_or_none())


def ask(session: Session, actor: Actor, asked: ForAnother) -> Representation:
    """Say for whom one asks. Nothing is looked up, so that nobody learns whom we know.

    The other gets a link where there is an address, the makelaar phones otherwise; until then the question is
    no request. Raises Invalid, SpansTwo, TooMany.
    """
    meeting.refuse_suspended(session, actor.person_id)
    other = asked.other
    if other.email is None and other.phone is None:
        raise Invalid(details={"telefoon": "reach"})
    if is_own_address(session, actor, other.email):
        raise Invalid(details={"email": "own"})
    place = place_of(session, other.postcode, other.municipality_id)
    help_requests.check(session, asked.question)
    spend(session, ASKED_BY_PERSON, str(actor.person_id))
    row = Representation(
        id=uuid7(),
        municipality_id=place.municipality_id,
        representative_id=actor.person_id,
        kind=RepresentationKind.CONTACT,
        claimed=other.kept(),
        question=asked.question.model_dump(
            mode="json", by_alias=True, exclude_none=True, exclude={"sensitive_yes"}
        ),
    )
    session.add(row)
    session.flush()
    row.tell("", actor.person_id)
    if other.email is not None:
        _mail(session, row, other.email)
    return row


def is_own_address(session: Session, actor: Actor, email: str | None) -> bool:
    """Whether somebody typed their own address for another's."""
    own = people.details(session, actor).email
    return email is not None and own is not None and email.lower() == own.lower()


def _mail(session: Session, row: Representation, email: str) -> None:
    """One mail, unless this address had its share today: that is nobody's business but the receiver's."""
    try:
        spend(session, MAILED_TO, email)
    except TooMany:
        return
    defer(session, "representations.mail", queue="mail", representation_id=str(row.id))


def match(session: Session, actor: Actor, row: Representation) -> "known_people.Known | None":
    """Whom of this desk's people the typed details are about; None for somebody new.

    The makelaar phones the number that was typed: only where it is the one that we know, it reaches that person.
    Raises Invalid for the address of anybody else, who presses the link, or is phoned on their own number.
    """
    new = NewPerson.model_validate(row.claimed)
    known = intake.known(session, actor, new)
    owner = person_for_email(session, new.email) if new.email else None
    if owner is not None and (known is None or known.id != owner):
        raise Invalid(details={"persoon": "choose"})
    return known


def record(session: Session, actor: Actor, id: UUID, heard: HeardQuestion) -> Representation:
    """A makelaar heard or read the consent that somebody waits for: it stands, and the question is asked.

    A sensitive question without the person's yes to that waits at the desk.
    Raises OwnInterest where it is about the makelaar's own house: a colleague hears it.
    """
    row = _at_desk(session, actor, id)
    if row.status is not S.ASKED:
        raise Conflict
    _check(session, heard)
    refuse_own(session, actor, row.representative_id)
    person = match(session, actor, row)
    if person is None:
        row_person = people.register_for(session, actor, NewPerson.model_validate(row.claimed)).id
    else:
        row_person = person.id
    refuse_own(session, actor, row_person)
    if row_person == row.representative_id or stands(session, row.representative_id, row_person):
        raise AlreadyStands
    question = row.question
    hear(session, actor, row_person, question, heard.sensitive_yes)
    _give(session, actor, row, row_person, heard)
    row.claimed, row.question = {}, {}
    row.step(S.ACTIVE, actor.person_id)
    session.flush()
    tell(session, row.representative_id, row.municipality_id, "representation-stands", row.id)
    post(session, row, question)
    return row


def arrange(session: Session, actor: Actor, person_id: UUID, arranged: Arranged) -> Representation:
    """A makelaar writes down who may act for somebody, from paper or from their own mouth. Raises OwnInterest."""
    represented = known_people.get(session, actor, person_id).person
    if not represented.lives_here:
        raise Invalid(details={"persoon": "choose"})
    _check(session, arranged)
    representative_id = person_for_email(session, arranged.email)
    if representative_id is None or representative_id == person_id:
        raise Invalid(details={"email": "unknown"})
    refuse_own(session, actor, representative_id, person_id)
    home = people.home(session, person_id)
    require(actor, Permission.REGISTER_PERSON, home.municipality_id)
    if stands(session, representative_id, person_id):
        raise AlreadyStands
    row = Representation(
        id=uuid7(), representative_id=representative_id, municipality_id=home.municipality_id, claimed={},
        question={}, status=S.ACTIVE,
    )  # fmt: skip
    _give(session, actor, row, person_id, arranged)
    session.add(row)
    session.flush()
    row.tell("", actor.person_id)
    for party in row.parties():
        tell(session, party, row.municipality_id, "representation-stands", row.id)
    return row


def end(session: Session, actor: Actor, id: UUID) -> Representation:
    """Either of the two, or a makelaar, ends it: from the next moment on nothing can be seen or done with it."""
    query = select(Representation).where(
        Representation.id == id, visible(actor, Permission.REGISTER_PERSON, Representation)
    )
    row = found(session.scalars(locked(query)).one_or_none())
    if row.status is S.ENDED:
        return row
    row.ended_at, row.ended_by_id = now(session), actor.person_id
    row.claimed, row.question = {}, {}
    row.step(S.ENDED, actor.person_id)
    session.flush()
    for party in row.parties():
        if party != actor.person_id:
            tell(session, party, row.municipality_id, "representation-ended", row.id)
    return row


def post(session: Session, row: Representation, typed: dict[str, Any]) -> HelpRequest | None:
    """Ask what waited, in the name of whom it is for; the session then acts as it did before.

    A day that passed while we waited is left open; None when it can no longer be asked at all, or by them.
    """
    if meeting.suspended(session, row.representative_id):
        return None
    before = session.info["scope"]
    representative = found(session.get(Person, row.representative_id))
    actor = act_under(session, row, representative.first_name, None)
    try:
        question = NewHelpRequest.model_validate(typed)
        if question.on_date is not None and question.on_date < today(session):
            question = question.model_copy(update={"on_date": None, "at_time": None, "until_date": None})
        with session.begin_nested():
            help_request = help_requests.post(session, actor, question)
            propose.for_request(session, actor, help_request)
    except (ValidationError, Invalid):
        return None
    finally:
        scope_to(session, before)
    return help_request


def asks_yes(session: Session, question: dict[str, Any]) -> bool:
    """Whether what waits asks for a yes to sensitive facts."""
    category, skills = _about(session, question)
    return category is not None and is_sensitive(category, skills)


def asking_yes(session: Session, rows: Sequence[Representation]) -> set[UUID]:
    """The same for all that waits, in one query."""
    slugs = {row.question.get("categorie", "") for row in rows}
    # unscoped: anybody may know the list of categories
    known = {one.slug: one for one in session.scalars(select(Category).where(Category.slug.in_(slugs)))}
    return {
        row.id
        for row in rows
        if (category := known.get(row.question.get("categorie", ""))) is not None
        and is_sensitive(category, int(row.question.get("vaardigheden", 0)))
    }


def hear(
    session: Session, actor: Actor, person_id: UUID, question: dict[str, Any], version: int | None
) -> None:
    """Keep the person's yes to what is sensitive in what waits, if they gave it. Raises YesNeeded for an old text."""
    category, skills = _about(session, question)
    if category is not None:
        saying.hear(session, actor, person_id, category, skills, version)


def _about(session: Session, question: dict[str, Any]) -> tuple[Category | None, int]:
    # unscoped: anybody may know the list of categories
    rows = session.scalars(select(Category).where(Category.slug == question.get("categorie", "")))
    return rows.one_or_none(), int(question.get("vaardigheden", 0))


def end_overdue(session: Session, representative_id: UUID, represented_id: UUID) -> None:
    """What is past its last day between these two ends now, not only at night, so that a new one may stand."""
    pair = {"by": representative_id, "whom": represented_id}
    session.execute(text("SELECT end_overdue_representation(:by, :whom)"), pair)


def _at_desk(session: Session, actor: Actor, id: UUID) -> Representation:
    query = select(Representation).where(
        Representation.id == id,
        Representation.in_reach_of(actor.reach(Permission.REGISTER_PERSON)),
    )
    return found(session.scalars(locked(query)).one_or_none())


def _check(session: Session, heard: Heard) -> None:
    if heard.way is ConsentWay.SITE:  # only the person says so there
        raise Invalid(details={"hoe": "choose"})
    if heard.kind is RepresentationKind.LEGAL and heard.way is not ConsentWay.WRITING:
        raise Invalid(details={"hoe": "on-paper"})
    if heard.valid_until is not None and heard.valid_until < today(session):
        raise Invalid(details={"totEnMet": "past"})


def stands(session: Session, representative_id: UUID, represented_id: UUID) -> bool:
    """Whether one holds, or will from a day to come."""
    end_overdue(session, representative_id, represented_id)
    # unscoped: one's own, or the permission was asked: of one person of this desk
    query = select(Representation.id).where(
        Representation.representative_id == representative_id,
        Representation.represented_id == represented_id,
        Representation.status == S.ACTIVE,
    )
    return session.scalars(query.limit(1)).one_or_none() is not None


def _give(session: Session, actor: Actor, row: Representation, person_id: UUID, heard: Heard) -> None:
    """Consent as a makelaar writes it down. A parent's ends when the child is of age: Invalid without that day."""
    of_age = ages.last_day_as_a_child(session, person_id) if heard.kind is RepresentationKind.LEGAL else None
    if of_age is not None and (heard.valid_until is None or heard.valid_until > of_age):
        raise Invalid(details={"totEnMet": "of-age"})
    row.represented_id = person_id
    row.municipality_id = people.home(session, person_id).municipality_id
    row.kind, row.consent_way, row.valid_until = heard.kind, heard.way, heard.valid_until
    row.consent_at, row.recorded_by_id = now(session), actor.person_id
