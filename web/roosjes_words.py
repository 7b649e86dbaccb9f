"""Lines of a statement in words: what came in or went off, for what, with whom, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.roosjes.models import QuestionStatus
from app.roosjes.story import Held, Line, Month
from rewards.types import TransferKind
from web import dutch
from web.i18n import N_, translate

SOMEBODY: Final = N_("iemand")
REASONS: Final = {
    "booked_by_mistake": N_("het was niet zo bedoeld"),
    "wrong_amount": N_("het aantal klopte niet"),
    "wrong_party": N_("het was voor iemand anders"),
    "not_delivered": N_("de hulp ging niet door"),
    "cancelled": N_("het was afgezegd"),
    "dispute": N_("u zag het verschillend"),
}
WITHOUT_PERSON: Final = {
    "donate": (N_("Terug uit de pot"), N_("Gegeven aan de pot")),
    "grant": (N_("Gekregen uit de pot"), N_("Terug naar de pot")),
    "make_whole": (N_("De pot maakte iets goed"), N_("Terug naar de pot")),
    "issue": (N_("Papieren Roosjes teruggeboekt"), N_("Op papier gezet")),
    "hand_in": (N_("Papieren Roosjes ingeleverd"), N_("Papieren Roosjes teruggeboekt")),
    "leave": (N_("Uit de pot, bij het afscheid"), N_("Naar de pot, bij het afscheid")),
}
"""What is said of a booking with the pot or the desk: when it came in, and when it went off."""
HELPED: Final = ("share", "pay_many")
"""What is booked for help to a group."""
GIFTS: Final = ("donate", "grant", "make_whole")
"""What goes to the pot, or comes out of it."""
QUESTIONS: Final = {
    QuestionStatus.OPEN: N_("Wij kijken of dit klopt."),
    QuestionStatus.CORRECTED: N_("Wij verbeterden dit."),
    QuestionStatus.EXPLAINED: N_("Wij legden dit uit."),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the statement as ``macros/roosjes.html`` draws it."""

    day: datetime
    minutes: int
    text: str
    balance: int
    held: bool = False
    href: str = ""
    extra: str = ""
    """What became of it, under the line."""
    words: str = ""
    """What was said with it."""
    operation: str = ""


def line(row: Line, lang: str) -> Row:
    """One line in words: what it was, with whom, and what was set right."""
    return Row(
        row.moment, row.minutes, text(row, lang), row.balance, href=f"/mijn/roosjes/regels/{row.seq}",
        extra=_since(row, lang), words=row.words,
    )  # fmt: skip


def held(row: Held, lang: str) -> Row:
    """What stands aside for an appointment."""
    whom = translate(lang, N_("met %(name)s"), name=row.name or translate(lang, SOMEBODY))
    href = f"/mijn/keren/{row.occurrence_id}" if row.occurrence_id else ""
    return Row(
        row.moment, row.minutes, dutch.after(row.about or "Roosjes", whom), row.balance, held=True, href=href
    )


def text(row: Line, lang: str) -> str:
    """The words of a line, without its amount."""
    name = row.name or translate(lang, SOMEBODY)
    if row.kind is TransferKind.REVERSE:
        by = row.corrected_by or translate(lang, N_("ons"))
        why = translate(lang, REASONS.get(row.reason, N_("het klopte niet")))
        return translate(lang, N_("Verbeterd door %(by)s: %(why)s"), by=by, why=why)
    if row.operation == "move":
        return translate(lang, N_("Verhuisd: uw stand ging mee"))
    if not row.somebody:
        came, went = WITHOUT_PERSON.get(row.operation, (N_("Erbij"), N_("Eraf")))
        return translate(lang, came if row.minutes > 0 else went)
    if row.kind is TransferKind.SETTLE or row.operation in HELPED:
        whom = N_("voor %(name)s") if row.minutes > 0 else N_("met hulp van %(name)s")
        return dutch.after(row.about or "Roosjes", translate(lang, whom, name=name))
    whom = N_("Gekregen van %(name)s") if row.minutes > 0 else N_("Gegeven aan %(name)s")
    said = translate(lang, whom, name=name)
    return f"{said}: {row.about}" if row.about else said


def _since(row: Line, lang: str) -> str:
    """What became of a line afterwards, or which line a correction sets right."""
    if row.kind is TransferKind.REVERSE and row.other_moment is not None:
        said = N_("Hoort bij de regel van %(day)s: %(about)s")
        about = row.about or dutch.signed(-row.minutes, lang)
        return translate(lang, said, day=dutch.day(row.other_moment, lang), about=about)
    if row.other_moment is not None:
        return translate(lang, N_("Verbeterd op %(day)s"), day=dutch.day(row.other_moment, lang))
    return translate(lang, QUESTIONS[row.question]) if row.question else ""


def finding(months: Sequence[Month], lang: str) -> str:
    """What the picture over time shows, as its heading."""
    given, received = sum(one.given for one in months), sum(one.received for one in months)
    if not given and not received:
        return translate(lang, N_("Het laatste jaar gebeurde er nog niets"))
    if given == received:
        return translate(lang, N_("Het laatste jaar gaf en kreeg u evenveel hulp"))
    said = (
        N_("Het laatste jaar gaf u %(much)s meer hulp dan u kreeg")
        if given > received
        else N_("Het laatste jaar kreeg u %(much)s meer hulp dan u gaf")
    )
    return translate(lang, said, much=dutch.long_duration(given - received, lang))


def moved(row: Line, lang: str) -> str:
    """``u kreeg 2 uur hulp``: for paper and a line's own page. Who gave help got Roosjes, so each is named."""
    came = row.minutes > 0
    if row.kind is TransferKind.SETTLE or row.operation in HELPED:
        said = N_("u gaf %(much)s hulp") if came else N_("u kreeg %(much)s hulp")
    elif row.kind is not TransferKind.REVERSE and (row.somebody or row.operation in GIFTS):
        said = N_("u kreeg %(much)s") if came else N_("u gaf %(much)s")
    else:
        said = N_("%(much)s erbij") if came else N_("%(much)s eraf")
    return translate(lang, said, much=dutch.duration(row.minutes, lang))
