"""Mensen om te bezoeken: who asks nothing and may be glad of somebody at the door."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access.actor import Actor
from app.access.roles import Permission
from app.casework import visits
from app.casework.models import Visit, VisitWhy
from app.casework.visits import NewVisit, VisitDone
from app.clock import today
from app.http import Opened
from web import dutch, forms, i18n
from web.desk_forms import attempted
from web.forms import Form, Submitted, blank
from web.i18n import N_, translate
from web.pages.desk_shell import desk_page, own_municipality, person_of
from web.rendering import see_other
from web.session import Staff

router = APIRouter(prefix="/bureau")
HERE: Final = "/bureau/bezoeken"
WHY: Final = {
    VisitWhy.SHY: N_("vraagt niet graag om hulp"),
    VisitWhy.SILENT: N_("al lang niets gehoord"),
    VisitWhy.AFTER: N_("er is iets gebeurd"),
    VisitWhy.TIP: N_("iemand wees ons erop"),
    VisitWhy.NEW: N_("woont hier nog niet lang"),
}
REFUSALS: Final = {
    "on-the-list": N_("Deze bewoner staat al op de lijst."),
    "visited-already": N_("Een collega schreef dit bezoek net op."),
}
forms.say(
    NewVisit,
    waarom=N_("Kies waarom u langsgaat."),
    vanaf=N_("Kies vanaf welke dag."),
    **{"past": N_("Kies vandaag of een dag die nog komt."), "too-far": N_("Kies een dag binnen een jaar.")},
)
forms.say(VisitDone, uitkomst=N_("Schrijf in een paar woorden hoe het was."))


@router.get("/bezoeken", name="desk.visits")
def every(request: Request, session: Opened, actor: Staff) -> Response:
    """Everybody on the list, the first day first."""
    municipality = own_municipality(session, actor, Permission.MODERATE_REQUEST)
    rows = visits.waiting(session, actor, municipality.id)
    day, lang = today(session), i18n.language(request)
    return desk_page(request, actor, "desk/visits.html", rows=[_row(row, day, lang) for row in rows])


def _row(row: Visit, day: date, lang: str) -> dict[str, Any]:
    return {
        "row": row,
        "why": translate(lang, WHY[row.why]),
        "when": dutch.day(row.visit_on, lang),
        "now": row.visit_on <= day,
    }


@router.get("/bezoeken/{visit_id}", name="desk.visit")
def one(request: Request, session: Opened, actor: Staff, visit_id: UUID) -> Response:
    """Why somebody is on the list, and what came of it."""
    return _visit(request, session, actor, visit_id, blank())


def _visit(
    request: Request, session: Opened, actor: Actor, visit_id: UUID, form: Form[Any], *, status: int = 200
) -> Response:
    row = visits.get(session, actor, visit_id)
    person = person_of(session, actor, Permission.MODERATE_REQUEST, row.person_id)
    return desk_page(
        request, actor, "desk/visit.html", status=status, form=form, person=person,
        item=_row(row, today(session), i18n.language(request)),
    )  # fmt: skip


@router.post("/bezoeken/{visit_id}", name="desk.visit.done")
def done(
    request: Request, session: Opened, actor: Staff, visit_id: UUID, form: Submitted[VisitDone]
) -> Response:
    """Somebody was there."""
    status = attempted(session, form, lambda said: visits.done(session, actor, visit_id, said), REFUSALS)
    return (
        see_other(HERE) if status == 303 else _visit(request, session, actor, visit_id, form, status=status)
    )


@router.get("/mensen/{id}/bezoek", name="desk.visit.new")
def ask(request: Request, session: Opened, actor: Staff, id: UUID) -> Response:
    """Put somebody on the list."""
    return _new(request, session, actor, id, blank(vanaf=today(session).isoformat()))


def _new(
    request: Request, session: Opened, actor: Actor, id: UUID, form: Form[Any], *, status: int = 200
) -> Response:
    lang = i18n.language(request)
    return desk_page(
        request, actor, "desk/visit_new.html", status=status, form=form,
        person=person_of(session, actor, Permission.MODERATE_REQUEST, id),
        reasons=[(one.value, translate(lang, name)) for one, name in WHY.items()],
        before=[
            (dutch.day(row.asked_at, lang), translate(lang, WHY[row.why]), row.outcome)
            for row in visits.of_person(session, actor, id)
        ],
    )  # fmt: skip


@router.post("/mensen/{id}/bezoek", name="desk.visit.plan")
def plan(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[NewVisit]) -> Response:
    """On the list from now on."""
    status = attempted(session, form, lambda new: visits.plan(session, actor, id, new), REFUSALS)
    return see_other(HERE) if status == 303 else _new(request, session, actor, id, form, status=status)
