"""Coming in without a mail: by a passkey, or by the code of a letter."""

from typing import Annotated, Final

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from app.access import letters, passkeys
from app.access.limits import KEY_BY_ADDRESS, LETTER_BY_ADDRESS, spend
from app.access.models import Way
from app.access.passkeys import WrongPasskey
from app.access.sign_in import LinkDead
from app.access.typed import TwelveDigits
from app.errors import DomainError, TooMany
from app.http import Opened
from app.pacing import network
from app.places.postcodes import TypedPostcode
from app.schemas import Incoming
from web import forms
from web.forms import Submitted
from web.i18n import N_
from web.pages.sign_in import HOME_OF_ONE, ask_again
from web.proofs import door, enter, proof
from web.rendering import next_path, page, see_other
from web.session import Visitor

router = APIRouter(prefix="/inloggen")


class Letter(Incoming):
    """What stands in a letter, and what only the person and we know."""

    code: Annotated[TwelveDigits, Field(alias="code")]
    postcode: TypedPostcode


class Shown(Incoming):
    """What a browser sends for a key: JSON of its own."""

    credential: Annotated[str, Field(alias="sleutel", max_length=passkeys.LONGEST)]
    following: Annotated[str, Field(alias="volgende")] = HOME_OF_ONE


WRONG: Final = N_("Code en postcode horen niet bij elkaar, of de brief is te oud. Kijk het na, of bel ons.")
forms.say(
    Letter,
    code=N_("Vul de twaalf cijfers uit de brief in."),
    **{"link-dead": WRONG, "too-many": N_("U probeerde het vaak. Wacht een uur, of bel ons.")},
)
forms.say(
    Shown,
    sleutel=N_("Dat lukte niet. Probeer het nog eens, of kies een andere manier."),
    **{"wrong-passkey": N_("Deze sleutel past hier niet. Vraag een mail, of bel ons.")},
)


@router.get("/brief", name="sign_in.letter")
def letter(request: Request, actor: Visitor) -> Response:
    """For who got a letter."""
    return (
        see_other(HOME_OF_ONE)
        if actor.signed_in
        else page(request, "sign_in/letter.html", form=forms.blank())
    )


@router.post("/brief", name="sign_in.letter_used")
def letter_used(request: Request, session: Opened, actor: Visitor, form: Submitted[Letter]) -> Response:
    """The code and the postcode together, once. One answer for whatever was wrong."""
    status = 422
    if form.value is not None:
        try:
            spend(session, LETTER_BY_ADDRESS, network(request))
            person_id = letters.use(session, request.app.state.secret, form.value.code, form.value.postcode)
            return enter(session, actor, person_id, HOME_OF_ONE, proof=proof(request, Way.LETTER))
        except (LinkDead, TooMany) as refusal:
            status = 429 if isinstance(refusal, TooMany) else 422
            form.refused(DomainError(details={"code": refusal.code}))
    return page(request, "sign_in/letter.html", status=status, form=form)


@router.post("/sleutel", name="sign_in.passkey")
def passkey(request: Request, session: Opened, actor: Visitor, form: Submitted[Shown]) -> Response:
    """Whoever the key says; no address is asked, so that none can be tried."""
    status = 422
    if form.value is not None:
        try:
            spend(session, KEY_BY_ADDRESS, network(request))
            person_id = passkeys.use(session, door(request), form.value.credential)
            following = next_path(form.value.following, HOME_OF_ONE)
            return enter(session, actor, person_id, following, proof=proof(request, Way.PASSKEY))
        except (WrongPasskey, TooMany) as refusal:
            status = refusal.status if isinstance(refusal, TooMany) else 422
            form.refused(DomainError(details={"": refusal.code}))
    return ask_again(request, session, form, status)
