"""Instellingen over time and beside others: earlier versions, the region, and examples that municipalities share."""

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access.actor import Actor
from app.access.roles import Permission
from app.http import Opened
from app.people import phone
from app.places import settings
from app.places.models import Municipality
from app.places.settings import SettingsChange
from app.schemas import Nothing
from app.settings import service
from app.settings.schemas import NewTemplate
from web import forms, i18n
from web.forms import Form, Submitted, blank
from web.i18n import N_, translate
from web.pages import municipality as pages
from web.pages.desk_shell import at_desk, desk_page, own_municipality
from web.rendering import see_other
from web.session import Staff
from web.settings_words import SettingsWords

router = APIRouter(prefix="/gemeente")
EARLIER: Final = "/gemeente/instellingen/eerder"
EXAMPLES: Final = "/gemeente/voorbeelden"
forms.say(
    NewTemplate,
    titel=N_("Vul in hoe uw voorbeeld heet."),
    waarom=N_("Vul in waarom dit bij u werkt."),
)


@router.get("/instellingen/eerder", name="settings.history")
def history(request: Request, session: Opened, actor: Staff) -> Response:
    """Who changed what, and when."""
    municipality = own_municipality(session, actor, Permission.CHANGE_SETTINGS)
    words = SettingsWords(session, i18n.language(request))
    told = service.history(session, actor, municipality.id)
    return desk_page(
        request,
        actor,
        "settings/history.html",
        municipality=municipality,
        versions=[(one.row, [words.change(change) for change in one.changes]) for one in told],
        at=lambda id: at_desk(request, f"{EARLIER}/{id}", municipality),
        settings_at=at_desk(request, "/gemeente/instellingen", municipality),
    )


@router.get("/instellingen/eerder/{id}", name="settings.back")
def back(request: Request, session: Opened, actor: Staff, id: UUID) -> Response:
    """What would change by going back to these; saving is up to whoever reads it."""
    municipality = own_municipality(session, actor, Permission.CHANGE_SETTINGS)
    row = service.version(session, actor, municipality.id, id)
    why = translate(i18n.language(request), N_("U zet eerdere instellingen terug."))
    return _preview(request, session, actor, municipality, row.settings, why)


def _preview(
    request: Request,
    session: Opened,
    actor: Actor,
    municipality: Municipality,
    wanted: dict[str, Any],
    why: str,
) -> Response:
    """The present settings with some of them as wanted; what cannot be any more stays as it is now."""
    now = settings.current(session, municipality).model_dump(mode="json", by_alias=True)
    known = {partner.id for partner in settings.partners(session, municipality.id)}
    values = {
        **now,
        **{name: value for name, value in wanted.items() if name in now},
        "versie": now["versie"],
    }
    values["deeltMet"] = [one for one in values["deeltMet"] if one in known]
    if values["uurEuro"] is None and now["uurEuro"] is not None:
        values["uurEuro"] = 0
    # an empty field counts as not given, as on the form
    values = {name: value for name, value in values.items() if value not in (None, "")}
    number = values.get("telefoon", "")
    shown: Form[SettingsChange] = blank(**{**values, "telefoon": phone.display(number) if number else ""})
    try:
        shown.value = SettingsChange.model_validate(values)
    except ValueError:
        # something that everybody has to fill in is missing here: the form asks for it
        return pages.asked(request, session, actor, shown)
    return pages.preview(request, session, actor, shown, why)


@router.get("/instellingen/regio", name="settings.compared")
def compared(request: Request, session: Opened, actor: Staff) -> Response:
    """How the other municipalities have it."""
    municipality = own_municipality(session, actor, Permission.CHANGE_SETTINGS)
    words = SettingsWords(session, i18n.language(request))
    rows = service.compared(session, actor, municipality)
    return desk_page(
        request,
        actor,
        "settings/compared.html",
        municipality=municipality,
        rows=[(words.name(row.name), row) for row in rows],
        alike=sum(row.ours == row.usual for row in rows),
        settings_at=at_desk(request, "/gemeente/instellingen", municipality),
    )


@router.get("/voorbeelden", name="settings.templates")
def templates(request: Request, session: Opened, actor: Staff) -> Response:
    """What municipalities share, and sharing one's own."""
    return _templates(request, session, actor, blank())


def _templates(
    request: Request, session: Opened, actor: Actor, form: Form[Any], status: int = 200
) -> Response:
    municipality = own_municipality(session, actor, Permission.CHANGE_SETTINGS)
    return desk_page(
        request,
        actor,
        "settings/templates.html",
        status=status,
        municipality=municipality,
        rows=service.templates(session, actor),
        form=form,
        at=lambda path="": at_desk(request, f"{EXAMPLES}{path}", municipality),
        settings_at=at_desk(request, "/gemeente/instellingen", municipality),
    )


@router.post("/voorbeelden", name="settings.share")
def share(request: Request, session: Opened, actor: Staff, form: Submitted[NewTemplate]) -> Response:
    """Lay the present choices before the others."""
    municipality = own_municipality(session, actor, Permission.CHANGE_SETTINGS)
    if form.value is None:
        return _templates(request, session, actor, form, 422)
    now = settings.current(session, municipality).model_dump(mode="json", by_alias=True)
    service.share(session, actor, municipality.id, form.value, now)
    return see_other(at_desk(request, EXAMPLES, municipality))


@router.get("/voorbeelden/{id}", name="settings.template")
def template(request: Request, session: Opened, actor: Staff, id: UUID) -> Response:
    """What would change here with this example."""
    municipality = own_municipality(session, actor, Permission.CHANGE_SETTINGS)
    row = service.template(session, actor, id)
    why = translate(i18n.language(request), N_("Voorbeeld: %(title)s"), title=row.title)
    # of another municipality's, nothing but what an example holds
    shared = {name: value for name, value in row.settings.items() if name in service.SHARED}
    return _preview(request, session, actor, municipality, shared, why)


@router.post("/voorbeelden/{id}/weg", name="settings.withdraw")
def withdraw(
    request: Request, session: Opened, actor: Staff, id: UUID, _form: Submitted[Nothing]
) -> Response:
    """Share it no more."""
    municipality = own_municipality(session, actor, Permission.CHANGE_SETTINGS)
    service.withdraw(session, actor, id)
    return see_other(at_desk(request, EXAMPLES, municipality))
