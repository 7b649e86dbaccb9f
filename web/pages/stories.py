"""Verhalen: what people tell about help, telling one's own, and taking it back."""

from typing import Any, Final
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access import once
from app.access.actor import Actor
from app.errors import DomainError, Invalid
from app.http import Opened
from app.ideas import service as ideas
from app.moderation.writers import name_of
from app.schemas import Nothing
from app.stories import service
from app.stories.schemas import NewStory, ToldStory
from web import forms, i18n, story_words as words
from web.forms import Form, Submitted
from web.i18n import N_, translate
from web.pages.joining import number_in
from web.rendering import page, see_other, site
from web.session import SignedIn, Visitor

router = APIRouter()
HERE: Final = "/verhalen"
OPERATION: Final = "POST /verhalen/nieuw"
SENTENCES: Final = {
    "titel": N_("Geef uw verhaal een paar woorden als titel."),
    "verhaal": N_("Schrijf uw verhaal. Een paar zinnen is al genoeg."),
    "naam": N_("Vul in onder welke naam het erop komt, bijvoorbeeld Ria, Geldrop."),
    "plaatje": N_("Kies een plaatje."),
    "magErop": N_("Zet hier een vinkje. Zonder uw ja tonen wij niets."),
    "may-show": N_("Zet hier een vinkje. Zonder uw ja tonen wij niets."),
}
for _model in (NewStory, ToldStory):
    forms.say(_model, **SENTENCES)


@router.get(HERE, name="stories.all")
def every(request: Request, session: Opened, actor: Visitor) -> Response:
    """What people tell here, the newest first."""
    here = site(request).municipality_id or 0
    number = number_in(request.query_params.get("pagina", "")) or 1
    found = service.shown(session, actor, here, number)
    return page(request, "stories/all.html", found=found, lead=words.lead)


@router.get(HERE + "/nieuw", name="stories.new")
def new(request: Request, session: Opened, actor: SignedIn) -> Response:
    """Tell something."""
    return _form(request, session, actor, forms.blank(plaatje="samen"))


def _form(request: Request, session: Opened, actor: Actor, form: Form[Any], *, status: int = 200) -> Response:
    return page(
        request,
        "stories/form.html",
        status=status,
        form=form,
        name=name_of(session, actor),
        pictures=words.pictures(i18n.language(request)),
        once=form.id or uuid4(),
    )


@router.post(HERE + "/nieuw", name="stories.post")
def post(request: Request, session: Opened, actor: SignedIn, form: Submitted[NewStory]) -> Response:
    """Keep it, for the desk to read first."""
    if form.value is None:
        return _form(request, session, actor, form, status=422)
    try:
        with session.begin_nested():
            if form.id and once.first_answer(session, actor, OPERATION, form.id) is not None:
                return see_other("/mijn/verhalen?gedaan=verstuurd")  # sent twice is told once
            service.post(session, actor, form.value)
    except Invalid as refusal:
        return _form(request, session, actor, form.refused(refusal), status=422)
    return see_other("/mijn/verhalen?gedaan=verstuurd")


@router.get("/mijn/verhalen", name="stories.mine")
def mine(request: Request, session: Opened, actor: SignedIn) -> Response:
    """What one told, brought in and said, and how it stands."""
    lang = i18n.language(request)

    def said(pair: tuple[str, str]) -> tuple[str, str]:
        return translate(lang, pair[0]), pair[1]

    return page(
        request,
        "stories/mine.html",
        done=request.query_params.get("gedaan", ""),
        stories=[(row, *said(words.STORIES[row.status])) for row in service.mine(session, actor)],
        ideas=[(row, *said(words.IDEAS[row.status])) for row in ideas.mine(session, actor)],
        reactions=[(row, *said(words.REACTIONS[row.status])) for row in ideas.my_reactions(session, actor)],
    )


@router.get(HERE + "/{id}", name="stories.show")
def show(request: Request, session: Opened, actor: Visitor, id: UUID) -> Response:
    """One story."""
    row = service.get(session, actor, id)
    own = actor.person is not None and row.teller_id == actor.person
    return page(request, "stories/show.html", story=row, own=own, about=words.lead(row.body))


@router.post(HERE + "/{id}/intrekken", name="stories.withdraw")
def withdraw(session: Opened, actor: SignedIn, id: UUID, form: Submitted[Nothing]) -> Response:
    """It stops showing at once."""
    if form.value is None:
        raise DomainError
    service.withdraw(session, actor, id)
    return see_other("/mijn/verhalen?gedaan=weg")
