"""What may pass the edge of the ledger: whole numbers that are numbers, times with a zone, clean keys."""

from datetime import datetime
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from rewards.errors import InvalidAmount, InvalidInput

AMOUNT_MAX = 1_000_000_000
"""The most one transfer moves; the CHECK `transfer_amount` repeats it."""
LIMIT_MAX = 1_000_000_000_000
"""The furthest a floor or ceiling lies from zero; the CHECK `account_limits_around_zero` repeats it."""
ID_MAX = 2**63 - 1
KEY_LENGTH_MAX = 200
PAGE_MAX = 1000
LIST_MAX = 100
"""The most accounts that one booking names; the function `refuse_list` repeats it."""

Member = TypeVar("Member", bound=StrEnum)


def amount(value: object) -> int:
    """An amount of any unit. True, "60", 1.5, NaN, 0 and 2**63 are none; raises InvalidAmount."""
    if type(value) is not int or not 1 <= value <= AMOUNT_MAX:
        raise InvalidAmount(f"an amount is a whole number from 1 to {AMOUNT_MAX}")
    return value


def whole(value: object, name: str, lowest: int, highest: int) -> int:
    """A whole number within bounds; raises InvalidInput."""
    if type(value) is not int or not lowest <= value <= highest:
        raise InvalidInput(f"{name} is a whole number from {lowest} to {highest}")
    return value


def identity(value: object, name: str) -> int:
    """The number of an account or a transfer."""
    return whole(value, name, 1, ID_MAX)


def municipality(value: object) -> int:
    """A municipality by its CBS number."""
    return whole(value, "a municipality", 1, 9999)


def key(value: object) -> str:
    """An idempotency key: opaque, 1 to 200 characters that PostgreSQL can store."""
    if not isinstance(value, str) or not 1 <= len(value) <= KEY_LENGTH_MAX or not _storable(value):
        raise InvalidInput(f"a key is a text of 1 to {KEY_LENGTH_MAX} characters")
    return value


def pseudonym(value: object, name: str) -> UUID:
    """Somebody's name in the ledger, or the id of a row that it is about."""
    if not isinstance(value, UUID):
        raise InvalidInput(f"{name} is a UUID")
    return value


def accounts(values: object, name: str) -> list[int]:
    """1 to LIST_MAX accounts, each once."""
    if not isinstance(values, (list, tuple)) or not 1 <= len(values) <= LIST_MAX:
        raise InvalidInput(f"{name} are 1 to {LIST_MAX} accounts")
    numbers = [identity(value, name) for value in values]
    if len(set(numbers)) < len(numbers):
        raise InvalidInput(f"{name} are named once each")
    return numbers


def moment(value: object, name: str) -> datetime:
    """A time with its zone."""
    if not isinstance(value, datetime) or value.utcoffset() is None:
        raise InvalidInput(f"{name} is a time with a zone")
    return value


def member(value: object, kind: type[Member]) -> Member:
    """One of an enumeration's members."""
    if not isinstance(value, kind):
        raise InvalidInput(f"not a {kind.__name__}")
    return value


def digest(value: object) -> bytes | None:
    """A SHA-256 hash, or None."""
    if value is not None and (not isinstance(value, bytes) or len(value) != 32):
        raise InvalidInput("a hash is 32 bytes")
    return value


def _storable(text: str) -> bool:
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False
