"""Aansluiten: a municipality joins within an hour; and Gezondheid: how the instance stands."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from app.access import invitations
from app.access.actor import Actor
from app.access.invitations import Colleague
from app.access.roles import Role
from app.errors import TooMany
from app.http import Opened
from app.people import phone
from app.places import joining
from app.places.joining import First, Joining
from app.schemas import Incoming
from app.text import Email, FirstName
from web import forms, i18n
from web.forms import Form, Submitted, blank
from web.i18n import N_
from web.in_address import Place
from web.pages.desk_shell import desk_page
from web.pages.municipality import degrees
from web.rendering import see_other
from web.session import Staff

router = APIRouter(prefix="/regio")
HERE: Final = "/regio/aansluiten"


class Administrator(Incoming):
    """Who will run it."""

    email: Email
    first_name: Annotated[FirstName, Field(alias="voornaam")]


forms.say(Joining, wie=N_("Kies een gemeente."))
forms.say(
    First,
    telefoon=N_("Vul een nummer in dat inwoners kunnen bellen."),
    openingstijden=N_("Vul in wanneer er iemand opneemt."),
    bemiddeling=N_("Kies hoe hulp tot stand komt."),
)
forms.say(
    Administrator,
    voornaam=N_("Vul de voornaam van de beheerder in."),
    email=N_("Vul het e-mailadres van de beheerder in, bijvoorbeeld naam@gemeente.nl."),
)


@router.get("/aansluiten", name="region.joining")
def ask(request: Request, session: Opened, actor: Staff) -> Response:
    """Which municipality, and which are under way."""
    return _ask(request, session, actor, blank())


def _ask(request: Request, session: Opened, actor: Actor, form: Form[Any], status: int = 200) -> Response:
    return desk_page(
        request,
        actor,
        "joining_region/ask.html",
        status=status,
        form=form,
        candidates=[(row.id, row.name) for row in joining.candidates(session, actor)],
        underway=joining.underway(session, actor),
    )


@router.post("/aansluiten", name="region.join")
def join(request: Request, session: Opened, actor: Staff, form: Submitted[Joining]) -> Response:
    """It takes part from now on."""
    if form.value is None:
        return _ask(request, session, actor, form, 422)
    joining.join(session, actor, form.value.municipality_id)
    return see_other(f"{HERE}/{form.value.municipality_id}")


@router.get("/aansluiten/{wie}", name="region.steps")
def steps(request: Request, session: Opened, actor: Staff, wie: Place) -> Response:
    """What is done and what is next."""
    return _steps(request, session, actor, wie)


def _steps(
    request: Request,
    session: Opened,
    actor: Actor,
    wie: Place,
    status: int = 200,
    **typed_in: Form[Any],
) -> Response:
    """``first`` and ``administrator`` are the two forms, where something was typed in one."""
    held = joining.steps(session, actor, wie)
    row = held.municipality
    typed = blank(
        telefoon=phone.display(row.phone) if row.phone else "",
        openingstijden=row.opening_hours,
        bemiddeling=row.mediation,
    )
    return desk_page(
        request,
        actor,
        "joining_region/steps.html",
        status=status,
        held=held,
        municipality=row,
        **{"first": typed, "administrator": blank(), **typed_in},
        degrees=degrees(i18n.language(request)),
        at=f"{HERE}/{wie}",
    )


@router.post("/aansluiten/{wie}/begin", name="region.begin")
def begin(request: Request, session: Opened, actor: Staff, wie: Place, form: Submitted[First]) -> Response:
    """What every page of it needs."""
    if form.value is None:
        return _steps(request, session, actor, wie, 422, first=form)
    joining.begin(session, actor, wie, form.value)
    return see_other(f"{HERE}/{wie}")


@router.post("/aansluiten/{wie}/beheerder", name="region.administrator")
def administrator(
    request: Request, session: Opened, actor: Staff, wie: Place, form: Submitted[Administrator]
) -> Response:
    """A mail goes to who will run it."""
    joining.steps(session, actor, wie)
    if form.value is None:
        return _steps(request, session, actor, wie, 422, administrator=form)
    wanted = Colleague.model_validate(
        {
            "email": form.value.email,
            "voornaam": form.value.first_name,
            "rol": Role.MUNICIPALITY_ADMINISTRATOR,
        }
    )
    try:
        invitations.invite(session, actor, wie, wanted)
    except TooMany:
        form.refuse("", N_("U nodigde vandaag al veel mensen uit. Wacht tot morgen."))
        return _steps(request, session, actor, wie, 429, administrator=form)
    return see_other(f"{HERE}/{wie}")


@router.get("/gezondheid", name="region.health")
def health(request: Request, session: Opened, actor: Staff) -> Response:
    """Whether everything runs."""
    return desk_page(request, actor, "joining_region/health.html", health=joining.health(session, actor))
