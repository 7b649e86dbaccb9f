"""Tokens at Inloggen en veiligheid: letting a program work in one's name, and stopping it."""

from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access import tokens
from app.access.policy import require_fresh
from app.access.roles import TokenScope
from app.access.tokens import NewToken, TooManyTokens
from app.errors import DomainError
from app.http import Opened
from app.schemas import Nothing
from web import forms
from web.forms import Form, Submitted, blank
from web.i18n import N_
from web.pages.my_sign_in import HERE
from web.rendering import page, see_other
from web.session import SignedIn

router = APIRouter(prefix=HERE)
DAYS: Final = (7, 30, 90, 365)
"""To choose from, on the page."""
forms.say(
    NewToken,
    naam=N_("Geef het programma een naam, bijvoorbeeld: mijn agenda."),
    mag=N_("Kies wat het programma mag."),
    dagen=N_("Kies hoe lang het token werkt."),
    **{"too-many-tokens": N_("U heeft al tien tokens. Stop er eerst een.")},
)


@router.get("/programma", name="my_tokens.new")
def new(request: Request, actor: SignedIn) -> Response:
    """A name, what it may, and for how long."""
    require_fresh(actor)
    return _page(request, blank(mag=TokenScope.READ.value, dagen="30"))


def _page(request: Request, form: Form[NewToken], status: int = 200) -> Response:
    return page(request, "sign_in/new_token.html", status=status, form=form, days=DAYS)


@router.post("/programma", name="my_tokens.make")
def make(request: Request, session: Opened, actor: SignedIn, form: Submitted[NewToken]) -> Response:
    """Show it, this once; what is kept is its hash."""
    if form.value is None:
        return _page(request, form, 422)
    try:
        token = tokens.make(session, actor, form.value)
    except TooManyTokens as refusal:
        form.refused(DomainError(details={"": refusal.code}))
        return _page(request, form, 422)
    return page(request, "sign_in/token.html", token=token, name=form.value.name)


@router.post("/programmas/{id}/weg", name="my_tokens.end")
def end(session: Opened, actor: SignedIn, id: UUID, form: Submitted[Nothing]) -> Response:
    """It opens nothing from here on. To shut a door one needs no key."""
    if form.value is None:
        raise DomainError
    tokens.end(session, actor, id)
    return see_other(f"{HERE}?gedaan=token")
