"""What Help mij kiezen says: plain Dutch with English beside it, and drafts that can be sent as they are."""

import re
from collections.abc import Iterator

from app.help_requests.steps import TITLE_LENGTH, What, split
from app.privacy import bsn
from app.privacy.words import Said
from app.signposts.rules import Rung, Sign
from app.signposts.themes import LIFE_THEMES

JARGON = (
    "hulpvrager",
    "aanbodzijde",
    "matchen",
    "account",
    "submit",
    "indicatie",
    "zelfredzaamheid",
    "participatie",
    "cliënt",
    "intake",
    "dashboard",
    "respijt",
    "sociale kaart",
)
SENTENCE = re.compile(r"[^.!?]+")
WORD = re.compile(r"[^\W\d_]+(?:[-'][^\W\d_]+)*")
VOWELS = re.compile(r"[aeiouyáéèëïöüó]+", re.I)


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
    found = [WORD.findall(part) for sign in signs() for part in SENTENCE.findall(sign.says.nl)]
    return [words for words in found if words]


def test_every_sentence_is_there_in_both_languages() -> None:
    for said in everything():
        assert said.nl.strip() == said.nl != ""
        assert said.en.strip() == said.en != ""
        assert said.nl != said.en, said.nl


def test_sentences_are_short() -> None:
    lengths = [len(words) for words in sentences()]

    assert sum(lengths) / len(lengths) <= 9
    assert max(lengths) <= 15


def test_it_reads_easily() -> None:
    """Flesch-Douma, by counting groups of vowels: 60 is what most people read without effort."""
    said = sentences()
    words = [word for sentence in said for word in sentence]
    syllables = sum(max(1, len(VOWELS.findall(word))) for word in words)

    assert 206.84 - 77 * syllables / len(words) - 0.93 * len(words) / len(said) >= 70


def test_nobody_meets_our_jargon_and_everybody_is_u() -> None:
    for said in everything():
        text = said.nl.lower()
        assert not [word for word in JARGON if word in text], text
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
