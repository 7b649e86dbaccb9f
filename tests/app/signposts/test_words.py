"""What Help mij kiezen says: plain Dutch with English beside it, and drafts that can be sent as they are."""

import re
from collections.abc import Iterator

from app.help_requests.steps import TITLE_LENGTH, What, split
from app.privacy import bsn
from app.privacy.words import Said
from app.signposts.rules import Rung, Sign
from app.signposts.themes import LIFE_THEMES
from tests.plain_dutch import flesch_douma, jargon_in, mean_length, sentences_of


def signs() -> Iterator[Sign]:
    """All of them."""
    for theme in LIFE_THEMES:
        yield from theme.first
        for question in theme.questions:
            for option in question.options:
                yield from option.signs


def everything() -> Iterator[Said]:
    """All that the screens say of the themes."""
    for theme in LIFE_THEMES:
        yield from (theme.name, theme.about)
        for question in theme.questions:
            yield question.says
            yield from (option.says for option in question.options)
    yield from (sign.says for sign in signs())


def sentences() -> list[list[str]]:
    """The Dutch signs, as sentences of words."""
    return sentences_of(sign.says.nl for sign in signs())


def test_every_sentence_is_there_in_both_languages() -> None:
    for said in everything():
        assert said.nl.strip() == said.nl != ""
        assert said.en.strip() == said.en != ""
        assert said.nl != said.en, said.nl


def test_sentences_are_short() -> None:
    lengths = [len(words) for words in sentences()]

    assert mean_length(sentences()) <= 9
    assert max(lengths) <= 15


def test_it_reads_easily() -> None:
    assert flesch_douma(sentences()) >= 70


def test_nobody_meets_our_jargon_and_everybody_is_u() -> None:
    for said in everything():
        text = said.nl.lower()
        assert jargon_in(text) == [], text
        assert not re.search(r"\b(je|jij|jouw|jullie)\b", text), text


def test_a_draft_has_a_short_title_and_can_be_sent_as_it_is() -> None:
    for sign in signs():
        if sign.rung in (Rung.SOMEBODY, Rung.OFFICE) and sign.category:
            for text in sign.says:
                title, _ = split(What.model_validate({"tekst": text}).text)
                assert len(title) <= TITLE_LENGTH, text
                assert not title.endswith("…"), text
                assert bsn.find(text) is None, text
        if sign.phone:
            assert re.fullmatch(r"[0-9 ]+", sign.phone)
