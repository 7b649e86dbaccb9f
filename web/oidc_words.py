"""Why somebody did not come in through their municipality, and what they can do."""

from typing import Final

from web.i18n import N_

SENTENCES: Final = {
    "oidc-down": N_("Daar geeft nu niemand antwoord. Dat ligt niet aan u. Probeer het straks nog eens."),
    "oidc-refused": N_("U bent daar gestopt, of u mocht daar niet verder. Er is niets veranderd."),
    "oidc-over": N_("Dit duurde te lang, of u begon in een ander venster. Begin opnieuw."),
    "oidc-answer": N_("Wij konden het antwoord niet vertrouwen. Daarom lieten wij niemand binnen."),
    "oidc-weak": N_("Voor deze gemeente moet u daar op een sterkere manier inloggen."),
    "oidc-other": N_("Deze manier hoort hier bij iemand anders. Bel ons, dan zoeken wij het uit."),
}


def sentence_for(code: str) -> str:
    """The Dutch sentence for a failure, as a message id."""
    return SENTENCES[code]
