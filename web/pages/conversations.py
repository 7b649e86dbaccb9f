"""Gesprekken: what asker and helper write to each other, and how they come to share how to reach one another."""

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access.actor import Actor
from app.clock import now
from app.conversations import service
from app.conversations.schemas import NewMessage, YesOrNo
from app.errors import DomainError, Invalid
from app.http import Opened
from app.ids import uuid7
from app.people import phone
from web import forms
from web.forms import Form, Submitted, say
from web.i18n import N_
from web.rendering import page, see_other
from web.session import SignedIn

router = APIRouter()
HERE: Final = "/mijn/gesprekken"
CONTACT: Final = "contact-"
"""How the codes begin that point at a number or an address."""
say(
    NewMessage,
    **{
        "bericht": N_("Schrijf een bericht."),
        "contact-phone": N_(
            "Hier staat een telefoonnummer. Wilt u dat nu al geven? Dat mag, het hoeft niet."
        ),
        "contact-email": N_("Hier staat een e-mailadres. Wilt u dat nu al geven? Dat mag, het hoeft niet."),
        "contact-address": N_("Hier staat een adres. Wilt u dat nu al geven? Dat mag, het hoeft niet."),
        "conversation-closed": N_("U kunt elkaar hier niet meer schrijven. Heeft u een vraag? Bel ons."),
        "too-many": N_("U schreef veel achter elkaar. Wacht even en probeer het dan opnieuw."),
    },
)


@router.get(f"{HERE}/{{id}}", name="conversations.show")
def show(request: Request, session: Opened, actor: SignedIn, id: UUID) -> Response:
    """The conversation; what is shown was read."""
    return _show(request, session, actor, id, forms.blank(sleutel=str(uuid7())))


def _show(  # noqa: PLR0913 - a page shows what it has
    request: Request, session: Opened, actor: Actor, id: UUID, form: Form[Any], *, status: int = 200,
    points_at: bool = False,
) -> Response:  # fmt: skip
    talk = service.get(session, actor, id)
    last_read = talk.mine.read_at if talk.mine else None
    if status == 200:
        service.mark_read(session, actor, talk)
    helps = talk.proposal.helper_id == actor.person_id
    return page(
        request,
        "conversations/show.html",
        status=status,
        form=form,
        key=form.get("sleutel") or str(uuid7()),
        points_at=points_at,
        talk=talk,
        helps=helps,
        name=(talk.proposal.asker if helps else talk.proposal.helper).first_name,
        fresh={
            row.id
            for row in talk.messages
            if row.author_id != actor.person_id and _after(row.sent_at, last_read)
        },
        phone=phone.display(talk.reached.phone) if talk.reached and talk.reached.phone else "",
        moment=now(session),
    )


def _after(moment: Any, read_at: Any) -> bool:
    return read_at is None or moment > read_at


@router.post(f"{HERE}/{{id}}", name="conversations.send")
def send(
    request: Request, session: Opened, actor: SignedIn, id: UUID, form: Submitted[NewMessage]
) -> Response:
    """Say something; a number or an address comes back once, to think it over."""
    if form.value is None:
        return _show(request, session, actor, id, form, status=422)
    try:
        with session.begin_nested():
            service.send(session, actor, id, form.value)
    except Invalid as refusal:
        points_at = any(str(code).startswith(CONTACT) for code in refusal.details.values())
        return _show(request, session, actor, id, form.refused(refusal), status=422, points_at=points_at)
    except service.Closed as closed:
        return _show(request, session, actor, id, form.refused(closed), status=409)
    return see_other(f"{HERE}/{id}#laatste")


@router.post(f"{HERE}/{{id}}/gegevens", name="conversations.share")
def share(session: Opened, actor: SignedIn, id: UUID, form: Submitted[YesOrNo]) -> Response:
    """The other may have my telephone and mail, once both of us say so; or no longer."""
    if form.value is None:
        raise DomainError
    service.share(session, actor, id, form.value.yes)
    return see_other(f"{HERE}/{id}#gegevens")


@router.post(f"{HERE}/{{id}}/meelezen", name="conversations.read_along")
def read_along(session: Opened, actor: SignedIn, id: UUID, form: Submitted[YesOrNo]) -> Response:
    """A makelaar may read along, once both of us say so; or no longer."""
    if form.value is None:
        raise DomainError
    service.show(session, actor, id, form.value.yes)
    return see_other(f"{HERE}/{id}#meelezen")
