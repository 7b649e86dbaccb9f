"""De zegels: the nights that were sealed, their lines for outside, and lines from outside compared with the books."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from app.access.actor import Actor
from app.access.roles import Permission
from app.errors import Invalid
from app.http import Opened
from app.schemas import Incoming, Nothing
from app.treasury import seals
from web.forms import Form, Submitted, blank, say
from web.i18n import N_
from web.pages.desk_shell import desk_page, own_municipality
from web.pages.treasury import download
from web.rendering import see_other
from web.session import Staff

router = APIRouter(prefix="/bureau/zegels")
HERE: Final = "/bureau/zegels"
CHARACTERS_MAX: Final = 60_000


class Lines(Incoming):
    """Lines of seals as they were kept outside."""

    lines: Annotated[str, Field(alias="regels", min_length=1, max_length=CHARACTERS_MAX)]


say(Lines, regels=N_("Plak de regels die u bewaarde. Iedere regel begint met zve-seal."))


@router.get("", name="treasury.seals")
def show(request: Request, session: Opened, actor: Staff) -> Response:
    """The last seals."""
    return _show(request, session, actor, blank())


def _show(request: Request, session: Opened, actor: Actor, form: Form[Any], **more: Any) -> Response:
    context = {"compared": None, "status": 200} | more
    municipality = own_municipality(session, actor, Permission.SEE_LEDGER)
    return desk_page(
        request,
        actor,
        "treasury/seals.html",
        municipality=municipality,
        latest=seals.latest(session, actor),
        may_seal=bool(actor.reach(Permission.CLOSE_MONTH)),
        outside=request.app.state.settings.seal_to,
        in_file=bool(request.app.state.settings.seal_file),
        form=form,
        **context,
    )


@router.get("/zegels.txt", name="treasury.seals.lines")
def lines(session: Opened, actor: Staff) -> Response:
    """Every seal as a line, to be kept outside."""
    own_municipality(session, actor, Permission.SEE_LEDGER)
    return download([seals.every_line(session, actor).encode()], "text/plain; charset=utf-8", "zegels.txt")


@router.post("", name="treasury.seals.make")
def make(request: Request, session: Opened, actor: Staff, form: Submitted[Nothing]) -> Response:
    """Seal today, when the night did not yet."""
    own_municipality(session, actor, Permission.CLOSE_MONTH)
    if form.value is None:
        return _show(request, session, actor, form, status=422)
    seals.make(session, actor)
    return see_other(HERE)


@router.post("/vergelijken", name="treasury.seals.compare")
def compare(request: Request, session: Opened, actor: Staff, form: Submitted[Lines]) -> Response:
    """Compare what was kept outside with the books as they are."""
    own_municipality(session, actor, Permission.SEE_LEDGER)
    if form.value is None:
        return _show(request, session, actor, form, status=422)
    try:
        compared = seals.compare(session, actor, form.value.lines)
    except Invalid as refused:
        number = refused.details.get("nummer", "")
        if number:
            form.refuse("regels", N_("Regel %(number)s is geen zegel, of is veranderd."), number=number)
        else:
            form.refuse("regels", N_("Plak de regels die u bewaarde. Iedere regel begint met zve-seal."))
        return _show(request, session, actor, form, status=422)
    return _show(request, session, actor, form, compared=compared)
