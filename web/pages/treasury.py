"""De maand: what the books say of it, whether that adds up, files of it, and closing it for good."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import partial
from tempfile import SpooledTemporaryFile
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.background import BackgroundTask
from starlette.responses import Response, StreamingResponse

from app.access.actor import Actor
from app.access.roles import Permission
from app.errors import Conflict, NotFound
from app.http import Opened
from app.looks import dress
from app.places.models import Municipality
from app.schemas import Nothing
from app.tables import CSV_TYPE, csv_pieces
from app.treasury import exports, months
from app.treasury.months import Books
from web import i18n, month_paper, treasury_words
from web.forms import Form, Submitted, blank
from web.pages.desk_shell import at_desk, desk_page, own_municipality
from web.rendering import see_other
from web.session import Staff

router = APIRouter(prefix="/bureau/maand")
HERE: Final = "/bureau/maand"
MONTH: Final = re.compile(r"(2\d{3})-(0[1-9]|1[0-2])")
IN_MEMORY: Final = 1024 * 1024
PIECE: Final = 64 * 1024


@router.get("", name="treasury.now")
def latest(request: Request, session: Opened, actor: Staff) -> Response:
    """The month to close, or the one that runs when none is to be closed."""
    municipality = own_municipality(session, actor, Permission.SEE_LEDGER)
    every = months.listed(session, actor, municipality.id)
    if not every:
        return desk_page(request, actor, "treasury/none.html", municipality=municipality)
    done = [one for one in every if one.closed_at is None]
    to_close = done[-1].month if done else every[0].month
    return _show(request, session, actor, municipality, to_close)


@router.get("/{month}", name="treasury.month")
def show(request: Request, session: Opened, actor: Staff, month: str) -> Response:
    """One month, open or closed."""
    municipality = own_municipality(session, actor, Permission.SEE_LEDGER)
    return _show(request, session, actor, municipality, month_of(month))


def _show(
    request: Request, session: Opened, actor: Actor, municipality: Municipality, month: date
) -> Response:
    lang = i18n.language(request)
    books = months.read(session, actor, municipality.id, month)
    return desk_page(
        request,
        actor,
        "treasury/month.html",
        municipality=municipality,
        books=books,
        shown=treasury_words.books(books, lang),
        every=months.listed(session, actor, municipality.id),
        may_close=municipality.id in actor.reach(Permission.CLOSE_MONTH),
        closed_now="afgesloten" in request.query_params,
        at=_at(request, municipality),
    )


@router.get("/{month}/afsluiten", name="treasury.closing")
def ask(request: Request, session: Opened, actor: Staff, month: str) -> Response:
    """What closing means, before it is done."""
    municipality = own_municipality(session, actor, Permission.CLOSE_MONTH)
    return _ask(request, session, actor, (municipality, month_of(month)), blank())


def _ask(
    request: Request, session: Opened, actor: Actor, which: tuple[Municipality, date], form: Form[Any],
    status: int = 200,
) -> Response:  # fmt: skip
    municipality, month = which
    books = months.read(session, actor, municipality.id, month)
    return desk_page(
        request,
        actor,
        "treasury/close.html",
        status=status,
        municipality=municipality,
        books=books,
        shown=treasury_words.books(books, i18n.language(request)),
        form=form,
        at=_at(request, municipality),
    )


@router.post("/{month}/afsluiten", name="treasury.close")
def close(request: Request, session: Opened, actor: Staff, month: str, form: Submitted[Nothing]) -> Response:
    """Close it. Sent twice, it is closed once."""
    municipality = own_municipality(session, actor, Permission.CLOSE_MONTH)
    first = month_of(month)
    if form.value is None:
        return _ask(request, session, actor, (municipality, first), form, 422)
    try:
        with session.begin_nested():
            months.close(session, actor, municipality.id, first)
    except Conflict as refused:
        form.errors[""] = treasury_words.refusal(refused.code, i18n.language(request))
        return _ask(request, session, actor, (municipality, first), form, 409)
    return see_other(_at(request, municipality)(f"/{month}", afgesloten="1"))


@router.get("/{month}/maand.{form}", name="treasury.file")
def file(session: Opened, actor: Staff, month: str, form: str) -> Response:
    """The figures as csv, xlsx, json or pdf; the workbook has every booking on a sheet of its own."""
    municipality = own_municipality(session, actor, Permission.SEE_LEDGER)
    if form not in exports.TYPES:
        raise NotFound
    books = months.read(session, actor, municipality.id, month_of(month))
    printed = partial(month_paper.printed, look=dress.of(session, municipality.id))
    pieces = exports.pieces(session.connection(), books, form, printed)
    return download(pieces, exports.TYPES[form], file_name(books, form))


@router.get("/{month}/boekingen.csv", name="treasury.bookings")
def bookings(session: Opened, actor: Staff, month: str) -> Response:
    """Every booking of the month under pseudonyms, however many there are."""
    municipality = own_municipality(session, actor, Permission.SEE_LEDGER)
    books = months.read(session, actor, municipality.id, month_of(month))
    pieces = csv_pieces(exports.bookings(session.connection(), books))
    return download(pieces, CSV_TYPE, file_name(books, "csv", "boekingen"))


def download(pieces: Iterable[bytes], media_type: str, name: str) -> Response:
    """A file that goes out piece by piece. It is made in this transaction, beyond a megabyte on disk."""
    kept = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed when it was sent
    for piece in pieces:
        kept.write(piece)
    kept.seek(0)

    def sent() -> Iterator[bytes]:
        while piece := kept.read(PIECE):
            yield piece

    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingResponse(
        sent(), media_type=media_type, headers=headers, background=BackgroundTask(kept.close)
    )


def file_name(books: Books, form: str, what: str = "maand") -> str:
    """``maand-1771-2026-10-geldrop-mierlo.csv``."""
    place = re.sub(r"[^a-z]+", "-", books.municipality.name.lower()).strip("-")
    return f"{what}-{books.municipality.id}-{books.month:%Y-%m}-{place}.{form}"


def month_of(typed: str) -> date:
    """The first day of the month in an address; NotFound for anything else."""
    found = MONTH.fullmatch(typed)
    if found is None:
        raise NotFound
    return date(int(found[1]), int(found[2]), 1)


def _at(request: Request, municipality: Municipality) -> Any:
    """Addresses below this page that stay at this very desk."""

    def address(path: str = "", **query: str) -> str:
        base = at_desk(request, f"{HERE}{path}", municipality)
        said = "&".join(f"{name}={value}" for name, value in query.items())
        return f"{base}{'&' if '?' in base else '?'}{said}" if said else base

    return address
