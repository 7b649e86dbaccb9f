"""Webhooks van de gemeente: telling the municipality's own systems that something happened, and how it goes there."""

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access.actor import Actor
from app.access.policy import require_fresh
from app.access.roles import Permission
from app.errors import DomainError, Invalid
from app.http import Opened
from app.schemas import Nothing
from app.webhooks import service
from app.webhooks.models import LIKED, MessageStatus, Webhook, WebhookKind
from app.webhooks.schemas import NewWebhook
from app.webhooks.service import ThereAlready, TooManyWebhooks
from web import forms, i18n
from web.forms import Form, Submitted, blank
from web.i18n import N_, translate
from web.pages.desk_shell import at_desk, desk_page, own_municipality
from web.rendering import see_other
from web.session import Staff
from web.supplied import supplied

router = APIRouter(prefix="/gemeente/webhooks")
HERE: Final = "/gemeente/webhooks"
KINDS: Final = {
    WebhookKind.REQUEST_OPEN: N_("Een hulpvraag staat open"),
    WebhookKind.REQUEST_FILLED: N_("Voor een hulpvraag is iemand gevonden"),
    WebhookKind.REQUEST_DONE: N_("Een hulpvraag is klaar"),
    WebhookKind.REQUEST_OVER: N_("Een hulpvraag stopte zonder hulp"),
    WebhookKind.OFFER_OPEN: N_("Iemand biedt hulp aan"),
    WebhookKind.AGREED: N_("Twee mensen spraken hulp af"),
    WebhookKind.AGREEMENT_DONE: N_("Een afspraak is klaar"),
    WebhookKind.AGREEMENT_OFF: N_("Een afspraak gaat niet door"),
    WebhookKind.TIME_DONE: N_("Er is een keer geholpen"),
    WebhookKind.ACTIVITY_OPEN: N_("Een activiteit staat erop"),
    WebhookKind.JOINED: N_("Een organisatie doet mee"),
    WebhookKind.TRIAL: N_("Een proefbericht"),
}
STATES: Final = {
    MessageStatus.WAITING: N_("Onderweg"),
    MessageStatus.DELIVERED: N_("Aangekomen"),
    MessageStatus.DEAD: N_("Niet aangekomen"),
}
DONE: Final = {
    "proef": N_("Er gaat een proefbericht naar dit adres. Laad de pagina opnieuw om te zien hoe het ging."),
    "geheim": N_("Er is een nieuw geheim. Het oude werkt nog een dag."),
    "opnieuw": N_("Wij sturen het opnieuw."),
    "gestopt": N_("Dit adres krijgt niets meer."),
}
forms.say(
    NewWebhook,
    naam=N_("Geef het systeem een naam, bijvoorbeeld: zaaksysteem."),
    adres=N_("Vul het adres in, van https:// tot het eind."),
    soorten=N_("Kies waarvan dit systeem hoort."),
    **{
        "webhook-not-allowed": N_("Dit adres mag nog niet. Vraag wie de server beheert om het toe te staan."),
        "webhook-there-already": N_("Dit adres staat er al. Stop dat eerst."),
        "too-many-webhooks": N_("U hebt er al twintig. Stop er eerst een."),
    },
)


def _words(request: Request) -> dict[str, str]:
    lang = i18n.language(request)
    return {str(kind): translate(lang, words) for kind, words in KINDS.items()}


def _page(request: Request, session: Opened, actor: Actor, template: str, **context: Any) -> Response:
    municipality = own_municipality(session, actor, Permission.CHANGE_SETTINGS)
    return desk_page(
        request, actor, f"webhooks/{template}.html", municipality=municipality, words=_words(request),
        done=DONE.get(request.query_params.get("gedaan", ""), ""),
        at=lambda path="": at_desk(request, f"{HERE}{path}", municipality), **context,
    )  # fmt: skip


@router.get("", name="webhooks.all")
def show_all(request: Request, session: Opened, actor: Staff) -> Response:
    """Each address, and how it goes there."""
    municipality = own_municipality(session, actor, Permission.CHANGE_SETTINGS)
    return _page(
        request, session, actor, "all", rows=service.every(session, actor, municipality.id),
        ended=service.ended(session, actor, municipality.id),
    )  # fmt: skip


@router.get("/nieuw", name="webhooks.new")
def new(request: Request, session: Opened, actor: Staff) -> Response:
    """A name, an address, and what it hears of."""
    own_municipality(session, actor, Permission.CHANGE_SETTINGS)
    require_fresh(actor)
    return _form(request, session, actor, blank())


def _form(request: Request, session: Opened, actor: Actor, form: Form[Any], status: int = 200) -> Response:
    words, lang = _words(request), i18n.language(request)
    liked = [(str(kind), words[kind], supplied(str(kind), lang)) for kind in LIKED]
    return _page(
        request, session, actor, "new", form=form, status=status, liked=liked,
        none_allowed=not request.app.state.settings.webhooks_to,
    )  # fmt: skip


@router.post("", name="webhooks.add")
def add(request: Request, session: Opened, actor: Staff, form: Submitted[NewWebhook]) -> Response:
    """Keep it; its page shows the secret."""
    municipality = own_municipality(session, actor, Permission.CHANGE_SETTINGS)
    if form.value is None:
        return _form(request, session, actor, form, 422)
    settings = request.app.state.settings
    try:
        row = service.add(session, actor, settings, municipality.id, form.value)
    except (Invalid, ThereAlready) as refusal:
        return _form(request, session, actor, form.refused(refusal), 422)
    except TooManyWebhooks as refusal:
        return _form(request, session, actor, form.refused(DomainError(details={"": refusal.code})), 422)
    return see_other(at_desk(request, f"{HERE}/{row.id}", municipality))


@router.get("/{id}", name="webhooks.show")
def show(request: Request, session: Opened, actor: Staff, id: UUID) -> Response:
    """What it hears of, and what was sent lately."""
    return _one(request, session, actor, service.get(session, actor, id))


def _one(
    request: Request, session: Opened, actor: Actor, row: Webhook, secret: str | None = None
) -> Response:
    lang = i18n.language(request)
    return _page(
        request, session, actor, "show", row=row, secret=secret,
        messages=service.latest(session, actor, row),
        states={state: translate(lang, words) for state, words in STATES.items()},
    )  # fmt: skip


@router.post("/{id}/geheim", name="webhooks.secret")
def secret(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Nothing]) -> Response:
    """Show the secret, to who proved a short while ago who they are."""
    _pressed(form)
    told = service.secret_of(session, actor, request.app.state.secret, id)
    return _one(request, session, actor, service.get(session, actor, id), told)


def _pressed(form: Form[Nothing]) -> None:
    if form.value is None:
        raise DomainError


@router.post("/{id}/nieuw-geheim", name="webhooks.turn")
def turn(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Nothing]) -> Response:
    """A new secret."""
    _pressed(form)
    service.turn(session, actor, id)
    return _back(request, session, actor, f"/{id}", "geheim")


@router.post("/{id}/proef", name="webhooks.try")
def try_out(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Nothing]) -> Response:
    """Send a message that says nothing."""
    _pressed(form)
    service.try_out(session, actor, id)
    return _back(request, session, actor, f"/{id}", "proef")


@router.post("/{id}/opnieuw", name="webhooks.again")
def again(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Nothing]) -> Response:
    """Have all that did not arrive sent once more."""
    _pressed(form)
    service.again(session, actor, id)
    return _back(request, session, actor, f"/{id}", "opnieuw")


@router.post("/{id}/berichten/{bericht}/opnieuw", name="webhooks.again.one")
def again_one(
    request: Request, session: Opened, actor: Staff, id: UUID, bericht: UUID, form: Submitted[Nothing]
) -> Response:
    """One of them."""
    _pressed(form)
    service.again(session, actor, id, bericht)
    return _back(request, session, actor, f"/{id}", "opnieuw")


@router.post("/{id}/stop", name="webhooks.end")
def end(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Nothing]) -> Response:
    """Nothing goes there any more."""
    _pressed(form)
    service.end(session, actor, id)
    return _back(request, session, actor, "", "gestopt")


def _back(request: Request, session: Opened, actor: Actor, path: str, done: str) -> Response:
    municipality = own_municipality(session, actor, Permission.CHANGE_SETTINGS)
    here = at_desk(request, f"{HERE}{path}", municipality)
    return see_other(f"{here}{'&' if '?' in here else '?'}gedaan={done}")
