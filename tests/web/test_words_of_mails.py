"""What is told by mail and on the page of messages: plain in Dutch, and without a word of it in English."""

import pytest

from app.notifications import mail, texts
from tests.plain_dutch import dutch_in, flesch_douma, jargon_in, mean_length, sentences_of
from web.i18n import DUTCH

PARAMS = {"title": "X", "starts_at": "2026-03-03T13:00:00+00:00", "minutes": 90, "terms": "roosjes"}


def told(lang: str) -> list[str]:
    """Every notice, whole."""
    said = [texts.text_of(kind, PARAMS, lang) for kind in sorted(texts.PATHS)]
    return [f"{text.subject}. {text.body}" for text in said]


def test_no_notice_in_english_has_dutch_in_it() -> None:
    said = [*told("en"), *(sentence for _, sentence in mail.WHAT_CHANGED.values()), *mail.CHANGED["en"]]
    assert [text for text in said if dutch_in(text)] == []


def test_notices_are_plain_dutch() -> None:
    said = told(DUTCH)
    sentences = sentences_of(said)
    assert mean_length(sentences) <= 12
    assert flesch_douma(sentences) >= 60
    assert [text for text in said if jargon_in(text)] == []


@pytest.mark.parametrize("text", ["Kies wie u komt helpen.", "De Roosjes van Ria", "Uw vraag is binnen"])
def test_dutch_is_found(text: str) -> None:
    assert dutch_in(text)


@pytest.mark.parametrize(
    "text", ["Choose who comes to help.", "Roosjes of Ria", "We met at WCAG 2.2, EN 301 549"]
)
def test_english_is_not_taken_for_it(text: str) -> None:
    assert not dutch_in(text)
