"""The status page of a request in words: what it reads, who has it, what now, by when, and what happened."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.agreements.models import OccurrenceStatus
from app.help_requests.models import HelpRequest, Status
from app.help_requests.standing import Reading, Standing, last_day
from app.help_requests.story import Happened, reason_of
from app.matches.changing import CHANGED
from web import dutch, reasons
from web.i18n import N_, translate
from web.supplied import plain

READINGS: Final = {
    Reading.UNSENT: N_("Nog niet verstuurd"),
    Reading.READING: N_("Wij lezen uw vraag"),
    Reading.SEARCHING: N_("Wij zoeken iemand"),
    Reading.CHOOSE: N_("Er is iemand: kiest u?"),
    Reading.AGREED: N_("Afgesproken"),
    Reading.RUNNING: N_("Loopt"),
    Reading.DONE: N_("Klaar"),
    Reading.NOBODY: N_("Nog niemand gevonden"),
    Reading.REFERRED: N_("Doorgestuurd naar %(name)s"),
    Reading.PAUSED: N_("Even gestopt"),
    Reading.EXPIRED: N_("Verlopen"),
    Reading.STOPPED: N_("Door u gestopt"),
}
TAGS: Final = {
    Reading.CHOOSE: "r", Reading.AGREED: "g", Reading.RUNNING: "g", Reading.DONE: "g", Reading.NOBODY: "w",
    Reading.EXPIRED: "w",
}  # fmt: skip
WHAT: Final = {
    Reading.UNSENT: N_("Uw vraag is nog niet verstuurd"),
    Reading.READING: N_("%(name)s leest uw vraag en belt u"),
    Reading.SEARCHING: N_("Wij vragen mensen die bij u passen"),
    Reading.AGREED: N_("U heeft een afspraak met %(helpers)s"),
    Reading.RUNNING: N_("%(helpers)s helpt u"),
    Reading.DONE: N_("U hoeft niets meer te doen"),
    Reading.NOBODY: N_("Wij vonden nog niemand. %(name)s belt nu zelf rond."),
    Reading.REFERRED: N_("%(to)s kijkt naar uw vraag"),
    Reading.PAUSED: N_("Wij zoeken nu niet"),
    Reading.EXPIRED: N_("Is het nog nodig? Dan zet u de vraag weer open."),
    Reading.STOPPED: N_("U hoeft niets te doen"),
}
WHEN_DUE: Final = {
    Reading.READING: N_("uiterlijk %(day)s"),
    Reading.SEARCHING: N_("U hoort het uiterlijk %(day)s"),
    Reading.CHOOSE: N_("uiterlijk %(day)s. Kiest u niet, dan belt %(name)s u."),
    Reading.NOBODY: N_("%(name)s belt u vandaag. Wij beloofden %(day)s."),
}


@dataclass(frozen=True, slots=True)
class Panel:
    """The three rows of the dark panel, and who to phone."""

    reading: str
    tag: str
    who: str
    what: str
    when: str
    late: str


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the timeline, as ``macros/status.html`` draws it."""

    state: str
    title: str
    moment: datetime | None = None
    when: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A card of somebody who may be chosen, as ``macros/people.html`` draws it."""

    id: str
    name: str
    about: str
    away: str
    fit: str
    reasons: list[str]
    minds: list[str]
    best: bool
    kind: str
    message: str
    meeting: bool
    code_word: str
    until: datetime | None


def reading(standing: Standing, lang: str, to: str = "") -> str:
    """What the request reads; ``to`` is where it was sent on to."""
    name = to or translate(lang, N_("een ander"))
    return translate(lang, READINGS[standing.reading], **_only("name", name, READINGS[standing.reading]))


def keeper(help_request: HelpRequest, lang: str) -> str:
    """The first name of the makelaar who has it, or "uw" and the title where nobody's name is known."""
    municipality = help_request.municipality
    named = help_request.broker.first_name if help_request.broker else municipality.broker_name
    return named or translate(lang, N_("uw %(title)s"), title=plain(municipality.broker_title, lang))


def panel(standing: Standing, steps: list[Happened], lang: str, now: datetime) -> Panel:
    """Who has it, what now, when; and one sentence when we are late."""
    row = standing.help_request
    name, to = keeper(row, lang), reason_of(steps, "referred") or translate(lang, N_("Een ander"))
    title = plain(row.municipality.broker_title, lang)
    named = row.broker is not None or row.municipality.broker_name
    who = translate(lang, N_("%(name)s, uw %(title)s"), name=name, title=title) if named else _capital(name)
    sorry = N_("Dat spijt ons. %(name)s belt u vandaag.")
    late = translate(lang, sorry, **_only("name", name, sorry)) if standing.late else ""
    return Panel(
        reading(standing, lang, reason_of(steps, "referred")),
        TAGS.get(standing.reading, ""),
        who,
        _what(standing, name, to, lang),
        _when(standing, name, lang, now),
        late,
    )


def _what(standing: Standing, name: str, to: str, lang: str) -> str:
    if standing.reading is Reading.CHOOSE:
        count = len(standing.choices)
        if count == 1:
            helper = standing.choices[0].helper.first_name
            return translate(lang, N_("U kiest: past %(helper)s bij u?"), helper=helper)
        return translate(lang, N_("U kiest één van deze %(count)s mensen"), count=dutch.words(count, lang))
    helpers = dutch.listed([row.helper.first_name for row in standing.agreements], lang)
    if standing.reading is Reading.RUNNING and len(standing.agreements) > 1:
        return translate(lang, N_("%(helpers)s helpen u"), helpers=helpers)
    sentence = WHAT[standing.reading]
    values = _only("name", name, sentence) | _only("to", to, sentence) | _only("helpers", helpers, sentence)
    return translate(lang, sentence, **values)


def _when(standing: Standing, name: str, lang: str, now: datetime) -> str:
    row = standing.help_request
    if standing.due_at is not None and standing.reading in WHEN_DUE:
        late = standing.late and standing.reading is Reading.READING
        sentence = WHEN_DUE[Reading.NOBODY if late else standing.reading]
        values = {"day": _day(standing.due_at, lang, now), **_only("name", name, sentence)}
        return translate(lang, sentence, **values)
    if standing.reading in (Reading.AGREED, Reading.RUNNING):
        coming = coming_time(standing, now)
        return (
            dutch.moment(coming, lang, now=now)
            if coming
            else translate(lang, N_("Zegt u of het gebeurd is?"))
        )
    if standing.reading is Reading.STOPPED:
        return translate(lang, N_("Over 30 dagen wissen wij wat u schreef"))
    if standing.reading is Reading.EXPIRED and row.expires_at is not None:
        return translate(lang, N_("verlopen op %(day)s"), day=_day(row.expires_at, lang, now))
    return translate(lang, {
        Reading.UNSENT: N_("Zodra u hem verstuurt, lezen wij hem"),
        Reading.PAUSED: N_("tot u weer verder wilt"),
        Reading.DONE: N_("klaar"),
    }.get(standing.reading, N_("U hoort het van ons")))  # fmt: skip


def coming_time(standing: Standing, now: datetime) -> datetime | None:
    """The first agreed time that is still to come."""
    planned = (OccurrenceStatus.PLANNED, OccurrenceStatus.AGREED)
    times = (time for agreement in standing.agreements for time in agreement.occurrences)
    return min(
        (time.starts_at for time in times if time.status in planned and time.starts_at > now), default=None
    )


def choices(standing: Standing, lang: str) -> list[Choice]:
    """The people who said yes; the best one is drawn with the only rose button."""
    cards = []
    for place, proposal in enumerate(standing.choices):
        why = reasons.of_proposal(proposal, lang)
        cards.append(
            Choice(
                str(proposal.id),
                proposal.helper.first_name,
                reasons.about(proposal, lang),
                reasons.away(proposal, lang),
                why.level,
                why.reasons,
                why.minds,
                place == 0,
                "r" if place == 0 else ("s" if why.level == "mind" else ""),
                proposal.message,
                proposal.meeting_until is not None,
                proposal.code_word,
                proposal.meeting_until,
            )
        )
    return cards


def timeline(standing: Standing, steps: list[Happened], lang: str, now: datetime) -> list[Step]:
    """What happened, what is now, and what is to come."""
    told = _past(standing.help_request, steps, lang)
    at_present = panel(standing, steps, lang, now)
    if standing.reading in (Reading.DONE, Reading.STOPPED):
        return told
    told.append(Step("now", at_present.reading, when=at_present.when))
    name = keeper(standing.help_request, lang)
    ahead = {
        Reading.READING: (N_("Wij zoeken iemand"), N_("U kiest wie u komt helpen")),
        Reading.SEARCHING: (N_("U kiest wie u komt helpen"), N_("U spreekt samen een dag af")),
        Reading.NOBODY: (N_("U kiest wie u komt helpen"), N_("U spreekt samen een dag af")),
        Reading.CHOOSE: (N_("U spreekt samen een dag af"), N_("%(name)s vraagt hoe het was")),
        Reading.AGREED: (N_("%(name)s vraagt hoe het was"),),
        Reading.RUNNING: (N_("%(name)s vraagt hoe het was"),),
    }.get(standing.reading, ())
    return told + [Step("next", translate(lang, one, **_only("name", name, one))) for one in ahead]


def _past(row: HelpRequest, steps: list[Happened], lang: str) -> list[Step]:
    asked = [
        step for step in steps if step.entity == "proposal" and step.before == "" and step.after == "proposed"
    ]
    ended = {step.at for step in steps if (step.entity, step.after) == ("agreement", "cancelled")}
    moments = [
        (step.at, said)
        for step in steps
        # what was stopped as a whole is told once, not for each time under it
        if not (step.entity == "occurrence" and step.after == "cancelled" and step.at in ended)
        and (said := _by_hand(row, step, lang))
    ]
    if asked:
        count = dutch.counted(
            len(asked), *(("mens", "mensen") if lang == "nl" else ("person", "people")), lang
        )
        moments.append(
            (asked[0].at, translate(lang, N_("Wij vroegen %(count)s die bij u passen"), count=count))
        )
    if row.seen_at is not None:
        seen = translate(lang, N_("%(name)s las uw vraag"), name=_capital(keeper(row, lang)))
        moments.append((row.seen_at, seen))
    # Within a minute one sends before we ask: only the minute is shown, and both are done in one go.
    moments.sort(key=lambda one: one[0].replace(second=0, microsecond=0))
    return [Step("done", said, moment=at) for at, said in moments]


def _by_hand(row: HelpRequest, step: Happened, lang: str) -> str:
    """What happened; where somebody did it in the asker's name, who that was."""
    said = _said(row, step, lang)
    if not step.hand or not said:
        return said
    names = {"name": step.hand, "asker": row.person.first_name}
    if step.entity == "help_request" and step.before in ("", "draft"):
        return translate(lang, N_("%(name)s vroeg dit voor %(asker)s"), **names)
    return translate(lang, N_("%(said)s (dat deed %(name)s voor %(asker)s)"), said=said, **names)


def _said(row: HelpRequest, step: Happened, lang: str) -> str:
    if step.entity == "help_request":
        own = step.by_person_id == row.person_id or bool(step.hand)
        sentence = _of_request(step, own)
        name = step.reason or translate(lang, N_("een ander"))
        return translate(lang, sentence, **_only("name", name, sentence)) if sentence else ""
    sentence = {
        ("proposal", "willing"): N_("%(helper)s wil u helpen"),
        ("proposal", "meeting"): N_("U maakt kennis met %(helper)s"),
        ("agreement", "active"): N_("U sprak af met %(helper)s"),
        ("agreement", "cancelled"): N_("De afspraak met %(helper)s is gestopt"),
        ("agreement", "done"): N_("%(helper)s hielp u. Klaar."),
        ("occurrence", "cancelled"): N_("Een keer met %(helper)s ging niet door"),
        ("occurrence", "no_show"): N_("Bij de afspraak met %(helper)s kwam iemand niet"),
        ("occurrence", "disputed"): N_("U en %(helper)s zagen een keer anders. Wij bellen u."),
    }.get((step.entity, step.after), "")
    if step.entity == "occurrence" and step.reason == "moved":
        sentence = N_("U en %(helper)s kozen een ander moment")
    if (step.entity, step.after) == ("proposal", "declined") and step.before in ("willing", "meeting"):
        sentence = N_("%(helper)s kan toch niet")
    if (step.entity, step.after) == ("proposal", "proposed") and step.before in ("willing", "meeting"):
        sentence = (
            N_("U veranderde uw vraag. Wij vroegen %(helper)s opnieuw.")
            if step.by_person_id == row.person_id or step.hand
            else N_("Wij vroegen %(helper)s opnieuw.")
        )
    return translate(lang, sentence, helper=step.helper) if sentence and step.helper else ""


def _of_request(step: Happened, own: bool) -> str:
    if own and step.reason == CHANGED:
        return N_("U veranderde uw vraag")
    if step.before == step.after:
        return N_("Wij veranderden uw vraag, zoals u vertelde")
    if step.before in ("", "draft"):
        if step.after == Status.DRAFT:
            return ""
        return N_("U stuurde uw vraag") if own else N_("Wij schreven uw vraag met u op")
    if step.after == Status.OPEN:
        if step.before == Status.FILLED:
            return N_("Wij zoeken weer iemand")
        return N_("U ging verder met uw vraag") if own else N_("Uw vraag staat open")
    if step.before in (Status.DONE, Status.CLOSED) and step.after == Status.SUBMITTED:
        return N_("U zei: het is toch niet klaar")
    return {
        Status.PAUSED: N_("U stopte uw vraag even"),
        Status.REFERRED: N_("Uw vraag is doorgestuurd naar %(name)s"),
        Status.EXPIRED: N_("Uw vraag verliep"),
        Status.WITHDRAWN: N_("U stopte uw vraag"),
        Status.CLOSED: N_("Wij sloten uw vraag: %(name)s"),
        Status.DONE: N_("Klaar"),
    }.get(Status(step.after), "")


def _day(moment: datetime, lang: str, now: datetime) -> str:
    return dutch.day(last_day(moment), lang, now=now)


def _only(name: str, value: str, sentence: str) -> dict[str, str]:
    """The value when the sentence has a place for it; with a capital where it begins a sentence."""
    place = f"%({name})s"
    if place not in sentence:
        return {}
    begins = sentence.startswith(place) or f". {place}" in sentence
    return {name: _capital(value) if begins else value}


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
