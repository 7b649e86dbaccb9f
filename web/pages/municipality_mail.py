"""Mail die niet aankwam: what was given up and why, and trying it once more."""

from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access.roles import Permission
from app.errors import DomainError
from app.http import Opened
from app.notifications import sending
from app.schemas import Nothing
from web import i18n
from web.forms import Submitted
from web.i18n import translate
from web.notice_words import FAILURES
from web.pages.desk_shell import at_desk, desk_page, own_municipality
from web.rendering import see_other
from web.session import Staff

router = APIRouter(prefix="/gemeente/mail")
HERE: Final = "/gemeente/mail"


@router.get("", name="municipality.mail")
def show(request: Request, session: Opened, actor: Staff) -> Response:
    """Of each when, how many notices, and why; of nobody who they are."""
    municipality = own_municipality(session, actor, Permission.CHANGE_SETTINGS)
    lang = i18n.language(request)
    found = sending.given_up(session, actor, municipality.id)
    return desk_page(
        request, actor, "municipality/mail.html", municipality=municipality,
        rows=[(one, translate(lang, FAILURES[one.failure]), at_desk(request, f"{HERE}/{one.id}/opnieuw", municipality))
              for one in found],
        again="opnieuw" in request.query_params,
    )  # fmt: skip


@router.post("/{id}/opnieuw", name="municipality.mail.again")
def again(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Nothing]) -> Response:
    """Have it sent once more."""
    municipality = own_municipality(session, actor, Permission.CHANGE_SETTINGS)
    if form.value is None:
        raise DomainError
    sending.try_again(session, actor, id)
    path = at_desk(request, HERE, municipality)
    return see_other(f"{path}{'&' if '?' in path else '?'}opnieuw=ja")
