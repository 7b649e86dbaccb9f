"""De facturen: what is owed for cheques between municipalities and to providers, and paying it with two people."""

from datetime import date
from typing import Annotated, Any, Final

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from app.access.actor import Actor
from app.access.roles import Permission
from app.errors import Conflict, Invalid, NotFound
from app.http import Opened
from app.looks import dress
from app.schemas import Incoming, Nothing
from app.tables import CSV_TYPE, csv_pieces
from app.treasury import invoices, invoicing, words
from app.treasury.calendar import last_month
from app.treasury.invoicing import Invoice, Taken
from rewards.invoices import State
from rewards.types import Reason
from web import documents, i18n, month_paper, treasury_words
from web.forms import Form, Submitted, blank, say
from web.i18n import N_, translate
from web.in_address import Number
from web.pages.desk_shell import at_desk, desk_page, own_municipality
from web.pages.treasury import download
from web.rendering import see_other
from web.session import Staff

router = APIRouter(prefix="/bureau/facturen")
HERE: Final = "/bureau/facturen"
PICK: Final = N_("Kies wat er niet klopt.")
DAY: Final = N_("Vul de dag in waarop er betaald is. Dat kan niet na vandaag zijn.")


class Stepped(Incoming):
    """On which day it was paid, or why something is taken back; the button says which step it is."""

    paid_on: Annotated[date | None, Field(alias="betaaldatum")] = None
    reason: Annotated[Reason | None, Field(alias="reden")] = None


say(Stepped, betaaldatum=DAY, reden=PICK)


@router.get("", name="invoices.list")
def show(request: Request, session: Opened, actor: Staff) -> Response:
    """What is on no invoice yet, what is open, and what is paid."""
    return _show(request, session, actor, blank())


def _show(request: Request, session: Opened, actor: Actor, form: Form[Any], status: int = 200) -> Response:
    municipality = own_municipality(session, actor, Permission.SEE_LEDGER)
    every, month = invoicing.listed(session, actor, municipality.id), last_month(session)
    still = [one for one in every if one.row.is_open]
    return desk_page(
        request,
        actor,
        "treasury/invoices.html",
        status=status,
        municipality=municipality,
        month=month,
        waiting=invoicing.waiting(session, actor, municipality.id, month),
        open=still,
        we_owe=sum(one.row.cents for one in still if one.we_pay),
        we_get=sum(one.row.cents for one in still if not one.we_pay),
        done=[one for one in every if not one.row.is_open],
        may_act=municipality.id in actor.reach(Permission.PAY_OUT_CHEQUES),
        made="gemaakt" in request.query_params,
        form=form,
        make_at=at_desk(request, HERE, municipality),
        file_at=at_desk(request, f"{HERE}/facturen.csv", municipality),
    )


@router.post("", name="invoices.make")
def make(request: Request, session: Opened, actor: Staff, form: Submitted[Nothing]) -> Response:
    """Make the invoices of the month that ended last; again makes nothing new."""
    municipality = own_municipality(session, actor, Permission.PAY_OUT_CHEQUES)
    if form.value is None:
        return _show(request, session, actor, form, 422)
    try:
        with session.begin_nested():
            invoicing.make(session, actor, municipality.id, last_month(session))
    except Conflict as refused:
        form.errors[""] = treasury_words.refusal(refused.code, i18n.language(request))
        return _show(request, session, actor, form, 409)
    return see_other(f"{HERE}?gemaakt=1")


@router.get("/facturen.csv", name="invoices.csv")
def every_one(session: Opened, actor: Staff) -> Response:
    """All invoices, open and paid, as a file."""
    municipality = own_municipality(session, actor, Permission.SEE_LEDGER)
    every = invoicing.listed(session, actor, municipality.id)
    return download(csv_pieces(invoices.listed(every)), CSV_TYPE, f"facturen-{municipality.id}.csv")


@router.get("/{id}", name="invoices.show")
def one_of_them(request: Request, session: Opened, actor: Staff, id: Number) -> Response:
    """One invoice: its lines, what happened, and what may be done now."""
    return _one(request, session, actor, id, blank())


def _one(
    request: Request, session: Opened, actor: Actor, id: int, form: Form[Any], status: int = 200
) -> Response:
    municipality = own_municipality(session, actor, Permission.SEE_LEDGER)
    lang = i18n.language(request)
    return desk_page(
        request,
        actor,
        "treasury/invoice.html",
        status=status,
        municipality=municipality,
        one=invoicing.get(session, actor, municipality.id, id),
        said=lambda step: _said(step, lang),
        why=treasury_words.WHY,
        reasons=[(reason.value, translate(lang, treasury_words.WHY[reason])) for reason in invoicing.WHY],
        form=form,
        act_at=at_desk(request, f"{HERE}/{id}", municipality),
        file_at=lambda kind: at_desk(request, f"{HERE}/{id}/factuur.{kind}", municipality),
    )


@router.post("/{id}", name="invoices.step")
def step(request: Request, session: Opened, actor: Staff, id: Number, form: Submitted[Stepped]) -> Response:
    """Take the step of the button that was pressed."""
    municipality = own_municipality(session, actor, Permission.PAY_OUT_CHEQUES)
    before = invoicing.get(session, actor, municipality.id, id)
    state = next((state for state in before.acts if state == form.button), None)
    if form.value is not None and state is not None:
        _check(form, before, state)
    if form.button not in set(State):
        form.refuse("", N_("Kies wat u wilt doen."))
    if form.value is None:
        return _one(request, session, actor, id, form, 422)
    try:
        with session.begin_nested():
            invoicing.step(
                session, actor, municipality.id, id, State(form.button),
                paid_on=form.value.paid_on, reason=form.value.reason,
            )  # fmt: skip
    except Invalid as refused:
        form.refuse(next(iter(refused.details)), DAY if "betaaldatum" in refused.details else PICK)
        return _one(request, session, actor, id, form, 422)
    except Conflict as refused:
        form.errors[""] = treasury_words.refusal(refused.code, i18n.language(request))
        return _one(request, session, actor, id, form, 409)
    return see_other(at_desk(request, f"{HERE}/{id}", municipality))


def _check(form: Form[Stepped], before: Invoice, state: State) -> None:
    """A day with a payment, a reason with what is taken back, so that the field is named."""
    if form.value is None:
        return
    takes_back = state in (State.DISPUTED, State.WITHDRAWN) or before.row.state is State.PAID
    if state is State.REPORTED and form.value.paid_on is None:
        form.refuse("betaaldatum", DAY)
    elif takes_back and form.value.reason not in invoicing.WHY:
        form.refuse("reden", PICK)


@router.get("/{id}/factuur.{kind}", name="invoices.file")
def file(request: Request, session: Opened, actor: Staff, id: Number, kind: str) -> Response:
    """The invoice as csv or pdf."""
    municipality = own_municipality(session, actor, Permission.SEE_LEDGER)
    found = invoicing.get(session, actor, municipality.id, id)
    if kind not in ("csv", "pdf"):
        raise NotFound
    name = f"factuur-{found.row.number}.{kind}"
    if kind == "pdf":
        look = dress.of(session, found.row.payee_id or found.row.payer_id)
        return documents.download(month_paper.invoice(found, i18n.language(request), look), name)
    return download(csv_pieces(invoices.table(found)), CSV_TYPE, name)


def _said(step: Taken, lang: str) -> str:
    """What a step did, in the reader's language."""
    if step.takes_back:
        return translate(lang, N_("betaling teruggeboekt") if step.reason else N_("toch niet betaald"))
    return translate(lang, words.INVOICES[step.state])
