"""The desk's words: tags, what to do now, parts of a score, what stands in the way, and the course of a case."""

from datetime import datetime
from typing import Final

from app.agreements.models import OccurrenceStatus
from app.categories.vocabulary import Check, Skill
from app.help_requests.models import HelpRequest, Status
from app.help_requests.standing import last_day
from app.help_requests.story import HANDED_OVER, LET_GO, TAKEN
from app.moderation.conditions import Queue
from app.moderation.history import Happening
from app.moderation.queues import Entry
from app.places.models import Mediation
from matching.explain import Counterfactual, Relaxation
from matching.score import Term
from web import dutch
from web.i18n import N_, translate
from web.words import SKILLS

ROUTINE: Final = frozenset({Queue.RESTING, Queue.RECENT})
"""Queues in which nobody waits for the desk."""

TAGS: Final = {
    Queue.REPORTS: (N_("melding"), "w"),
    Queue.FOLLOW_UP: (N_("vandaag terugkomen"), "w"),
    Queue.STUCK: (N_("loopt vast"), ""),
    Queue.NOBODY: (N_("niemand gevonden"), ""),
    Queue.MEETING: (N_("gesprek"), ""),
    Queue.NEW: (N_("nieuw"), ""),
    Queue.EVALUATION: (N_("gesprek te doen"), ""),
}
STATUSES: Final = {
    Status.DRAFT: N_("nog niet verstuurd"),
    Status.SUBMITTED: N_("wacht op lezen"),
    Status.OPEN: N_("wij zoeken iemand"),
    Status.FILLED: N_("afgesproken"),
    Status.DONE: N_("klaar"),
    Status.PAUSED: N_("even gestopt"),
    Status.REFERRED: N_("doorgestuurd"),
    Status.EXPIRED: N_("verlopen"),
    Status.WITHDRAWN: N_("door de vrager gestopt"),
    Status.CLOSED: N_("gesloten"),
}
TERMS: Final = {
    Term.NEAR: N_("dichtbij"),
    Term.NEIGHBOURS: N_("zelfde buurt"),
    Term.TIME: N_("tijd"),
    Term.SKILLS: N_("ervaring"),
    Term.LANGUAGE: N_("taal"),
    Term.TURN: N_("aan de beurt"),
    Term.LOAD: N_("al druk"),
    Term.ASKED: N_("al gevraagd"),
    Term.URGENCY: N_("haast"),
    Term.VULNERABLE: N_("kwetsbaar"),
    Term.WAITING: N_("wacht al"),
}
CHECKS: Final = {
    Check.VOG: N_("VOG"),
    Check.IDENTITY: N_("bewijs wie iemand is"),
    Check.REFERENCES: N_("referenties"),
    Check.KVK: N_("inschrijving bij de KvK"),
    Check.BIG: N_("BIG-registratie"),
    Check.SKJ: N_("SKJ-registratie"),
    Check.COURSE: N_("cursus"),
    Check.DRIVING: N_("rijbewijs"),
}


def tags(entry: Entry, lang: str, shown: Queue = Queue.ALL) -> list[tuple[str, str]]:
    """Why it is in the list that is shown: for that list itself, else the most pressing of its reasons."""
    if shown in TAGS and shown in entry.queues:
        name, kind = TAGS[shown]
        return [(translate(lang, name), kind)]
    found = [(translate(lang, name), kind) for queue, (name, kind) in TAGS.items() if queue in entry.queues]
    if not found and entry.help_request.status not in (Status.OPEN, Status.SUBMITTED):
        return [(translate(lang, STATUSES[entry.help_request.status]), "")]
    return found[:1]


def next_step(entry: Entry, moment: datetime, lang: str, shown: Queue = Queue.ALL) -> str:
    """What to do now, in one sentence; for the list that is shown, where that asks for something itself."""
    asked = entry.help_request
    name = asked.person.first_name
    said = (
        _of_queue(entry, lang, shown)
        or _of_status(entry, lang)
        or entry.task
        or _of_proposals(entry, lang)
        or _of_talk(entry, lang)
    )
    if said:
        return said
    if asked.status not in (Status.SUBMITTED, Status.OPEN):
        return asked.closing_reason or translate(lang, STATUSES[asked.status])
    if Queue.NEW in entry.queues:
        due = dutch.near(dutch.local_date(last_day(entry.due)), moment, lang)
        return translate(lang, N_("Lezen en bellen uiterlijk %(due)s"), due=due)
    if entry.asked:
        return translate(lang, N_("Wacht op antwoord. Gevraagd: %(count)s"), count=entry.asked)
    return translate(lang, N_("Zelf iemand zoeken voor %(name)s"), name=name)


def _of_queue(entry: Entry, lang: str, shown: Queue) -> str:
    if shown is Queue.FOLLOW_UP:
        return entry.task
    return _of_talk(entry, lang) if shown is Queue.EVALUATION else ""


def _of_status(entry: Entry, lang: str) -> str:
    asked, name = entry.help_request, entry.help_request.person.first_name
    if entry.disputed:
        return translate(lang, N_("Beslis wat er gebeurd is"))
    if Queue.REPORTS in entry.queues:
        return translate(lang, N_("Bel beide mensen: er kwam iemand niet"))
    if asked.status is Status.PAUSED:
        return translate(lang, N_("Rust op verzoek"))
    if asked.status is Status.REFERRED:
        return translate(lang, N_("Vraag hoe het ging"))
    if asked.status is Status.EXPIRED:
        return translate(lang, N_("Bel %(name)s: langer zoeken of sluiten?"), name=name)
    if asked.status is Status.FILLED and Queue.STUCK in entry.queues:
        return translate(lang, N_("Vraag of het is gebeurd"))
    return ""


def _of_talk(entry: Entry, lang: str) -> str:
    if Queue.EVALUATION not in entry.queues:
        return ""
    return translate(
        lang, N_("Bel %(name)s: hoe gaat het met de hulp?"), name=entry.help_request.person.first_name
    )


def _of_proposals(entry: Entry, lang: str) -> str:
    name = entry.help_request.person.first_name
    if entry.help_request.status is Status.SUBMITTED:
        return ""
    if entry.meeting_with:
        return translate(lang, N_("Kennismaken met %(name)s"), name=entry.meeting_with)
    if entry.unconfirmed and entry.help_request.municipality.mediation >= Mediation.INTRODUCED:
        return translate(lang, N_("Koppel: iemand wil helpen"))
    if entry.willing == 1 and entry.by_phone:
        return translate(lang, N_("Bel %(name)s: één mens wil helpen"), name=name)
    if entry.willing == 1:
        return translate(lang, N_("%(name)s kiest: één mens wil helpen"), name=name)
    if entry.willing:
        count = dutch.words(entry.willing, lang)
        if entry.by_phone:
            return translate(lang, N_("Bel %(name)s: %(count)s mensen willen helpen"), name=name, count=count)
        return translate(lang, N_("%(name)s kiest uit %(count)s mensen"), name=name, count=count)
    if Queue.STUCK in entry.queues:
        return translate(lang, N_("Niemand zei ja. Zelf iemand bellen"))
    if Queue.NOBODY in entry.queues:
        waits = N_("Nog niemand zei ja. Gevraagd: %(count)s")
        nobody = N_("Nog niemand gevraagd. Zelf iemand zoeken")
        return translate(lang, waits if entry.asked else nobody, count=entry.asked)
    return ""


def parts(points: dict[Term, int], lang: str) -> list[tuple[str, int]]:
    """The parts of a score by name, without those that add nothing."""
    return [(translate(lang, TERMS[term]), value) for term, value in sorted(points.items()) if value]


def in_the_way(found: Counterfactual, asked: HelpRequest, lang: str) -> tuple[str, str]:
    """What stands in the way, and what one could change."""
    amount = found.amount
    if found.relaxation is Relaxation.FURTHER:
        return (
            translate(lang, N_("verder dan %(km)s km"), km=asked.max_km),
            translate(lang, N_("Zoek tot %(km)s km"), km=asked.max_km + amount),
        )
    if found.relaxation is Relaxation.WITHOUT_SKILL:
        skill = translate(lang, SKILLS.get(Skill(1 << amount), N_("iets bijzonders kunnen")))
        return translate(lang, N_("nodig: %(what)s"), what=skill), translate(
            lang, N_("Vraag of het zonder kan")
        )
    if found.relaxation is Relaxation.WITHOUT_CHECK:
        check = translate(lang, CHECKS.get(Check(1 << amount), N_("een controle")))
        return (
            translate(lang, N_("geen %(check)s"), check=check),
            translate(lang, N_("Kan niet: nodig bij deze hulp")),
        )
    name, change = OTHER[found.relaxation]
    half, whole = dutch.duration(amount, lang), dutch.duration(asked.minutes, lang)
    return translate(lang, name), translate(lang, change) % {"half": half, "whole": whole}


OTHER: Final = {
    Relaxation.ANY_TIME: (N_("op die tijd bezet"), N_("Vraag of een andere tijd kan")),
    Relaxation.HALF_THE_MINUTES: (N_("te veel tijd nodig"), N_("Vraag %(half)s in plaats van %(whole)s")),
    Relaxation.ANY_LANGUAGE: (N_("spreekt een andere taal"), N_("Vraag of een andere taal kan")),
    Relaxation.ACROSS_THE_BORDER: (N_("woont in een andere gemeente"), N_("Zoek ook over de grens")),
    Relaxation.ANY_KIND: (N_("helpt op andere voorwaarden"), N_("Bespreek betaald of met een cheque")),
    Relaxation.ANY_GENDER: (N_("een man of juist een vrouw gevraagd"), N_("Vraag of het uitmaakt")),
}

STEPS: Final = {
    ("help_request", "draft"): N_("%(by)s schreef de vraag op"),
    ("help_request", "submitted"): N_("%(by)s stuurde de vraag"),
    ("help_request", "open"): N_("Wij zoeken iemand"),
    ("help_request", "filled"): N_("Er zijn genoeg helpers"),
    ("help_request", "done"): N_("De hulp is klaar"),
    ("help_request", "paused"): N_("%(by)s zette de vraag stil"),
    ("help_request", "referred"): N_("%(by)s stuurde door"),
    ("help_request", "expired"): N_("De tijd was om"),
    ("help_request", "withdrawn"): N_("%(by)s stopte de vraag"),
    ("help_request", "closed"): N_("%(by)s sloot de vraag"),
    ("satisfaction", "blij"): N_("%(by)s is tevreden"),
    ("satisfaction", "gaat-wel"): N_("%(by)s zegt: gaat wel"),
    ("satisfaction", "niet-blij"): N_("%(by)s is niet tevreden"),
    ("proposal", "proposed"): N_("%(helper)s is gevraagd"),
    ("proposal", "willing"): N_("%(helper)s wil helpen"),
    ("proposal", "meeting"): N_("Kennismaken met %(helper)s"),
    ("proposal", "declined"): N_("%(helper)s zei nee"),
    ("proposal", "passed"): N_("%(helper)s is niet gekozen"),
    ("proposal", "full"): N_("%(helper)s staat op de wachtlijst"),
    ("proposal", "expired"): N_("%(helper)s gaf geen antwoord"),
    ("proposal", "withdrawn"): N_("%(helper)s viel af"),
    ("agreement", "active"): N_("Afspraak met %(helper)s"),
    ("agreement", "done"): N_("De afspraak met %(helper)s is klaar"),
    ("agreement", "cancelled"): N_("De afspraak met %(helper)s stopte"),
    ("occurrence", "agreed"): N_("%(helper)s komt op %(when)s"),
    ("occurrence", "helped"): N_("%(helper)s zegt: het is gebeurd"),
    ("occurrence", "received"): N_("%(by)s zegt: het is gebeurd"),
    ("occurrence", "disputed"): N_("%(by)s zegt: dit klopt niet"),
    ("occurrence", "done"): N_("Gedaan en geboekt"),
    ("occurrence", "cancelled"): N_("Afgezegd: %(when)s"),
    ("occurrence", "no_show"): N_("Iemand kwam niet: %(when)s"),
    ("note", "note"): N_("%(by)s schreef op"),
    ("note", "call"): N_("%(by)s belde"),
    ("note", "visit"): N_("%(by)s ging langs"),
}
CHANGED: Final = {
    TAKEN: N_("%(by)s pakte dit op"),
    LET_GO: N_("%(by)s liet dit los"),
    HANDED_OVER: N_("%(by)s droeg dit over"),
}
OPENED_AGAIN: Final = {
    "draft": N_("%(by)s plaatste de vraag"),
    "submitted": N_("%(by)s liet de vraag door"),
    "filled": N_("Er viel iemand af. Wij zoeken weer"),
}
UNSAID: Final = frozenset({"spoken", "decided", "moved", "no-show"})
"""Reasons that are codes of our own."""
TIMES: Final = {
    OccurrenceStatus.PLANNED: (N_("staat gepland"), ""),
    OccurrenceStatus.AGREED: (N_("afgesproken"), "g"),
    OccurrenceStatus.HELPED: (N_("gedaan, wacht op ja van de vrager"), ""),
    OccurrenceStatus.RECEIVED: (N_("gedaan, wacht op ja van de helper"), ""),
    OccurrenceStatus.DISPUTED: (N_("dit klopt niet"), "w"),
    OccurrenceStatus.DONE: (N_("klaar"), "g"),
    OccurrenceStatus.CANCELLED: (N_("afgezegd"), ""),
    OccurrenceStatus.NO_SHOW: (N_("niet gekomen"), "w"),
}


def happened(line: Happening, lang: str) -> tuple[str, str] | None:
    """A line of the course: its sentence and what was said with it; None for what nobody needs to read."""
    if line.entity == "help_request" and line.before == line.after:
        return translate(lang, CHANGED.get(line.text, N_("%(by)s veranderde de vraag")), by=line.by), ""
    sentence = STEPS.get((line.entity, line.after))
    if line.entity == "help_request" and line.after == "open":
        sentence = OPENED_AGAIN.get(line.before, N_("Wij zoeken weer"))
    if line.entity == "help_request" and line.after == "submitted" and line.before in ("done", "closed"):
        sentence = N_("%(by)s zegt: het is toch niet klaar")
    if sentence is None or (line.entity == "occurrence" and line.before == line.after):
        return None
    nobody = translate(lang, N_("Het systeem"))
    when = dutch.moment(line.starts_at, lang) if line.starts_at else ""
    said = translate(lang, sentence) % {"by": line.by or nobody, "helper": line.helper, "when": when}
    return said, "" if line.text in UNSAID else line.text
