"""Referrals in words."""

from datetime import datetime
from typing import Any, Final

from app.referrals.models import (
    OPEN,
    NeedKind,
    Referral,
    ReferralNeed,
    ReferralStatus,
    ReferralStep,
    Source,
    StepKind,
    StopReason,
    Wish,
)
from app.referrals.service import Bin
from web import dutch
from web.i18n import N_, translate

R = ReferralStatus
SOURCES: Final = {
    Source.PRACTICE: N_("huisartsenpraktijk"),
    Source.NURSING: N_("wijkverpleging"),
    Source.HOSPITAL: N_("ziekenhuis"),
    Source.TEAM: N_("wijkteam"),
    Source.ORGANISATION: N_("organisatie"),
}
WISHES: Final = {
    Wish.MEETING: N_("Mensen leren kennen"),
    Wish.MOVING: N_("Samen bewegen"),
    Wish.MAKING: N_("Iets maken, muziek of kunst"),
    Wish.LEARNING: N_("Iets leren"),
    Wish.OUTSIDE: N_("Naar buiten, de natuur in"),
    Wish.CALM: N_("Rust vinden"),
    Wish.HOUSE: N_("Hulp in huis"),
    Wish.OTHER: N_("Iets anders"),
}
NEEDS: Final = {
    NeedKind.SHOPPING: N_("Boodschappen"),
    NeedKind.MEALS: N_("Warm eten"),
    NeedKind.WASHING: N_("De was"),
    NeedKind.CLEANING: N_("Schoonmaken"),
    NeedKind.COMPANY: N_("Iemand die langskomt"),
    NeedKind.RIDE: N_("Vervoer naar huis"),
    NeedKind.ADAPTING: N_("Aanpassing in huis"),
    NeedKind.ALARM: N_("Een alarmknop"),
    NeedKind.CARE: N_("Verzorging door de wijkverpleging"),
}
STATES: Final = {
    R.RECEIVED: (N_("bij het kernteam"), "w"),
    R.PASSED: (N_("gevraagd"), "w"),
    R.TAKEN: (N_("opgepakt"), ""),
    R.SPOKEN: (N_("gesproken"), ""),
    R.STARTED: (N_("begonnen"), "g"),
    R.DONE: (N_("klaar"), "g"),
    R.STOPPED: (N_("gestopt"), ""),
}
OUTSIDE: Final = {
    R.RECEIVED: N_("Binnen. Wij zoeken wie het oppakt."),
    R.PASSED: N_("Binnen. Een organisatie kijkt of het past."),
    R.TAKEN: N_("Iemand heeft het opgepakt."),
    R.SPOKEN: N_("Wij spraken de bewoner."),
    R.STARTED: N_("Er is iets begonnen."),
    R.DONE: N_("Klaar."),
    R.STOPPED: N_("Gestopt."),
}
"""As whoever referred reads it, and whom it is about."""
REASONS: Final = {
    StopReason.NOT_WANTED: N_("De bewoner wil het niet"),
    StopReason.NOT_REACHED: N_("De bewoner is niet te bereiken"),
    StopReason.ELSEWHERE: N_("De bewoner wordt ergens anders geholpen"),
    StopReason.DIED: N_("De bewoner is overleden"),
}
STEPS: Final = {
    StepKind.NOTE: N_("Notitie van %(name)s"),
    StepKind.CALLED: N_("%(name)s belde"),
    StepKind.NOT_REACHED: N_("%(name)s belde en kreeg geen gehoor"),
    StepKind.VISITED: N_("%(name)s ging langs"),
    StepKind.GAVE_BACK: N_("%(name)s gaf het terug"),
    StepKind.TOLD_BACK: N_("%(name)s liet het de verwijzer weten"),
}
BINS: Final = {
    Bin.ALL: N_("Alles"),
    Bin.TEAM: N_("Bij het kernteam"),
    Bin.HOME: N_("Thuis uit het ziekenhuis"),
    Bin.PASSED: N_("Bij een organisatie gevraagd"),
    Bin.RUNNING: N_("Loopt"),
    Bin.MINE: N_("Van mij"),
    Bin.OVER: N_("Klaar of gestopt"),
}


def options(words: dict[Any, str], lang: str) -> list[tuple[str, str]]:
    """The choices of a form."""
    return [(str(one.value), translate(lang, name)) for one, name in words.items()]


def listed(words: dict[Any, str], values: list[Any], lang: str) -> str:
    """Several, as one reads them."""
    return ", ".join(translate(lang, words[one]) for one in values)


def state(row: Referral, lang: str) -> tuple[str, str]:
    """Where it stands, with its colour."""
    name, kind = STATES[row.status]
    return translate(lang, name), kind


def holder(row: Referral) -> str:
    """Who has it, or was asked."""
    if row.owner is not None:
        return (
            row.owner.first_name
            if row.organisation is None
            else f"{row.owner.first_name}, {row.organisation.name}"
        )
    return row.organisation.name if row.organisation is not None and row.status is not R.RECEIVED else ""


def clock(row: Referral, moment: datetime, open_needs: int, lang: str) -> tuple[str, str]:
    """What the clock says, with its colour; before homecoming it counts to that."""
    if row.status not in OPEN:
        return "", ""
    if row.home_at is None:
        late = moment > row.due_at and row.spoken_at is None
        said = N_("bellen was beloofd vóór %(due)s") if late else N_("bellen vóór %(due)s")
        if row.spoken_at is not None:
            return "", ""
        return translate(lang, said, due=dutch.moment(row.due_at, lang, now=moment)), "b" if late else ""
    hours = int((row.due_at - moment).total_seconds() // 3600)
    if open_needs == 0 and row.status in (R.SPOKEN, R.STARTED):
        return translate(lang, N_("alles is geregeld")), "g"
    if hours < 0:
        return translate(lang, N_("%(hours)s uur te laat"), hours=-hours), "b"
    if moment < row.home_at:
        when, due = (dutch.moment(one, lang, now=moment) for one in (row.home_at, row.due_at))
        said = translate(lang, N_("thuis %(when)s, klaar vóór %(due)s"), when=when, due=due)
        return said, "w" if hours < 72 else ""
    return translate(lang, N_("nog %(hours)s uur van de 48"), hours=hours), "b" if hours < 12 else "w"


def at_home(needs: list[ReferralNeed], lang: str) -> dict[str, Any]:
    """What is needed at home in words, and what could be added."""
    there = {need.kind for need in needs}
    return {
        "need_words": {one: translate(lang, name) for one, name in NEEDS.items()},
        "other_needs": options({one: name for one, name in NEEDS.items() if one not in there}, lang),
    }


def course(row: Referral, steps: list[ReferralStep], lang: str) -> list[dict[str, Any]]:
    """What happened, the oldest first."""
    lines: list[dict[str, Any]] = [
        {
            "state": "done",
            "title": translate(lang, N_("%(name)s verwees"), name=row.referrer_name),
            "moment": row.created_at,
        }
    ]
    lines += [
        {"state": "done", "title": translate(lang, STEPS[step.kind], name=step.author.first_name), "moment": step.at,
         "text": step.words}
        for step in steps
    ]  # fmt: skip
    if row.home_at is not None and row.status in OPEN:
        lines.append({"state": "next", "title": translate(lang, N_("Thuis")), "moment": row.home_at})
    if row.ended_at is not None:
        reason = REASONS[row.stop_reason] if row.stop_reason else OUTSIDE[row.status]
        lines.append({"state": "done", "title": translate(lang, reason), "moment": row.ended_at})
    elif row.spoken_at is None or row.home_at is not None:
        ends = N_("Alles geregeld, uiterlijk") if row.home_at else N_("Gesproken, uiterlijk")
        lines.append({"state": "next", "title": translate(lang, ends), "moment": row.due_at})
    return lines
