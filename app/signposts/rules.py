"""What may be answered, and where the answers lead: signs, on the rungs of the support pyramid, the lightest first.

Pure: the themes in `app.signposts.themes` are values of these types, and `outcome` is a function of them. An answer is
a short code, so that an address that stays behind in a browser tells nobody anything: ``g1b`` is the second option of
the first question of the seventh theme. A code that was given out never gets another meaning, for kept answers hold it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from app.privacy.words import Said


class Rung(IntEnum):
    """How heavy the help is that a sign points to; ``ALARM`` comes before all, ``GIVING`` goes the other way."""

    ALARM = 0
    ONESELF = 1
    KNOWN = 2
    """With people one knows already."""
    NEAR = 3
    """Groups and provisions that are open to everybody."""
    SOMEBODY = 4
    """Somebody from the neighbourhood: a help request."""
    OFFICE = 5
    """Paid work, the doctor, the municipality."""
    GIVING = 6
    """What one could do for another: a help offer."""


PYRAMID = (Rung.ONESELF, Rung.KNOWN, Rung.NEAR, Rung.SOMEBODY, Rung.OFFICE)
ASKS_OF_ONESELF = frozenset({Rung.ONESELF, Rung.KNOWN, Rung.GIVING})
"""What is no help to somebody whose strength is spent."""


@dataclass(frozen=True, slots=True)
class Sign:
    """One way to go. With a category it can become a request or an offer, or is looked for near."""

    rung: Rung
    says: Said
    category: str = ""
    phone: str = ""
    """The number to call, as it is written."""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer, and where it leads."""

    key: str
    says: Said
    signs: tuple[Sign, ...] = ()
    depth: Rung | None = None
    """How far up the pyramid this answer reaches, for its theme; None says nothing about that."""
    spent: bool = False
    """Whether it says that somebody's strength is spent: nothing more is then asked of them."""
    private: bool = False
    """Whether it is never kept, for whoever looks over a shoulder may be whom it is about."""
    needs: str = ""
    """What a place must then have, by a word of `app.activities.models.ACCESS`."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its options; ``several`` of them may be true at once."""

    code: str
    says: Said
    options: tuple[Option, ...]
    several: bool = False


@dataclass(frozen=True, slots=True)
class LifeTheme:
    """One of the fifteen themes of life."""

    code: str
    picture: str
    name: Said
    about: Said
    first: tuple[Sign, ...]
    """Where the theme leads when none of its questions is answered."""
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """What somebody picked: themes in the order of the list, and the codes of the options within them."""

    themes: tuple[LifeTheme, ...] = ()
    options: frozenset[str] = frozenset()

    @property
    def codes(self) -> list[str]:
        """All of it as codes, in the order of the list: what travels in a form, and what is kept."""
        found: list[str] = []
        for theme in self.themes:
            found.append(theme.code)
            found += [code for code, _ in self.chosen(theme)]
        return found

    def chosen(self, theme: LifeTheme) -> list[tuple[str, Option]]:
        """The options that were picked within a theme, with their codes."""
        return [
            (f"{question.code}{option.key}", option)
            for question in theme.questions
            for option in question.options
            if f"{question.code}{option.key}" in self.options
        ]

    def to_keep(self) -> "Choices":
        """The same without what is never kept."""
        private = {code for theme in self.themes for code, option in self.chosen(theme) if option.private}
        return Choices(self.themes, self.options - private)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where the answers lead. ``rungs`` holds only those with something on them, the lightest first."""

    alarms: tuple[Sign, ...]
    rungs: Mapping[Rung, tuple[Sign, ...]]
    offers: tuple[Sign, ...]
    spent: bool
    needs: frozenset[str] = frozenset()
    """What a place must have for whoever answered this."""

    def sign(self, rung: Rung, place: int) -> Sign | None:
        """The sign at this place of a rung, from 0; None where there is none."""
        signs = self.offers if rung is Rung.GIVING else self.rungs.get(rung, ())
        return signs[place] if 0 <= place < len(signs) else None


def read(themes: Sequence[LifeTheme], codes: Iterable[str]) -> Choices:
    """The choices that these codes stand for. What is no code, or belongs to a theme not picked, is left out;
    of a question with one answer the last one given counts."""
    given = list(codes)
    picked = tuple(theme for theme in themes if theme.code in given)
    options: set[str] = set()
    for question in (question for theme in picked for question in theme.questions):
        known = {f"{question.code}{option.key}" for option in question.options}
        found = [code for code in given if code in known]
        options.update(found if question.several else found[-1:])
    return Choices(picked, frozenset(options))


def outcome(choices: Choices, *, spent: bool = False) -> Outcome:
    """Where the choices lead. With ``spent``, as with an answer that says so, nothing is asked of the person."""
    picked = [option for theme in choices.themes for _, option in choices.chosen(theme)]
    spent = spent or any(option.spent for option in picked)
    found = [sign for theme in choices.themes for sign in _signs(theme, choices, spent)]
    by_rung = {rung: _once(sign for sign in found if sign.rung is rung) for rung in Rung}
    return Outcome(
        by_rung[Rung.ALARM],
        {rung: by_rung[rung] for rung in PYRAMID if by_rung[rung]},
        by_rung[Rung.GIVING],
        spent,
        frozenset(option.needs for option in picked if option.needs),
    )


def _signs(theme: LifeTheme, choices: Choices, spent: bool) -> list[Sign]:
    """What one theme leads to: as far up as its answers reach, and never individual help unless they ask for it."""
    options = [option for _, option in choices.chosen(theme)]
    signs = [sign for option in options for sign in option.signs]
    if all(sign.rung is Rung.GIVING for sign in signs):  # nothing was said yet of what one needs
        signs = [*theme.first, *signs]
    depth = max((option.depth for option in options if option.depth is not None), default=Rung.SOMEBODY)
    if spent:
        return [sign for sign in signs if sign.rung not in ASKS_OF_ONESELF]
    return [sign for sign in signs if sign.rung not in PYRAMID or sign.rung <= depth]


def _once(signs: Iterable[Sign]) -> tuple[Sign, ...]:
    return tuple(dict.fromkeys(signs))
