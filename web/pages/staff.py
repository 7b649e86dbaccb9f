"""Medewerkers: who works at the desks of a municipality, inviting them, and helping who lost a telephone."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access import colleagues, invitations
from app.access.actor import Actor
from app.access.invitations import Colleague
from app.access.proof_models import INVITABLE
from app.access.roles import Permission
from app.errors import DomainError, TooMany
from app.http import Opened
from app.places.models import Municipality
from app.schemas import Nothing
from web import forms, i18n
from web.forms import Form, Submitted, blank
from web.i18n import N_, translate
from web.pages.desk_shell import at_desk, desk_page, own_municipality
from web.rendering import see_other
from web.session import Staff
from web.sign_in_words import ROLES

router = APIRouter(prefix="/gemeente/medewerkers")
forms.say(
    Colleague,
    rol=N_("Kies wat uw collega gaat doen."),
    voornaam=N_("Vul de voornaam van uw collega in."),
    email=N_("Vul het e-mailadres van uw collega in, bijvoorbeeld naam@gemeente.nl."),
    **{"too-many": N_("U nodigde vandaag al veel mensen uit. Wacht tot morgen.")},
)


@router.get("", name="staff.every")
def every(request: Request, session: Opened, actor: Staff) -> Response:
    """Who works here, who is invited, and a form for the next."""
    return _page(request, session, actor, blank())


def _page(request: Request, session: Opened, actor: Actor, form: Form[Any], status: int = 200) -> Response:
    municipality = _here(session, actor)
    lang = i18n.language(request)
    return desk_page(
        request,
        actor,
        "municipality/staff.html",
        status=status,
        form=form,
        municipality=municipality,
        workers=colleagues.every(session, actor, municipality.id),
        invitations=invitations.every(session, actor, municipality.id),
        words={role: translate(lang, name) for role, name in ROLES.items()},
        options=[(role, translate(lang, ROLES[role])) for role in INVITABLE],
        at=lambda path="": at_desk(request, f"/gemeente/medewerkers{path}", municipality),
        done=request.query_params.get("gedaan", ""),
    )


def _here(session: Opened, actor: Actor) -> Municipality:
    return own_municipality(session, actor, Permission.MANAGE_STAFF)


def _done(request: Request, municipality: Municipality, what: str) -> Response:
    here = at_desk(request, "/gemeente/medewerkers", municipality)
    return see_other(f"{here}{'&' if '?' in here else '?'}gedaan={what}")


@router.post("", name="staff.invite")
def invite(request: Request, session: Opened, actor: Staff, form: Submitted[Colleague]) -> Response:
    """A mail with a link goes out."""
    municipality = _here(session, actor)
    if form.value is None:
        return _page(request, session, actor, form, 422)
    try:
        invitations.invite(session, actor, municipality.id, form.value)
    except TooMany as refusal:
        return _page(request, session, actor, form.refused(refusal), 429)
    return _done(request, municipality, "uitgenodigd")


@router.post("/uitnodigingen/{id}/intrekken", name="staff.withdraw")
def withdraw(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Nothing]) -> Response:
    """The link opens nothing any more."""
    municipality = _sent(session, actor, form)
    invitations.withdraw(session, actor, id)
    return _done(request, municipality, "ingetrokken")


@router.post("/rollen/{id}/einde", name="staff.end_role")
def end_role(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Nothing]) -> Response:
    """A role ends at once, and every session of the colleague with it."""
    municipality = _sent(session, actor, form)
    colleagues.end_role(session, actor, municipality.id, id)
    return _done(request, municipality, "beeindigd")


@router.post("/{id}/opnieuw", name="staff.reset")
def reset(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Nothing]) -> Response:
    """Telephone lost: the colleague begins anew with their mail."""
    municipality = _sent(session, actor, form)
    colleagues.reset(session, actor, municipality.id, id)
    return _done(request, municipality, "opnieuw")


@router.post("/{id}/uitloggen", name="staff.sign_out")
def sign_out(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Nothing]) -> Response:
    """Every session of the colleague ends."""
    municipality = _sent(session, actor, form)
    colleagues.sign_out(session, actor, municipality.id, id)
    return _done(request, municipality, "uitgelogd")


def _sent(session: Opened, actor: Actor, form: Form[Nothing]) -> Municipality:
    """Where this happens; raises DomainError for a button with something beside it."""
    municipality = _here(session, actor)
    if form.value is None:
        raise DomainError
    return municipality
