"""The lines of a plan side by side, from own doing to professionals; more and less of them; decisions; moments."""

from datetime import date, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import found, locked, visible
from app.access.roles import Permission
from app.clock import now, today
from app.errors import Conflict, Invalid
from app.help_requests.models import HelpRequest
from app.households.models import (
    About,
    Plan,
    PlanDecision,
    PlanLine,
    PlanMoment,
    PlanPerson,
    PlanStatus,
)
from app.households.schemas import LineChange, MomentHeld, NewDecision, NewLine, NewMoment, Reassessment
from app.households.service import Bridged, held, look_again, tell_members
from app.ids import uuid7
from app.places.working_days import add_working_days

FARTHEST: Final = timedelta(days=20 * 366)
YEAR: Final = timedelta(days=365)


class Over(Conflict):
    """This line, or this moment, is past."""

    code = "line-over"


class NotReassessed(Conflict):
    """Nobody is looking whether the plan should change."""

    code = "not-reassessed"


def add(session: Session, actor: Actor, id: UUID, new: NewLine) -> PlanLine:
    """One more thing in the plan. Raises Invalid for an end before its start, or what does not belong to the plan."""
    plan = held(session, actor, id)
    _check(session, actor, plan, new)
    row = PlanLine(
        id=uuid7(), municipality_id=plan.municipality_id, plan_id=plan.id, source=new.source, what=new.what,
        who=new.who or "", help_request_id=new.help_request_id, collective=new.collective, organised=new.organised,
        respite=new.carer_id is not None, carer_id=new.carer_id, minutes_per_week=new.minutes_per_week,
        starts_on=new.starts_on, ends_on=new.ends_on, made_by_id=actor.person_id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def _check(session: Session, actor: Actor, plan: Plan, new: NewLine) -> None:
    wrong: dict[str, str] = {}
    if new.ends_on is not None and new.ends_on < new.starts_on:
        wrong["totEnMet"] = "before-start"
    if new.starts_on > today(session) + FARTHEST:
        wrong["vanaf"] = "too-far"
    members = _members(session, actor, plan.id)
    if new.carer_id is not None and new.carer_id not in members:
        wrong["voorMantelzorger"] = "choose"
    if new.help_request_id is not None and not _asked_within(session, actor, new.help_request_id, members):
        wrong["hulpvraag"] = "choose"
    if wrong:
        raise Invalid(details=wrong)


def _members(session: Session, actor: Actor, plan_id: UUID) -> list[UUID]:
    query = select(PlanPerson.person_id).where(
        visible(actor, Permission.MODERATE_REQUEST, PlanPerson),
        PlanPerson.plan_id == plan_id,
        PlanPerson.left_on.is_(None),
    )
    return list(session.scalars(query))


def _asked_within(session: Session, actor: Actor, help_request_id: UUID, members: list[UUID]) -> bool:
    query = select(HelpRequest.id).where(
        visible(actor, Permission.MODERATE_REQUEST, HelpRequest),
        HelpRequest.id == help_request_id,
        HelpRequest.person_id.in_(members),
    )
    return session.scalars(query).one_or_none() is not None


def change(session: Session, actor: Actor, id: UUID, line_id: UUID, wanted: LineChange) -> PlanLine:
    """From a day on more or less of it, planned ahead; without minutes it ends the day before.

    Raises Bridged for less while somebody looks whether the plan should change, Over, Invalid.
    """
    plan = held(session, actor, id)
    query = select(PlanLine).where(
        visible(actor, Permission.MODERATE_REQUEST, PlanLine), PlanLine.id == line_id, PlanLine.plan_id == id
    )
    line = found(session.scalars(locked(query)).one_or_none())
    if line.ends_on is not None and line.ends_on < today(session):
        raise Over
    less = wanted.minutes_per_week is None or wanted.minutes_per_week < (line.minutes_per_week or 0)
    if plan.status is PlanStatus.REASSESSED and less:
        raise Bridged
    if wanted.from_on <= line.starts_on or wanted.from_on < today(session):
        raise Invalid(details={"vanaf": "after-start" if wanted.from_on <= line.starts_on else "past"})
    last, line.ends_on = line.ends_on, wanted.from_on - timedelta(days=1)
    session.flush()
    if wanted.minutes_per_week is None:
        return line
    return _next(session, actor, line, wanted, last)


def _next(session: Session, actor: Actor, line: PlanLine, wanted: LineChange, last: date | None) -> PlanLine:
    row = PlanLine(
        id=uuid7(), municipality_id=line.municipality_id, plan_id=line.plan_id, source=line.source,
        what=line.what, who=line.who, help_request_id=line.help_request_id, provision_id=line.provision_id,
        collective=line.collective, organised=line.organised, respite=line.respite, carer_id=line.carer_id,
        minutes_per_week=wanted.minutes_per_week, starts_on=wanted.from_on,
        ends_on=last if last is not None and last >= wanted.from_on else None, follows_id=line.id,
        made_by_id=actor.person_id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def reassess(session: Session, actor: Actor, id: UUID, asked: Reassessment) -> Plan:
    """Somebody looks whether the plan should change; what stands goes on until there is a decision."""
    plan = held(session, actor, id, asked.version)
    if plan.status is PlanStatus.REASSESSED:
        return plan
    plan.status, plan.reassessing_since = PlanStatus.REASSESSED, today(session)
    plan.promised_on = add_working_days(now(session), asked.working_days).date()
    session.flush()
    tell_members(session, actor, plan, "plan-reassessed")
    return plan


def decide(session: Session, actor: Actor, id: UUID, new: NewDecision) -> PlanDecision:
    """What was decided and why, told to the household in the same words. Raises NotReassessed, Stale."""
    plan = held(session, actor, id, new.version)
    if plan.status is not PlanStatus.REASSESSED:
        raise NotReassessed
    if new.from_on < today(session):
        raise Invalid(details={"ingangsdatum": "past"})  # nobody loses help with effect from before they knew
    row = PlanDecision(
        id=uuid7(), municipality_id=plan.municipality_id, plan_id=id, outcome=new.outcome, words=new.words,
        reasons=new.reasons, from_on=new.from_on, by_id=actor.person_id,
    )  # fmt: skip
    session.add(row)
    plan.status, plan.reassessing_since, plan.promised_on = PlanStatus.RUNS, None, None
    session.flush()
    tell_members(session, actor, plan, "plan-decided")
    return row


def look(session: Session, actor: Actor, id: UUID, new: NewMoment) -> PlanMoment:
    """Plan a moment to look again: at a turning point, or after a while."""
    plan = held(session, actor, id)
    day = today(session)
    if not day <= new.due_on <= day + FARTHEST:
        raise Invalid(details={"wanneer": "past" if new.due_on < day else "too-far"})
    return look_again(session, actor, plan, new.about, new.due_on)


def hold(session: Session, actor: Actor, id: UUID, moment_id: UUID, said: MomentHeld) -> PlanMoment:
    """Somebody looked, and this was said. The next look is in a year, unless one is planned. Nothing ends by it."""
    plan = held(session, actor, id)
    query = select(PlanMoment).where(
        visible(actor, Permission.MODERATE_REQUEST, PlanMoment),
        PlanMoment.id == moment_id,
        PlanMoment.plan_id == id,
    )
    row = found(session.scalars(locked(query)).one_or_none())
    if row.held_on is not None:
        raise Over
    row.held_on, row.face, row.words, row.by_id = today(session), said.face, said.words or "", actor.person_id
    session.flush()
    waiting = select(PlanMoment.id).where(
        visible(actor, Permission.MODERATE_REQUEST, PlanMoment),
        PlanMoment.plan_id == id,
        PlanMoment.held_on.is_(None),
        PlanMoment.about == About.CALENDAR,
    )
    if session.scalars(waiting.limit(1)).first() is None:
        look_again(session, actor, plan, About.CALENDAR, today(session) + YEAR)
    return row
