"""Verhalen en plannen at the desk: what residents wrote, a new plan, and telling what was done with one."""

from typing import Annotated, Any, Final
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from app.access import once
from app.access.actor import Actor
from app.access.roles import Permission
from app.errors import DomainError, Invalid, NotFound
from app.http import Opened
from app.ideas import service as ideas
from app.ideas.schemas import Answer, NewIdea
from app.schemas import Incoming, Nothing
from app.stories import service as stories
from app.stories.schemas import ToldStory
from app.text import Typed
from web import forms, i18n, story_words as words
from web.forms import Form, Submitted
from web.i18n import N_
from web.pages.desk_shell import at_desk, desk_page, own_municipality, refusal
from web.rendering import see_other
from web.session import Staff

router = APIRouter()
HERE: Final = "/bureau/verhalen"
JUDGES: Final = {
    "verhaal": (stories.to_judge, stories.approve, stories.reject),
    "idee": (ideas.to_judge, ideas.approve, ideas.reject),
    "reactie": (ideas.reaction_to_judge, ideas.approve_reaction, ideas.reject_reaction),
}
"""By the word in the address: for the look, for yes, for no."""
PLAN: Final = "POST /bureau/plannen/nieuw"
TOLD: Final = "POST /bureau/verhalen/nieuw"


class No(Incoming):
    """Why it cannot be like this; who wrote it reads it."""

    reason: Annotated[Annotated[str, Typed(400, lines=True)], Field(alias="reden")]


forms.say(No, reden=N_("Schrijf waarom het zo niet kan. De schrijver leest dit."))


@router.get(HERE, name="desk.stories")
def every(request: Request, session: Opened, actor: Staff) -> Response:
    """What waits for a look, and the plans that run."""
    return _page(request, session, actor, forms.blank())


def _page(
    request: Request,
    session: Opened,
    actor: Actor,
    form: Form[Any],
    *,
    status: int = 200,
    about: UUID | None = None,
) -> Response:
    municipality = own_municipality(session, actor, Permission.MODERATE_STORY)
    brought_in, said = ideas.waiting(session, actor, municipality.id)
    return desk_page(
        request,
        actor,
        "stories/desk.html",
        status=status,
        form=form,
        about=about,
        municipality=municipality,
        stories=stories.waiting(session, actor, municipality.id),
        ideas=brought_in,
        reactions=said,
        running=ideas.running(session, actor, municipality.id),
        done=request.query_params.get("gedaan", ""),
        desk_path=lambda path: at_desk(request, path, municipality),
    )


@router.get(HERE + "/nieuw", name="desk.stories.new")
def new_story(request: Request, session: Opened, actor: Staff) -> Response:
    """What somebody told the desk."""
    return _story_form(request, session, actor, forms.blank(plaatje="samen"))


def _story_form(
    request: Request, session: Opened, actor: Actor, form: Form[Any], status: int = 200
) -> Response:
    municipality = own_municipality(session, actor, Permission.MODERATE_STORY)
    return desk_page(
        request,
        actor,
        "stories/desk_form.html",
        status=status,
        form=form,
        municipality=municipality,
        pictures=words.pictures(i18n.language(request)),
        once=form.id or uuid4(),
        to=at_desk(request, HERE + "/nieuw", municipality),
    )


@router.post(HERE + "/nieuw", name="desk.stories.write")
def write_story(request: Request, session: Opened, actor: Staff, form: Submitted[ToldStory]) -> Response:
    """Keep it; a colleague reads it as well."""
    municipality = own_municipality(session, actor, Permission.MODERATE_STORY)
    if form.value is None:
        return _story_form(request, session, actor, form, 422)
    try:
        with session.begin_nested():
            if not form.id or once.first_answer(session, actor, TOLD, form.id) is None:
                stories.write_down(session, actor, municipality.id, form.value)
    except Invalid as wrong:
        return _story_form(request, session, actor, form.refused(wrong), 422)
    return see_other(HERE + "?gedaan=bewaard")


@router.post("/bureau/geschreven/{soort}/{id}/goed", name="desk.stories.approve")
def approve(
    request: Request, session: Opened, actor: Staff, soort: str, id: UUID, form: Submitted[Nothing]
) -> Response:
    """Show it to everybody."""
    _, yes, _ = _of(soort)
    try:
        with session.begin_nested():
            yes(session, actor, id)
    except DomainError as error:
        return _refused(request, session, actor, form, error)
    return see_other(HERE)


def _of(word: str) -> Any:
    if word not in JUDGES:
        raise NotFound
    return JUDGES[word]


def _refused(
    request: Request, session: Opened, actor: Actor, form: Form[Any], error: DomainError
) -> Response:
    if error.status != 409:
        raise error
    form.errors[""] = refusal(request, error)
    return _page(request, session, actor, form, status=409)


@router.post("/bureau/geschreven/{soort}/{id}/niet-zo", name="desk.stories.reject")
def reject(
    request: Request, session: Opened, actor: Staff, soort: str, id: UUID, form: Submitted[No]
) -> Response:
    """Not like this; who wrote it reads why."""
    look, _, no = _of(soort)
    look(session, actor, id)
    if form.value is None:
        return _page(request, session, actor, form, status=422, about=id)
    try:
        with session.begin_nested():
            no(session, actor, id, form.value.reason)
    except DomainError as error:
        return _refused(request, session, actor, form, error)
    return see_other(HERE)


@router.get("/bureau/plannen/nieuw", name="desk.plans.new")
def new_plan(request: Request, session: Opened, actor: Staff) -> Response:
    """Lay a plan before residents."""
    return _plan_form(request, session, actor, forms.blank())


def _plan_form(
    request: Request, session: Opened, actor: Actor, form: Form[Any], status: int = 200
) -> Response:
    municipality = own_municipality(session, actor, Permission.MODERATE_STORY)
    return desk_page(
        request,
        actor,
        "plans/desk_form.html",
        status=status,
        form=form,
        municipality=municipality,
        once=form.id or uuid4(),
        to=at_desk(request, "/bureau/plannen/nieuw", municipality),
    )


@router.post("/bureau/plannen/nieuw", name="desk.plans.post")
def post_plan(request: Request, session: Opened, actor: Staff, form: Submitted[NewIdea]) -> Response:
    """Everybody reads it from now on."""
    municipality = own_municipality(session, actor, Permission.MODERATE_STORY)
    if form.value is None:
        return _plan_form(request, session, actor, form, 422)
    try:
        with session.begin_nested():
            if form.id and once.first_answer(session, actor, PLAN, form.id) is not None:
                return see_other(HERE)
            row = ideas.lay_before(session, actor, municipality.id, form.value)
    except Invalid as wrong:
        return _plan_form(request, session, actor, form.refused(wrong), 422)
    return see_other(f"/plannen/{row.id}")


@router.get("/bureau/plannen/{id}/antwoord", name="desk.plans.answer")
def answer_form(request: Request, session: Opened, actor: Staff, id: UUID) -> Response:
    """What did you do with it?"""
    return _answer_form(request, session, actor, id, forms.blank())


def _answer_form(
    request: Request, session: Opened, actor: Actor, id: UUID, form: Form[Any], status: int = 200
) -> Response:
    municipality = own_municipality(session, actor, Permission.MODERATE_STORY)
    idea = ideas.to_judge(session, actor, id)
    return desk_page(
        request,
        actor,
        "plans/answer.html",
        status=status,
        form=form,
        idea=idea,
        said=ideas.said_of(session, actor, idea),
        to=at_desk(request, f"/bureau/plannen/{id}/antwoord", municipality),
    )


@router.post("/bureau/plannen/{id}/antwoord", name="desk.plans.answered")
def answer(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Answer]) -> Response:
    """Everybody reads it, and who said something hears of it."""
    if form.value is None:
        return _answer_form(request, session, actor, id, form, 422)
    try:
        with session.begin_nested():
            ideas.answer(session, actor, id, form.value)
    except DomainError as error:
        return _refused(request, session, actor, form, error)
    return see_other(f"/plannen/{id}")
