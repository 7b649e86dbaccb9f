"""Telephone numbers, mail and home addresses in what somebody types: pointed out before it is sent, never refused."""

import re
from enum import StrEnum
from typing import Final


class Reach(StrEnum):
    """How somebody could be reached with it."""

    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"


_PHONE: Final = re.compile(r"(?<![\d+])(?:\+31|0031|0)(?:[ .()/-]{0,2}\d){9}(?!\d)")
_EMAIL: Final = re.compile(
    r"[\w.+-]{1,64}\s?(?:@|\(at\)|\[at\])\s?[\w-]{1,63}(?:\.[\w-]{1,63})+", re.IGNORECASE
)
_STREET: Final = re.compile(
    r"\b[^\W\d_][\w'’-]*(?:straat|laan|weg|plein|hof|dijk|pad|kade|singel|steeg|dreef|gracht|plantsoen|markt|akker)"
    r" \d{1,4}(?:[ -]?[a-z])?\b",
    re.IGNORECASE,
)
_POSTCODE: Final = re.compile(r"\b[1-9]\d{3} ?(?!SA|SD|SS)[A-Z]{2}\b")
"""With capitals only: "in 2026 is het" is no postcode."""


def found(words: str) -> Reach | None:
    """The first kind of contact detail in the text, or None."""
    if _EMAIL.search(words):
        return Reach.EMAIL
    if _PHONE.search(words):
        return Reach.PHONE
    if _POSTCODE.search(words) or _STREET.search(words):
        return Reach.ADDRESS
    return None
