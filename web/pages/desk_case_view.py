"""A case as its template draws it: proposals with reasons, candidates, what stands in the way, the course."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from app.agreements.models import Occurrence, OccurrenceStatus
from app.categories.vocabulary import ALL_DAYTIME, Check, Unpaid
from app.clock import AMSTERDAM
from app.help_requests.models import HelpRequest, Status as RequestStatus
from app.matches.models import Proposal, Status
from app.matches.propose import Candidate
from app.moderation.cases import Case
from app.moderation.history import Happening
from app.places.models import Mediation
from app.privacy import standing as consents
from matching.explain import Counterfactual, Relaxation
from matching.score import Term
from web import dutch, representation_words, words
from web.desk_words import CHECKS, STATUSES, TIMES, happened, in_the_way, parts
from web.fit import FULL_WEEK_POINTS, level, points_of
from web.i18n import N_, translate
from web.request_cards import Between
from web.supplied import plain
from web.words import KINDS, SHOWN_TO, how_long, languages, skills, when

READ_BY: Final = {
    "zaak": N_("alleen wie bij deze zaak hoort"),
    "vrager": N_("de vrager leest dit ook"),
}
"""Of a note that not all of the desk reads, or others too."""
LIVE: Final = (Status.AGREED, Status.MEETING, Status.WILLING, Status.PROPOSED)
"""Who counts now, in this order; the waiting list and the noes are told below."""
COMING_MOST: Final = 4
PAST_MOST: Final = 6
COURSE_MOST: Final = 8
STATES: Final = {
    Status.PROPOSED: (N_("gevraagd, nog geen antwoord"), ""),
    Status.WILLING: (N_("wil helpen"), "g"),
    Status.MEETING: (N_("kennismaken"), "r"),
    Status.AGREED: (N_("afgesproken"), "g"),
    Status.FULL: (N_("wachtlijst"), ""),
    Status.DECLINED: (N_("zei nee"), ""),
    Status.PASSED: (N_("niet gekozen"), ""),
    Status.EXPIRED: (N_("gaf geen antwoord"), ""),
    Status.WITHDRAWN: (N_("viel af"), ""),
}


@dataclass(frozen=True, slots=True)
class Option:
    """A helper at the desk: a proposal, or a candidate who was not asked yet."""

    name: str
    about: str
    fit: str
    reasons: list[str]
    minds: list[str]
    parts: list[tuple[str, int]]
    total: int
    kind: str = ""
    proposal: Proposal | None = None
    offer_id: UUID | None = None
    state: tuple[str, str] = ("", "")
    may_confirm: bool = False
    may_choose: bool = False
    may_pass: bool = False


@dataclass(frozen=True, slots=True)
class Time:
    """One time of help."""

    id: UUID
    when: str
    helper: str
    state: str
    colour: str
    disputed: bool
    done: bool


@dataclass(frozen=True, slots=True)
class View:
    """Everything on the screen that is words."""

    facts: list[tuple[str, str]]
    asked: list[Option]
    over: list[tuple[str, str, str]]
    fresh: list[Option]
    in_the_way: list[tuple[str, int, str, int | None]]
    """What, how many, what to change, and the kilometres when that is one click."""
    course: list[dict[str, Any]]
    """How it stands and what was last; what went before stands folded below."""
    earlier: list[dict[str, Any]]
    times: list[Time] = field(default_factory=list)
    """What is to be decided, what comes next and what was last; all others stand folded below."""
    other_times: list[Time] = field(default_factory=list)


def view(case: Case, course: list[Happening], moment: datetime, lang: str) -> View:
    """The case in words."""
    asked = case.help_request
    live = [proposal for proposal in case.proposals if proposal.status in LIVE]
    live.sort(key=lambda proposal: LIVE.index(proposal.status))  # by score within a state, as they came
    options = [_proposed(case, proposal, lang) for proposal in live]
    times, others = _times(case, moment, lang)
    told = _course(case, course, lang)
    return View(
        facts=facts(case, moment, lang),
        asked=options,
        over=[_over(proposal, lang) for proposal in case.proposals if proposal.status not in LIVE],
        fresh=[_fresh(asked, candidate, lang) for candidate in case.candidates],
        in_the_way=[
            (*_split(in_the_way(found, asked, lang), found.more), _km(asked, found.relaxation, found.amount))
            for found in _worth_saying(case)
        ],
        course=told[:COURSE_MOST],
        earlier=told[COURSE_MOST:],
        times=times,
        other_times=others,
    )


def _worth_saying(case: Case) -> list[Counterfactual]:
    """What brings somebody; of two circles that bring as many, the smaller."""
    told: list[Counterfactual] = []
    for found in case.counterfactuals:
        same = any((one.relaxation, one.more) == (found.relaxation, found.more) for one in told)
        if found.more > 0 and not (same and found.relaxation is Relaxation.FURTHER):
            told.append(found)
    return told


def _split(texts: tuple[str, str], more: int) -> tuple[str, int, str]:
    return texts[0], more, texts[1]


def _km(asked: HelpRequest, relaxation: Relaxation, amount: int) -> int | None:
    return min(asked.max_km + amount, 50) if relaxation is Relaxation.FURTHER else None


def facts(case: Case, moment: datetime, lang: str) -> list[tuple[str, str]]:
    """What the makelaar needs to know; no address and no e-mail."""
    asked, category = case.help_request, case.help_request.category
    today = moment.astimezone(AMSTERDAM).date()
    birth_year = case.contact.birth_year if case.contact else None
    age = f", {today.year - birth_year}" if birth_year else ""
    checks = [translate(lang, name) for check, name in CHECKS.items() if category.checks & Check(check)]
    needed = [*checks, *skills(asked.skills, lang)]
    told = [
        (
            N_("Wie"),
            f"{asked.person.first_name} {_last_name(case)}".strip() + f"{age}, {asked.neighbourhood.place}",
        ),
        (N_("Wat"), translate(lang, category.name)),
        (N_("Wanneer"), _when(asked, today, lang)),
        (N_("Hoe lang"), f"{how_long(asked.minutes, lang)}, {translate(lang, KINDS[asked.kind])}"),
        (N_("Hoeveel helpers"), _helpers(asked, lang)),
        (N_("Gaat voor"), _first(asked, lang)),
        (N_("Nodig"), ", ".join(needed)),
        (N_("Talen"), ", ".join(languages(asked.languages, lang)) if asked.languages != 1 else ""),
        (N_("Hoe ver"), _how_far(asked, lang)),
        (N_("Te zien voor"), _shown_to(asked, lang)),
        (N_("Mag dit onbetaald?"), translate(lang, UNPAID[category.unpaid])),
        (N_("Gevraagd door"), _author(case, lang)),
        (N_("Regelt mee"), _representatives(case, lang)),
    ]
    return [(translate(lang, term), what) for term, what in told if what]


UNPAID: Final = {
    Unpaid.YES: N_("Ja"),
    Unpaid.CONDITIONS: N_("Ja, onder voorwaarden"),
    Unpaid.PROFESSIONALS: N_("Nee, alleen een beroepskracht"),
}
HURRY: Final = {0: N_("Geen haast"), 2: N_("Snel"), 3: N_("Vandaag of morgen")}
CONSENTS: Final = {"phone": N_("toestemming per telefoon"), "visit": N_("toestemming bij bezoek")}


def _when(asked: HelpRequest, today: Any, lang: str) -> str:
    said = when(asked, today, lang)
    if asked.on_date is None and asked.slots != ALL_DAYTIME:
        named = dutch.slots(asked.slots, lang)
        if 3 < len(named) <= 8:
            return f"{said}: {dutch.listed(named, lang)}"
    return said


def _last_name(case: Case) -> str:
    return case.contact.last_name if case.contact else ""


def _helpers(asked: HelpRequest, lang: str) -> str:
    if asked.helpers_wanted == 1:
        return ""
    return translate(
        lang, N_("%(found)s van %(wanted)s"), found=asked.helpers_found, wanted=asked.helpers_wanted
    )


def _first(asked: HelpRequest, lang: str) -> str:
    """Why it comes before others, as far as the desk says so."""
    hurry = translate(lang, HURRY[asked.urgency]) if asked.urgency in HURRY else ""
    vulnerable = translate(lang, N_("kwetsbaar")) if asked.vulnerable else ""
    return ", ".join(filter(None, (hurry, vulnerable)))


def _how_far(asked: HelpRequest, lang: str) -> str:
    far = dutch.km(asked.max_km, lang)
    return far if asked.cross_border else translate(lang, N_("%(far)s, alleen eigen gemeente"), far=far)


def _shown_to(asked: HelpRequest, lang: str) -> str:
    title = plain(asked.municipality.broker_title, lang)
    closed = asked.municipality.mediation == Mediation.PROPOSED or consents.is_sensitive(
        asked.category, asked.skills
    )
    proposed_only = not asked.is_public if asked.status is RequestStatus.OPEN else closed
    if proposed_only and asked.visibility.value == "iedereen":
        return translate(lang, N_("wie wordt voorgesteld"))
    return translate(lang, SHOWN_TO[asked.visibility]) % {"title": title}


def _author(case: Case, lang: str) -> str:
    asked = case.help_request
    if asked.author_id == asked.person_id:
        return ""
    consent = translate(lang, CONSENTS[asked.consent]) if asked.consent in CONSENTS else asked.consent
    return f"{case.author.first_name}, {consent}"


def _representatives(case: Case, lang: str) -> str:
    """Who may act for the asker, as what, and by whose word."""
    return " ".join(representation_words.in_short(row, lang) for row in case.representations)


def _proposed(case: Case, proposal: Proposal, lang: str) -> Option:
    points = points_of(proposal)
    asked, status = case.help_request, proposal.status
    between = Between(asked, proposal.help_offer, points, proposal.distance_m, asked.person.first_name)
    minds = things_to_mind(points, lang)
    waiting = status in (Status.PROPOSED, Status.WILLING, Status.MEETING)
    introduces = asked.municipality.mediation >= Mediation.INTRODUCED
    open_ = asked.status is RequestStatus.OPEN
    return Option(
        name=proposal.helper.first_name,
        about=about_helper(
            proposal.distance_m, proposal.helper_municipality.name, asked, _place(proposal), lang
        ),
        fit=level(points, minds),
        reasons=reasons_of(between, lang),
        minds=minds,
        parts=parts(points, lang),
        total=proposal.score,
        kind="r" if status is Status.WILLING else "",
        proposal=proposal,
        state=(translate(lang, STATES[status][0]), STATES[status][1]),
        may_confirm=open_ and introduces and waiting and proposal.confirmed_at is None,
        may_choose=open_ and status in (Status.WILLING, Status.MEETING),
        may_pass=open_ and waiting,
    )


def _place(proposal: Proposal) -> str:
    return proposal.help_offer.neighbourhood.place if proposal.help_offer else ""


def _fresh(asked: HelpRequest, candidate: Candidate, lang: str) -> Option:
    points, offer = candidate.explanation.terms, candidate.offer
    between = Between(asked, offer, points, candidate.match.distance_m, asked.person.first_name)
    minds = things_to_mind(points, lang)
    return Option(
        name=offer.person.first_name,
        about=about_helper(
            candidate.match.distance_m, offer.municipality.name, asked, offer.neighbourhood.place, lang
        ),
        fit=level(points, minds),
        reasons=reasons_of(between, lang),
        minds=minds,
        parts=parts(points, lang),
        total=candidate.explanation.score,
        kind="s",
        offer_id=offer.id,
    )


def about_helper(distance_m: int, municipality: str, asked: HelpRequest, place: str, lang: str) -> str:
    """``Brouwhuis, 1,2 km, uit Helmond``: the neighbourhood and never more; of ``Helmond`` it is said once."""
    said = [place, dutch.km(distance_m / 1000, lang)]
    if municipality not in (asked.municipality.name, place):
        said.append(translate(lang, N_("uit %(place)s"), place=municipality))
    return ", ".join(filter(None, said))


def reasons_of(between: Between, lang: str) -> list[str]:
    """Why, said about the helper."""
    asked, offer, told = between.help_request, between.offer, []
    if offer is not None:
        shared = asked.slots & offer.slots
        if asked.slots & ALL_DAYTIME != ALL_DAYTIME and shared:
            time = words.shared_times(shared, lang)
            told.append(translate(lang, N_("heeft tijd op %(time)s"), time=time))
        if asked.category_number in offer.category_numbers:
            told.append(
                translate(
                    lang,
                    N_("doet dit graag: %(category)s"),
                    category=words.category(asked.category.name, lang),
                )
            )
        extra = languages(asked.languages & offer.languages & ~1, lang)
        told += [translate(lang, N_("spreekt ook %(language)s"), language=name) for name in extra]
    if between.points.get(Term.NEIGHBOURS, 0):
        told.append(translate(lang, N_("woont in dezelfde buurt")))
    if between.points.get(Term.TURN, 0) >= 60:
        told.append(translate(lang, N_("is al lang niet gevraagd")))
    return told[:4]


def things_to_mind(points: Any, lang: str) -> list[str]:
    """What to think of before asking: how much the helper has on already."""
    told = []
    if points.get(Term.LOAD, 0) <= FULL_WEEK_POINTS:
        told.append(translate(lang, N_("heeft deze week al veel afgesproken")))
    if points.get(Term.ASKED, 0) <= -60:
        told.append(translate(lang, N_("is deze week al vaker gevraagd")))
    return told


def _over(proposal: Proposal, lang: str) -> tuple[str, str, str]:
    return proposal.helper.first_name, translate(lang, STATES[proposal.status][0]), _place(proposal)


def _course(case: Case, lines: list[Happening], lang: str) -> list[dict[str, Any]]:
    now = translate(lang, STATUSES[case.help_request.status]).capitalize()
    first = {"state": "now", "title": now, "text": case.help_request.closing_reason}
    told: list[dict[str, Any]] = [first]
    for line in lines:
        said = happened(line, lang)
        if said is not None:
            told.append(
                {
                    "state": "done",
                    "title": said[0],
                    "text": said[1],
                    "moment": line.at,
                    "link": line.link,
                    "mark": translate(lang, READ_BY[line.access]) if line.access in READ_BY else "",
                }
            )
    return told


def _times(case: Case, moment: datetime, lang: str) -> tuple[list[Time], list[Time]]:
    rows = [
        (time, agreement.helper.first_name) for agreement in case.agreements for time in agreement.occurrences
    ]
    rows.sort(key=lambda row: row[0].starts_at)
    undecided = [row for row in rows if row[0].status is OccurrenceStatus.DISPUTED]
    coming = [row for row in rows if row not in undecided and row[0].starts_at > moment]
    past = [row for row in reversed(rows) if row not in undecided and row not in coming]
    near = undecided + coming[:COMING_MOST] + past[:PAST_MOST]
    others = coming[COMING_MOST:] + past[PAST_MOST:]
    return [_time(*row, lang) for row in near], [_time(*row, lang) for row in others]


def _time(time: Occurrence, helper: str, lang: str) -> Time:
    return Time(
        id=time.id,
        when=dutch.moment(time.starts_at, lang),
        helper=helper,
        state=translate(lang, TIMES[time.status][0]),
        colour=TIMES[time.status][1],
        disputed=time.status is OccurrenceStatus.DISPUTED,
        done=time.status is OccurrenceStatus.DONE,
    )
