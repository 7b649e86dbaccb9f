"""The question in return: what do you like to do for another? It may be skipped, and is never asked twice."""

from typing import Annotated, Final

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from app.access.actor import Actor
from app.categories import service as categories
from app.categories.vocabulary import Unpaid
from app.help_offers import service as help_offers
from app.help_offers.schemas import NewHelpOffer
from app.help_requests.models import HelpRequest, Status
from app.http import Opened
from app.people import service as people
from app.schemas import Incoming
from web import cookies, forms, i18n, words
from web.forms import Form, Submitted
from web.rendering import YEAR_S, page, see_other
from web.session import SignedIn

router = APIRouter()
SKIPPED_COOKIE: Final = "__Host-wedervraag"
SKIP: Final = "nee"
MOST: Final = 3
"""Categories that the title of the draft names."""


class Likes(Incoming):
    """What somebody likes to do, by category."""

    categories: Annotated[
        list[Annotated[str, Field(max_length=80)]], Field(alias="categorieen", min_length=1, max_length=12)
    ]


forms.say(Likes, categorieen=i18n.N_("Kies één ding, of kies: Liever niet."))


def may_ask_in_return(request: Request, session: Opened, actor: Actor, row: HelpRequest) -> bool:
    """Not when "niet vragen" is set, it was skipped, an offer stands, or the question is not running."""
    if SKIPPED_COOKIE in request.cookies or row.status in (Status.DRAFT, Status.WITHDRAWN, Status.CLOSED):
        return False
    return not people.oneself(session, actor).do_not_ask and not help_offers.mine(session, actor)


@router.get("/mijn/wedervraag", name="return_question.ask")
def ask(request: Request, session: Opened, actor: SignedIn) -> Response:
    """Wat doet u zelf graag voor een ander? Het hoeft niet."""
    if people.oneself(session, actor).do_not_ask:
        return see_other("/mijn/vragen")
    return _asked(request, session, forms.blank())


@router.post("/mijn/wedervraag", name="return_question.answer")
def answered(request: Request, session: Opened, actor: SignedIn, form: Submitted[Likes]) -> Response:
    """A yes becomes a draft offer, which nobody sees yet; a no is remembered."""
    if form.button == SKIP:
        response = see_other("/mijn/vragen")
        cookies.give(response, SKIPPED_COOKIE, SKIP, lasts_s=YEAR_S)
        return response
    if form.value is None:
        return _asked(request, session, form, status=422)
    named = [row.name for row in categories.every(session) if row.slug in form.value.categories]
    title = ", ".join(named[:MOST])[:120]
    help_offers.draft(
        session,
        actor,
        NewHelpOffer.model_validate({"categorieen": form.value.categories, "titel": title or "Helpen"}),
    )
    return page(request, "my_requests/return_thanks.html", named=named)


def _asked(request: Request, session: Opened, form: Form[Likes], *, status: int = 200) -> Response:
    light = [row for row in categories.every(session) if row.unpaid is Unpaid.YES and not row.sensitive]
    options = words.category_choices(light, i18n.language(request))
    return page(request, "my_requests/return_question.html", status=status, form=form, options=options)
