"""Languages: Dutch sentences are the message ids, other languages come from ``web/locale``.

Every ``*.po`` below ``web/locale/<language>/LC_MESSAGES`` is read and merged, so that a feature may keep its
sentences in a file of its own. They are compiled in memory at the first use: no ``.mo`` files exist.
"""

from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from starlette.requests import HTTPConnection

LOCALE_DIR: Final = Path(__file__).parent / "locale"
DUTCH: Final = "nl"
LANGUAGES: Final = {"nl": "Nederlands", "en": "English"}
RIGHT_TO_LEFT: Final = frozenset({"ar", "fa", "he", "ps", "ur"})
"""Languages that begin at the other side; the sheets say start and end, and follow."""
COOKIE: Final = "__Host-taal"


def N_(sentence: str) -> str:  # noqa: N802 - the name that gettext tools look for
    """Mark a Dutch sentence for the catalogue; it is translated where it is shown."""
    return sentence


def language(request: HTTPConnection) -> str:
    """The language that the visitor chose, else Dutch.

    The browser's own preference does not count: many a Dutch resident's telephone says English.
    """
    chosen = request.cookies.get(COOKIE, DUTCH)
    return chosen if chosen in LANGUAGES else DUTCH


@lru_cache
def translations(lang: str) -> NullTranslations:
    """The catalogue of a language; an empty one for Dutch and for an unknown language."""
    files = sorted((LOCALE_DIR / lang / "LC_MESSAGES").glob("*.po"))
    if not files:
        return NullTranslations()
    merged = Catalog(locale=lang)
    for file in files:
        with file.open("rb") as opened:
            for message in read_po(opened, locale=lang):
                if message.id and message.string:
                    merged[message.id] = message
    compiled = BytesIO()
    write_mo(compiled, merged)
    compiled.seek(0)
    return Translations(compiled)


def translate(lang: str, sentence: str, **values: object) -> str:
    """The sentence in a language, with ``%(name)s`` filled in when values are given."""
    text: str = translations(lang).gettext(sentence)
    return text % values if values else text
