"""Inloggen by a mail with a link and a code, and uitloggen. A link is shown by GET, used by POST: scanners only GET."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from app.access import codes, passkeys, sign_in
from app.access.actor import Actor
from app.access.codes import WrongCode
from app.access.limits import CODE_BY_ADDRESS, LINK_BY_ADDRESS, LINK_BY_EMAIL, spend
from app.access.models import SignInLink, Way
from app.access.sign_in import LinkDead
from app.access.typed import SixDigits
from app.errors import DomainError, Invalid, TooMany
from app.help_requests import asking
from app.http import Opened
from app.jobs.queue import defer
from app.oidc import arriving
from app.pacing import network
from app.people.phone import TypedPhone
from app.people.service import NewPerson
from app.places import service as places
from app.places.postcodes import TypedPostcode
from app.places.service import SpansTwo
from app.schemas import Incoming, Nothing, Whole
from app.text import Email, FirstName
from web import cookies, forms, i18n
from web.asking_screens import PLACE_SENTENCES
from web.forms import Form, Submitted
from web.proofs import door, enter, proof, ticket
from web.rendering import next_path, page, see_other, site
from web.security import SESSION_COOKIE
from web.session import Visitor

router = APIRouter()
HOME_OF_ONE: Final = "/mijn"


class Door(Incoming):
    """Who wants to come in, and where to."""

    email: Email
    following: Annotated[str, Field(alias="volgende")] = HOME_OF_ONE


class Newcomer(Incoming):
    """Somebody who signs up without a question."""

    first_name: Annotated[FirstName, Field(alias="voornaam")]
    postcode: TypedPostcode
    municipality_id: Annotated[Whole | None, Field(alias="gemeente")] = None
    email: Email
    phone: Annotated[TypedPhone | None, Field(alias="telefoon")] = None
    following: Annotated[str, Field(alias="volgende")] = HOME_OF_ONE


class Key(Incoming):
    """The token of a link, as its page sends it."""

    token: Annotated[str, Field(alias="t", max_length=200)] = ""


class TypedCode(Incoming):
    """The six digits of a mail, and the ticket of the page that asked for it."""

    ticket: Annotated[str, Field(alias="kaartje", max_length=200)]
    code: Annotated[SixDigits, Field(alias="code")]


OFTEN: Final = {
    "too-many": i18n.N_("U vroeg al een paar keer een link. Kijk in de nieuwste mail, of wacht tien minuten.")
}
forms.say(Door, **OFTEN)
forms.say(Newcomer, **OFTEN, **PLACE_SENTENCES)
forms.say(
    TypedCode,
    code=i18n.N_("Vul de zes cijfers uit de mail in."),
    **{
        "wrong-code": i18n.N_(
            "Deze code klopt niet. Kijk in de nieuwste mail. U kunt ook de link daarin openen."
        ),
        "too-many": i18n.N_("U typte vaak een code. Open de link in de mail. Die werkt wel."),
    },
)


@router.get("/inloggen", name="sign_in.ask")
def ask(request: Request, session: Opened, actor: Visitor) -> Response:
    """Your e-mail address, please; or another way, where there is one."""
    following = next_path(request.query_params.get("next"), HOME_OF_ONE)
    if actor.signed_in:
        return see_other(following)
    return ask_again(request, session, forms.blank(volgende=following))


def ask_again(request: Request, session: Opened, form: Form[Any], status: int = 200) -> Response:
    """The page with its ways in, and what was typed."""
    own, others = arriving.doors(session, site(request).municipality_id)
    options = passkeys.to_sign_in(session, door(request))
    return page(
        request, "sign_in/ask.html", status=status, form=form, options=options, doors=own, other_doors=others
    )


@router.post("/inloggen", name="sign_in.asked")
def asked(request: Request, session: Opened, _actor: Visitor, form: Submitted[Door]) -> Response:
    """Queue a link. The same answer, made by the same steps, for every address."""
    if form.value is None:
        return ask_again(request, session, form, 422)
    email = form.value.email
    try:
        spend(session, LINK_BY_ADDRESS, network(request))
        spend(session, LINK_BY_EMAIL, email)
    except TooMany as refusal:
        form.refused(refusal)
        return ask_again(request, session, form, 429)
    link = sign_in.new_link(session, email, next_path(form.get("volgende"), HOME_OF_ONE))
    defer(session, "sign_in.mail", queue="mail", link_id=str(link.id), lang=i18n.language(request))
    return mailed(request, link)


def mailed(request: Request, link: SignInLink) -> Response:
    """Kijk in uw mail, with room for the code; the same for every address."""
    form = forms.blank(kaartje=ticket(request, link.id))
    return page(request, "sign_in/mailed.html", to=link.email, form=form)


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
            spend(session, LINK_BY_ADDRESS, network(request))
            places.place_of(session, form.value.postcode, form.value.municipality_id)
            person = NewPerson.model_validate(form.value.model_dump(by_alias=True, exclude={"following"}))
            following = next_path(form.get("volgende"), HOME_OF_ONE)
            made = asking.sign_up_by_mail(session, person, following, i18n.language(request))
            return mailed(request, made)
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
        return _dead(request)
    return _finish(request, session, actor, used, Way.LINK)


@router.post("/inloggen/code", name="sign_in.code")
def code(request: Request, session: Opened, actor: Visitor, form: Submitted[TypedCode]) -> Response:
    """The other way beside the link: the same answers for a known and an unknown address, made by the same steps."""
    secret = request.app.state.secret
    status = 422
    try:
        to = codes.address_of(session, secret, form.get("kaartje")[:200])
        if form.value is not None:
            spend(session, CODE_BY_ADDRESS, network(request))
            used = codes.use_code(session, secret, form.value.ticket, form.value.code)
            return _finish(request, session, actor, used, Way.CODE)
    except LinkDead:
        return _dead(request)
    except (WrongCode, TooMany) as refusal:
        status = refusal.status if isinstance(refusal, TooMany) else 422
        form.refused(DomainError(details={"code": refusal.code}))
    return page(request, "sign_in/mailed.html", status=status, to=to, form=form)


def _dead(request: Request) -> Response:
    return page(request, "sign_in/dead.html", status=410, form=forms.blank(volgende=HOME_OF_ONE))


def _finish(request: Request, session: Opened, actor: Actor, used: SignInLink, way: Way) -> Response:
    """Send the question that waits for this mail, and sign in."""
    confirmed = asking.confirm(session, used.email, used.draft_hash)
    if confirmed.person_id is None:
        return page(request, "sign_in/unknown.html", to=used.email)
    following = next_path(used.next_path, HOME_OF_ONE)
    if confirmed.request_id is not None:
        following = f"/mijn/vragen/{confirmed.request_id}"
    return enter(session, actor, confirmed.person_id, following, proof=proof(request, way))


@router.post("/uitloggen", name="sign_in.out")
def out(session: Opened, actor: Visitor, form: Submitted[Nothing]) -> Response:
    """End the session on the server; the cookie is worth nothing from here on."""
    if form.value is None:
        raise DomainError
    through = sign_in.end_session(session, actor.session_hash) if actor.session_hash is not None else None
    response = see_other(f"/uitgelogd/{through}" if through else "/")
    cookies.take_back(response, SESSION_COOKIE)
    return response
