"""Signing up as a helper, in three screens; what was chosen travels in the address, so that Back loses nothing."""

from collections.abc import Mapping
from datetime import date
from functools import reduce
from operator import or_
from typing import Annotated, Any, Final
from uuid import uuid4

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from app.access import once
from app.access.actor import Actor
from app.categories.models import Category
from app.categories.vocabulary import Check, Language
from app.checks import requirements as rules
from app.clock import today
from app.errors import DomainError
from app.help_offers import service as help_offers
from app.http import Opened
from app.people import service as people
from app.schemas import Incoming
from web import dutch, forms, i18n, words
from web.forms import Form, Submitted, say
from web.i18n import N_
from web.offer_forms import OFFER_SENTENCES, TypedOffer, When, choices, new_offer, offered
from web.rendering import page, see_other
from web.requirements import requirements
from web.session import SignedIn

router = APIRouter()
OPERATION: Final = "help-offer"
BACK: Final = "terug"
ABOUT: Final = ("titel", "toelichting", "talen", "vaardigheden")
"""What the last screen asks; on the way back it travels inside the form, for it has no place in an address."""
MOST_IN_TITLE: Final = 3


class Themes(Incoming):
    """What one likes to do, in broad strokes."""

    themes: Annotated[list[Annotated[str, Field(max_length=40)]], Field(alias="thema", min_length=1)]


class Joining(TypedOffer):
    """All three screens together."""

    themes: Annotated[list[Annotated[str, Field(max_length=40)]], Field(alias="thema")] = []


say(Themes, thema=N_("Kies ten minste één ding dat u graag doet."))
say(Joining, **OFFER_SENTENCES)


@router.get("/helpen/aanmelden", name="helping.join")
def what(request: Request, session: Opened, actor: SignedIn) -> Response:
    """Screen 1: what."""
    return _what(request, session, actor, Form(_typed(request)))


def _what(request: Request, session: Opened, actor: Actor, form: Form[Any]) -> Response:
    rows = offered(session, actor)
    lang = i18n.language(request)
    themes = {row.theme: i18n.translate(lang, row.theme_name) for row in rows}
    return page(
        request,
        "helping/join_what.html",
        status=422 if form.errors else 200,
        form=form,
        themes=[(theme, name, words.picture(theme)) for theme, name in themes.items()],
    )


@router.get("/helpen/aanmelden/wanneer", name="helping.join_when")
def when(request: Request, session: Opened, actor: SignedIn) -> Response:
    """Screen 2: what exactly, when, how far and how often."""
    typed = _typed(request)
    form = forms.read(Themes, {"thema": typed.get("thema", [])}, i18n.language(request))
    if form.value is None:
        return _what(request, session, actor, form)
    return _when(request, session, actor, form.value.themes, Form(typed))


def _when(request: Request, session: Opened, actor: Actor, themes: list[str], form: Form[Any]) -> Response:
    rows = [row for row in offered(session, actor) if row.theme in themes]
    if not rows:
        return _what(
            request, session, actor, form.refuse("thema", N_("Kies ten minste één ding dat u graag doet."))
        )
    masks = _masks(session, actor, rows)
    if "categorieen" not in form.values and not form.errors:
        chosen = [row.slug for row in rows if not masks[row.number]][:12]
        form.values = {
            **form.values,
            "categorieen": chosen,
            "buurgemeenten": ["ja"],
            "minutenPerWeek": ["120"],
        }
    lang = i18n.language(request)
    return page(
        request,
        "helping/join_when.html",
        status=422 if form.errors else 200,
        form=form,
        chosen_themes=themes,
        options=[(row.slug, i18n.translate(lang, row.name), _needs(masks[row.number], lang)) for row in rows],
        kept=[(name, value) for name in (*ABOUT, forms.ID_FIELD) for value in form.all(name)],
        **choices(lang),
    )


def _masks(session: Opened, actor: Actor, rows: list[Category]) -> dict[int, Check]:
    """What the own municipality asks for each of these."""
    home = people.home_of(session, actor).municipality_id
    return rules.of_offers(session, home, rows, paid=people.is_professional(session, actor))


def _needs(mask: Check, lang: str) -> str:
    """What a kind of help asks for, said at the choice itself."""
    needed = [one.name for one in requirements(mask, [], date.min, lang)]
    return i18n.translate(lang, N_("nodig: %(checks)s"), checks=dutch.listed(needed, lang)) if needed else ""


@router.get("/helpen/aanmelden/over-u", name="helping.join_about")
def about(request: Request, session: Opened, actor: SignedIn) -> Response:
    """Screen 3: what is needed first, and what others read about you."""
    return _go_on(request, session, actor, _typed(request))


@router.post("/helpen/aanmelden/over-u", name="helping.join_about_again")
def about_again(request: Request, session: Opened, actor: SignedIn, form: Submitted[Joining]) -> Response:
    """Screen 3 again, with what was typed there before going back."""
    return _go_on(request, session, actor, form.values)


def _go_on(request: Request, session: Opened, actor: Actor, typed: Mapping[str, list[str]]) -> Response:
    given = {name: values for name, values in typed.items() if name not in ("thema", *ABOUT)}
    form = forms.read(When, given, i18n.language(request))
    if form.value is None:
        form.values = typed
        return _when(request, session, actor, typed.get("thema", []), form)
    rows = _chosen(session, actor, form.value.categories)
    form.values = {"titel": [_title(rows)], "talen": [str(int(Language.NL))], **typed}
    return _about(request, session, actor, rows, form)


def _about(
    request: Request, session: Opened, actor: Actor, rows: list[Category], form: Form[Any]
) -> Response:
    lang = i18n.language(request)
    mask = reduce(or_, _masks(session, actor, rows).values(), Check(0))
    return page(
        request,
        "helping/join_about.html",
        status=422 if form.errors else 200,
        form=form,
        once=form.id or uuid4(),
        needed=requirements(mask, people.checks_of(session, actor), today(session), lang),
        **choices(lang),
    )


def _title(rows: list[Category]) -> str:
    said = dutch.listed([row.name for row in rows[:MOST_IN_TITLE]])
    return said[:120]


def _chosen(session: Opened, actor: Actor, slugs: list[str]) -> list[Category]:
    return [row for row in offered(session, actor) if row.slug in slugs]


@router.post("/helpen/aanmelden", name="helping.joined")
def post(request: Request, session: Opened, actor: SignedIn, form: Submitted[Joining]) -> Response:
    """Offer help from now on; the same form sent twice is one offer. Or back to screen 2, with all that was typed."""
    if form.button == BACK:
        return _when(request, session, actor, form.all("thema"), Form(form.values))
    rows = _chosen(session, actor, form.all("categorieen"))
    if form.value is None:
        return _about(request, session, actor, rows, form)
    if form.id and once.first_answer(session, actor, OPERATION, form.id) is not None:
        return see_other("/helpen")
    try:
        with session.begin_nested():
            help_offers.post(session, actor, new_offer(form.value))
    except DomainError as refusal:
        return _about(request, session, actor, rows, form.refused(refusal))
    return see_other("/helpen")


def _typed(request: Request) -> dict[str, list[str]]:
    """What earlier screens chose: it stands in the address."""
    query = request.query_params
    return {name: query.getlist(name)[:40] for name in query}
