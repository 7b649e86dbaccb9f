"""Begeleiding: the talks of a lasting coupling, as each of the two meets them."""

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access.actor import Actor
from app.couplings import service
from app.couplings.course import OPEN
from app.couplings.schemas import NewAnswer
from app.couplings.service import TalkOver
from app.http import Opened
from web import coupling_words as words, forms, i18n
from web.agreement_words import FACES
from web.forms import Form, Submitted
from web.i18n import N_, translate
from web.rendering import page, see_other
from web.session import SignedIn

router = APIRouter()
HERE: Final = "/mijn/begeleiding/{id}"
forms.say(NewAnswer, gezicht=N_("Kies een van de drie."), verder=N_("Kies of u verder wilt."))


@router.get(HERE, name="couplings.show")
def show(request: Request, session: Opened, actor: SignedIn, id: UUID) -> Response:
    """When it is, with whom, and three short questions."""
    return _show(request, session, actor, id, None)


def _show(
    request: Request, session: Opened, actor: Actor, id: UUID, form: Form[Any] | None, *, status: int = 200
) -> Response:
    talk, said = service.own(session, actor, id)
    lang = i18n.language(request)
    before = {"gezicht": said.face, "verder": said.goes_on, "woorden": said.words} if said else {}
    return page(
        request,
        "couplings/show.html",
        status=status,
        form=form or forms.blank(**before),
        talk=talk,
        said=said,
        asks=talk.status in OPEN,
        name=(talk.asker if talk.helper_id == actor.person else talk.helper).first_name,
        title=translate(lang, words.KINDS[talk.kind]),
        reading=words.reading(talk, lang),
        faces=[(face.value, translate(lang, name)) for face, name in FACES.items()],
        goes_on=[(one.value, translate(lang, name)) for one, name in words.GOES_ON.items()],
        done="gedaan" in request.query_params,
    )


@router.post(HERE, name="couplings.say")
def say(request: Request, session: Opened, actor: SignedIn, id: UUID, form: Submitted[NewAnswer]) -> Response:
    """For whoever leads the talk; the other of the two never reads it."""
    if form.value is None:
        return _show(request, session, actor, id, form, status=422)
    try:
        with session.begin_nested():
            service.say(session, actor, id, form.value)
    except TalkOver:
        form.refuse("", N_("Dit gesprek is al geweest, of gaat niet meer door."))
        return _show(request, session, actor, id, form, status=409)
    return see_other(f"{HERE.format(id=id)}?gedaan=ja")
