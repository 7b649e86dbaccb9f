"""Keys: UUIDv7, so that rows inserted together lie together."""

import secrets
from uuid import UUID

from uuid_utils.compat import uuid7 as _uuid7


def uuid7() -> UUID:
    """A new time-ordered key."""
    return _uuid7()


ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without letters and figures that are taken for one another on the telephone."""


def new_reference(begin: str) -> str:
    """A number that can be told by telephone, such as W-7K3M-Q9XD."""
    parts = ["".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(2)]
    return "-".join([begin, *parts])
