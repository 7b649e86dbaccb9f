"""Numbers in registers: what they look like.

None of the three registers has published a check digit, so a form can only catch a number of the wrong length or
one that nobody has. That the number is somebody's own is what the makelaar sees in the register.
"""

import re
from typing import Final

from app.categories.vocabulary import Check

DIGITS: Final = {Check.KVK: 8, Check.BIG: 11, Check.SKJ: 9}
"""How many digits a number has; leading zeros count."""
_BLANKS: Final = re.compile(r"[\s.\-\u00a0]")


class WrongNumber(ValueError):
    """Not a number of this register."""


def register_number(check: Check, typed: str) -> str:
    """The number as the register writes it: digits only. Raises WrongNumber."""
    digits = _BLANKS.sub("", typed)
    right = len(digits) == DIGITS[check] and digits.isascii() and digits.isdigit()
    if not right or len(set(digits)) == 1:
        raise WrongNumber
    return digits
