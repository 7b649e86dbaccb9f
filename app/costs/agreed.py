"""What helper and asker agree about costs: one proposes, the other says yes or no."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.access.actor import Actor
from app.access.policy import found, locked, visible
from app.access.roles import Permission
from app.agreements import occur
from app.agreements.models import Agreement, Status
from app.clock import now, today
from app.costs.errors import AgreedAlready, NoBudget
from app.costs.models import AgreedCost, AgreedStatus, CostKind, PaidCost, Payer
from app.costs.rules import rate_on
from app.costs.schemas import NewCost
from app.errors import Conflict, Forbidden, NotFound
from app.ids import uuid7
from app.notifications.service import tell
from app.welfare.models import PlanStatus, WelfarePlan

LIVE = (AgreedStatus.PROPOSED, AgreedStatus.AGREED)


def of_agreement(session: Session, actor: Actor, agreement_id: UUID) -> tuple[Agreement, list[AgreedCost]]:
    """An agreement of one's own with its costs, or one that the desk sees; NotFound for anybody else."""
    agreement = occur.get(session, actor, agreement_id)
    seen = visible(actor, Permission.SEE_AGREEMENTS, AgreedCost)
    query = (
        select(AgreedCost)
        .where(AgreedCost.agreement_id == agreement_id, seen)
        .options(selectinload(AgreedCost.paid).joinedload(PaidCost.occurrence))
        .order_by(AgreedCost.created_at)
        .execution_options(populate_existing=True)
    )
    return agreement, list(session.scalars(query))


def propose(session: Session, actor: Actor, agreement_id: UUID, new: NewCost) -> AgreedCost:
    """One of the two proposes. Raises AgreedAlready, NoBudget, Conflict once the agreement is over."""
    agreement = _own(session, actor, agreement_id)
    if agreement.status is not Status.ACTIVE:
        raise Conflict
    _none_live(session, agreement_id, new.kind)
    if new.payer is Payer.WELFARE and actor.person_id == agreement.asker_id:
        budget_plan(session, agreement.asker_id)
    most = new.most_cents or found(new.most_km) * rate_on(session, today(session)).cents_per_km
    cost = AgreedCost(
        id=uuid7(),
        municipality_id=agreement.municipality_id,
        helper_municipality_id=agreement.helper_municipality_id,
        agreement_id=agreement.id,
        asker_id=agreement.asker_id,
        helper_id=agreement.helper_id,
        kind=new.kind,
        payer=new.payer,
        most_km=new.most_km,
        most_cents=most,
        proposed_by_id=actor.person_id,
    )
    session.add(cost)
    session.flush()
    cost.tell("", actor.person_id)
    _tell(session, actor, agreement, cost, "costs-proposed")
    return cost


def _own(session: Session, actor: Actor, agreement_id: UUID) -> Agreement:
    agreement = occur.get(session, actor, agreement_id)
    if actor.person_id not in agreement.parties():
        raise NotFound
    return agreement


def _none_live(session: Session, agreement_id: UUID, kind: CostKind) -> None:
    # unscoped: one's own: of an agreement of one's own
    live = select(AgreedCost.id).where(
        AgreedCost.agreement_id == agreement_id, AgreedCost.kind == kind, AgreedCost.status.in_(LIVE)
    )
    if session.scalars(live).first() is not None:
        raise AgreedAlready


def budget_plan(session: Session, asker_id: UUID) -> WelfarePlan:
    """The asker's running plan, locked; raises NoBudget."""
    # unscoped: row-level security lets the asker and the desk see it
    running = select(WelfarePlan).where(
        WelfarePlan.person_id == asker_id, WelfarePlan.status == PlanStatus.ACTIVE
    )
    plan = session.scalars(locked(running)).one_or_none()
    if plan is None:
        raise NoBudget
    return plan


def get_locked(session: Session, actor: Actor, id: UUID) -> AgreedCost:
    """A cost that one is party to, locked; NotFound for anybody else, the desk included."""
    own = select(AgreedCost).where(AgreedCost.id == id, AgreedCost.has_party(actor.person_id))
    with_agreement = own.options(joinedload(AgreedCost.agreement).joinedload(Agreement.help_request))
    return found(session.scalars(with_agreement.with_for_update(of=AgreedCost)).one_or_none())


def answer(session: Session, actor: Actor, id: UUID, *, yes: bool) -> AgreedCost:
    """The other of the two says yes or no; raises Forbidden for who proposed it, NoBudget, NotAllowed."""
    cost = get_locked(session, actor, id)
    if cost.proposed_by_id == actor.person_id:
        raise Forbidden
    if yes and cost.payer is Payer.WELFARE and actor.person_id == cost.asker_id:
        budget_plan(session, cost.asker_id)
    cost.agreed_at = now(session) if yes else None
    cost.step(AgreedStatus.AGREED if yes else AgreedStatus.DECLINED, actor.person_id)
    session.flush()
    _tell(session, actor, cost.agreement, cost, "costs-agreed" if yes else "costs-declined")
    return cost


def stop(session: Session, actor: Actor, id: UUID) -> AgreedCost:
    """From now on no longer; what was written down stays. A proposal of one's own is taken back."""
    cost = get_locked(session, actor, id)
    if cost.status is AgreedStatus.PROPOSED:
        if cost.proposed_by_id != actor.person_id:
            raise Forbidden
        cost.step(AgreedStatus.DECLINED, actor.person_id)
    else:
        cost.step(AgreedStatus.STOPPED, actor.person_id)
    return cost


def _tell(session: Session, actor: Actor, agreement: Agreement, cost: AgreedCost, kind: str) -> None:
    for person_id, municipality_id in agreement.sides():
        if person_id != actor.person_id:
            tell(session, person_id, municipality_id, kind, agreement.id,
                 turn=turn_of(cost.id), title=agreement.help_request.title)  # fmt: skip


def turn_of(id: UUID) -> int:
    """Tells notices about two costs of one agreement apart: a number that fits its column."""
    return id.int & 0x7FFF_FFFF
