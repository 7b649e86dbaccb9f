"""Words for stories, plans and reactions: where they stand, and the pictures to choose from."""

from typing import Final

from app.ideas.models import IdeaKind, IdeaStatus, ReactionStatus
from app.stories.models import StoryStatus
from app.stories.schemas import THEMES
from web.i18n import N_, translate

STORIES: Final = {
    StoryStatus.SUBMITTED: (N_("Wij lezen het eerst"), "w"),
    StoryStatus.SHOWN: (N_("Staat erop"), "g"),
    StoryStatus.REJECTED: (N_("Niet getoond"), ""),
    StoryStatus.WITHDRAWN: (N_("Weg"), ""),
}
REACTIONS: Final = {
    ReactionStatus.SUBMITTED: STORIES[StoryStatus.SUBMITTED],
    ReactionStatus.SHOWN: STORIES[StoryStatus.SHOWN],
    ReactionStatus.REJECTED: STORIES[StoryStatus.REJECTED],
    ReactionStatus.WITHDRAWN: STORIES[StoryStatus.WITHDRAWN],
}
IDEAS: Final = {
    IdeaStatus.SUBMITTED: (N_("Wij lezen het eerst"), "w"),
    IdeaStatus.OPEN: (N_("Praat mee"), "r"),
    IdeaStatus.ANSWERED: (N_("Beantwoord"), "g"),
    IdeaStatus.REJECTED: (N_("Niet getoond"), ""),
    IdeaStatus.WITHDRAWN: (N_("Weg"), ""),
}
KINDS: Final = {IdeaKind.PLAN: N_("Plan van de gemeente"), IdeaKind.IDEA: N_("Idee van een bewoner")}
PICTURES: Final = {
    "samen": N_("Samen op pad"), "gezelschap": N_("Gezelschap"), "boodschappen": N_("Boodschappen"),
    "vervoer": N_("Vervoer"), "tuin": N_("Tuin"), "klus": N_("Klussen"), "computer": N_("Computer"),
    "brieven": N_("Brieven"), "anders": N_("Iets anders"),
}  # fmt: skip
LEAD: Final = 150


def pictures(lang: str) -> list[tuple[str, str, str]]:
    """Pictures to choose from: value, words, and the picture."""
    return [(theme, translate(lang, PICTURES[theme]), theme) for theme in THEMES]


def lead(text: str) -> str:
    """The first words, cut where a word ends."""
    line = " ".join(text.split())
    return line if len(line) <= LEAD else line[:LEAD].rsplit(" ", 1)[0].rstrip(",.;:") + "…"
