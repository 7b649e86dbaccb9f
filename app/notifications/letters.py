"""Letters with notices, for who has no e-mail or wants paper: what lies to be printed, and what was posted when."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, Select, select, text
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import locked, require_reach
from app.access.roles import Permission
from app.audit import write as audit
from app.clock import now
from app.notifications.models import Carrier, Dispatch
from app.notifications.texts import NoticeText, text_of
from app.people.models import Contact, Membership, MembershipKind, Person
from app.places.models import Municipality, Neighbourhood

SHOWN: Final = 50
AT_ONCE: Final = 100
"""Letters in one PDF."""
WHY: Final = "brief met berichten"
"""The person reads this beside who looked."""


@dataclass(frozen=True, slots=True)
class Lying:
    """A letter in the queue, or one that was posted."""

    dispatch: Dispatch
    first_name: str
    last_name: str
    phone: str
    place: str
    addressed: bool
    """Whether there is an address to put on it."""

    @property
    def name(self) -> str:
        """As the desk calls somebody."""
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True, slots=True)
class Letter:
    """All that stands on the paper."""

    person_id: UUID
    reference: str
    name: str
    first_name: str
    street: str
    postcode: str
    place: str
    language: str
    municipality: Municipality
    texts: Sequence[NoticeText]


def queue(session: Session, actor: Actor, municipality_id: int) -> list[Lying]:
    """What is to be printed and posted, the oldest first; the look is in the log. Raises NotFound out of reach."""
    require_reach(actor, Permission.REGISTER_PERSON, municipality_id)
    open_ = _letters(actor, municipality_id).where(Dispatch.sent_at.is_(None))
    return _seen(session, actor, open_.order_by(Dispatch.made_at, Dispatch.id).limit(AT_ONCE))


def posted(session: Session, actor: Actor, municipality_id: int) -> list[Lying]:
    """What was posted, the newest first; the look is in the log. Raises NotFound out of reach."""
    require_reach(actor, Permission.REGISTER_PERSON, municipality_id)
    sent = _letters(actor, municipality_id).where(Dispatch.sent_at.is_not(None))
    return _seen(session, actor, sent.order_by(Dispatch.sent_at.desc(), Dispatch.id).limit(SHOWN))


_Told = tuple[str, dict[str, Any]]


def _letters(actor: Actor, municipality_id: int) -> Select[Dispatch, Person, Contact, str]:
    return (
        select(Dispatch, Person, Contact, Neighbourhood.place)
        .join(Person, Person.id == Dispatch.person_id)
        .join(Contact, Contact.person_id == Dispatch.person_id)
        .outerjoin(
            Membership, (Membership.person_id == Dispatch.person_id) & (Membership.kind == MembershipKind.LIVES)
        )
        .outerjoin(Neighbourhood, Neighbourhood.pc4 == Membership.pc4)
        .where(
            Dispatch.in_reach_of(actor.reach(Permission.REGISTER_PERSON)),
            Dispatch.municipality_id == municipality_id, Dispatch.carrier == Carrier.LETTER,
            Person.disabled_at.is_(None),
        )
    )  # fmt: skip


def _seen(session: Session, actor: Actor, query: Select[Dispatch, Person, Contact, str]) -> list[Lying]:
    rows = session.execute(query).all()
    looked = {row.Person.id: row.Dispatch.municipality_id for row in rows}
    if looked:
        audit.note_each(session, actor, audit.Act.PERSON, looked, WHY)
    return [
        Lying(row.Dispatch, row.Person.first_name, row.Contact.last_name, row.Contact.phone, row.place or "",
              _addressed(row.Contact))
        for row in rows
    ]  # fmt: skip


def _addressed(contact: Contact) -> bool:
    return bool(contact.street and contact.house_number and contact.postcode)


def print_(session: Session, actor: Actor, municipality_id: int, only: UUID | None = None) -> list[Letter]:
    """Every letter that lies there with an address, or one of them, as it reads now; it may be printed again until it
    is posted. Each address that is shown is in the log. Raises NotFound out of reach."""
    require_reach(actor, Permission.REGISTER_PERSON, municipality_id)
    wanted = _letters(actor, municipality_id).where(Dispatch.sent_at.is_(None))
    wanted = wanted.where(Dispatch.id == only) if only else wanted.where(Dispatch.printed_at.is_(None))
    wanted = wanted.order_by(Dispatch.made_at, Dispatch.id).limit(AT_ONCE)
    rows = [
        row for row in session.execute(wanted.with_for_update(of=Dispatch)).all() if _addressed(row.Contact)
    ]
    if not rows:
        return []
    shown = {row.Person.id: row.Dispatch.municipality_id for row in rows}
    audit.note_each(session, actor, audit.Act.ADDRESS, shown, WHY)
    held = _held(session, rows)
    municipality = session.get_one(Municipality, municipality_id)
    moment = now(session)
    letters = []
    for row in rows:
        row.Dispatch.printed_at = row.Dispatch.printed_at or moment
        letters.append(_letter(row, held, municipality))
    session.flush()
    return letters


def _held(session: Session, rows: Sequence[Row[Dispatch, Person, Contact, str]]) -> dict[UUID, _Told]:
    """What stands in these letters, by its key, also what a neighbouring municipality told."""
    found = session.execute(
        text("SELECT id, kind, params FROM letter_notices(:letters)"),
        {"letters": [row.Dispatch.id for row in rows]},
    )
    return {row.id: (row.kind, row.params) for row in found}


def _letter(
    row: Row[Dispatch, Person, Contact, str], held: dict[UUID, _Told], municipality: Municipality
) -> Letter:
    person, contact = row.Person, row.Contact
    texts = [
        text_of(*told, person.language)
        for key in row.Dispatch.notice_ids
        if (told := held.get(key)) is not None
    ]
    return Letter(
        person.id, row.Dispatch.reference, f"{person.first_name} {contact.last_name}".strip(), person.first_name,
        f"{contact.street} {contact.house_number}", contact.postcode, row.place or "", person.language,
        municipality, texts,
    )  # fmt: skip


def post(session: Session, actor: Actor, municipality_id: int, ids: Collection[UUID]) -> int:
    """These were printed and are in the post now; how many that are. Said twice changes nothing the second time."""
    require_reach(actor, Permission.REGISTER_PERSON, municipality_id)
    query = select(Dispatch).where(
        Dispatch.in_reach_of(actor.reach(Permission.REGISTER_PERSON)),
        Dispatch.municipality_id == municipality_id, Dispatch.carrier == Carrier.LETTER,
        Dispatch.id.in_(ids), Dispatch.printed_at.is_not(None), Dispatch.sent_at.is_(None),
    )  # fmt: skip
    rows = list(session.scalars(locked(query)))
    moment = now(session)
    for row in rows:
        row.sent_at, row.posted_by_id = moment, actor.person_id
    session.flush()
    return len(rows)


def mine(session: Session, actor: Actor, *, limit: int = 10) -> list[Dispatch]:
    """What was sent to oneself by mail and by letter, the newest first."""
    own = select(Dispatch).where(Dispatch.owned_by(actor.person_id))
    return list(session.scalars(own.order_by(Dispatch.made_at.desc(), Dispatch.id).limit(limit)))


def forget(session: Session, municipality_id: int, days: int) -> int:
    """Let go of what left the house longer ago than notices are kept; how many that were. For the worker."""
    values = {"municipality": municipality_id, "before": now(session) - timedelta(days=days)}
    gone = session.execute(text("SELECT forget_dispatches(:municipality, :before)"), values)
    return int(gone.scalar_one())
