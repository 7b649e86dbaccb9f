"""The helper's yes or no, the asker's wish to meet, and either side's neutral no."""

import secrets
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.access.policy import found, locked, require, visible
from app.access.roles import Permission
from app.clock import now
from app.errors import Conflict, Forbidden
from app.help_offers.models import HelpOffer
from app.help_requests.models import HelpRequest, Status as RequestStatus
from app.matches import meeting
from app.matches.models import Origin, Proposal, Status
from app.matches.propose import DoesNotFit, recheck
from app.notifications.service import tell
from app.places.models import Municipality
from matching.rules import Rule

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


def told(actor: Actor) -> ColumnElement[bool]:
    """What one knows of one's own proposals: for an asker, helpers who said yes and may be known by now."""
    return or_(
        Proposal.helper_id == actor.person_id,
        Proposal.answered_at.is_not(None) & Proposal.is_introduced_row(),
    )


def get(session: Session, actor: Actor, id: UUID) -> Proposal:
    """One proposal; NotFound when the actor may not see it."""
    return found(session.scalars(selection(actor).where(Proposal.id == id)).one_or_none())


def get_introduced(session: Session, actor: Actor, id: UUID) -> Proposal:
    """The same where the asker may also know who the helper is; NotFound before that."""
    query = selection(actor).where(Proposal.id == id, introduced(actor))
    return found(session.scalars(query).one_or_none())


def get_locked_pair(session: Session, actor: Actor, id: UUID) -> tuple[Proposal, HelpRequest]:
    """A proposal with its request, both locked: the request first, so that no two acts lock crosswise."""
    seen = get(session, actor, id)
    # unscoped: goes with the proposal, which was visible, and row-level security stands behind it
    request = select(HelpRequest).where(HelpRequest.id == seen.help_request_id)
    help_request = found(session.scalars(locked(request)).one_or_none())
    # unscoped: goes with the proposal
    proposal = session.scalars(locked(select(Proposal).where(Proposal.id == id))).one()
    return proposal, help_request


def for_helper(session: Session, actor: Actor) -> list[Proposal]:
    """What one was asked, and what became of it; the newest first."""
    mine = select(Proposal).where(Proposal.helper_id == actor.person_id).options(*FACE)  # unscoped: one's own
    return list(session.scalars(mine.order_by(Proposal.created_at.desc()).limit(60)))


def for_asker(session: Session, actor: Actor) -> list[Proposal]:
    """Who would like to help with what one asks, and whom one may know; the longest waiting first."""
    query = selection(actor).where(
        Proposal.asker_id == actor.person_id,
        Proposal.status.in_([Status.WILLING, Status.MEETING]),
        introduced(actor),
    )
    return list(session.scalars(query.order_by(Proposal.answered_at, Proposal.id).limit(60)))


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
    still_open(help_request)
    recheck(session, proposal, ignoring=overruled(proposal))
    proposal.step(Status.WILLING, actor.person_id)
    proposal.message = message
    proposal.answered_at = now(session)
    tell_asker(session, proposal, help_request)
    return proposal


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
    still_open(help_request)
    if not meeting.hold(session, proposal.asker_id, proposal.helper_id):
        raise DoesNotFit(details={"regel": "paused"})
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


def overruled(proposal: Proposal) -> frozenset[Rule]:
    """What the helper's own yes looks past; the category too, for who put themselves forward."""
    return OWN_YES_RULES if proposal.origin is Origin.HELPER else WILLING_RULES


def still_open(help_request: HelpRequest) -> None:
    """Raises TakenAlready when nobody is wanted any more."""
    if help_request.status is not RequestStatus.OPEN:
        raise TakenAlready


def tell_asker(session: Session, proposal: Proposal, help_request: HelpRequest, *, turn: int = 0) -> None:
    """That somebody is willing; where a makelaar introduces first, not before that."""
    municipality = found(session.get(Municipality, proposal.municipality_id))
    if proposal.is_introduced(municipality):
        _tell_willing(session, proposal, help_request, turn=turn)


def _tell_willing(session: Session, proposal: Proposal, help_request: HelpRequest, *, turn: int = 0) -> None:
    tell(
        session, proposal.asker_id, proposal.municipality_id, "willing", proposal.id, turn=turn,
        title=help_request.title,
    )  # fmt: skip


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
