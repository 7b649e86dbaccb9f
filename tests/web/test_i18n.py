"""Every sentence has its English, with the same places to fill in."""

import re

from tools.check_catalogue import LOCALE, complaints, extracted, read
from web.i18n import translate, translations

SHELL = re.compile(
    r"\(web/(menu|sentences|i18n|rendering)\.py|\(web/templates/(base|desk)\.html|\(web/templates/(parts|macros|errors|info)/"
)


def test_the_shell_is_complete_in_english() -> None:
    """What a feature says is looked at by `make check`; head, foot, fields and errors stand on every page."""
    files = [read(path) for path in sorted((LOCALE / "en/LC_MESSAGES").glob("*.po"))]
    assert [complaint for complaint in complaints(extracted(), files) if SHELL.search(complaint)] == []


def test_values_are_filled_in() -> None:
    assert translate("nl", "Bel %(name)s:", name="Marja") == "Bel Marja:"
    assert translate("en", "Bel %(name)s:", name="Marja") == "Call Marja:"


def test_an_unknown_language_is_dutch() -> None:
    assert translations("xx").gettext("Menu") == "Menu"
    assert translate("xx", "Hulp vragen") == "Hulp vragen"


def test_plurals_are_translated() -> None:
    assert translations("en").ngettext("1 vraag", "%(num)s vragen", 1) == "1 request"
    assert re.match("%.*requests", translations("en").ngettext("1 vraag", "%(num)s vragen", 2))
