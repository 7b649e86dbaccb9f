"""Hoe vaak: how often, how much and when one wants to be asked, all on one page."""

from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.categories.vocabulary import Gender
from app.errors import Invalid
from app.http import Opened
from app.people import limits
from app.people.limits import Limits, LimitsChange
from web import dutch, forms, i18n
from web.forms import Form, Submitted
from web.i18n import N_, translate
from web.rendering import page, see_other
from web.session import SignedIn

router = APIRouter()
HERE: Final = "/mijn/hoe-vaak"
TIMES: Final = (1, 2, 3, 5, 10)
MINUTES: Final = (60, 120, 240, 480)
DAYS: Final = (0, 3, 7, 14)
GENDERS: Final = {Gender.WOMAN: N_("Vrouw"), Gender.MAN: N_("Man")}
forms.say(LimitsChange, pauzeTot=N_("Kies een dag die nog komt."))

Options = list[tuple[str, str]]


@router.get(HERE, name="limits.mine")
def mine(request: Request, session: Opened, actor: SignedIn) -> Response:
    """One's limits as they stand."""
    held = limits.current(session, actor)
    person = held.person
    form = forms.blank(
        pauze=person.paused,
        pauzeTot=person.paused_until.isoformat() if person.paused_until else "",
        vragenPerWeek=_typed(person.proposals_per_week),
        minutenSamen=_typed(person.load_limit_minutes),
        rustDagen=_typed(person.rest_days),
        geslacht=held.gender or "",
        alleenVoorOrganisatie=[offer.id for offer in held.with_organisation if offer.exclusive],
    )
    return _page(request, held, form, saved="bewaard" in request.query_params)


def _typed(value: int | None) -> str:
    return "" if value is None else str(value)


def _page(request: Request, held: Limits, form: Form[Any], *, saved: bool = False) -> Response:
    lang = i18n.language(request)
    return page(
        request,
        "limits/mine.html",
        status=422 if form.errors else 200,
        form=form,
        saved=saved,
        times=_times(held, lang),
        minutes=_minutes(held, lang),
        days=_days(held, lang),
        genders=_genders(lang) if held.cares_for_the_body else [],
        flags=[
            (str(offer.id), offer.title, offer.organisation.name if offer.organisation else "")
            for offer in held.with_organisation
        ],
    )


def _genders(lang: str) -> Options:
    named = [(str(gender), translate(lang, name)) for gender, name in GENDERS.items()]
    return [("", translate(lang, N_("Dat zeg ik liever niet"))), *named]


def _times(held: Limits, lang: str) -> Options:
    usual = held.municipality.proposals_per_week
    own = {*TIMES, held.person.proposals_per_week or usual}
    return [
        ("", translate(lang, N_("Zoals het meestal gaat: hoogstens %(count)s keer"), count=usual)),
        *(
            (str(count), translate(lang, N_("Hoogstens %(count)s keer"), count=count))
            for count in sorted(own)
        ),
    ]


def _minutes(held: Limits, lang: str) -> Options:
    own = {*MINUTES, held.person.load_limit_minutes or MINUTES[0]}
    return [
        ("", translate(lang, N_("Zoals ik bij mijn aanbod schreef"))),
        *((str(minutes), dutch.long_duration(minutes, lang)) for minutes in sorted(own)),
    ]


def _days(held: Limits, lang: str) -> Options:
    usual, chosen = held.municipality.rest_days, held.person.rest_days
    own = {*DAYS, DAYS[0] if chosen is None else chosen}
    return [
        ("", translate(lang, N_("Zoals het meestal gaat: %(rest)s"), rest=_rest(usual, lang))),
        *((str(days), _rest(days, lang).capitalize()) for days in sorted(own)),
    ]


def _rest(days: int, lang: str) -> str:
    if not days:
        return translate(lang, N_("geen rust nodig"))
    return dutch.counted(days, *(("dag", "dagen") if lang == i18n.DUTCH else ("day", "days")))


@router.post(HERE, name="limits.save")
def save(request: Request, session: Opened, actor: SignedIn, form: Submitted[LimitsChange]) -> Response:
    """Keep them; they count from the next question on."""
    if form.value is None:
        return _page(request, limits.current(session, actor), form)
    try:
        limits.save(session, actor, form.value)
    except Invalid as refusal:
        return _page(request, limits.current(session, actor), form.refused(refusal))
    return see_other(f"{HERE}?bewaard=ja")
