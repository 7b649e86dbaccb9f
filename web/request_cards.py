"""A request as others see it: first name, neighbourhood, when, how long; and for a helper why it fits."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from app.categories.vocabulary import ALL_DAYTIME, Language
from app.help_offers.models import HelpOffer
from app.help_requests.models import HelpRequest
from app.matches.models import Proposal
from app.matches.propose import Candidate
from app.places.models import Municipality
from matching.score import WAITING_POINTS, Term
from web import words
from web.fit import FULL_WEEK_POINTS, level, points_of
from web.i18n import N_, translate

LEAST_M: Final = 1000
LONG_WAIT_DAYS: Final = 3
URGENT_POINTS: Final = 120
MOST_REASONS: Final = 3


@dataclass(frozen=True, slots=True)
class Card:
    """What ``macros/people.html`` draws of a request; ``distance_km`` None leaves the distance out."""

    path: str
    title: str
    theme: str
    who: str
    when: str
    how_long: str
    text: str = ""
    fit: str = ""
    distance_km: float | None = None
    number: int = 0
    away: str = ""
    reasons: list[str] = field(default_factory=list)
    minds: list[str] = field(default_factory=list)
    cell: int = 0


def card(  # noqa: PLR0913 - a face has this many sides
    help_request: HelpRequest,
    lang: str,
    today: date,
    *,
    home: int | None = None,
    distance_m: int | None = None,
    number: int = 0,
    asker: str = "",
) -> Card:
    """The public face of a request; ``home`` is the reader's municipality, for the tag of another one."""
    return Card(
        path=f"/hulpvragen/{help_request.id}",
        title=help_request.title,
        theme=words.picture(help_request.category.theme),
        who=f"{asker or help_request.person.first_name}, {help_request.neighbourhood.place}",
        when=words.when(help_request, today, lang),
        how_long=words.how_long(help_request.minutes, lang),
        text=help_request.body,
        distance_km=far(distance_m),
        number=number,
        away=away(help_request.municipality, home, lang),
        cell=help_request.cell,
    )


@dataclass(frozen=True, slots=True)
class Between:
    """A request, one's own offer, and the points between them."""

    help_request: HelpRequest
    offer: HelpOffer | None
    points: Mapping[Term, int]
    distance_m: int
    asker: str

    @classmethod
    def of(cls, candidate: Candidate) -> "Between":
        """What the engine found."""
        far = candidate.match.distance_m
        asked = candidate.help_request
        return cls(asked, candidate.offer, candidate.explanation.terms, far, asked.person.first_name)

    @classmethod
    def proposed(cls, proposal: Proposal) -> "Between":
        """What the engine found when it proposed this."""
        asked, far = proposal.help_request, proposal.distance_m
        return cls(asked, proposal.help_offer, points_of(proposal), far, proposal.asker.first_name)


def fitting_card(
    between: Between, lang: str, today: date, *, home: int | None, number: int = 0, busy_said: bool = False
) -> Card:
    """The same with why it fits this helper; ``busy_said`` where the page says once how full their week is."""
    asked, far = between.help_request, between.distance_m
    minds = to_mind(between, lang, busy_said=busy_said)
    plain = card(asked, lang, today, home=home, distance_m=far, number=number, asker=between.asker)
    return replace(plain, reasons=reasons(between, lang), minds=minds, fit=level(between.points, minds))


def far(distance_m: int | None) -> float | None:
    """Kilometres; None for less than one, which the width of a cell could not know."""
    return None if distance_m is None or distance_m < LEAST_M else distance_m / 1000


def away(municipality: Municipality, home: int | None, lang: str) -> str:
    """``uit Helmond`` for a request of another municipality than one's own."""
    if home is None or municipality.id == home:
        return ""
    return translate(lang, N_("uit %(place)s"), place=municipality.name.split(",")[0])


def reasons(between: Between, lang: str) -> list[str]:
    """Why this request comes to this helper, the strongest first; nothing about the asker's weakness."""
    told = _from_offer(between.help_request, between.offer, lang) if between.offer else []
    return [*told, *of_this_request(between.points, between.asker, lang)][:MOST_REASONS]


def of_this_request(points: Mapping[Term, int], asker: str, lang: str) -> list[str]:
    """What the points say of the request itself: how near it is, how long it waits, how urgent it is."""
    told = []
    if points.get(Term.NEIGHBOURS, 0):
        told.append(translate(lang, N_("het is bij u in de buurt")))
    days = points.get(Term.WAITING, 0) // WAITING_POINTS
    if days >= LONG_WAIT_DAYS:
        told.append(translate(lang, N_("%(name)s wacht al %(days)s dagen"), name=asker, days=days))
    if points.get(Term.URGENCY, 0) >= URGENT_POINTS:
        told.append(translate(lang, N_("er is haast bij")))
    return told


def _from_offer(asked: HelpRequest, offer: HelpOffer, lang: str) -> list[str]:
    told: list[str] = []
    shared = asked.slots & offer.slots
    if asked.slots & ALL_DAYTIME != ALL_DAYTIME and shared:
        told.append(translate(lang, N_("u heeft tijd op %(time)s"), time=words.shared_times(shared, lang)))
    if asked.category_number in offer.category_numbers:
        told.append(
            translate(lang, N_("u gaf op: %(category)s"), category=words.category(asked.category.name, lang))
        )
    return told + _languages(asked.languages & offer.languages, lang)


def is_full(between: Between) -> bool:
    """Whether the helper's week is full."""
    return between.points.get(Term.LOAD, 0) <= FULL_WEEK_POINTS


def to_mind(between: Between, lang: str, *, busy_said: bool = False) -> list[str]:
    """What the helper should think of before saying yes."""
    asked = between.help_request
    told: list[str] = []
    if is_full(between) and not busy_said:
        told.append(translate(lang, N_("u heeft deze week al veel afgesproken")))
    if asked.helpers_wanted > 1:
        told.append(translate(lang, N_("er zijn %(count)s mensen nodig"), count=asked.helpers_wanted))
    return told


def _languages(shared: int, lang: str) -> list[str]:
    named = words.languages(shared & ~Language.NL, lang)
    return [translate(lang, N_("u spreekt allebei %(language)s"), language=name) for name in named]
