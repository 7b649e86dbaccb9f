"""Maatjes at the desk: talks to plan and to hold, what should have been first."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access.actor import Actor
from app.access.policy import require
from app.access.roles import Permission
from app.clock import today
from app.couplings import service
from app.couplings.course import OPEN
from app.couplings.models import CouplingTalk, TalkAnswer
from app.couplings.schemas import PlanTalk, TalkHeld
from app.errors import Conflict, Invalid
from app.http import Opened
from web import coupling_words as words, forms, i18n
from web.agreement_words import FACES
from web.forms import Form, Submitted
from web.i18n import N_, translate
from web.pages.desk_shell import at_desk, desk_page, own_municipality, refusal
from web.rendering import see_other
from web.session import Staff

router = APIRouter()
HERE: Final = "/bureau/maatjes"
Act = Callable[[Opened, Actor, UUID, Any], object]
forms.say(PlanTalk, hoe=N_("Kies waar u praat."), past=N_("Kies een moment dat nog komt."))
forms.say(TalkHeld, uitkomst=N_("Kies wat eruit kwam."))


@router.get(HERE, name="desk.couplings")
def every(request: Request, session: Opened, actor: Staff) -> Response:
    """All talks that are due in the next two weeks, or were."""
    municipality = own_municipality(session, actor, Permission.ARRANGE_AGREEMENT)
    rows = service.due(session, actor, municipality.id)
    said = service.answers(session, actor, [row.id for row in rows])
    day, lang = today(session), i18n.language(request)
    return desk_page(
        request, actor, "couplings/desk.html", municipality=municipality,
        talks=[_row(row, said[row.id], actor, day, lang) for row in rows],
        desk_path=lambda path: at_desk(request, path, municipality),
    )  # fmt: skip


def _row(row: CouplingTalk, said: list[TalkAnswer], actor: Actor, day: date, lang: str) -> dict[str, Any]:
    return {
        "row": row,
        "title": translate(lang, words.KINDS[row.kind]),
        "names": f"{row.asker.first_name}, {row.helper.first_name}",
        "case": f"/bureau/zaken/{row.agreement.help_request_id}",
        "about": row.agreement.help_request.title,
        "late": row.due_on < day,
        "where": translate(lang, words.PLACES[row.how]) if row.how else "",
        "said": [
            (one.author.first_name, translate(lang, FACES[one.face]), words.says(one, lang), one.words)
            for one in said
        ],
        "mine": actor.person in row.parties(),
        "open": row.status in OPEN,
        "reading": words.reading(row, lang),
    }  # fmt: skip


@router.get(HERE + "/{id}", name="desk.couplings.talk")
def talk(request: Request, session: Opened, actor: Staff, id: UUID) -> Response:
    """What the two say, when it is, and what came of it."""
    return _talk(request, session, actor, id, forms.blank())


def _talk(
    request: Request, session: Opened, actor: Actor, id: UUID, form: Form[Any], *, status: int = 200
) -> Response:
    row, lang = service.get(session, actor, id), i18n.language(request)
    require(actor, Permission.ARRANGE_AGREEMENT, row.municipality_id)
    municipality = own_municipality(session, actor, Permission.ARRANGE_AGREEMENT)
    said = service.answers(session, actor, [row.id])[row.id]
    return desk_page(
        request, actor, "couplings/desk_talk.html", status=status, form=form,
        item=_row(row, said, actor, today(session), lang),
        hows=[(one.value, translate(lang, name)) for one, name in words.PLACES.items()],
        outcomes=[(one.value, translate(lang, name)) for one, name in words.OUTCOMES.items()],
        desk_path=lambda path: at_desk(request, path, municipality),
    )  # fmt: skip


def _do(request: Request, session: Opened, actor: Actor, id: UUID, form: Form[Any], act: Act) -> Response:
    """Do it, or show the page with what was typed; what changed in between is shown, never overwritten."""
    service.get(session, actor, id)
    if form.value is None:
        return _talk(request, session, actor, id, form, status=422)
    try:
        with session.begin_nested():
            act(session, actor, id, form.value)
    except Invalid as refused:
        return _talk(request, session, actor, id, form.refused(refused), status=422)
    except Conflict as changed:
        session.expire_all()
        form.errors[""] = refusal(request, changed)
        return _talk(request, session, actor, id, form, status=409)
    return see_other(f"{HERE}/{id}")


@router.post(HERE + "/{id}/plannen", name="desk.couplings.plan")
def plan(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[PlanTalk]) -> Response:
    """Invite both."""
    return _do(request, session, actor, id, form, service.plan)


@router.post(HERE + "/{id}/gehouden", name="desk.couplings.hold")
def hold(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[TalkHeld]) -> Response:
    """It was, and this came of it."""
    return _do(request, session, actor, id, form, service.hold)
