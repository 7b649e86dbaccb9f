"""A redistribution in words: who gets whom and why, who stays without and why, and what had changed meanwhile."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from app.distribution.models import Distribution, DistributionLine, LineStatus, Outcome
from app.help_requests.models import HelpRequest
from matching.explain import Counterfactual, Relaxation
from matching.score import Term
from web import dutch
from web.desk_words import in_the_way, parts
from web.fit import level
from web.i18n import N_, translate
from web.pages.desk_case_view import about_helper, reasons_of, things_to_mind
from web.request_cards import Between

MOST_WAYS: Final = 3
RULES: Final = {
    "category": N_("niemand doet dit soort hulp"),
    "skills": N_("zij kunnen niet alles wat nodig is"),
    "border": N_("zij helpen niet in deze gemeente"),
    "distance": N_("zij wonen te ver weg"),
    "time": N_("zij kunnen niet op dat moment"),
    "minutes": N_("het duurt langer dan zij kunnen"),
    "language": N_("zij spreken geen taal die past"),
    "checks": N_("een controle ontbreekt, zoals een VOG"),
    "paused": N_("zij hebben even pauze"),
    "resting": N_("zij rusten na eerdere hulp"),
    "load": N_("hun week is vol"),
    "proposals": N_("zij zijn deze week al vaak genoeg gevraagd"),
    "kind": N_("betaald of onbetaald past niet"),
    "gender": N_("de vrager wil liever een ander"),
    "organisation": N_("zij helpen alleen via hun organisatie"),
}
"""By the engine's rule; those that are never told arrive here as a pause."""
CHANGED: Final = {
    "not-open": N_("Deze vraag zoekt niemand meer."),
    "answered": N_("Deze helper gaf al antwoord."),
    "place-taken": N_("Er is al iemand die wil helpen."),
}
FOR_WHOM: Final = {
    "first": N_("Zij zijn nodig bij mensen die eerst gaan: zij wachten langer, hebben meer haast of zijn kwetsbaar."),
    "scarce": N_("Zij zijn nodig bij mensen voor wie niemand anders past. Zo worden samen de meeste mensen geholpen."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Served:
    """Somebody who gets a helper."""

    id: UUID
    title: str
    path: str
    asker: str
    name: str
    about: str
    fit: str
    reasons: list[str]
    minds: list[str]
    parts: list[tuple[str, int]]
    total: int
    tag: tuple[str, str]
    asked: str
    """Who was asked before and may still answer."""
    open: bool
    """Whether it still waits for a decision; what was asked already needs none."""
    stale: bool
    """Whether something changed before it could be carried out."""


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody who stays without."""

    title: str
    path: str
    asker: str
    why: str
    more: str
    ways: list[str]


@dataclass(frozen=True, slots=True)
class Preview:
    """The preview of a run."""

    served: list[Served]
    left: list[Left]
    new: int
    kept: int
    places: int
    """Of the own municipality."""

    asked: int
    """How many helpers were asked by taking this over; who was asked already is not counted."""

    @property
    def to_see(self) -> list[Served]:
        """What waits for a decision, and what changed before it could be carried out."""
        return [line for line in self.served if line.open or line.stale]

    @property
    def settled(self) -> list[Served]:
        """What needs nothing any more."""
        return [line for line in self.served if not line.open and not line.stale]

    @property
    def open(self) -> int:
        """How many still wait for a decision."""
        return sum(line.open for line in self.served)


def preview(distribution: Distribution, asked: Mapping[UUID, Sequence[str]], lang: str) -> Preview:
    """Every line in words; ``asked`` are the first names of who still owes an answer, by request."""
    served = [line for line in distribution.lines if line.outcome is Outcome.SERVED]
    left = [line for line in distribution.lines if line.outcome is not Outcome.SERVED]
    return Preview(
        served=[_served(line, asked.get(line.help_request_id, ()), lang) for line in served],
        left=[_left(line, lang) for line in left],
        new=sum(not line.kept for line in served),
        kept=sum(line.kept for line in served),
        places=len(served) + sum(line.places for line in left),
        asked=sum(line.status is LineStatus.ACCEPTED and not line.kept for line in served),
    )


def _served(line: DistributionLine, asked: Sequence[str], lang: str) -> Served:
    request, helper, place = line.help_request, line.helper, line.helper_municipality
    assert helper is not None  # of a line that is served
    assert place is not None
    points = {Term[name.upper()]: value for name, value in line.terms.items()}
    between = Between(request, line.help_offer, points, line.distance_m, request.person.first_name)
    minds = things_to_mind(points, lang)
    own = line.kept or line.status is LineStatus.ACCEPTED
    where = line.help_offer.neighbourhood.place if line.help_offer else ""
    return Served(
        id=line.id,
        title=request.title,
        path=_path(request),
        asker=_asker(request),
        name=helper.first_name,
        about=about_helper(line.distance_m, place.name, request, where, lang),
        fit=level(points, minds),
        reasons=reasons_of(between, lang),
        minds=minds,
        parts=parts(points, lang),
        total=line.score,
        tag=_tag(line, lang),
        asked=dutch.listed([name for name in asked if not own or name != helper.first_name], lang),
        open=line.status is LineStatus.SUGGESTED and not line.kept,
        stale=line.status is LineStatus.STALE,
    )


def _tag(line: DistributionLine, lang: str) -> tuple[str, str]:
    if line.status is LineStatus.STALE:
        return changed(line.reason, lang), "w"
    sentence, kind = {
        LineStatus.ACCEPTED: (N_("Overgenomen"), "g"),
        LineStatus.REFUSED: (N_("Niet overgenomen"), ""),
    }.get(line.status, (N_("Al gevraagd"), "") if line.kept else (N_("Nieuw"), "r"))
    return translate(lang, sentence), kind


def changed(reason: str, lang: str) -> str:
    """What stands in the way of a line that was right when it was made."""
    if reason in CHANGED:
        return translate(lang, CHANGED[reason])
    rule = translate(lang, RULES.get(reason, RULES["paused"]))
    return translate(lang, N_("Past niet meer: %(rule)s."), rule=rule)


def _left(line: DistributionLine, lang: str) -> Left:
    request = line.help_request
    why, more, ways = _reasons(line, lang)
    return Left(request.title, _path(request), _asker(request), why, more, ways)


def _reasons(line: DistributionLine, lang: str) -> tuple[str, str, list[str]]:
    facts: Mapping[str, Any] = line.why
    if line.outcome is Outcome.NEEDED_ELSEWHERE:
        fitting = int(facts["fitting"])
        who = dutch.counted(fitting, *_people(lang), lang)
        why = translate(lang, N_("Er past wel iemand, maar die is elders harder nodig (%(who)s)."), who=who)
        return why, translate(lang, FOR_WHOM[facts["for"]]), []
    answered = int(facts["asked"])
    asked = dutch.counted(answered, *_people(lang), lang)
    more = translate(lang, N_("Gevraagd en nu niet beschikbaar: %(who)s."), who=asked) if answered else ""
    if not facts["count"]:
        said = N_("Niemand anders doet dit soort hulp.") if answered else N_("Niemand doet dit soort hulp.")
        return translate(lang, said), more, _ways(line.help_request, facts, lang)
    count = dutch.counted(int(facts["count"]), *_people(lang), lang)
    why = translate(
        lang,
        N_("Niemand past. Het vaakst: %(rule)s (%(count)s)."),
        rule=translate(lang, RULES.get(facts["rule"], RULES["paused"])),
        count=count,
    )
    return why, more, _ways(line.help_request, facts, lang)


def _ways(asked: HelpRequest, facts: Mapping[str, Any], lang: str) -> list[str]:
    """What would help, the best first: ``Zoek tot 25 km: 7 mensen``."""
    would_help = [
        Counterfactual(Relaxation[name.upper()], amount, more) for name, amount, more in facts["would_help"]
    ]
    # a check that the help needs is not for the makelaar to leave out
    open_to_us = [found for found in would_help if found.relaxation is not Relaxation.WITHOUT_CHECK]
    told = []
    for found in sorted(open_to_us, key=lambda found: -found.more)[:MOST_WAYS]:
        _, change = in_the_way(found, asked, lang)
        told.append(f"{change}: {dutch.counted(found.more, *_people(lang), lang)}")
    return told


def _people(lang: str) -> tuple[str, str]:
    return ("mens", "mensen") if lang == "nl" else ("person", "people")


def _path(request: HelpRequest) -> str:
    return f"/bureau/zaken/{request.id}"


def _asker(request: HelpRequest) -> str:
    return f"{request.person.first_name}, {request.neighbourhood.place}"
