"""All that residents may meet on a page, as it stands in the catalogues: plain Dutch, also where no page shows it."""

import re
from collections.abc import Iterator
from typing import Final

from babel.messages.pofile import read_po

from tests.databases import ROOT
from tests.plain_dutch import dutch_in, flesch_douma, jargon_in, mean_length, sentences_of

STAFF: Final = re.compile(
    r"desk|treasury|pot|region|municipality|report|register|webhook|factlab|distribution|imports|invoice|cheque"
    r"|simulation|limits|area|staff|settings|oidc|look|audit|social_map|partner|organisation|referral|demonstration"
    r"|panel|token|month|netting|terms|erasing|wider|style/"
)
"""Where only who works here reads."""
LONGEST: Final = 16
HOLE: Final = re.compile(r"%\(\w+\)[sd]")

NO_WORDS: Final = re.compile(
    r"\{#.*?#\}|\{%-?\s*trans.*?endtrans\s*-?%\}|\{%.*?%\}|\{\{.*?\}\}|<(script|style).*?</\1>", re.DOTALL
)
SAID_ASIDE: Final = re.compile(r'(?:aria-label|title|alt|placeholder)="([^"]*)"')


def outside_the_catalogue(template: str) -> list[str]:
    """What a template says in Dutch itself, in its text or beside it: nobody can read that in English."""
    left = NO_WORDS.sub(" ", template)
    said = [*re.sub(r"<[^>]*>", "\n", left).splitlines(), *SAID_ASIDE.findall(left)]
    return [words.strip() for words in said if words.strip() and dutch_in(words)]


def for_residents() -> Iterator[str]:
    """Each sentence with a name in its holes."""
    for path in sorted((ROOT / "web" / "locale" / "en" / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file):
                if message.id and not all(STAFF.search(place) for place, _ in message.locations):
                    for said in [message.id] if isinstance(message.id, str) else message.id:
                        yield HOLE.sub("Ria", said)


def test_the_catalogues_hold_plain_dutch_for_residents() -> None:
    said = list(for_residents())
    whole = sentences_of(text for text in said if text.rstrip(' )”"').endswith((".", "!", "?")))
    assert len(whole) > 500
    assert mean_length(whole) <= 12
    assert flesch_douma(whole) >= 60
    assert [text for text in said if jargon_in(text)] == []
    assert [" ".join(words) for words in sentences_of(said) if len(words) > LONGEST] == []


def test_no_page_mail_or_paper_says_anything_in_dutch_but_through_the_catalogue() -> None:
    templates = sorted((ROOT / "web" / "templates").rglob("*.html"))
    assert len(templates) > 300
    assert {
        path.name: found for path in templates if (found := outside_the_catalogue(path.read_text()))
    } == {}
    assert outside_the_catalogue('<p>{{ _("U bent er") }}</p><img alt="De weg naar huis">') == [
        "De weg naar huis"
    ]
