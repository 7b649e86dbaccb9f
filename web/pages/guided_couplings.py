"""Onze maatjes: an organisation plans and holds the talks of who helps through it for long."""

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access.actor import Actor
from app.checks import volunteers
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
from web.pages.desk_couplings import Act
from web.rendering import page, see_other
from web.session import ForOrganisation

router = APIRouter()
HERE: Final = "/organisatie/maatjes"
CHANGED: Final = N_("Iemand anders was u voor. Hieronder staat hoe het nu is.")


def _row(row: CouplingTalk, said: list[TalkAnswer], lang: str) -> dict[str, Any]:
    return {
        "row": row,
        "title": translate(lang, words.KINDS[row.kind]),
        "names": f"{row.asker.first_name}, {row.helper.first_name}",
        "where": translate(lang, words.PLACES[row.how]) if row.how else "",
        "said": [
            (one.author.first_name, translate(lang, FACES[one.face]), words.says(one, lang), one.words)
            for one in said
        ],
        "open": row.status in OPEN,
        "reading": words.reading(row, lang),
    }


@router.get(HERE, name="guided.all")
def every(request: Request, session: Opened, actor: ForOrganisation) -> Response:
    """What is to be planned or held in the next two weeks, or was."""
    flag, lang = volunteers.organisation(session, actor), i18n.language(request)
    rows = service.of_flag(session, actor, flag.id)
    said = service.answers(session, actor, [row.id for row in rows])
    return page(
        request, "couplings/guided.html", organisation=flag, day=today(session),
        talks=[_row(row, said[row.id], lang) for row in rows],
    )  # fmt: skip


@router.get(HERE + "/{id}", name="guided.talk")
def talk(request: Request, session: Opened, actor: ForOrganisation, id: UUID) -> Response:
    """What the two say, when it is, and what came of it."""
    return _talk(request, session, actor, id, forms.blank())


def _talk(
    request: Request, session: Opened, actor: Actor, id: UUID, form: Form[Any], *, status: int = 200
) -> Response:
    flag, lang = volunteers.organisation(session, actor), i18n.language(request)
    row = service.to_read(session, actor, flag.id, id)
    said = service.answers(session, actor, [row.id])[row.id]
    return page(
        request, "couplings/guided_talk.html", status=status, form=form, item=_row(row, said, lang),
        hows=[(one.value, translate(lang, name)) for one, name in words.PLACES.items()],
        outcomes=[(one.value, translate(lang, name)) for one, name in words.OUTCOMES.items()],
    )  # fmt: skip


def _do(request: Request, session: Opened, actor: Actor, id: UUID, form: Form[Any], act: Act) -> Response:
    """Do it, or show the page with what was typed; what changed in between is shown, never overwritten."""
    flag = volunteers.organisation(session, actor)
    service.to_read(session, actor, flag.id, id)
    if form.value is None:
        return _talk(request, session, actor, id, form, status=422)
    try:
        with session.begin_nested():
            act(session, actor, id, form.value)
    except Invalid as refused:
        return _talk(request, session, actor, id, form.refused(refused), status=422)
    except Conflict:
        session.expire_all()
        form.refuse("", CHANGED)
        return _talk(request, session, actor, id, form, status=409)
    return see_other(f"{HERE}/{id}")


@router.post(HERE + "/{id}/plannen", name="guided.plan")
def plan(
    request: Request, session: Opened, actor: ForOrganisation, id: UUID, form: Submitted[PlanTalk]
) -> Response:
    """Invite both."""
    return _do(request, session, actor, id, form, service.plan)


@router.post(HERE + "/{id}/gehouden", name="guided.hold")
def hold(
    request: Request, session: Opened, actor: ForOrganisation, id: UUID, form: Submitted[TalkHeld]
) -> Response:
    """It was, and this came of it."""
    return _do(request, session, actor, id, form, service.hold)
