"""Postcodes as people type them."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Annotated

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

from app.text import Refused, in_schema

# SA, SD and SS are never given out.
_POSTCODE = re.compile(r"([1-9][0-9]{3})((?!S[ADS])[A-Z]{2})?")
_SHAPE = re.compile(r"[0-9]{4}[A-Z]{0,3}")
_LETTER_O = re.compile(r"(?=.*O)[0-9O]{4}[A-Z]{0,2}|[0-9]{4}(?=.*0)[A-Z0]{2}")
# Blanks and signs between the parts, and the invisible marks that a phone's address book pastes along.
_BETWEEN = re.compile(r"[\s.,_/\-\u2010-\u2015\u2212\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]+")
_LONGEST_TYPED = 40


@dataclass(frozen=True, slots=True)
class Postcode:
    """``pc4``, 1000-9999, is the neighbourhood; ``letters``, two capitals, may be left out."""

    pc4: int
    letters: str | None = None

    def __str__(self) -> str:
        return f"{self.pc4} {self.letters}" if self.letters else str(self.pc4)

    @property
    def compact(self) -> str:
        """Without the space, as other programs ask for it: ``5664HJ``."""
        return f"{self.pc4}{self.letters or ''}"


class WrongPostcode(Refused):
    """No postcode; ``code`` chooses the hint.

    postcode-empty: nothing typed. postcode-letters: two letters follow the digits, and not SA, SD or SS.
    postcode-zero: none starts with 0. postcode-letter-o: a letter O where a zero belongs, or the reverse.
    postcode-form: anything else.
    """


def parse(typed: str) -> Postcode:
    """``5664hj``, ``5664 HJ``, ``5664-hj`` and ``NL-5664 HJ`` are one postcode; ``5664`` is a neighbourhood.

    Raises WrongPostcode.
    """
    if len(typed) > _LONGEST_TYPED:
        raise WrongPostcode("postcode-form")
    compact = _BETWEEN.sub("", unicodedata.normalize("NFKC", typed)).upper().removeprefix("NL")
    found = _POSTCODE.fullmatch(compact)
    if found is None:
        raise WrongPostcode(_hint(compact))
    return Postcode(int(found[1]), found[2])


def _hint(compact: str) -> str:
    if not compact:
        return "postcode-empty"
    if _LETTER_O.fullmatch(compact):
        return "postcode-letter-o"
    if not _SHAPE.fullmatch(compact):
        return "postcode-form"
    return "postcode-zero" if compact.startswith("0") else "postcode-letters"


TypedPostcode = Annotated[
    Postcode,
    PlainValidator(lambda typed: typed if isinstance(typed, Postcode) else in_schema(parse)(typed)),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "minLength": 4, "maxLength": _LONGEST_TYPED, "examples": ["5664 HJ"]}),
]
"""A schema's field; goes out as ``5664 HJ``."""
