"""Toegang: for the desk, when a telephone was stolen, somebody else reads a mailbox, or a person died."""

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access.actor import Actor
from app.access.roles import Permission
from app.http import Opened
from app.safety import ways_in
from app.safety.schemas import Explained
from app.schemas import Nothing
from web import forms
from web.desk_forms import attempted
from web.forms import Form, Submitted
from web.i18n import N_
from web.pages import safety_desk
from web.pages.desk_shell import desk_page, person_of
from web.rendering import see_other
from web.session import Staff

router = APIRouter(prefix="/bureau/mensen/{id}/toegang")
REFUSALS: Final = safety_desk.REFUSALS | {"already-so": N_("Een collega deed dit al. Kijk hoe het nu is.")}
DONE: Final = {
    "uit": N_("Overal uitgelogd."),
    "dicht": N_("De toegang is dicht."),
    "open": N_("De toegang is weer open."),
}
forms.say(Explained, reden=N_("Schrijf waarom. De bewoner kan dit later lezen."))


@router.get("", name="ways_in.show")
def show(request: Request, session: Opened, actor: Staff, id: UUID) -> Response:
    """How somebody comes in, by number, and what can be done about it."""
    return _page(request, session, actor, id, forms.blank())


def _page(
    request: Request, session: Opened, actor: Actor, id: UUID, form: Form[Any], status: int = 200
) -> Response:
    person = person_of(session, actor, Permission.SUSPEND_PERSON, id)
    return desk_page(
        request, actor, "safety/ways_in.html", status=status, form=form, person=person,
        ways=ways_in.of(session, actor, id), done=DONE.get(request.query_params.get("gedaan", ""), ""),
    )  # fmt: skip


@router.post("/uitloggen", name="ways_in.sign_out")
def sign_out(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Nothing]) -> Response:
    """Every browser of theirs."""
    status = attempted(session, form, lambda _: ways_in.sign_out(session, actor, id), REFUSALS)
    return _after(request, session, actor, id, form, "uit", status)


@router.post("/dicht", name="ways_in.shut")
def shut(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Explained]) -> Response:
    """Nothing lets them in."""
    status = attempted(session, form, lambda why: ways_in.shut(session, actor, id, why), REFUSALS)
    return _after(request, session, actor, id, form, "dicht", status)


@router.post("/open", name="ways_in.open")
def open_again(
    request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Explained]
) -> Response:
    """As before."""
    status = attempted(session, form, lambda why: ways_in.open_again(session, actor, id, why), REFUSALS)
    return _after(request, session, actor, id, form, "open", status)


def _after(  # noqa: PLR0913 - an act and its form
    request: Request, session: Opened, actor: Actor, id: UUID, form: Form[Any], done: str, status: int
) -> Response:
    if status == 303:
        return see_other(f"/bureau/mensen/{id}/toegang?gedaan={done}")
    return _page(request, session, actor, id, form, status)
