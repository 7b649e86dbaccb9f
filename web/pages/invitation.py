"""Uitnodiging: a colleague's link. A GET shows what it gives and a button; only the button uses it."""

from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from app.access import invitations
from app.access.models import Way
from app.access.sign_in import LinkDead
from app.http import Opened
from app.places import service as places
from app.schemas import Incoming
from web import i18n
from web.forms import Submitted
from web.i18n import translate
from web.proofs import enter, proof
from web.rendering import page
from web.session import Visitor
from web.sign_in_words import ROLES

router = APIRouter(prefix="/uitnodiging")


class Token(Incoming):
    """The link's secret, as its page sends it."""

    token: Annotated[str, Field(alias="t", max_length=200)] = ""


@router.get("", name="invitation.show")
def show(request: Request, session: Opened, _actor: Visitor) -> Response:
    """Who asks what of whom; mail scanners see no more than this."""
    token = request.query_params.get("t", "")[:200]
    try:
        invited = invitations.read(session, request.app.state.secret, token)
    except LinkDead:
        return _dead(request)
    return page(
        request,
        "sign_in/invited.html",
        invited=invited,
        token=token,
        role=translate(i18n.language(request), ROLES[invited.role]),
        place=places.municipality(session, invited.municipality_id).name,
    )


@router.post("", name="invitation.accept")
def accept(request: Request, session: Opened, actor: Visitor, form: Submitted[Token]) -> Response:
    """Whoever reads this mailbox is the colleague; the second proof is asked at once."""
    try:
        person_id = invitations.accept(session, request.app.state.secret, form.get("t")[:200])
    except LinkDead:
        return _dead(request)
    return enter(session, actor, person_id, "/bureau", proof=proof(request, Way.INVITATION))


def _dead(request: Request) -> Response:
    return page(request, "sign_in/invitation_dead.html", status=410)
