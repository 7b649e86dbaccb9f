"""What one time really cost, and the helper's meter that counts it.

The helper may write it down, and it counts once the one who pays says that it is right; or the asker writes it
down at once. Nobody counts what they get themselves.
"""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.access.policy import found
from app.agreements.models import Occurrence, OccurrenceStatus
from app.clock import AMSTERDAM, now
from app.costs import agreed
from app.costs.errors import AboveAgreed, AboveAllowance, WrittenAlready
from app.costs.models import AgreedCost, AgreedStatus, CostKind, PaidCost, PaidStatus, Payer
from app.costs.rules import rate_on
from app.costs.schemas import WhatItCost
from app.errors import Conflict, Forbidden, Invalid
from app.ids import uuid7
from app.notifications.service import tell, tell_brokers
from app.people.models import Person
from app.welfare import spending
from app.welfare.schemas import NewSpending
from rewards import allowance, errors
from rewards.allowance import AllowanceKind
from rewards.types import AllowanceId

METERS = {
    CostKind.KILOMETRES: AllowanceKind.DRIVING,
    CostKind.PARKING: AllowanceKind.DRIVING,
    CostKind.MATERIALS: AllowanceKind.VOLUNTEER,
}
"""Which ceiling a cost counts for: drivers have one of their own."""
NEVER = (OccurrenceStatus.CANCELLED, OccurrenceStatus.NO_SHOW)
LIVE = (PaidStatus.REPORTED, PaidStatus.PAID)


def write_down(session: Session, actor: Actor, what: WhatItCost) -> PaidCost:
    """What one time cost, at most what was agreed. By the asker it counts at once, by the helper after a yes.

    Raises AboveAgreed, AboveAllowance, WrittenAlready, Invalid, NotFound.
    """
    cost = agreed.get_locked(session, actor, what.agreed_cost_id)
    if cost.status is not AgreedStatus.AGREED:
        raise Conflict
    occurrence = _time(session, cost, what.occurrence_id)
    cents = _cents(session, cost, what, _day(occurrence))
    _none_live(session, cost, occurrence)
    row = PaidCost(
        id=uuid7(),
        municipality_id=cost.municipality_id,
        helper_municipality_id=cost.helper_municipality_id,
        agreed_cost_id=cost.id,
        occurrence_id=occurrence.id,
        asker_id=cost.asker_id,
        helper_id=cost.helper_id,
        km=what.km,
        cents=cents,
    )
    session.add(row)
    session.flush()
    row.tell("", actor.person_id)
    if actor.person_id == cost.helper_id:
        _tell(session, cost, row, cost.asker_id, "costs-reported")
        return row
    return _count(session, actor, cost, row, _day(occurrence))


def _time(session: Session, cost: AgreedCost, occurrence_id: UUID) -> Occurrence:
    """A time of this agreement that began since the costs were agreed, and was not called off."""
    # unscoped: one's own: of an agreement of one's own
    query = select(Occurrence).where(
        Occurrence.id == occurrence_id, Occurrence.agreement_id == cost.agreement_id
    )
    occurrence = found(session.scalars(query).one_or_none())
    if occurrence.status in NEVER or occurrence.starts_at > now(session):
        raise Invalid(details={"keer": "not-been"})
    if not is_since(cost, occurrence):
        raise Invalid(details={"keer": "before-agreed"})
    return occurrence


def is_since(cost: AgreedCost, occurrence: Occurrence) -> bool:
    """Whether a time began after its costs were agreed."""
    return cost.agreed_at is not None and occurrence.starts_at >= cost.agreed_at


def _day(occurrence: Occurrence) -> date:
    return occurrence.starts_at.astimezone(AMSTERDAM).date()


def _cents(session: Session, cost: AgreedCost, what: WhatItCost, day: date) -> int:
    if cost.kind is CostKind.KILOMETRES:
        if what.km is None or what.cents is not None:
            raise Invalid(details={"kilometers": "missing"})
        if what.km > (cost.most_km or 0):
            raise AboveAgreed
        return what.km * rate_on(session, day).cents_per_km
    if what.cents is None or what.km is not None:
        raise Invalid(details={"bedrag": "missing"})
    if what.cents > cost.most_cents:
        raise AboveAgreed
    return what.cents


def _none_live(session: Session, cost: AgreedCost, occurrence: Occurrence) -> None:
    # unscoped: one's own: of an agreement of one's own; the cost is locked
    live = select(PaidCost.id).where(
        PaidCost.agreed_cost_id == cost.id,
        PaidCost.occurrence_id == occurrence.id,
        PaidCost.status.in_(LIVE),
    )
    if session.scalars(live).first() is not None:
        raise WrittenAlready


def answer(session: Session, actor: Actor, id: UUID, *, yes: bool) -> PaidCost:
    """The asker says that what the helper wrote down is right, or not. Raises AboveAllowance, Forbidden."""
    row, cost = get_locked(session, actor, id)
    if actor.person_id != row.asker_id:
        raise Forbidden
    if not yes:
        row.step(PaidStatus.REFUSED, actor.person_id)
        _tell(session, cost, row, row.helper_id, "costs-refused")
        return row
    return _count(session, actor, cost, row, _day(row.occurrence))


def get_locked(session: Session, actor: Actor, id: UUID) -> tuple[PaidCost, AgreedCost]:
    """What one time cost, under its locked agreement about it; NotFound for who is no party."""
    own = select(PaidCost).where(PaidCost.id == id, PaidCost.has_party(actor.person_id))
    row = found(session.scalars(own).one_or_none())
    cost = agreed.get_locked(session, actor, row.agreed_cost_id)
    again = own.options(joinedload(PaidCost.occurrence)).with_for_update(of=PaidCost)
    return session.scalars(again.execution_options(populate_existing=True)).one(), cost


def _count(session: Session, actor: Actor, cost: AgreedCost, row: PaidCost, day: date) -> PaidCost:
    row.transitions.next(row.status, PaidStatus.PAID)
    asker, helper = (found(session.get(Person, id)) for id in (row.asker_id, row.helper_id))
    kind, connection = METERS[cost.kind], session.connection()
    try:
        with connection.begin_nested():
            noted = allowance.note(
                connection,
                key=f"cost:{row.id}",
                actor=asker.pseudonym,
                municipality_id=row.helper_municipality_id,
                person=helper.pseudonym,
                kind=kind,
                day=day,
                cents=row.cents,
                subject=row.occurrence_id,
            )
    except errors.AllowanceExceeded as refusal:
        raise AboveAllowance from refusal
    with session.no_autoflush:
        row.allowance_id, row.confirmed_by_id = int(noted.allowance), actor.person_id
        row.step(PaidStatus.PAID, actor.person_id)
    session.flush()
    if cost.payer is Payer.WELFARE:
        _from_budget(session, actor, cost, row)
    _tell(session, cost, row, row.helper_id, "costs-paid")
    if noted.standing.warns:
        _warn(session, row, kind, day)
    return row


def _from_budget(session: Session, actor: Actor, cost: AgreedCost, row: PaidCost) -> None:
    """The asker's budget pays: a spending that the desk approves and pays to the helper."""
    plan = agreed.budget_plan(session, row.asker_id)
    asked = NewSpending.model_validate({"wat": cost.agreement.help_request.title, "bedrag": row.cents})
    row.spending_id = spending.ask(session, actor, plan.id, asked).id
    session.flush()


def _warn(session: Session, row: PaidCost, kind: AllowanceKind, day: date) -> None:
    """The makelaars of the helper's municipality hear it once a year for each helper and kind of meter."""
    turn = day.year * 10 + list(AllowanceKind).index(kind)
    tell_brokers(session, row.helper_municipality_id, "allowance-near", row.helper_id, turn=turn)


def withdraw(session: Session, actor: Actor, id: UUID) -> PaidCost:
    """Written down wrongly: whoever wrote or confirmed it takes it back, and the meter goes down with it.

    What a welfare budget pays is withdrawn at the desk. Raises Forbidden, NotAllowed, Conflict.
    """
    row, _ = get_locked(session, actor, id)
    if actor.person_id != (row.confirmed_by_id or row.helper_id):
        raise Forbidden
    if row.spending_id is not None:
        raise Conflict
    row.transitions.next(row.status, PaidStatus.WITHDRAWN)
    if row.allowance_id is not None:
        asker = found(session.get(Person, row.asker_id))
        connection = session.connection()
        with connection.begin_nested():
            allowance.withdraw(
                connection,
                key=f"cost:{row.id}:back",
                actor=asker.pseudonym,
                allowance=AllowanceId(row.allowance_id),
            )
    row.step(PaidStatus.WITHDRAWN, actor.person_id)
    return row


def _tell(session: Session, cost: AgreedCost, row: PaidCost, person_id: UUID, kind: str) -> None:
    municipality = row.helper_municipality_id if person_id == row.helper_id else row.municipality_id
    tell(session, person_id, municipality, kind, cost.agreement_id,
         turn=agreed.turn_of(row.id), title=cost.agreement.help_request.title)  # fmt: skip
