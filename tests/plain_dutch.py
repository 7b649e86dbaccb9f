"""How plain Dutch is measured, the words of ours that no resident should meet, and what gives Dutch away in English."""

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

STRONG: Final = {
    "het", "een", "uw", "wij", "niet", "voor", "naar", "ook", "maar", "bij", "nog", "geen", "heeft", "hebben", "wordt",
    "worden", "kunt", "kunnen", "moet", "iemand", "iedereen", "deze", "zijn", "vraag", "vragen", "hulp", "buurt",
    "gemeente", "en", "dat", "als", "aan", "uit", "wat", "wie", "waar", "wanneer", "hoe", "waarom", "gaat", "komt",
    "nieuwe", "alle", "alleen", "helpen", "afspraak", "afspraken", "dag", "dagen", "weken", "uur", "minuten", "jaar",
    "maand", "bewaar", "verder", "terug", "kies", "zoek", "naam", "adres", "telefoonnummer", "onbekend", "vandaag",
    "gisteren", "morgen", "mijn", "onze", "ons", "welke", "verstuur",
}  # fmt: skip
WEAK: Final = {"de", "van", "met", "dan", "er", "wel", "te", "om", "tot", "al", "zo", "nu", "ja", "nee"}
"""What English has too, or what a name may hold: two of them do not stand there by chance."""


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


def dutch_in(words: str) -> list[str]:
    """The words that give it away; one that English has too does not do so alone."""
    ours = re.sub(r"\S+@\S+|\b[A-Z]{2,}\b", " ", words)  # an address, and what is called by its letters
    found = [word.lower() for word in re.findall(r"[^\W\d_]+", ours)]
    strong = [word for word in found if word in STRONG]
    weak = [word for word in found if word in WEAK]
    return strong + weak if strong or len({*weak}) > 1 else []
