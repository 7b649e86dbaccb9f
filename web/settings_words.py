"""Settings in words: what each is called, and what its value says."""

from dataclasses import dataclass
from typing import Any, Final

from app.categories import service as categories
from app.http import Opened
from app.people import phone
from app.reports import reading
from app.settings.service import Change
from web import dutch
from web.i18n import N_, translate

NAMES: Final = {
    "bemiddeling": N_("Hoe hulp tot stand komt"),
    "titel": N_("Titel van de makelaar"),
    "naam": N_("Naam van de makelaar"),
    "telefoon": N_("Telefoon"),
    "openingstijden": N_("Wanneer er iemand opneemt"),
    "postadres": N_("Adres voor post"),
    "dagenOpen": N_("Een vraag verloopt na (dagen)"),
    "dagenBelofte": N_("Belofte (werkdagen)"),
    "tegelijk": N_("Helpers tegelijk gevraagd"),
    "vragenPerWeek": N_("Vragen per helper per week"),
    "rustDagen": N_("Dagen rust voor een helper"),
    "puntenHaast": N_("Punten voor haast"),
    "puntenKwetsbaar": N_("Punten voor wie kwetsbaar is"),
    "puntenWachten": N_("Punten voor iedere week wachten"),
    "uurEuro": N_("Euro per uur hulp"),
    "uurReden": N_("Waarom een uur zoveel waard is"),
    "alleenBetaald": N_("Werk dat hier betaald blijft"),
    "nietHier": N_("Hulp die u hier niet via ons vraagt"),
    "deeltMet": N_("Deelt hulp met"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A change in words."""

    name: str
    before: str
    after: str


class SettingsWords:
    """Says settings in the reader's language; names of places and categories are read once."""

    def __init__(self, session: Opened, lang: str) -> None:
        self.lang = lang
        self.places = reading.names(session)
        self.categories = {row.number: translate(lang, row.name) for row in categories.every(session)}

    def name(self, name: str) -> str:
        """What the setting is called."""
        return translate(self.lang, NAMES[name])

    def value(self, name: str, value: Any) -> str:
        """What it says; a dash for nothing."""
        if value in (None, "", []):
            return "–"
        if name == "telefoon":
            return phone.display(value)
        if name == "deeltMet":
            return ", ".join(sorted(self.places.get(one, "?") for one in value))
        if name in ("alleenBetaald", "nietHier"):
            return ", ".join(sorted(self.categories.get(one, "?") for one in value))
        return dutch.number(value, self.lang) if isinstance(value, int) else str(value)

    def change(self, one: Change) -> Told:
        """Before and after."""
        return Told(self.name(one.name), self.value(one.name, one.before), self.value(one.name, one.after))
