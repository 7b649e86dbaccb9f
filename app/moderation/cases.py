"""One case at the desk: everything about a request on one screen, and what a makelaar does with it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import AfterValidator, Field
from sqlalchemy import select
from sqlalchemy.orm import Session, load_only

from app.access.actor import Actor
from app.access.policy import found, require
from app.access.roles import Permission
from app.agreements import occur
from app.agreements.models import Agreement
from app.audit.write import Act, note as note_read
from app.clock import now
from app.errors import NotFound, Stale
from app.help_requests import service as help_requests, story
from app.help_requests.models import HelpRequest, Status
from app.help_requests.schemas import Closing, SaidYes
from app.matches import answer, propose
from app.matches.models import Proposal
from app.matches.propose import Candidate
from app.moderation.models import Access, CaseNote, NoteKind
from app.people.models import Contact, Person
from app.representations import service as representations
from app.representations.models import Representation
from app.schemas import Incoming, Whole
from app.text import Refused, Typed, in_schema
from matching.explain import Counterfactual

MOST_CANDIDATES = 8
T = TypeVar("T")


def document_address(typed: str) -> str:
    """An address of a document elsewhere: https, a host, and nobody's name or password in it."""
    parts = urlsplit(typed)
    if parts.scheme != "https" or not parts.hostname or "." not in parts.hostname or parts.username:
        raise Refused("document-address")
    return typed


class NewNote(Incoming):
    """A note, or a call with a word about it."""

    text: Annotated[Annotated[str, Typed(4000, lines=True)] | None, Field(alias="notitie")] = None
    access: Annotated[Access, Field(alias="wieLeest")] = Access.DESK
    link: Annotated[
        Annotated[str, Typed(500), AfterValidator(in_schema(document_address))] | None,
        Field(alias="document"),
    ] = None


class Referral(Incoming):
    """Where somebody is better helped."""

    where: Annotated[Annotated[str, Typed(200)], Field(alias="waarheen")]
    version: Annotated[Whole, Field(alias="versie")]


class CaseClosing(Closing):
    """Why a case is closed, as it was read."""

    version: Annotated[Whole, Field(alias="versie")]


class Further(Incoming):
    """Look this many kilometres around the asker's neighbourhood."""

    max_km: Annotated[Annotated[Whole, Field(ge=1, le=50)], Field(alias="hoeVerKm")]
    version: Annotated[Whole, Field(alias="versie")]


class OnVersion(Incoming):
    """An act on the case as it was read; ``version`` tells how it stood then."""

    version: Annotated[Whole, Field(alias="versie")]


class Opened(OnVersion, SaidYes):
    """A case that is let through or looked for again, with the yes that the makelaar heard."""


@dataclass(frozen=True, slots=True)
class Case:
    """A case on a screen. Candidates and counterfactuals are there while somebody is looked for."""

    help_request: HelpRequest
    contact: Contact | None
    """Last name, telephone and year of birth; nothing else is read."""
    author: Person
    representations: list[Representation]
    """Who may act for the asker today."""
    proposals: list[Proposal]
    candidates: list[Candidate]
    counterfactuals: list[Counterfactual]
    agreements: list[Agreement]


def get(session: Session, actor: Actor, id: UUID) -> HelpRequest:
    """A case of the actor's own desk; NotFound for one that another municipality handles, shown or not."""
    help_request = help_requests.get(session, actor, id)
    if help_request.municipality_id not in actor.reach(Permission.MODERATE_REQUEST):
        raise NotFound
    if help_request.status is Status.DRAFT:
        raise NotFound  # what was never sent is still its writer's alone
    return help_request


def open_case(session: Session, actor: Actor, id: UUID) -> Case:
    """The case with all that belongs to it; whoever opens it has seen it."""
    help_request = get(session, actor, id)
    help_requests.see(session, actor, help_request)
    proposals = answer.for_request(session, actor, id)
    looking = help_request.status is Status.OPEN
    note_read(
        session, actor, Act.PERSON, subject=help_request.person_id, municipality_id=help_request.municipality_id,
        entity="help_request", entity_id=id, case_id=id,
    )  # fmt: skip
    return Case(
        help_request=help_request,
        contact=_contact(session, help_request.person_id),
        author=found(session.get(Person, help_request.author_id)),
        representations=representations.standing_for(session, actor, help_request.person_id),
        proposals=proposals,
        candidates=_fresh(session, actor, help_request, proposals) if looking else [],
        counterfactuals=propose.counterfactuals(session, actor, help_request) if looking else [],
        agreements=_agreements(session, actor, id),
    )


def _contact(session: Session, person_id: UUID) -> Contact | None:
    # unscoped: goes with a case in the actor's reach: its asker; address and e-mail stay where they are
    query = (
        select(Contact)
        .where(Contact.person_id == person_id)
        .options(load_only(Contact.last_name, Contact.phone, Contact.birth_year, raiseload=True))
    )
    return session.scalars(query).one_or_none()


def _fresh(
    session: Session, actor: Actor, help_request: HelpRequest, proposals: list[Proposal]
) -> list[Candidate]:
    asked = {proposal.helper_id for proposal in proposals}
    every = propose.candidates(session, actor, help_request)
    return [candidate for candidate in every if candidate.match.person_id not in asked][:MOST_CANDIDATES]


def _agreements(session: Session, actor: Actor, id: UUID) -> list[Agreement]:
    query = (
        occur.selection(actor).where(Agreement.help_request_id == id).order_by(Agreement.created_at.desc())
    )
    return list(session.scalars(query).unique())


def attempt(session: Session, act: Callable[[], T]) -> T:
    """Do it whole or not at all, so that after a refusal the page can still be shown in this transaction."""
    with session.begin_nested():
        return act()


def held(session: Session, actor: Actor, id: UUID, version: int) -> HelpRequest:
    """The request locked, as the actor read it; raises Stale when somebody saved in between."""
    get(session, actor, id)
    help_request = help_requests.get_locked(session, actor, id)
    if help_request.version != version:
        raise Stale
    return help_request


def note(  # noqa: PLR0913 - what there is to say about a note
    session: Session,
    actor: Actor,
    id: UUID,
    text: str,
    kind: NoteKind = NoteKind.NOTE,
    *,
    access: Access = Access.DESK,
    link: str = "",
) -> CaseNote:
    """Write something down; residents see only what is written for them."""
    help_request = get(session, actor, id)
    written = CaseNote(
        municipality_id=help_request.municipality_id,
        help_request_id=help_request.id,
        author_id=actor.person_id,
        kind=kind,
        text=text,
        access=access,
        link=link,
    )
    session.add(written)
    session.flush()
    return written


def take(session: Session, actor: Actor, id: UUID, version: int) -> HelpRequest:
    """From here on it is mine."""
    help_request = held(session, actor, id, version)
    require(actor, Permission.MODERATE_REQUEST, help_request.municipality_id)
    help_request.broker_id = actor.person_id
    help_request.seen_at = help_request.seen_at or now(session)
    help_request.tell(str(help_request.status), actor.person_id, story.TAKEN)
    session.flush()
    return help_request


def leave(session: Session, actor: Actor, id: UUID, version: int) -> HelpRequest:
    """It is nobody's, for a colleague to take."""
    help_request = held(session, actor, id, version)
    require(actor, Permission.MODERATE_REQUEST, help_request.municipality_id)
    help_request.broker_id = None
    help_request.tell(str(help_request.status), actor.person_id, story.LET_GO)
    session.flush()
    return help_request


def refer(session: Session, actor: Actor, id: UUID, referral: Referral) -> HelpRequest:
    """Somebody else helps better; where is the reason that the asker reads."""
    help_request = held(session, actor, id, referral.version)
    require(actor, Permission.MODERATE_REQUEST, help_request.municipality_id)
    help_request.is_public = False
    help_request.step(Status.REFERRED, actor.person_id, referral.where)
    help_requests.tell_helpers_later(session, help_request)
    session.flush()
    return help_request


def release(session: Session, actor: Actor, id: UUID, opened: Opened) -> HelpRequest:
    """Read and let through; the best helpers are asked at once."""
    held(session, actor, id, opened.version)
    help_request = help_requests.release(session, actor, id, opened.sensitive_yes)
    propose.for_request(session, actor, help_request)
    return help_request


def resume(session: Session, actor: Actor, id: UUID, opened: Opened) -> HelpRequest:
    """Look again, after a pause, a referral, an end or a whole term; helpers are asked at once."""
    held(session, actor, id, opened.version)
    help_request = help_requests.renew(session, actor, id, opened.sensitive_yes)
    propose.for_request(session, actor, help_request)
    return help_request


def close(session: Session, actor: Actor, id: UUID, closing: CaseClosing) -> HelpRequest:
    """The case is over; the reason is one of three."""
    held(session, actor, id, closing.version)
    told = Closing.model_validate({"reden": closing.reason, "toelichting": closing.note})
    return help_requests.close(session, actor, id, told)


def pause(session: Session, actor: Actor, id: UUID, version: int) -> HelpRequest:
    """Stop looking for a while."""
    held(session, actor, id, version)
    return help_requests.pause(session, actor, id)


def look_further(session: Session, actor: Actor, id: UUID, further: Further) -> HelpRequest:
    """A wider circle, agreed with the asker; whoever then fits is asked at once."""
    help_request = held(session, actor, id, further.version)
    require(actor, Permission.MODERATE_REQUEST, help_request.municipality_id)
    if help_request.status is not Status.OPEN:
        raise help_requests.NotOpen
    help_request.max_km = max(help_request.max_km, further.max_km)
    session.flush()
    propose.for_request(session, actor, help_request)
    return help_request


def ask_more(session: Session, actor: Actor, id: UUID, version: int) -> list[Proposal]:
    """Ask the next few helpers that the engine finds."""
    help_request = held(session, actor, id, version)
    require(actor, Permission.PROPOSE, help_request.municipality_id)
    return propose.for_request(session, actor, help_request)


def proposal_of(session: Session, actor: Actor, id: UUID, proposal_id: UUID) -> Proposal:
    """A proposal for this very case."""
    get(session, actor, id)
    proposal = answer.get(session, actor, proposal_id)
    if proposal.help_request_id != id:
        raise NotFound
    return proposal
