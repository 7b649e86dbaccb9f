"""What happened in the pot, and what stands in the way, in words."""

from typing import Final

from fastapi import Request

from app.errors import DomainError
from app.pots.accounts import Line as AccountLine
from app.pots.pot import Line
from web import i18n
from web.i18n import N_, translate
from web.roosjes_words import WITHOUT_PERSON

REFUSALS: Final = {
    "own-interest": N_(
        "Dit gaat over uzelf of uw huisgenoot, of u vroeg het zelf. Laat het een collega doen."
    ),
    "pot-too-small": N_("Zoveel zit er niet in de pot."),
    "out-of-roosjes": N_("Een grens staat in de weg. Kijk hoe de rekening staat."),
    "answered-already": N_("Dit is al beslist of verbeterd. Kijk hoe het nu is."),
    "still-held": N_("Er staan nog afspraken open. Rond die eerst af, of zeg ze af."),
    "needs-colleague": N_(
        "Zoveel geeft u niet alleen uit de pot. Geef het bij de persoon uit de pot: dan kijkt een collega mee."
    ),
    "cannot-bear": N_("Wie de Roosjes kreeg, kan ze niet teruggeven. De pot kan het goedmaken."),
    "can-bear": N_("Terugdraaien kan gewoon. Dan is de pot niet nodig."),
    "key-used": N_("Dit formulier is al verstuurd, met iets anders erin. Kijk hoe het nu is."),
    "forbidden": N_("Dat mag alleen wie het aangaat."),
    "conflict": N_("Dat kan niet meer: er veranderde iets. Kijk hoe het nu is."),
}
CAME: Final = {
    "donate": N_("Gift van %(name)s"),
    "share": N_("Cursus, van %(name)s"),
    "leave": N_("Achtergelaten door %(name)s, die vertrok"),
    "net": N_("Verrekend met een andere gemeente"),
    "reverse": N_("Teruggedraaid"),
    "pay": N_("Van %(name)s"),
    "pay_many": N_("Van %(name)s"),
}
WENT: Final = {
    "grant": N_("Gegeven aan %(name)s"),
    "make_whole": N_("Goedgemaakt voor %(name)s"),
    "leave": N_("Aangevuld voor %(name)s, die vertrok"),
    "net": N_("Verrekend met een andere gemeente"),
    "reverse": N_("Teruggedraaid"),
}


def operation(line: Line, lang: str) -> str:
    """One event of the pot in a few words."""
    said = (CAME if line.minutes > 0 else WENT).get(line.operation, N_("Geboekt voor %(name)s"))
    return translate(lang, said, name=line.name or "ZorgvoorElkaar")


def other_end(line: AccountLine, lang: str) -> str:
    """Who was at the other end of a line of somebody's account; the pot or paper where it was no person."""
    came = line.minutes > 0
    if line.name:
        return translate(lang, N_("van %(name)s") if came else N_("aan %(name)s"), name=line.name)
    if line.operation == "move":
        return translate(lang, N_("Verhuisd: de stand ging mee"))
    return translate(lang, WITHOUT_PERSON.get(line.operation, (N_("Erbij"), N_("Eraf")))[0 if came else 1])


def refused(request: Request, error: DomainError) -> str:
    """What stands in the way, in the reader's language."""
    said = REFUSALS.get(error.code, N_("Dat lukt nu niet. Kijk hoe het nu is."))
    return translate(i18n.language(request), said)
