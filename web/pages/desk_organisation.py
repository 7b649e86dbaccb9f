"""Via welke organisatie: who handles a request, so that an organisation's own volunteers may be asked for it."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access.actor import Actor
from app.access.roles import Permission
from app.errors import DomainError, Invalid, NotFound
from app.help_requests import service as help_requests
from app.help_requests.models import HelpRequest
from app.http import Opened
from app.moderation import organisations
from app.moderation.organisations import Through
from web import forms, i18n
from web.forms import Form, Submitted
from web.i18n import N_, translate
from web.pages.desk_shell import desk_page, refusal
from web.rendering import see_other
from web.session import Staff

router = APIRouter(prefix="/bureau/zaken")
forms.say(Through, organisatie=N_("Kies een organisatie van uw gemeente."))


@router.get("/{id}/organisatie", name="desk.organisation")
def ask(request: Request, session: Opened, actor: Staff, id: UUID) -> Response:
    """The organisations of the municipality, and which one handles this."""
    asked = _case(session, actor, id)
    return _page(request, session, actor, asked, forms.blank(organisatie=asked.organisation_id or ""))


def _case(session: Opened, actor: Actor, id: UUID) -> HelpRequest:
    asked = help_requests.get(session, actor, id)
    if asked.municipality_id not in actor.reach(Permission.MODERATE_REQUEST):
        raise NotFound
    return asked


def _page(
    request: Request, session: Opened, actor: Actor, asked: HelpRequest, form: Form[Any], status: int = 200
) -> Response:
    partners = organisations.of_municipality(session, actor, asked.municipality_id)
    nobody = translate(i18n.language(request), N_("Geen organisatie"))
    options = [("", nobody), *((str(one.organisation.id), one.organisation.name) for one in partners)]
    return desk_page(
        request, actor, "desk/organisation.html", status=status, asked=asked, form=form, options=options
    )


@router.post("/{id}/organisatie", name="desk.organisation.handle")
def handle(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Through]) -> Response:
    """Keep it, and ask whoever fits now."""
    asked = _case(session, actor, id)
    if form.value is None:
        return _page(request, session, actor, asked, form, 422)
    try:
        organisations.handle(session, actor, id, form.value)
    except Invalid as error:
        return _page(request, session, actor, asked, form.refused(error), 422)
    except DomainError as error:
        form.errors[""] = refusal(request, error)
        return _page(request, session, actor, asked, form, error.status)
    return see_other(f"/bureau/zaken/{id}")
