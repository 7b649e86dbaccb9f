"""Het panel: what people who get help said, and what became of it, for a municipality and for the region."""

from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access.actor import Actor
from app.access.roles import Permission
from app.clock import today
from app.errors import Conflict, Invalid, Stale
from app.http import Opened
from app.panel import service
from app.panel.models import PanelPoint, PointStatus
from app.panel.schemas import FollowUp, NewPoint
from app.reports import reading
from web import forms
from web.forms import Form, Submitted, blank
from web.i18n import N_
from web.pages.desk_shell import at_desk, desk_page, own_municipality, refusal
from web.panel_words import STATES
from web.rendering import see_other
from web.session import Staff

router = APIRouter()
HERE: Final = "/bureau/panel"
forms.say(
    NewPoint,
    titel=N_("Vul in wat het panel zei."),
    datum=N_("Vul de dag in waarop het panel dit zei, bijvoorbeeld vandaag."),
)
forms.say(
    FollowUp,
    stap=N_("Kies wat er gebeurt."),
    wie=N_("Vul in wie dit oppakt."),
    voor=N_("Vul in voor welke dag."),
    uitkomst=N_("Vul in wat ermee gedaan is, of waarom niet."),
)


@router.get(HERE, name="panel.all")
def listed(request: Request, session: Opened, actor: Staff) -> Response:
    """Every point: what is to do first."""
    return _all(request, session, actor, blank())


def _all(request: Request, session: Opened, actor: Actor, form: Form[Any], status: int = 200) -> Response:
    municipality = own_municipality(session, actor, Permission.SEE_FIGURES)
    rows = service.of_municipality(session, actor, municipality.id)
    return desk_page(
        request,
        actor,
        "panel/all.html",
        status=status,
        municipality=municipality,
        rows=rows,
        still=sum(row.status not in service.ENDED for row in rows),
        states=STATES,
        ended=service.ENDED,
        today=today(session),
        may_change=municipality.id in actor.reach(Permission.CHANGE_SETTINGS),
        form=form,
        at=lambda path="": at_desk(request, f"{HERE}{path}", municipality),
    )


@router.post(HERE, name="panel.write")
def write(request: Request, session: Opened, actor: Staff, form: Submitted[NewPoint]) -> Response:
    """Something that the panel said."""
    municipality = own_municipality(session, actor, Permission.CHANGE_SETTINGS)
    if form.value is None:
        return _all(request, session, actor, form, 422)
    try:
        service.write_down(session, actor, municipality.id, form.value)
    except Invalid as error:
        return _all(request, session, actor, form.refused(error), 422)
    return see_other(at_desk(request, HERE, municipality))


@router.get(HERE + "/{id}", name="panel.show")
def show(request: Request, session: Opened, actor: Staff, id: UUID) -> Response:
    """One point, and what to do with it."""
    row = service.get(session, actor, id)
    return _one(request, session, actor, row, blank(versie=row.version))


def _one(
    request: Request, session: Opened, actor: Actor, row: PanelPoint, form: Form[Any], status: int = 200
) -> Response:
    municipality = own_municipality(session, actor, Permission.SEE_FIGURES)
    return desk_page(
        request,
        actor,
        "panel/show.html",
        status=status,
        municipality=municipality,
        row=row,
        state=STATES[row.status],
        open=row.status not in service.ENDED,
        taken_up=row.status is PointStatus.TAKEN_UP,
        may_change=row.municipality_id in actor.reach(Permission.CHANGE_SETTINGS),
        form=form,
        at=lambda path="": at_desk(request, f"{HERE}{path}", municipality),
    )


@router.post(HERE + "/{id}", name="panel.follow_up")
def follow_up(
    request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[FollowUp]
) -> Response:
    """Taken up, done, or declined with a reason."""
    row = service.get(session, actor, id)
    municipality = own_municipality(session, actor, Permission.CHANGE_SETTINGS)
    if form.value is None:
        return _one(request, session, actor, row, form, 422)
    try:
        service.follow_up(session, actor, id, form.value)
    except Stale:
        form.refuse("", N_("Iemand anders veranderde dit net. Kijk het na en bewaar het opnieuw."))
        fresh = replace(form, values={**form.values, "versie": [str(row.version)]})
        return _one(request, session, actor, row, fresh, 409)
    except Invalid as error:
        return _one(request, session, actor, row, form.refused(error), 422)
    except Conflict as error:
        form.refuse("", refusal(request, error))
        return _one(request, session, actor, row, form, 409)
    return see_other(at_desk(request, HERE, municipality))


@router.get("/regio/panel", name="panel.region")
def region(request: Request, session: Opened, actor: Staff) -> Response:
    """How the points stand in every municipality."""
    return desk_page(
        request,
        actor,
        "panel/region.html",
        rows=service.of_region(session, actor),
        names=reading.names(session),
    )
