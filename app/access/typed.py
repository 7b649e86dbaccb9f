"""Codes as people type them: digits with whatever blanks and dashes stand between."""

import re
import unicodedata
from typing import Annotated

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

_BETWEEN = re.compile(r"[\s.\-\u2010-\u2015]+")
_LONGEST_TYPED = 80


def _digits(wanted: int) -> BeforeValidator:
    def read(typed: object) -> str:
        bare = _BETWEEN.sub("", unicodedata.normalize("NFKC", str(typed)[:_LONGEST_TYPED]))
        if len(bare) != wanted or not (bare.isascii() and bare.isdigit()):
            raise PydanticCustomError("digits", "so many digits")
        return bare

    return BeforeValidator(read)


SixDigits = Annotated[str, _digits(6)]
TwelveDigits = Annotated[str, _digits(12)]
