"""Short ways to write down a theme: each sentence stands in Dutch and in English beside it."""

from dataclasses import replace

from app.privacy.words import Said
from app.signposts.rules import Option, Question, Rung, Sign


def own(nl: str, en: str) -> Sign:
    """What one can do oneself."""
    return Sign(Rung.ONESELF, Said(nl, en))


def known(nl: str, en: str) -> Sign:
    """What people one knows can do."""
    return Sign(Rung.KNOWN, Said(nl, en))


def near(category: str, nl: str, en: str) -> Sign:
    """A group or a provision near, for everybody; looked for by its category."""
    return Sign(Rung.NEAR, Said(nl, en), category)


def free(nl: str, en: str, phone: str = "") -> Sign:
    """What is there for everybody in the whole country: a line to call, a right that one has."""
    return Sign(Rung.NEAR, Said(nl, en), phone=phone)


def ask(category: str, nl: str, en: str) -> Sign:
    """A help request as it could read; it says nothing of the asker that they did not answer."""
    return Sign(Rung.SOMEBODY, Said(nl, en), category)


def paid(category: str, nl: str, en: str) -> Sign:
    """A request that only professionals answer."""
    return Sign(Rung.OFFICE, Said(nl, en), category)


def office(nl: str, en: str, phone: str = "") -> Sign:
    """Somebody whose work it is: the doctor, the municipality."""
    return Sign(Rung.OFFICE, Said(nl, en), phone=phone)


def alarm(nl: str, en: str, phone: str = "") -> Sign:
    """What cannot wait."""
    return Sign(Rung.ALARM, Said(nl, en), phone=phone)


def give(category: str, nl: str, en: str) -> Sign:
    """What one could do for another."""
    return Sign(Rung.GIVING, Said(nl, en), category)


def option(
    key: str, nl: str, en: str, *signs: Sign, depth: Rung | None = None, spent: bool = False, private: bool = False
) -> Option:  # fmt: skip
    """One answer with its signs."""
    return Option(key, Said(nl, en), signs, depth, spent, private)


def light(key: str, nl: str, en: str, *signs: Sign) -> Option:
    """It goes quite well: no further than what is there for everybody."""
    return option(key, nl, en, *signs, depth=Rung.NEAR)


def some(key: str, nl: str, en: str, *signs: Sign) -> Option:
    """Some help would be good: as far as somebody from the neighbourhood."""
    return option(key, nl, en, *signs, depth=Rung.SOMEBODY)


def heavy(key: str, nl: str, en: str, *signs: Sign) -> Option:
    """It does not go well: individual help too."""
    return option(key, nl, en, *signs, depth=Rung.OFFICE)


def needing(word: str, given: Option) -> Option:
    """The same answer, after which only places are shown that have this (`app.activities.models.ACCESS`)."""
    return replace(given, needs=word)


def several(code: str, nl: str, en: str, *options: Option) -> Question:
    """A question of which more than one option may be true."""
    return Question(code, Said(nl, en), options, several=True)


def one(code: str, nl: str, en: str, *options: Option) -> Question:
    """A question with one answer."""
    return Question(code, Said(nl, en), options)
