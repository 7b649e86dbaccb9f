"""The yes to sensitive facts as a screen asks it, and what a request waits for while somebody else is to say it."""

from dataclasses import dataclass
from typing import Final

from app.privacy.models import Purpose
from app.privacy.standing import YES, ToCome
from app.privacy.texts import TEXTS, version
from web.i18n import N_, translate

NEEDED: Final = N_("Zet een vinkje bij het ja. Zonder dat ja mogen wij niet zoeken.")
OWN: Final = {
    ToCome.PARENT: N_(
        "U bent nog geen 16. Een ouder of voogd moet eerst ja zeggen. Vraag die om ons te bellen. "
        "Daarna zoeken wij iemand."
    ),
}
FOR_ANOTHER: Final = {
    ToCome.PARENT: N_(
        "%(name)s is nog geen 16. Een ouder of voogd moet eerst ja zeggen. Daarna zoeken wij iemand."
    ),
    ToCome.YES: N_(
        "Deze vraag is gevoelig. Daarom vragen wij %(name)s eerst of het goed is. Daarna zoeken wij iemand."
    ),
    ToCome.TAKEN_BACK: N_("%(name)s vond het niet goed dat wij dit gebruiken. Wij bellen %(name)s eerst."),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A text to say yes to, in the reader's language."""

    name: str
    version: int
    text: str
    stops: str


def asked(lang: str) -> Asked:
    """The text as it reads now."""
    newest = TEXTS[Purpose.SENSITIVE][-1]
    return Asked(YES, version(Purpose.SENSITIVE), newest.text.of(lang), newest.stops.of(lang))


def waits(why: ToCome | None, lang: str, *, name: str = "") -> str:
    """What a request waits for, in one or two sentences; ``name`` is of whom it is, when that is not the reader."""
    if why is None or (not name and why not in OWN):
        return ""
    return translate(lang, FOR_ANOTHER[why], name=name) if name else translate(lang, OWN[why])
