"""Activiteiten at the desk: what residents want to host, and all that there is."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from app.access.actor import Actor
from app.access.roles import Permission
from app.activities import joining, judging, service
from app.errors import DomainError
from app.http import Opened
from app.schemas import Incoming, Nothing
from app.text import Typed
from web import activity_words as words, forms, i18n
from web.forms import Form, Submitted
from web.i18n import N_
from web.pages.desk_shell import at_desk, desk_page, leafing, own_municipality, refusal
from web.rendering import see_other
from web.session import Staff

router = APIRouter()
HERE: Final = "/bureau/activiteiten"


class No(Incoming):
    """Why it cannot be like this; the host reads it."""

    reason: Annotated[Annotated[str, Typed(400, lines=True)], Field(alias="reden")]


forms.say(No, reden=N_("Schrijf waarom het zo niet kan. De gastheer leest dit."))


@router.get(HERE, name="desk.activities")
def every(
    request: Request, session: Opened, actor: Staff, blad: Annotated[int, Query(ge=1, le=1000)] = 1
) -> Response:
    """What waits for a look, and what is on."""
    return _page(request, session, actor, forms.blank(), page=blad)


def _page(  # noqa: PLR0913 - a page of a list with forms in it
    request: Request,
    session: Opened,
    actor: Actor,
    form: Form[Any],
    *,
    status: int = 200,
    about: UUID | None = None,
    page: int = 1,
) -> Response:
    municipality = own_municipality(session, actor, Permission.MODERATE_ACTIVITY)
    lang = i18n.language(request)
    waiting = judging.waiting(session, actor, municipality.id)
    homes = service.homes_of(session, actor, waiting.rows)
    running = judging.running(session, actor, municipality.id, page)
    return desk_page(
        request,
        actor,
        "activities/desk.html",
        status=status,
        form=form,
        about=about,
        municipality=municipality,
        waiting=[
            (one, words.where(one, lang), words.cost(one, lang), homes.get(one.id, one.address), one.dates)
            for one in waiting.rows
        ],
        count=waiting.count,
        running=[
            (one, date, words.left(date, lang), words.where(one, lang))
            for one, date in running.rows
        ],
        sheet=running,
        address=leafing(request, HERE, municipality),
        desk_path=lambda path: at_desk(request, path, municipality),
    )  # fmt: skip


@router.post(HERE + "/{id}/goed", name="desk.activities.approve")
def approve(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Nothing]) -> Response:
    """Show it to everybody."""
    try:
        with session.begin_nested():
            judging.approve(session, actor, id)
    except DomainError as error:
        if error.status != 409:
            raise
        form.errors[""] = refusal(request, error)
        return _page(request, session, actor, form, status=409)
    return see_other(HERE)


@router.post(HERE + "/{id}/niet-zo", name="desk.activities.reject")
def reject(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[No]) -> Response:
    """Not like this; the host reads why."""
    judging.to_judge(session, actor, id)
    if form.value is None:
        return _page(request, session, actor, form, status=422, about=id)
    try:
        with session.begin_nested():
            joining.reject(session, actor, id, form.value.reason)
    except DomainError as error:
        if error.status != 409:
            raise
        form.errors[""] = refusal(request, error)
        return _page(request, session, actor, form, status=409)
    return see_other(HERE)
