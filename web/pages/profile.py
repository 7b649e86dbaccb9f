"""Mijn gegevens: who I am, what others see of it, my language, a pause, and the checks that were seen."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Request
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError
from starlette.responses import Response

from app.access.actor import Actor
from app.categories.vocabulary import Check
from app.clock import today
from app.errors import DomainError
from app.http import Opened
from app.people import phone, preferences, service
from app.people.models import PersonCheck
from app.people.service import PersonChange
from app.places import service as places
from app.places.service import SpansTwo
from app.representations import service as representations
from app.schemas import Incoming
from web import cookies, forms, i18n
from web.forms import Form, Submitted, say
from web.i18n import N_
from web.rendering import YEAR_S, page, see_other
from web.representation_words import sides
from web.requirements import Requirement, requirements
from web.session import SignedIn

router = APIRouter()
HERE: Final = "/mijn/gegevens"


def _one_of_ours(language: str) -> str:
    if language not in i18n.LANGUAGES:
        raise PydanticCustomError("enum", "a language that we write")
    return language


class Wishes(Incoming):
    """Our language with somebody, and whether we are quiet for a while."""

    language: Annotated[str, AfterValidator(_one_of_ours), Field(alias="taal")] = i18n.DUTCH
    paused: Annotated[bool, Field(alias="pauze")] = False


say(PersonChange, gemeente=N_("Kies in welke gemeente u woont."))


@router.get(HERE, name="profile.mine")
def mine(request: Request, session: Opened, actor: SignedIn) -> Response:
    """One's own details."""
    return _mine(request, session, actor)


def _mine(
    request: Request,
    session: Opened,
    actor: Actor,
    form: Form[Any] | None = None,
    *,
    options: list[tuple[str, str]] | None = None,
    wishes: Form[Any] | None = None,
) -> Response:
    """The page, with what was typed in one of its two forms when that has to be mended."""
    contact = service.details(session, actor)
    home = service.home_of(session, actor)
    person, lang = contact.person, i18n.language(request)
    kept = forms.blank(
        voornaam=person.first_name,
        achternaam=contact.last_name,
        postcode=contact.postcode,
        huisnummer=contact.house_number,
        telefoon=phone.display(contact.phone) if contact.phone else "",
        geboortejaar=contact.birth_year or "",
        nietVragen=person.do_not_ask,
    )
    return page(
        request,
        "profile/mine.html",
        status=422 if form or wishes else 200,
        form=form or kept,
        wishes=wishes or forms.blank(taal=person.language, pauze=person.paused),
        email=contact.email or "",
        first_name=person.first_name,
        place=places.place_name(session, home.pc4),
        municipalities=options or [],
        checks=_seen(service.checks_of(session, actor), session, lang),
        languages_of_mail=list(i18n.LANGUAGES.items()),
        sides=sides(representations.mine(session, actor), actor, lang, today(session)),
        saved="bewaard" in request.query_params,
    )


def _seen(own: list[PersonCheck], session: Opened, lang: str) -> list[Requirement]:
    """What the desk saw, one line for each check."""
    mask = 0
    for row in own:
        mask |= row.kind
    return requirements(Check(mask), own, today(session), lang)


@router.post(HERE, name="profile.change")
def change(request: Request, session: Opened, actor: SignedIn, form: Submitted[PersonChange]) -> Response:
    """Change them; a postcode in two municipalities asks in which one lives."""
    if form.value is None:
        return _mine(request, session, actor, form)
    try:
        with session.begin_nested():
            service.change(session, actor, form.value)
    except SpansTwo as two:
        form.refuse("gemeente", N_("Kies in welke gemeente u woont."))
        return _mine(request, session, actor, form, options=list(two.details.items()))
    except DomainError as refusal:
        return _mine(request, session, actor, form.refused(refusal))
    return see_other(f"{HERE}?bewaard=ja")


@router.post(f"{HERE}/wensen", name="profile.wishes")
def wishes(request: Request, session: Opened, actor: SignedIn, form: Submitted[Wishes]) -> Response:
    """Keep language and pause."""
    if form.value is None:
        return _mine(request, session, actor, wishes=form)
    preferences.speak(session, actor, form.value.language)
    service.pause(session, actor, form.value.paused)
    response = see_other(f"{HERE}?bewaard=ja")
    cookies.give(response, i18n.COOKIE, form.value.language, lasts_s=YEAR_S)
    return response
