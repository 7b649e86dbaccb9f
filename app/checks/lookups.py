"""Looking up a KvK number: asked at the desk, answered by a job, compared by the makelaar."""

import logging
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.access.policy import visible
from app.access.roles import Permission
from app.categories.vocabulary import Check
from app.checks.kvk import Company, KeyRefused, Kvk
from app.checks.models import KvkLookup, KvkOutcome
from app.checks.numbers import WrongNumber, register_number
from app.checks.schemas import NumberAsked
from app.checks.service import municipality_of
from app.clock import now
from app.config import Settings
from app.errors import Invalid, TooMany
from app.jobs.queue import defer

KEPT: Final = timedelta(days=30)
A_DAY: Final = timedelta(days=1)
MOST_A_DAY: Final = 10
"""About one person; who types more numbers than this is guessing."""

log = logging.getLogger("zorgvoorelkaar.checks")


def register_of(settings: Settings) -> Kvk | None:
    """The register, or None where this installation has no key."""
    if settings.kvk_key is None or not settings.kvk_key.get_secret_value():
        return None
    return Kvk(settings.kvk_key.get_secret_value(), settings.kvk_url, timeout_s=settings.kvk_timeout_s)


def ask(session: Session, actor: Actor, person_id: UUID, asked: NumberAsked) -> KvkLookup:
    """Have a number looked up; a job does so, since nobody waits for another's server. Raises Invalid, TooMany."""
    municipality_id = municipality_of(session, actor, person_id)
    try:
        number = register_number(Check.KVK, asked.number)
    except WrongNumber:
        raise Invalid(details={"nummer": "number-kvk"}) from None
    today = [row for row in of_person(session, actor, person_id) if row.asked_at > now(session) - A_DAY]
    if len(today) >= MOST_A_DAY:
        raise TooMany
    row = KvkLookup(
        municipality_id=municipality_id, person_id=person_id, number=number, asked_by_id=actor.person_id
    )
    session.add(row)
    session.flush()
    defer(session, "checks.kvk", lookup_id=str(row.id))
    return row


def of_person(session: Session, actor: Actor, person_id: UUID) -> list[KvkLookup]:
    """What was asked about somebody and what came back, the newest first."""
    rows = select(KvkLookup).where(
        visible(actor, Permission.RECORD_CHECKS, KvkLookup), KvkLookup.person_id == person_id
    )
    return list(
        session.scalars(
            rows.options(joinedload(KvkLookup.asked_by)).order_by(KvkLookup.asked_at.desc()).limit(20)
        )
    )


def number_to_ask(session: Session, id: UUID) -> str | None:
    """The number of a question that still waits for its answer; the worker's reach is everyone."""
    # unscoped: the worker's reach is every municipality
    row = session.scalars(select(KvkLookup).where(KvkLookup.id == id)).one_or_none()
    if row is None or row.outcome not in (None, KvkOutcome.UNAVAILABLE):
        return None
    return row.number


def answer(session: Session, id: UUID, found: Company | KvkOutcome) -> None:
    """Write down what the register said."""
    # unscoped: the worker's reach is every municipality
    row = session.scalars(select(KvkLookup).where(KvkLookup.id == id).with_for_update()).one_or_none()
    if row is None:
        return
    row.answered_at = now(session)
    if isinstance(found, Company):
        row.outcome = KvkOutcome.FOUND if found.active else KvkOutcome.ENDED
        row.name, row.legal_form, row.place = found.name, found.legal_form, found.place
    else:
        row.outcome = found


def look_up(register: Kvk | None, number: str) -> Company | KvkOutcome:
    """What the register says; KvkError when it does not answer, or when the key was taken out in between."""
    if register is None:
        raise KeyRefused("there is none")
    return register.find(number) or KvkOutcome.UNKNOWN


def outcome_of(error: Exception) -> KvkOutcome:
    """What to tell the makelaar of a failure; one that only the keeper of the installation can mend is logged."""
    if isinstance(error, KeyRefused):
        log.error("the register of companies refuses the key of ZVE_KVK_KEY: %s", error)
        return KvkOutcome.REFUSED
    return KvkOutcome.UNAVAILABLE


def tidy(session: Session) -> None:
    """Let go of answers that nobody needs any more; what was written down as a check stays."""
    # unscoped: the worker's reach is everyone
    session.execute(delete(KvkLookup).where(KvkLookup.asked_at < now(session) - KEPT))
