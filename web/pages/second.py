"""The second proof, at the door of a desk and before some acts; and the first time.

A passkey, a code of an app, or the word of a municipality's provider; a resident may as well sign in anew.
"""

from typing import Annotated, Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from app.access import authenticators, passkeys, sign_in
from app.access.actor import Actor
from app.access.authenticators import WrongAppCode
from app.access.passkeys import WrongPasskey
from app.access.typed import SixDigits
from app.errors import DomainError, TooMany
from app.http import Opened
from app.oidc import linking
from app.schemas import Incoming
from web import cookies, forms
from web.forms import Form, Submitted
from web.i18n import N_
from web.pages.sign_in import HOME_OF_ONE
from web.proofs import SECOND, door, step_up, with_token
from web.rendering import next_path, page, see_other
from web.security import SESSION_COOKIE, cookie
from web.session import SignedIn
from web.step_up import KEPT, READY, go_on, kept_form, packed, take_along, taken_along

router = APIRouter(prefix=SECOND)
LONGEST_KEPT: Final = 120_000
_Kept = Annotated[str, Field(alias=KEPT, max_length=LONGEST_KEPT)]


class Waiting(Incoming):
    """A form that waits for the proof."""

    kept: _Kept = ""


class Anew(Incoming):
    """Where somebody goes who signs in anew."""

    following: Annotated[str, Field(alias="volgende")] = HOME_OF_ONE


class SecondKey(Incoming):
    """What a browser sends for a key: JSON of its own."""

    credential: Annotated[str, Field(alias="sleutel", max_length=passkeys.LONGEST)]
    following: Annotated[str, Field(alias="volgende")] = HOME_OF_ONE
    kept: _Kept = ""


class SecondCode(Incoming):
    """The six digits that the app shows now."""

    code: Annotated[SixDigits, Field(alias="code")]
    following: Annotated[str, Field(alias="volgende")] = HOME_OF_ONE
    kept: _Kept = ""


forms.say(
    SecondKey,
    sleutel=N_("Dat lukte niet. Probeer het nog eens, of kies een andere manier."),
    **{"wrong-passkey": N_("Deze sleutel past hier niet. Gebruik een sleutel van uzelf.")},
)
forms.say(
    SecondCode,
    code=N_("Vul de zes cijfers in die uw app nu laat zien."),
    **{
        "wrong-app-code": N_("Deze code klopt niet, of is al gebruikt. Wacht op de volgende code in uw app."),
        "too-many": N_("U probeerde het vaak. Wacht een kwartier, of gebruik een sleutel."),
    },
)


@router.get("", name="second.ask")
def ask(request: Request, session: Opened, actor: SignedIn) -> Response:
    """Show that it is you; whoever just did goes straight on."""
    following = next_path(request.query_params.get("next"), HOME_OF_ONE)
    if actor.fresh and not actor.waiting:
        return see_other(following)
    return _page(request, session, actor, forms.blank(volgende=following))


@router.post("", name="second.ask_and_keep")
def ask_and_keep(request: Request, session: Opened, actor: SignedIn, form: Submitted[Waiting]) -> Response:
    """The same, with a form that waits."""
    return _page(request, session, actor, form, 200 if form.value is not None else 422)


def _page(request: Request, session: Opened, actor: Actor, form: Form[Any], status: int = 200) -> Response:
    keys, app, works = passkeys.mine(session, actor), authenticators.has(session, actor), _works(actor)
    kept, following = form.get(KEPT), next_path(form.get("volgende"), HOME_OF_ONE)
    held = packed(request, actor.hand, kept) if kept else None
    response = page(
        request,
        "sign_in/second.html",
        status=status,
        form=form,
        options=passkeys.to_sign_in(session, door(request), actor) if keys else "",
        app=app,
        first_time=not keys and not app,
        works=works,
        recent=actor.recent,
        following=following,
        kept=kept,
        providers=linking.proving(session, actor, second=works),
        elsewhere=READY if held else following,
        too_long=[value for _, value in (kept_form(kept) or ("", []))[1]] if kept and not held else [],
    )
    return take_along(response, held) if held else response


def _works(actor: Actor) -> bool:
    return actor.waiting or actor.proves_twice


@router.post("/opnieuw", name="second.anew")
def sign_in_anew(session: Opened, actor: SignedIn, form: Submitted[Anew]) -> Response:
    """Out, and to the door: whoever comes back in finds what waited."""
    if form.value is None or actor.session_hash is None:
        raise DomainError
    sign_in.end_session(session, actor.session_hash)
    response = see_other(f"/inloggen?next={quote(next_path(form.value.following, HOME_OF_ONE))}")
    cookies.take_back(response, SESSION_COOKIE)
    return response


@router.get("/klaar", name="second.ready")
def ready(request: Request, actor: SignedIn) -> Response:
    """Back from elsewhere: what waited, behind a button."""
    waiting = kept_form(taken_along(request, actor))
    if waiting is None:
        return see_other(HOME_OF_ONE)
    return go_on(request, cookie(request, SESSION_COOKIE) or "", waiting)


@router.post("/sleutel", name="second.passkey")
def by_passkey(request: Request, session: Opened, actor: SignedIn, form: Submitted[SecondKey]) -> Response:
    """A key of one's own."""
    if form.value is None:
        return _page(request, session, actor, form, 422)
    try:
        passkeys.use(session, door(request), form.value.credential, actor)
    except WrongPasskey as refusal:
        return _page(request, session, actor, form.refused(DomainError(details={"": refusal.code})), 422)
    return _on(request, session, actor, form)


@router.post("/app", name="second.app")
def by_app(request: Request, session: Opened, actor: SignedIn, form: Submitted[SecondCode]) -> Response:
    """A code of the app, each once."""
    if form.value is None:
        return _page(request, session, actor, form, 422)
    try:
        authenticators.check(session, actor, request.app.state.secret, form.value.code)
    except (WrongAppCode, TooMany) as refusal:
        status = 429 if isinstance(refusal, TooMany) else 422
        return _page(
            request, session, actor, form.refused(DomainError(details={"code": refusal.code})), status
        )
    return _on(request, session, actor, form)


def _on(request: Request, session: Opened, actor: Actor, form: Form[Any]) -> Response:
    """Under a new token: to what waited, or to where one was going."""
    token = step_up(session, actor)
    waiting = kept_form(form.get(KEPT)) if form.get(KEPT) else None
    if waiting is not None:
        return with_token(go_on(request, token, waiting), token)
    return with_token(see_other(next_path(form.get("volgende"), HOME_OF_ONE)), token)
