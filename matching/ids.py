"""Keys as whole numbers of 128 bits, and back."""

from uuid import UUID, SafeUUID

_new_key = UUID.__new__
_set_number, _set_safety = UUID.__dict__["int"].__set__, UUID.__dict__["is_safe"].__set__


def key_of(number: int) -> UUID:
    """`UUID(int=number)` without its checks, in a third of the time: lists of answers make many."""
    key = _new_key(UUID)
    _set_number(key, number)
    _set_safety(key, SafeUUID.unknown)
    return key
