"""What the program itself put in a municipality's settings, said in the visitor's language.

A title or opening hours that a municipality typed stay as they are, marked as Dutch for whoever has them read out.
"""

from typing import Final

from markupsafe import Markup

from web.i18n import DUTCH, N_, translate

SUPPLIED: Final = frozenset(
    {
        N_("sociaal makelaar"),
        N_("buurtcoach"),
        N_("dorpsondersteuner"),
        N_("maandag tot en met vrijdag, 9.00 tot 17.00 uur"),
    }
)
"""The defaults of the settings, and the titles that their hints suggest."""


def plain(text: str, lang: str) -> str:
    """The text for within a sentence that is made in code."""
    return translate(lang, text) if text in SUPPLIED else text


def supplied(text: str, lang: str) -> str:
    """The text for a page: of another's hand it says which language it is in."""
    if lang == DUTCH or text in SUPPLIED or not text:
        return plain(text, lang)
    return Markup('<span lang="{}">{}</span>').format(DUTCH, text)
