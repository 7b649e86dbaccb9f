"""What stands open of somebody: what ends when they are forgotten, and what first asks for a word."""

from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, joinedload

import rewards
from app.access.actor import Actor
from app.access.models import RoleGrant
from app.activities.models import Activity, Status as ActivityStatus
from app.agreements.models import Agreement, Occurrence, OccurrenceStatus, Status as AgreementStatus
from app.clock import now
from app.help_offers.models import HelpOffer, Status as OfferStatus
from app.help_requests.models import HelpRequest, Status as RequestStatus
from app.people.models import Person
from app.representations.models import Representation, RepresentationStatus
from app.rings.models import LIVE as LIVE_RINGS, Ring, RingStatus
from app.welfare.models import PlanStatus, WelfarePlan
from rewards.types import AccountStatus, Unit

M = TypeVar("M", HelpRequest, HelpOffer, WelfarePlan)
LIVE_REQUESTS = (RequestStatus.DRAFT, RequestStatus.SUBMITTED, RequestStatus.OPEN, RequestStatus.FILLED,
                 RequestStatus.PAUSED, RequestStatus.EXPIRED, RequestStatus.REFERRED)  # fmt: skip
LIVE_ACTIVITIES = (ActivityStatus.SUBMITTED, ActivityStatus.OPEN)
LIVE_OFFERS = (OfferStatus.DRAFT, OfferStatus.OPEN, OfferStatus.PAUSED)
BEGUN = (OccurrenceStatus.HELPED, OccurrenceStatus.RECEIVED, OccurrenceStatus.DISPUTED)
AHEAD = (OccurrenceStatus.PLANNED, OccurrenceStatus.AGREED)


@dataclass(slots=True)
class Open:
    """What stands open. The first lists end by themselves; the last three must be settled before."""

    agreements: list[Agreement] = field(default_factory=list)
    requests: list[HelpRequest] = field(default_factory=list)
    offers: list[HelpOffer] = field(default_factory=list)
    activities: list[Activity] = field(default_factory=list)
    """What they host, for others to come to."""
    representations: list[Representation] = field(default_factory=list)
    rings: list[Ring] = field(default_factory=list)
    accounts: list[rewards.Account] = field(default_factory=list)
    balance_minutes: int = 0
    plans_asked: list[WelfarePlan] = field(default_factory=list)
    """Asked and not granted: these are withdrawn."""
    to_confirm: list[Occurrence] = field(default_factory=list)
    """Help of which one of the two has yet to say that it happened."""
    plans_granted: list[WelfarePlan] = field(default_factory=list)
    """Public money that is still being spent or accounted for."""
    roles: list[RoleGrant] = field(default_factory=list)

    @property
    def held_minutes(self) -> int:
        """Roosjes that are set aside for what is agreed, and come free."""
        return sum(account.balance.held_out for account in self.accounts)

    @property
    def blocked(self) -> bool:
        """Whether something has to be settled first."""
        return bool(self.to_confirm or self.plans_granted or self.roles)


def of(session: Session, actor: Actor) -> Open:
    """What stands open of the actor."""
    me = actor.person_id
    accounts = [
        account for account in rewards.accounts(session.connection(), _pseudonym(session, me))
        if account.unit is Unit.ROOSJE_MIN and account.status is not AccountStatus.CLOSED
    ]  # fmt: skip
    # unscoped: one's own, all of it
    return Open(
        agreements=list(session.scalars(
            select(Agreement).where(Agreement.has_party(me), Agreement.status == AgreementStatus.ACTIVE)
            .options(joinedload(Agreement.asker), joinedload(Agreement.helper), joinedload(Agreement.help_request))
            .order_by(Agreement.created_at)
        )),
        requests=_own(session, HelpRequest, HelpRequest.status.in_(LIVE_REQUESTS), me),
        offers=_own(session, HelpOffer, HelpOffer.status.in_(LIVE_OFFERS), me),
        activities=list(session.scalars(
            select(Activity).where(Activity.owned_by(me), Activity.status.in_(LIVE_ACTIVITIES))
        )),
        representations=list(session.scalars(  # unscoped: one's own
            select(Representation).where(
                or_(Representation.owned_by(me), Representation.has_party(me)),
                Representation.status.in_([RepresentationStatus.ASKED, RepresentationStatus.ACTIVE]),
            ).options(joinedload(Representation.representative), joinedload(Representation.represented))
        )),
        rings=list(session.scalars(select(Ring).where(Ring.has_party(me), Ring.status.in_(LIVE_RINGS)))),
        accounts=accounts,
        balance_minutes=sum(account.balance.posted for account in accounts),
        plans_asked=_own(session, WelfarePlan, WelfarePlan.status.in_([PlanStatus.ASKED, PlanStatus.PROPOSED]), me),
        to_confirm=list(session.scalars(
            select(Occurrence).where(Occurrence.has_party(me), or_(
                Occurrence.status.in_(BEGUN),
                Occurrence.status.in_(AHEAD) & (Occurrence.starts_at <= now(session)),
            )).order_by(Occurrence.starts_at)
        )),
        plans_granted=_own(session, WelfarePlan, WelfarePlan.status.in_([PlanStatus.ACTIVE, PlanStatus.ENDED]), me),
        roles=list(session.scalars(select(RoleGrant).where(RoleGrant.person_id == me))),  # unscoped: one's own
    )  # fmt: skip


def _own(session: Session, model: type[M], condition: ColumnElement[bool], person_id: UUID) -> list[M]:
    # unscoped: one's own
    query = select(model).where(model.person_id == person_id, condition)
    return list(session.scalars(query.order_by(model.id)))


def _pseudonym(session: Session, person_id: UUID) -> UUID:
    person = session.get(Person, person_id)
    assert person is not None  # whoever acts is there
    return person.pseudonym


def rings_that_go_ahead(open_things: Open) -> bool:
    """Whether a ring is being carried out at this very moment."""
    return any(ring.status is not RingStatus.PROPOSED for ring in open_things.rings)
