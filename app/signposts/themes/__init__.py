"""The fifteen themes of life, in the order in which they are shown; each module says one."""

from typing import Final

from app.signposts.rules import LifeTheme
from app.signposts.themes import (
    care_i_get,
    care_i_give,
    communicating,
    contact,
    feeling_safe,
    getting_about,
    healthy_living,
    home_and_neighbourhood,
    household,
    learning,
    money,
    partner_and_children,
    personal_care,
    talents,
    work,
)

LIFE_THEMES: Final[tuple[LifeTheme, ...]] = tuple(
    module.LIFE_THEME
    for module in (
        communicating,
        healthy_living,
        care_i_give,
        care_i_get,
        talents,
        personal_care,
        money,
        feeling_safe,
        getting_about,
        partner_and_children,
        contact,
        household,
        work,
        learning,
        home_and_neighbourhood,
    )
)
