"""De gemeente: how it stands, with whom it shares, and the settings that it decides on itself."""

from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access.actor import Actor
from app.access.roles import Permission
from app.categories import service as categories
from app.categories.models import Category
from app.errors import Invalid, Stale
from app.help_requests import kinds
from app.http import Opened
from app.people import phone
from app.places import settings
from app.places.models import Municipality
from app.places.settings import SettingsChange
from app.reports import figures
from app.settings import service as versions
from app.welfare import queues as welfare
from web import forms, i18n, report_words
from web.forms import Form, Submitted, blank, filled
from web.i18n import N_, translate
from web.pages.desk_shell import at_desk, desk_page, own_municipality
from web.rendering import see_other
from web.session import Staff
from web.settings_words import SettingsWords

router = APIRouter(prefix="/gemeente")
DEGREES: Final = (
    (1, N_("Vrij"), N_("Mensen vinden elkaar zelf. De makelaar helpt wie daarom vraagt.")),
    (2, N_("Verteld"), N_("Mensen vinden elkaar zelf. De makelaar ziet alle vragen, voorstellen en afspraken.")),
    (3, N_("Gelezen"), N_("De makelaar leest een nieuwe vraag eerst. Daarna zien anderen hem.")),
    (4, N_("Voorgesteld aan elkaar"), N_("De makelaar keurt iedere koppeling goed. Pas daarna is er contact.")),
    (5, N_("Alleen via de makelaar"), N_("Niets is openbaar. Alleen de makelaar stelt mensen voor.")),
)  # fmt: skip
forms.say(
    SettingsChange,
    bemiddeling=N_("Kies hoe hulp tot stand komt."),
    titel=N_("Vul in hoe uw makelaar heet, bijvoorbeeld sociaal makelaar."),
    telefoon=N_("Vul een nummer in dat inwoners kunnen bellen."),
    openingstijden=N_("Vul in wanneer er iemand opneemt."),
    dagenOpen=N_("Vul een aantal dagen in van 7 tot en met 365."),
    dagenBelofte=N_("Vul een aantal werkdagen in van 1 tot en met 30."),
    tegelijk=N_("Vul een aantal helpers in van 1 tot en met 20."),
    vragenPerWeek=N_("Vul een aantal keer in van 1 tot en met 20."),
    rustDagen=N_("Vul een aantal dagen in van 0 tot en met 60."),
    puntenHaast=N_("Vul punten in van 0 tot en met 5."),
    puntenKwetsbaar=N_("Vul punten in van 0 tot en met 5."),
    puntenWachten=N_("Vul punten in van 0 tot en met 5."),
    uurEuro=N_("Vul hele euro's in van 0 tot en met 100."),
    uurReden=N_("Vul in waarom een uur zoveel waard is. Het staat in het verslag ernaast."),
)
CHECKED: Final = "bekijk"
AGAIN: Final = "terug"
"""The buttons beside saving: see first what would change, or change some more."""


@router.get("", name="municipality.show")
def show(request: Request, session: Opened, actor: Staff) -> Response:
    """How the own municipality stands today, and what was told of the last half year."""
    municipality = own_municipality(session, actor, Permission.CHANGE_SETTINGS)
    lang = i18n.language(request)
    found = figures.of_municipality(session, actor, municipality)
    return desk_page(
        request,
        actor,
        "municipality/show.html",
        municipality=municipality,
        today=figures.overview(session, actor, municipality.id),
        welfare=welfare.sums(session, actor, municipality.id),
        found=found,
        span=report_words.span(found.period, lang) if found.period else "",
        partners=settings.partners(session, municipality.id),
        degree=degrees(lang)[municipality.mediation - 1],
        saved="bewaard" in request.query_params,
    )


def degrees(lang: str) -> list[tuple[int, str, str]]:
    return [
        (number, f"{number}. {translate(lang, name)}", translate(lang, meaning))
        for number, name, meaning in DEGREES
    ]


@router.get("/instellingen", name="municipality.settings")
def ask(request: Request, session: Opened, actor: Staff) -> Response:
    """The settings as they stand."""
    municipality = own_municipality(session, actor, Permission.CHANGE_SETTINGS)
    form = filled(settings.current(session, municipality))
    return asked(
        request, session, actor, blank(**{**form.values, "telefoon": phone.display(municipality.phone)})
    )


def asked(
    request: Request,
    session: Opened,
    actor: Actor,
    form: Form[Any],
    *,
    status: int = 200,
    stale: bool = False,
) -> Response:
    """The form of the settings, as they stand or as somebody typed them."""
    municipality = own_municipality(session, actor, Permission.CHANGE_SETTINGS)
    lang = i18n.language(request)
    partners = settings.partners(session, municipality.id)
    theirs = {True: N_("Zij zeggen ook ja."), False: N_("Zij zeiden nog geen ja.")}
    return desk_page(
        request,
        actor,
        "municipality/settings.html",
        status=status,
        form=form,
        stale=stale,
        municipality=municipality,
        degrees=degrees(lang),
        partners=partners,
        delen=[(one.id, one.name, translate(lang, theirs[one.theirs])) for one in partners],
        version=municipality.version,
        categories=[(row.number, translate(lang, row.name)) for row in unpaid_work(session)],
        every_category=[(row.number, translate(lang, row.name)) for row in categories.every(session)],
        elsewhere=elsewhere(request, actor, municipality),
        save_at=at_desk(request, "/gemeente/instellingen", municipality),
    )


def elsewhere(request: Request, actor: Actor, municipality: Municipality) -> list[tuple[str, str, str]]:
    """What is decided on pages of its own: its name, what it is about, and where; as far as this actor may."""
    pages = (
        (N_("Controles"), N_("Wat u van helpers vraagt, per soort hulp."), "/gemeente/controles", None),
        (N_("Teksten"), N_("De huisregels, en hoe wie helpt verzekerd is."), "/gemeente/huisregels", None),
        (N_("Huisstijl"), N_("Uw logo en uw kleuren."), "/gemeente/huisstijl", None),
        (N_("Over de grens"), N_("Hoeveel uren uw helpers elders mogen geven."), "/bureau/buren", Permission.SET_TRUST),
        (N_("Bewaren"), N_("Hoe lang u gegevens bewaart."), "/bureau/bewaren", Permission.SET_TERMS),
    )  # fmt: skip
    lang = i18n.language(request)
    return [
        (translate(lang, name), translate(lang, about), at_desk(request, path, municipality))
        for name, about, path, needed in pages
        if needed is None or municipality.id in actor.reach(needed)
    ]


def unpaid_work(session: Opened) -> list[Category]:
    """What is not paid work everywhere already."""
    return [row for row in categories.every(session) if not kinds.is_paid(row)]


def preview(
    request: Request, session: Opened, actor: Actor, form: Form[SettingsChange], why: str = ""
) -> Response:
    """What would change, and how residents would read it, before anything is saved."""
    municipality = own_municipality(session, actor, Permission.CHANGE_SETTINGS)
    wanted = form.value
    assert wanted is not None
    lang = i18n.language(request)
    before = settings.current(session, municipality).model_dump(mode="json", by_alias=True)
    after = {**before, **{name: value for name, value in _said(wanted).items() if value is not None}}
    words = SettingsWords(session, lang)
    return desk_page(
        request,
        actor,
        "settings/preview.html",
        municipality=municipality,
        wanted=wanted,
        degree=degrees(lang)[wanted.mediation - 1],
        changes=[words.change(one) for one in versions.changes(before, after)],
        values=[(name, one) for name, typed in form.values.items() for one in typed if name not in OURS],
        why=why,
        save_at=at_desk(request, "/gemeente/instellingen", municipality),
    )


OURS: Final = frozenset({"csrf", "knop", "formulier"})


def _said(wanted: SettingsChange) -> dict[str, Any]:
    return wanted.model_dump(mode="json", by_alias=True)


@router.post("/instellingen", name="municipality.settings.save")
def save(request: Request, session: Opened, actor: Staff, form: Submitted[SettingsChange]) -> Response:
    """Save; whoever is second sees what the first saved beside what they typed themselves."""
    municipality = own_municipality(session, actor, Permission.CHANGE_SETTINGS)
    if form.value is None:
        return asked(request, session, actor, form, status=422)
    if form.button == AGAIN:
        return asked(request, session, actor, form)
    if form.button == CHECKED:
        return preview(request, session, actor, form)
    try:
        settings.save(session, actor, municipality.id, form.value)
    except Stale:
        return asked(request, session, actor, form, status=409, stale=True)
    except Invalid as error:
        return asked(request, session, actor, form.refused(error), status=422)
    here = at_desk(request, "/gemeente", municipality)
    return see_other(f"{here}{'&' if '?' in here else '?'}bewaard=ja")
