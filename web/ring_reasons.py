"""Why this ring: for whoever helps in it and whoever is helped, and for the desk the points of each arc."""

from collections.abc import Iterator
from typing import Final

from app.categories.vocabulary import Check
from app.help_requests.models import HelpRequest
from app.rings.models import RingArc
from matching.score import Term
from web import dutch, words
from web.fit import FULL_WEEK_POINTS
from web.i18n import N_, translate
from web.reasons import NEAR_M
from web.request_cards import of_this_request

MOST: Final = 5


def points_of(arc: RingArc) -> dict[Term, int]:
    """What the engine gave this arc when the ring was found; they add up to its score."""
    return {Term[name.upper()]: value for name, value in arc.terms.items()}


def why_i_help(arc: RingArc, lang: str) -> list[str]:
    """Why the giver was asked, said to the giver; of the receiver only what a proposal tells as well."""
    return list(_why_i_help(arc, lang))[:MOST]


def _why_i_help(arc: RingArc, lang: str) -> Iterator[str]:
    points = points_of(arc)
    yield translate(lang, N_("u gaf dit soort hulp op"))
    if points.get(Term.TIME, 0):
        yield translate(lang, N_("u heeft tijd als het %(name)s uitkomt"), name=arc.receiver.first_name)
    if 0 < arc.distance_m <= NEAR_M:
        yield translate(lang, N_("het is niet ver van u"))
    yield from of_this_request(points, arc.receiver.first_name, lang)


def to_mind(arc: RingArc, lang: str) -> list[str]:
    """What the giver should think of before a yes."""
    full = points_of(arc).get(Term.LOAD, 0) <= FULL_WEEK_POINTS
    return [translate(lang, N_("u heeft deze week al veel afgesproken"))] if full else []


def why_they_help(arc: RingArc, lang: str) -> list[str]:
    """Why the giver was chosen, said to the receiver: until that one may be known, only what the request asked for."""
    return list(_why_they_help(arc, arc.help_request, lang))[:MOST]


def _why_they_help(arc: RingArc, asked: HelpRequest, lang: str) -> Iterator[str]:
    points = points_of(arc)
    category = words.category(asked.category.name, lang)
    yield translate(lang, N_("doet dit graag: %(category)s"), category=category)
    if points.get(Term.TIME, 0):
        yield translate(lang, N_("heeft tijd als het u uitkomt"))
    if arc.is_known and points.get(Term.NEIGHBOURS, 0):
        yield translate(lang, N_("woont in dezelfde buurt"))
    elif arc.distance_m <= asked.max_km * 1000:
        yield translate(lang, N_("woont binnen %(km)s van u"), km=dutch.km(asked.max_km, lang))
    if asked.skills:
        what = dutch.listed(words.skills(asked.skills, lang), lang)
        yield translate(lang, N_("kan wat u nodig heeft: %(what)s"), what=what)
    if asked.category.checks & Check.VOG:
        yield translate(lang, N_("voldoet aan wat uw gemeente vraagt"))
    if arc.is_known and points.get(Term.LOAD, 0) == 0:
        yield translate(lang, N_("heeft deze week nog niets afgesproken"))
