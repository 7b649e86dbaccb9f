"""Uw wijken: the neighbourhoods in which a makelaar works, for the list of the team."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access.actor import Actor
from app.access.roles import Permission
from app.casework import choices
from app.casework.choices import Areas
from app.http import Opened
from web.forms import Form, Submitted, blank
from web.pages.desk_shell import desk_page, own_municipality
from web.rendering import see_other
from web.session import Staff

router = APIRouter(prefix="/bureau/wijken")


@router.get("", name="desk.areas")
def show(request: Request, session: Opened, actor: Staff) -> Response:
    """Which neighbourhoods there are, and which are one's own."""
    municipality = own_municipality(session, actor, Permission.MODERATE_REQUEST)
    kept = choices.mine(session, actor, municipality.id)
    return _page(request, session, actor, municipality.id, blank(wijken=kept.pc4s))


def _page(
    request: Request, session: Opened, actor: Actor, municipality_id: int, form: Form[Any], status: int = 200
) -> Response:
    rows = choices.neighbourhoods(session, municipality_id)
    return desk_page(
        request, actor, "desk/areas.html", status=status, form=form,
        options=[(str(pc4), f"{place}, {pc4}") for pc4, place, _ in rows],
    )  # fmt: skip


@router.post("", name="desk.areas.set")
def change(request: Request, session: Opened, actor: Staff, form: Submitted[Areas]) -> Response:
    """From now on these are mine."""
    municipality = own_municipality(session, actor, Permission.MODERATE_REQUEST)
    if form.value is None:
        return _page(request, session, actor, municipality.id, form, 422)
    choices.set_areas(session, actor, municipality.id, form.value)
    return see_other("/bureau?bak=alles&wie=wijk")
