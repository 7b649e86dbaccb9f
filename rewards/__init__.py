"""The ledger of Roosjes: a schema of its own in PostgreSQL, and functions to book on it and to read it.

Nothing here knows the application: people are pseudonyms, and what a booking is about is a `subject` UUID.
"""

from rewards.accounts import open_account, set_limits, set_status, set_trust
from rewards.errors import LedgerError
from rewards.gifts import donate, grant
from rewards.ledger import expire, expire_due, hold, pay, reverse, settle, void
from rewards.pending import ask, ask_grant, decide, lapse_questions, waiting
from rewards.policies import Policy, Terms, apply_policy, follow_policy, policy_at, set_policy
from rewards.reading import account, accounts, balance, open_holds, statement
from rewards.types import (
    SYSTEM,
    Account,
    AccountId,
    AccountKind,
    AccountStatus,
    Asked,
    Balance,
    BatchId,
    Booking,
    ExpiredHold,
    OpenHold,
    Outcome,
    Question,
    QuestionId,
    Reason,
    StatementLine,
    TransferId,
    TransferKind,
    Unit,
    Verdict,
    Violation,
)

__all__ = [
    "SYSTEM",
    "Account",
    "AccountId",
    "AccountKind",
    "AccountStatus",
    "Asked",
    "Balance",
    "BatchId",
    "Booking",
    "ExpiredHold",
    "LedgerError",
    "OpenHold",
    "Outcome",
    "Policy",
    "Question",
    "QuestionId",
    "Reason",
    "StatementLine",
    "Terms",
    "TransferId",
    "TransferKind",
    "Unit",
    "Verdict",
    "Violation",
    "account",
    "accounts",
    "apply_policy",
    "ask",
    "ask_grant",
    "balance",
    "decide",
    "donate",
    "expire",
    "expire_due",
    "follow_policy",
    "grant",
    "hold",
    "lapse_questions",
    "open_account",
    "open_holds",
    "pay",
    "policy_at",
    "reverse",
    "set_limits",
    "set_policy",
    "set_status",
    "set_trust",
    "settle",
    "statement",
    "void",
    "waiting",
]
