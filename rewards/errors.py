"""Why the ledger refuses.

    LedgerError
    ├── InvalidInput (InvalidAmount, MistypedSerial): arguments that make no sense
    ├── OverLimit (Overdrawn, Overfull, PotEmpty, GrantCeiling, TrustExhausted): what must stay between two numbers
    └── all others, by what they are about

The database raises each that has an SQLSTATE of class ZL. `details` holds numbers for a message to the person.
"""

import json
from typing import Any, Final

from sqlalchemy.exc import DBAPIError

BY_SQLSTATE: Final[dict[str, type["LedgerError"]]] = {}


class LedgerError(Exception):
    """The ledger refused, and stored nothing. Subclasses say why."""

    sqlstate = ""

    def __init_subclass__(cls, sqlstate: str = "") -> None:
        super().__init_subclass__()
        cls.sqlstate = sqlstate
        if sqlstate:
            BY_SQLSTATE[sqlstate] = cls

    def __init__(self, message: str = "", **details: Any) -> None:
        super().__init__(message or (type(self).__doc__ or ""))
        self.details = details


# Arguments


class InvalidInput(LedgerError, sqlstate="ZL020"):
    """The arguments make no sense."""


class InvalidAmount(InvalidInput):
    """Not a whole number from 1 to AMOUNT_MAX."""


class MistypedSerial(InvalidInput):
    """No serial could read so: a character is missing or wrong."""


# Accounts and limits


class UnknownAccount(LedgerError, sqlstate="ZL001"):
    """No such account, or none that this transaction may see."""


class AccountNotOpen(LedgerError, sqlstate="ZL002"):
    """The account is frozen or closed. details: account, status."""


class NotEmpty(LedgerError, sqlstate="ZL019"):
    """The account has a balance or open holds."""


class WrongAccount(LedgerError, sqlstate="ZL022"):
    """An account of this kind or unit is not booked on, or limited, in this way."""


class SameAccount(LedgerError, sqlstate="ZL003"):
    """Payer and payee are the same account."""


class DifferentUnits(LedgerError, sqlstate="ZL004"):
    """The accounts have different units."""


class OverLimit(LedgerError):
    """A limit would be passed, holds included. details: account, asked, room (all in the unit)."""


class Overdrawn(OverLimit, sqlstate="ZL005"):
    """The payer would pass the floor."""


class Overfull(OverLimit, sqlstate="ZL006"):
    """The payee would pass the ceiling."""


class PotEmpty(OverLimit, sqlstate="ZL031"):
    """The pot has not got that much. details: asked, room."""


class GrantCeiling(OverLimit, sqlstate="ZL046"):
    """More than a person may be granted in a period, whatever was spent of it."""


class TrustExhausted(OverLimit, sqlstate="ZL008"):
    """The payee's municipality goes along with the payer's no further."""


class NoTrust(LedgerError, sqlstate="ZL007"):
    """The payee's municipality does not go along with the payer's. details: both numbers."""


class KeyReused(LedgerError, sqlstate="ZL009"):
    """The idempotency key was used for a different request by this actor."""


# Holds and transfers


class UnknownHold(LedgerError, sqlstate="ZL010"):
    """No such hold."""


class HoldEnded(LedgerError, sqlstate="ZL011"):
    """The hold was settled, voided or expired before. details: ended_by."""


class HoldPastExpiry(LedgerError, sqlstate="ZL012"):
    """The hold is past its expiry: it can be voided or expired, not settled."""


class HoldNotDue(LedgerError, sqlstate="ZL013"):
    """The hold has not reached its expiry."""


class ExpiryInPast(LedgerError, sqlstate="ZL018"):
    """The hold would expire before it begins."""


class MoreThanHeld(LedgerError, sqlstate="ZL014"):
    """The settlement is above its hold. details: held."""


class UnknownTransfer(LedgerError, sqlstate="ZL015"):
    """No such transfer."""


class NotReversible(LedgerError, sqlstate="ZL016"):
    """Only a settlement or a payment is reversed."""


class AlreadyReversed(LedgerError, sqlstate="ZL017"):
    """The transfer was reversed before."""


# Policies, grants and questions


class PolicyInPast(LedgerError, sqlstate="ZL030"):
    """The policy would begin in the past."""


class OwnInterest(LedgerError, sqlstate="ZL032"):
    """Who asked, or would get it, decides on nothing; nobody grants to themselves."""


class NeedsSecondEyes(LedgerError, sqlstate="ZL033"):
    """A grant above the policy's threshold waits for somebody else. details: asked, threshold."""


class UnknownQuestion(LedgerError, sqlstate="ZL034"):
    """Nothing of the kind was asked."""


class AlreadyDecided(LedgerError, sqlstate="ZL035"):
    """The question was answered before. details: outcome."""


class TooLateToDecide(LedgerError, sqlstate="ZL036"):
    """Nobody answered in time."""


class ReceiverCanBear(LedgerError, sqlstate="ZL037"):
    """The receiver can bear a reversal: the pot stands in only when not."""


class AlreadyMadeWhole(LedgerError, sqlstate="ZL038"):
    """The pot made good for this transfer before."""


# Papers


class SerialRefused(LedgerError, sqlstate="ZL040"):
    """No paper with this serial can be handed in here: unknown, ended, expired, or of another place."""


class SerialTaken(LedgerError, sqlstate="ZL041"):
    """A serial was used before, or twice at once."""


# Welfare budgets


class PeriodOverlaps(LedgerError, sqlstate="ZL042"):
    """The person has a period of a budget on some of these days."""


class UnknownPeriod(LedgerError, sqlstate="ZL043"):
    """No such period. details: period."""


class PeriodOver(LedgerError, sqlstate="ZL044"):
    """The period is past its end or closed, or what was spent was not spent in it."""


class ReceiptUsed(LedgerError, sqlstate="ZL045"):
    """A receipt is refunded once."""


# Volunteers' allowances


class AllowanceExceeded(LedgerError, sqlstate="ZL050"):
    """More than a volunteer may have in a month or a year. details: span, asked, room (cents)."""


class UnknownAllowance(LedgerError, sqlstate="ZL051"):
    """No such allowance. details: allowance."""


class AllowanceWithdrawn(LedgerError, sqlstate="ZL052"):
    """The allowance was withdrawn before."""


class RulesReachBack(LedgerError, sqlstate="ZL053"):
    """Rules for allowances begin with a month that is still to come."""


class RulesSet(LedgerError, sqlstate="ZL054"):
    """There are other rules for allowances from this day on already."""


# Months


class MonthClosed(LedgerError, sqlstate="ZL060"):
    """The month is closed; corrections go to the open one. details: municipality, month."""


class UnknownBooks(LedgerError, sqlstate="ZL061"):
    """No accounts of this unit in this municipality, or none that this transaction may see."""


class MonthNotOver(LedgerError, sqlstate="ZL062"):
    """Only a month that is over is closed."""


class MonthOutOfOrder(LedgerError, sqlstate="ZL063"):
    """Another month is to be closed first. details: month."""


class DoesNotReconcile(LedgerError, sqlstate="ZL064"):
    """The month's sums do not add up, so it cannot be closed."""


# Nettings


class UnknownNetting(LedgerError, sqlstate="ZL065"):
    """No such proposal, or none of this side that this transaction may see."""


class NettingOutgrown(LedgerError, sqlstate="ZL066"):
    """By now less is open than this, or a later month was proposed. details: asked, room."""


class NettingAnswered(LedgerError, sqlstate="ZL067"):
    """The proposal was answered before."""


# Invoices


class UnknownInvoice(LedgerError, sqlstate="ZL070"):
    """No such invoice, or none of this side that this transaction may see."""


class NothingDue(LedgerError, sqlstate="ZL071"):
    """No cheques of these providers wait to be invoiced."""


class InvoiceStands(LedgerError, sqlstate="ZL072"):
    """The invoice does not stand so that this step follows. details: state."""


class OtherSide(LedgerError, sqlstate="ZL073"):
    """This step is for the other side: who is paid sends and withdraws, who pays disputes and reports."""


class PassedOn(LedgerError, sqlstate="ZL074"):
    """The money of this payment was passed on; that is corrected first. details: invoice."""


# The books themselves


class AppendOnly(LedgerError, sqlstate="ZL090"):
    """What was booked is not changed or deleted."""


class LedgerBroken(LedgerError, sqlstate="ZL099"):
    """A booking touched fewer rows than it must, and was stopped."""


class refusals:  # noqa: N801  # used as a function would be
    """Turn the ledger's SQLSTATEs into the errors above; any other database error passes through.

    A class, since a generator for each booking takes ten times as long.
    """

    __slots__ = ()

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if not isinstance(error, DBAPIError):
            return
        kind = BY_SQLSTATE.get(getattr(error.orig, "sqlstate", None) or "")
        if kind is None:
            return
        diagnosis = error.orig.diag  # type: ignore[union-attr]  # psycopg's, as the SQLSTATE shows
        details = json.loads(diagnosis.message_detail or "{}")
        raise kind(diagnosis.message_primary or "", **details) from error
