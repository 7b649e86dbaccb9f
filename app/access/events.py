"""Noting what happens to somebody's ways in, for that person to read."""

from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session, aliased

from app.access.actor import Actor
from app.access.proof_models import Happened, SignInEvent
from app.db import Scope, scoped_to
from app.ids import uuid7
from app.jobs.queue import defer
from app.people.models import Person

SHOWN = 20
TOLD = frozenset(
    {
        Happened.PASSKEY_ADDED, Happened.PASSKEY_REMOVED, Happened.APP_ADDED, Happened.APP_REMOVED,
        Happened.FACTORS_RESET, Happened.LETTER_MADE, Happened.ROLE_GIVEN, Happened.ROLE_ENDED,
        Happened.PROVIDER_ADDED, Happened.PROVIDER_REMOVED, Happened.SHUT_OUT, Happened.LET_IN,
        Happened.PROGRAM_ADDED, Happened.PROGRAM_REMOVED,
    }
)  # fmt: skip
"""What the person hears by mail as well, so that it does not pass unseen."""


def note(session: Session, person_id: UUID, by_id: UUID, kind: Happened, said: str = "") -> None:
    """One line more. Whoever does it may not be able to read it, so that nothing comes back."""
    event_id = uuid7()
    session.execute(
        insert(SignInEvent).values(id=event_id, person_id=person_id, by_id=by_id, kind=kind, said=said)
    )
    if kind in TOLD:
        told = {"event_id": str(event_id), "person_id": str(person_id), "kind": kind.value}
        defer(session, "sign_in.told", queue="mail", **told)


def happened(session: Session, person_id: UUID, event_id: UUID, kind: Happened) -> bool:
    """Whether that was noted, for the worker: the line is that person's own to read, so it is looked up as they do."""
    with scoped_to(session, Scope(person_id)):
        query = select(SignInEvent.kind).where(SignInEvent.owned_by(person_id), SignInEvent.id == event_id)
        return session.scalars(query).one_or_none() is kind


def mine(session: Session, actor: Actor) -> list[tuple[SignInEvent, str]]:
    """What happened last, and the first name of whose doing it was; the newest first."""
    who = aliased(Person)
    # unscoped: one's own rows
    query = (
        select(SignInEvent, who.first_name)
        .join(who, who.id == SignInEvent.by_id)
        .where(SignInEvent.person_id == actor.person_id)
        .order_by(SignInEvent.at.desc(), SignInEvent.id.desc())
        .limit(SHOWN)
    )
    return [(row[0], row[1]) for row in session.execute(query)]
