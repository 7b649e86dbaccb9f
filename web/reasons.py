"""Why somebody fits, in sentences: from the terms of a proposal and the facts behind them, for the asker.

``of_proposal`` reads a Proposal loaded with ``app.matches.answer.FACE``. Levels are the words of
``macros/people.html``: ``very`` (Past heel goed), ``good`` (Past goed) and ``mind`` (Past, let op).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.categories.vocabulary import ALL_DAYTIME, Check, Language, Skill
from app.help_offers.models import HelpOffer
from app.help_requests.models import HelpRequest
from app.matches.models import Origin, Proposal
from web import dutch, words
from web.fit import FULL_WEEK_POINTS, level, points_of
from web.i18n import DUTCH, N_, translate

NEAR_M: Final = 2000
MOST_REASONS: Final = 4
MOST_MINDS: Final = 1
HAS: Final = {
    Skill.CAR: N_("heeft een auto"),
    Skill.LIFTING: N_("kan tillen"),
    Skill.PETS: N_("gaat goed met dieren om"),
    Skill.WHEELCHAIR: N_("kan een rolstoel duwen"),
    Skill.LADDER: N_("staat veilig op een trap of ladder"),
    Skill.TOOLS: N_("heeft gereedschap"),
    Skill.COOKING: N_("kookt graag"),
    Skill.COMPUTER: N_("kan met de computer werken"),
    Skill.CHILDREN: N_("gaat goed met kinderen om"),
    Skill.DEMENTIA: N_("kent dementie"),
    Skill.SIGN_LANGUAGE: N_("spreekt gebarentaal"),
    Skill.TRAINING: N_("heeft een training gevolgd"),
}


@dataclass(frozen=True, slots=True)
class Why:
    """How well two fit, what speaks for it, and what to think of."""

    level: str
    reasons: list[str]
    minds: list[str]


def of_proposal(proposal: Proposal, lang: str = DUTCH) -> Why:
    """Two to four reasons and at most one thing to mind, for who asked."""
    minds = list(_minds(proposal, lang))[:MOST_MINDS]
    return Why(level(points_of(proposal), minds), list(_reasons(proposal, lang))[:MOST_REASONS], minds)


def about(proposal: Proposal, lang: str = DUTCH) -> str:
    """``Mierlo, 1,2 km van u``: the neighbourhood and never more."""
    far = dutch.km(proposal.distance_m / 1000, lang)
    offer = proposal.help_offer
    place = offer.neighbourhood.place if offer is not None else proposal.helper_municipality.name
    if proposal.distance_m == 0:
        return translate(lang, N_("%(place)s, bij u in de buurt"), place=place)
    return translate(lang, N_("%(place)s, %(far)s van u"), place=place, far=far)


def away(proposal: Proposal, lang: str = DUTCH) -> str:
    """``uit Helmond``, for a helper of another municipality."""
    if proposal.helper_municipality_id == proposal.municipality_id:
        return ""
    return translate(lang, N_("uit %(place)s"), place=proposal.helper_municipality.name)


def _reasons(proposal: Proposal, lang: str) -> Iterator[str]:
    asked, offer = proposal.help_request, proposal.help_offer
    if offer is not None:
        yield from _time(asked, offer, lang)
        if asked.category_number in offer.category_numbers:
            yield translate(
                lang, N_("doet dit graag: %(category)s"), category=words.category(asked.category.name, lang)
            )
        yield from _able(asked, offer, lang)
    if asked.category.checks & Check.VOG:
        yield translate(lang, N_("voldoet aan wat uw gemeente vraagt"))
    if offer is not None:
        yield from _languages(asked, offer, lang)
    if 0 < proposal.distance_m <= NEAR_M:
        yield translate(lang, N_("woont dichtbij"))
    if offer is not None and proposal.terms.get("load", 0) == 0:
        yield translate(lang, N_("heeft deze week nog niets afgesproken"))
    if proposal.origin is Origin.HELPER:
        yield translate(lang, N_("zag uw vraag en kwam zelf naar voren"))


def _time(asked: HelpRequest, offer: HelpOffer, lang: str) -> Iterator[str]:
    shared = asked.slots & offer.slots
    if not shared:
        return
    if shared & ALL_DAYTIME == ALL_DAYTIME:
        yield translate(lang, N_("kan op elke dag"))
        return
    named = dutch.slots(shared, lang)
    if len(named) <= words.MOST_SLOTS_SAID:
        yield translate(lang, N_("vrij op %(times)s"), times=dutch.listed(named, lang))
    else:
        yield translate(lang, N_("vrij op %(count)s dagdelen die u uitkomen"), count=len(named))


def _able(asked: HelpRequest, offer: HelpOffer, lang: str) -> Iterator[str]:
    for skill, sentence in HAS.items():
        if asked.skills & offer.skills & skill:
            yield translate(lang, sentence)


def _languages(asked: HelpRequest, offer: HelpOffer, lang: str) -> Iterator[str]:
    shared = words.languages(asked.languages & offer.languages & ~Language.NL, lang)
    if shared:
        yield translate(lang, N_("spreekt ook %(languages)s"), languages=dutch.listed(shared, lang))


def _minds(proposal: Proposal, lang: str) -> Iterator[str]:
    asked, offer = proposal.help_request, proposal.help_offer
    if proposal.distance_m > asked.max_km * 1000:
        yield translate(lang, N_("woont verder weg dan u vroeg"))
    if offer is None:
        return
    if not asked.slots & offer.slots:
        yield translate(lang, N_("is vaak vrij op andere tijden"))
    if missing := asked.skills & ~offer.skills:
        names = dutch.listed(words.skills(missing, lang), lang)
        yield translate(lang, N_("gaf niet op: %(skills)s"), skills=names)
    if asked.category_number not in offer.category_numbers:
        yield translate(lang, N_("deed dit hier nog niet eerder"))
    if asked.minutes > offer.minutes_per_week:
        yield translate(lang, N_("heeft minder tijd dan u vraagt"))
    if proposal.terms.get("load", 0) <= FULL_WEEK_POINTS:
        yield translate(lang, N_("heeft deze week al veel afgesproken"))
