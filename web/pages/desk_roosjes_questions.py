"""Vragen over Roosjes: lines that somebody says are not right, what was unusual, and who is near a limit."""

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access.actor import Actor
from app.access.roles import Permission
from app.errors import Conflict, Forbidden
from app.http import Opened
from app.roosjes import advice, questions, watch
from app.roosjes.models import SignalKind
from app.roosjes.questions import Answer, How, NobodyCanBear
from app.roosjes.watch import Remark
from web import forms
from web.forms import Form, Submitted, say
from web.i18n import N_
from web.pages.desk_shell import desk_page, own_municipality
from web.rendering import see_other
from web.roosjes_words import REASONS
from web.session import Staff

router = APIRouter()
HERE: Final = "/bureau/roosjesvragen"
SIGNALS: Final = {
    SignalKind.BACK_AND_FORTH: N_("Veel heen en weer tussen twee mensen"),
    SignalKind.LONG_DAY: N_("Een heel lange dag"),
    SignalKind.ONE_HOUSEHOLD: N_("Twee mensen op één adres of met één telefoon"),
}

say(
    Answer,
    hoe=N_("Kies wat u doet."),
    reden=N_("Kies waarom u verbetert."),
    uitleg=N_("Schrijf wat beide mensen lezen."),
)


@router.get(HERE, name="desk.roosjes_questions")
def waiting(request: Request, session: Opened, actor: Staff) -> Response:
    """What waits for an answer, what to look at, and the last answers."""
    return _page(request, session, actor)


def _page(
    request: Request,
    session: Opened,
    actor: Actor,
    form: Form[Any] | None = None,
    about: UUID | None = None,
    *,
    status: int = 200,
) -> Response:
    """The page, with what was typed at one of its rows when that has to be mended."""
    municipality = own_municipality(session, actor, Permission.CORRECT_LEDGER)
    return desk_page(
        request,
        actor,
        "roosjes/desk_questions.html",
        status=status,
        municipality=municipality,
        waiting=questions.waiting(session, actor, municipality.id),
        answered=questions.answered(session, actor, municipality.id),
        signals=watch.waiting(session, actor, municipality.id),
        near=advice.near(session, actor, municipality.id),
        kinds=SIGNALS,
        reasons=REASONS,
        typed=form,
        about=about,
        blank=forms.blank(),
    )


@router.post(f"{HERE}/{{id}}", name="desk.answer_roosjes_question")
def answer(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Answer]) -> Response:
    """Correct or explain; both sides read it."""
    own_municipality(session, actor, Permission.CORRECT_LEDGER)
    questions.at_desk(session, actor, id)
    if form.value is not None and form.value.how is How.CORRECT and form.value.reason is None:
        form.refuse("reden", N_("Kies waarom u verbetert."))
    if form.value is None:
        return _page(request, session, actor, form, id, status=422)
    try:
        with session.begin_nested():
            questions.answer(session, actor, id, form.value)
    except NobodyCanBear:
        said = N_("De ander heeft het al gebruikt, en in de pot zit niet genoeg. Leg het uit, of wacht.")
        return _page(request, session, actor, form.refuse("hoe", said), id, status=409)
    except Forbidden:
        said = N_("Dit gaat over uzelf. Een collega kijkt ernaar.")
        return _page(request, session, actor, form.refuse("hoe", said), id, status=403)
    except Conflict:
        said = N_("Een collega antwoordde al.")
        return _page(request, session, actor, form.refuse("", said), id, status=409)
    return see_other(f"{HERE}?gedaan=ja")


@router.post(f"{HERE}/signalen/{{id}}", name="desk.roosjes_signal_seen")
def seen(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Remark]) -> Response:
    """Somebody looked; nothing else happens."""
    own_municipality(session, actor, Permission.CORRECT_LEDGER)
    if form.value is None:
        return _page(request, session, actor, form, id, status=422)
    watch.seen(session, actor, id, form.value)
    return see_other(HERE)
