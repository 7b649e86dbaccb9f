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
from app.notifications.groups import NAMES, Group, Way
from app.pots.errors import OwnInterest
from app.schemas import Incoming
from web import i18n
from web.forms import Form, Submitted, blank, say
from web.i18n import N_, translate
from web.notice_words import WAYS
from web.pages.desk_shell import desk_page, own_municipality
from web.rendering import see_other
from web.session import Staff

router = APIRouter()
HERE: Final = "/bureau/mensen/{id}/berichten"
HEARD: Final = {
    Heard.PHONE: N_("aan de telefoon"),
    Heard.COUNTER: N_("aan de balie"),
    Heard.VISIT: N_("bij een bezoek"),
}
CHOOSE: Final = N_("Kies hoe wij dit laten weten.")


class Spoken(Incoming):
    """How they said it, and a way for each group; what is left out stays as it was."""

    heard: Annotated[Heard, Field(alias="gezegd")]
    yes: Annotated[Way | None, Field(alias="ja-of-nee")] = None
    agreed: Annotated[Way | None, Field(alias="afspraken")] = None
    safety: Annotated[Way | None, Field(alias="veiligheid")] = None
    messages: Annotated[Way | None, Field(alias="gesprekken")] = None
    reminders: Annotated[Way | None, Field(alias="herinneringen")] = None
    requests: Annotated[Way | None, Field(alias="vragen")] = None
    helping: Annotated[Way | None, Field(alias="helpen")] = None
    after: Annotated[Way | None, Field(alias="daarna")] = None
    roosjes: Annotated[Way | None, Field(alias="roosjes")] = None
    tips: Annotated[Way | None, Field(alias="tips")] = None

    def chosen(self) -> dict[Group, Way]:
        """By group."""
        said = self.model_dump(by_alias=True)
        return {group: said[group.value] for group in Group if said.get(group.value) is not None}


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
        groups=[
            (
                one, NAMES[one.group].of(lang), form.get(one.group.value, one.way.value),
                [(way.value, translate(lang, WAYS[way])) for way in one.ways],
            )
            for one in choices
        ],
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
