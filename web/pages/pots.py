"""Roosjes at the desk: the pot of the municipality, what came in and went out, and giving from it."""

from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access.roles import Permission
from app.http import Opened
from app.pots import pot as pots
from web.pages.desk_shell import desk_page, own_municipality
from web.session import Staff

router = APIRouter(prefix="/bureau/roosjes")
HERE: Final = "/bureau/roosjes"


@router.get("", name="pots.show")
def show(request: Request, session: Opened, actor: Staff) -> Response:
    """The pot as it stands."""
    municipality = own_municipality(session, actor, Permission.SEE_LEDGER)
    return desk_page(
        request,
        actor,
        "pots/show.html",
        municipality=municipality,
        pot=pots.pot(session, actor, municipality.id),
    )
