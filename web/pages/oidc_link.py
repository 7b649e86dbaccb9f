"""Koppelen: somebody whom a provider vouches for says who they are here; and undoing that."""

from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from app.access import sign_in
from app.access.actor import Actor
from app.access.limits import LINK_BY_EMAIL, spend
from app.access.policy import require_fresh
from app.errors import DomainError, Invalid, TooMany
from app.http import Opened
from app.jobs.queue import defer
from app.oidc import arriving, linking
from app.oidc.errors import AttemptOver, OtherPerson
from app.oidc.models import OidcArrival
from app.people.service import NewPerson
from app.places.postcodes import TypedPostcode
from app.places.service import SpansTwo
from app.schemas import Incoming, Nothing, Whole
from app.text import FirstName
from web import forms, i18n
from web.asking_screens import PLACE_SENTENCES
from web.forms import Form, Submitted
from web.pages.oidc import vouched
from web.pages.sign_in import HOME_OF_ONE, OFTEN, mailed
from web.proofs import enter
from web.rendering import next_path, page, see_other
from web.session import SignedIn, Visitor

router = APIRouter()
HERE: Final = "/inloggen/koppelen"
MINE: Final = "/mijn/inloggen"


class Key(Incoming):
    """The token of an arrival, as its page sends it."""

    token: Annotated[str, Field(alias="t", max_length=200)]


class Newcomer(Key):
    """Somebody who is new here: what we need besides what the provider vouches for."""

    first_name: Annotated[FirstName, Field(alias="voornaam")]
    postcode: TypedPostcode
    municipality_id: Annotated[Whole | None, Field(alias="gemeente")] = None


forms.say(Key, **OFTEN)
forms.say(Newcomer, **PLACE_SENTENCES)


@dataclass(frozen=True, slots=True)
class Tried:
    """What somebody new typed, and the municipalities to choose from where the postcode lies in two."""

    form: Form[Newcomer]
    municipalities: list[tuple[str, str]]


@router.get(HERE, name="oidc.link")
def ask(request: Request, session: Opened, actor: Visitor) -> Response:
    """Who are you here? One page, which differs by what is known by now."""
    return _page(request, session, actor, request.query_params.get("t", "")[:200])


def _page(
    request: Request,
    session: Opened,
    actor: Actor,
    token: str,
    *,
    tried: Tried | None = None,
    status: int = 200,
) -> Response:
    try:
        arrival = linking.waiting(session, token)
    except AttemptOver as over:
        return page(request, "oidc/over.html", status=over.status, form=forms.blank(volgende=HOME_OF_ONE))
    provider = arriving.provider(session, arrival.provider_id)
    return page(
        request,
        "oidc/link.html",
        status=status,
        step=_step(session, actor, arrival, registers=provider.registers and not provider.staff_only),
        form=tried.form if tried else forms.blank(voornaam=arrival.first_name),
        name=provider.name,
        email=arrival.email or "",
        token=token,
        options=tried.municipalities if tried else [],
    )


def _step(session: Opened, actor: Actor, arrival: OidcArrival, *, registers: bool) -> str:
    """What this visitor can do: link, sign in first, begin as somebody new, or call us."""
    if actor.signed_in:
        return "link" if linking.fits(session, actor, arrival) else "other"
    if linking.is_known(session, arrival):
        return "known"
    return "new" if registers else "call"


@router.post(HERE, name="oidc.link.do")
def link(request: Request, session: Opened, actor: SignedIn, form: Submitted[Key]) -> Response:
    """Yes, that is me: the two belong together, and the session goes on under a new token."""
    try:
        arrival = linking.waiting(session, form.get("t"))
        provider = arriving.provider(session, arrival.provider_id)
        linking.link(session, actor, arrival)
    except (AttemptOver, OtherPerson):
        return _page(request, session, actor, form.get("t"), status=409)
    shown = vouched(request, provider, second=linking.shows_second(session, arrival))
    return enter(session, actor, actor.person_id, next_path(arrival.next_path, HOME_OF_ONE), proof=shown)


@router.post(f"{HERE}/mail", name="oidc.link.mail")
def mail(request: Request, session: Opened, actor: Visitor, form: Submitted[Key]) -> Response:
    """A link to the address that the provider vouches for: whoever opens it comes back here, signed in."""
    token = form.get("t")
    try:
        arrival = linking.waiting(session, token)
        spend(session, LINK_BY_EMAIL, arrival.email or "")
    except (AttemptOver, TooMany) as refusal:
        return _page(request, session, actor, token, status=refusal.status)
    if not linking.is_known(session, arrival) or arrival.email is None:
        return _page(request, session, actor, token, status=409)
    made = sign_in.new_link(session, arrival.email, f"{HERE}?t={quote(token)}")
    defer(session, "sign_in.mail", queue="mail", link_id=str(made.id), lang=i18n.language(request))
    return mailed(request, made)


@router.post(f"{HERE}/nieuw", name="oidc.link.new")
def register(request: Request, session: Opened, actor: Visitor, form: Submitted[Newcomer]) -> Response:
    """I am new here: a first name and a place, and one is in."""
    token, options = form.get("t"), list[tuple[str, str]]()
    if form.value is not None:
        try:
            arrival = linking.waiting(session, token)
            provider = arriving.provider(session, arrival.provider_id)
            with session.begin_nested():
                person_id = linking.register(session, arrival, _person(form.value))
            path = next_path(arrival.next_path, HOME_OF_ONE)
            shown = vouched(request, provider, second=linking.shows_second(session, arrival))
            return enter(session, actor, person_id, path, proof=shown)
        except SpansTwo as two:
            options = list(two.details.items())
            form.refused(DomainError(details={"gemeente": "spans-two"}))
        except Invalid as refusal:
            form.refused(refusal)
        except (AttemptOver, OtherPerson):
            return _page(request, session, actor, token, status=409)
    return _page(request, session, actor, token, tried=Tried(form, options), status=422)


def _person(new: Newcomer) -> NewPerson:
    return NewPerson.model_validate(new.model_dump(by_alias=True, exclude={"token"}))


@router.post(f"{MINE}/via/{{provider_id}}/los", name="oidc.unlink")
def unlink(provider_id: UUID, session: Opened, actor: SignedIn, form: Submitted[Nothing]) -> Response:
    """Not this way any more: the mail is always there."""
    if form.value is None:
        raise DomainError
    require_fresh(actor)
    linking.unlink(session, actor, provider_id)
    return see_other(f"{MINE}?gedaan=weg")


@router.get("/uitgelogd/{provider_id}", name="oidc.gone")
def gone(request: Request, provider_id: UUID, session: Opened, _actor: Visitor) -> Response:
    """Signed out here; at the provider one may still be signed in."""
    provider = arriving.provider(session, provider_id)
    return page(request, "oidc/gone.html", name=provider.name, provider_id=provider.id)
