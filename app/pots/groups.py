"""A makelaar books between residents: one to another, one to many, or a course that one gave to many."""

from collections.abc import Iterable
from datetime import datetime, time
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

import rewards
from app.access.actor import Actor
from app.access.policy import found, require
from app.access.roles import Permission
from app.clock import AMSTERDAM, now
from app.errors import Invalid, NotFound
from app.notifications.service import tell
from app.people.models import Membership, MembershipKind, Person
from app.pots import notes
from app.pots.errors import KeyUsed, NotEveryone
from app.pots.models import LedgerNote, NoteKind
from app.pots.schemas import Group
from app.roosjes import service as roosjes
from rewards import errors

REFUSED = (errors.OverLimit, errors.NoTrust, errors.AccountNotOpen, errors.WrongAccount)


class Form(StrEnum):
    """Who pays whom."""

    ONE = "een"
    """The head pays one other."""
    MANY = "allen"
    """The head, an organiser, pays each helper."""
    COURSE = "cursus"
    """Each pays the same; the head, who gave the course, gets it once, the pot the rest."""


def book(
    session: Session, actor: Actor, municipality_id: int, form: Form, group: Group, key: UUID
) -> rewards.Booking:
    """All of it or nothing. The makelaar is the actor of the entries, and neither they nor their house gives or gets.

    Raises NotEveryone with the names of who cannot, OwnInterest, Invalid, KeyUsed, NotFound for who lives elsewhere.
    """
    require(actor, Permission.BOOK_FOR_OTHERS, municipality_id)
    if group.head_id in group.people or len(set(group.people)) < len(group.people):
        raise Invalid(details={"deelnemers": "each-once"})
    if form is Form.ONE and len(group.people) != 1:
        raise Invalid(details={"deelnemers": "just-one"})
    notes.refuse_own(session, actor, group.head_id, *group.people)
    people = _residents(session, municipality_id, (group.head_id, *group.people))
    head, others = people[group.head_id], [people[id] for id in group.people]
    note = notes.write(
        session, actor, key, NoteKind.BOOKING if form is Form.ONE else NoteKind.GROUP, head.id, municipality_id,
        group.reason, minutes=group.minutes,
    )  # fmt: skip
    accounts = {one.id: roosjes.account_of(session, one, municipality_id) for one in (head, *others)}
    booking = _book(session, actor, form, group, note, accounts, people)
    if not booking.hit:
        for one in (head, *others):
            tell(
                session,
                one.id,
                municipality_id,
                "booked-by-desk",
                note.id,
                minutes=group.minutes,
                terms="roosjes",
            )
    return booking


def _residents(session: Session, municipality_id: int, ids: Iterable[UUID]) -> dict[UUID, Person]:
    """Those who live here and still take part; NotFound when one of them does not."""
    wanted = set(ids)
    # unscoped: the permission was asked for this municipality, by the caller
    query = (
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Person.id.in_(wanted), Membership.municipality_id == municipality_id,
            Membership.kind == MembershipKind.LIVES, Person.disabled_at.is_(None),
        )
    )  # fmt: skip
    people = {person.id: person for person in session.scalars(query)}
    if people.keys() != wanted:
        raise NotFound
    return people


def _book(  # noqa: PLR0913 - one event, all of it
    session: Session, actor: Actor, form: Form, group: Group, note: LedgerNote,
    accounts: dict[UUID, rewards.Account], people: dict[UUID, Person],
) -> rewards.Booking:  # fmt: skip
    connection = session.connection()
    head = accounts[group.head_id].id
    others = [accounts[id].id for id in group.people]
    said: dict[str, Any] = {
        "key": f"desk:{note.id}", "actor": found(actor.pseudonym), "subject": note.id,
        "note_hash": notes.hash_of(note), "occurred_at": _moment(session, group),
    }  # fmt: skip
    try:
        with connection.begin_nested():
            if form is Form.ONE:
                return rewards.pay(connection, payer=head, payee=others[0], minutes=group.minutes, **said)
            if form is Form.MANY:
                payments = [(other, group.minutes) for other in others]
                return rewards.pay_many(connection, payer=head, payments=payments, **said)
            return rewards.share(connection, helper=head, receivers=others, minutes=group.minutes, **said)
    except errors.KeyReused as refusal:
        raise KeyUsed from refusal
    except REFUSED as refusal:
        raise NotEveryone(_who_cannot(form, group, accounts, people, refusal)) from refusal


def _moment(session: Session, group: Group) -> datetime | None:
    if group.on_date is None:
        return None
    moment = datetime.combine(group.on_date, time(12), AMSTERDAM)
    if moment > now(session):
        raise Invalid(details={"datum": "to-come"})
    return moment


def _who_cannot(
    form: Form, group: Group, accounts: dict[UUID, rewards.Account], people: dict[UUID, Person],
    refusal: rewards.LedgerError,
) -> list[str]:  # fmt: skip
    """First names of everybody whose own account stands in the way, not just of the first."""
    payers = group.people if form is Form.COURSE else [group.head_id]
    payees = [group.head_id] if form is Form.COURSE else group.people
    wanted = group.minutes * (len(group.people) if form is Form.MANY else 1)
    names = [
        people[id].first_name
        for ids, room in ((payers, "spendable"), (payees, "receivable"))
        for id in ids
        if getattr(accounts[id].balance, room) < (wanted if room == "spendable" else group.minutes)
        or accounts[id].status is not rewards.AccountStatus.OPEN
    ]
    named = {account.id: people[id].first_name for id, account in accounts.items()}
    first = named.get(rewards.AccountId(refusal.details.get("account", 0)), "")
    return sorted({*names, *([first] if first else [])})
