"""Verdeel opnieuw: share out the whole region, look at it, and take it over in whole or in part."""

from dataclasses import replace
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from app.access.actor import Actor
from app.access.roles import Permission
from app.clock import now
from app.distribution import accept, service
from app.distribution.accept import Expired, Taken
from app.distribution.models import Occasion
from app.errors import DomainError
from app.http import Opened
from app.schemas import Incoming, Nothing
from app.text import Typed
from web import i18n
from web.distribution_words import preview
from web.forms import Form, Submitted, blank
from web.i18n import N_
from web.pages.desk_shell import at_desk, desk_page, own_municipality
from web.rendering import see_other
from web.session import Staff

router = APIRouter(prefix="/bureau/verdelen")
HERE: Final = "/bureau/verdelen"
ALL, CHOSEN, ASIDE = "alles", "gekozen", "opzij"


class Choice(Incoming):
    """Which lines were ticked, and why they are laid aside if they are."""

    lines: Annotated[list[UUID], Field(alias="regel", max_length=390)] = []
    reason: Annotated[Annotated[str, Typed(400)] | None, Field(alias="reden")] = None


@router.get("", name="distribution.all")
def every(request: Request, session: Opened, actor: Staff) -> Response:
    """The button, and the runs of the last days."""
    municipality = own_municipality(session, actor, Permission.PROPOSE)
    runs = service.latest(session, actor, municipality.id)
    return desk_page(
        request,
        actor,
        "distribution/all.html",
        municipality=municipality,
        make_at=at_desk(request, HERE, municipality),
        runs=runs,
        moment=now(session),
        night=Occasion.NIGHT,
    )


@router.post("", name="distribution.make")
def make(session: Opened, actor: Staff, form: Submitted[Nothing]) -> Response:
    """Share out the region as it stands now."""
    if form.value is None:
        raise DomainError
    municipality = own_municipality(session, actor, Permission.PROPOSE)
    return see_other(f"{HERE}/{service.make(session, actor, municipality.id).id}")


@router.get("/{id}", name="distribution.show")
def show(request: Request, session: Opened, actor: Staff, id: UUID) -> Response:
    """Who gets whom, who stays without, and why."""
    return _show(request, session, actor, id, blank())


def _show(
    request: Request, session: Opened, actor: Actor, id: UUID, form: Form[Any], **more: Any
) -> Response:
    """``more`` may hold the ``status``, and what was ``taken`` a moment ago."""
    run = service.get(session, actor, id)
    context: dict[str, Any] = {
        "run": run,
        "make_at": at_desk(request, HERE, run.municipality),
        "seen": preview(run, service.asked_now(session, run), i18n.language(request)),
        "expired": run.expires_at <= now(session),
        "form": form,
        "taken": None,
        "night": run.occasion is Occasion.NIGHT,
    }
    return desk_page(request, actor, "distribution/show.html", **(context | more))


@router.post("/{id}", name="distribution.decide")
def decide(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Choice]) -> Response:
    """Take over all, take over what was ticked, or lay that aside. What no longer holds is told beside its line."""
    service.get(session, actor, id)
    if form.value is None:
        return _show(request, session, actor, id, form, status=422)
    if form.button != ALL and not form.value.lines:
        form.refuse("regel", N_("Vink eerst aan waar het om gaat."))
        return _show(request, session, actor, id, form, status=422)
    try:
        taken = _decide(session, actor, id, form.button, form.value)
    except Expired:
        form.refuse("", N_("Dit voorstel is ouder dan een dag. Verdeel opnieuw."))
        return _show(request, session, actor, id, form, status=409)
    others = [line for line in taken.before if line.decided_by_id != actor.person_id] if taken else []
    if taken is not None and (taken.stale or others):
        session.flush()
        return _show(request, session, actor, id, blank(), taken=replace(taken, before=others))
    return see_other(f"{HERE}/{id}")


def _decide(session: Opened, actor: Actor, id: UUID, button: str, choice: Choice) -> Taken | None:
    if button == ASIDE:
        accept.refuse(session, actor, id, choice.lines, choice.reason or "")
        return None
    return accept.accept(session, actor, id, None if button == ALL else choice.lines)
