"""A file of the social map, as CSV or HSDS: the desk brings it in, first as a rehearsal, and takes the map out."""

import re
from pathlib import Path
from typing import Annotated, Any, Final

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from app.access.actor import Actor
from app.access.roles import Permission
from app.categories import service as categories
from app.http import Opened
from app.schemas import Incoming, Slug
from app.social_map import csv_file, files
from app.social_map.files import CHANGED, NEW, SAME, Report
from app.social_map.lines import COLUMNS, Fault
from web import forms, i18n, social_map_words as words, words as common
from web.forms import Form, Submitted, blank
from web.i18n import N_, translate
from web.pages.desk_shell import at_desk, desk_page, own_municipality
from web.pages.imports import FILE, NO_FILE
from web.pages.treasury import download
from web.session import Staff

router = APIRouter(prefix="/voorzieningen/bestand")
HERE: Final = "/voorzieningen/bestand"
SHOWN: Final = 200


class NewFile(Incoming):
    """The category of a service that names none of ours; the file comes beside it."""

    otherwise: Annotated[Slug | None, Field(alias="anders")] = None


forms.say(NewFile, anders=N_("Kies een onderwerp uit de lijst."))


@router.get("/inlezen", name="social_map_files.ask")
def ask(request: Request, session: Opened, actor: Staff) -> Response:
    """The form, and which columns there are."""
    return _page(request, session, actor, blank())


@router.post("/inlezen", name="social_map_files.bring")
def bring(request: Request, session: Opened, actor: Staff, form: Submitted[NewFile]) -> Response:
    """What becomes of each line, with one mistake nothing at all. The same file once more changes nothing."""
    municipality = own_municipality(session, actor, Permission.KEEP_SOCIAL_MAP)
    typed = getattr(request.state, "typed", None)
    content: bytes = typed.files.get(FILE, b"") if typed is not None else b""
    if form.value is None:
        return _page(request, session, actor, form, 422)
    if not content:
        form.refuse(FILE, NO_FILE["none"])
        return _page(request, session, actor, form, 422)
    rehearsal = form.button != "lees"
    report = files.bring(
        session, actor, municipality.id, content, otherwise=form.value.otherwise or "", rehearsal=rehearsal
    )
    status = 422 if report.faults else 200
    return _page(request, session, actor, form, status, report=report, rehearsal=rehearsal)


def _page(  # noqa: PLR0913 - the form, and what became of it
    request: Request,
    session: Opened,
    actor: Actor,
    form: Form[Any],
    status: int = 200,
    *,
    report: Report | None = None,
    rehearsal: bool = True,
) -> Response:
    municipality = own_municipality(session, actor, Permission.KEEP_SOCIAL_MAP)
    lang = i18n.language(request)
    told = Report() if report is None else report
    return desk_page(
        request,
        actor,
        "social_map/file.html",
        status=status,
        municipality=municipality,
        form=form,
        report=report,
        rehearsal=rehearsal,
        counts={what: told.count(what) for what in (NEW, CHANGED, SAME)},
        faults=[(_number(one.at), one.field, _why(lang, one)) for one in told.faults[:SHOWN]],
        notes=[(_number(one.at), _why(lang, one)) for one in told.notes[:SHOWN]],
        done=[
            (_number(at), name, translate(lang, words.BECAME[what])) for at, what, name in told.done[:SHOWN]
        ],
        columns=COLUMNS,
        needed=csv_file.NEEDED,
        categories=common.category_choices(categories.every(session), lang),
        at=lambda path="": at_desk(request, f"{HERE}{path}", municipality),
    )


def _number(at: str) -> str:
    """The line or service at the end of a place; nothing for the file as a whole."""
    found = re.search(r"[0-9]+$", at)
    return found[0] if found else ""


def _why(lang: str, fault: Fault) -> str:
    """In words; for a cell that cannot be read what may stand there."""
    if fault.code == "wrong" and fault.field in words.MAY_BE:
        return translate(lang, words.MAY_BE[fault.field])
    return translate(lang, words.FILE_REASONS.get(fault.code, words.FILE_REASONS["wrong"]))


@router.get("/kaart.csv", name="social_map_files.as_csv")
def as_csv(session: Opened, actor: Staff) -> Response:
    """The map of this municipality as a file that the form reads back."""
    return _taken(session, actor, "kaart.csv", "text/csv; charset=utf-8")


@router.get("/kaart.json", name="social_map_files.as_json")
def as_json(session: Opened, actor: Staff) -> Response:
    """The same in the terms of HSDS, for another program."""
    return _taken(session, actor, "kaart.json", "application/json")


def _taken(session: Opened, actor: Actor, name: str, kind: str) -> Response:
    municipality = own_municipality(session, actor, Permission.KEEP_SOCIAL_MAP)
    text, _ = files.written(session, Path(name), {municipality.id})
    return download([text.encode()], kind, f"sociale-{name.replace('.', f'-{municipality.id}.')}")
