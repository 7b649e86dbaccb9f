"""A mandate (volmacht): one's own link for who wants one to arrange things, and the page that the link opens."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from app.access.sign_in import LinkDead
from app.clock import today
from app.http import Opened
from app.representations import mandates
from app.representations.models import RepresentationKind
from app.representations.schemas import Mandate
from web import forms, i18n
from web.desk_forms import attempted
from web.documents import qr
from web.forms import Form, Submitted, blank
from web.i18n import N_, translate
from web.rendering import page, see_other
from web.session import SignedIn

router = APIRouter()
HERE: Final = "/mijn/namens"
PATH: Final = mandates.PATH
CHOICES: Final = (
    (
        RepresentationKind.CONTACT,
        N_("Alleen hulp vragen en meekijken"),
        N_("U kiest zelf wie er komt, en alleen u ziet uw Roosjes."),
    ),
    (
        RepresentationKind.AUTHORISED,
        N_("Ook voor mij beslissen"),
        N_("Ja zeggen, afzeggen, en lezen welke Roosjes u kreeg en gaf."),
    ),
)
REFUSALS: Final = {
    "representation-stands": N_(
        "Deze persoon mag dat al. Stop eerst wat er staat, en geef dan opnieuw uw ja."
    ),
    "mandate-too-young": N_("U bent nog geen 18. Uw ouder regelt dit met ons. Bel, dan helpen wij."),
}


class Given(Mandate):
    """The form, with what the link carried."""

    token: Annotated[str, Field(alias="t", max_length=200)] = ""


forms.say(
    Given,
    soort=N_("Kies wat deze persoon voor u mag doen."),
    choose=N_("Kies wat deze persoon voor u mag doen."),
    vanaf=N_("Kies vandaag of een dag die nog komt."),
    totEnMet=N_("Kies een laatste dag die na de eerste dag komt, of laat dit leeg."),
)


@router.get(f"{HERE}/link", name="mandates.link")
def link(request: Request, session: Opened, actor: SignedIn) -> Response:
    """Laat iemand u kiezen: the link, to be mailed, and to be scanned from this screen."""
    state = request.app.state
    made = mandates.link(session, state.secret, state.settings.address, actor)
    return page(
        request, "representations/link.html", address=made.address, days=mandates.LINK_DAYS,
        picture=qr(made.address, translate(i18n.language(request), N_("Een code om met een telefoon te lezen"))),
    )  # fmt: skip


@router.get(PATH, name="mandates.new")
def new(request: Request, session: Opened, _actor: SignedIn) -> Response:
    """Mag deze persoon voor u regelen?"""
    token = request.query_params.get("t", "")[:200]
    day = today(session).isoformat()
    return _asking(request, session, token, blank(soort=RepresentationKind.CONTACT.value, vanaf=day))


@router.post(PATH, name="mandates.give")
def give(request: Request, session: Opened, actor: SignedIn, form: Submitted[Given]) -> Response:
    """One's own yes."""
    token, secret = form.get("t")[:200], request.app.state.secret
    status = attempted(
        session, form, lambda given: mandates.give(session, actor, secret, given.token, given), REFUSALS
    )
    return see_other(HERE) if status == 303 else _asking(request, session, token, form, status=status)


def _asking(request: Request, session: Opened, token: str, form: Form[Any], *, status: int = 200) -> Response:
    try:
        offer = mandates.offered(session, request.app.state.secret, token)
    except LinkDead:
        return page(request, "representations/no_link.html", status=410)
    lang = i18n.language(request)
    options = [(kind.value, translate(lang, name), translate(lang, hint)) for kind, name, hint in CHOICES]
    return page(
        request, "representations/mandate.html", status=status, form=form, token=token, offer=offer,
        options=options, first=today(session).isoformat(),
    )  # fmt: skip
