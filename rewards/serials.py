"""Serials: what is printed on a paper, and the hash by which the ledger knows it.

A serial is 128 random bits, written as 26 characters of Crockford's base 32 and one that checks them. The check is a
Reed-Solomon symbol over GF(32) (Reed and Solomon, 1960): the sum of the characters' values, each times another power
of the field's generator. One wrong character, or any two that changed places, never pass it.
"""

import secrets
from dataclasses import dataclass, field
from hashlib import sha256

from rewards.errors import MistypedSerial

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 27
GROUP = 3
BITS = 128
LOOKALIKE = str.maketrans("OIL", "011", " -.\u00a0\u2011")
"""What people read or type for a digit, and what stands between the groups."""


@dataclass(frozen=True, slots=True)
class Serial:
    """One paper's secret. `text` is shown once, on the paper; only `digest` (32 bytes) is kept."""

    digest: bytes
    text: str = field(repr=False)


def new_serial() -> Serial:
    """A serial that nobody can guess."""
    return _serial(secrets.randbits(BITS))


def new_serials(number: int) -> list[Serial]:
    """As many as asked."""
    return [new_serial() for _ in range(number)]


def read_serial(typed: object) -> Serial:
    """What somebody typed or scanned: lower case, spaces, hyphens and O, I, L for digits are understood.

    Raises MistypedSerial when it cannot be a serial, which says nothing about papers that there are.
    """
    if not isinstance(typed, str) or len(typed) > 3 * LENGTH:
        raise MistypedSerial
    characters = typed.upper().translate(LOOKALIKE)
    if len(characters) != LENGTH or any(character not in ALPHABET for character in characters):
        raise MistypedSerial
    number = 0
    for character in characters[:-1]:
        number = number * 32 + ALPHABET.index(character)
    if number >> BITS or characters[-1] != _check(characters[:-1]):
        raise MistypedSerial
    return _serial(number)


def _serial(number: int) -> Serial:
    characters = "".join(ALPHABET[number >> (5 * place) & 31] for place in reversed(range(LENGTH - 1)))
    characters += _check(characters)
    text = "-".join(characters[at : at + GROUP] for at in range(0, LENGTH, GROUP))
    return Serial(sha256(number.to_bytes(BITS // 8, "big")).digest(), text)


def _check(characters: str) -> str:
    total = 0
    for character in characters:  # Horner's rule: each step multiplies what came before by the generator
        total = _double(total ^ ALPHABET.index(character))
    return ALPHABET[total]


def _double(value: int) -> int:
    """Times the generator of GF(32), modulo x^5 + x^2 + 1."""
    return (value << 1) ^ (0b100101 if value & 16 else 0)
