"""The checks that some help asks for, said before anybody offers: what, why, which steps, and where it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from app.categories.vocabulary import Check
from app.checks.standing import Stand, Standing, of
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
STATES: Final = {
    Stand.MISSING: N_("nog niet gezien"),
    Stand.LATER: N_("geldig vanaf %(day)s"),
    Stand.VALID: N_("geldig tot en met %(day)s"),
    Stand.ENDING: N_("geldig tot en met %(day)s, dus bijna voorbij"),
    Stand.ENDED: N_("niet meer geldig sinds %(day)s"),
    Stand.WITHDRAWN: N_("telt niet meer"),
}


@dataclass(frozen=True, slots=True)
class Requirement:
    """One check: its name, the steps to it, and whether it holds; ``soon`` when that will not be for long."""

    name: str
    steps: str
    met: bool
    state: str
    soon: bool


def requirements(
    mask: int, own: Sequence[PersonCheck], today: date, lang: str, *, organisation_id: UUID | None = None
) -> list[Requirement]:
    """Every check in the mask, beside what the desk has seen of this person's."""
    return [
        _requirement(of(check, own, today, organisation_id=organisation_id), lang)
        for check in Check
        if mask & check
    ]


def _requirement(standing: Standing, lang: str) -> Requirement:
    return Requirement(
        translate(lang, NAMES[standing.check]),
        translate(lang, STEPS[standing.check]),
        standing.met,
        state(standing, lang),
        standing.stand is Stand.ENDING,
    )


def state(standing: Standing, lang: str) -> str:
    """Where a check stands, in a few words."""
    if standing.met and standing.day is None:
        return translate(lang, N_("gezien"))
    if standing.exempt and standing.day is not None:
        return translate(lang, N_("ontheffing tot en met %(day)s"), day=dutch.full_date(standing.day, lang))
    day = dutch.full_date(standing.day, lang) if standing.day is not None else ""
    said = (
        translate(lang, STATES[standing.stand], day=day) if day else translate(lang, STATES[standing.stand])
    )
    if standing.again_from is None:
        return said
    again = dutch.full_date(standing.again_from, lang)
    return translate(lang, N_("%(state)s, en weer vanaf %(day)s"), state=said, day=again)
