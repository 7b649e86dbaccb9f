"""Keys: UUIDv7, so that rows inserted together lie together."""

from uuid import UUID

from uuid_utils.compat import uuid7 as _uuid7


def uuid7() -> UUID:
    """A new time-ordered key."""
    return _uuid7()
