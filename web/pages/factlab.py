"""Factlab: preparing one, linking with everybody in the room, and what was counted."""

from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access.actor import Actor
from app.access.roles import Permission
from app.errors import Conflict, Invalid
from app.factlab import service
from app.factlab.models import Factlab
from app.factlab.schemas import NewFactlab, Sitting
from app.http import Opened
from app.places.models import Municipality
from web import forms
from web.forms import Form, Submitted, blank
from web.i18n import N_
from web.pages.desk_shell import at_desk, desk_page, own_municipality
from web.rendering import see_other
from web.session import Staff

router = APIRouter(prefix="/bureau/factlab")
HERE: Final = "/bureau/factlab"
forms.say(
    NewFactlab,
    titel=N_("Vul in waar het over gaat, bijvoorbeeld Hulp aan gezinnen."),
    deelnemers=N_("Vul twee tot en met zes organisaties in, iedere op een eigen regel."),
)
WRONG: Final = {
    "word": N_("Vul een woord in van 8 letters of meer. Wie erbij zit kiest het zelf."),
    "file": N_("Kies het bestand van deze organisatie."),
    "unreadable": N_("Dit bestand kunnen wij niet lezen. Het is een CSV met postcode, huisnummer en aantal."),
    "empty": N_("In dit bestand staat geen enkele goede regel."),
}


@router.get("", name="factlab.all")
def listed(request: Request, session: Opened, actor: Staff) -> Response:
    """What was counted before, and what is being prepared."""
    return _all(request, session, actor, blank())


def _all(request: Request, session: Opened, actor: Actor, form: Form[Any], status: int = 200) -> Response:
    municipality = own_municipality(session, actor, Permission.SEE_FIGURES)
    return desk_page(
        request,
        actor,
        "factlab/all.html",
        status=status,
        municipality=municipality,
        rows=service.listed(session, actor, municipality.id),
        may_change=_may_change(actor, municipality.id),
        form=form,
        at=_at(request, municipality),
    )


def _may_change(actor: Actor, municipality_id: int) -> bool:
    return municipality_id in actor.reach(Permission.CHANGE_SETTINGS)


@router.post("", name="factlab.prepare")
def prepare(request: Request, session: Opened, actor: Staff, form: Submitted[NewFactlab]) -> Response:
    """Who takes part, and in what."""
    municipality = own_municipality(session, actor, Permission.CHANGE_SETTINGS)
    if form.value is None:
        return _all(request, session, actor, form, 422)
    row = service.prepare(session, actor, municipality.id, form.value)
    return see_other(_at(request, municipality)(f"/{row.id}"))


@router.get("/{id}", name="factlab.show")
def show(request: Request, session: Opened, actor: Staff, id: UUID) -> Response:
    """The counts; or, before they are there, the form for the sitting."""
    return _one(request, session, actor, service.get(session, actor, id), blank())


def _one(
    request: Request, session: Opened, actor: Actor, row: Factlab, form: Form[Any], status: int = 200
) -> Response:
    municipality = own_municipality(session, actor, Permission.SEE_FIGURES)
    counted = service.counted(row)
    return desk_page(
        request,
        actor,
        "factlab/show.html" if counted else "factlab/sitting.html",
        status=status,
        municipality=municipality,
        row=row,
        counted=counted,
        form=form,
        may_change=_may_change(actor, row.municipality_id),
        wrong=request.query_params.get("fout", "")[:200],
        at=_at(request, municipality),
    )


@router.post("/{id}/koppeling", name="factlab.link")
def link(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Sitting]) -> Response:
    """Link what everybody brought. Files and words are gone with this answer, right or wrong."""
    row = service.get(session, actor, id)
    municipality = own_municipality(session, actor, Permission.CHANGE_SETTINGS)
    words = form.value.words if form.value is not None else []
    here = _at(request, municipality)(f"/{id}")
    if not words:
        return _one(request, session, actor, row, _again(form), 422)
    files = [request.state.typed.files.get(f"bestand{place}", b"") for place in range(len(row.partners))]
    try:
        _, read = service.link(session, actor, id, files, words)
    except Conflict:
        return see_other(here)
    except Invalid as error:
        for name, code in (error.details or {}).items():
            form.refuse(name, WRONG[str(code)])
        return _one(request, session, actor, row, _again(form), 422)
    wrong = "-".join(str(one.wrong) for one in read)
    return see_other(f"{here}{'&' if '?' in here else '?'}fout={wrong}")


def _again(form: Form[Any]) -> Form[Any]:
    """What is wrong stays; the words do not: nobody reads them over a shoulder."""
    return replace(form, values={})


def _at(request: Request, municipality: Municipality) -> Any:
    def address(path: str = "") -> str:
        return at_desk(request, f"{HERE}{path}", municipality)

    return address
