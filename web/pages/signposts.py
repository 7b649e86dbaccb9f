"""Help mij kiezen: themes with pictures, a few questions, and where they lead, the lightest help first.

What is answered travels in the address as codes. Nothing of it is kept, logged or put in a cookie, until somebody asks
to keep it or makes a request of it.
"""

from typing import Annotated, Any, Final
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from app.access.actor import Actor
from app.categories import service as categories
from app.clock import today
from app.errors import DomainError, Invalid
from app.http import Opened
from app.people import service as people
from app.schemas import Incoming, Nothing
from app.signposts import service
from app.signposts.near import Around, provisions_near
from app.signposts.rules import Choices, Outcome, Rung, outcome, read
from app.signposts.service import KeptEnough
from app.signposts.themes import LIFE_THEMES
from web import activity_words, asking_screens, forms, i18n, signposts
from web.forms import Form, Submitted
from web.i18n import N_
from web.rendering import page, see_other, site
from web.session import SignedIn, Visitor
from web.signposts import BEGIN, CODES, OUTCOME, QUESTIONS, STEP

router = APIRouter()
MINE: Final = "/mijn/keuzes"
Codes = Annotated[list[Annotated[str, Field(max_length=4)]], Field(alias=CODES, min_length=1, max_length=300)]


class ToKeep(Incoming):
    """What is kept for oneself."""

    codes: Codes


class ToAsk(Incoming):
    """Which sign becomes a request."""

    codes: Codes
    way: Annotated[str, Field(alias="weg", max_length=6)]
    anew: Annotated[bool, Field(alias="opnieuw")] = False
    """Also when another question was begun before."""


forms.say(ToKeep, keus=N_("Kies ten minste één plaatje."))
forms.say(ToAsk, keus=N_("Kies ten minste één plaatje."), weg=N_("Kies waar u een vraag van wilt maken."))


@router.get(BEGIN, name="signposts.themes")
def themes(request: Request, session: Opened, actor: Visitor) -> Response:
    """Screen 1: what is it about?"""
    return _themes(request, session, actor, signposts.form_of(signposts.typed(request)))


def _themes(request: Request, session: Opened, actor: Actor, form: Form[Any]) -> Response:
    mine = service.mine(session, actor) if actor.signed_in and actor.behind is None else []
    return page(
        request,
        "signposts/themes.html",
        status=422 if form.errors else 200,
        form=form,
        themes=signposts.themes(i18n.language(request)),
        kept=[code for code in form.all(CODES) if len(code) > 1],
        mine=len(mine),
    )


@router.get(QUESTIONS, name="signposts.questions")
def questions(request: Request, session: Opened, actor: Visitor) -> Response:
    """A screen for each theme that was picked: a few questions, each of which may be skipped."""
    choices, lang = signposts.typed(request), i18n.language(request)
    if not choices.themes:
        form: Form[Any] = Form(lang=lang)
        return _themes(request, session, actor, form.refuse(CODES, N_("Kies ten minste één plaatje.")))
    step = _step(request, len(choices.themes))
    theme = choices.themes[step - 1]
    return page(
        request,
        "signposts/questions.html",
        form=signposts.form_of(choices),
        step=step,
        of=len(choices.themes),
        picture=theme.picture,
        name=theme.name.of(lang),
        kept=signposts.others(choices, theme),
        asked=[
            (question.code, question.says.of(lang), signposts.options(question, lang), question.several)
            for question in theme.questions
        ],
    )


def _step(request: Request, most: int) -> int:
    typed = request.query_params.get(STEP, "")
    wanted = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 3 else 1
    return min(max(wanted, 1), most)


@router.get(OUTCOME, name="signposts.outcome")
def shown(request: Request, session: Opened, actor: Visitor) -> Response:
    """Where the answers lead."""
    choices = signposts.typed(request)
    if not choices.themes:
        return see_other(BEGIN)
    return _outcome(request, session, actor, choices, forms.blank())


def _led(session: Opened, actor: Actor, choices: Choices) -> Outcome:
    """The outcome for this actor: of who asked not to be asked anything, nothing is asked."""
    quiet = actor.signed_in and actor.behind is None and people.oneself(session, actor).do_not_ask
    return outcome(choices, spent=quiet)


def _cell(session: Opened, actor: Actor) -> int | None:
    """From where distances count: where one lives; a visitor is told none."""
    return people.home_of(session, actor).cell if actor.signed_in else None


def _outcome(
    request: Request, session: Opened, actor: Actor, choices: Choices, form: Form[Any], *, status: int = 200
) -> Response:
    lang, found = i18n.language(request), _led(session, actor, choices)
    rows = categories.every(session)
    needs = signposts.needs(request, found)
    around = Around(site(request).municipality_id, _cell(session, actor), signposts.access_mask(needs))
    places = signposts.spots(provisions_near(session, around, found), today(session), lang)
    again = signposts.address(OUTCOME, choices)
    return page(
        request,
        "signposts/outcome.html",
        status=status,
        form=form,
        steps=signposts.steps(found, rows, places, lang),
        alarms=signposts.alarms(found, lang),
        looks_for=signposts.NEEDS,
        needs=forms.blank(**{signposts.NEEDS: needs}),
        access=activity_words.access_choices(lang),
        found_near=bool(places),
        looks_near=any(sign.category for sign in found.rungs.get(Rung.NEAR, ())),
        offers=[]
        if actor.behind is not None
        else signposts.offers(found, rows, lang, signed_in=actor.signed_in),
        spent=found.spent,
        codes=choices.codes,
        chosen=signposts.chosen_in_words(choices, lang),
        left_out=choices.to_keep() != choices,
        back=signposts.address(QUESTIONS, choices, stap=str(len(choices.themes))),
        other_themes=signposts.address(BEGIN, choices),
        sign_in=f"/inloggen?next={quote(again, safe='/')}",
    )


@router.post(f"{BEGIN}/vraag", name="signposts.ask")
def ask(request: Request, session: Opened, actor: Visitor, form: Submitted[ToAsk]) -> Response:
    """Begin a request with the words and the category of a sign; what was begun before is not lost unasked."""
    choices = read(LIFE_THEMES, form.all(CODES))
    if not choices.themes:
        return see_other(BEGIN)
    if form.value is None:
        return _outcome(request, session, actor, choices, form, status=422)
    sign = signposts.sign_of(_led(session, actor, choices), form.value.way)
    if sign is None:
        return see_other(signposts.address(OUTCOME, choices))
    lang = i18n.language(request)
    text = sign.says.of(lang)
    draft = asking_screens.draft(request, session)
    begun = asking_screens.text_of(draft) if draft is not None else ""
    if begun == text:
        return see_other(asking_screens.BEGIN)
    if begun and not form.value.anew:
        return page(
            request, "signposts/begun.html", form=form, begun=begun, text=text, codes=choices.codes,
            way=form.value.way, back=signposts.address(OUTCOME, choices),
        )  # fmt: skip
    return asking_screens.begin_with(text, categories.by_slug(session, sign.category), session)


@router.post(f"{BEGIN}/bewaren", name="signposts.keep")
def keep(request: Request, session: Opened, actor: SignedIn, form: Submitted[ToKeep]) -> Response:
    """Bewaar dit voor mij: once, however often the button is pressed."""
    choices = read(LIFE_THEMES, form.all(CODES))
    if not choices.themes:
        return see_other(BEGIN)
    if form.value is None:
        return _outcome(request, session, actor, choices, form, status=422)
    try:
        service.keep(session, actor, form.value.codes)
    except KeptEnough:
        form.refuse("", N_("U bewaarde er al tien. Gooi er eerst één weg bij Wat ik bewaarde."))
        return _outcome(request, session, actor, choices, form, status=409)
    except Invalid as refusal:
        return _outcome(request, session, actor, choices, form.refused(refusal), status=422)
    return see_other(f"{MINE}?bewaard=ja")


@router.get(MINE, name="signposts.mine")
def mine(request: Request, session: Opened, actor: SignedIn) -> Response:
    """What I kept, for nobody but me."""
    lang = i18n.language(request)
    rows = [(row, service.choices_of(row)) for row in service.mine(session, actor)]
    return page(
        request,
        "signposts/mine.html",
        kept=[
            (row, signposts.chosen_in_words(choices, lang), signposts.address(OUTCOME, choices))
            for row, choices in rows
        ],
        saved="bewaard" in request.query_params,
        gone="weg" in request.query_params,
    )


@router.post(f"{MINE}/{{id}}/weg", name="signposts.forget")
def forget(session: Opened, actor: SignedIn, id: UUID, form: Submitted[Nothing]) -> Response:
    """Throw it away."""
    if form.value is None:
        raise DomainError
    service.forget(session, actor, id)
    return see_other(f"{MINE}?weg=ja")
