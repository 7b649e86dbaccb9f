"""Cheques at the provider's: scanned or typed, what came in, and what was paid for them."""

from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access.actor import Actor
from app.cheques import handing_in, payouts
from app.cheques.schemas import HandingOfCheque
from app.errors import DomainError, NotFound
from app.http import Opened
from app.looks import dress
from app.places import service as places
from app.treasury.words import INVOICES
from rewards.errors import MistypedSerial
from rewards.serials import read_serial
from web import documents, dutch, i18n
from web.forms import Form, Submitted
from web.i18n import N_, translate
from web.in_address import Number
from web.paper_forms import fresh, refused, status_of
from web.rendering import page, see_other
from web.session import SignedIn, Visitor

router = APIRouter()
HERE: Final = "/cheques"


@router.get(HERE, name="cheques.mine")
def mine(request: Request, session: Opened, actor: SignedIn) -> Response:
    """One's own organisation's cheques, and handing one in."""
    return _mine(request, session, actor, fresh())


def _mine(request: Request, session: Opened, actor: Actor, form: Form[Any], status: int = 200) -> Response:
    providers = handing_in.mine(session, actor)
    if not providers:
        raise NotFound
    lang = i18n.language(request)
    return page(
        request,
        "cheques/provider.html",
        status=status,
        form=form,
        books=[handing_in.book(session, provider) for provider in providers],
        takes=[
            (str(one.organisation_id), one.organisation.name) for one in providers if one.ended_at is None
        ],
        times=[
            (str(time.occurrence.id), _time(time, lang)) for time in handing_in.open_times(session, actor)
        ],
        taken=request.query_params.get("ingeleverd", ""),
        standings=INVOICES,
    )


def _time(time: handing_in.OpenTime, lang: str) -> str:
    row = time.occurrence
    return translate(
        lang,
        N_("%(title)s bij %(name)s, %(day)s: %(given)s van %(needed)s cheques"),
        title=row.agreement.help_request.title,
        name=row.asker.first_name,
        day=dutch.day(row.starts_at, lang),
        given=time.given,
        needed=time.needed,
    )


@router.post(HERE, name="cheques.hand_in")
def hand_in(request: Request, session: Opened, actor: SignedIn, form: Submitted[HandingOfCheque]) -> Response:
    """Take a cheque; of two who try at once one is too late."""
    if form.value is None:
        return _mine(request, session, actor, form, 422)
    try:
        taken = handing_in.hand_in(session, actor, form.value)
    except NotFound:
        raise
    except DomainError as error:
        return _mine(request, session, actor, refused(form, error), status_of(error))
    paid = "betaald" if taken.needed and taken.given >= taken.needed else "ja"
    return see_other(f"{HERE}?ingeleverd={paid}")


@router.get("/cheque/{code}", name="cheques.scanned")
def scanned(request: Request, session: Opened, actor: Visitor, code: str) -> Response:
    """Where a cheque's QR code leads. Nothing is looked up or changed before the button is pressed."""
    try:
        written = read_serial(code).text
    except MistypedSerial:
        raise NotFound from None
    open_ones = [one for one in _providers(session, actor) if one.ended_at is None]
    return page(
        request,
        "cheques/scanned.html",
        headers={"Referrer-Policy": "same-origin", "Cache-Control": "no-store"},
        code=written,
        takes=[(str(one.organisation_id), one.organisation.name) for one in open_ones],
        times=[
            (str(time.occurrence.id), _time(time, i18n.language(request)))
            for time in (handing_in.open_times(session, actor) if open_ones else ())
        ],
        form=fresh(code=written),
    )


def _providers(session: Opened, actor: Actor) -> list[Any]:
    return list(handing_in.mine(session, actor)) if actor.signed_in else []


@router.get("/cheques/uitbetalingen/{batch}", name="cheques.statement")
def statement(request: Request, session: Opened, actor: SignedIn, batch: Number) -> Response:
    """What was paid, and for the cheques of which months."""
    found = payouts.statement(session, actor, batch)
    return page(request, "cheques/statement.html", statement=found, standings=INVOICES)


@router.get("/cheques/uitbetalingen/{batch}/overzicht.pdf", name="cheques.statement_pdf")
def statement_pdf(request: Request, session: Opened, actor: SignedIn, batch: Number) -> Response:
    """The same on paper."""
    found = payouts.statement(session, actor, batch)
    municipality = places.municipality(session, found.provider.municipality_id)
    made = documents.pdf(
        "cheques/statement_pdf.html", lang=i18n.language(request), statement=found, standings=INVOICES,
        place=municipality.name,
        dress=dress.of(session, municipality.id),
    )  # fmt: skip
    return documents.download(made, f"uitbetaling-{found.number}.pdf")
