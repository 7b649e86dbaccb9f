"""Dutch words of the API for what the program names in English: states, origins, reasons."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator

STATES: Mapping[str, str] = {
    "draft": "concept",
    "submitted": "ingediend",
    "open": "open",
    "filled": "vervuld",
    "done": "gedaan",
    "paused": "gepauzeerd",
    "referred": "doorverwezen",
    "expired": "verlopen",
    "withdrawn": "ingetrokken",
    "closed": "gesloten",
    "proposed": "voorgesteld",
    "willing": "bereid",
    "meeting": "kennismaken",
    "agreed": "afgesproken",
    "declined": "afgewezen",
    "passed": "bedankt",
    "full": "vol",
    "active": "actief",
    "cancelled": "afgezegd",
    "planned": "gepland",
    "helped": "geholpen",
    "received": "ontvangen",
    "disputed": "betwist",
    "no_show": "nietGekomen",
    "ready": "iedereenZeiJa",
    "dissolved": "ontbonden",
    "asked": "gevraagd",
    "approved": "goedgekeurd",
    "paid": "betaald",
    "refunded": "terugbetaald",
    "rejected": "afgekeurd",
    "undone": "teruggedraaid",
    "ended": "afgelopen",
    "granted": "toegekend",
    "reported": "opgeschreven",
    "refused": "kloptNiet",
    "stopped": "gestopt",
    "corrected": "verbeterd",
    "explained": "uitgelegd",
    "lapsed": "verlopen",
    "closed_for_now": "tijdelijkDicht",
    "countered": "anderVoorstel",
    "shown": "getoond",
    "answered": "beantwoord",
    "due": "tePlannen",
    "held": "gehouden",
}
ORIGINS: Mapping[str, str] = {
    "engine": "systeem",
    "broker": "makelaar",
    "helper": "helper",
    "distribution": "verdeling",
    "ring": "kring",
    "asker": "vrager",
}
TERMS: Mapping[str, str] = {
    "near": "dichtbij",
    "neighbours": "zelfdeBuurt",
    "time": "tijd",
    "skills": "vaardigheden",
    "language": "taal",
    "turn": "beurt",
    "load": "belasting",
    "asked": "gevraagd",
    "urgency": "haast",
    "vulnerable": "kwetsbaar",
    "waiting": "wachttijd",
}
TOLD = ("near", "neighbours", "time", "skills", "language")
"""Terms that both sides may read; the others say something about one of the two."""
OUTCOMES: Mapping[str, str] = {
    "served": "krijgtIemand",
    "nobody_fits": "niemandPast",
    "needed_elsewhere": "eldersNodig",
}
LINES: Mapping[str, str] = {
    "suggested": "voorgesteld",
    "accepted": "overgenomen",
    "refused": "afgewezen",
    "stale": "achterhaald",
}
LEDGER: Mapping[str, str] = {"settle": "vereffening", "pay": "betaling", "reverse": "terugboeking"}

VERDICTS: Mapping[str, str] = {"": "wacht", "accepted": "ja", "rejected": "nee", "lapsed": "verlopen"}

NOTES: Mapping[str, str] = {"note": "notitie", "call": "telefoontje", "visit": "bezoek"}
SIGNALS: Mapping[str, str] = {
    "back_and_forth": "heenEnWeer",
    "long_day": "langeDag",
    "one_household": "zelfdeHuishouden",
}


def N_(text: str) -> str:  # noqa: N802 - the mark by which catalogues find a sentence
    """The same text."""
    return text


def _dutch(words: Mapping[str, str]) -> BeforeValidator:
    return BeforeValidator(lambda value: words.get(str(value), str(value)))


def _reasons(terms: Any) -> Any:
    """What speaks for a match, the strongest first."""
    told = sorted((name for name in TOLD if terms.get(name, 0) > 0), key=lambda name: -terms[name])
    return [TERMS[name] for name in told]


LineState = Annotated[str, _dutch(LINES)]
Outcome = Annotated[str, _dutch(OUTCOMES)]
State = Annotated[str, _dutch(STATES)]
Origin = Annotated[str, _dutch(ORIGINS)]
Verdict = Annotated[str, _dutch(VERDICTS)]
NoteName = Annotated[str, _dutch(NOTES)]
SignalName = Annotated[str, _dutch(SIGNALS)]
LedgerKind = Annotated[str, _dutch(LEDGER)]
Reasons = Annotated[list[str], BeforeValidator(_reasons)]
"""From a proposal's terms."""
