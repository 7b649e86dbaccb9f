"""Conversations between asker and helper: reading, writing, and sharing how to reach each other.

One conversation belongs to one proposal, from the helper's yes on. `talk_until()` in the database says how long the
two may write; the row-level policy on the table asks the same.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, and_, case, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased, joinedload

from app.access.actor import Actor
from app.access.limits import Limit, spend
from app.access.policy import found, locked
from app.agreements.models import Agreement, Status as AgreementStatus
from app.clock import now
from app.conversations import reach
from app.conversations.models import Message, TalkSide
from app.conversations.schemas import NewMessage
from app.errors import Conflict, Forbidden, Invalid
from app.help_requests.models import HelpRequest
from app.ids import uuid7
from app.matches import meeting
from app.matches.models import Proposal, Status
from app.notifications.models import Notice
from app.notifications.service import tell
from app.people.models import Person

KIND: Final = "message"
MOST_SHOWN: Final = 200
MOST_LISTED: Final = 40
BY_PERSON: Final = Limit("message-by-person", 120, timedelta(hours=1), then_every=timedelta(minutes=1))
"""Nobody types more than this; a program could."""
TALKING: Final = (Status.WILLING, Status.MEETING)


class Closed(Conflict):
    """The two cannot write to each other (any more); who blocked whom is not told."""

    code = "conversation-closed"


@dataclass(frozen=True, slots=True)
class Reached:
    """How to reach the other, after both said so."""

    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation as one of its two sees it."""

    proposal: Proposal
    messages: list[Message]
    writable: bool
    until: datetime | None
    """When writing ends, once the agreement is over."""
    mine: TalkSide | None
    theirs: TalkSide | None
    reached: Reached | None
    agreement_id: UUID | None
    agreed: bool
    """An agreement lives: its page tells how to reach each other."""

    @property
    def knows(self) -> bool:
        """Whether the two have each other's number by now."""
        return self.agreed or self.reached is not None


@dataclass(frozen=True, slots=True)
class Line:
    """A conversation in the list of one's own."""

    proposal_id: UUID
    title: str
    other: str
    last_at: datetime | None
    unread: int


def _mine(actor: Actor) -> Select[Proposal]:
    """Proposals of one's own in which the two know each other; another's does not exist here."""
    own = select(Proposal).where(Proposal.has_party(actor.person_id), Proposal.answered_at.is_not(None))
    return own.where(or_(Proposal.is_introduced_row(), Proposal.status == Status.AGREED))


def get(session: Session, actor: Actor, proposal_id: UUID) -> Conversation:
    """A conversation of one's own; NotFound for anybody else, and for who acts in the name of another."""
    _refuse_acting(actor)
    query = _mine(actor).where(Proposal.id == proposal_id).options(
        joinedload(Proposal.asker), joinedload(Proposal.helper), joinedload(Proposal.help_request),
    )  # fmt: skip
    proposal = found(session.scalars(query).one_or_none())
    writable, until = _until(session, proposal)
    sides = {row.person_id: row for row in session.scalars(_sides(actor, proposal_id))}
    agreement = _agreement(session, actor, proposal_id)
    agreed = agreement is not None and agreement[1] == AgreementStatus.ACTIVE
    return Conversation(
        proposal=proposal,
        messages=_messages(session, actor, proposal_id),
        writable=writable,
        until=until,
        mine=sides.pop(actor.person_id, None),
        theirs=next(iter(sides.values()), None),
        reached=_reached(session, proposal_id),
        agreement_id=agreement[0] if agreement else None,
        agreed=agreed,
    )


def _refuse_acting(actor: Actor) -> None:
    if actor.behind is not None:
        raise Forbidden  # what two people write to each other is theirs


def _sides(actor: Actor, proposal_id: UUID) -> Select[TalkSide]:
    return select(TalkSide).where(TalkSide.proposal_id == proposal_id, TalkSide.has_party(actor.person_id))


def _messages(session: Session, actor: Actor, proposal_id: UUID) -> list[Message]:
    newest = select(Message).where(Message.proposal_id == proposal_id, Message.has_party(actor.person_id))
    rows = session.scalars(newest.order_by(Message.sent_at.desc(), Message.id.desc()).limit(MOST_SHOWN))
    return list(reversed(list(rows)))


def _agreement(session: Session, actor: Actor, proposal_id: UUID) -> tuple[UUID, AgreementStatus] | None:
    query = select(Agreement.id, Agreement.status).where(
        Agreement.proposal_id == proposal_id, Agreement.has_party(actor.person_id)
    )
    row = session.execute(query).one_or_none()
    return (row.id, row.status) if row else None


def _until(session: Session, proposal: Proposal) -> tuple[bool, datetime | None]:
    """Whether one may write now, and when that ends, if a day is known."""
    end = func.talk_until(proposal.id)
    known = func.nullif(end, text("'infinity'::timestamptz"))  # which no datetime of Python can hold
    row = session.execute(select(func.coalesce(end > func.ledger.now(), False), known)).one()
    apart = not meeting.may(session, proposal.asker_id, proposal.helper_id)
    return bool(row[0]) and not apart, row[1]


def _reached(session: Session, proposal_id: UUID) -> Reached | None:
    row = session.execute(
        text("SELECT phone, email FROM shared_contact(:proposal)"), {"proposal": proposal_id}
    ).one_or_none()
    return Reached(row.phone, row.email or "") if row else None


def mine(session: Session, actor: Actor) -> list[Line]:
    """One's conversations, the newest first: those that go on, and those in which something was said."""
    _refuse_acting(actor)
    me, asker, helper, side = actor.person_id, aliased(Person), aliased(Person), aliased(TalkSide)
    theirs = and_(Message.author_id != me, Message.sent_at > func.coalesce(side.read_at, text("'-infinity'")))
    here = and_(Message.proposal_id == Proposal.id, Message.has_party(me))
    said = select(func.max(Message.sent_at).label("last_at")).where(here).lateral()
    unread = select(func.count()).where(here, theirs).scalar_subquery()
    query = (
        _mine(actor)
        .join(HelpRequest, HelpRequest.id == Proposal.help_request_id)
        .join(asker, asker.id == Proposal.asker_id)
        .join(helper, helper.id == Proposal.helper_id)
        .outerjoin(side, and_(side.proposal_id == Proposal.id, side.person_id == me))
        .join(said, text("true"))
        .where(or_(Proposal.status.in_([*TALKING, Status.AGREED]), said.c.last_at.is_not(None)))
        .with_only_columns(
            Proposal.id, HelpRequest.title, case((Proposal.asker_id == me, helper.first_name), else_=asker.first_name),
            said.c.last_at, unread,
        )
        .order_by(func.coalesce(said.c.last_at, Proposal.answered_at).desc(), Proposal.id)
        .limit(MOST_LISTED)
    )  # fmt: skip
    return [Line(*row) for row in session.execute(query)]


def mark_read(session: Session, actor: Actor, conversation: Conversation) -> None:
    """What is on the screen was read; from now on a new message is told again."""
    last = max(
        (row.sent_at for row in conversation.messages if row.author_id != actor.person_id), default=None
    )
    known = conversation.mine.read_at if conversation.mine else None
    if last is None or (known is not None and known >= last):
        return
    _side(session, actor, conversation.proposal, read_at=last)
    seen = update(Notice).where(
        Notice.owned_by(actor.person_id), Notice.kind == KIND, Notice.read_at.is_(None),
        Notice.subject_id == conversation.proposal.id,
    )  # fmt: skip
    session.execute(seen.values(read_at=func.ledger.now()))


def _side(session: Session, actor: Actor, proposal: Proposal, **values: Any) -> None:
    row = insert(TalkSide).values(
        id=uuid7(), municipality_id=proposal.municipality_id, helper_municipality_id=proposal.helper_municipality_id,
        proposal_id=proposal.id, asker_id=proposal.asker_id, helper_id=proposal.helper_id, person_id=actor.person_id,
        **values,
    )  # fmt: skip
    session.execute(row.on_conflict_do_update(index_elements=["proposal_id", "person_id"], set_=values))


def _locked(session: Session, actor: Actor, proposal_id: UUID) -> Proposal:
    """One's own proposal, locked: what two write at one moment comes one after the other. Raises Closed."""
    _refuse_acting(actor)
    proposal = found(session.scalars(locked(_mine(actor).where(Proposal.id == proposal_id))).one_or_none())
    if not _until(session, proposal)[0]:
        raise Closed
    return proposal


def send(session: Session, actor: Actor, proposal_id: UUID, new: NewMessage) -> Message:
    """Say something to the other; the same form sent twice says it once.

    The first message that is not read yet tells the other, without the words; those after it tell nobody. Raises
    Closed, TooMany, and Invalid with ``contact-details`` for a number or an address before both agreed.
    """
    _refuse_acting(actor)
    before = select(Message).where(
        Message.has_party(actor.person_id),
        Message.proposal_id == proposal_id,
        Message.author_id == actor.person_id,
        Message.form_key == new.form_key,
    )
    if (again := session.scalars(before).one_or_none()) is not None:
        return again
    proposal = _locked(session, actor, proposal_id)
    if (again := session.scalars(before).one_or_none()) is not None:
        return again  # the other click was first at the lock
    if (
        not new.as_it_is
        and not _knows(session, actor, proposal_id)
        and (kind := reach.found(new.words)) is not None
    ):
        raise Invalid(details={"bericht": f"contact-{kind}"})
    spend(session, BY_PERSON, str(actor.person_id))
    count, last_at, unread = _so_far(session, actor, proposal)
    moment = now(session)
    row = Message(
        id=uuid7(), municipality_id=proposal.municipality_id, helper_municipality_id=proposal.helper_municipality_id,
        proposal_id=proposal.id, asker_id=proposal.asker_id, helper_id=proposal.helper_id, author_id=actor.person_id,
        form_key=new.form_key, words=new.words,
        sent_at=moment if last_at is None else max(moment, last_at + timedelta(microseconds=1)),
    )  # fmt: skip
    session.add(row)
    session.flush()
    if not unread:
        _tell(session, actor, proposal, turn=count + 1)
    return row


def _so_far(session: Session, actor: Actor, proposal: Proposal) -> tuple[int, datetime | None, bool]:
    """How many messages there are, the last one's moment, and whether one of one's own is unread."""
    read_at = (
        select(TalkSide.read_at)
        .where(TalkSide.proposal_id == proposal.id, TalkSide.person_id != actor.person_id)
        .scalar_subquery()
    )
    unread = and_(
        Message.author_id == actor.person_id, Message.sent_at > func.coalesce(read_at, text("'-infinity'"))
    )
    query = select(func.count(), func.max(Message.sent_at), func.coalesce(func.bool_or(unread), False)).where(
        Message.proposal_id == proposal.id, Message.has_party(actor.person_id)
    )
    row = session.execute(query).one()
    return int(row[0]), row[1], bool(row[2])


def _knows(session: Session, actor: Actor, proposal_id: UUID) -> bool:
    agreement = _agreement(session, actor, proposal_id)
    return (agreement is not None and agreement[1] == AgreementStatus.ACTIVE) or (
        _reached(session, proposal_id) is not None
    )


def _tell(session: Session, actor: Actor, proposal: Proposal, *, turn: int) -> None:
    mine = or_(HelpRequest.owned_by(actor.person_id), HelpRequest.has_party(actor.person_id))
    title = session.scalars(
        select(HelpRequest.title).where(HelpRequest.id == proposal.help_request_id, mine)
    ).one()
    for person_id, municipality_id in proposal.sides():
        if person_id != actor.person_id:
            tell(session, person_id, municipality_id, KIND, proposal.id, turn=turn, title=title)


def share(session: Session, actor: Actor, proposal_id: UUID, yes: bool) -> None:
    """Let the other have telephone and mail, once both say so; or no longer. Raises Closed."""
    proposal = _locked(session, actor, proposal_id)
    _side(session, actor, proposal, shares_at=now(session) if yes else None)


def show(session: Session, actor: Actor, proposal_id: UUID, yes: bool) -> None:
    """Let a makelaar read along, once both say so; or no longer. Raises Closed."""
    proposal = _locked(session, actor, proposal_id)
    _side(session, actor, proposal, shows_at=now(session) if yes else None)
