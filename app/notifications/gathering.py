"""From notices to mails and letters: what came in a few minutes goes in one, and what is kept goes when it is due.

What a mail holds is settled in a row of `dispatch`, in the transaction that takes its notices from what waits. Only
then it is sent, under the key of that row: whatever happens to the worker, the same notices are never in two mails.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.access.policy import locked
from app.clock import now
from app.errors import Conflict
from app.ids import new_reference, uuid7
from app.jobs.queue import defer, defer_for
from app.notifications import rhythm
from app.notifications.groups import ASKS, MUST, TOO_LATE_BY_LETTER, URGENT, Group, Way, group_of, way_of
from app.notifications.models import Carrier, Dispatch, Notice, NoticeWish
from app.people.models import Contact, Membership, MembershipKind, Person
from app.places.models import Municipality
from app.representations import mailed

SEND: Final = "notices.send"
GATHER: Final = "notices.gather"
LAST: Final = "moved-house"
"""All that is still written from here to who moved along with their municipality."""
MOST: Final = 200
"""As many notices as one mail or letter holds; more go in the next."""
SOON: Final = timedelta(days=4)
"""What happens within these days may be over before a letter about it comes."""


@dataclass(slots=True)
class Recipient:
    """Whom it is for, and how they want to hear it."""

    person_id: UUID
    first_name: str
    email: str
    language: str
    paused: bool
    gone: bool
    """Shut out, or somebody for whom all mail stopped today: died, in hospital, moved."""
    elsewhere: bool
    """Their municipality went to another installation, which writes to them from now on."""
    home: int | None
    wishes: dict[Group, Way] = field(default_factory=dict)
    pushes: frozenset[Group] = frozenset()
    """What their browsers show as well."""

    def way(self, kind: str) -> Way:
        """How one kind reaches them now."""
        if self.paused and kind in ASKS:
            return Way.SITE
        group = group_of(kind)
        way = way_of(group, self.wishes.get(group), mail=bool(self.email))
        return Way.SITE if way is Way.LETTER and kind in TOO_LATE_BY_LETTER else way


def recipient(session: Session, person_id: UUID) -> Recipient | None:
    """The person as they are now."""
    # unscoped: the worker's reach is every municipality
    query = (
        select(
            Person,
            Contact.email,
            Membership.municipality_id,
            Municipality.moved_to,
            func.mail_stopped(Person.id).label("stopped"),
        )
        .select_from(Person)
        .join(Contact, Contact.person_id == Person.id)
        .outerjoin(
            Membership, (Membership.person_id == Person.id) & (Membership.kind == MembershipKind.LIVES)
        )
        .outerjoin(Municipality, Municipality.id == Membership.municipality_id)
        .where(Person.id == person_id)
        .order_by(Membership.since.desc())
        .limit(1)
    )
    row = session.execute(query).one_or_none()
    if row is None:
        return None
    kept = select(NoticeWish.about, NoticeWish.way, NoticeWish.push).where(NoticeWish.owned_by(person_id))
    wishes = session.execute(kept).all()
    person = row.Person
    return Recipient(
        person_id, person.first_name, row.email or "", person.language, person.paused,
        person.disabled_at is not None or row.stopped, bool(row.moved_to), row.municipality_id,
        {Group(wish.about): wish.way for wish in wishes},
        frozenset(Group(wish.about) for wish in wishes if wish.push),
    )  # fmt: skip


def told(session: Session, person_id: UUID, notice_id: UUID, burst_s: int) -> None:
    """Somebody was just told something: it goes now, after the burst, or when its time comes."""
    query = select(Notice).where(Notice.owned_by(person_id), Notice.id == notice_id, Notice.waiting)
    notice = session.scalars(query).one_or_none()
    if notice is None:
        return
    if burst_s > 0 and notice.kind not in URGENT:
        lock = f"{GATHER}:{notice.person_id}"
        defer_for(session, burst_s, GATHER, queue="mail", lock=lock, person_id=str(notice.person_id))
        return
    gather(session, notice.person_id)


def waiting(session: Session) -> list[UUID]:
    """Everybody for whom something waits."""
    # unscoped: the worker's reach is every municipality
    query = select(Notice.person_id).where(Notice.waiting).distinct().order_by(Notice.person_id)
    return list(session.scalars(query))


def gather(session: Session, person_id: UUID) -> list[Dispatch]:
    """Put what is due for somebody in mails and letters, and let go of what stays on the site."""
    to = recipient(session, person_id)
    query = select(Notice).where(Notice.owned_by(person_id), Notice.waiting)
    rows = list(session.scalars(locked(query.order_by(Notice.created_at, Notice.id).limit(MOST))))
    if to is None or to.gone:
        _settle(rows)
        return []
    if to.elsewhere:
        _settle([row for row in rows if row.kind != LAST])
        rows = [row for row in rows if row.kind == LAST]
    by_way: dict[Way, list[Notice]] = defaultdict(list)
    for row in rows:
        # what was read on the site is not told again
        by_way[Way.SITE if row.read_at is not None else to.way(row.kind)].append(row)
    _settle(by_way.pop(Way.SITE, []))
    made: list[Dispatch] = []
    for_others = () if to.email else by_way.pop(Way.AT_ONCE, []) + by_way.pop(Way.LETTER, [])
    if for_others:
        made += _for_readers(session, to, for_others)
        left = [row for row in for_others if row.waiting]
        by_way[Way.LETTER] = left
    moment = now(session)
    for way, kept in by_way.items():
        must = any(group_of(row.kind) in MUST for row in kept)
        if kept and (
            way is Way.AT_ONCE or rhythm.is_due(way, [row.created_at for row in kept], moment, must=must)
        ):
            made.append(_letter(session, to, kept, moment) if way is Way.LETTER else _mail(session, to, kept))
    return made


def _settle(rows: Sequence[Notice]) -> None:
    for row in rows:
        row.waiting = False


def _for_readers(session: Session, to: Recipient, rows: Sequence[Notice]) -> list[Dispatch]:
    """Mails to who acts for somebody without an address: what each of them may read."""
    by_reader: dict[UUID, list[Notice]] = defaultdict(list)
    for row in rows:
        for reader in mailed.instead(session, row):
            by_reader[reader.person_id].append(row)
    return [_mail(session, to, read, reader_id) for reader_id, read in by_reader.items()]


def _mail(session: Session, to: Recipient, rows: Sequence[Notice], reader_id: UUID | None = None) -> Dispatch:
    _settle(rows)
    made = Dispatch(
        id=uuid7(), person_id=to.person_id, reader_id=reader_id, carrier=Carrier.MAIL,
        municipality_id=to.home or rows[0].municipality_id, notice_ids=[row.id for row in rows],
    )  # fmt: skip
    session.add(made)
    session.flush()
    defer(session, SEND, queue="mail", dispatch_id=str(made.id), person_id=str(made.person_id))
    return made


def _letter(session: Session, to: Recipient, rows: Sequence[Notice], moment: datetime) -> Dispatch:
    """A letter to print; while one lies there that nobody printed, it takes this along."""
    _settle(rows)
    lies = select(Dispatch).where(
        Dispatch.owned_by(to.person_id), Dispatch.carrier == Carrier.LETTER,
        Dispatch.printed_at.is_(None), Dispatch.sent_at.is_(None),
    )  # fmt: skip
    letter = session.scalars(locked(lies)).one_or_none()
    soon = min((at for row in rows if (at := _about(row)) and moment < at < moment + SOON), default=None)
    if letter is None:
        letter = Dispatch(
            id=uuid7(), person_id=to.person_id, carrier=Carrier.LETTER, reference=new_reference("B"),
            municipality_id=to.home or rows[0].municipality_id, notice_ids=[], call_before=None,
        )  # fmt: skip
        session.add(letter)
    letter.notice_ids = [*letter.notice_ids, *(row.id for row in rows)][:MOST]
    letter.call_before = min((at for at in (letter.call_before, soon) if at), default=None)
    session.flush()
    return letter


def _about(row: Notice) -> datetime | None:
    """When it is, for what has a day."""
    said = row.params.get("starts_at")
    return datetime.fromisoformat(said) if isinstance(said, str) else None


class NotOpen(Conflict):
    """It went out, or it was given up, before this."""

    code = "dispatch-not-open"


def notices_of(session: Session, dispatch: Dispatch) -> list[Notice]:
    """What a mail or letter holds, in its order; what was let go of since is not there."""
    query = (
        select(Notice)
        .where(Notice.owned_by(dispatch.person_id), Notice.id.in_(dispatch.notice_ids))
        .order_by(Notice.created_at, Notice.id)
    )
    return list(session.scalars(query))


def wait_again(session: Session, dispatch: Dispatch) -> None:
    """The address went away meanwhile: what it held waits for another way."""
    held = update(Notice).where(Notice.owned_by(dispatch.person_id), Notice.id.in_(dispatch.notice_ids))
    session.execute(held.values(waiting=True))
    session.delete(dispatch)
    session.flush()
