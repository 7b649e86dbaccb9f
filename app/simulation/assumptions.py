"""What the simulated year rests on: figures from the field, and what was set so that the model meets them.

MEASURED comes from a source that is named. FITTED was turned until the policy "list" came near the TARGETS.
ASSUMED has no source: it is a guess, the same for every policy, and the comparison must be read with it.
"""

from dataclasses import dataclass
from typing import Final

HOUR: Final = 60
DAY: Final = 24 * HOUR

# MEASURED
REQUESTS_PER_MEMBER: Final = 1.35
"""A year: 135 exchanges per 100 members (median of 58 active time banks), taken as what is asked."""
MINUTES: Final = ((30, 9), (60, 24), (90, 20), (120, 20), (180, 12), (240, 9), (480, 6))
"""Length of one help and its weight: 2.2 hours on average, as in those time banks."""

# FITTED
OFFERING: Final = 0.26
"""Share of the members who offer help too."""
CATEGORIES: Final = ((1, 15), (2, 25), (3, 25), (4, 20), (5, 10), (6, 5))
"""With how many kinds of help a helper is willing to help, and the weight of that."""
BASE_LOGIT: Final = -0.6
"""Log-odds that an ordinary helper says yes to an ordinary request next door with no time slot in common."""
EAGERNESS_SD: Final = 0.7
"""Some helpers say yes much sooner than others."""
APPEAL_SD: Final = 1.0
"""Some requests attract nobody, others everybody."""
AGREED: Final = 0.39
"""Share of the introductions that end in an appointment."""

# ASSUMED
FIT_LOGIT: Final = 1.2
"""What six shared time slots add."""
KM_LOGIT: Final = 0.08
"""What each kilometre takes away."""
VAIN_LOGIT: Final = 0.35
"""What each time takes away that a helper was asked, or came forward, for nothing in the last four weeks."""
MOST_VAIN: Final = 8
VAIN_DAYS: Final = 28
RING_LOGIT: Final = 2.0
"""What it adds to get what one asked in return, in a ring."""
DECLINES: Final = 0.5
"""Share of those who will not help that say so; the others stay silent."""
ANSWER_HOURS: Final = 14
"""Mean time to the answer of somebody who was asked (exponential)."""
ROUND_HOURS: Final = 48
"""How long those who were asked get before others are asked."""
MEETING_HOURS: Final = (4, 44)
"""From a yes to knowing whether it becomes an appointment."""
HELP_DAYS: Final = (1, 7)
"""From the appointment to the help."""
CANCELLED: Final = 0.04
"""Share of the appointments that fall through."""
VISIT_DAYS: Final = ((3, 2), (7, 4), (14, 3), (28, 1))
"""Mean days between two looks at the list, and the weight of helpers who look that often."""
PATIENCE_DAYS: Final = ((21, 42), (14, 35), (7, 14), (3, 7))
"""By urgency, between which days the asker gives up."""
LONGEST_PATIENCE_DAYS: Final = max(high for _, high in PATIENCE_DAYS)
THERE_FROM_THE_START: Final = 0.6
"""Share of the helpers; the others come in the course of the year."""
REST_DAYS: Final = ((0, 6), (7, 3), (14, 1))
"""Rest that a helper wants after each help, and how many want it."""


@dataclass(frozen=True, slots=True)
class Target:
    """A figure from the field, and the measure of the policy "list" that should come near it."""

    measure: str
    value: float
    source: str


TARGETS: Final = (
    Target("reactions", 2.4, "Meppel, 800 requests in 3 years"),
    Target("matched", 0.60, "Meppel, 800 requests in 3 years"),
    Target("no_task", 0.67, "NHS Volunteer Responders: two-thirds without a task after a month"),
)
"""BUUV's 0.43 matches per member per year (7,000 members) is not among them: with 1.35 requests per member, as the time
banks have, and 60 % of them matched, as Meppel has, there are 0.81. One year cannot meet all three; of a large platform
most members only look, and those of a time bank exchange."""
