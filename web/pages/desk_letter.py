"""A letter with a code, for somebody of the municipality who has no e-mail: made at the desk, posted or handed over."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access import letters
from app.access.actor import Actor
from app.access.letters import HasKey, HasMail, NewLetter, NotForOneself, NotForStaff
from app.access.limits import LETTER_BY_MAKER, spend
from app.access.roles import Permission
from app.clock import today
from app.errors import DomainError, TooMany
from app.http import Opened
from app.looks import dress
from app.people import phone, service as people
from app.places import service as places
from app.schemas import Nothing
from web import documents, i18n
from web.documents import NoPrinter
from web.forms import Form, Submitted, blank
from web.i18n import N_
from web.pages.desk_shell import desk_page, own_municipality
from web.rendering import see_other
from web.session import Staff

router = APIRouter(prefix="/bureau/mensen/{id}/brief")


@router.get("", name="desk.letter")
def show(request: Request, session: Opened, actor: Staff, id: UUID) -> Response:
    """What the letter is, and the letters from before."""
    return _page(request, session, actor, id, blank())


def _page(
    request: Request, session: Opened, actor: Actor, id: UUID, form: Form[Any], status: int = 200
) -> Response:
    own_municipality(session, actor, Permission.REGISTER_PERSON)
    contact = letters.addressee(session, actor, id)
    return desk_page(
        request, actor, "desk/letter.html", status=status, form=form, contact=contact,
        letters=letters.of(session, actor, id), other_way=letters.other_way_in(session, id),
    )  # fmt: skip


@router.post("", name="desk.letter.make")
def make(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[NewLetter]) -> Response:
    """The letter as a PDF, or as a page to print where no PDF can be made. The code is nowhere else afterwards."""
    municipality = own_municipality(session, actor, Permission.REGISTER_PERSON)
    if form.value is None:
        return _page(request, session, actor, id, form, 422)
    try:
        spend(session, LETTER_BY_MAKER, str(actor.person_id))
        code, until = letters.make(session, actor, request.app.state.secret, id, form.value.reason or "")
    except TooMany:
        form.refuse("", N_("U maakte vandaag al veel brieven. Wacht tot morgen."))
        return _page(request, session, actor, id, form, 429)
    except NotForOneself:
        form.refuse("", N_("Voor uzelf maakt een collega de brief."))
        return _page(request, session, actor, id, form, 409)
    except NotForStaff:
        form.refuse(
            "",
            N_(
                "Wie hier werkt of papieren nakijkt, krijgt geen brief. Inloggen gaat met een mail en een sleutel."
            ),
        )
        return _page(request, session, actor, id, form, 409)
    except HasMail:
        form.refuse("", N_("Deze bewoner heeft e-mail. Inloggen gaat met een mail."))
        return _page(request, session, actor, id, form, 409)
    except HasKey:
        form.refuse("reden", N_("Schrijf waarom de sleutel niet meer werkt."))
        return _page(request, session, actor, id, form, 409)
    contact = letters.envelope(session, actor, id)
    look = dress.of(session, municipality.id)
    values = {
        "contact": contact,
        "town": places.place_name(session, people.home(session, id).pc4),
        "municipality": municipality,
        "dress": look,
        "day": today(session),
        "call": phone.display(municipality.phone),
        "until": until,
        "address": request.app.state.settings.address.partition("://")[2],
        "code": " ".join(code[at : at + 4] for at in range(0, letters.DIGITS, 4)),
    }
    try:
        made = documents.pdf("sign_in/letter_pdf.html", lang=contact.person.language, **values)
    except NoPrinter:
        return desk_page(request, actor, "desk/letter_page.html", **values)
    name = "letter" if i18n.language(request) == "en" else "brief"
    return documents.download(made, f"{name}-{id.hex[-8:]}.pdf")


@router.post("/intrekken", name="desk.letter.withdraw")
def withdraw(session: Opened, actor: Staff, id: UUID, form: Submitted[Nothing]) -> Response:
    """A letter that was lost opens nothing."""
    if form.value is None:
        raise DomainError
    letters.withdraw(session, actor, id)
    return see_other(f"/bureau/mensen/{id}/brief")
