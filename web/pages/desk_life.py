"""Overleden, in het ziekenhuis of verhuisd: one act that stops everything at once, and one that puts it back."""

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access.actor import Actor
from app.access.roles import Permission
from app.clock import today
from app.http import Opened
from app.life import service
from app.life.models import LifeKind
from app.life.schemas import NewEvent
from app.schemas import Nothing
from web import dutch, forms, i18n
from web.desk_forms import attempted
from web.forms import Form, Submitted, blank
from web.i18n import N_, translate
from web.life_words import KINDS
from web.pages.desk_shell import desk_page, person_of
from web.rendering import see_other
from web.session import Staff

router = APIRouter(prefix="/bureau/mensen/{id}/gebeurtenis")
CHOICES: Final = {
    LifeKind.HOSPITAL: (N_("In het ziekenhuis"), N_("Alles staat stil tot u het terugzet.")),
    LifeKind.DIED: (N_("Overleden"), N_("Na 7 dagen eindigt alles. Tot dan kunt u het terugzetten.")),
    LifeKind.MOVED: (N_("Verhuisd"), N_("Na 7 dagen eindigt alles. Tot dan kunt u het terugzetten.")),
}
REFUSALS: Final = {
    "stands-already": N_("Een collega schreef dit net al op."),
    "settled-already": N_("Dit kan niet meer terug: de afspraken zijn al geëindigd."),
    "forbidden": N_("Voor uzelf doet een collega dit."),
}
forms.say(
    NewEvent,
    gebeurtenis=N_("Kies wat er is gebeurd."),
    zeker=N_("Zet een vinkje als u het zeker weet."),
    **{"not-future": N_("Kies vandaag of een dag die geweest is.")},
)


@router.get("", name="desk.life")
def show(request: Request, session: Opened, actor: Staff, id: UUID) -> Response:
    """What stands, or what to write down."""
    return _page(request, session, actor, id, blank(opWelkeDag=today(session).isoformat()))


def _page(
    request: Request, session: Opened, actor: Actor, id: UUID, form: Form[Any], *, status: int = 200
) -> Response:
    person = person_of(session, actor, Permission.MODERATE_REQUEST, id)
    event, lang = service.standing(session, actor, id), i18n.language(request)
    until = service.until(event) if event else None
    return desk_page(
        request, actor, "desk/life.html", status=status, form=form, person=person, event=event,
        what=translate(lang, KINDS[event.kind]) if event else "",
        until=dutch.moment(until, lang) if until else "",
        stopped={name: len(rows) for name, rows in event.stopped.items()} if event else {},
        choices=[
            (one.value, translate(lang, name), translate(lang, hint)) for one, (name, hint) in CHOICES.items()
        ],
    )  # fmt: skip


@router.post("", name="desk.life.happened")
def happened(
    request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[NewEvent]
) -> Response:
    """From this moment all stops."""
    person_of(session, actor, Permission.MODERATE_REQUEST, id)
    status = attempted(session, form, lambda new: service.happened(session, actor, id, new), REFUSALS)
    if status == 303:
        return see_other(f"/bureau/mensen/{id}/gebeurtenis")
    return _page(request, session, actor, id, form, status=status)


@router.post("/terug", name="desk.life.undo")
def undo(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Nothing]) -> Response:
    """It was a mistake, or somebody is home again."""
    person_of(session, actor, Permission.MODERATE_REQUEST, id)
    status = attempted(session, form, lambda _: service.undo(session, actor, id), REFUSALS)
    if status == 303:
        return see_other(f"/bureau/mensen/{id}/gebeurtenis")
    return _page(request, session, actor, id, form, status=status)
