"""Typed text: cleaned into what may be stored, or refused with a reason.

Everything that a person types passes here, through the annotated types below. What comes out is NFC, holds no
control, bidirectional-override, surrogate or invisible character, and is itself left alone by a second pass.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, EmailStr, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

MARKS_IN_A_ROW = 5
"""Combining marks on one letter; pointed Hebrew and Vietnamese need at most four."""
RAW_FACTOR = 4
"""How much longer than its limit a text may arrive: room for blanks and loose accents, not for floods."""

_BREAK = re.compile("\r\n|[\r\n\v\f\x85\u2028\u2029]")
_REFUSED = (
    ("text-nul", re.compile("\0")),
    ("text-surrogate", re.compile("[\ud800-\udfff]")),
    ("text-direction", re.compile("[\u202d\u202e]")),
)
# Embeddings, isolates and marks of direction come along with honest pasting from a phone's address book:
# they are dropped, while the two overrides, which only serve to deceive, are refused above.
_INVISIBLE = re.compile(
    "[\x01-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u115f\u1160\u180b-\u180f\u200b\u200c\u200e\u200f"
    "\u202a-\u202c\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\ufdd0-\ufdef"
    "\U000e0000-\U000e0fff]"
)
_JOINER = re.compile("\u200d")
_SKIN_TONES = range(0x1F3FB, 0x1F400)

T = TypeVar("T")


class Refused(ValueError):
    """Typed text that cannot be used; ``code`` says why, ``context`` holds the numbers of the sentence."""

    def __init__(self, code: str, **context: int | str) -> None:
        super().__init__(code)
        self.code = code
        self.context = context


def clean(text: str, *, max_length: int, lines: bool = False) -> str:
    """One line (or, with ``lines``, paragraphs) of storable text of 1 to ``max_length`` code points.

    Raises Refused: text-long, text-nul, text-surrogate, text-direction, text-marks, text-empty.
    """
    if len(text) > RAW_FACTOR * max_length + 64:
        raise Refused("text-long", limit=max_length)
    for code, pattern in _REFUSED:
        if pattern.search(text):
            raise Refused(code)
    text = _without_invisible(_BREAK.sub("\n", text))
    _check_marks(text)  # before NFC too, whose sorting of marks takes quadratic time
    text = unicodedata.normalize("NFC", text)
    text = _paragraphs(text) if lines else " ".join(text.split())
    _check_marks(text)
    if not text:
        raise Refused("text-empty")
    if len(text) > max_length:
        raise Refused("text-long", limit=max_length)
    return text


def _without_invisible(text: str) -> str:
    text = _INVISIBLE.sub("", text)
    return _JOINER.sub(lambda found: "\u200d" if _joins_emoji(text, found.start()) else "", text)


def _joins_emoji(text: str, at: int) -> bool:
    """Whether the zero-width joiner at this place binds two pictures, as in a family or a flag."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    return _is_picture(before) and bool(after) and unicodedata.category(after) == "So"


def _is_picture(character: str) -> bool:
    if not character:
        return False
    return character == "\ufe0f" or ord(character) in _SKIN_TONES or unicodedata.category(character) == "So"


def _check_marks(text: str) -> None:
    run = 0
    for place, character in enumerate(text):
        run = run + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        # A mark in front has no letter of ours to sit on: on a page it would deform the page's own.
        if run > MARKS_IN_A_ROW or (run and place == 0):
            raise Refused("text-marks")


def _paragraphs(text: str) -> str:
    trimmed = "\n".join(" ".join(line.split()) for line in text.split("\n"))
    return re.sub("\n{3,}", "\n\n", trimmed).strip("\n")


def in_schema(parse: Callable[[str], T]) -> Callable[[Any], T]:
    """The parser as a Pydantic validator: its Refused becomes an error whose type is the code.

    It takes raw input, because Pydantic's own string check fails on a lone surrogate with a foreign reason.
    """

    def checked(typed: Any) -> T:
        if not isinstance(typed, str):
            raise PydanticCustomError("string_type", "text-wanted")
        try:
            return parse(typed)
        except Refused as refusal:
            # Codes are ours and fixed; the sentence that belongs to one is the page's.
            raise PydanticCustomError(refusal.code, refusal.code, refusal.context) from None

    return checked


@dataclass(frozen=True, slots=True)
class Typed:
    """Annotation for a string field that people fill in: ``Annotated[str, Typed(120)]``."""

    max_length: int
    lines: bool = False

    def __call__(self, text: str) -> str:
        """The cleaned text; raises Refused."""
        return clean(text, max_length=self.max_length, lines=self.lines)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Clean while validating; what Pydantic generates for ``str`` is replaced."""
        return core_schema.no_info_plain_validator_function(
            in_schema(self), serialization=core_schema.to_string_ser_schema()
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Length in code points, as stored."""
        return {"type": "string", "minLength": 1, "maxLength": self.max_length}


def name(text: str) -> str:
    """The name of a person or organisation unless it has no letter or deceives by mixing scripts.

    Raises Refused: name-letters, name-mixed.
    """
    if not any(character.isalpha() for character in text):
        raise Refused("name-letters")
    if mixes_scripts(text):
        raise Refused("name-mixed")
    return text


def first_name(text: str) -> str:
    """A name that nobody takes for staff; raises Refused: name-staff, and those of ``name``."""
    if looks_like_staff(name(text)):
        raise Refused("name-staff")
    return text


_EAST_ASIAN = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "IDEOGRAPHIC"})


def mixes_scripts(text: str) -> bool:
    """Whether one word holds letters of two scripts ("G\u0435meente" with a Cyrillic e)."""
    return any(len(_scripts(word)) > 1 for word in re.split(r"[\W\d_]+", unicodedata.normalize("NFKC", text)))


def _scripts(word: str) -> set[str]:
    # Modifier letters (Lm), such as the Hawaiian and Ukrainian apostrophes, go with every script.
    letters = (letter for letter in word if unicodedata.category(letter) in ("Lu", "Ll", "Lt", "Lo"))
    scripts = {unicodedata.name(letter, "UNKNOWN").split()[0].split("-")[0] for letter in letters}
    return {"EAST ASIAN" if script in _EAST_ASIAN else script for script in scripts}


def _pairs(*groups: str) -> dict[str, str]:
    """``"o0ο"`` says that 0 and Greek omicron look like o."""
    return {look_alike: group[0] for group in groups for look_alike in group[1:]}


# Only letters that a staff word can be written with; i, l and 1 are one letter here, and so are u and v.
_LOOK_ALIKES = _pairs(
    "a\u0430\u03b1\u0251\u1d004@\u13aa\u00e6",
    "b\u0432\u044c\u03b2\u02998\u13f4",
    "c\u0441\u1d04\u03f2",
    "d\u0501\u0111\u1d05\u0256\u13a0",
    "e\u0435\u03b5\u0454\u1d07\u212e3\u20ac\u13ac\u01dd\u0259",
    "g\u0261\u0262\u0581\u13c09",
    "h\u043d\u04bb\u029c\u0570\u13bb\u0127",
    "i1!|l\u0456\u04cf\u0131\u03b9\u026a\u0269\u0142\u029f\u13de",
    "k\u043a\u03ba\u1d0b\u13e6",
    "m\u043c\u03bc\u1d0d\u13b7",
    "n\u043f\u03b7\u0274\u0578",
    "o0\u043e\u03bf\u1d0f\u0585\u00f8\u03c3",
    "r\u0433\u0280\u13a1",
    "s5$\u0455\u03c2\ua731",
    "t7\u0442\u03c4\u1d1b\u13a2\u0167",
    "uv\u03c5\u057d\u1d1c\u03bd",
    "w\u051d\u03c9\u1d21",
    "z2\u1d22",
)
_LETTERS_IN_PICTURES = {  # flags, and letters in dark circles and squares: NFKD leaves these as they are
    chr(start + place): chr(ord("a") + place) for start in (0x1F1E6, 0x1F150, 0x1F170) for place in range(26)
}
_SHAPES = str.maketrans(_LETTERS_IN_PICTURES | _LOOK_ALIKES)


def _skeleton(text: str) -> str:
    """The shape of a text: look-alikes as one Latin letter, without accents, signs and doubled letters."""
    plain = unicodedata.normalize("NFKD", text.translate(_SHAPES)).casefold()
    plain = unicodedata.normalize("NFKD", plain).translate(_SHAPES).translate(_SHAPES)
    plain = plain.replace("rn", "m").replace("uu", "w")
    return re.sub(r"(.)\1+", r"\1", re.sub("[^a-z]", "", plain))


_STAFF_WORDS = (
    "gemeente",
    "makelaar",
    "beheerder",
    "medewerker",
    "moderator",
    "administrator",
    "zorgvoorelkaar",
)
_STAFF = tuple(_skeleton(word) for word in _STAFF_WORDS)


def looks_like_staff(text: str) -> bool:
    """Whether a reader could take this for the municipality or somebody who works for it."""
    shape = _skeleton(text)
    return any(word in shape for word in _STAFF)


Line = Annotated[str, Typed(120)]
"""One line: a title, a place, a subject."""
Prose = Annotated[str, Typed(2000, lines=True)]
"""Several paragraphs in a person's own words."""
Name = Annotated[str, Typed(80), AfterValidator(in_schema(name))]
"""A last name, or the name of an organisation."""
FirstName = Annotated[str, Typed(40), AfterValidator(in_schema(first_name))]
"""What others see of a person."""


def _one_address(address: str) -> str:
    """Raises ValueError for what a mail program reads as another address, or as several: an encoded word in its name.

    Letters outside ASCII are refused too: a header would hold them as just such a word, and few servers take them bare.
    """
    if not address.isascii() or "=?" in address:
        raise ValueError("no address that every mail program reads alike")
    return address


Email = Annotated[EmailStr, AfterValidator(_one_address)]
"""One address of one mailbox; pydantic's own type lets through ``=?utf-8?q?a=40b.nl=2C?=@c.nl``."""
