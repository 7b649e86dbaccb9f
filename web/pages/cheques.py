"""Cheques at the desk: sold, brought back, and where and by whom that is done."""

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access.actor import Actor
from app.access.policy import found
from app.access.roles import Permission
from app.cheques import desks, selling
from app.cheques.schemas import Codes, LostPaper, NewSale, Returning, Undone
from app.errors import DomainError, NotFound
from app.http import Opened
from app.looks import dress
from app.places import service as places
from web import documents, forms, i18n
from web.forms import Form, Submitted
from web.in_address import Number
from web.pages.desk_shell import desk_page
from web.paper_forms import addresses, fresh, refused, status_of
from web.rendering import see_other
from web.session import Staff

router = APIRouter(prefix="/bureau/cheques")
HERE: Final = "/bureau/cheques"
OPENED_BY: Final = (Permission.SELL_CHEQUES, Permission.ARRANGE_CHEQUES, Permission.SEE_LEDGER)
DONE: Final = frozenset({"terug", "ongedaan", "kwijt"})
SELL, BACK, LOST = "verkopen", "terug", "kwijt"


@router.get("", name="cheques.desk")
def show(request: Request, session: Opened, actor: Staff) -> Response:
    """Selling at one's own desks, and how it stands with all of them."""
    return _page(request, session, actor)


def _page(request: Request, session: Opened, actor: Actor, status: int = 200, **typed: Form[Any]) -> Response:
    """The page with one form that was typed, keyed by desk and act, and fresh ones beside it."""
    reach = next((places for places in map(actor.at_desk, OPENED_BY) if places), None)
    reach = reach or next((places for places in map(actor.reach, OPENED_BY) if places), frozenset())
    if not reach:
        raise NotFound
    municipality = places.municipality(session, min(reach))
    mine = desks.mine(session, actor)
    every = desks.of_municipality(session, actor, municipality.id)
    oversees = any(municipality.id in actor.reach(one) for one in OPENED_BY[1:])
    shown = every if oversees else [desk for desk in every if desk.id in {own.id for own in mine}]
    return desk_page(
        request,
        actor,
        "cheques/desk.html",
        status=status,
        municipality=municipality,
        mine=mine,
        tills=selling.tills(session, municipality.id, shown),
        sales=selling.sales(session, mine) if mine else [],
        arranges=municipality.id in actor.reach(Permission.ARRANGE_CHEQUES),
        pays=municipality.id in actor.reach(Permission.PAY_OUT_CHEQUES),
        cents=selling.CENTS,
        form=next(iter(typed.values()), forms.blank()),
        form_of=lambda desk, act: typed.get(f"{act}{desk.id.hex}") or fresh(),
        done=next(iter(DONE & set(request.query_params)), ""),
    )


def _again(
    request: Request, session: Opened, actor: Actor, form: Form[Any], at: tuple[str, UUID, int]
) -> Response:
    act, id, status = at
    return _page(request, session, actor, status, **{f"{act}{id.hex}": form})


@router.post("/{id}/verkopen", name="cheques.sell")
def sell(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[NewSale]) -> Response:
    """Cash in; the cheques are on the answer, and nowhere else."""
    desk = desks.own(session, actor, id)
    if form.value is None:
        return _again(request, session, actor, form, (SELL, id, 422))
    try:
        sold = selling.sell(session, actor, id, form.value.number, form.value.key)
    except DomainError as error:
        return _again(request, session, actor, refused(form, error), (SELL, id, status_of(error)))
    return desk_page(
        request,
        actor,
        "cheques/sold.html",
        desk=desk,
        sale=sold.sale,
        papers=addresses(request, "cheque", sold.papers),
        place=desks.municipality_name(session, desk.municipality_id),
        dress=dress.of(session, desk.municipality_id),
        qr=documents.qr,
        form=fresh(),
    )


@router.post("/{id}/pdf", name="cheques.pdf")
def pdf(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Codes]) -> Response:
    """The cheques that stand on the screen as a PDF; nothing is kept, so it works as long as that page is open."""
    desk = desks.own(session, actor, id)
    codes = found(form.value).codes
    papers = selling.printable(session, actor, id, codes)
    sale = selling.sale_of(session, actor, papers[0].number)
    made = documents.pdf(
        "cheques/cheques_pdf.html",
        lang=i18n.language(request),
        papers=addresses(request, "cheque", papers),
        sale=sale,
        place=desks.municipality_name(session, desk.municipality_id),
        dress=dress.of(session, desk.municipality_id),
    )
    return documents.download(made, f"cheques-{sale.id}.pdf")


@router.post("/{id}/terug", name="cheques.refund")
def refund(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Returning]) -> Response:
    """A cheque over the counter, 15 euro back."""
    desks.own(session, actor, id)
    if form.value is None:
        return _again(request, session, actor, form, (BACK, id, 422))
    try:
        selling.refund(session, actor, id, form.value.code, form.value.key)
    except DomainError as error:
        return _again(request, session, actor, refused(form, error), (BACK, id, status_of(error)))
    return see_other(f"{HERE}?terug=ja")


@router.post("/{id}/kwijt", name="cheques.lost")
def lost(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[LostPaper]) -> Response:
    """A cheque that is lost, by its number; found again it is worth nothing."""
    desks.own(session, actor, id)
    if form.value is None:
        return _again(request, session, actor, form, (LOST, id, 422))
    try:
        selling.refund_lost(session, actor, id, form.value.number, form.value.key)
    except DomainError as error:
        return _again(request, session, actor, refused(form, error), (LOST, id, status_of(error)))
    return see_other(f"{HERE}?kwijt=ja")


@router.get("/bonnen/{sale}", name="cheques.receipt")
def receipt(request: Request, session: Opened, actor: Staff, sale: Number) -> Response:
    """A sale at a desk of one's own: what was paid, and how it stands. No codes."""
    return _receipt(request, session, actor, sale, fresh())


def _receipt(
    request: Request, session: Opened, actor: Actor, sale: int, form: Form[Any], status: int = 200
) -> Response:
    made = selling.receipt(session, actor, sale)
    return desk_page(request, actor, "cheques/receipt.html", status=status, sale=made, form=form)


@router.get("/bonnen/{sale}/bon.pdf", name="cheques.receipt_pdf")
def receipt_pdf(request: Request, session: Opened, actor: Staff, sale: Number) -> Response:
    """The same on paper, for the buyer."""
    made = selling.receipt(session, actor, sale)
    place = desks.municipality_name(session, made.desk.municipality_id)
    look = dress.of(session, made.desk.municipality_id)
    paper = documents.pdf(
        "cheques/receipt_pdf.html", lang=i18n.language(request), dress=look, sale=made, place=place
    )
    return documents.download(paper, f"bon-{made.id}.pdf")


@router.post("/bonnen/{sale}/ongedaan", name="cheques.undo")
def undo(request: Request, session: Opened, actor: Staff, sale: Number, form: Submitted[Undone]) -> Response:
    """The papers never came out of the printer: all of it back."""
    made = selling.receipt(session, actor, sale)
    if form.value is None:
        return _receipt(request, session, actor, sale, form, 422)
    try:
        selling.undo(session, actor, made.desk.id, sale, form.value.key)
    except DomainError as error:
        return _receipt(request, session, actor, sale, refused(form, error), status_of(error))
    return see_other(f"{HERE}?ongedaan=ja")
