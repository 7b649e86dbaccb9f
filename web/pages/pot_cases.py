"""A time that met the asker's limit, at the case: give what is missing from the pot, or leave it without Roosjes."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from app.errors import DomainError
from app.http import Opened
from app.moderation import bookings
from app.pots import shortage
from app.pots.schemas import Key
from app.schemas import Incoming
from app.text import Typed
from web.forms import Submitted
from web.pages.desk_case import show_case
from web.pot_words import REFUSALS, refused
from web.rendering import see_other
from web.session import Staff

router = APIRouter(prefix="/bureau/zaken/{id}/keren/{occurrence_id}")


class FromPot(Incoming):
    """One press; a word on why is welcome, and else the title of the request says it."""

    key: Key
    reason: Annotated[Annotated[str, Typed(400)] | None, Field(alias="reden")] = None


@router.post("/pot", name="desk.case.pot")
def give(
    request: Request, session: Opened, actor: Staff, id: UUID, occurrence_id: UUID, form: Submitted[FromPot]
) -> Response:
    """Grant what is missing, and hold the time after all."""
    return _act(request, session, actor, id, occurrence_id, form, give=True)


@router.post("/zonder", name="desk.case.without")
def leave(
    request: Request, session: Opened, actor: Staff, id: UUID, occurrence_id: UUID, form: Submitted[FromPot]
) -> Response:
    """It goes on without Roosjes."""
    return _act(request, session, actor, id, occurrence_id, form, give=False)


def _act(  # noqa: PLR0913 - a path of two keys
    request: Request, session: Opened, actor: Staff, id: UUID, occurrence_id: UUID, form: Submitted[FromPot],
    *, give: bool,
) -> Response:  # fmt: skip
    bookings.occurrence_of(session, actor, id, occurrence_id)
    wanted = form.value
    if wanted is None:
        return show_case(request, session, actor, id, form=form, status=422)
    try:
        with session.begin_nested():
            if give:
                shortage.give(session, actor, occurrence_id, wanted.key, wanted.reason or "")
            else:
                shortage.leave(session, actor, occurrence_id, wanted.key)
    except DomainError as error:
        if error.status == 404 or error.code not in REFUSALS:
            raise
        session.expire_all()
        problem = refused(request, error)
        return show_case(request, session, actor, id, status=error.status, problem=problem)
    return see_other(f"/bureau/zaken/{id}")
