"""Saying yes, and taking it back: what follows is done in the same transaction, and the change log tells matching."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import found
from app.audit.write import Act, note
from app.clock import now
from app.help_offers.models import HelpOffer, Status as OfferStatus
from app.help_requests.models import HelpRequest, Status as RequestStatus
from app.ids import uuid7
from app.matches import answer
from app.matches.models import Proposal, Status as ProposalStatus
from app.people import service as people
from app.people.models import Person
from app.privacy import saying, texts
from app.privacy.models import Consent, Purpose
from app.privacy.standing import WaitsForParent, refuses
from app.representations.models import ConsentWay

OWN = (Purpose.PROPOSALS, Purpose.ACROSS_BORDERS, Purpose.SENSITIVE, Purpose.TIPS)
"""What somebody decides about for themselves; the others are a parent's."""
WITHDRAWN = "consent-withdrawn"
"""The reason of a pause that follows from a no: a later yes ends only those."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands with one purpose: the yes that counts, and whether its text was renewed since."""

    purpose: Purpose
    live: Consent | None
    refused: bool
    """Taken back, and not given again. Without either, what somebody asks or offers speaks for itself."""
    renewed: bool


def standings(session: Session, actor: Actor) -> list[Standing]:
    """One's own, in a fixed order."""
    rows = history(session, actor)
    return [_standing(purpose, [row for row in rows if row.purpose is purpose]) for purpose in OWN]


def _standing(purpose: Purpose, rows: list[Consent]) -> Standing:
    live = next((row for row in rows if row.withdrawn_at is None), None)
    renewed = live is not None and live.version < texts.version(purpose)
    return Standing(purpose, live, refused=bool(rows) and live is None, renewed=renewed)


def history(session: Session, actor: Actor) -> list[Consent]:
    """Every yes and no of one's own, the newest first."""
    own = select(Consent).where(Consent.owned_by(actor.person_id))
    return list(session.scalars(own.order_by(Consent.id.desc())))


def give(session: Session, actor: Actor, purpose: Purpose) -> Consent:
    """One's own yes to the text as it reads now; what was paused is opened again by hand.

    Raises WaitsForParent for a child's own yes to sensitive facts.
    """
    if purpose is Purpose.SENSITIVE and not saying.may_say(session, actor, actor.person_id):
        raise WaitsForParent
    return saying.give_for(session, actor, actor.person_id, purpose, ConsentWay.SITE)


def withdraw(session: Session, actor: Actor, purpose: Purpose) -> None:
    """One's own no, from the next question to the index on."""
    withdraw_for(session, actor, actor.person_id, purpose)


def withdraw_for(session: Session, actor: Actor, person_id: UUID, purpose: Purpose) -> None:
    """The no of somebody whom the caller may speak for; also to what was never asked in words."""
    _stop(session, actor, person_id, purpose)
    session.flush()
    live = saying.standing_yes(session, person_id, purpose)
    if live is not None:
        saying.end(session, actor, live)
    elif not refuses(session, person_id, purpose):
        moment = now(session)
        live = Consent(
            id=uuid7(), municipality_id=people.home(session, person_id).municipality_id, person_id=person_id,
            purpose=purpose, version=texts.version(purpose), way=ConsentWay.SITE, recorded_by_id=actor.hand,
            given_at=None, withdrawn_at=moment, withdrawn_by_id=actor.hand,
        )  # fmt: skip
        session.add(live)
        session.flush()
    if live is not None:
        note(session, actor, Act.CONSENT_WITHDRAWN, subject=person_id, municipality_id=live.municipality_id,
             entity="consent", entity_id=live.id)  # fmt: skip


def _stop(session: Session, actor: Actor, person_id: UUID, purpose: Purpose) -> None:
    """What follows from a no."""
    if purpose is Purpose.PROPOSALS:
        _pause_offers(session, actor, person_id)
    elif purpose is Purpose.YOUNG_HELPER:
        session.execute(text("SELECT pause_child()"))  # a parent sees no offers of their child
    elif purpose is Purpose.ACROSS_BORDERS:
        offers = _offers(session, person_id, OfferStatus.OPEN, OfferStatus.PAUSED)
        rows: list[HelpOffer | HelpRequest] = [*offers, *_requests(session, person_id)]
        for row in rows:
            row.cross_border = False
    elif purpose is Purpose.SENSITIVE:
        _pause(actor, _requests(session, person_id, sensitive=True))
    elif purpose is Purpose.YOUNG_ASKER:
        _pause(actor, _requests(session, person_id))
    else:
        found(session.get(Person, person_id)).do_not_ask = True


def _pause_offers(session: Session, actor: Actor, person_id: UUID) -> None:
    for offer in _offers(session, person_id, OfferStatus.OPEN):
        offer.is_public = False
        offer.step(OfferStatus.PAUSED, actor.person_id, WITHDRAWN)
    _decline_waiting(session, actor)


def _pause(actor: Actor, help_requests: list[HelpRequest]) -> None:
    for help_request in help_requests:
        if help_request.status is RequestStatus.OPEN:
            help_request.is_public = False
            help_request.step(RequestStatus.PAUSED, actor.person_id, WITHDRAWN)


def _offers(session: Session, person_id: UUID, *states: OfferStatus) -> list[HelpOffer]:
    # unscoped: goes with whom the caller may speak for, and row-level security stands behind it
    query = select(HelpOffer).where(HelpOffer.person_id == person_id, HelpOffer.status.in_(states))
    return list(session.scalars(query.order_by(HelpOffer.id).with_for_update()))


def _requests(session: Session, person_id: UUID, *, sensitive: bool = False) -> list[HelpRequest]:
    live = (RequestStatus.SUBMITTED, RequestStatus.OPEN, RequestStatus.PAUSED)
    # unscoped: goes with whom the caller may speak for, and row-level security stands behind it
    query = select(HelpRequest).where(HelpRequest.person_id == person_id, HelpRequest.status.in_(live))
    if sensitive:
        query = query.where(func.is_sensitive(HelpRequest.category_number, HelpRequest.skills))
    return list(session.scalars(query.order_by(HelpRequest.id).with_for_update()))


def _decline_waiting(session: Session, actor: Actor) -> None:
    """Proposals that wait for an answer are answered with a neutral no."""
    waiting = (ProposalStatus.PROPOSED, ProposalStatus.WILLING, ProposalStatus.MEETING)
    # unscoped: one's own: what one was proposed for oneself
    query = select(Proposal.id).where(Proposal.helper_id == actor.person_id, Proposal.status.in_(waiting))
    for proposal_id in session.scalars(query.order_by(Proposal.id)).all():
        answer.decline(session, actor, proposal_id, WITHDRAWN)
