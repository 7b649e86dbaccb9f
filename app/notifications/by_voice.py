"""How somebody wants to hear from us, as they say it on the telephone or at the counter: a desk writes it down.

It is theirs to say: the desk sees and changes it with them, each time is in their log, and they hear of a change.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import found, require_reach
from app.access.roles import Permission
from app.audit import write as audit
from app.clock import now
from app.db import scoped_to
from app.errors import NotFound
from app.notifications import wishes
from app.notifications.groups import Group, Way
from app.notifications.service import tell
from app.notifications.wishes import Choice
from app.people import service as people
from app.people.models import Person
from app.pots.notes import refuse_own

SEEN: Final = "hoe wij schrijven"
"""The person reads this beside who looked."""


class Heard(StrEnum):
    """How they said it."""

    PHONE = "telefoon"
    COUNTER = "balie"
    VISIT = "bezoek"


def of(session: Session, staff: Actor, person_id: UUID) -> tuple[Person, list[Choice]]:
    """Somebody of one's own municipality, and their choices; the look is in the log. Raises NotFound, OwnInterest."""
    with _in_their_place(session, staff, person_id) as (person, themselves):
        choices = wishes.mine(session, themselves)
    _note(session, staff, themselves, SEEN)
    return person, choices


def choose(session: Session, staff: Actor, person_id: UUID, wanted: dict[Group, Way], heard: Heard) -> None:
    """Keep what they said. The log says whose hand it was, and they hear of it.

    Raises Invalid for a way that a group has not, NotFound, OwnInterest.
    """
    with _in_their_place(session, staff, person_id) as (_, themselves):
        before = {choice.group: choice.way for choice in wishes.mine(session, themselves)}
        changed = {group: way for group, way in wanted.items() if before.get(group) is not way}
        wishes.choose(session, themselves, changed)
    if not changed:
        return
    _note(session, staff, themselves, f"{SEEN}: veranderd, zoals gezegd ({heard.value})")
    assert themselves.home is not None, "somebody who lives here"
    minute = int(now(session).timestamp()) // 60
    tell(session, person_id, themselves.home, "wishes-written", person_id, turn=minute)


@contextmanager
def _in_their_place(session: Session, staff: Actor, person_id: UUID) -> Iterator[tuple[Person, Actor]]:
    """Somebody who lives here, as if they were here."""
    home = people.home(session, person_id)
    require_reach(staff, Permission.REGISTER_PERSON, home.municipality_id)
    person = found(session.get(Person, person_id))
    if person.forgotten_at is not None:
        raise NotFound
    refuse_own(session, staff, person_id)
    themselves = Actor(person.id, person.pseudonym, person.first_name, home.municipality_id)
    with scoped_to(session, themselves.scope):
        yield person, themselves


def _note(session: Session, staff: Actor, themselves: Actor, reason: str) -> None:
    audit.note(
        session, staff, audit.Act.PERSON, subject=themselves.person_id, municipality_id=themselves.home,
        entity="person", entity_id=themselves.person_id, reason=reason,
    )  # fmt: skip
