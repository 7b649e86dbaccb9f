"""What the register says, in Dutch and in English: the words belong to the register, not to one page."""

from typing import NamedTuple


class Said(NamedTuple):
    """One sentence in both languages."""

    nl: str
    en: str

    def of(self, lang: str) -> str:
        """The sentence in one of them."""
        return self.en if lang == "en" else self.nl
