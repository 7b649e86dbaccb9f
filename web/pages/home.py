"""The first page: one question, who to phone, what neighbours ask; and whose municipality this is."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from app.access.actor import Actor
from app.clock import today
from app.errors import DomainError
from app.help_requests.asking import draft_of
from app.help_requests.listing import latest
from app.http import Opened
from app.places import service as places
from app.places.models import Municipality
from app.places.postcodes import TypedPostcode
from app.places.service import SpansTwo
from app.schemas import Incoming, Whole
from app.stories import service as stories
from web import forms, i18n
from web.asking_screens import DRAFT_COOKIE, PLACE_SENTENCES
from web.forms import Form, Submitted
from web.rendering import next_path, page, see_other
from web.request_cards import card
from web.security import cookie
from web.session import Visitor, choose_municipality, chosen_municipality
from web.story_words import lead

router = APIRouter()


class Here(Incoming):
    """Where a visitor lives: a postcode, or a municipality from the list."""

    postcode: TypedPostcode | None = None
    municipality_id: Annotated[Whole | None, Field(alias="gemeente")] = None
    following: Annotated[str, Field(alias="volgende")] = "/"


forms.say(Here, **PLACE_SENTENCES)


@router.get("/", name="home")
def show(request: Request, session: Opened, actor: Visitor) -> Response:
    """Waar kunt u hulp bij gebruiken?"""
    municipality = _municipality(request, session, actor)
    asked = latest(session, municipality.id if municipality else None)
    lang, day = i18n.language(request), today(session)
    home = municipality.id if municipality else None
    draft = draft_of(session, cookie(request, DRAFT_COOKIE))
    return page(
        request,
        "home/home.html",
        form=forms.blank(),
        asked=[card(row, lang, day, home=home) for row in asked.rows],
        count=asked.count,
        begun=draft is not None and draft.sent_request_id is None and "wat" in draft.answers,
        story=stories.latest(session, actor, home) if home else None,
        lead=lead,
        promise_days=municipality.promise_days if municipality else None,
    )


@router.get("/kies-gemeente", name="home.choose")
def choose(request: Request, session: Opened, _actor: Visitor) -> Response:
    """Whose site would you like to see?"""
    following = next_path(request.query_params.get("volgende"))
    return _choosing(request, session, forms.blank(volgende=following))


@router.post("/kies-gemeente", name="home.chosen")
def chosen(request: Request, session: Opened, _actor: Visitor, form: Submitted[Here]) -> Response:
    """Remember the municipality of the postcode, or the one picked."""
    if form.value is None:
        return _choosing(request, session, form, status=422)
    if form.value.postcode is None and form.value.municipality_id is None:
        form.refuse("postcode", i18n.N_("Vul uw postcode in, bijvoorbeeld 5664 HJ."))
        return _choosing(request, session, form, status=422)
    try:
        municipality_id = _found(session, form.value)
    except SpansTwo as two:
        form.refused(DomainError(details={"gemeente": "spans-two"}))
        return _choosing(request, session, form, status=422, options=_options(two))
    except DomainError as refusal:
        return _choosing(request, session, form.refused(refusal), status=422)
    response = see_other(next_path(form.get("volgende")))
    choose_municipality(session, response, municipality_id)
    return response


def _found(session: Opened, here: Here) -> int:
    if here.postcode is None:
        return places.municipality(session, here.municipality_id or 0).id
    return places.place_of(session, here.postcode, here.municipality_id).municipality_id


def _options(two: SpansTwo) -> list[tuple[str, str]]:
    return sorted(two.details.items(), key=lambda option: option[1])


def _choosing(
    request: Request,
    session: Opened,
    form: Form[Any],
    *,
    status: int = 200,
    options: list[tuple[str, str]] | None = None,
) -> Response:
    return page(
        request,
        "home/choose.html",
        status=status,
        form=form,
        options=options,
        everywhere=[(str(row.id), row.name) for row in places.joined(session)],
    )


def _municipality(request: Request, session: Opened, actor: Actor) -> Municipality | None:
    """The one that this page is for: one's own, else the one chosen, else the default."""
    return places.chosen_or_default(session, actor.home or chosen_municipality(request))
