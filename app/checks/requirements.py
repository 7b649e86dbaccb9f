"""What help asks of a helper: the municipality's own rule, else the taxonomy's."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import found, locked, require
from app.access.roles import Permission
from app.categories import service as categories
from app.categories.models import Category
from app.categories.vocabulary import Check
from app.checks.models import CheckName, CheckRequirement, CheckRole
from app.checks.schemas import CheckSettings, NewRequirement, TaxonomyAgain
from app.clock import now
from app.help_requests.models import HelpRequest
from app.ids import uuid7
from app.matches.index import checks_of_request
from app.places.models import Municipality


@dataclass(frozen=True, slots=True)
class Rule:
    """What is asked for one kind of help, of one role, and whether the municipality decided so itself."""

    category: Category
    role: CheckRole
    checks: Check
    lasting: Check
    own: bool


def of_request(session: Session, help_request: HelpRequest) -> Check:
    """What this request asks, as the engine knows it in this very transaction."""
    session.flush()
    return Check(checks_of_request(session, help_request.id))


def of_offers(
    session: Session, municipality_id: int, rows: Iterable[Category], *, paid: bool
) -> dict[int, Check]:
    """What each kind of help may ask of who offers it in a municipality, lasting help included; by its number."""
    role = CheckRole.PROFESSIONAL if paid else CheckRole.VOLUNTEER
    rules = _own(session, municipality_id)
    return {
        row.number: rule.checks | rule.lasting
        for row in rows
        for rule in (_rule(row, role, rules.get((row.number, role))),)
    }


def every(session: Session, municipality_id: int) -> list[Rule]:
    """Every kind of help with what it asks of either role, in the order of the taxonomy."""
    rules = _own(session, municipality_id)
    return [
        _rule(row, role, rules.get((row.number, role)))
        for row in categories.every(session)
        for role in CheckRole
    ]


def _own(session: Session, municipality_id: int) -> dict[tuple[int, CheckRole], CheckRequirement]:
    # unscoped: anybody may know what is asked of helpers
    query = select(CheckRequirement).where(CheckRequirement.municipality_id == municipality_id)
    return {(row.category_number, row.role): row for row in session.scalars(query)}


def _rule(category: Category, role: CheckRole, own: CheckRequirement | None) -> Rule:
    """As the view ``request_facts`` says it."""
    if own is not None:
        return Rule(category, role, Check(own.checks), Check(own.lasting_checks), own=True)
    company = Check.KVK if role is CheckRole.PROFESSIONAL else Check(0)
    return Rule(category, role, Check(category.checks) | company, Check(0), own=False)


def mask(names: Iterable[CheckName]) -> Check:
    """Several checks as one."""
    return reduce(or_, (name.check for name in names), Check(0))


def decide(session: Session, actor: Actor, municipality_id: int, new: NewRequirement) -> None:
    """What the municipality asks from now on; open requests follow at once. Raises Invalid for no kind of help."""
    require(actor, Permission.SET_CHECK_RULES, municipality_id)
    category = categories.by_slug(session, new.category)
    values = {
        "checks": int(mask(new.checks)),
        "lasting_checks": int(mask(new.lasting)),
        "changed_by_id": actor.person_id,
        "changed_at": now(session),
    }
    row = insert(CheckRequirement).values(
        id=uuid7(), municipality_id=municipality_id, category_number=category.number, role=new.role, **values
    )
    key = ["municipality_id", "category_number", "role"]
    session.execute(row.on_conflict_do_update(index_elements=key, set_=values))


def undo(session: Session, actor: Actor, municipality_id: int, which: TaxonomyAgain) -> None:
    """Back to what the taxonomy asks."""
    require(actor, Permission.SET_CHECK_RULES, municipality_id)
    category = categories.by_slug(session, which.category)
    # unscoped: the permission was asked for this very municipality
    own = select(CheckRequirement).where(
        CheckRequirement.municipality_id == municipality_id,
        CheckRequirement.category_number == category.number,
        CheckRequirement.role == which.role,
    )
    row = session.scalars(locked(own)).one_or_none()
    if row is not None:
        session.delete(row)
        session.flush()


def settle(session: Session, actor: Actor, municipality_id: int, wanted: CheckSettings) -> None:
    """Notices in advance and the newcomers' first times, as the municipality wants them."""
    require(actor, Permission.SET_CHECK_RULES, municipality_id)
    municipality = found(session.get(Municipality, municipality_id, with_for_update=True))
    municipality.check_notice_weeks = sorted(set(wanted.notice_weeks), reverse=True)
    municipality.newcomer_visits = wanted.newcomer_visits
    municipality.newcomer_meeting = wanted.newcomer_meeting
    session.flush()
