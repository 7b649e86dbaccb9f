"""An organisation's own volunteers: what its administrators saw of them counts for help under its flag."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import found, locked
from app.access.roles import Role
from app.audit import write as audit
from app.checks import service
from app.checks.schemas import NewCheck, Withdrawn
from app.clock import today
from app.errors import NotFound
from app.organisations.models import Organisation
from app.people.models import PersonCheck
from app.pots.notes import refuse_own


@dataclass(frozen=True, slots=True)
class Volunteer:
    """Somebody who helps under the flag, with what the organisation wrote down itself."""

    person_id: UUID
    first_name: str
    checks: list[PersonCheck]


def organisation(session: Session, actor: Actor) -> Organisation:
    """The organisation with a covenant that the actor administers; NotFound for anybody else."""
    flags = [
        grant.organisation_id for grant in actor.grants
        if grant.role is Role.ORGANISATION_ADMINISTRATOR and grant.organisation_id is not None
    ]  # fmt: skip
    # unscoped: anybody may find organisations
    signed = select(Organisation).where(
        Organisation.id.in_(flags), Organisation.covenant_signed_on <= today(session)
    )
    return found(session.scalars(signed.order_by(Organisation.name).limit(1)).one_or_none())


def every(session: Session, actor: Actor) -> list[Volunteer]:
    """All who help under the flag, by name; whose checks were shown is written down."""
    flag = organisation(session, actor)
    shown = _all(session, flag)
    known = {volunteer.person_id: flag.municipality_id for volunteer in shown if volunteer.checks}
    audit.note_each(session, actor, audit.Act.CHECKS, known, flag.name)
    return shown


def _all(session: Session, flag: Organisation) -> list[Volunteer]:
    named = func.volunteers_of(flag.id).table_valued("person_id", "first_name")
    people = session.execute(select(named.c.person_id, named.c.first_name)).all()
    # unscoped: row-level security: what the organisation wrote down itself
    rows = select(PersonCheck).where(PersonCheck.organisation_id == flag.id).options(*service.FACES)
    checks = session.scalars(rows.order_by(PersonCheck.kind, PersonCheck.valid_from.desc())).all()
    return [
        Volunteer(id, name, [row for row in checks if row.person_id == id])
        for id, name in sorted(people, key=lambda one: (one[1].lower(), str(one[0])))
    ]


def one(session: Session, actor: Actor, person_id: UUID) -> Volunteer:
    """One of them; NotFound for anybody else."""
    for volunteer in _all(session, organisation(session, actor)):
        if volunteer.person_id == person_id:
            return volunteer
    raise NotFound


def record(session: Session, actor: Actor, person_id: UUID, new: NewCheck) -> PersonCheck:
    """Write down what the organisation saw; always under its own flag. Raises Invalid, OwnInterest."""
    one(session, actor, person_id)
    refuse_own(session, actor, person_id)
    flag = organisation(session, actor)
    return service.write(session, actor, flag.municipality_id, person_id, flag.id, new)


def withdraw(session: Session, actor: Actor, id: UUID, why: Withdrawn) -> PersonCheck:
    """What the organisation wrote down itself no longer counts."""
    flag = organisation(session, actor)
    # unscoped: row-level security: what the organisation wrote down itself
    row = select(PersonCheck).where(PersonCheck.id == id, PersonCheck.organisation_id == flag.id)
    seen = found(session.scalars(locked(row)).one_or_none())
    one(session, actor, seen.person_id)
    return service.take_back(session, actor, seen, why)
