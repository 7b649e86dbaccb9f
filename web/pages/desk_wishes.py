"""Hoe wij schrijven, as somebody says it on the telephone: read and changed with them by their desk."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from app.access.actor import Actor
from app.access.roles import Permission
from app.errors import Invalid
from app.http import Opened
from app.notifications import by_voice
from app.notifications.by_voice import Heard
from app.notifications.groups import Group
from app.pots.errors import OwnInterest
from web import i18n
from web.forms import Form, Submitted, blank, say
from web.i18n import N_, translate
from web.pages.desk_shell import desk_page, own_municipality
from web.rendering import see_other
from web.session import Staff
from web.ways import Ways, offered

router = APIRouter()
HERE: Final = "/bureau/mensen/{id}/berichten"
HEARD: Final = {
    Heard.PHONE: N_("aan de telefoon"),
    Heard.COUNTER: N_("aan de balie"),
    Heard.VISIT: N_("bij een bezoek"),
}
CHOOSE: Final = N_("Kies hoe wij dit laten weten.")


class Spoken(Ways):
    """How they said it, and a way for each group; what is left out stays as it was."""

    heard: Annotated[Heard, Field(alias="gezegd")]


say(Spoken, gezegd=N_("Kies hoe u dit hoorde."), **{group.value: CHOOSE for group in Group})


@router.get(HERE, name="desk.wishes")
def show(request: Request, session: Opened, actor: Staff, id: UUID) -> Response:
    """Per group how they hear of it; that somebody looked is in their log."""
    return _page(request, session, actor, id, blank())


def _page(
    request: Request, session: Opened, actor: Actor, id: UUID, form: Form[Any], status: int = 200
) -> Response:
    own_municipality(session, actor, Permission.REGISTER_PERSON)
    lang = i18n.language(request)
    try:
        person, choices = by_voice.of(session, actor, id)
    except OwnInterest:
        return desk_page(request, actor, "desk/wishes.html", person=None, form=form, back=id)
    return desk_page(
        request, actor, "desk/wishes.html", status=status, form=form, person=person, back=id,
        saved="bewaard" in request.query_params,
        heard=[(one.value, translate(lang, name)) for one, name in HEARD.items()],
        groups=offered(choices, form, lang),
    )  # fmt: skip


@router.post(HERE, name="desk.wishes.choose")
def choose(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Spoken]) -> Response:
    """Keep what they said; they hear that it was written down."""
    own_municipality(session, actor, Permission.REGISTER_PERSON)
    if form.value is None:
        return _page(request, session, actor, id, form, 422)
    try:
        by_voice.choose(session, actor, id, form.value.chosen(), form.value.heard)
    except Invalid as refusal:
        return _page(request, session, actor, id, form.refused(refusal), 422)
    except OwnInterest:
        return _page(request, session, actor, id, form, 409)
    return see_other(f"{HERE.format(id=id)}?bewaard=ja")
