"""Inlezen: a file of people, offers or organisations, first as a rehearsal, with what is wrong by line."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from app.access.actor import Actor
from app.access.roles import Permission
from app.http import Opened
from app.imports import lines, service
from app.imports.lines import NotAFile, OfferLine, OrganisationLine, PersonLine
from app.imports.models import ImportKind
from app.schemas import Incoming
from app.tables import CSV_TYPE, Table, csv_pieces
from web import forms, i18n
from web.forms import Form, Submitted, blank
from web.i18n import N_, translate
from web.pages.desk_shell import at_desk, desk_page, own_municipality
from web.pages.treasury import download
from web.rendering import see_other
from web.session import Staff

router = APIRouter(prefix="/gemeente/inlezen")
HERE: Final = "/gemeente/inlezen"
FILE: Final = "bestand"
SHOWN: Final = 200
KINDS: Final[dict[ImportKind, tuple[str, type[BaseModel]]]] = {
    ImportKind.PEOPLE: (N_("Mensen"), PersonLine),
    ImportKind.ORGANISATIONS: (N_("Organisaties"), OrganisationLine),
    ImportKind.OFFERS: (N_("Aanbod van hulp"), OfferLine),
}
REASONS: Final = {
    "missing": N_("Dit is niet ingevuld."),
    "wrong": N_("Dit kunnen wij niet lezen."),
    "elsewhere": N_("Deze postcode ligt niet in uw gemeente."),
    "twice": N_("Dezelfde staat al eerder in het bestand."),
    "unknown": N_("Dit soort hulp kennen wij niet."),
    "nobody": N_("Bij dit e-mailadres hoort hier niemand. Lees eerst de mensen in."),
    "too-long": N_("Dit is te lang."),
    "too-many": N_("Het bestand is te lang. Verdeel het in delen."),
    "too-many-cells": N_("Er staan meer vakjes op deze regel dan in de kop."),
    "unreadable": N_("Deze regel kunnen wij niet lezen."),
}
NO_FILE: Final = {
    "none": N_("Kies een bestand."),
    "no-text": N_("Dit is geen CSV. Bewaar uw bestand als CSV en probeer het opnieuw."),
    "columns-missing": N_("In de eerste regel missen kolommen. Hieronder staat welke nodig zijn."),
    "columns-twice": N_("Een kolom staat twee keer in de eerste regel."),
}


class NewImport(Incoming):
    """What the lines are, and that the people know of it; the file comes beside it."""

    kind: Annotated[ImportKind, Field(alias="soort")]
    told: Annotated[bool, Field(alias="weten")] = False


forms.say(NewImport, soort=N_("Kies wat er in het bestand staat."))


@router.get("", name="imports.all")
def ask(request: Request, session: Opened, actor: Staff) -> Response:
    """The form, and what was read before."""
    return _all(request, session, actor, blank())


def _all(request: Request, session: Opened, actor: Actor, form: Form[Any], status: int = 200) -> Response:
    municipality = own_municipality(session, actor, Permission.CHANGE_SETTINGS)
    lang = i18n.language(request)
    return desk_page(
        request,
        actor,
        "imports/all.html",
        status=status,
        municipality=municipality,
        form=form,
        rows=service.listed(session, actor, municipality.id),
        kinds={kind: translate(lang, name) for kind, (name, _) in KINDS.items()},
        columns=[
            (translate(lang, name), lines.NEEDED[model], lines.COLUMNS[model])
            for name, model in KINDS.values()
        ],
        at=lambda path="": at_desk(request, f"{HERE}{path}", municipality),
    )


@router.post("", name="imports.read")
def read(request: Request, session: Opened, actor: Staff, form: Submitted[NewImport]) -> Response:
    """A rehearsal, or in earnest; either way what was wrong is told by line. The file itself is not kept."""
    municipality = own_municipality(session, actor, Permission.CHANGE_SETTINGS)
    typed = getattr(request.state, "typed", None)
    content: bytes = typed.files.get(FILE, b"") if typed is not None else b""
    if form.value is None:
        return _all(request, session, actor, form, 422)
    rehearsal = form.button != "lees"
    if not content:
        form.refuse(FILE, NO_FILE["none"])
    if not rehearsal and not form.value.told:
        form.refuse("weten", N_("Vertel de mensen eerst dat hun gegevens hierheen gaan."))
    if form.errors:
        return _all(request, session, actor, form, 422)
    try:
        row = service.run(session, actor, municipality.id, form.value.kind, content, rehearsal=rehearsal)
    except NotAFile as wrong:
        form.refuse(FILE, NO_FILE[wrong.code])
        return _all(request, session, actor, form, 422)
    return see_other(at_desk(request, f"{HERE}/{row.id}", municipality))


@router.get("/{id}", name="imports.show")
def show(request: Request, session: Opened, actor: Staff, id: UUID) -> Response:
    """How many lines were right, and what is wrong with the others."""
    municipality = own_municipality(session, actor, Permission.CHANGE_SETTINGS)
    row = service.get(session, actor, id)
    lang = i18n.language(request)
    return desk_page(
        request,
        actor,
        "imports/show.html",
        municipality=municipality,
        row=row,
        kind=translate(lang, KINDS[row.kind][0]),
        faults=[
            (line, column, translate(lang, REASONS.get(code, REASONS["wrong"])))
            for line, column, code in row.faults[:SHOWN]
        ],
        at=lambda path="": at_desk(request, f"{HERE}{path}", municipality),
    )


@router.get("/{id}/fouten.csv", name="imports.faults")
def faults(request: Request, session: Opened, actor: Staff, id: UUID) -> Response:
    """Every fault that is kept, to mend the file with."""
    row = service.get(session, actor, id)
    lang = i18n.language(request)
    told = [
        (line, column, translate(lang, REASONS.get(code, REASONS["wrong"])))
        for line, column, code in row.faults
    ]
    table = Table("Fouten", ("regel", "kolom", "wat er mis is"), told)
    return download(csv_pieces(table), CSV_TYPE, f"fouten-{row.made_at:%Y-%m-%d}.csv")
