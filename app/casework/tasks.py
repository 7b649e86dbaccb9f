"""Tasks of a case, and what was promised to its asker: in working days, kept or late, and never silently."""

from datetime import datetime, time
from typing import Annotated, Final
from uuid import UUID

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.access.policy import found, locked, require, visible
from app.access.roles import Permission
from app.casework import colleagues
from app.casework.models import CaseTask, TaskKind
from app.clock import AMSTERDAM, now, today
from app.errors import Conflict, Invalid
from app.ids import uuid7
from app.moderation import cases
from app.notifications.service import tell
from app.people.models import Person
from app.places.working_days import add_working_days
from app.schemas import Day, Incoming, Whole
from app.text import Typed

CLOSES: Final = time(17)
"""A day that is promised ends when the desk does."""
FARTHEST_DAYS: Final = 400
MOST: Final = 60
FACE: Final = (
    joinedload(CaseTask.made_by).load_only(Person.first_name),
    joinedload(CaseTask.done_by).load_only(Person.first_name),
    joinedload(CaseTask.for_).load_only(Person.first_name),
)


class NewTask(Incoming):
    """What is to be done, by when, by whom. Within so many working days, or on a day."""

    what: Annotated[Annotated[str, Typed(200)], Field(alias="taak")]
    kind: Annotated[TaskKind, Field(alias="soortTaak")] = TaskKind.TASK
    working_days: Annotated[Annotated[Whole, Field(ge=0, le=60)] | None, Field(alias="werkdagen")] = None
    on_date: Annotated[Day | None, Field(alias="opDag")] = None
    for_id: Annotated[UUID | None, Field(alias="voorWie")] = None


class TaskDone(Conflict):
    """Somebody did it already."""

    code = "task-done"


def of_case(session: Session, actor: Actor, id: UUID) -> list[CaseTask]:
    """What is to be done, the first due first, and then what was done last."""
    cases.get(session, actor, id)
    query = (
        select(CaseTask)
        .where(visible(actor, Permission.MODERATE_REQUEST, CaseTask), CaseTask.help_request_id == id)
        .options(*FACE)
    )
    rows = query.order_by(CaseTask.done_at.desc().nulls_first(), CaseTask.due_at, CaseTask.id).limit(MOST)
    return list(session.scalars(rows))


def promises(session: Session, actor: Actor, help_request_id: UUID) -> list[CaseTask]:
    """What was promised to oneself for a question and is not done yet, the first due first."""
    own = select(CaseTask).where(
        CaseTask.owned_by(actor.person_id),
        CaseTask.help_request_id == help_request_id,
        CaseTask.done_at.is_(None),
    )
    return list(session.scalars(own.options(*FACE).order_by(CaseTask.due_at, CaseTask.id)))


def add(session: Session, actor: Actor, id: UUID, new: NewTask) -> CaseTask:
    """Write it down; what is promised is told to the asker. Sent twice it is one. Raises Invalid for a wrong day."""
    help_request = cases.get(session, actor, id)
    require(actor, Permission.MODERATE_REQUEST, help_request.municipality_id)
    colleagues.require_colleague(session, actor, help_request.municipality_id, new.for_id, "voorWie")
    twin = _just_made(session, actor, id, new)
    if twin is not None:
        return twin
    task = CaseTask(
        id=uuid7(), municipality_id=help_request.municipality_id, help_request_id=id,
        asker_id=help_request.person_id, kind=new.kind, what=new.what, due_at=due_at(session, new),
        for_id=new.for_id, made_by_id=actor.person_id,
    )  # fmt: skip
    session.add(task)
    session.flush()
    if task.kind is TaskKind.PROMISE:
        tell(session, task.asker_id, task.municipality_id, "case-promised", id,
             turn=_turn(task), title=help_request.title, starts_at=task.due_at.isoformat())  # fmt: skip
    return task


def _turn(task: CaseTask) -> int:
    """Tells two promises about one question apart."""
    return task.id.int % 2_000_000_011


def due_at(session: Session, new: NewTask) -> datetime:
    """The moment before which it is done. Raises Invalid for no day at all, both, a past or a far one."""
    if (new.working_days is None) == (new.on_date is None):
        raise Invalid(details={"werkdagen": "one-of-two"})
    if new.working_days is not None:
        return add_working_days(now(session), new.working_days)
    assert new.on_date is not None  # one of the two is there
    ahead = (new.on_date - today(session)).days
    if not 0 <= ahead <= FARTHEST_DAYS:
        raise Invalid(details={"opDag": "past" if ahead < 0 else "too-far"})
    return datetime.combine(new.on_date, CLOSES, tzinfo=AMSTERDAM)


def _just_made(session: Session, actor: Actor, id: UUID, new: NewTask) -> CaseTask | None:
    same = select(CaseTask).where(
        visible(actor, Permission.MODERATE_REQUEST, CaseTask),
        CaseTask.help_request_id == id,
        CaseTask.what == new.what,
        CaseTask.kind == new.kind,
        CaseTask.done_at.is_(None),
    )
    return session.scalars(same.limit(1)).one_or_none()


def do(session: Session, actor: Actor, id: UUID, task_id: UUID) -> CaseTask:
    """It is done. Raises TaskDone where a colleague was first."""
    cases.get(session, actor, id)
    query = select(CaseTask).where(
        visible(actor, Permission.MODERATE_REQUEST, CaseTask),
        CaseTask.id == task_id,
        CaseTask.help_request_id == id,
    )
    task = found(session.scalars(locked(query)).one_or_none())
    require(actor, Permission.MODERATE_REQUEST, task.municipality_id)
    if task.done_at is not None:
        raise TaskDone
    task.done_at, task.done_by_id = now(session), actor.person_id
    session.flush()
    return task
