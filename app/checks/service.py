"""Checks at the desk: writing down what was seen, withdrawing it, and reading it back."""

from datetime import date, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.access.policy import found, locked, require, visible
from app.access.roles import Permission
from app.audit import write as audit
from app.categories.vocabulary import Check
from app.checks.models import CheckName
from app.checks.numbers import DIGITS, WrongNumber, register_number
from app.checks.schemas import NewCheck, Withdrawn
from app.clock import now, today
from app.errors import Conflict, Invalid
from app.moderation import people as known_people
from app.notifications.service import tell
from app.organisations.models import Organisation
from app.people.models import CheckWay, Membership, MembershipKind, PersonCheck
from app.pots.notes import refuse_own

LONGEST_EXEMPTION: Final = timedelta(days=366)
REGISTERS: Final = {Check.KVK: "Handelsregister", Check.BIG: "BIG-register", Check.SKJ: "SKJ-register"}
"""Where a number is looked up unless the makelaar says otherwise; names of registers, the same in each language."""
FACES: Final = (
    joinedload(PersonCheck.seen_by),
    joinedload(PersonCheck.withdrawn_by),
    joinedload(PersonCheck.organisation),
)


class AlreadyWithdrawn(Conflict):
    """Somebody took it back before this."""

    code = "check-withdrawn"


def selection(actor: Actor) -> Select[PersonCheck]:
    """One's own checks and those that the desk may see, with who saw them."""
    return select(PersonCheck).where(visible(actor, Permission.SEE_CHECKS, PersonCheck)).options(*FACES)


def mine(session: Session, actor: Actor) -> list[PersonCheck]:
    """One's own, the newest first."""
    own = select(PersonCheck).where(PersonCheck.owned_by(actor.person_id)).options(*FACES)
    return list(
        session.scalars(own.order_by(PersonCheck.kind, PersonCheck.valid_from.desc(), PersonCheck.id))
    )


def of_person(session: Session, actor: Actor, person_id: UUID) -> list[PersonCheck]:
    """Everything that was ever written down about somebody in the desk's municipalities; NotFound for others.

    Raises Forbidden for who sees people and not what was checked of them.
    """
    municipality_id = home_desk(session, actor, person_id)
    require(actor, Permission.SEE_CHECKS, municipality_id)
    audit.note(session, actor, audit.Act.CHECKS, subject=person_id, municipality_id=municipality_id, entity="person",
               entity_id=person_id)  # fmt: skip
    rows = selection(actor).where(PersonCheck.person_id == person_id)
    return list(
        session.scalars(rows.order_by(PersonCheck.kind, PersonCheck.valid_from.desc(), PersonCheck.id))
    )


def record(session: Session, actor: Actor, person_id: UUID, new: NewCheck) -> PersonCheck:
    """Write down a check; it counts in matching from this commit on. Raises Invalid, OwnInterest."""
    municipality_id = municipality_of(session, actor, person_id)
    flag = _organisation(session, actor, municipality_id, new.organisation_id)
    return write(session, actor, municipality_id, person_id, flag, new)


def write(
    session: Session, actor: Actor, municipality_id: int, person_id: UUID, flag: UUID | None, new: NewCheck
) -> PersonCheck:
    """The row itself, for who was found to be allowed. Raises Invalid."""
    check, valid_from = new.name.check, new.valid_from or today(session)
    _check_period(new, valid_from)
    row = PersonCheck(
        municipality_id=municipality_id,
        person_id=person_id,
        kind=int(check),
        way=new.way,
        valid_from=valid_from,
        valid_until=new.valid_until,
        number=_number(new),
        source=new.source or (REGISTERS.get(check, "") if new.way is CheckWay.LOOKED_UP else ""),
        reason=new.reason or "",
        organisation_id=flag,
        seen_by_id=actor.person_id,
    )
    session.add(row)
    session.flush()
    return row


def municipality_of(session: Session, actor: Actor, person_id: UUID) -> int:
    """Where the actor may write about somebody: where they live, else where they help.

    Raises NotFound for somebody of elsewhere, OwnInterest for oneself and one's house: nobody sees their own papers.
    """
    municipality_id = home_desk(session, actor, person_id)
    refuse_own(session, actor, person_id)
    require(actor, Permission.RECORD_CHECKS, municipality_id)
    return municipality_id


def home_desk(session: Session, actor: Actor, person_id: UUID) -> int:
    """Which of the actor's municipalities somebody belongs to: where they live, else where they help."""
    known_people.get(session, actor, person_id)
    # unscoped: the permission was asked, by its reach
    ties = select(Membership.municipality_id).where(
        Membership.person_id == person_id, Membership.municipality_id.in_(actor.reach(Permission.SEE_PEOPLE))
    )
    lives_first = (Membership.kind == MembershipKind.LIVES).desc()
    municipality_id: int = found(
        session.scalars(ties.order_by(lives_first, Membership.since).limit(1)).one_or_none()
    )
    return municipality_id


def _check_period(new: NewCheck, valid_from: date) -> None:
    until = new.valid_until
    if until is not None and until < valid_from:
        raise Invalid(details={"totEnMet": "before"})
    if new.way is not CheckWay.EXEMPTION:
        return
    if until is None or not new.reason:
        given = {"totEnMet": until, "reden": new.reason}
        raise Invalid(details={name: "exemption" for name, value in given.items() if not value})
    if until - valid_from > LONGEST_EXEMPTION:
        raise Invalid(details={"totEnMet": "too-long"})


def _number(new: NewCheck) -> str:
    """The number where the check is one in a register; an exemption is from having one."""
    if new.name.check not in DIGITS or new.way is CheckWay.EXEMPTION:
        if new.number:
            raise Invalid(details={"nummer": "not-here"})
        return ""
    try:
        return register_number(new.name.check, new.number or "")
    except WrongNumber:
        raise Invalid(details={"nummer": f"number-{new.name}"}) from None


def _organisation(
    session: Session, actor: Actor, municipality_id: int, organisation_id: UUID | None
) -> UUID | None:
    if organisation_id is None:
        return None
    if organisation_id not in {one.id for one in organisations(session, actor, municipality_id)}:
        raise Invalid(details={"organisatie": "choose"})
    return organisation_id


def organisations(session: Session, actor: Actor, municipality_id: int) -> list[Organisation]:
    """Those whose own look at their volunteers is trusted: they signed the covenant."""
    query = select(Organisation).where(
        visible(actor, Permission.SEE_ORGANISATIONS, Organisation),
        Organisation.municipality_id == municipality_id,
        Organisation.covenant_signed_on <= today(session),
    )
    return list(session.scalars(query.order_by(Organisation.name, Organisation.id)))


def withdraw(session: Session, actor: Actor, id: UUID, why: Withdrawn) -> PersonCheck:
    """It no longer counts, from this commit on; the line stays, and its holder hears so."""
    rows = select(PersonCheck).where(
        PersonCheck.id == id, PersonCheck.in_reach_of(actor.reach(Permission.RECORD_CHECKS))
    )
    return take_back(session, actor, found(session.scalars(locked(rows)).one_or_none()), why)


def take_back(session: Session, actor: Actor, row: PersonCheck, why: Withdrawn) -> PersonCheck:
    """The same on a row that is locked, for who was found to be allowed."""
    refuse_own(session, actor, row.person_id)
    if row.withdrawn_at is not None:
        raise AlreadyWithdrawn
    row.withdrawn_at, row.withdrawn_by_id = now(session), actor.person_id
    row.withdrawn_reason = why.reason
    session.flush()
    tell(session, row.person_id, row.municipality_id, "check-withdrawn", row.id)
    return row


def name_of(row: PersonCheck) -> CheckName:
    """The check of a record."""
    return CheckName[Check(row.kind).name or ""]
