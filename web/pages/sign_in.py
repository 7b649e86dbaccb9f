"""Inloggen by a link in a mail, and uitloggen. A link is shown by GET and used by POST: scanners only GET."""

from datetime import timedelta
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import EmailStr, Field
from starlette.responses import Response

from app.access import sign_in
from app.access.actor import Actor
from app.access.limits import LINK_BY_ADDRESS, LINK_BY_EMAIL, spend
from app.access.sign_in import LinkDead, Through
from app.errors import DomainError, Invalid, TooMany
from app.help_requests import asking
from app.http import Opened
from app.jobs.queue import defer
from app.oidc import arriving
from app.people.phone import TypedPhone
from app.people.service import NewPerson
from app.places import service as places
from app.places.postcodes import TypedPostcode
from app.places.service import SpansTwo
from app.schemas import Incoming, Nothing, Whole
from app.text import FirstName
from web import forms, i18n
from web.asking_screens import PLACE_SENTENCES
from web.forms import Submitted
from web.rendering import next_path, page, see_other, site
from web.security import BEGIN_COOKIE, SESSION_COOKIE
from web.session import Visitor

router = APIRouter()
HOME_OF_ONE: Final = "/mijn"
SESSION_S: Final = int(timedelta(days=sign_in.SESSION_DAYS).total_seconds())


class Door(Incoming):
    """Who wants to come in, and where to."""

    email: EmailStr
    following: Annotated[str, Field(alias="volgende")] = HOME_OF_ONE


class Newcomer(Incoming):
    """Somebody who signs up without a question."""

    first_name: Annotated[FirstName, Field(alias="voornaam")]
    postcode: TypedPostcode
    municipality_id: Annotated[Whole | None, Field(alias="gemeente")] = None
    email: EmailStr
    phone: Annotated[TypedPhone | None, Field(alias="telefoon")] = None
    following: Annotated[str, Field(alias="volgende")] = HOME_OF_ONE


class Key(Incoming):
    """The token of a link, as its page sends it."""

    token: Annotated[str, Field(alias="t", max_length=200)] = ""


OFTEN: Final = {"too-many": i18n.N_("U vroeg al een paar keer een link. Wacht een uur, of bel ons.")}
forms.say(Door, **OFTEN)
forms.say(Newcomer, **OFTEN, **PLACE_SENTENCES)


@router.get("/inloggen", name="sign_in.ask")
def ask(request: Request, session: Opened, actor: Visitor) -> Response:
    """Your e-mail address, please; or a provider of a municipality, where there is one."""
    following = next_path(request.query_params.get("next"), HOME_OF_ONE)
    if actor.signed_in:
        return see_other(following)
    doors = arriving.doors(session, actor.home or site(request).municipality_id)
    return page(request, "sign_in/ask.html", form=forms.blank(volgende=following), doors=doors)


@router.post("/inloggen", name="sign_in.asked")
def asked(request: Request, session: Opened, _actor: Visitor, form: Submitted[Door]) -> Response:
    """Queue a link. The same answer, made by the same steps, for every address."""
    if form.value is None:
        return page(request, "sign_in/ask.html", status=422, form=form)
    email = form.value.email
    try:
        spend(session, LINK_BY_ADDRESS, request.client.host if request.client else "")
        spend(session, LINK_BY_EMAIL, email)
    except TooMany as refusal:
        form.refused(refusal)
        return page(request, "sign_in/ask.html", status=429, form=form)
    link = sign_in.new_link(session, email, next_path(form.get("volgende"), HOME_OF_ONE))
    defer(session, "sign_in.mail", queue="mail", link_id=str(link.id))
    return page(request, "sign_in/mailed.html", to=email)


@router.get("/aanmelden", name="sign_in.new")
def new(request: Request, actor: Visitor) -> Response:
    """For who comes to help rather than to ask: a name, a place and an address."""
    following = next_path(request.query_params.get("next"), HOME_OF_ONE)
    if actor.signed_in:
        return see_other(following)
    return page(request, "sign_in/new.html", form=forms.blank(volgende=following), options=[])


@router.post("/aanmelden", name="sign_in.sign_up")
def sign_up(request: Request, session: Opened, _actor: Visitor, form: Submitted[Newcomer]) -> Response:
    """Queue a link that registers; the same answer for an address that is known already."""
    options: list[tuple[str, str]] = []
    status = 422
    if form.value is not None:
        try:
            spend(session, LINK_BY_ADDRESS, request.client.host if request.client else "")
            places.place_of(session, form.value.postcode, form.value.municipality_id)
            person = NewPerson.model_validate(form.value.model_dump(by_alias=True, exclude={"following"}))
            asking.sign_up_by_mail(session, person, next_path(form.get("volgende"), HOME_OF_ONE))
            return page(request, "sign_in/mailed.html", to=form.value.email)
        except SpansTwo as two:
            options = list(two.details.items())
            form.refused(DomainError(details={"gemeente": "spans-two"}))
        except (Invalid, TooMany) as refusal:
            status = 429 if isinstance(refusal, TooMany) else 422
            form.refused(refusal)
    return page(request, "sign_in/new.html", status=status, form=form, options=options)


@router.get("/inloggen/link", name="sign_in.link")
def link(request: Request, session: Opened, _actor: Visitor) -> Response:
    """Only a button, so that a mail scanner that opens every link signs nobody in."""
    token = request.query_params.get("t", "")[:200]
    title = asking.waiting_title(session, request.app.state.secret, token)
    return page(request, "sign_in/link.html", token=token, title=title)


@router.post("/inloggen/link", name="sign_in.use")
def use(request: Request, session: Opened, actor: Visitor, form: Submitted[Key]) -> Response:
    """Use the link up: send the question that waits for it, and sign in under a new token."""
    try:
        used = sign_in.use_link(session, request.app.state.secret, form.get("t"))
    except LinkDead:
        return page(request, "sign_in/dead.html", status=410, form=forms.blank(volgende=HOME_OF_ONE))
    confirmed = asking.confirm(session, used.email, used.draft_hash)
    if confirmed.person_id is None:
        return page(request, "sign_in/unknown.html", to=used.email)
    following = next_path(used.next_path, HOME_OF_ONE)
    if confirmed.request_id is not None:
        following = f"/mijn/vragen/{confirmed.request_id}"
    return enter(session, actor, confirmed.person_id, following)


@router.post("/uitloggen", name="sign_in.out")
def out(session: Opened, actor: Visitor, form: Submitted[Nothing]) -> Response:
    """End the session on the server; the cookie is worth nothing from here on."""
    if form.value is None:
        raise DomainError
    through = sign_in.end_session(session, actor.session_hash) if actor.session_hash is not None else None
    response = see_other(f"/uitgelogd/{through}" if through else "/")
    response.delete_cookie(SESSION_COOKIE, path="/", secure=True, httponly=True, samesite="lax")
    return response


def enter(
    session: Opened,
    actor: Actor,
    person_id: UUID,
    following: str,
    *,
    representation_id: UUID | None = None,
    through: Through | None = None,
) -> Response:
    """Sign in, or go on in another name: the old session ends, a new token begins."""
    if actor.session_hash is not None:
        sign_in.end_session(session, actor.session_hash)
    token = sign_in.open_session(session, person_id, representation_id, through=through)
    response = see_other(following)
    response.set_cookie(
        SESSION_COOKIE, token, max_age=SESSION_S, secure=True, httponly=True, samesite="lax", path="/"
    )
    response.delete_cookie(BEGIN_COOKIE, path="/", secure=True, httponly=True, samesite="lax")
    return response
