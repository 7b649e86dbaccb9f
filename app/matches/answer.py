"""The helper's yes or no, the asker's wish to meet, and either side's neutral no."""

import secrets
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.access.policy import found, locked, require, visible
from app.access.roles import Permission
from app.clock import now
from app.errors import Conflict, Forbidden, NotFound
from app.help_offers.models import HelpOffer, Status as OfferStatus
from app.help_requests import service as help_requests
from app.help_requests.models import HelpRequest, Status as RequestStatus
from app.matches.index import offers_by_id, request_by_id
from app.matches.models import Origin, Proposal, Status
from app.matches.propose import DoesNotFit, add, check, recheck
from app.notifications.service import tell
from app.places.models import Municipality
from matching.explain import explain
from matching.rules import Rule
from matching.types import Offer

MEETING_DAYS = 7
CODE_WORDS = (
    "appeltaart", "fietsbel", "hazelnoot", "kersenboom", "klaproos", "koffiepot", "lindeboom", "madelief",
    "molensteen", "pannenkoek", "parapluie", "regenboog", "sneeuwklok", "stroopwafel", "tulpenveld", "zonnebloem",
)  # fmt: skip
WILLING_RULES = frozenset(
    {Rule.PROPOSALS, Rule.DISTANCE, Rule.TIME, Rule.LOAD, Rule.MINUTES, Rule.RESTING,
     Rule.ORGANISATION}
)  # fmt: skip
"""What a helper's own yes overrules: they know best how far they go and how busy they are."""
OWN_YES_RULES = WILLING_RULES | {Rule.CATEGORY, Rule.SKILLS}
"""What a helper who came forward, and who knows what they can, overrules as well."""
LIVE = (Status.PROPOSED, Status.WILLING, Status.MEETING)


class TakenAlready(Conflict):
    """Someone was first; the helper is on the waiting list."""

    code = "taken-already"


class NotConfirmed(Conflict):
    """The municipality's makelaar has not introduced the two yet."""

    code = "not-confirmed"


FACE = (
    joinedload(Proposal.help_request).joinedload(HelpRequest.category),
    joinedload(Proposal.help_request).joinedload(HelpRequest.neighbourhood),
    joinedload(Proposal.help_request).joinedload(HelpRequest.municipality),
    joinedload(Proposal.asker),
    joinedload(Proposal.helper),
    joinedload(Proposal.helper_municipality),
    joinedload(Proposal.help_offer).joinedload(HelpOffer.neighbourhood),
)


def selection(actor: Actor) -> Select[Proposal]:
    """The proposals that the actor may see, with what every screen shows beside them."""
    seen = visible(actor, Permission.SEE_MATCHES, Proposal)
    return select(Proposal).where(seen, _known(actor)).options(*FACE)


def _known(actor: Actor) -> ColumnElement[bool]:
    """An asker gets to know a helper by that helper's yes: who was asked and is silent, or says no, is not told."""
    return or_(
        Proposal.asker_id != actor.person,
        Proposal.municipality_id.in_(actor.reach(Permission.SEE_MATCHES)),
        Proposal.answered_at.is_not(None),
    )


def introduced(actor: Actor) -> ColumnElement[bool]:
    """Proposals of which the actor may know who the other is: an asker not before a makelaar introduced the two."""
    return or_(
        Proposal.asker_id != actor.person_id,
        Proposal.municipality_id.in_(actor.reach(Permission.SEE_MATCHES)),
        Proposal.is_introduced_row(),
    )


def get(session: Session, actor: Actor, id: UUID) -> Proposal:
    """One proposal; NotFound when the actor may not see it."""
    return found(session.scalars(selection(actor).where(Proposal.id == id)).one_or_none())


def get_locked_pair(session: Session, actor: Actor, id: UUID) -> tuple[Proposal, HelpRequest]:
    """A proposal with its request, both locked: the request first, so that no two acts lock crosswise."""
    seen = get(session, actor, id)
    # unscoped: the proposal was visible, and row-level security stands behind it
    request = select(HelpRequest).where(HelpRequest.id == seen.help_request_id)
    help_request = found(session.scalars(locked(request)).one_or_none())
    proposal = session.scalars(locked(select(Proposal).where(Proposal.id == id))).one()  # unscoped: same row
    return proposal, help_request


def for_helper(session: Session, actor: Actor) -> list[Proposal]:
    """What one was asked, and what became of it; the newest first."""
    mine = select(Proposal).where(Proposal.helper_id == actor.person_id).options(*FACE)  # unscoped: one's own
    return list(session.scalars(mine.order_by(Proposal.created_at.desc()).limit(60)))


def for_request(
    session: Session, actor: Actor, help_request_id: UUID, *only: ColumnElement[bool]
) -> list[Proposal]:
    """All proposals for one request that the actor may see, willing ones first, then by score."""
    rows = session.scalars(
        selection(actor)
        .where(Proposal.help_request_id == help_request_id, *only)
        .order_by(
            Proposal.status.in_([Status.WILLING, Status.MEETING]).desc(), Proposal.score.desc(), Proposal.id
        )
    )
    return list(rows)


def accept(session: Session, actor: Actor, id: UUID, message: str = "") -> Proposal:
    """The helper says yes; checked again on rows of this very moment."""
    proposal, help_request = get_locked_pair(session, actor, id)
    if proposal.helper_id != actor.person_id:
        raise Forbidden
    _still_open(help_request)
    # the category was looked past when the helper put themselves forward
    came_forward = proposal.origin is Origin.HELPER
    recheck(session, proposal, ignoring=OWN_YES_RULES if came_forward else WILLING_RULES)
    proposal.step(Status.WILLING, actor.person_id)
    proposal.message = message
    proposal.answered_at = now(session)
    _tell_asker(session, proposal, help_request)
    return proposal


def volunteer(session: Session, actor: Actor, help_request_id: UUID, message: str = "") -> Proposal:
    """A helper who saw a request puts themselves forward, with the offer of theirs that fits best.

    Raises TakenAlready for a request that everybody could see until somebody was found, NotFound for any other that
    the helper cannot see: whether it exists is not told.
    """
    help_request = _still_shown(session, actor, help_request_id)
    _in_turn(session, help_request_id)
    # unscoped: one's own proposal; not locked here, for whoever holds the request locks proposals after it
    own = select(Proposal).where(
        Proposal.help_request_id == help_request_id, Proposal.helper_id == actor.person_id
    )
    existing = session.scalars(own).one_or_none()
    if existing is not None:
        return accept(session, actor, existing.id, message)
    if not help_request.is_public:
        if help_request.status is not RequestStatus.OPEN:
            raise TakenAlready
        raise Forbidden  # who was not proposed is refused
    _still_open(help_request)
    offer = _fitting_offer(session, actor, help_request)
    request = request_by_id(session, help_request_id)
    proposal = add(session, actor, help_request, request, offer, Origin.HELPER)
    proposal.message = message
    # only who is party to a request may lock it; the last place may have gone in between
    _still_open(help_requests.get_locked(session, actor, help_request_id))
    _tell_asker(session, proposal, help_request)
    return proposal


def _still_shown(session: Session, actor: Actor, help_request_id: UUID) -> HelpRequest:
    try:
        return help_requests.get(session, actor, help_request_id)
    except NotFound:
        if session.execute(select(func.was_shown(help_request_id))).scalar_one():
            raise TakenAlready from None
        raise


def _in_turn(session: Session, help_request_id: UUID) -> None:
    """Let volunteers for one request come one after the other.

    A new proposal holds its request a little, and then wants it whole: two who do so at once wait for each other.
    """
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(str(help_request_id), 0))))


def _fitting_offer(session: Session, actor: Actor, help_request: HelpRequest) -> Offer:
    # unscoped: one's own offers
    query = select(HelpOffer.id).where(
        HelpOffer.person_id == actor.person_id, HelpOffer.status == OfferStatus.OPEN
    )
    offers = offers_by_id(session, list(session.scalars(query)))
    if not offers:
        raise DoesNotFit(details={"regel": "no-offer"})
    request = request_by_id(session, help_request.id)
    ignoring = OWN_YES_RULES
    ranked = sorted(offers.values(), key=lambda offer: -explain(request, offer).score)
    ranked.sort(key=lambda offer: request.category not in offer.categories)
    check(session, request, ranked[0], ignoring=ignoring)
    return ranked[0]


def decline(session: Session, actor: Actor, id: UUID, reason: str = "") -> Proposal:
    """The helper's no, at any moment before an agreement; neutral, and without penalty."""
    proposal, help_request = get_locked_pair(session, actor, id)
    if proposal.helper_id != actor.person_id:
        raise Forbidden
    had_hope = proposal.status in (Status.WILLING, Status.MEETING)
    proposal.step(Status.DECLINED, actor.person_id, reason)
    if had_hope:
        tell(
            session, proposal.asker_id, proposal.municipality_id, "not-this-time", proposal.id,
            title=help_request.title,
        )  # fmt: skip
    return proposal


def meet(session: Session, actor: Actor, id: UUID) -> Proposal:
    """The asker would like to get acquainted first; both get the code word for the door."""
    proposal, help_request = get_locked_pair(session, actor, id)
    may_choose(session, actor, proposal)
    _still_open(help_request)
    proposal.step(Status.MEETING, actor.person_id)
    proposal.meeting_until = now(session) + timedelta(days=MEETING_DAYS)
    proposal.code_word = secrets.choice(CODE_WORDS)
    for person_id, municipality_id in proposal.sides():
        tell(session, person_id, municipality_id, "meeting", proposal.id, title=help_request.title)
    return proposal


def pass_over(session: Session, actor: Actor, id: UUID, reason: str = "") -> Proposal:
    """The asker's neutral no; the helper reads one sentence."""
    proposal, help_request = get_locked_pair(session, actor, id)
    _asker_or_broker(actor, proposal)
    had_answered = proposal.status in (Status.WILLING, Status.MEETING)
    proposal.step(Status.PASSED, actor.person_id, reason)
    if had_answered:
        tell(
            session, proposal.helper_id, proposal.helper_municipality_id, "not-this-time", proposal.id,
            title=help_request.title,
        )  # fmt: skip
    return proposal


def confirm(session: Session, actor: Actor, id: UUID) -> Proposal:
    """The makelaar introduces the two, where the municipality wants each match confirmed."""
    proposal, help_request = get_locked_pair(session, actor, id)
    require(actor, Permission.ARRANGE_AGREEMENT, proposal.municipality_id)
    if proposal.confirmed_at is None:
        proposal.confirmed_at = now(session)
        if proposal.status is Status.WILLING:
            _tell_willing(session, proposal, help_request)
    return proposal


def may_choose(session: Session, actor: Actor, proposal: Proposal) -> None:
    """The asker chooses; a makelaar writes down a spoken yes. Raises NotConfirmed before an introduction."""
    _asker_or_broker(actor, proposal)
    municipality = found(session.get(Municipality, proposal.municipality_id))
    is_broker = proposal.asker_id != actor.person_id
    if not is_broker and not proposal.is_introduced(municipality):
        raise NotConfirmed


def _asker_or_broker(actor: Actor, proposal: Proposal) -> None:
    if proposal.asker_id != actor.person_id:
        require(actor, Permission.ARRANGE_AGREEMENT, proposal.municipality_id)


def _still_open(help_request: HelpRequest) -> None:
    if help_request.status is not RequestStatus.OPEN:
        raise TakenAlready


def _tell_asker(session: Session, proposal: Proposal, help_request: HelpRequest) -> None:
    municipality = found(session.get(Municipality, proposal.municipality_id))
    if proposal.is_introduced(municipality):
        _tell_willing(session, proposal, help_request)


def _tell_willing(session: Session, proposal: Proposal, help_request: HelpRequest) -> None:
    tell(
        session, proposal.asker_id, proposal.municipality_id, "willing", proposal.id, title=help_request.title
    )


def expire_due(session: Session, *, limit: int = 500) -> int:
    """Proposals without an answer in time, and meetings that came to nothing; the worker's reach is everyone."""
    moment = now(session)
    # unscoped: the worker's reach is every municipality
    due = (
        select(Proposal)
        .where(
            or_(
                (Proposal.status == Status.PROPOSED) & (Proposal.expires_at <= moment),
                (Proposal.status == Status.MEETING) & (Proposal.meeting_until <= moment),
            )
        )
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = list(session.scalars(due))
    for proposal in rows:
        proposal.step(Status.EXPIRED, None)
    return len(rows)
