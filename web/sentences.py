"""What a form says when something must be mended: what to do, never whose fault it is."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel

from web.i18n import N_, translate
from web.yes import NEEDED

OWN_SENTENCES: Final[dict[type[BaseModel], dict[str, str]]] = {}
"""Per model and field, filled by ``forms.say``."""

FIELDS: Final = {
    "postcode": N_("Vul uw postcode in, bijvoorbeeld 5664 HJ."),
    "telefoon": N_("Vul uw nummer in, bijvoorbeeld 06 12 34 56 78."),
    "telefoonnummer": N_("Vul uw nummer in, bijvoorbeeld 06 12 34 56 78."),
    "email": N_("Vul uw e-mailadres in, bijvoorbeeld naam@voorbeeld.nl."),
    "voornaam": N_("Vul uw voornaam in."),
    "achternaam": N_("Vul uw achternaam in."),
    "huisnummer": N_("Vul uw huisnummer in, bijvoorbeeld 12."),
    "straat": N_("Vul uw straat in."),
    "geboortedatum": N_("Vul uw geboortedatum in, bijvoorbeeld 3-5-1950."),
    "datum": N_("Vul een dag in, bijvoorbeeld 3-12-2026."),
    "tijd": N_("Vul een tijd in, bijvoorbeeld 14.00."),
    "thema": N_("Kies waar het over gaat."),
    "titel": N_("Schrijf in een paar woorden waar het om gaat."),
    "tekst": N_("Schrijf hier iets op."),
    "bericht": N_("Schrijf een bericht."),
    "code": N_("Vul de code in die u van ons kreeg."),
}
"""For the names that several forms share."""

REASONS: Final = {
    "text-long": N_("Maak dit korter: hoogstens %(limit)s tekens."),
    "text-nul": N_("Hierin staat een teken dat wij niet kunnen bewaren. Typ het opnieuw."),
    "text-surrogate": N_("Hierin staat een teken dat wij niet kunnen bewaren. Typ het opnieuw."),
    "text-direction": N_("Hierin staat een teken dat wij niet kunnen bewaren. Typ het opnieuw."),
    "text-marks": N_("Hierin staan te veel tekens op één letter. Typ het opnieuw."),
    "name-letters": N_("Schrijf een naam met ten minste één letter."),
    "name-mixed": N_("Schrijf de naam met letters van één soort."),
    "name-staff": N_("Kies een andere naam. Deze lijkt op die van de gemeente."),
    "string_too_long": N_("Maak dit korter: hoogstens %(max_length)s tekens."),
    "string_too_short": N_("Maak dit langer: ten minste %(min_length)s tekens."),
    "too_long": N_("Kies er hoogstens %(max_length)s."),
    "too_short": N_("Kies er ten minste %(min_length)s."),
    "greater_than_equal": N_("Kies %(ge)s of meer."),
    "greater_than": N_("Kies meer dan %(gt)s."),
    "less_than_equal": N_("Kies %(le)s of minder."),
    "less_than": N_("Kies minder dan %(lt)s."),
    "date_future": N_("Kies een dag in de toekomst."),
    "date_past": N_("Kies een dag die al geweest is."),
    "stale": N_("Iemand anders veranderde dit net. Kijk het na en bewaar het opnieuw."),
    "too-young": N_("Hier is iemand nodig die ouder is. Kies iets anders."),
    "parent-first": N_(
        "U bent nog geen 18. Vraag eerst uw ouder of voogd om ja te zeggen. Bel ons, dan regelen wij dat."
    ),
    "consent-withdrawn": N_("U zei hier eerder nee tegen. Zeg eerst weer ja bij Mijn gegevens."),
    "yes-needed": NEEDED,
    "waits-for-parent": N_("Een ouder of voogd moet eerst ja zeggen. Daarna kan dit verder."),
    "too-many": N_("U probeerde het vaak. Wacht even en probeer het dan opnieuw."),
}
"""By the type of a Pydantic error, or the reason code of a refusal of ours: these say more than the field."""

BSN: Final = N_(
    "Hier staat een getal dat een burgerservicenummer kan zijn. Haal het weg: wij hebben het nooit nodig."
)

GENERAL: Final = {
    "missing": N_("Vul dit in."),
    "text-empty": N_("Vul dit in."),
    "int_parsing": N_("Vul een getal in, bijvoorbeeld 3."),
    "int_type": N_("Vul een getal in, bijvoorbeeld 3."),
    "enum": N_("Kies één van de mogelijkheden."),
    "literal_error": N_("Kies één van de mogelijkheden."),
    "extra_forbidden": N_("Dit formulier past niet meer bij de pagina. Laad de pagina opnieuw."),
}
"""For a field that has no sentence of its own."""

LAST: Final = N_("Kijk dit nog eens na.")
WHOLE_FORM: Final = N_("Dit lukt nu niet. Kijk het formulier nog eens na.")


def sentence(
    model: type[BaseModel] | None, name: str, reason: str, numbers: Mapping[str, Any], lang: str
) -> str:
    """The sentence for one field: its reason's when that says how to mend it, else its own."""
    own = _own(model)
    if reason in own:
        return translate(lang, own[reason], **numbers)
    if reason in REASONS:
        return translate(lang, REASONS[reason], **_shown(numbers))
    fitting = own.get(name) or FIELDS.get(name) or GENERAL.get(reason) or (LAST if name else WHOLE_FORM)
    return translate(lang, fitting)


def _own(model: type[BaseModel] | None) -> Mapping[str, str]:
    """What the model says itself, and what it does not say, as the models that it extends."""
    lines = reversed(model.__mro__) if model is not None else ()
    return {name: said for line in lines for name, said in OWN_SENTENCES.get(line, {}).items()}


def _shown(numbers: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in numbers.items() if isinstance(value, int | float | str)}
