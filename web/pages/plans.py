"""Plannen en ideeën: what is laid before residents, bringing in one's own, and saying something of it."""

from typing import Any, Final
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access import once
from app.access.actor import Actor
from app.errors import DomainError, Invalid
from app.http import Opened
from app.ideas import service
from app.ideas.schemas import MYSELF, Answer, NewIdea, NewReaction
from app.ideas.service import Over
from app.moderation.writers import name_of
from app.schemas import Nothing
from web import forms, i18n, story_words as words
from web.forms import Form, Submitted
from web.i18n import N_, translate
from web.rendering import page, see_other, site
from web.session import SignedIn, Visitor

router = APIRouter()
HERE: Final = "/plannen"
OPERATION: Final = "POST /plannen/nieuw"
REACTING: Final = "POST /plannen/{id}/reacties"
forms.say(
    NewIdea,
    **{
        "titel": N_("Schrijf uw idee in een paar woorden."),
        "idee": N_("Schrijf wat u wilt, en waarom."),
        "totEnMet": N_("Kies de laatste dag, bijvoorbeeld 3-12-2026."),
        "date-past": N_("Kies een dag die nog komt."),
    },
)
forms.say(NewReaction, reactie=N_("Schrijf wat u ervan vindt."), namens=N_("Kies namens wie u dit schrijft."))
forms.say(Answer, uitkomst=N_("Schrijf wat u ermee deed. Iedereen leest dit."))


@router.get(HERE, name="plans.all")
def every(request: Request, session: Opened, actor: Visitor) -> Response:
    """What one can say something of, and what was answered."""
    lang = i18n.language(request)
    rows = service.shown(session, actor, site(request).municipality_id or 0)
    return page(
        request,
        "plans/all.html",
        rows=[
            (one.idea, one.reactions, translate(lang, words.KINDS[one.idea.kind]),
             translate(lang, words.IDEAS[one.idea.status][0]), words.IDEAS[one.idea.status][1])
            for one in rows
        ],
        lead=words.lead,
    )  # fmt: skip


@router.get(HERE + "/nieuw", name="plans.new")
def new(request: Request, session: Opened, actor: SignedIn) -> Response:
    """An idea of one's own."""
    return _form(request, session, actor, forms.blank())


def _form(request: Request, session: Opened, actor: Actor, form: Form[Any], *, status: int = 200) -> Response:
    return page(
        request,
        "plans/form.html",
        status=status,
        form=form,
        name=name_of(session, actor),
        once=form.id or uuid4(),
    )


@router.post(HERE + "/nieuw", name="plans.post")
def post(request: Request, session: Opened, actor: SignedIn, form: Submitted[NewIdea]) -> Response:
    """Keep it, for the desk to read first."""
    if form.value is None:
        return _form(request, session, actor, form, status=422)
    with session.begin_nested():
        if form.id and once.first_answer(session, actor, OPERATION, form.id) is not None:
            return see_other("/mijn/verhalen?gedaan=verstuurd")  # sent twice is brought in once
        service.bring_in(session, actor, form.value)
    return see_other("/mijn/verhalen?gedaan=verstuurd")


@router.get(HERE + "/reacties/{id}", name="plans.reaction")
def reaction(session: Opened, actor: Visitor, id: UUID) -> Response:
    """From a notice to the plan that it is about."""
    return see_other(f"{HERE}/{service.idea_of_reaction(session, actor, id)}#reactie-{id}")


@router.post(HERE + "/reacties/{id}/intrekken", name="plans.reaction.withdraw")
def withdraw_reaction(session: Opened, actor: SignedIn, id: UUID, form: Submitted[Nothing]) -> Response:
    """It stops showing at once."""
    if form.value is None:
        raise DomainError
    service.withdraw_reaction(session, actor, id)
    return see_other("/mijn/verhalen?gedaan=weg")


@router.get(HERE + "/{id}", name="plans.show")
def show(request: Request, session: Opened, actor: Visitor, id: UUID) -> Response:
    """One plan with what was said of it."""
    return _page(request, session, actor, id, forms.blank(namens=MYSELF))


def _page(
    request: Request, session: Opened, actor: Actor, id: UUID, form: Form[Any], *, status: int = 200
) -> Response:
    lang = i18n.language(request)
    idea = service.get(session, actor, id)
    organisations = service.organisations_of(session, actor) if actor.signed_in else []
    return page(
        request,
        "plans/show.html",
        status=status,
        form=form,
        idea=idea,
        own=actor.person is not None and idea.author_id == actor.person,
        kind=translate(lang, words.KINDS[idea.kind]),
        state=(translate(lang, words.IDEAS[idea.status][0]), words.IDEAS[idea.status][1]),
        said=service.said_of(session, actor, idea),
        open=service.is_open(session, idea),
        senders=[(MYSELF, translate(lang, N_("Mijzelf"))), *((str(one.id), one.name) for one in organisations)]
        if organisations else [],
        done=request.query_params.get("gedaan", ""),
        about=words.lead(idea.body),
        once=form.id or uuid4(),
    )  # fmt: skip


@router.post(HERE + "/{id}/reacties", name="plans.react")
def react(
    request: Request, session: Opened, actor: SignedIn, id: UUID, form: Submitted[NewReaction]
) -> Response:
    """Say something of it; the desk reads it first."""
    done = see_other(f"{HERE}/{id}?gedaan=verstuurd")
    if form.value is None:
        return _page(request, session, actor, id, form, status=422)
    try:
        with session.begin_nested():
            if form.id and once.first_answer(session, actor, REACTING, form.id) is not None:
                return done  # sent twice is said once
            service.react(session, actor, id, form.value)
    except Over:
        form.refuse("", N_("U kunt hier niet meer op reageren. Bel ons als u nog iets wilt zeggen."))
        return _page(request, session, actor, id, form, status=409)
    except Invalid as refusal:
        return _page(request, session, actor, id, form.refused(refusal), status=422)
    return done


@router.post(HERE + "/{id}/intrekken", name="plans.withdraw")
def withdraw(session: Opened, actor: SignedIn, id: UUID, form: Submitted[Nothing]) -> Response:
    """It stops showing at once, with what was said of it."""
    if form.value is None:
        raise DomainError
    service.withdraw(session, actor, id)
    return see_other("/mijn/verhalen?gedaan=weg")
