"""Telephone numbers as people type them, kept in E.164."""

import re
from functools import lru_cache
from typing import Annotated

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType
from pydantic import PlainValidator, WithJsonSchema

from app.text import Refused, in_schema

_LONGEST_TYPED = 40
_TYPED = re.compile(r"\+?[0-9 ()./-]*")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_BLANKS = re.compile(r"\s+")
_DASHES = re.compile("[\u2010-\u2015\u2212]")
# Nobody is rung back on these, and a premium number shown to a resident costs them money.
_NOT_A_PERSONS = frozenset({PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST})


_READ_ALOUD = {
    (2, 8): re.compile(r"(\d\d)(\d\d)(\d\d)(\d\d)"),
    (3, 7): re.compile(r"(\d\d\d)(\d\d)(\d\d)"),
    (4, 6): re.compile(r"(\d\d)(\d\d)(\d\d)"),
}
"""What follows the area code of a Dutch number in groups, by the lengths of both."""


class WrongPhone(Refused):
    """No number to ring; ``code`` chooses the hint.

    phone-empty; phone-form: other signs than digits; phone-length: digits too few or too many for any number;
    phone-unknown: no such number exists; phone-premium: 0900 and the like.
    """


def parse(typed: str) -> str:
    """E.164 (``+31612345678``) of a Dutch number, or of a foreign one that starts with + or 00.

    Raises WrongPhone.
    """
    plain = _DASHES.sub("-", _BLANKS.sub(" ", _INVISIBLE.sub("", typed))).strip()
    if not plain:
        raise WrongPhone("phone-empty")
    if len(typed) > _LONGEST_TYPED or not _TYPED.fullmatch(plain):
        raise WrongPhone("phone-form")
    number = _number(plain)
    if not phonenumbers.is_valid_number(number):
        raise WrongPhone("phone-unknown" if _has_a_length(number) else "phone-length")
    if phonenumbers.number_type(number) in _NOT_A_PERSONS:
        raise WrongPhone("phone-premium")
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _number(plain: str) -> PhoneNumber:
    try:
        return phonenumbers.parse(plain, "NL")
    except phonenumbers.NumberParseException as unusable:
        if unusable.error_type == phonenumbers.NumberParseException.INVALID_COUNTRY_CODE:
            raise WrongPhone("phone-unknown") from None
        raise WrongPhone("phone-length") from None


def _has_a_length(number: PhoneNumber) -> bool:
    """Whether only the digits can be wrong. Dutch numbers have ten, but for 0800, 0900 and their like."""
    if number.country_code == 31 and not str(number.national_number).startswith(("8", "9")):
        return len(str(number.national_number)) == 9
    return phonenumbers.is_possible_number(number)


@lru_cache(maxsize=1024)
def display(e164: str) -> str:
    """``06 12 34 56 78``, ``040 212 34 56``, ``+32 470 12 34 56``: as it is read aloud.

    What is no number (an old row, a free text) comes back as it is.
    """
    try:
        number = phonenumbers.parse(e164, "NL")
    except phonenumbers.NumberParseException:
        return e164
    if number.country_code != 31:
        return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
    national = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
    area = "06" if national.startswith("06") else re.split("[ -]", national)[0]
    rest = re.sub(r"\D", "", national)[len(area) :]
    grouping = _READ_ALOUD.get((len(area), len(rest)))
    groups = grouping.fullmatch(rest) if grouping else None  # 0800 has lengths of its own
    return " ".join([area, *groups.groups()]) if groups else national


TypedPhone = Annotated[
    str,
    PlainValidator(in_schema(parse)),
    WithJsonSchema({"type": "string", "maxLength": _LONGEST_TYPED, "examples": ["06 12 34 56 78"]}),
]
"""A schema's field; its value is E.164."""
