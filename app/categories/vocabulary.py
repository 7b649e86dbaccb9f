"""The fixed vocabularies that travel as bit masks: slots, skills, languages, checks."""

from enum import IntEnum, IntFlag, StrEnum
from typing import Final


class Part(IntEnum):
    """A part of the day: 8-12, 12-17, 17-22 and the night."""

    MORNING = 0
    AFTERNOON = 1
    EVENING = 2
    NIGHT = 3


SLOTS = 28
ALL_DAYTIME = sum(1 << (day * 4 + part) for day in range(7) for part in (0, 1, 2))


def slot(weekday: int, part: Part) -> int:
    """The bit of one weekly time slot; weekday 0 is Monday."""
    return 1 << (weekday * 4 + part)


def part_of(hour: int) -> Part:
    """The part of the day in which an hour lies."""
    if 8 <= hour < 12:
        return Part.MORNING
    if 12 <= hour < 17:
        return Part.AFTERNOON
    return Part.EVENING if 17 <= hour < 22 else Part.NIGHT


class Skill(IntFlag):
    """What a request may need of a helper beyond its category."""

    CAR = 1
    LIFTING = 2
    PETS = 4
    WHEELCHAIR = 8
    LADDER = 16
    TOOLS = 32
    COOKING = 64
    COMPUTER = 128
    CHILDREN = 256
    DEMENTIA = 512
    SIGN_LANGUAGE = 1024
    TRAINING = 2048


_WELCOME: Final = {
    5: Skill.CAR, 6: Skill.COOKING, 7: Skill.TOOLS | Skill.LADDER, 9: Skill.LIFTING, 11: Skill.PETS, 16: Skill.CAR,
    17: Skill.CAR, 18: Skill.CAR | Skill.WHEELCHAIR, 22: Skill.COMPUTER, 24: Skill.CHILDREN, 29: Skill.DEMENTIA,
    31: Skill.CHILDREN, 33: Skill.CHILDREN,
}  # fmt: skip
WELCOME_SKILLS: Final = {number: int(skills) for number, skills in _WELCOME.items()}
"""By number of the category, as a mask: what makes somebody fitter for it, whether or not the asker thought of it. What
is needed beyond doubt stands in the request itself."""

OF_HEALTH = Skill.WHEELCHAIR | Skill.DEMENTIA | Skill.SIGN_LANGUAGE
"""What asks for these says something about its asker's health."""


class Language(IntFlag):
    """Languages that people may share."""

    NL = 1
    EN = 2
    DE = 4
    FR = 8
    TR = 16
    AR = 32
    PL = 64
    UK = 128
    ES = 256
    ZH = 512
    PAP = 1024
    TI = 2048


class Check(IntFlag):
    """Checks that a category may ask for."""

    VOG = 1
    IDENTITY = 2
    REFERENCES = 4
    KVK = 8
    BIG = 16
    SKJ = 32
    COURSE = 64
    DRIVING = 128


class Kind(StrEnum):
    """What stands against the help."""

    ROOSJES = "roosjes"
    ZONDER = "zonder"
    BETAALD = "betaald"
    CHEQUE = "cheque"


class Visibility(StrEnum):
    """Who may see a request before anyone is chosen."""

    BROKER = "makelaar"
    PROPOSED = "voorgesteld"
    EVERYONE = "iedereen"


class Gender(StrEnum):
    """Only where care of the body is given: whom one would rather have near."""

    WOMAN = "vrouw"
    MAN = "man"


CARE_OF_THE_BODY = frozenset({"wassen-aankleden-en-naar-de-wc", "verpleging", "kapper-en-voeten-aan-huis"})
"""Categories in which an asker may wish for a woman or a man; in all others that is nobody's business."""


class Frequency(StrEnum):
    """How often help is wanted."""

    ONCE = "eenmalig"
    WEEKLY = "wekelijks"
    FORTNIGHTLY = "tweewekelijks"
    MONTHLY = "maandelijks"


class Unpaid(StrEnum):
    """Whether unpaid people may do this work."""

    YES = "yes"
    CONDITIONS = "conditions"
    PROFESSIONALS = "professionals"
