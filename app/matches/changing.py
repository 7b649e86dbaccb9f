"""Changing what is asked once helpers were asked: a yes to other terms is no yes any more."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.categories import service as categories
from app.clock import now
from app.errors import Conflict
from app.help_requests import service as help_requests
from app.help_requests.models import HelpRequest, Status as RequestStatus
from app.help_requests.schemas import HelpRequestChange
from app.matches.answer import overruled
from app.matches.index import offers_by_id, request_by_id
from app.matches.models import Proposal, Status
from app.matches.propose import VALID_DAYS, DoesNotFit, check
from app.notifications.service import tell
from app.rings.answer import counting_on, end
from app.rings.models import Ending, Ring, RingStatus

CHANGED = "changed"
"""Why a step leads to the same state: what is asked became different."""
SAID_YES = (Status.WILLING, Status.MEETING)


class TermsAgreed(Conflict):
    """Somebody agreed to these terms already; what was agreed stays as it is."""

    code = "terms-agreed"


def change(session: Session, actor: Actor, id: UUID, wanted: HelpRequestChange) -> HelpRequest:
    """Change what is asked, as ``help_requests.service.change`` does, and ask again who had said yes to other terms.

    Raises TermsAgreed when the terms would change under an agreement.
    """
    held, before = as_it_was(session, actor, id)
    changes = held.version == wanted.version and _wanted_terms(session, wanted) != before.terms
    if changes and held.helpers_found:
        raise TermsAgreed
    status = held.status
    help_request = help_requests.change(session, actor, id, wanted)
    if help_request.version != wanted.version:
        _tell_asker(session, actor, help_request, stepped=help_request.status is not status)
    ask_again(session, actor, help_request, before)
    return help_request


def _tell_asker(session: Session, actor: Actor, help_request: HelpRequest, *, stepped: bool) -> None:
    """A change stands in its course, once; when somebody else made it, the asker is told."""
    if help_request.status is RequestStatus.DRAFT:
        return
    if help_request.person_id == actor.person_id:
        if not stepped:
            help_request.tell(str(help_request.status), actor.person_id, CHANGED)
        return
    help_request.tell(str(help_request.status), actor.person_id, CHANGED)
    tell(
        session, help_request.person_id, help_request.municipality_id, "changed-for-you", help_request.id,
        turn=help_request.version, title=help_request.title,
    )  # fmt: skip


Terms = tuple[str, int, int, str]
"""What a helper says yes to: kind, minutes, category and how often. Day and time are agreed upon later."""


@dataclass(frozen=True, slots=True)
class Before:
    """What others may have said yes to, before a change."""

    terms: Terms
    ring: Ring | None


def as_it_was(session: Session, actor: Actor, id: UUID) -> tuple[HelpRequest, Before]:
    """A request that the actor may change, and what it was; both it and the ring that counts on it are locked."""
    ring = counting_on(session, id)  # before the request: whoever carries out a ring locks in this order
    held = help_requests.get_own(session, actor, id)
    return held, Before(_terms(held), ring)


def ask_again(session: Session, actor: Actor, help_request: HelpRequest, before: Before) -> None:
    """After other terms: helpers who said yes are asked again, and a ring is let go. Nothing after the same terms."""
    if _terms(help_request) == before.terms:
        return
    if before.ring is not None:
        end(session, before.ring, RingStatus.DISSOLVED, Ending.CHANGED)
    _ask_again(session, actor, help_request)


def _terms(held: HelpRequest) -> Terms:
    return held.kind, held.minutes, held.category_number, held.frequency


def _wanted_terms(session: Session, wanted: HelpRequestChange) -> Terms:
    category = categories.by_slug(session, wanted.category)
    return wanted.kind, wanted.minutes, category.number, wanted.frequency


def who_said_yes(session: Session, help_request_id: UUID, *, to_asker: bool = True) -> list[Proposal]:
    """Yeses that other terms would take back: those that the asker knows of, or all of them for the desk."""
    known = _yes_to(help_request_id)
    if to_asker:
        known = known.where(Proposal.is_introduced_row())
    return list(session.scalars(known.options(joinedload(Proposal.helper))))


def _yes_to(help_request_id: UUID) -> Select[Proposal]:
    # unscoped: goes with the request that the caller holds
    return (
        select(Proposal)
        .where(Proposal.help_request_id == help_request_id, Proposal.status.in_(SAID_YES))
        .order_by(Proposal.id)
    )


def _ask_again(session: Session, actor: Actor, help_request: HelpRequest) -> None:
    """Whom it still fits is asked again; whom it no longer fits is thanked."""
    for proposal in session.scalars(_yes_to(help_request.id).with_for_update()).all():
        proposal.answered_at = proposal.meeting_until = None
        proposal.code_word = proposal.message = ""
        fits = _fits(session, proposal)
        if fits:
            proposal.step(Status.PROPOSED, actor.person, "changed")
            proposal.expires_at = now(session) + timedelta(days=VALID_DAYS)
        else:
            proposal.step(Status.WITHDRAWN, actor.person, "changed")
        tell(
            session, proposal.helper_id, proposal.helper_municipality_id, "changed" if fits else "not-this-time",
            proposal.id, turn=help_request.version, title=help_request.title,
        )  # fmt: skip
    session.flush()


def _fits(session: Session, proposal: Proposal) -> bool:
    """The hard rules that the helper's own yes does not overrule, on rows of this very moment."""
    if proposal.help_offer_id is None:
        return True
    offer = offers_by_id(session, [proposal.help_offer_id]).get(proposal.help_offer_id)
    if offer is None:
        return False
    try:
        check(session, request_by_id(session, proposal.help_request_id), offer, ignoring=overruled(proposal))
    except DoesNotFit:
        return False
    return True
