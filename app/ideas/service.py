"""Bringing in a plan or an idea, reacting, the desk's look at both, and telling what was done with it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.access.limits import Limit, spend
from app.access.policy import found, locked, refuse_visitor, require, require_apart, visible
from app.access.roles import Permission, Role
from app.clock import now, today
from app.errors import Conflict, Forbidden, Invalid
from app.ideas.models import Idea, IdeaKind, IdeaReaction, IdeaStatus, ReactionStatus
from app.ideas.schemas import MYSELF, Answer, NewIdea, NewReaction
from app.ids import uuid7
from app.matches import meeting
from app.moderation.writers import from_where, name_of
from app.notifications.service import tell, tell_brokers
from app.organisations.models import Organisation
from app.places import service as places

IDEAS_BY_PERSON: Final = Limit("idea-by-person", 5, timedelta(days=1))
REACTIONS_BY_PERSON: Final = Limit("reaction-by-person", 20, timedelta(days=1))
AT_ORGANISATIONS: Final = (Role.ORGANISATION_MEMBER, Role.ORGANISATION_ADMINISTRATOR)
SHOWN: Final = 60
REACTIONS_SHOWN: Final = 200


class Over(Conflict):
    """The time to react is over, or it was answered."""

    code = "idea-over"


@dataclass(frozen=True, slots=True)
class Counted:
    """A plan or idea, with how many reactions show."""

    idea: Idea
    reactions: int


def selection(actor: Actor) -> Select[Idea]:
    """What the actor may read: what shows, one's own, that of one's desk."""
    return select(Idea).where(visible(actor, Permission.MODERATE_STORY, Idea))


def reactions(actor: Actor) -> Select[IdeaReaction]:
    """The reactions that the actor may read; with those on what one brought in oneself."""
    return select(IdeaReaction).where(visible(actor, Permission.MODERATE_STORY, IdeaReaction))


def shown(session: Session, actor: Actor, municipality_id: int) -> list[Counted]:
    """What shows in a municipality: what one can react to, then what was answered, each the newest first."""
    spoken = (
        select(func.count(IdeaReaction.id))
        .where(IdeaReaction.is_public_row(), IdeaReaction.idea_id == Idea.id)
        .correlate(Idea)
        .scalar_subquery()
    )
    query = (
        selection(actor)
        .where(Idea.municipality_id == municipality_id, Idea.is_public_row())
        .add_columns(spoken)
        .order_by(Idea.status == IdeaStatus.ANSWERED, Idea.shown_at.desc(), Idea.id)
        .limit(SHOWN)
    )
    return [Counted(row[0], row[1]) for row in session.execute(query)]


def get(session: Session, actor: Actor, id: UUID) -> Idea:
    """One plan or idea; NotFound for what the actor may not read."""
    query = selection(actor).where(Idea.id == id).options(joinedload(Idea.author))
    return found(session.scalars(query).one_or_none())


def said_of(session: Session, actor: Actor, idea: Idea) -> list[IdeaReaction]:
    """What shows of what was said, and what one said oneself, the oldest first."""
    mine: list[ColumnElement[bool]] = [IdeaReaction.is_public_row()]
    if actor.person is not None:
        mine.append(IdeaReaction.owned_by(actor.person) & (IdeaReaction.status == ReactionStatus.SUBMITTED))
    query = reactions(actor).where(IdeaReaction.idea_id == idea.id, or_(*mine))
    return list(
        session.scalars(query.order_by(IdeaReaction.created_at, IdeaReaction.id).limit(REACTIONS_SHOWN))
    )


def get_reaction(session: Session, actor: Actor, id: UUID) -> IdeaReaction:
    """One reaction with who said it; NotFound for what the actor may not read."""
    query = reactions(actor).where(IdeaReaction.id == id)
    return found(
        session.scalars(
            query.options(joinedload(IdeaReaction.author), joinedload(IdeaReaction.idea))
        ).one_or_none()
    )


def mine(session: Session, actor: Actor) -> list[Idea]:
    """What one brought in oneself, the newest first."""
    own = select(Idea).where(Idea.owned_by(actor.person_id))
    return list(session.scalars(own.order_by(Idea.created_at.desc(), Idea.id).limit(50)))


def is_open(session: Session, idea: Idea) -> bool:
    """Whether one may still say something."""
    return idea.status is IdeaStatus.OPEN and (idea.open_until is None or idea.open_until >= today(session))


def bring_in(session: Session, actor: Actor, new: NewIdea) -> Idea:
    """An idea of a resident; it waits for the desk. Raises TooMany, Suspended."""
    refuse_visitor(actor)
    if actor.behind is not None:
        raise Forbidden
    meeting.refuse_suspended(session, actor.person_id)
    spend(session, IDEAS_BY_PERSON, str(actor.person_id))
    municipality_id, place = from_where(session, actor)
    row = _keep(session, actor, municipality_id, new, IdeaKind.IDEA, f"{actor.first_name}, {place}")
    tell_brokers(session, row.municipality_id, "idea-waits", row.id, title=row.title)
    return row


def lay_before(session: Session, actor: Actor, municipality_id: int, new: NewIdea) -> Idea:
    """A plan of the municipality, which shows at once. Raises Invalid for a last day that is over."""
    require(actor, Permission.MODERATE_STORY, municipality_id)
    if new.open_until is not None and new.open_until < today(session):
        raise Invalid(details={"totEnMet": "date-past"})
    name = places.municipality(session, municipality_id).name
    row = _keep(session, actor, municipality_id, new, IdeaKind.PLAN, name)
    _open(session, actor, row)
    return row


def _keep(
    session: Session, actor: Actor, municipality_id: int, new: NewIdea, kind: IdeaKind, name: str
) -> Idea:
    row = Idea(
        id=uuid7(), municipality_id=municipality_id, made_by_id=actor.person_id, kind=kind, name=name,
        author_id=actor.person_id if kind is IdeaKind.IDEA else None, title=new.title, body=new.body,
        open_until=new.open_until,
    )  # fmt: skip
    session.add(row)
    session.flush()
    row.tell("", actor.person_id)
    session.flush()
    return row


def _open(session: Session, actor: Actor, row: Idea) -> None:
    row.step(IdeaStatus.OPEN, actor.person_id)
    row.is_public = True
    row.shown_at = now(session)
    session.flush()


def react(session: Session, actor: Actor, id: UUID, new: NewReaction) -> IdeaReaction:
    """Say something of it; it waits for the desk. Raises Over, TooMany, Suspended."""
    refuse_visitor(actor)
    if actor.behind is not None:
        raise Forbidden
    idea = get(session, actor, id)
    if not is_open(session, idea):
        raise Over
    meeting.refuse_suspended(session, actor.person_id)
    organisation = _organisation(session, actor, new.sender)
    spend(session, REACTIONS_BY_PERSON, str(actor.person_id))
    row = IdeaReaction(
        id=uuid7(), municipality_id=idea.municipality_id, idea_id=idea.id, author_id=actor.person_id,
        organisation_id=organisation.id if organisation else None,
        name=organisation.name if organisation else name_of(session, actor), body=new.body,
    )  # fmt: skip
    session.add(row)
    session.flush()
    row.tell("", actor.person_id)
    tell_brokers(session, row.municipality_id, "reaction-waits", row.id, title=idea.title)
    session.flush()
    return row


def organisations_of(session: Session, actor: Actor) -> list[Organisation]:
    """In whose name somebody may react beside their own."""
    keys = [grant.organisation_id for grant in actor.grants if grant.role in AT_ORGANISATIONS]
    query = select(Organisation).where(
        Organisation.id.in_([key for key in keys if key is not None]),
        visible(actor, Permission.SEE_ORGANISATIONS, Organisation),
    )
    return list(session.scalars(query.order_by(Organisation.name)))


def _organisation(session: Session, actor: Actor, sender: str) -> Organisation | None:
    if sender == MYSELF:
        return None
    for one in organisations_of(session, actor):
        if str(one.id) == sender:
            return one
    raise Invalid(details={"namens": "choose"})


def withdraw(session: Session, actor: Actor, id: UUID) -> Idea:
    """Take one's own idea back, with what was said of it; again is no mistake. Raises NotFound."""
    own = select(Idea).where(Idea.owned_by(actor.person_id), Idea.id == id)
    row = found(session.scalars(locked(own)).one_or_none())
    if row.status is not IdeaStatus.WITHDRAWN:
        row.end(IdeaStatus.WITHDRAWN, actor.person_id, now(session))
        session.flush()
    return row


def withdraw_reaction(session: Session, actor: Actor, id: UUID) -> IdeaReaction:
    """Take one's own words back; again is no mistake. Raises NotFound."""
    own = select(IdeaReaction).where(IdeaReaction.owned_by(actor.person_id), IdeaReaction.id == id)
    row = found(session.scalars(locked(own)).one_or_none())
    if row.status is not ReactionStatus.WITHDRAWN:
        row.end(ReactionStatus.WITHDRAWN, actor.person_id, now(session))
        session.flush()
    return row


def waiting(session: Session, actor: Actor, municipality_id: int) -> tuple[list[Idea], list[IdeaReaction]]:
    """Ideas and reactions that nobody of the desk has looked at, the oldest first."""
    require(actor, Permission.MODERATE_STORY, municipality_id)
    ideas = selection(actor).where(
        Idea.municipality_id == municipality_id, Idea.status == IdeaStatus.SUBMITTED
    )
    said = (
        reactions(actor)
        .where(
            IdeaReaction.municipality_id == municipality_id, IdeaReaction.status == ReactionStatus.SUBMITTED
        )
        .options(joinedload(IdeaReaction.idea))
    )
    return (
        list(session.scalars(ideas.order_by(Idea.created_at, Idea.id).limit(100))),
        list(session.scalars(said.order_by(IdeaReaction.created_at, IdeaReaction.id).limit(100))),
    )


def approve(session: Session, actor: Actor, id: UUID) -> Idea:
    """Show it to everybody, and tell who brought it in."""
    row = to_judge(session, actor, id)
    _open(session, actor, row)
    if row.author_id is not None:
        tell(session, row.author_id, row.municipality_id, "idea-shown", row.id, title=row.title)
    return row


def reject(session: Session, actor: Actor, id: UUID, reason: str) -> Idea:
    """Not like this, or not any longer; who brought it in reads why."""
    row = to_judge(session, actor, id)
    status = IdeaStatus.REJECTED if row.status is IdeaStatus.SUBMITTED else IdeaStatus.WITHDRAWN
    row.end(status, actor.person_id, now(session), reason)
    session.flush()
    if row.author_id is not None:
        tell(session, row.author_id, row.municipality_id, "idea-rejected", row.id, title=row.title)
    return row


def to_judge(session: Session, actor: Actor, id: UUID) -> Idea:
    """For the desk, locked; nobody judges their own idea."""
    row = found(session.scalars(locked(selection(actor).where(Idea.id == id))).one_or_none())
    require_apart(actor, Permission.MODERATE_STORY, row.municipality_id, row.author_id)
    return row


def answer(session: Session, actor: Actor, id: UUID, said: Answer) -> Idea:
    """Tell everybody what was done with it: who brought it in, and each who said something, hear of it."""
    row = to_judge(session, actor, id)
    row.outcome, row.outcome_at = said.outcome, now(session)
    row.step(IdeaStatus.ANSWERED, actor.person_id)
    session.flush()
    spoke = reactions(actor).where(IdeaReaction.idea_id == row.id, IdeaReaction.is_public_row())
    told = set(session.scalars(spoke.with_only_columns(IdeaReaction.author_id)))
    for person_id in sorted(told | ({row.author_id} if row.author_id else set())):
        tell(session, person_id, row.municipality_id, "idea-answered", row.id, title=row.title)
    return row


def approve_reaction(session: Session, actor: Actor, id: UUID) -> IdeaReaction:
    """Show what somebody said."""
    row = reaction_to_judge(session, actor, id)
    row.step(ReactionStatus.SHOWN, actor.person_id)
    row.is_public = True
    session.flush()
    tell(session, row.author_id, row.municipality_id, "reaction-shown", row.id, title=row.idea.title)
    return row


def reject_reaction(session: Session, actor: Actor, id: UUID, reason: str) -> IdeaReaction:
    """Not like this, or not any longer; who said it reads why."""
    row = reaction_to_judge(session, actor, id)
    status = ReactionStatus.REJECTED if row.status is ReactionStatus.SUBMITTED else ReactionStatus.WITHDRAWN
    row.end(status, actor.person_id, now(session), reason)
    session.flush()
    tell(session, row.author_id, row.municipality_id, "reaction-rejected", row.id, title=row.idea.title)
    return row


def reaction_to_judge(session: Session, actor: Actor, id: UUID) -> IdeaReaction:
    """For the desk, locked; nobody judges their own words."""
    query = reactions(actor).where(IdeaReaction.id == id).options(joinedload(IdeaReaction.idea))
    row = found(
        session.scalars(
            query.with_for_update(of=IdeaReaction).execution_options(populate_existing=True)
        ).one_or_none()
    )
    require_apart(actor, Permission.MODERATE_STORY, row.municipality_id, row.author_id)
    return row


def idea_of_reaction(session: Session, actor: Actor, id: UUID) -> UUID:
    """The plan or idea that a reaction belongs to; NotFound where the actor may not read it."""
    return get_reaction(session, actor, id).idea_id


def withdraw_all(session: Session, actor: Actor) -> None:
    """Everything that one brought in or said stops showing."""
    for row in mine(session, actor):
        if row.status in (IdeaStatus.SUBMITTED, IdeaStatus.OPEN, IdeaStatus.ANSWERED):
            withdraw(session, actor, row.id)
    own = select(IdeaReaction.id).where(
        IdeaReaction.owned_by(actor.person_id),
        IdeaReaction.status.in_([ReactionStatus.SUBMITTED, ReactionStatus.SHOWN]),
    )
    for id in session.scalars(own).all():
        withdraw_reaction(session, actor, id)


def my_reactions(session: Session, actor: Actor) -> list[IdeaReaction]:
    """What one said oneself, the newest first, with what it was about."""
    own = select(IdeaReaction).where(IdeaReaction.owned_by(actor.person_id))
    query = own.options(joinedload(IdeaReaction.idea))
    return list(session.scalars(query.order_by(IdeaReaction.created_at.desc(), IdeaReaction.id).limit(50)))


def running(session: Session, actor: Actor, municipality_id: int) -> list[Idea]:
    """What shows and was not answered yet, for the desk; what is over first."""
    require(actor, Permission.MODERATE_STORY, municipality_id)
    query = selection(actor).where(Idea.municipality_id == municipality_id, Idea.status == IdeaStatus.OPEN)
    return list(
        session.scalars(query.order_by(Idea.open_until.nulls_last(), Idea.shown_at, Idea.id).limit(100))
    )


def public_keys(session: Session, actor: Actor) -> list[UUID]:
    """The keys of all that shows, the newest first."""
    shown_anywhere = selection(actor).where(Idea.is_public_row()).with_only_columns(Idea.id)
    return list(session.scalars(shown_anywhere.order_by(Idea.shown_at.desc(), Idea.id).limit(1000)))
