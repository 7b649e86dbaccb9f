"""For the asker: why these people were asked, and what would bring more of them, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.categories.vocabulary import Check, Skill
from app.help_requests.models import HelpRequest
from app.matches.models import Proposal
from app.matches.wider import Option, Way
from web import dutch, words
from web.i18n import N_, translate

WAYS: Final = {
    Way.ANY_DAY: N_("Ook op andere dagen en tijden"),
    Way.ACROSS: N_("Ook mensen uit buurgemeenten"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One way with its button."""

    way: str
    amount: int
    text: str
    people: str
    """``minstens 5 mensen``; empty where the number stays hidden."""


def ways(options: Sequence[Option], lang: str) -> list[Told]:
    """Each way in words."""
    return [
        Told(one.way.value, one.amount, _way(one, lang), _people(one.more, lang) if one.more else "")
        for one in options
    ]


def _way(one: Option, lang: str) -> str:
    if one.way is Way.FURTHER:
        return translate(lang, N_("%(km)s verder"), km=dutch.km(one.amount, lang))
    if one.way is Way.SHORTER:
        return translate(lang, N_("Korter: %(long)s"), long=dutch.long_duration(one.amount, lang))
    if one.way is Way.WITHOUT:
        skill = translate(lang, words.SKILLS.get(Skill(1 << one.amount), N_("iets bijzonders kunnen")))
        return translate(lang, N_("Het hoeft niet: %(what)s"), what=skill)
    return translate(lang, WAYS[one.way])


def _people(count: int, lang: str) -> str:
    return translate(lang, N_("minstens %(count)s mensen"), count=count)


def why_asked(asked: HelpRequest, waiting: Sequence[Proposal], lang: str) -> list[str]:
    """What is true of everybody who was asked and may still answer; nothing that tells one from another."""
    if not waiting:
        return []
    offers = [row.help_offer for row in waiting if row.help_offer is not None]
    told = []
    if offers and all(asked.category_number in offer.category_numbers for offer in offers):
        named = words.category(asked.category.name, lang)
        told.append(translate(lang, N_("Zij doen dit graag: %(category)s"), category=named))
    if all(row.distance_m <= asked.max_km * 1000 for row in waiting):
        told.append(translate(lang, N_("Zij wonen binnen %(km)s van u"), km=dutch.km(asked.max_km, lang)))
    if offers and all(offer.slots & asked.slots for offer in offers):
        told.append(translate(lang, N_("Zij hebben tijd als het u uitkomt")))
    if asked.skills and offers and all(offer.skills & asked.skills == asked.skills for offer in offers):
        what = dutch.listed(words.skills(asked.skills, lang), lang)
        told.append(translate(lang, N_("Zij kunnen wat u nodig heeft: %(what)s"), what=what))
    if asked.category.checks & Check.VOG:
        told.append(translate(lang, N_("Zij voldoen aan wat uw gemeente vraagt")))
    told.append(translate(lang, N_("Zij zijn aan de beurt: wij vragen niet steeds dezelfde mensen")))
    return told
