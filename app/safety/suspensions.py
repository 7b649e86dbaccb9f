"""Suspension: somebody may not ask or offer for now. A person of the desk decides it, and another one an appeal."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.access.policy import found, locked, require
from app.access.roles import Permission
from app.activities import joining
from app.agreements import occur
from app.agreements.models import Agreement, Status as AgreementStatus
from app.audit import write as audit
from app.clock import now, today
from app.errors import Conflict, Forbidden, Invalid
from app.help_offers.models import HelpOffer, Status as OfferStatus
from app.help_requests.models import HelpRequest, Status as RequestStatus
from app.ids import uuid7
from app.jobs.queue import defer
from app.matches import meeting
from app.matches.models import Proposal
from app.moderation import people
from app.notifications.service import tell
from app.people.service import home
from app.places.working_days import add_working_days
from app.pots.notes import refuse_own
from app.safety import reports
from app.safety.blocks import OPEN, let_go
from app.safety.models import Suspension, SuspensionAppeal
from app.safety.schemas import AppealDecision, Lifting, NewAppeal, NewSuspension
from app.safety.words import APPEAL_DAYS, Standing, SuspensionStatus

LONGEST: Final = timedelta(days=183)
"""Within half a year the desk looks again; it can be lifted on any day."""
OFF: Final = "Deze activiteit gaat niet door."
"""What who would come reads: nothing of why."""


class SuspendedBefore(Conflict):
    """A colleague did it already."""

    code = "suspended-before"


class OwnDecision(Forbidden):
    """Whoever suspended somebody does not decide on the appeal: another does."""

    code = "own-decision"


class AppealedBefore(Conflict):
    """An appeal is being looked at, or there is nothing to appeal against any more."""

    code = "appealed-before"


def suspend(session: Session, actor: Actor, person_id: UUID, new: NewSuspension) -> Suspension:
    """From this moment: no matches, no proposals, no agreements; a job handles what was open.

    Raises SuspendedBefore, OwnInterest, NotFound for who does not live in reach, Invalid for a day too far.
    """
    people.get(session, actor, person_id)
    municipality_id = home(session, person_id).municipality_id
    require(actor, Permission.SUSPEND_PERSON, municipality_id)
    refuse_own(session, actor, person_id)
    day = today(session)
    if not day < new.review_on <= day + LONGEST:
        raise Invalid(details={"kijkWeerOp": "within-half-a-year"})
    if new.report_id is not None:
        reports.get_locked(session, actor, new.report_id)
    meeting.hold(session, person_id, person_id)
    row = _stand(session, Suspension(
        id=uuid7(), municipality_id=municipality_id, person_id=person_id, why=new.why, told=new.told,
        agreements=new.agreements, report_id=new.report_id, by_id=actor.person_id, review_on=new.review_on,
    ))  # fmt: skip
    row.tell("", actor.person_id)
    tell(session, person_id, municipality_id, "suspended", row.id)
    defer(session, "safety.suspended", suspension_id=str(row.id))
    session.flush()
    return row


def _stand(session: Session, row: Suspension) -> Suspension:
    """Raises SuspendedBefore where another stands."""
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError as twice:
        raise SuspendedBefore from twice
    return row


def handle_open(session: Session, actor: Actor, suspension_id: UUID) -> None:
    """What was open when somebody was suspended: proposals end, requests and offers pause, what they host stops, and so
    do agreements unless the desk said otherwise. Askers and helpers read neutral words. The worker's reach is every
    municipality."""
    # unscoped: the worker's reach is every municipality
    row = session.scalars(select(Suspension).where(Suspension.id == suspension_id)).one_or_none()
    if row is None or row.status is not SuspensionStatus.ACTIVE:
        return
    if row.agreements is Standing.STOP:
        _stop_agreements(session, actor, row.person_id)
    _pause_requests(session, row.person_id)
    _let_go(session, row.person_id)
    _pause_offers(session, row.person_id)
    joining.stop_hosted_by(session, actor, row.person_id, OFF)
    session.flush()


def _stop_agreements(session: Session, actor: Actor, person_id: UUID) -> None:
    # unscoped: the worker's reach is every municipality
    live = select(Agreement.id).where(
        or_(Agreement.asker_id == person_id, Agreement.helper_id == person_id),
        Agreement.status == AgreementStatus.ACTIVE,
    )
    for id in session.scalars(live.order_by(Agreement.help_request_id, Agreement.id)).all():
        occur.end(session, actor, id)


def _pause_requests(session: Session, person_id: UUID) -> None:
    # unscoped: the worker's reach is every municipality
    open_ = select(HelpRequest).where(
        HelpRequest.person_id == person_id, HelpRequest.status == RequestStatus.OPEN
    )
    for row in session.scalars(locked(open_.order_by(HelpRequest.id))):
        row.is_public = False
        row.step(RequestStatus.PAUSED, None)
    session.flush()


def _let_go(session: Session, person_id: UUID) -> None:
    # unscoped: the worker's reach is every municipality
    live = select(Proposal).where(
        or_(Proposal.asker_id == person_id, Proposal.helper_id == person_id), Proposal.status.in_(OPEN)
    )
    live = live.options(joinedload(Proposal.help_request)).order_by(Proposal.id)
    for proposal in session.scalars(live.with_for_update(of=Proposal)):
        let_go(session, proposal)


def _pause_offers(session: Session, person_id: UUID) -> None:
    # unscoped: the worker's reach is every municipality
    open_ = select(HelpOffer).where(HelpOffer.person_id == person_id, HelpOffer.status == OfferStatus.OPEN)
    for row in session.scalars(locked(open_.order_by(HelpOffer.id))):
        row.is_public = False
        row.step(OfferStatus.PAUSED, None)


def selection(actor: Actor) -> Select[Suspension]:
    """Suspensions of the municipalities in reach; not one's own, nor of who lives with one."""
    # unscoped: the permission was asked, by its reach
    return (
        select(Suspension)
        .where(
            Suspension.municipality_id.in_(actor.reach(Permission.SUSPEND_PERSON)),
            ~func.one_house(Suspension.person_id, actor.person_id),
        )
        .options(joinedload(Suspension.person), joinedload(Suspension.by))
    )


def standing_of(session: Session, actor: Actor, person_id: UUID) -> Suspension | None:
    """The suspension of one of the desk's people that stands now."""
    query = selection(actor).where(
        Suspension.person_id == person_id, Suspension.status == SuspensionStatus.ACTIVE
    )
    return session.scalars(query).one_or_none()


def standing(session: Session, actor: Actor, municipality_id: int) -> list[Suspension]:
    """All that stand in a municipality, by the day on which the desk looks again."""
    require(actor, Permission.SUSPEND_PERSON, municipality_id)
    query = selection(actor).where(
        Suspension.municipality_id == municipality_id, Suspension.status == SuspensionStatus.ACTIVE
    )
    return list(session.scalars(query.order_by(Suspension.review_on, Suspension.id)))


def lift(session: Session, actor: Actor, id: UUID, said: Lifting) -> Suspension:
    """They may take part again: what was paused is theirs to open. Raises NotAllowed when it was lifted before."""
    row = _held(session, actor, id)
    _lift(session, actor, row, said.words)
    return row


def _held(session: Session, actor: Actor, id: UUID) -> Suspension:
    # unscoped: the permission was asked, by its reach
    query = select(Suspension).where(
        Suspension.id == id,
        Suspension.municipality_id.in_(actor.reach(Permission.SUSPEND_PERSON)),
        ~func.one_house(Suspension.person_id, actor.person_id),
    )
    return found(session.scalars(locked(query)).one_or_none())


def _lift(session: Session, actor: Actor, row: Suspension, words: str) -> None:
    with session.no_autoflush:
        row.step(SuspensionStatus.LIFTED, actor.person_id)
        row.lifted_at, row.lifted_by_id, row.lifted_words = now(session), actor.person_id, words
    session.flush()
    tell(session, row.person_id, row.municipality_id, "suspension-lifted", row.id)


def mine(session: Session, actor: Actor) -> Suspension | None:
    """One's own suspension, if one stands."""
    own = select(Suspension).where(
        Suspension.owned_by(actor.person_id), Suspension.status == SuspensionStatus.ACTIVE
    )
    return session.scalars(own).one_or_none()


def my_appeals(session: Session, actor: Actor, suspension_id: UUID) -> list[SuspensionAppeal]:
    """What one said against it, and the answers, the newest first."""
    own = select(SuspensionAppeal).where(
        SuspensionAppeal.owned_by(actor.person_id), SuspensionAppeal.suspension_id == suspension_id
    )
    return list(session.scalars(own.order_by(SuspensionAppeal.at.desc())))


def appeal(session: Session, actor: Actor, new: NewAppeal) -> SuspensionAppeal:
    """Say that one does not agree; somebody else than who suspended one looks. Raises AppealedBefore, NotFound."""
    row = found(mine(session, actor))
    moment = now(session)
    asked = SuspensionAppeal(
        id=uuid7(),
        municipality_id=row.municipality_id,
        suspension_id=row.id,
        person_id=actor.person_id,
        words=new.words,
        at=moment,
        due_at=add_working_days(moment, APPEAL_DAYS),
    )
    try:
        with session.begin_nested():
            session.add(asked)
            session.flush()
    except IntegrityError as twice:
        raise AppealedBefore from twice
    for person_id in reports.staff(session, row.municipality_id, row.person_id):
        if person_id != row.by_id:
            tell(session, person_id, row.municipality_id, "suspension-appealed", asked.id)
    return asked


def appeals(session: Session, actor: Actor, municipality_id: int) -> list[SuspensionAppeal]:
    """What waits for an answer at a desk, the oldest promise first; whose words were shown is written down."""
    require(actor, Permission.SUSPEND_PERSON, municipality_id)
    # unscoped: the permission was asked for this municipality
    query = (
        select(SuspensionAppeal)
        .where(
            SuspensionAppeal.municipality_id == municipality_id,
            SuspensionAppeal.decided_at.is_(None),
            ~func.one_house(SuspensionAppeal.person_id, actor.person_id),
        )
        .options(
            joinedload(SuspensionAppeal.person),
            joinedload(SuspensionAppeal.suspension).joinedload(Suspension.by),
        )
    )
    rows = list(session.scalars(query.order_by(SuspensionAppeal.due_at, SuspensionAppeal.id)))
    if rows:
        audit.note_each(session, actor, audit.Act.APPEAL, {row.person_id: municipality_id for row in rows})
    return rows


def decide(session: Session, actor: Actor, id: UUID, said: AppealDecision) -> SuspensionAppeal:
    """Somebody else decides; granted, the suspension is lifted. Raises OwnDecision, AppealedBefore."""
    # unscoped: the permission was asked, by its reach
    query = select(SuspensionAppeal).where(
        SuspensionAppeal.id == id,
        SuspensionAppeal.municipality_id.in_(actor.reach(Permission.SUSPEND_PERSON)),
    )
    suspension_id = found(session.scalars(query).one_or_none()).suspension_id
    row = _held(session, actor, suspension_id)
    asked = session.scalars(locked(query)).one()
    if row.by_id == actor.person_id:
        raise OwnDecision
    if asked.decided_at is not None or row.status is not SuspensionStatus.ACTIVE:
        raise AppealedBefore
    asked.decided_at, asked.decided_by_id = now(session), actor.person_id
    asked.granted, asked.answer = said.granted, said.answer
    session.flush()
    if said.granted:
        _lift(session, actor, row, said.answer)
    else:
        tell(session, row.person_id, row.municipality_id, "appeal-answered", asked.id)
    return asked


def due(session: Session) -> int:
    """Suspensions whose day to look again has come: the desks are told, once. Nothing is lifted by a machine."""
    # unscoped: the worker's reach is every municipality
    query = select(Suspension).where(
        Suspension.status == SuspensionStatus.ACTIVE, Suspension.review_on <= today(session)
    )
    rows = list(session.scalars(query))
    for row in rows:
        for person_id in reports.staff(session, row.municipality_id, row.person_id):
            tell(session, person_id, row.municipality_id, "suspension-review", row.id)
    return len(rows)
