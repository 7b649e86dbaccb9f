"""Kringen: who helps whom, one's own yes or no, and the desk's list with the button that looks for more."""

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access.actor import Actor
from app.access.roles import Permission
from app.clock import now
from app.errors import DomainError
from app.http import Opened
from app.rings import answer, propose, service
from app.rings.answer import RingEnded
from app.schemas import Nothing
from web import i18n
from web.forms import Form, Submitted, blank
from web.i18n import N_
from web.pages.desk_shell import at_desk, desk_page, own_municipality
from web.rendering import page, see_other
from web.ring_words import desk_ring, my_ring
from web.session import SignedIn, Staff

router = APIRouter()
HERE: Final = "/mijn/kringen"
DESK: Final = "/bureau/kringen"


@router.get(HERE, name="rings.mine")
def mine(request: Request, session: Opened, actor: SignedIn) -> Response:
    """One's own rings, the newest first."""
    lang, moment = i18n.language(request), now(session)
    rings = [my_ring(ring, actor.person_id, lang, moment) for ring in service.mine(session, actor)]
    return page(request, "rings/mine.html", rings=rings)


@router.get(HERE + "/{id}", name="rings.show")
def show(request: Request, session: Opened, actor: SignedIn, id: UUID) -> Response:
    """Who helps whom, as a picture and in words."""
    return _show(request, session, actor, id)


def _show(
    request: Request,
    session: Opened,
    actor: Actor,
    id: UUID,
    form: Form[Any] | None = None,
    status: int = 200,
) -> Response:
    ring = my_ring(service.get(session, actor, id), actor.person_id, i18n.language(request), now(session))
    return page(request, "rings/show.html", status=status, ring=ring, form=form or blank())


@router.post(HERE + "/{id}/ja", name="rings.yes")
def say_yes(
    request: Request, session: Opened, actor: SignedIn, id: UUID, form: Submitted[Nothing]
) -> Response:
    """One's own yes; when it was just too late, the page says so."""
    return _answer(request, session, actor, id, form, answer.yes)


@router.post(HERE + "/{id}/nee", name="rings.no")
def say_no(
    request: Request, session: Opened, actor: SignedIn, id: UUID, form: Submitted[Nothing]
) -> Response:
    """A neutral no; nobody is told whose it was."""
    return _answer(request, session, actor, id, form, answer.no)


def _answer(
    request: Request, session: Opened, actor: Actor, id: UUID, form: Submitted[Nothing], act: Any
) -> Response:
    if form.value is None:
        raise DomainError
    try:
        act(session, actor, id)
    except RingEnded:
        form.refuse("", N_("Dit kan niet meer. Kijk hoe het nu is."))
        return _show(request, session, actor, id, form=form, status=409)
    return see_other(f"{HERE}/{id}")


@router.get(DESK, name="rings.desk")
def desk(request: Request, session: Opened, actor: Staff, gezocht: str = "") -> Response:
    """The rings of the municipality, and the button."""
    municipality = own_municipality(session, actor, Permission.PROPOSE)
    lang = i18n.language(request)
    rings = [desk_ring(ring, lang) for ring in service.of_desk(session, actor, municipality.id)]
    return desk_page(
        request,
        actor,
        "rings/desk.html",
        municipality=municipality,
        look_at=at_desk(request, DESK, municipality),
        rings=rings,
        search=service.newest_search(session, actor, municipality.id),
        looked=gezocht == "ja",
    )


@router.get(DESK + "/{id}", name="rings.at_desk")
def at_desk_one(request: Request, session: Opened, actor: Staff, id: UUID) -> Response:
    """One ring: each arc with the points that the engine gave it."""
    ring = desk_ring(service.of_a_desk(session, actor, id), i18n.language(request))
    return desk_page(request, actor, "rings/desk_ring.html", ring=ring)


@router.post(DESK, name="rings.look")
def look(session: Opened, actor: Staff, form: Submitted[Nothing]) -> Response:
    """Have the region looked through; a job does it."""
    if form.value is None:
        raise DomainError
    municipality = own_municipality(session, actor, Permission.PROPOSE)
    propose.ask(session, actor, municipality.id)
    return see_other(f"{DESK}?gezocht=ja")
