"""Telling a story, the desk's look at it, and taking it back."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Select, func, select, text
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.access.limits import Limit, spend
from app.access.policy import found, locked, refuse_visitor, require, require_apart, visible
from app.access.roles import Permission
from app.clock import now
from app.errors import Forbidden, Invalid
from app.ids import uuid7
from app.matches import meeting
from app.moderation.writers import from_where
from app.notifications.service import tell, tell_brokers
from app.stories.models import Story, StoryStatus
from app.stories.schemas import NewStory, ToldStory

BY_PERSON: Final = Limit("story-by-person", 5, timedelta(days=1))
ON_A_PAGE: Final = 12


@dataclass(frozen=True, slots=True)
class Found:
    """A page of stories, and how many there are."""

    rows: list[Story]
    count: int
    number: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.count // ON_A_PAGE))


def selection(actor: Actor) -> Select[Story]:
    """The stories that the actor may read: those shown, one's own, those of one's desk."""
    return select(Story).where(visible(actor, Permission.MODERATE_STORY, Story))


def shown(session: Session, actor: Actor, municipality_id: int, number: int = 1) -> Found:
    """What shows in a municipality, the newest first."""
    here = selection(actor).where(Story.municipality_id == municipality_id, Story.is_public_row())
    count = session.scalar(here.with_only_columns(func.count()).order_by(None)) or 0
    number = max(1, min(number, max(1, -(-count // ON_A_PAGE))))
    rows = here.order_by(Story.shown_at.desc(), Story.id).offset((number - 1) * ON_A_PAGE).limit(ON_A_PAGE)
    return Found(list(session.scalars(rows)), count, number)


def latest(session: Session, actor: Actor, municipality_id: int) -> Story | None:
    """The story for the first page."""
    here = selection(actor).where(Story.municipality_id == municipality_id, Story.is_public_row())
    return session.scalars(here.order_by(Story.shown_at.desc(), Story.id).limit(1)).one_or_none()


def get(session: Session, actor: Actor, id: UUID) -> Story:
    """One story; NotFound for what the actor may not read."""
    return found(session.scalars(selection(actor).where(Story.id == id)).one_or_none())


def get_told(session: Session, actor: Actor, id: UUID) -> Story:
    """The same, with who told it, for whoever reports it."""
    query = selection(actor).where(Story.id == id).options(joinedload(Story.teller))
    return found(session.scalars(query).one_or_none())


def mine(session: Session, actor: Actor) -> list[Story]:
    """What one told oneself, the newest first."""
    own = select(Story).where(Story.owned_by(actor.person_id))
    return list(session.scalars(own.order_by(Story.created_at.desc(), Story.id).limit(50)))


def post(session: Session, actor: Actor, new: NewStory) -> Story:
    """Tell one's story; it waits for the desk. Raises Invalid without a yes, TooMany, Suspended."""
    refuse_visitor(actor)
    if actor.behind is not None:
        raise Forbidden  # a story is told by whoever lived it
    meeting.refuse_suspended(session, actor.person_id)
    if not new.may_show:
        raise Invalid(details={"magErop": "may-show"})
    spend(session, BY_PERSON, str(actor.person_id))
    municipality_id, place = from_where(session, actor)
    row = _keep(session, actor, municipality_id, new, f"{actor.first_name}, {place}", actor.person_id)
    tell_brokers(session, row.municipality_id, "story-waits", row.id, title=row.title)
    return row


def write_down(session: Session, actor: Actor, municipality_id: int, new: ToldStory) -> Story:
    """What somebody told the desk. A colleague looks at it as well: nobody shows what they wrote themselves."""
    require(actor, Permission.MODERATE_STORY, municipality_id)
    if not new.may_show:
        raise Invalid(details={"magErop": "may-show"})
    return _keep(session, actor, municipality_id, new, new.name, None)


def _keep(
    session: Session, actor: Actor, municipality_id: int, new: NewStory, name: str, teller_id: UUID | None
) -> Story:
    row = Story(
        id=uuid7(), municipality_id=municipality_id, teller_id=teller_id, made_by_id=actor.person_id, name=name,
        title=new.title, body=new.body, theme=new.theme,
    )  # fmt: skip
    session.add(row)
    session.flush()
    row.tell("", actor.person_id)
    session.flush()
    return row


def withdraw(session: Session, actor: Actor, id: UUID) -> Story:
    """Take one's own story back, whenever one wants; again is no mistake. Raises NotFound."""
    own = select(Story).where(Story.owned_by(actor.person_id), Story.id == id)
    row = found(session.scalars(locked(own)).one_or_none())
    if row.status is not StoryStatus.WITHDRAWN:
        row.end(StoryStatus.WITHDRAWN, actor.person_id, now(session))
        session.flush()
    return row


def waiting(session: Session, actor: Actor, municipality_id: int) -> list[Story]:
    """What nobody of the desk has looked at, the oldest first."""
    require(actor, Permission.MODERATE_STORY, municipality_id)
    query = selection(actor).where(
        Story.municipality_id == municipality_id, Story.status == StoryStatus.SUBMITTED
    )
    return list(session.scalars(query.order_by(Story.created_at, Story.id).limit(100)))


def approve(session: Session, actor: Actor, id: UUID) -> Story:
    """Show it to everybody, and tell the teller. Raises NotAllowed when it was looked at before."""
    row = to_judge(session, actor, id)
    row.step(StoryStatus.SHOWN, actor.person_id)
    row.is_public = True
    row.shown_at = now(session)
    session.flush()
    if row.teller_id is not None:
        tell(session, row.teller_id, row.municipality_id, "story-shown", row.id, title=row.title)
    return row


def reject(session: Session, actor: Actor, id: UUID, reason: str) -> Story:
    """Not like this, or not any longer; the teller reads why."""
    row = to_judge(session, actor, id)
    status = StoryStatus.REJECTED if row.status is StoryStatus.SUBMITTED else StoryStatus.WITHDRAWN
    row.end(status, actor.person_id, now(session), reason)
    session.flush()
    if row.teller_id is not None:
        tell(session, row.teller_id, row.municipality_id, "story-rejected", row.id, title=row.title)
    return row


def to_judge(session: Session, actor: Actor, id: UUID) -> Story:
    """For the desk, locked; nobody judges what they wrote themselves."""
    row = found(session.scalars(locked(selection(actor).where(Story.id == id))).one_or_none())
    require_apart(actor, Permission.MODERATE_STORY, row.municipality_id, row.made_by_id, row.teller_id)
    return row


def forget_old(session: Session) -> None:
    """What was taken back or refused goes, and what is old; the worker's reach is every municipality."""
    session.execute(text("SELECT forget_told()"))


def withdraw_all(session: Session, actor: Actor) -> None:
    """Everything that one told stops showing."""
    for row in mine(session, actor):
        if row.status in (StoryStatus.SUBMITTED, StoryStatus.SHOWN):
            withdraw(session, actor, row.id)


def public_keys(session: Session, actor: Actor) -> list[UUID]:
    """The keys of all that shows, the newest first."""
    shown_anywhere = selection(actor).where(Story.is_public_row()).with_only_columns(Story.id)
    return list(session.scalars(shown_anywhere.order_by(Story.shown_at.desc(), Story.id).limit(1000)))
