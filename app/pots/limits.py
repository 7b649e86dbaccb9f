"""Personal limits by a makelaar, and the rules of a municipality from a day on."""

from datetime import datetime, time
from uuid import UUID

from sqlalchemy.orm import Session

import rewards
from app.access.actor import Actor
from app.access.policy import found, require
from app.access.roles import Permission
from app.clock import AMSTERDAM, now
from app.errors import Invalid
from app.pots import notes
from app.pots.errors import KeyUsed, NotNow
from app.pots.models import NoteKind
from app.pots.schemas import Limits, Rules
from app.roosjes import service as roosjes
from rewards import errors


def set_personal(
    session: Session, actor: Actor, person_id: UUID, limits: Limits, key: UUID
) -> rewards.Account:
    """A floor and ceiling of one's own, or back to the municipality's. A lower limit only blocks further debits.

    Raises Forbidden for a member's own account, OwnInterest for the makelaar's own or household's, NotNow.
    """
    person, municipality_id = notes.resident(session, actor, Permission.SET_LIMITS, person_id)
    notes.refuse_own(session, actor, person.id)
    notes.write(
        session, actor, key, NoteKind.LIMITS, person.id, municipality_id, limits.reason,
        floor=limits.floor, ceiling=limits.ceiling,
    )  # fmt: skip
    account = roosjes.account_of(session, person, municipality_id)
    connection = session.connection()
    try:
        with connection.begin_nested():
            if limits.floor is None or limits.ceiling is None:
                return rewards.follow_policy(connection, account.id)
            return rewards.set_limits(connection, account.id, floor=limits.floor, ceiling=limits.ceiling)
    except (errors.AccountNotOpen, errors.WrongAccount) as refusal:
        raise NotNow from refusal


def rules_at(session: Session, municipality_id: int) -> rewards.Policy:
    """What holds now."""
    return rewards.policy_at(session.connection(), municipality_id, now(session))


def history(session: Session, actor: Actor, municipality_id: int) -> list[tuple[rewards.Policy, str]]:
    """All rules that were set, the last to begin first, each with who set them."""
    if municipality_id not in actor.reach(Permission.SEE_LEDGER):
        require(actor, Permission.SET_POLICY, municipality_id)
    rows = rewards.policies_of(session.connection(), municipality_id)
    names = roosjes.names(session, {row.set_by for row in rows if row.set_by})
    return [(row, names.get(row.set_by, "") if row.set_by else "") for row in rows]


def set_rules(
    session: Session, actor: Actor, municipality_id: int, rules: Rules, key: UUID
) -> rewards.Policy:
    """From a day on, at midnight in Amsterdam, or from now on. Raises Invalid for a day that has begun, KeyUsed."""
    require(actor, Permission.SET_POLICY, municipality_id)
    begins = None
    if rules.from_date is not None:
        begins = datetime.combine(rules.from_date, time(), AMSTERDAM)
        if begins < now(session):
            raise Invalid(details={"vanaf": "past"})
    before = rules_at(session, municipality_id).terms
    terms = rewards.Terms(
        floor=rules.floor, ceiling=rules.ceiling, lowest_floor=rules.lowest_floor,
        growth_percent=rules.growth_percent, eyes_above=rules.eyes_above,
        grace_days=before.grace_days if rules.grace_days is None else rules.grace_days,
        asked_days=rules.asked_days, eyes_days=rules.eyes_days,
        eyes_above_cents=before.eyes_above_cents if rules.eyes_above_cents is None else rules.eyes_above_cents,
    )  # fmt: skip
    connection = session.connection()
    try:
        with connection.begin_nested():
            policy = rewards.set_policy(
                connection, key=f"rules:{key}", actor=found(actor.pseudonym), municipality_id=municipality_id,
                terms=terms, valid_from=begins,
            )  # fmt: skip
    except errors.PolicyInPast as refusal:
        raise Invalid(details={"vanaf": "past"}) from refusal
    except errors.KeyReused as refusal:
        raise KeyUsed from refusal
    if begins is None:
        apply_rules(session, municipality_id)
    return policy


def apply_rules(session: Session, municipality_id: int) -> None:
    """Bring every account of the municipality in line with what holds now; personal limits stay."""
    after: rewards.AccountId | None = rewards.AccountId(0)
    while after is not None:
        after = rewards.apply_policy(session.connection(), municipality_id, after=after)
