"""Help mij kiezen on the screen: answers in an address and in a form, and an outcome in the visitor's language."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import quote, urlencode

from fastapi import Request

from app.activities.models import ACCESS, mask_of
from app.categories.models import Category
from app.signposts.near import Provision
from app.signposts.rules import Choices, LifeTheme, Outcome, Question, Rung, Sign, read
from app.signposts.themes import LIFE_THEMES
from web import dutch, words
from web.forms import Form
from web.i18n import N_, translate

BEGIN: Final = "/help-mij-kiezen"
QUESTIONS: Final = f"{BEGIN}/vragen"
OUTCOME: Final = f"{BEGIN}/uitkomst"
CODES: Final = "keus"
"""In an address and in a form: a theme or an option, by its code."""
STEP: Final = "stap"
NEEDS: Final = "toegang"
"""In an address: what a place must have, by a word of `app.activities.models.ACCESS`."""
JOIN: Final = "/helpen/aanmelden/wanneer"

RUNGS: Final[Mapping[Rung, tuple[str, str]]] = {
    Rung.ONESELF: (N_("Dit kunt u zelf doen"), N_("Vandaag al, als u wilt.")),
    Rung.KNOWN: (N_("Dit kan met mensen die u kent"), N_("Familie, vrienden, buren.")),
    Rung.NEAR: (N_("Dit is er voor iedereen"), N_("Groepen en plekken waar u zo heen kunt.")),
    Rung.SOMEBODY: (N_("Iemand uit de buurt helpt u"),
                    N_("Wij schreven alvast een vraag. U kunt alles nog veranderen.")),
    Rung.OFFICE: (N_("Hulp van de gemeente of een vakman"), N_("Als het lichtere niet genoeg is.")),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Way:
    """One sign as a page shows it."""

    text: str
    phone: str = ""
    href: str = ""
    """To call, or to go on with an offer."""
    kind: str = ""
    """The category, where it has one."""
    theme: str = ""
    """Its picture."""
    button: str = ""
    """What its button sends, where it can become a request."""
    places: Sequence["Spot"] = ()


@dataclass(frozen=True, slots=True)
class Spot:
    """Something near, as a page shows it."""

    name: str
    path: str
    about: str
    """When, where and how far, in one line."""


@dataclass(frozen=True, slots=True)
class Step:
    """One rung of the pyramid with its signs; ``height`` counts from 1, the lightest."""

    name: str
    about: str
    height: int
    ways: tuple[Way, ...]


def typed(request: Request) -> Choices:
    """What an address holds, as a form made it or as we do: ``keus=k&keus=k1a&k2=b``, ``keus=k.k1a.k2b``."""
    codes: list[str] = []
    for name, value in request.query_params.multi_items()[:400]:
        codes += value.split(".")[:400] if name == CODES else [f"{name}{value}"]
    return read(LIFE_THEMES, codes)


def form_of(choices: Choices) -> Form[Any]:
    """The same, as the fields of a page show it."""
    chosen: dict[str, list[str]] = {CODES: choices.codes}
    for theme in choices.themes:
        for code, option in choices.chosen(theme):
            chosen[code.removesuffix(option.key)] = [option.key]
    return Form(chosen)


def needs(request: Request, found: Outcome) -> list[str]:
    """What a place must have: as somebody chose it, else what their answers say."""
    asked = request.query_params.getlist(NEEDS)
    return [word for word in ACCESS if word in (asked or found.needs)]


def access_mask(wanted: Iterable[str]) -> int:
    """The same as a mask."""
    return mask_of(wanted)


def spot(one: Provision, today: date, lang: str) -> Spot:
    """When it is, where it is, and how far that is, as far as it is known."""
    said = [
        dutch.near(one.starts_at, today, lang) if one.starts_at else one.hours,
        translate(lang, N_("bij iemand thuis in %(place)s"), place=one.where) if one.at_home else one.where,
        far(one.distance_km, lang),
    ]
    return Spot(one.name, one.path, " · ".join(part for part in said if part))


def far(distance_km: float | None, lang: str) -> str:
    """How far it is; within a kilometre nobody knows better."""
    if distance_km is None:
        return ""
    return translate(lang, N_("dichtbij")) if distance_km < 1 else dutch.km(distance_km, lang)


def spots(places: Mapping[str, Sequence[Provision]], today: date, lang: str) -> dict[str, list[Spot]]:
    """All that is near, by category."""
    return {category: [spot(one, today, lang) for one in found] for category, found in places.items()}


def address(path: str, choices: Choices, **more: str) -> str:
    """A page with these choices, in one field: an address that is handed on may have a thousand signs."""
    return f"{path}?{urlencode({CODES: '.'.join(choices.codes), **more})}"


def others(choices: Choices, theme: LifeTheme) -> list[str]:
    """The codes that a screen about one theme takes along: all but the answers that it asks itself."""
    asked = {code for code, _ in choices.chosen(theme)}
    return [code for code in choices.codes if code not in asked]


def options(question: Question, lang: str) -> list[tuple[str, str]]:
    """What a question lets one choose from: sent as a whole code where several may be true, else as a letter."""
    return [
        (f"{question.code}{option.key}" if question.several else option.key, option.says.of(lang))
        for option in question.options
    ]


def steps(
    found: Outcome, categories: Iterable[Category], places: Mapping[str, Sequence[Spot]], lang: str
) -> list[Step]:
    """The pyramid, the lightest first."""
    named = {row.slug: row for row in categories}
    return [
        Step(
            translate(lang, RUNGS[rung][0]),
            translate(lang, RUNGS[rung][1]),
            int(rung),
            tuple(_way(sign, place, named, places, lang) for place, sign in enumerate(signs)),
        )
        for rung, signs in found.rungs.items()
    ]


def _way(
    sign: Sign,
    place: int,
    named: Mapping[str, Category],
    places: Mapping[str, Sequence[Spot]],
    lang: str,
) -> Way:
    row = named.get(sign.category)
    return Way(
        text=sign.says.of(lang),
        phone=sign.phone,
        href=call(sign.phone),
        kind=translate(lang, row.name) if row else "",
        theme=words.picture(row.theme) if row else "",
        button=f"{int(sign.rung)}-{place}" if row and sign.rung is not Rung.NEAR else "",
        places=places.get(sign.category, ()) if sign.rung is Rung.NEAR else (),
    )


def alarms(found: Outcome, lang: str) -> list[Way]:
    """What cannot wait."""
    return [Way(sign.says.of(lang), sign.phone, call(sign.phone)) for sign in found.alarms]


def offers(found: Outcome, categories: Iterable[Category], lang: str, *, signed_in: bool) -> list[Way]:
    """What one could do for another, each leading to a form that is filled in already and kept nowhere."""
    named = {row.slug: row for row in categories}
    rows = [(sign, named[sign.category]) for sign in found.offers if sign.category in named]
    return [
        Way(sign.says.of(lang), theme=words.picture(row.theme), href=_join(row, signed_in=signed_in))
        for sign, row in rows
    ]


def _join(row: Category, *, signed_in: bool) -> str:
    filled = {"thema": row.theme, "categorieen": row.slug, "buurgemeenten": "ja", "minutenPerWeek": "60"}
    path = f"{JOIN}?{urlencode(filled)}"
    return path if signed_in else f"/aanmelden?next={quote(path, safe='/')}"


def call(phone: str) -> str:
    """The address that calls a number."""
    return f"tel:{phone.replace(' ', '')}" if phone else ""


def sign_of(found: Outcome, button: str) -> Sign | None:
    """The sign whose button was pressed; None for what is none, or cannot become a request."""
    rung, _, place = button.partition("-")
    if not (rung.isascii() and rung.isdecimal() and place.isascii() and place.isdecimal()):
        return None
    if int(rung) not in (Rung.SOMEBODY, Rung.OFFICE):
        return None
    sign = found.sign(Rung(int(rung)), int(place))
    return sign if sign is not None and sign.category else None


def chosen_in_words(choices: Choices, lang: str) -> list[tuple[LifeTheme, str, list[str]]]:
    """Each theme with its name and the answers that were given in it."""
    return [
        (theme, theme.name.of(lang), [option.says.of(lang) for _, option in choices.chosen(theme)])
        for theme in choices.themes
    ]


def themes(lang: str) -> list[tuple[str, str, str, str]]:
    """Every theme as a tile: its code, name, picture, and what it is about."""
    return [(theme.code, theme.name.of(lang), theme.picture, theme.about.of(lang)) for theme in LIFE_THEMES]
