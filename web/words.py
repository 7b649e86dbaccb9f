"""The fixed vocabularies in Dutch, and when help is wanted, as people say it."""

from collections.abc import Iterable, Iterator
from datetime import date, time
from typing import Final, Protocol

from app.agreements.calendar import moment
from app.categories.models import Category
from app.categories.vocabulary import (
    ALL_DAYTIME,
    Frequency,
    Gender,
    Kind,
    Language,
    Skill,
    Visibility,
)
from web import dutch
from web.i18n import DUTCH, N_, translate

MOST_SLOTS_SAID: Final = 3
# Names of categories that keep their capital within a sentence.
PROPER: Final = ("Nederlands", "Dutch")

LANGUAGES: Final = {
    Language.NL: N_("Nederlands"),
    Language.EN: N_("Engels"),
    Language.DE: N_("Duits"),
    Language.FR: N_("Frans"),
    Language.TR: N_("Turks"),
    Language.AR: N_("Arabisch"),
    Language.PL: N_("Pools"),
    Language.UK: N_("Oekraïens"),
    Language.ES: N_("Spaans"),
    Language.ZH: N_("Chinees"),
    Language.PAP: N_("Papiaments"),
    Language.TI: N_("Tigrinya"),
}
SKILLS: Final = {
    Skill.CAR: N_("een auto hebben"),
    Skill.LIFTING: N_("kunnen tillen"),
    Skill.PETS: N_("met dieren omgaan"),
    Skill.WHEELCHAIR: N_("een rolstoel duwen"),
    Skill.LADDER: N_("op een trap of ladder staan"),
    Skill.TOOLS: N_("gereedschap hebben"),
    Skill.COOKING: N_("koken"),
    Skill.COMPUTER: N_("met de computer werken"),
    Skill.CHILDREN: N_("met kinderen omgaan"),
    Skill.DEMENTIA: N_("dementie kennen"),
    Skill.SIGN_LANGUAGE: N_("gebarentaal spreken"),
    Skill.TRAINING: N_("een training hebben gevolgd"),
}
HELPERS: Final = {
    Gender.WOMAN: N_("Liefst een vrouw"),
    Gender.MAN: N_("Liefst een man"),
}
FREQUENCIES: Final = {
    Frequency.ONCE: N_("één keer"),
    Frequency.WEEKLY: N_("elke week"),
    Frequency.FORTNIGHTLY: N_("om de week"),
    Frequency.MONTHLY: N_("elke maand"),
}
KINDS: Final = {
    Kind.ROOSJES: N_("met Roosjes"),
    Kind.ZONDER: N_("zonder Roosjes"),
    Kind.BETAALD: N_("betaald"),
    Kind.CHEQUE: N_("met een dienstencheque"),
}
KIND_CHOICES: Final = {
    Kind.ROOSJES: (N_("Met Roosjes (het meest gekozen)"), N_("Voor 1 uur hulp geeft u 1 Roosje.")),
    Kind.ZONDER: (N_("Zonder Roosjes"), N_("Er staat niets tegenover. Dat mag altijd.")),
    Kind.BETAALD: (N_("Tegen betaling"), N_("U spreekt vooraf een prijs af, op papier.")),
    Kind.CHEQUE: (N_("Met een dienstencheque"), N_("Die koopt u bij een verkooppunt.")),
}
SHOWN_TO: Final = {
    Visibility.EVERYONE: N_("Iedereen in de buurt"),
    Visibility.PROPOSED: N_("Alleen mensen die bij mij passen"),
    Visibility.BROKER: N_("Alleen de %(title)s"),
}
PICTURES: Final = {"leren": "taal", "meedoen": "samendoen"}
"""Themes whose picture has another name."""


def category_choices(rows: Iterable[Category], lang: str) -> list[tuple[str, str]]:
    """Categories to choose from: what each is sent as, and its name in a language."""
    return [(row.slug, translate(lang, row.name)) for row in rows]


def category(name: str, lang: str) -> str:
    """A category's name within a sentence: "telefoon, computer en DigiD". Its msgids come from taxonomy.csv."""
    said = translate(lang, name)
    return said if said.startswith(PROPER) else said[:1].lower() + said[1:]


def picture(theme: str) -> str:
    """The name of a theme's picture."""
    return PICTURES.get(theme, theme)


def bits(mask: int) -> Iterator[int]:
    """The numbers of the bits that are set, the lowest first."""
    return (bit for bit in range(mask.bit_length()) if mask >> bit & 1)


def languages(mask: int, lang: str = DUTCH) -> list[str]:
    """The languages of a mask by name."""
    return [translate(lang, name) for language, name in LANGUAGES.items() if mask & language]


def skills(mask: int, lang: str = DUTCH) -> list[str]:
    """The skills of a mask, each as a verb."""
    return [translate(lang, name) for skill, name in SKILLS.items() if mask & skill]


def kind_choices(kinds: Iterable[Kind], lang: str = DUTCH) -> list[tuple[str, str, str]]:
    """What may stand against the help, as it is chosen: the value, its name, and what it means."""
    told = [(kind, *KIND_CHOICES[kind]) for kind in kinds]
    return [(str(kind), translate(lang, name), translate(lang, meaning)) for kind, name, meaning in told]


def wishes_for_helper(lang: str = DUTCH) -> list[tuple[str, str]]:
    """The choices where care of the body is asked: a woman, a man, or whoever suits."""
    said = [(str(gender), translate(lang, name)) for gender, name in HELPERS.items()]
    return [("", translate(lang, N_("Maakt niet uit"))), *said]


class Timed(Protocol):
    """What says when help is wanted: a request, or the draft of one."""

    @property
    def frequency(self) -> Frequency: ...
    @property
    def slots(self) -> int: ...
    @property
    def on_date(self) -> date | None: ...
    @property
    def at_time(self) -> time | None: ...
    @property
    def until_date(self) -> date | None: ...


def when(wanted: Timed, today: date, lang: str = DUTCH) -> str:
    """When help is wanted: ``elke week, dinsdagochtend``, ``morgen, 14.00 uur``, ``deze week``, ``dag in overleg``."""
    said = [] if wanted.frequency is Frequency.ONCE else [translate(lang, FREQUENCIES[wanted.frequency])]
    return ", ".join([*said, *_day(wanted, today, lang)]) or translate(lang, N_("dag in overleg"))


def _day(wanted: Timed, today: date, lang: str) -> list[str]:
    if wanted.on_date is not None:
        if wanted.at_time is not None:
            return [dutch.near(moment(wanted.on_date, wanted.at_time), today, lang)]
        return [dutch.near(wanted.on_date, today, lang)]
    if wanted.until_date is not None and wanted.frequency is Frequency.ONCE and wanted.until_date >= today:
        return [dutch.period(today, wanted.until_date, today, lang)]
    named = dutch.slots(wanted.slots, lang)
    if wanted.slots != ALL_DAYTIME and 0 < len(named) <= MOST_SLOTS_SAID:
        return [dutch.listed(named, lang)]
    return []


def shared_times(slots: int, lang: str) -> str:
    """When two people both have time: ``maandagochtend``, or for what leaves more open ``9 dagdelen``.

    Of many, no single one says anything: the first of the week is nobody's choice.
    """
    named = dutch.slots(slots, lang)
    if len(named) <= MOST_SLOTS_SAID:
        return dutch.listed(named, lang)
    return translate(lang, N_("%(count)s dagdelen"), count=slots.bit_count())


def how_long(minutes: int, lang: str = DUTCH) -> str:
    """``ongeveer 2 uur``."""
    return translate(lang, N_("ongeveer %(long)s"), long=dutch.long_duration(minutes, lang))
