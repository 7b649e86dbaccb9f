"""Activities and places in words: kinds, what a place has, how many places are left, what something costs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from app.activities.models import ACCESS, Activity, ActivityDate, ActivityKind, ActivitySignup, words_in
from app.categories.vocabulary import Frequency
from web import dutch, words
from web.i18n import N_, translate

KINDS: Final = {
    ActivityKind.MEAL: N_("Samen eten"),
    ActivityKind.COFFEE: N_("Koffie en inloop"),
    ActivityKind.COURSE: N_("Cursus of les"),
    ActivityKind.MOVING: N_("Bewegen"),
    ActivityKind.MAKING: N_("Maken en muziek"),
    ActivityKind.OUTING: N_("Een uitje"),
    ActivityKind.TALK: N_("Praten over iets"),
    ActivityKind.OTHER: N_("Iets anders"),
}
PICTURES: Final = {
    ActivityKind.MEAL: "koken",
    ActivityKind.COFFEE: "gezelschap",
    ActivityKind.COURSE: "taal",
    ActivityKind.MOVING: "sport",
    ActivityKind.MAKING: "klus",
    ActivityKind.OUTING: "samen",
    ActivityKind.TALK: "gezelschap",
    ActivityKind.OTHER: "samendoen",
}
ACCESS_NAMES: Final = {
    "rolstoel": N_("Met een rolstoel te bereiken"),
    "toilet": N_("Toilet voor wie een rolstoel heeft"),
    "ringleiding": N_("Ringleiding voor uw hoortoestel"),
    "rustig": N_("Er is een rustige plek"),
    "parkeren": N_("Parkeren voor de deur"),
    "halte": N_("Bushalte dichtbij"),
    "hulphond": N_("Uw hulphond mag mee"),
    "lift": N_("Alles op de begane grond, of met de lift"),
    "ophalen": N_("Wij kunnen u ophalen"),
}
assert ACCESS_NAMES.keys() == ACCESS.keys()
FREQUENCIES: Final = (
    (Frequency.ONCE, N_("Eén keer")),
    (Frequency.WEEKLY, N_("Elke week")),
    (Frequency.FORTNIGHTLY, N_("Om de week")),
    (Frequency.MONTHLY, N_("Elke vier weken")),
)
MINUTES: Final = (30, 45, 60, 90, 120, 150, 180, 240, 300, 360, 480)


@dataclass(frozen=True, slots=True)
class Card:
    """An activity with one of its times, as the list shows it."""

    path: str
    title: str
    picture: str
    kind: str
    when: str
    often: str
    where: str
    who: str
    left: str
    full: bool
    cost: str
    access: list[str]
    away: str


def kinds(lang: str) -> list[tuple[str, str]]:
    """Kinds to choose from."""
    return [(kind.value, translate(lang, name)) for kind, name in KINDS.items()]


def access_choices(lang: str) -> list[tuple[str, str]]:
    """What a place may have, to choose from."""
    return [(word, translate(lang, name)) for word, name in ACCESS_NAMES.items()]


def access_of(mask: int, lang: str) -> list[str]:
    """What a place has, in words."""
    return [translate(lang, ACCESS_NAMES[word]) for word in words_in(mask)]


def cost(activity: Activity, lang: str) -> str:
    """``Gratis`` or an amount, with what is in it."""
    price = dutch.euros(activity.cost_cents, lang) if activity.cost_cents else translate(lang, N_("Gratis"))
    return f"{price}, {activity.cost_words}" if activity.cost_words else price


def often(activity: Activity, lang: str) -> str:
    """``elke week``; empty for what is once."""
    if activity.frequency is Frequency.ONCE:
        return ""
    return translate(lang, words.FREQUENCIES[activity.frequency])


def left(when: ActivityDate, lang: str) -> str:
    """How many places there are still."""
    if when.left > 0:
        return _many(lang, when.left, N_("Nog 1 plaats"), N_("Nog %(num)s plaatsen"))
    if when.waiting:
        return _many(lang, when.waiting, N_("Vol, 1 wacht"), N_("Vol, %(num)s wachten"))
    return translate(lang, N_("Vol"))


def where(activity: Activity, lang: str) -> str:
    """Where about, as everybody may know it."""
    if activity.at_home:
        return translate(lang, N_("bij iemand thuis in %(place)s"), place=activity.neighbourhood.place)
    return ", ".join(part for part in (activity.venue, activity.neighbourhood.place) if part)


def card(when: ActivityDate, today: date, lang: str, home: int | None = None) -> Card:
    """What a list shows of an activity; ``home`` is the reader's municipality."""
    activity = when.activity
    elsewhere = home is not None and activity.municipality_id != home
    return Card(
        path=f"/activiteiten/{activity.id}",
        title=activity.title,
        picture=PICTURES[activity.kind],
        kind=translate(lang, KINDS[activity.kind]),
        when=dutch.near(when.starts_at, today, lang),
        often=often(activity, lang),
        where=where(activity, lang),
        who=activity.host_name,
        left=left(when, lang),
        full=when.left <= 0,
        cost=cost(activity, lang),
        access=access_of(activity.access, lang),
        away=activity.municipality.name if elsewhere else "",
    )


def standing(signup: ActivitySignup | None, lang: str) -> str:
    """Where somebody stands with a time."""
    if signup is None:
        return ""
    if signup.status == "waiting":
        return translate(lang, N_("U staat op de wachtlijst"))
    if signup.heads == 1:
        return translate(lang, N_("U komt"))
    return _many(lang, signup.heads - 1, N_("U komt, met nog iemand"), N_("U komt, met %(num)s anderen"))


def heads(signups: Iterable[ActivitySignup], status: str) -> int:
    """How many people come, or wait, with whom they bring."""
    return sum(one.heads for one in signups if one.status == status)


def municipalities(rows: Iterable[Any]) -> list[tuple[str, str]]:
    """Municipalities to choose from."""
    return [(str(row.id), row.name) for row in rows]


def _many(lang: str, count: int, one: str, many: str) -> str:
    return translate(lang, one) if count == 1 else translate(lang, many, num=dutch.number(count, lang))
