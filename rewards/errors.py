"""Why the ledger refuses.

    LedgerError
    ├── InvalidInput          the arguments make no sense; nothing was sent to the database
    │   ├── InvalidAmount     not a whole number from 1 to AMOUNT_MAX
    │   └── MistypedSerial    no serial could read so
    ├── UnknownAccount        no such account, or none that this transaction may see
    ├── UnknownHold           no such hold
    ├── UnknownTransfer       no such transfer
    ├── AccountNotOpen        frozen or closed
    ├── SameAccount           payer and payee are one
    ├── DifferentUnits        Roosjes to an account of something else
    ├── WrongAccount          an account of this kind is not booked on in this way
    ├── OverLimit
    │   ├── Overdrawn         the payer's floor
    │   ├── Overfull          the payee's ceiling
    │   ├── GrantCeiling      what a person may be granted in a period
    │   ├── TrustExhausted    what one municipality grants the other
    │   └── PotEmpty          what is in the pot
    ├── NoTrust               the municipalities have no such arrangement
    ├── KeyReused             the idempotency key was used for a different request
    ├── HoldEnded             settled, voided or expired before
    ├── HoldPastExpiry        too late to settle
    ├── HoldNotDue            too early to expire
    ├── ExpiryInPast          a new hold that would be over at once
    ├── MoreThanHeld          a settlement above its hold
    ├── NotReversible         a hold, or itself a reversal
    ├── AlreadyReversed
    ├── NotEmpty              an account with a balance or holds is not closed
    ├── PolicyInPast          a policy that would reach back
    ├── OwnInterest           who asked, or would get it, decides on nothing
    ├── NeedsSecondEyes       a grant above the threshold: ask for it
    ├── UnknownQuestion       nothing of the kind was asked
    ├── AlreadyDecided        accepted, rejected or lapsed
    ├── TooLateToDecide       nobody answered in time
    ├── ReceiverCanBear       no case for the pot: reverse it
    ├── AlreadyMadeWhole      the pot made good for it
    ├── SerialRefused         unknown, ended, expired, or of another municipality or desk: one refusal for all
    ├── SerialTaken           a new paper under a serial that there was before
    ├── MonthClosed           a booking with a time in a month that was closed
    ├── UnknownBooks          no accounts of this unit there, or none that this transaction may see
    ├── MonthNotOver          only past months are closed
    ├── MonthOutOfOrder       an earlier month is to be closed first
    ├── DoesNotReconcile      the month's sums do not add up


    ├── PeriodOverlaps        the person has a budget on some of these days
    ├── UnknownPeriod         no such period of a budget
    ├── PeriodOver            past its end, closed, or the spending was not in it
    ├── ReceiptUsed           a receipt is refunded once
    ├── UnknownNetting        no such proposal, or not of this side
    ├── NettingOutgrown       by now less is open, or a later month was proposed
    ├── NettingAnswered       this side, or a no of the other, came before
    ├── UnknownInvoice        no such invoice, or none of this side that this transaction may see
    ├── NothingDue            no cheques wait to be invoiced
    ├── InvoiceStands         another step came before, or this one is not allowed from there
    ├── OtherSide             a step for who pays by who is paid, or the other way around
    ├── PassedOn              a payment whose money a payment of somebody else passed on
    ├── AllowanceExceeded     more than a volunteer may have in a month or a year
    ├── UnknownAllowance      no such allowance
    ├── AllowanceWithdrawn    it was withdrawn before
    ├── RulesReachBack        rules for allowances begin with a coming month
    ├── RulesSet              there are other rules from that day on
    ├── AppendOnly            somebody tried to change what was booked
    └── LedgerBroken          a booking touched fewer rows than it must: a fault, never the caller's

The database raises each as an SQLSTATE of class ZL. `details` holds numbers for a message to the person.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from sqlalchemy.exc import DBAPIError


class LedgerError(Exception):
    """The ledger refused, and stored nothing. Subclasses say why."""

    sqlstate: ClassVar[str] = ""

    def __init__(self, message: str = "", **details: Any) -> None:
        super().__init__(message or (type(self).__doc__ or ""))
        self.details = details


class InvalidInput(LedgerError):
    """The arguments make no sense."""

    sqlstate = "ZL020"


class InvalidAmount(InvalidInput):
    """Not a whole number from 1 to AMOUNT_MAX."""

    sqlstate = ""


class MistypedSerial(InvalidInput):
    """No serial could read so: a character is missing or wrong."""

    sqlstate = ""


class UnknownAccount(LedgerError):
    """No such account, or none that this transaction may see."""

    sqlstate = "ZL001"


class AccountNotOpen(LedgerError):
    """The account is frozen or closed. details: account, status."""

    sqlstate = "ZL002"


class SameAccount(LedgerError):
    """Payer and payee are the same account."""

    sqlstate = "ZL003"


class DifferentUnits(LedgerError):
    """The accounts have different units."""

    sqlstate = "ZL004"


class OverLimit(LedgerError):
    """A limit would be passed, holds included. details: account, asked, room (all in the unit)."""


class Overdrawn(OverLimit):
    """The payer would pass the floor."""

    sqlstate = "ZL005"


class Overfull(OverLimit):
    """The payee would pass the ceiling."""

    sqlstate = "ZL006"


class NoTrust(LedgerError):
    """The payee's municipality does not go along with the payer's. details: both numbers."""

    sqlstate = "ZL007"


class TrustExhausted(OverLimit):
    """The payee's municipality goes along with the payer's no further."""

    sqlstate = "ZL008"


class KeyReused(LedgerError):
    """The idempotency key was used for a different request by this actor."""

    sqlstate = "ZL009"


class UnknownHold(LedgerError):
    """No such hold."""

    sqlstate = "ZL010"


class HoldEnded(LedgerError):
    """The hold was settled, voided or expired before. details: ended_by."""

    sqlstate = "ZL011"


class HoldPastExpiry(LedgerError):
    """The hold is past its expiry: it can be voided or expired, not settled."""

    sqlstate = "ZL012"


class HoldNotDue(LedgerError):
    """The hold has not reached its expiry."""

    sqlstate = "ZL013"


class MoreThanHeld(LedgerError):
    """The settlement is above its hold. details: held."""

    sqlstate = "ZL014"


class UnknownTransfer(LedgerError):
    """No such transfer."""

    sqlstate = "ZL015"


class NotReversible(LedgerError):
    """Only a settlement or a payment is reversed."""

    sqlstate = "ZL016"


class AlreadyReversed(LedgerError):
    """The transfer was reversed before."""

    sqlstate = "ZL017"


class ExpiryInPast(LedgerError):
    """The hold would expire before it begins."""

    sqlstate = "ZL018"


class NotEmpty(LedgerError):
    """The account has a balance or open holds."""

    sqlstate = "ZL019"


class WrongAccount(LedgerError):
    """An account of this kind or unit is not booked on, or limited, in this way."""

    sqlstate = "ZL022"


class PolicyInPast(LedgerError):
    """The policy would begin in the past."""

    sqlstate = "ZL030"


class PotEmpty(OverLimit):
    """The pot has not got that much. details: asked, room."""

    sqlstate = "ZL031"


class OwnInterest(LedgerError):
    """Who asked, or would get it, decides on nothing; nobody grants to themselves."""

    sqlstate = "ZL032"


class NeedsSecondEyes(LedgerError):
    """A grant above the policy's threshold waits for somebody else. details: asked, threshold."""

    sqlstate = "ZL033"


class UnknownQuestion(LedgerError):
    """Nothing of the kind was asked."""

    sqlstate = "ZL034"


class AlreadyDecided(LedgerError):
    """The question was answered before. details: outcome."""

    sqlstate = "ZL035"


class TooLateToDecide(LedgerError):
    """Nobody answered in time."""

    sqlstate = "ZL036"


class ReceiverCanBear(LedgerError):
    """The receiver can bear a reversal: the pot stands in only when not."""

    sqlstate = "ZL037"


class AlreadyMadeWhole(LedgerError):
    """The pot made good for this transfer before."""

    sqlstate = "ZL038"


class SerialRefused(LedgerError):
    """No paper with this serial can be handed in here: unknown, ended, expired, or of another place."""

    sqlstate = "ZL040"


class SerialTaken(LedgerError):
    """A serial was used before, or twice at once."""

    sqlstate = "ZL041"


class MonthClosed(LedgerError):
    """The month is closed; corrections go to the open one. details: municipality, month."""

    sqlstate = "ZL060"


class UnknownBooks(LedgerError):
    """No accounts of this unit in this municipality, or none that this transaction may see."""

    sqlstate = "ZL061"


class MonthNotOver(LedgerError):
    """Only a month that is over is closed."""

    sqlstate = "ZL062"


class MonthOutOfOrder(LedgerError):
    """Another month is to be closed first. details: month."""

    sqlstate = "ZL063"


class DoesNotReconcile(LedgerError):
    """The month's sums do not add up, so it cannot be closed."""

    sqlstate = "ZL064"


class PeriodOverlaps(LedgerError):
    """The person has a period of a budget on some of these days."""

    sqlstate = "ZL042"


class UnknownPeriod(LedgerError):
    """No such period. details: period."""

    sqlstate = "ZL043"


class PeriodOver(LedgerError):
    """The period is past its end or closed, or what was spent was not spent in it."""

    sqlstate = "ZL044"


class ReceiptUsed(LedgerError):
    """A receipt is refunded once."""

    sqlstate = "ZL045"


class GrantCeiling(OverLimit):
    """More than a person may be granted in a period, whatever was spent of it."""

    sqlstate = "ZL046"


class UnknownNetting(LedgerError):
    """No such proposal, or none of this side that this transaction may see."""

    sqlstate = "ZL065"


class NettingOutgrown(LedgerError):
    """By now less is open than this, or a later month was proposed. details: asked, room."""

    sqlstate = "ZL066"


class NettingAnswered(LedgerError):
    """The proposal was answered before."""

    sqlstate = "ZL067"


class UnknownInvoice(LedgerError):
    """No such invoice, or none of this side that this transaction may see."""

    sqlstate = "ZL070"


class NothingDue(LedgerError):
    """No cheques of these providers wait to be invoiced."""

    sqlstate = "ZL071"


class InvoiceStands(LedgerError):
    """The invoice does not stand so that this step follows. details: state."""

    sqlstate = "ZL072"


class OtherSide(LedgerError):
    """This step is for the other side: who is paid sends and withdraws, who pays disputes and reports."""

    sqlstate = "ZL073"


class PassedOn(LedgerError):
    """The money of this payment was passed on; that is corrected first. details: invoice."""

    sqlstate = "ZL074"


class AllowanceExceeded(LedgerError):
    """More than a volunteer may have in a month or a year. details: span, asked, room (cents)."""

    sqlstate = "ZL050"


class UnknownAllowance(LedgerError):
    """No such allowance. details: allowance."""

    sqlstate = "ZL051"


class AllowanceWithdrawn(LedgerError):
    """The allowance was withdrawn before."""

    sqlstate = "ZL052"


class RulesReachBack(LedgerError):
    """Rules for allowances begin with a month that is still to come."""

    sqlstate = "ZL053"


class RulesSet(LedgerError):
    """There are other rules for allowances from this day on already."""

    sqlstate = "ZL054"


class AppendOnly(LedgerError):
    """What was booked is not changed or deleted."""

    sqlstate = "ZL090"


class LedgerBroken(LedgerError):
    """A booking touched fewer rows than it must, and was stopped."""

    sqlstate = "ZL099"


def _subclasses(kind: type[LedgerError]) -> Iterator[type[LedgerError]]:
    for child in kind.__subclasses__():
        yield child
        yield from _subclasses(child)


BY_SQLSTATE: dict[str, type[LedgerError]] = {
    kind.sqlstate: kind for kind in _subclasses(LedgerError) if kind.sqlstate
}


@contextmanager
def refusals() -> Iterator[None]:
    """Turn the ledger's SQLSTATEs into the errors above; any other database error passes through."""
    try:
        yield
    except DBAPIError as error:
        kind = BY_SQLSTATE.get(getattr(error.orig, "sqlstate", None) or "")
        if kind is None:
            raise
        diagnosis = error.orig.diag  # type: ignore[union-attr]  # psycopg's, as the SQLSTATE shows
        details = json.loads(diagnosis.message_detail or "{}")
        raise kind(diagnosis.message_primary or "", **details) from error
