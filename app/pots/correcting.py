"""Setting a booking right: taken back with a reason, or made good by the pot when it cannot be given back."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

import rewards
from app.access.actor import Actor
from app.access.policy import found, require
from app.access.roles import Permission
from app.errors import NotFound
from app.ids import uuid7
from app.notifications.service import tell
from app.pots import notes
from app.pots.errors import Answered, CanBear, CannotBear, NeedsColleague, NotNow, PotTooSmall
from rewards import errors

_TRANSFER = text("""
    SELECT t.id, t.amount, b.occurred_at, b.operation, giver.id, giver.first_name, getter.id, getter.first_name,
           a.municipality_id, r.id IS NOT NULL, w.transfer_id IS NOT NULL
    FROM ledger.transfer t
    JOIN ledger.batch b ON b.id = t.batch_id
    JOIN ledger.account a ON a.id = t.debit_id
    LEFT JOIN person giver ON giver.pseudonym = t.payer
    LEFT JOIN person getter ON getter.pseudonym = t.payee
    LEFT JOIN ledger.transfer r ON r.reverses_id = t.id
    LEFT JOIN ledger.made_whole w ON w.transfer_id = t.id
    WHERE t.id = :transfer AND t.follows_id IS NULL AND t.kind IN ('settle', 'pay') AND t.unit = 'ROOSJE_MIN'
        AND b.operation IN ('settle', 'pay', 'pay_many', 'share', 'donate', 'grant')
""")


@dataclass(frozen=True, slots=True)
class Booked:
    """A booking that a makelaar may set right; the names are empty for the pot."""

    transfer: int
    minutes: int
    moment: datetime
    operation: str
    giver_id: UUID | None
    giver: str | None
    getter_id: UUID | None
    getter: str | None
    municipality_id: int
    taken_back: bool
    made_whole: bool

    def parties(self) -> list[UUID]:
        """The people at its ends."""
        return [id for id in (self.giver_id, self.getter_id) if id is not None]


def booked(session: Session, actor: Actor, transfer: int) -> Booked:
    """A settlement or payment out of an account of the actor's municipalities; NotFound for any other."""
    row = session.execute(_TRANSFER, {"transfer": transfer}).one_or_none()
    seen = Booked(*found(row))
    if seen.municipality_id not in actor.reach(Permission.CORRECT_LEDGER):
        raise NotFound
    return seen


def take_back(session: Session, actor: Actor, transfer: int, reason: rewards.Reason) -> None:
    """The exact opposite, once, with a reason; both lines stay. Raises CannotBear, Answered, OwnInterest."""
    seen = _mine_to_set_right(session, actor, transfer)
    connection = session.connection()
    try:
        with connection.begin_nested():
            done = rewards.reverse(
                connection, key=f"reverse:{transfer}", actor=found(actor.pseudonym),
                transfer=rewards.TransferId(transfer), reason=reason,
            )  # fmt: skip
    except (errors.AlreadyReversed, errors.AlreadyMadeWhole, errors.KeyReused) as refusal:
        raise Answered from refusal
    except (errors.OverLimit, errors.AccountNotOpen) as refusal:
        raise CannotBear from refusal
    if not done.hit:
        _tell(session, seen, "taken-back")


def make_whole(session: Session, actor: Actor, transfer: int, reason: rewards.Reason) -> None:
    """The pot pays who was wronged, because who got it cannot give it back; both are told.

    Raises CanBear when a reversal is possible, PotTooSmall, NeedsColleague, Answered, NotNow, OwnInterest.
    """
    seen = _mine_to_set_right(session, actor, transfer)
    require(actor, Permission.GIVE_FROM_POT, seen.municipality_id)
    connection = session.connection()
    try:
        with connection.begin_nested():
            done = rewards.make_whole(
                connection, key=f"whole:{transfer}", actor=found(actor.pseudonym),
                transfer=rewards.TransferId(transfer), reason=reason,
            )  # fmt: skip
    except errors.ReceiverCanBear as refusal:
        raise CanBear from refusal
    except errors.PotEmpty as refusal:
        raise PotTooSmall from refusal
    except errors.NeedsSecondEyes as refusal:
        raise NeedsColleague from refusal
    except (errors.AlreadyReversed, errors.AlreadyMadeWhole, errors.KeyReused) as refusal:
        raise Answered from refusal
    except (errors.OverLimit, errors.AccountNotOpen, errors.WrongAccount) as refusal:
        raise NotNow from refusal
    if not done.hit:
        _tell(session, seen, "made-whole")


def _mine_to_set_right(session: Session, actor: Actor, transfer: int) -> Booked:
    seen = booked(session, actor, transfer)
    notes.refuse_own(session, actor, *seen.parties())  # nobody corrects what they or their house gave or got
    return seen


def _tell(session: Session, seen: Booked, kind: str) -> None:
    about = uuid7()
    for person_id in seen.parties():
        tell(session, person_id, seen.municipality_id, kind, about, minutes=seen.minutes, terms="roosjes")
