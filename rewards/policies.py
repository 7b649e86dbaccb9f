"""What a municipality gives its residents: limits and periods, from a moment on. Refusals: see `rewards.ledger`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from rewards import strict
from rewards.accounts import ACCOUNT_COLUMNS, account_of
from rewards.errors import InvalidInput, refusals
from rewards.types import Account, AccountId

DAYS_MAX = 365
EYES_MAX_CENTS = 45_000
COLUMNS = (
    "municipality_id, valid_from, floor, ceiling, lowest_floor, growth_percent, eyes_above, grace_days,"
    " asked_days, eyes_days, eyes_above_cents, set_by"
)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a policy says; the defaults hold where a municipality set none. Limits are in minutes."""

    floor: int = -720
    ceiling: int = 3600
    lowest_floor: int = -720
    """How far earning takes the floor down; the floor itself for no growth at all."""
    growth_percent: int = 0
    """How much of what was earned by helping widens the credit line."""
    eyes_above: int = 600
    """A grant of more minutes than this waits for a second pair of eyes."""
    grace_days: int = 30
    """How long a hold lasts after the agreed date."""
    asked_days: int = 14
    """How long a question waits for its answer."""
    eyes_days: int = 30
    """What one account is granted within so many days counts together for `eyes_above`."""
    eyes_above_cents: int = 10_000
    """When welfare grants of one makelaar alone would come above this in a period, a second pair of eyes looks."""

    def floor_for(self, earned: int) -> int:
        """The floor of an account that earned these minutes by helping."""
        return max(self.lowest_floor, self.floor - earned * self.growth_percent // 100)


@dataclass(frozen=True, slots=True)
class Policy:
    """The terms of a municipality from a moment on; without moment and setter they are the defaults."""

    municipality_id: int
    valid_from: datetime | None
    terms: Terms
    set_by: UUID | None


def set_policy(
    connection: Connection,
    *,
    key: str,
    actor: UUID,
    municipality_id: int,
    terms: Terms,
    valid_from: datetime | None = None,
) -> Policy:
    """Follow the policies of before from `valid_from` on (None: now). Raises PolicyInPast, KeyReused.

    Accounts get their new limits by `apply_policy`, once the policy is in force.
    """
    values = (
        strict.key(key),
        strict.pseudonym(actor, "actor"),
        strict.municipality(municipality_id),
        None if valid_from is None else strict.moment(valid_from, "valid_from"),
        *_checked(terms),
    )
    call = "ledger.set_policy(%s, %s, %s, %s, %s, %s, %s, %s::integer, %s, %s::integer, %s::integer, %s::integer, %s)"
    return _policy(connection, call, values)


def policies_of(connection: Connection, municipality_id: int) -> list[Policy]:
    """All that the municipality set and this transaction may see, the one that begins last first."""
    rows = connection.exec_driver_sql(
        f"SELECT {COLUMNS} FROM ledger.policy WHERE municipality_id = %s ORDER BY valid_from DESC, id DESC",  # noqa: S608
        (strict.municipality(municipality_id),),
    )
    return [_read(row) for row in rows]


def policy_at(connection: Connection, municipality_id: int, moment: datetime) -> Policy:
    """What holds in the municipality at a moment, past or to come."""
    values = (strict.municipality(municipality_id), strict.moment(moment, "moment"))
    return _policy(connection, "ledger.policy_at(%s, %s)", values)


def apply_policy(
    connection: Connection, municipality_id: int, *, after: int = 0, limit: int = 500
) -> AccountId | None:
    """Bring up to `limit` accounts after the account `after` in line with the policy in force.

    Returns the account from which to go on, in another transaction; None when all are done. Personal limits stay.
    """
    values = (
        strict.municipality(municipality_id),
        strict.whole(after, "after", 0, strict.ID_MAX),
        strict.whole(limit, "limit", 1, strict.PAGE_MAX),
    )
    with refusals():
        last = connection.exec_driver_sql("SELECT ledger.apply_policy(%s, %s, %s)", values).scalar_one()
    return None if last is None else AccountId(last)


def follow_policy(connection: Connection, account: AccountId) -> Account:
    """Let go of a personal limit. Raises WrongAccount for what no policy is about."""
    with refusals():
        row = connection.exec_driver_sql(
            f"SELECT {ACCOUNT_COLUMNS} FROM ledger.follow_policy(%s)",  # noqa: S608
            (strict.identity(account, "account"),),
        ).one()
    return account_of(row)


def _checked(terms: Terms) -> tuple[int, ...]:
    if not isinstance(terms, Terms):
        raise InvalidInput("not Terms")
    values = (
        strict.whole(terms.floor, "floor", -strict.LIMIT_MAX, 0),
        strict.whole(terms.ceiling, "ceiling", 0, strict.LIMIT_MAX),
        strict.whole(terms.lowest_floor, "lowest_floor", -strict.LIMIT_MAX, 0),
        strict.whole(terms.growth_percent, "growth_percent", 0, 100),
        strict.whole(terms.eyes_above, "eyes_above", 0, strict.AMOUNT_MAX),
        strict.whole(terms.grace_days, "grace_days", 1, DAYS_MAX),
        strict.whole(terms.asked_days, "asked_days", 1, DAYS_MAX),
        strict.whole(terms.eyes_days, "eyes_days", 1, DAYS_MAX),
        strict.whole(terms.eyes_above_cents, "eyes_above_cents", 0, EYES_MAX_CENTS),
    )
    if terms.lowest_floor > terms.floor:
        raise InvalidInput("the lowest floor is not above the floor")
    return values


def _policy(connection: Connection, call: str, values: tuple[Any, ...]) -> Policy:
    # A default begins at -infinity, which Python cannot say.
    columns = COLUMNS.replace("valid_from", "nullif(valid_from, '-infinity')")
    with refusals():
        row = connection.exec_driver_sql(f"SELECT {columns} FROM {call}", values).one()  # noqa: S608
    return _read(row)


def _read(row: Any) -> Policy:
    return Policy(row[0], row[1], Terms(*row[2:11]), row[11])
