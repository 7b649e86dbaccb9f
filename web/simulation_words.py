"""A simulation in Dutch: the names of policies and measures, and differences as sentences."""

from typing import Final

from app.simulation.report import Difference, Spread
from web import dutch
from web.i18n import N_, translate

POLICIES: Final = {
    "list": N_("Zelf een lijst lezen"),
    "nearest": N_("De dichtste eerst"),
    "engine": N_("Dit programma, meteen"),
    "nightly": N_("Ook verdelen in de nacht"),
    "rings": N_("Ook met ruilkringen"),
}
OURS: Final = ("rings", "nightly", "engine")
"""This engine, in its fullest form first."""
PEERS: Final = ("list", "nearest")
SHARE, DAYS, HOURS, KM, TIMES, PLAIN = "share", "days", "hours", "km", "times", "plain"
UNITS: Final = {
    SHARE: N_("%(figure)s van de 100"),
    DAYS: N_("%(figure)s dagen"),
    HOURS: N_("%(figure)s uur"),
    KM: N_("%(figure)s km"),
    TIMES: N_("%(figure)s keer"),
    PLAIN: "%(figure)s",
}
MEASURES: Final = {
    "coverage_3": (N_("Binnen 3 dagen iemand"), SHARE),
    "coverage_7": (N_("Binnen 7 dagen iemand"), SHARE),
    "matched": (N_("Iemand gevonden"), SHARE),
    "matched_vulnerable": (N_("Iemand gevonden, kwetsbare mensen"), SHARE),
    "matched_others": (N_("Iemand gevonden, andere mensen"), SHARE),
    "wait_vulnerable": (N_("Wachten van kwetsbare mensen, de helft binnen"), DAYS),
    "wait_vulnerable_p90": (N_("Wachten van kwetsbare mensen, 90 van de 100 binnen"), DAYS),
    "wait_others": (N_("Wachten van andere mensen, de helft binnen"), DAYS),
    "wait_others_p90": (N_("Wachten van andere mensen, 90 van de 100 binnen"), DAYS),
    "first_reaction_hours": (N_("Eerste reactie, de helft binnen"), HOURS),
    "reactions": (N_("Reacties per vraag"), PLAIN),
    "distance_km": (N_("Afstand, gemiddeld"), KM),
    "distance_km_p90": (N_("Afstand, 90 van de 100 binnen"), KM),
    "gini": (N_("Ongelijkheid tussen helpers (0 is gelijk, 1 is alles bij één)"), PLAIN),
    "busiest_tenth": (N_("Hulp door de drukste tien van de 100 helpers"), SHARE),
    "no_task": (N_("Helpers zonder taak in hun eerste maand"), SHARE),
    "asked": (N_("Hoe vaak een helper per jaar iets gevraagd wordt"), TIMES),
    "in_vain": (N_("Hoe vaak een helper per jaar voor niets klaarstaat"), TIMES),
    "over_asked": (N_("Helpers die in een week meer dan 3 keer gevraagd zijn"), SHARE),
    "both": (N_("Mensen die hielpen en zelf hulp kregen"), SHARE),
    "rings_proposed": (N_("Ruilkringen voorgesteld"), TIMES),
    "rings": (N_("Ruilkringen die doorgingen"), TIMES),
    "ring_people": (N_("Mensen geholpen in een ruilkring"), PLAIN),
}
"""In the order of the table."""
LOADS: Final = (
    N_("geen keer"), N_("1 keer"), N_("2 keer"), N_("3 tot 5 keer"), N_("6 tot 10 keer"), N_("11 keer of meer"),
)  # fmt: skip
SOURCES: Final = {
    "reactions": N_("Meppel: 800 vragen in 3 jaar"),
    "matched": N_("Meppel: 800 vragen in 3 jaar"),
    "no_task": N_("Vrijwilligers van de Engelse zorg (NHS)"),
}
MORE: Final = N_("%(what)s: %(amount)s meer (tussen %(low)s en %(high)s).")
LESS: Final = N_("%(what)s: %(amount)s minder (tussen %(low)s en %(high)s).")


def figure(measure: str, spread: Spread, lang: str) -> str:
    """``62 van de 100``; a dash where nothing is known."""
    return "–" if spread.mean is None else amount(measure, spread.mean, lang)


def interval(measure: str, spread: Spread, lang: str) -> str:
    """``60 tot 64``, in the same unit as the figure; empty where there is none."""
    if spread.low is None or spread.high is None:
        return ""
    digits = _digits(measure, spread.mean or 0.0)
    low, high = (_figure(measure, value, lang, digits) for value in (spread.low, spread.high))
    return translate(lang, N_("%(low)s tot %(high)s"), low=low, high=high)


def sentence(difference: Difference, lang: str) -> str:
    """What is more or less than with the other policy, and between which bounds that surely lies."""
    measure, spread = difference.measure, difference.spread
    mean, low, high = (value or 0.0 for value in (spread.mean, spread.low, spread.high))
    near, far = sorted((abs(low), abs(high)))
    return translate(
        lang,
        MORE if mean > 0 else LESS,
        what=translate(lang, MEASURES[measure][0]),
        amount=amount(measure, abs(mean), lang),
        low=_figure(measure, near, lang, _digits(measure, mean)),
        high=_figure(measure, far, lang, _digits(measure, mean)),
    )


def amount(measure: str, value: float, lang: str) -> str:
    """A figure with its unit."""
    return translate(lang, UNITS[MEASURES[measure][1]], figure=_figure(measure, value, lang))


def _figure(measure: str, value: float, lang: str, digits: int | None = None) -> str:
    """Shares out of a hundred."""
    digits = _digits(measure, value) if digits is None else digits
    return dutch.number(round(_scaled(measure, value), digits), lang)


def _digits(measure: str, value: float) -> int:
    """Two decimals for what is small, none for what is large."""
    size = abs(_scaled(measure, value))
    return 2 if size < 1 else 1 if size < 100 else 0


def _scaled(measure: str, value: float) -> float:
    return value * 100 if MEASURES[measure][1] == SHARE else value
