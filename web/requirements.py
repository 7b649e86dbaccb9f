"""The checks that some help asks for, said before anybody offers: what, why, which steps, and where it stands."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from app.categories.vocabulary import Check
from app.people.models import PersonCheck
from web import dutch
from web.i18n import N_, translate

NAMES: Final = {
    Check.VOG: N_("een VOG (verklaring omtrent het gedrag)"),
    Check.IDENTITY: N_("een blik op uw paspoort of identiteitskaart"),
    Check.REFERENCES: N_("een gesprek, en de naam van iemand die u kent"),
    Check.KVK: N_("een inschrijving bij de Kamer van Koophandel"),
    Check.BIG: N_("een BIG-registratie"),
    Check.SKJ: N_("een SKJ-registratie"),
    Check.COURSE: N_("een korte cursus"),
    Check.DRIVING: N_("een rijbewijs en een verzekering voor inzittenden"),
}
STEPS: Final = {
    Check.VOG: N_("Wij vragen de VOG samen met u aan. Hij kost u niets. U laat hem één keer zien."),
    Check.IDENTITY: N_("U laat uw pas één keer zien. Wij maken geen kopie."),
    Check.REFERENCES: N_("Wij drinken een kop koffie met u. Daarna bellen wij iemand die u kent."),
    Check.KVK: N_("U geeft uw nummer. Wij zoeken het op."),
    Check.BIG: N_("U geeft uw nummer. Wij zoeken het op."),
    Check.SKJ: N_("U geeft uw nummer. Wij zoeken het op."),
    Check.COURSE: N_("U volgt een avond of een middag. Daar zijn geen kosten aan."),
    Check.DRIVING: N_("U laat uw rijbewijs en uw polis één keer zien. Wij maken geen kopie."),
}


@dataclass(frozen=True, slots=True)
class Requirement:
    """One check: its name, the steps to it, and whether the desk has seen it."""

    name: str
    steps: str
    met: bool
    state: str


def requirements(mask: int, own: list[PersonCheck], today: date, lang: str) -> list[Requirement]:
    """Every check in the mask, beside what the desk has seen of this person's."""
    return [_requirement(check, own, today, lang) for check in Check if mask & check]


def _requirement(check: Check, own: list[PersonCheck], today: date, lang: str) -> Requirement:
    seen = [row for row in own if row.kind == check and row.valid_from <= today]
    valid = [row for row in seen if row.valid_until is None or row.valid_until >= today]
    until = max((row.valid_until for row in valid if row.valid_until), default=None)
    if not valid:
        state = translate(lang, N_("nog niet gezien") if not seen else N_("niet meer geldig"))
    elif until is None:
        state = translate(lang, N_("gezien"))
    else:
        state = translate(lang, N_("geldig tot %(day)s"), day=dutch.full_date(until, lang))
    return Requirement(translate(lang, NAMES[check]), translate(lang, STEPS[check]), bool(valid), state)
