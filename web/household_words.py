"""The plan of a household in words."""

from typing import Final

from app.households.models import About, Outcome, PlanLine, PlanRole, Source
from web import dutch
from web.i18n import N_, translate

ROLES: Final = {
    PlanRole.ADULT: N_("volwassene"),
    PlanRole.CHILD: N_("kind"),
    PlanRole.PARENT: N_("ouder of voogd"),
    PlanRole.CARER: N_("zorgt voor iemand hier"),
    PlanRole.OTHER: N_("hoort erbij"),
}
SOURCES: Final = {
    Source.OWN: N_("Eigen kring"),
    Source.GENERAL: N_("Voor iedereen"),
    Source.VOLUNTEER: N_("Vrijwilliger"),
    Source.PROFESSIONAL: N_("Beroep"),
}
EXPLAINED: Final = {
    Source.OWN: N_("wat zij zelf doen, met familie, vrienden of buren"),
    Source.GENERAL: N_("wat er voor iedereen in de buurt is"),
    Source.VOLUNTEER: N_("iemand die dit vrijwillig doet"),
    Source.PROFESSIONAL: N_("iemand die dit als werk doet"),
}
ABOUT: Final = {
    About.CALENDAR: N_("zo is het afgesproken"),
    About.MOVING: N_("verhuizing"),
    About.SCHOOL: N_("nieuwe school of nieuw werk"),
    About.EIGHTEEN: N_("wordt 18 jaar"),
    About.HOSPITAL: N_("terug uit het ziekenhuis"),
    About.LOSS: N_("iemand viel weg"),
    About.OTHER: N_("iets anders"),
}
OUTCOMES: Final = {
    Outcome.YES: N_("Ja, er komt hulp bij"),
    Outcome.PARTLY: N_("Voor een deel"),
    Outcome.SAME: N_("Het blijft zoals het is"),
    Outcome.NO: N_("Nee"),
}
LOADS: Final = (
    (1, N_("Licht")),
    (2, N_("Gaat goed")),
    (3, N_("Best zwaar")),
    (4, N_("Zwaar")),
    (5, N_("Te zwaar")),
)


def load(value: int, lang: str) -> str:
    """How heavy it is, in a word."""
    return translate(lang, dict(LOADS)[value])


def a_week(minutes: int | None, lang: str) -> str:
    """ "4 uur per week"; empty where nobody counted."""
    if minutes is None:
        return ""
    return translate(lang, N_("%(time)s per week"), time=dutch.duration(minutes, lang))


def period(line: PlanLine, lang: str) -> str:
    """From when, and until when if it ends."""
    if line.ends_on is None:
        return translate(lang, N_("vanaf %(day)s"), day=dutch.full_date(line.starts_on, lang))
    return translate(
        lang, N_("%(first)s tot en met %(last)s"), first=dutch.full_date(line.starts_on, lang),
        last=dutch.full_date(line.ends_on, lang),
    )  # fmt: skip


def place(line: PlanLine, lang: str) -> str:
    """Its place on the quadrant, in words."""
    side = N_("samen met anderen") if line.collective else N_("alleen voor dit huishouden")
    way = N_("wordt voor hen gedaan") if line.organised else N_("helpt hen het zelf te doen")
    return f"{translate(lang, side)}, {translate(lang, way)}"
