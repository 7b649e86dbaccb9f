"""Kinds of notices in a few groups that a person can choose about, and what always arrives."""

from enum import StrEnum
from typing import Final

from app.notifications import chain_texts
from app.privacy.words import Said


class Way(StrEnum):
    """How notices of one group reach somebody, besides the site, where all of them are."""

    AT_ONCE = "direct"
    DAY = "dag"
    WEEK = "week"
    LETTER = "brief"
    SITE = "site"


class Group(StrEnum):
    """What a person chooses about."""

    YES = "ja-of-nee"
    AGREED = "afspraken"
    SAFETY = "veiligheid"
    MESSAGES = "gesprekken"
    REMINDERS = "herinneringen"
    REQUESTS = "vragen"
    HELPING = "helpen"
    AFTER = "daarna"
    ROOSJES = "roosjes"
    TIPS = "tips"
    DESK = "bureau"


NAMES: Final[dict[Group, Said]] = {
    Group.YES: Said("Als wij uw ja of nee nodig hebben", "When we need your yes or no"),
    Group.AGREED: Said(
        "Uw afspraken: afgesproken, verplaatst, afgezegd", "Your appointments: made, moved, cancelled"
    ),
    Group.SAFETY: Said("Veiligheid, toestemming en controles", "Safety, consent and checks"),
    Group.MESSAGES: Said(
        "Berichten van wie u helpt of van wie u hulp krijgt", "Messages between you and the other"
    ),
    Group.REMINDERS: Said("Herinneringen: morgen is het zover", "Reminders: it is tomorrow"),
    Group.REQUESTS: Said("Hoe het gaat met uw vraag of activiteit", "How your request or activity is doing"),
    Group.HELPING: Said("Als uw hulp niet meer nodig is", "When your help is not needed any more"),
    Group.AFTER: Said("Daarna: gedaan, en een bedankje", "Afterwards: done, and a thank-you"),
    Group.ROOSJES: Said("Roosjes, budget en kosten", "Roosjes, budget and costs"),
    Group.TIPS: Said("Tips van ons", "Tips from us"),
    Group.DESK: Said("Werk voor het bureau", "Work for the desk"),
}
MUST: Final = frozenset({Group.YES, Group.AGREED, Group.SAFETY, Group.DESK})
"""Somebody waits for it or counts on it, or it has a day: sooner or later, but never on the site only."""
AT_ONCE_ONLY: Final = frozenset({Group.SAFETY})
"""Never kept for a digest."""

_KINDS: Final[dict[Group, str]] = {
    Group.YES: "proposed again changed willing meeting ring-proposed please-confirm lapses-soon time-proposed expiring"
    " costs-proposed costs-reported roosjes-asked",
    Group.AGREED: "agreed moved cancelled ended busy time-declined no-show ring-agreed check-missing activity-moved"
    " activity-time talk-planned"
    " activity-stopped activity-cancelled activity-let-in wishes-written life-stopped life-resumed",
    Group.SAFETY: "suspended suspension-lifted appeal-answered safety-answered representation-stands"
    " representation-ended check-ends check-withdrawn moved-house",
    Group.MESSAGES: "message content-said",
    Group.REMINDERS: "reminder activity-reminder talk-reminder",
    Group.REQUESTS: "case-promised case-face case-decided wmo-reported plan-made plan-face plan-reassessed plan-decided"
    " submitted released referred closed expired late changed-for-you ring-ended activity-approved"
    " activity-rejected story-shown story-rejected idea-shown idea-rejected idea-answered reaction-shown"
    " reaction-rejected" + chain_texts.REQUESTS,
    Group.HELPING: "not-this-time stopped full",
    Group.AFTER: "done disputed lapsed thanked without-roosjes",
    Group.ROOSJES: "gift roosjes-yes roosjes-no roosjes-still roosjes-go roosjes-lapsed paper-expiring paper-expired"
    " line-answered granted booked-by-desk taken-back made-whole welfare-granted welfare-rejected welfare-approved"
    " welfare-paid welfare-refunded welfare-spending-rejected welfare-undone welfare-ended welfare-closed costs-agreed"
    " costs-declined costs-paid costs-refused",
    Group.TIPS: "advice-offer advice-ask near-floor-50 near-floor-80 near-ceiling-50 near-ceiling-80 dormant",
    Group.DESK: "activity-waits check-missing-desk grant-waits grant-accepted grant-rejected welfare-not-approved"
    " safety-report safety-late safety-signal suspension-appealed suspension-review safety-disclosing line-question"
    " roosjes-signal not-finished not-content allowance-near story-waits idea-waits reaction-waits coupling-doubt"
    " coupling-doubt-here case-asked-along case-handed-over case-knot case-consult case-answered carer-heavy"
    + chain_texts.DESK,
}
GROUP_OF: Final[dict[str, Group]] = {kind: group for group, kinds in _KINDS.items() for kind in kinds.split()}
"""Every kind of notice is in one group."""


def group_of(kind: str) -> Group:
    """Its group; what nobody placed arrives."""
    return GROUP_OF.get(kind, Group.YES)


ASKS: Final = frozenset({"proposed", "again", "changed", "ring-proposed", *_KINDS[Group.TIPS].split()})
"""What asks something of whoever has a pause: it stays on the site."""
URGENT: Final = frozenset(
    {"cancelled", "moved", "life-stopped", "activity-cancelled", "suspended", "safety-report", "safety-late"}
)
"""Does not wait for more to come; what waits goes along."""
TOO_LATE_BY_LETTER: Final = frozenset(_KINDS[Group.REMINDERS].split())
"""By the time that a letter comes it is over."""

DEFAULTS: Final[dict[Group, Way]] = {
    Group.YES: Way.AT_ONCE, Group.AGREED: Way.AT_ONCE, Group.SAFETY: Way.AT_ONCE, Group.MESSAGES: Way.AT_ONCE,
    Group.REMINDERS: Way.AT_ONCE, Group.REQUESTS: Way.AT_ONCE, Group.HELPING: Way.DAY, Group.AFTER: Way.DAY,
    Group.ROOSJES: Way.WEEK, Group.TIPS: Way.WEEK, Group.DESK: Way.AT_ONCE,
}  # fmt: skip
"""For who has an e-mail address and said nothing."""


def choices(group: Group, *, mail: bool) -> tuple[Way, ...]:
    """The ways that somebody may choose for a group, with or without an e-mail address."""
    if group is Group.DESK:
        return (Way.AT_ONCE, Way.DAY)
    ways = (Way.AT_ONCE, Way.DAY, Way.WEEK, Way.LETTER, Way.SITE) if mail else (Way.LETTER, Way.SITE)
    if group in AT_ONCE_ONLY:
        return tuple(way for way in ways if way in (Way.AT_ONCE, Way.LETTER))
    if group in MUST:
        return tuple(way for way in ways if way not in (Way.WEEK, Way.SITE))
    return ways


def way_of(group: Group, wish: Way | None, *, mail: bool) -> Way:
    """How a group reaches somebody: as they chose where that can be, else by default."""
    offered = choices(group, mail=mail)
    if wish in offered:
        return wish
    return DEFAULTS[group] if mail else Way.LETTER
