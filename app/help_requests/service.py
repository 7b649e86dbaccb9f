"""Asking for help: post, change, withdraw, renew. Finding a helper is the business of ``app.matches``."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.access.policy import found, locked, require, visible
from app.access.roles import Permission
from app.categories import service as categories
from app.categories.models import Category
from app.categories.vocabulary import ALL_DAYTIME, CARE_OF_THE_BODY, Kind, Visibility, part_of, slot
from app.clock import now, today
from app.errors import Conflict, Forbidden, Invalid, Stale
from app.help_requests import kinds, places
from app.help_requests.models import ClosingReason, HelpRequest, Status
from app.help_requests.schemas import Closing, HelpRequestChange, NewHelpRequest
from app.jobs.queue import defer
from app.matches import meeting
from app.people import service as people
from app.people.models import Person
from app.places.models import Mediation, Municipality, Neighbourhood
from app.privacy import saying, standing as consents

RENEWABLE = (Status.PAUSED, Status.EXPIRED)
"""What its asker opens again; a makelaar also what was referred, done or closed."""
RESUMABLE = (*RENEWABLE, Status.REFERRED, Status.DONE, Status.CLOSED)


class NotOpen(Conflict):
    """The help request was matched, finished or withdrawn before this."""

    code = "help-request-not-open"


FACE = (
    joinedload(HelpRequest.person).load_only(Person.first_name),
    joinedload(HelpRequest.category),
    joinedload(HelpRequest.neighbourhood).load_only(Neighbourhood.place),
    joinedload(HelpRequest.municipality).load_only(
        Municipality.name, Municipality.mediation, Municipality.promise_days, Municipality.broker_title
    ),
    joinedload(HelpRequest.broker).load_only(Person.first_name),
)
"""What every screen shows beside a request, in one query."""
CARD = (
    joinedload(HelpRequest.person).load_only(Person.first_name),
    joinedload(HelpRequest.category).load_only(Category.slug, Category.theme, Category.name),
    joinedload(HelpRequest.neighbourhood).load_only(Neighbourhood.place),
    joinedload(HelpRequest.municipality).load_only(Municipality.name),
)
"""What a card in a list shows: less, since it stands there twenty times."""


def selection(actor: Actor) -> Select[HelpRequest]:
    """The requests that the actor may see, with what every screen shows beside them."""
    return select(HelpRequest).where(visible(actor, Permission.SEE_REQUESTS, HelpRequest)).options(*FACE)


def get(session: Session, actor: Actor, id: UUID) -> HelpRequest:
    """One request; NotFound when the actor may not see it."""
    return found(session.scalars(selection(actor).where(HelpRequest.id == id)).one_or_none())


def get_locked(session: Session, actor: Actor, id: UUID) -> HelpRequest:
    """The same, locked until the transaction ends: whatever books or fills starts here."""
    seen = visible(actor, Permission.SEE_REQUESTS, HelpRequest)
    return found(session.scalars(locked(select(HelpRequest).where(HelpRequest.id == id, seen))).one_or_none())


def get_own(session: Session, actor: Actor, id: UUID) -> HelpRequest:
    """A request that is the actor's own, or that a makelaar may handle for its asker; locked."""
    help_request = get_locked(session, actor, id)
    if help_request.person_id != actor.person_id:
        require(actor, Permission.MODERATE_REQUEST, help_request.municipality_id)
    return help_request


def mine(session: Session, actor: Actor) -> list[HelpRequest]:
    """One's own requests, the newest first."""
    own = select(HelpRequest).where(HelpRequest.owned_by(actor.person_id)).options(*FACE)
    return list(session.scalars(own.order_by(HelpRequest.created_at.desc())))


def draft(
    session: Session, actor: Actor, new: NewHelpRequest, *, asker: UUID | None = None, consent: str = ""
) -> HelpRequest:
    """Keep a request that is not sent yet, for oneself or, with consent, on behalf of somebody."""
    person_id = asker or actor.person_id
    home = people.home(session, person_id)
    if person_id != actor.person_id:
        require(actor, Permission.MODERATE_REQUEST, home.municipality_id)
        if not consent:
            raise Invalid(details={"toestemming": "required"})
    assert home.pc4 is not None  # whoever lives somewhere has both
    assert home.cell is not None
    category = categories.by_slug(session, new.category)
    _refuse_unpaid(found(session.get(Municipality, home.municipality_id)), category, new.kind)
    saying.hear(session, actor, person_id, category, new.skills, new.sensitive_yes)
    help_request = HelpRequest(
        municipality_id=home.municipality_id,
        person_id=person_id,
        author_id=actor.hand,
        consent=consent or (actor.behind.kind if actor.behind else ""),
        pc4=home.pc4,
        cell=home.cell,
        **_values(session, new),
    )
    session.add(help_request)
    session.flush()
    help_request.tell("", actor.person_id)
    return help_request


def send(session: Session, actor: Actor, id: UUID, sensitive_yes: int | None = None) -> HelpRequest:
    """Send a draft: to the makelaar first where the municipality reads new requests, else to everyone meant.

    What somebody asks who never signed in is read first everywhere: anybody can type a name and a number.
    It waits with the makelaar too while a parent, or somebody for whom a contact person asks, did not say yes yet.
    Raises YesNeeded for a sensitive request without the yes of who sends it.
    """
    help_request = get_own(session, actor, id)
    if actor.person_id not in (help_request.person_id, help_request.author_id):
        raise Forbidden
    if help_request.status is not Status.DRAFT:
        raise NotOpen
    municipality = found(session.get(Municipality, help_request.municipality_id))
    category = found(session.get(Category, help_request.category_number))
    meeting.refuse_suspended(session, help_request.person_id)
    about = actor, help_request.person_id, category, help_request.skills
    saying.hear(session, *about, sensitive_yes)
    waits = saying.waits(session, *about)
    help_request.posted_at = now(session)
    if waits or (
        help_request.person_id == actor.person_id
        and (is_read_first(municipality, category) or people.is_only_a_voice(session, actor))
    ):
        help_request.step(Status.SUBMITTED, actor.person_id)
    else:
        _open(session, actor, help_request, municipality, category)
    session.flush()
    return help_request


def post(
    session: Session, actor: Actor, new: NewHelpRequest, *, asker: UUID | None = None, consent: str = ""
) -> HelpRequest:
    """Draft and send in one."""
    return send(session, actor, draft(session, actor, new, asker=asker, consent=consent).id)


def release(session: Session, actor: Actor, id: UUID, sensitive_yes: int | None = None) -> HelpRequest:
    """The makelaar has read a request and lets it be shown, with the yes that they heard, if one was to come.

    Raises YesNeeded, WaitsForParent.
    """
    help_request = get_locked(session, actor, id)
    require(actor, Permission.MODERATE_REQUEST, help_request.municipality_id)
    if help_request.status is not Status.SUBMITTED:
        raise NotOpen
    municipality = found(session.get(Municipality, help_request.municipality_id))
    category = found(session.get(Category, help_request.category_number))
    saying.hear(session, actor, help_request.person_id, category, help_request.skills, sensitive_yes)
    _open(session, actor, help_request, municipality, category)
    session.flush()
    return help_request


def change(session: Session, actor: Actor, id: UUID, wanted: HelpRequestChange) -> HelpRequest:
    """Change what is asked; raises Stale when it was changed in between, NotOpen when it is past changing.

    Other words from the asker are read first again, where a makelaar reads what is new. Pages and API go through
    ``app.matches.changing``, which also asks again who had said yes.
    """
    help_request = get_own(session, actor, id)
    if help_request.version != wanted.version:
        raise Stale
    if help_request.status not in (Status.DRAFT, Status.SUBMITTED, Status.OPEN, Status.PAUSED):
        raise NotOpen
    words, values = _words(help_request), _values(session, wanted)
    municipality = found(session.get(Municipality, help_request.municipality_id))
    category = found(session.get(Category, values["category_number"]))
    if wanted.kind is not help_request.kind or category.number != help_request.category_number:
        _refuse_unpaid(municipality, category, wanted.kind)
    waits = _asks_anew(session, actor, help_request, category, wanted)
    for name, value in values.items():
        setattr(help_request, name, value)
    was_shown = help_request.status in (Status.OPEN, Status.PAUSED)
    own_words = help_request.person_id == actor.person_id and _words(help_request) != words
    if was_shown and (waits or (own_words and is_read_first(municipality, category))):
        help_request.is_public = False
        help_request.step(Status.SUBMITTED, actor.person_id, "changed")
    elif help_request.status is Status.OPEN:
        help_request.is_public = _shown(help_request, municipality, category)
    session.flush()
    return help_request


def _asks_anew(
    session: Session, actor: Actor, held: HelpRequest, category: Category, wanted: HelpRequestChange
) -> bool:
    """Whether what was sent becomes sensitive, and waits for a yes that who changes it cannot give."""
    about = actor, held.person_id, category, wanted.skills
    saying.hear(session, *about, wanted.sensitive_yes)
    before = found(session.get(Category, held.category_number))
    becomes = consents.is_sensitive(category, wanted.skills) and not consents.is_sensitive(
        before, held.skills
    )
    return held.status is not Status.DRAFT and becomes and saying.waits(session, *about)


def _words(help_request: HelpRequest) -> tuple[str, str, int]:
    """What a makelaar reads a request for."""
    return help_request.title, help_request.body, help_request.category_number


def withdraw(session: Session, actor: Actor, id: UUID, reason: str = "") -> HelpRequest:
    """Stop a request; it is hidden at once."""
    help_request = get_own(session, actor, id)
    help_request.is_public = False
    help_request.step(Status.WITHDRAWN, actor.person_id, reason)
    tell_helpers_later(session, help_request)
    return help_request


def tell_helpers_later(session: Session, help_request: HelpRequest) -> None:
    """A job ends the proposals of a request that stopped, and tells those who had said yes."""
    defer(session, "requests.stopped", help_request_id=str(help_request.id))


def delete_draft(session: Session, actor: Actor, id: UUID) -> None:
    """A draft can be thrown away by whose it is or who wrote it down; whatever was sent cannot."""
    help_request = get_locked(session, actor, id)
    if actor.person_id not in (help_request.person_id, help_request.author_id):
        raise Forbidden
    if help_request.status is not Status.DRAFT:
        raise NotOpen
    session.delete(help_request)


def pause(session: Session, actor: Actor, id: UUID) -> HelpRequest:
    """Stop looking for a while."""
    help_request = get_own(session, actor, id)
    help_request.is_public = False
    help_request.step(Status.PAUSED, actor.person_id)
    return help_request


def renew(session: Session, actor: Actor, id: UUID, sensitive_yes: int | None = None) -> HelpRequest:
    """One click: an expired, paused or soon expiring request is open for a whole term again.

    Raises ConsentWithdrawn, YesNeeded or WaitsForParent where no yes stands.
    """
    help_request = get_own(session, actor, id)
    municipality = found(session.get(Municipality, help_request.municipality_id))
    if help_request.status is Status.OPEN:
        help_request.expires_at = now(session) + timedelta(days=municipality.request_days)
        help_request.warned_at = None
        return help_request
    by_broker = help_request.person_id != actor.person_id
    if help_request.status not in (RESUMABLE if by_broker else RENEWABLE):
        raise NotOpen
    category = found(session.get(Category, help_request.category_number))
    saying.hear(session, actor, help_request.person_id, category, help_request.skills, sensitive_yes)
    if help_request.status in (
        Status.DONE,
        Status.CLOSED,
    ):  # who helped before has done so: the place is free
        help_request.helpers_found = places.taken(session, id)
    _open(session, actor, help_request, municipality, category)
    session.flush()
    return help_request


def close(session: Session, actor: Actor, id: UUID, closing: Closing) -> HelpRequest:
    """A makelaar closes a case; the reason is one of three."""
    help_request = get_locked(session, actor, id)
    require(actor, Permission.MODERATE_REQUEST, help_request.municipality_id)
    if closing.reason not in set(ClosingReason):
        raise Invalid(details={"reden": "choose"})
    help_request.is_public = False
    help_request.closing_reason = closing.reason
    help_request.step(Status.CLOSED, actor.person_id, closing.note or closing.reason)
    tell_helpers_later(session, help_request)
    return help_request


def set_vulnerable(session: Session, actor: Actor, help_request: HelpRequest, vulnerable: bool) -> None:
    """The desk says whether the asker goes first when helpers are scarce; the asker reads nothing of it."""
    require(actor, Permission.MODERATE_REQUEST, help_request.municipality_id)
    help_request.vulnerable = vulnerable
    session.flush()


def see(session: Session, actor: Actor, help_request: HelpRequest) -> None:
    """Note that somebody of the desk read it, and who: the asker's status page tells."""
    if help_request.seen_at is None and help_request.municipality_id in actor.reach(
        Permission.MODERATE_REQUEST
    ):
        help_request.seen_at = now(session)
        if help_request.broker_id is None:
            help_request.broker = session.get_one(Person, actor.person_id)
        session.flush()


def _values(session: Session, new: NewHelpRequest) -> dict[str, Any]:
    category = categories.by_slug(session, new.category)
    _check_terms(session, new, category)
    values = new.model_dump(exclude={"category", "version", "body", "sensitive_yes"})
    values["category_number"] = category.number
    values["body"] = new.body or ""
    values["slots"] = _slots(new)
    return values


def _slots(new: NewHelpRequest) -> int:
    """A date and time say more than the weekly grid; nothing chosen means any time of the day."""
    if new.on_date is not None and new.at_time is not None:
        return slot(new.on_date.weekday(), part_of(new.at_time.hour))
    if new.on_date is not None:
        return (new.slots or ALL_DAYTIME) & (0b1111 << (new.on_date.weekday() * 4)) or (
            0b0111 << (new.on_date.weekday() * 4)
        )
    return new.slots or ALL_DAYTIME


def check(session: Session, new: NewHelpRequest) -> None:
    """Raise Invalid for what could not be posted today."""
    _check_terms(session, new, categories.by_slug(session, new.category))


def _check_terms(session: Session, new: NewHelpRequest, category: Category) -> None:
    """What the category and the calendar do not allow, all together."""
    wrong: dict[str, str] = {}
    if new.kind not in kinds.allowed(category):
        wrong["soort"] = "professionals-only"
    if new.helper_gender is not None and category.slug not in CARE_OF_THE_BODY:
        wrong["helperGeslacht"] = "not-for-this"
    day = today(session)
    if new.on_date is not None and new.on_date < day:
        wrong["datum"] = "past"
    if new.until_date is not None and new.until_date < (new.on_date or day):
        wrong["totEnMet"] = "before-start"
    if wrong:
        raise Invalid(details=wrong)


def _refuse_unpaid(municipality: Municipality, category: Category, kind: Kind) -> None:
    """Where help for Roosjes or for nothing would push out paid work, it is paid; and some is not asked here at all.

    Raises Invalid. What is paid work everywhere is told with the other terms.
    """
    if category.number in municipality.closed_categories:
        raise Invalid(details={"soort": "closed-here"})
    if kind in kinds.allowed(category) and kind not in kinds.allowed(category, municipality.paid_only):
        raise Invalid(details={"soort": "paid-here"})


def is_read_first(municipality: Municipality, category: Category) -> bool:
    """Whether a makelaar reads an asker's words before others do."""
    undecided = category.theme == "anders"
    return municipality.mediation >= Mediation.CHECKED or category.sensitive or undecided


def _shown(help_request: HelpRequest, municipality: Municipality, category: Category) -> bool:
    return (
        help_request.visibility is Visibility.EVERYONE
        and municipality.mediation < Mediation.PROPOSED
        and not consents.is_sensitive(category, help_request.skills)
    )


def _open(
    session: Session, actor: Actor, help_request: HelpRequest, municipality: Municipality, category: Category
) -> None:
    meeting.refuse_suspended(session, help_request.person_id)
    consents.require_open(session, help_request.person_id, category.number, help_request.skills)
    if help_request.status in RESUMABLE:
        help_request.reopened_at = now(session)
    help_request.step(Status.OPEN, actor.person_id)
    help_request.posted_at = help_request.posted_at or now(session)
    help_request.expires_at = now(session) + timedelta(days=municipality.request_days)
    help_request.warned_at = None
    help_request.is_public = _shown(help_request, municipality, category)
