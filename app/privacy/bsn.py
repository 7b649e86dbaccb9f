"""Finding what may be a citizen service number (BSN) in a text: we may not have it, so we ask before it is sent.

The test is the Dutch elfproef (Wet algemene bepalingen burgerservicenummer): nine digits, of which
9a + 8b + 7c + 6d + 5e + 4f + 3g + 2h - i can be divided by eleven.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

DIGITS: Final = 9
WEIGHTS: Final = (9, 8, 7, 6, 5, 4, 3, 2, -1)
_FOUND: Final = re.compile(r"(?<!\+\d\d )(?<![\d+.,/-])\d(?:[ .-]?\d){7,8}(?![\d]|[.,/-]\d)")

_KEY: Final = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.IGNORECASE)
"""A key that a form carries along is no text that anybody typed, though its digits may pass the test by chance."""

NUMBERS: Final = frozenset(
    {"telefoon", "telefoonnummer", "email", "postcode", "huisnummer", "code", "kvk", "regels"}
)
"""Fields that ask for a number or an address of another kind, or take what we wrote ourselves."""


def is_bsn(number: str) -> bool:
    """Whether these digits pass the elfproef; eight digits are read with a zero before them."""
    digits = number.zfill(DIGITS)
    if len(digits) != DIGITS or not digits.isdecimal() or int(digits) == 0:
        return False
    return sum(weight * int(digit) for weight, digit in zip(WEIGHTS, digits, strict=True)) % 11 == 0


def find(text: str) -> str | None:
    """The first number in the text that may be a BSN, as it was typed. Eight digits only where "bsn" stands before."""
    text = _KEY.sub("", text)
    for match in _FOUND.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        named = re.search(
            r"bsn|burgerservice|sofi", text[max(0, match.start() - 40) : match.start()], re.IGNORECASE
        )
        if (len(digits) == DIGITS or named) and is_bsn(digits):
            return match[0]
    return None


def places(sent: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Where in a JSON body a text holds what may be a BSN, as the names and numbers that lead there."""
    if isinstance(sent, str):
        if find(sent) is not None:
            yield path
    elif isinstance(sent, Mapping):
        for name, value in sent.items():
            if name not in NUMBERS:
                yield from places(value, (*path, str(name)))
    elif isinstance(sent, list):
        for number, value in enumerate(sent):
            yield from places(value, (*path, str(number)))
