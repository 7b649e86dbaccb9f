"""How plain Dutch is measured, and the words of ours that no resident should meet."""

import re
from collections.abc import Iterable
from typing import Final

JARGON: Final = (
    "hulpvrager", "aanbodzijde", "matchen", "account", "submit", "indicatie", "zelfredzaamheid", "participatie",
    "cliënt", "intake", "dashboard", "respijt", "sociale kaart",
)  # fmt: skip
SENTENCE: Final = re.compile(r"[^.!?]+")
WORD: Final = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
VOWELS: Final = re.compile(r"[aeiouyáéèëïöüó]+", re.IGNORECASE)


def sentences_of(texts: Iterable[str]) -> list[list[str]]:
    """Each sentence as its words."""
    found = [WORD.findall(part) for text in texts for part in SENTENCE.findall(text)]
    return [words for words in found if words]


def mean_length(sentences: list[list[str]]) -> float:
    """Words in a sentence."""
    return sum(map(len, sentences)) / len(sentences)


def flesch_douma(sentences: list[list[str]]) -> float:
    """By counting groups of vowels: 60 is what most people read without effort."""
    words = [word for sentence in sentences for word in sentence]
    syllables = sum(max(1, len(VOWELS.findall(word))) for word in words)
    return 206.84 - 77 * syllables / len(words) - 0.93 * len(words) / len(sentences)


def jargon_in(text: str) -> list[str]:
    """Words that only we use."""
    lower = text.lower()
    return [word for word in JARGON if word in lower]
