"""Who works at the desks of a municipality, for its administrator: roles that end, and a telephone that was lost."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.events import note
from app.access.models import RoleGrant
from app.access.policy import require_reach
from app.access.proof_models import Happened
from app.access.roles import STAFF_ROLES, Permission, Role
from app.errors import NotFound
from app.people.models import Contact, Person


@dataclass(frozen=True, slots=True)
class Held:
    """One role of a colleague."""

    id: UUID
    role: Role


@dataclass(frozen=True, slots=True)
class Worker:
    """A colleague, what they may, and whether they have a second way in."""

    id: UUID
    first_name: str
    email: str
    roles: tuple[Held, ...]
    passkeys: int
    app: bool
    sessions: int
    providers: tuple[str, ...]
    """Through which they come in with a second proof that is shown there."""
    by_hand: bool
    """Whether a role here is not only a provider's word, so that their mail opens it too."""

    @property
    def keyed(self) -> bool:
        """Whether there is a key or an app of their own here."""
        return self.passkeys > 0 or self.app

    @property
    def secured(self) -> bool:
        """Whether a mailbox alone does not open the desk any more."""
        return self.keyed or (bool(self.providers) and not self.by_hand)


def every(session: Session, actor: Actor, municipality_id: int) -> list[Worker]:
    """All who have a role at the desks of one municipality, by name. Raises NotFound."""
    require_reach(actor, Permission.MANAGE_STAFF, municipality_id)
    # unscoped: the permission was asked for this municipality
    query = (
        select(RoleGrant.id, RoleGrant.role, Person.id.label("person_id"), Person.first_name, Contact.email)
        .join(Person, Person.id == RoleGrant.person_id)
        .outerjoin(Contact, Contact.person_id == Person.id)
        .where(RoleGrant.municipality_id == municipality_id, RoleGrant.role.in_(STAFF_ROLES))
        .order_by(Person.first_name, Person.id, RoleGrant.role)
    )
    rows = session.execute(query).all()
    secured = session.execute(text("SELECT * FROM staff_security(:m)"), {"m": municipality_id}).all()
    by_person = {row.person_id: row for row in secured}
    through = session.execute(text("SELECT * FROM staff_through(:m)"), {"m": municipality_id}).all()
    ways = {row.person_id: row for row in through}
    people = dict.fromkeys((row.person_id, row.first_name, row.email or "") for row in rows)
    return [
        Worker(
            person_id, first_name, email,
            tuple(Held(row.id, row.role) for row in rows if row.person_id == person_id),
            by_person[person_id].passkeys, by_person[person_id].app, by_person[person_id].sessions,
            tuple(ways[person_id].providers), ways[person_id].by_hand,
        )
        for person_id, first_name, email in people
    ]  # fmt: skip


def one(session: Session, actor: Actor, municipality_id: int, person_id: UUID) -> Worker:
    """A colleague; raises NotFound for whoever is none here."""
    for worker in every(session, actor, municipality_id):
        if worker.id == person_id:
            return worker
    raise NotFound


def end_role(session: Session, actor: Actor, municipality_id: int, grant_id: UUID) -> None:
    """A role ends, and with it every session of who had it. Raises NotFound, also for a role of one's own."""
    workers = every(session, actor, municipality_id)
    held = next((role for worker in workers for role in worker.roles if role.id == grant_id), None)
    person_id: UUID | None = session.execute(
        text("SELECT end_staff_role(:id)"), {"id": grant_id}
    ).scalar_one_or_none()
    if held is None or person_id is None:
        raise NotFound
    note(session, person_id, actor.person_id, Happened.ROLE_ENDED, str(held.role))


def reset(session: Session, actor: Actor, municipality_id: int, person_id: UUID) -> None:
    """Take every key and app of a colleague away: they begin anew with their mail. Raises NotFound, for oneself too."""
    one(session, actor, municipality_id, person_id)
    _as_second(session, "SELECT reset_second_factor(:id)", person_id)
    note(session, person_id, actor.person_id, Happened.FACTORS_RESET)


def sign_out(session: Session, actor: Actor, municipality_id: int, person_id: UUID) -> None:
    """End every session of a colleague at once. Raises NotFound, for oneself too."""
    one(session, actor, municipality_id, person_id)
    _as_second(session, "SELECT end_staff_sessions(:id)", person_id)
    note(session, person_id, actor.person_id, Happened.SESSIONS_ENDED)


def _as_second(session: Session, call: str, person_id: UUID) -> None:
    if not session.execute(text(call), {"id": person_id}).scalar_one():
        raise NotFound
