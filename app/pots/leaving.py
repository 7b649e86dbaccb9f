"""Who leaves, and who moves house: what becomes of their Roosjes."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

import rewards
from app.access.actor import Actor
from app.access.policy import found
from app.access.roles import Permission
from app.clock import now
from app.people.models import Person
from app.pots import notes
from app.pots.errors import KeyUsed, NotNow, PotTooSmall, StillHeld
from app.pots.models import NoteKind
from app.roosjes import service as roosjes
from rewards import errors


@dataclass(frozen=True, slots=True)
class Left:
    """A balance that went to the pot, or came out of it when it was below zero; minutes."""

    balance: int


def leave(session: Session, actor: Actor, person_id: UUID, reason: str, key: UUID) -> Left:
    """Close somebody's account for good, as the makelaar who confirms it; they cannot sign in after that.

    Raises StillHeld while appointments stand open, OwnInterest, PotTooSmall when a debt is larger than the pot.
    """
    person, municipality_id = notes.resident(session, actor, Permission.CONFIRM_DEPARTURE, person_id)
    notes.refuse_own(session, actor, person.id)
    notes.write(session, actor, key, NoteKind.DEPARTURE, person.id, municipality_id, reason)
    account = roosjes.account_of(session, person, municipality_id)
    connection = session.connection()
    try:
        with connection.begin_nested():
            parting = rewards.leave(
                connection, key=f"leave:{key}", actor=found(actor.pseudonym), account=account.id
            )
    except errors.NotEmpty as refusal:
        raise StillHeld from refusal
    except errors.PotEmpty as refusal:
        raise PotTooSmall from refusal
    except errors.KeyReused as refusal:
        raise KeyUsed from refusal
    except (errors.OverLimit, errors.AccountNotOpen, errors.WrongAccount) as refusal:
        raise NotNow from refusal
    person.disabled_at = person.disabled_at or now(session)
    session.flush()
    return Left(parting.balance)


def move(session: Session, person: Person, municipality_id: int) -> None:
    """The person lives here now: their one account comes along, with what stands on it when that can be."""
    rewards.move_home(session.connection(), person.pseudonym, municipality_id)
    carry(session, rewards.left_behind(session.connection(), person.pseudonym))


def carry(session: Session, accounts: list[rewards.Account]) -> int:
    """Take along what stands on accounts that were left behind; what cannot yet is tried again every night."""
    carried = 0
    for account in accounts:
        connection = session.connection()
        try:
            with connection.begin_nested():
                carried += rewards.carry_home(connection, account.id) is not None
        except (
            errors.NotEmpty,
            errors.NoTrust,
            errors.OverLimit,
            errors.AccountNotOpen,
            errors.WrongAccount,
        ):
            continue
    return carried


def carry_all(session: Session) -> int:
    """Every account in sight that was left behind; the worker's sight is the region."""
    return carry(session, rewards.left_behind(session.connection(), limit=1000))
