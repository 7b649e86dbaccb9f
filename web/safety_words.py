"""The words of safety: what can be chosen, where a report stands, and what the steps of the meldcode are called."""

from collections.abc import Mapping
from typing import Any, Final

from app.safety.models import SafetyNote, SafetyReport
from app.safety.words import (
    Decision,
    EntryKind,
    NoteKind,
    Outcome,
    ReportStatus,
    SignalKind,
    Standing,
    Urgency,
    What,
    Why,
)
from web.i18n import N_, translate

WHAT: Final = {
    What.UNSAFE: N_("Ik voel of voelde mij niet veilig"),
    What.BOUNDARY: N_("Iemand ging te ver, met woorden of handen"),
    What.MONEY: N_("Het ging over geld, een pas of spullen"),
    What.DAMAGE: N_("Er is iets kapot of iemand raakte gewond"),
    What.RULES: N_("Iemand houdt zich niet aan de huisregels"),
    What.OTHER: N_("Iets anders"),
}
URGENCY: Final = {
    Urgency.NOW: (N_("Snel"), N_("Wij antwoorden uiterlijk de volgende werkdag.")),
    Urgency.SOON: (N_("Deze week"), N_("Wij antwoorden binnen twee werkdagen.")),
    Urgency.LATER: (N_("Het heeft geen haast"), N_("Wij antwoorden binnen vijf werkdagen.")),
}
OUTCOMES: Final = {
    Outcome.TALKED: N_("Met beide gesproken"),
    Outcome.EXPLAINED: N_("Uitgelegd"),
    Outcome.STOPPED: N_("De afspraken gestopt"),
    Outcome.APART: N_("Uit elkaar gehouden"),
    Outcome.SUSPENDED: N_("Iemand geschorst"),
    Outcome.FILE: N_("Verder in een dossier"),
    Outcome.ELSEWHERE: N_("Overgedragen aan een ander"),
    Outcome.NOTHING: N_("Niets gevonden"),
}
WHY: Final = {
    Why.SAFETY: N_("Het gaat om de veiligheid van iemand"),
    Why.MONEY: N_("Het gaat om geld"),
    Why.BEHAVIOUR: N_("Het gaat om gedrag"),
    Why.RULES: N_("Het gaat om de huisregels"),
    Why.LOOKING: N_("Wij zoeken nog iets uit"),
}
NOTES: Final = {
    NoteKind.NOTE: N_("Notitie"),
    NoteKind.CALL: N_("Gebeld"),
    NoteKind.VISIT: N_("Op bezoek geweest"),
}
ENTRIES: Final = {
    EntryKind.NOTE: N_("Notitie"),
    EntryKind.CALL: N_("Gebeld"),
    EntryKind.VISIT: N_("Op bezoek geweest"),
}
DONE: Final = {
    "assigned": N_("Iemand pakte de melding op"),
    "reopened": N_("De melding is opnieuw opgepakt"),
    "handled": N_("De melding is beantwoord"),
}
SIGNALS: Final = {
    SignalKind.MONEY: N_("Schreef verschillende mensen over geld"),
    SignalKind.MANY_VULNERABLE: N_("Helpt heel veel kwetsbare mensen tegelijk"),
    SignalKind.CONTACT_IN_TEXT: N_("Zette een nummer of adres in een tekst die anderen lezen"),
    SignalKind.SEVERAL_REPORTS: N_("Verschillende mensen meldden iets"),
}
STEPS: Final = (
    N_("In kaart brengen wat u ziet en hoort"),
    N_("Overleggen met een collega, en als het nodig is met Veilig Thuis"),
    N_("Praten met wie het aangaat"),
    N_("Wegen: is het acuut of blijft het doorgaan?"),
    N_("Beslissen: melden en helpen"),
)
"""The meldcode, in its own order; a person takes each step."""
DECISIONS: Final = {
    Decision.REPORT_AND_HELP: N_("Melden bij Veilig Thuis, en hulp geven of regelen"),
    Decision.REPORT: N_("Melden bij Veilig Thuis"),
    Decision.HELP: N_("Niet melden, wel hulp geven of regelen"),
    Decision.NEITHER: N_("Niet melden, en hulp is niet nodig"),
}
MOMENTS: Final = {
    "proposal-proposed": N_("Gevraagd"),
    "proposal-willing": N_("Zei ja"),
    "proposal-meeting": N_("Kennismaken"),
    "proposal-agreed": N_("Gekozen"),
    "proposal-declined": N_("Zei nee"),
    "proposal-passed": N_("Niet gekozen"),
    "proposal-full": N_("Op de wachtlijst"),
    "proposal-expired": N_("Geen antwoord"),
    "proposal-withdrawn": N_("Ging niet door"),
    "agreement-active": N_("Afspraak, loopt"),
    "agreement-done": N_("Afspraak, klaar"),
    "agreement-cancelled": N_("Afspraak, gestopt"),
    "time-planned": N_("Gepland"),
    "time-agreed": N_("Afgesproken"),
    "time-helped": N_("Hulp gegeven"),
    "time-received": N_("Hulp gekregen"),
    "time-disputed": N_("Dit klopt niet"),
    "time-done": N_("Gedaan"),
    "time-cancelled": N_("Afgezegd"),
    "time-no_show": N_("Niet gekomen"),
}
"""What there was between two people, in the contact log."""
STANDING: Final = {
    Standing.STOP: N_("Alles stoppen. De ander leest alleen dat de afspraken gestopt zijn."),
    Standing.KEEP: N_("Laten staan wat al afgesproken is."),
    Standing.CALL: N_("Ik weet het niet. Bel mij hierover."),
}
STANDING_AT_DESK: Final = {
    Standing.STOP: N_("Alle afspraken stoppen. De anderen lezen alleen dat ze gestopt zijn."),
    Standing.KEEP: N_("Laten staan wat al afgesproken is."),
    Standing.CALL: N_("Laten staan tot wij iedereen gebeld hebben."),
}


def options(names: Mapping[Any, str], lang: str) -> list[tuple[str, str]]:
    """Choices of a form."""
    return [(str(value), translate(lang, name)) for value, name in names.items()]


def urgencies(lang: str) -> list[tuple[str, str, str]]:
    """How soon, each with what we then do."""
    return [
        (str(value), translate(lang, name), translate(lang, then)) for value, (name, then) in URGENCY.items()
    ]


def done(note: SafetyNote, lang: str) -> str:
    """What the desk did: a step of the report, or a call, a visit, a note."""
    return translate(lang, DONE[note.text] if note.kind is NoteKind.STEP else NOTES[note.kind])


def said(row: SafetyReport, lang: str) -> str:
    """The reporter's words; those of the block page are ours."""
    if row.words == "call-about-agreements":
        return translate(lang, N_("Wil iemand niet meer ontmoeten, en vraagt: bel mij over onze afspraken."))
    return row.words


def state(row: SafetyReport, late: bool, lang: str) -> tuple[str, str]:
    """Where a report stands, and the colour of it."""
    if row.status is ReportStatus.HANDLED:
        return translate(lang, N_("beantwoord")), "g"
    if late:
        return translate(lang, N_("te laat")), "b"
    return (
        (translate(lang, N_("nieuw")), "w")
        if row.status is ReportStatus.NEW
        else (translate(lang, N_("opgepakt")), "")
    )
