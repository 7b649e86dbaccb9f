"""Cheques at the municipality's: desks and sellers, organisations that take them, and what those have coming."""

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access.actor import Actor
from app.access.roles import Permission
from app.cheques import desks, payouts
from app.cheques.schemas import NewDesk, NewProvider, NewSeller, PayOut
from app.errors import Conflict, DomainError
from app.http import Opened
from app.schemas import Nothing
from app.treasury.calendar import names
from web import forms
from web.forms import Form, Submitted
from web.pages.desk_shell import desk_page, own_municipality
from web.paper_forms import fresh, refused, status_of
from web.rendering import see_other
from web.session import Staff

router = APIRouter(prefix="/bureau/cheques")
HERE: Final = "/bureau/cheques/verkooppunten"
PAYING: Final = "/bureau/cheques/uitbetalen"


@router.get("/verkooppunten", name="cheques.arrange")
def show(request: Request, session: Opened, actor: Staff) -> Response:
    """Desks, who sells there, and which organisations take cheques."""
    return _page(request, session, actor)


def _page(request: Request, session: Opened, actor: Actor, status: int = 200, **typed: Form[Any]) -> Response:
    municipality = own_municipality(session, actor, Permission.ARRANGE_CHEQUES)
    providers = desks.providers(session, actor, municipality.id)
    taking = {row.organisation_id for row in providers if row.ended_at is None}
    sellers = desks.sellers(session, actor, municipality.id)
    places = names(session)
    return desk_page(
        request,
        actor,
        "cheques/arrange.html",
        status=status,
        municipality=municipality,
        points=desks.of_municipality(session, actor, municipality.id),
        sellers=sellers,
        able=[(str(row.id), row.first_name) for row in desks.able(session, actor, municipality.id)],
        providers=[row for row in providers if row.ended_at is None],
        organisations=[
            (
                str(one.id),
                one.name
                if one.municipality_id == municipality.id
                else f"{one.name} ({places[one.municipality_id]})",
            )
            for one in desks.able_to_take(session, municipality.id)
            if one.id not in taking
        ],
        form=next(iter(typed.values()), forms.blank()),
        form_of=lambda act: typed.get(act) or forms.blank(),
        saved="bewaard" in request.query_params,
    )


@router.post("/verkooppunten", name="cheques.open_desk")
def open_desk(request: Request, session: Opened, actor: Staff, form: Submitted[NewDesk]) -> Response:
    """One desk more."""
    municipality = own_municipality(session, actor, Permission.ARRANGE_CHEQUES)
    if form.value is None:
        return _page(request, session, actor, 422, desk=form)
    try:
        desks.open_desk(session, actor, municipality.id, form.value)
    except DomainError as error:
        return _page(request, session, actor, status_of(error), desk=refused(form, error))
    return see_other(f"{HERE}?bewaard=ja")


@router.post("/verkooppunten/{id}/sluiten", name="cheques.close_desk")
def close_desk(session: Opened, actor: Staff, id: UUID, _: Submitted[Nothing]) -> Response:
    """Nothing is sold there any more."""
    desks.close_desk(session, actor, id)
    return see_other(f"{HERE}?bewaard=ja")


@router.post("/verkooppunten/{id}/verkopers", name="cheques.add_seller")
def add_seller(
    request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[NewSeller]
) -> Response:
    """Let somebody sell there."""
    desks.arranged(session, actor, id)
    if form.value is None:
        return _page(request, session, actor, 422, **{id.hex: form})
    try:
        desks.add_seller(session, actor, id, form.value.person_id)
    except DomainError as error:
        return _page(request, session, actor, status_of(error), **{id.hex: refused(form, error)})
    return see_other(f"{HERE}?bewaard=ja")


@router.post("/verkooppunten/{id}/verkopers/{person_id}/weg", name="cheques.end_seller")
def end_seller(session: Opened, actor: Staff, id: UUID, person_id: UUID, _: Submitted[Nothing]) -> Response:
    """Somebody sells there no longer."""
    desks.end_seller(session, actor, id, person_id)
    return see_other(f"{HERE}?bewaard=ja")


@router.post("/aanbieders", name="cheques.add_provider")
def add_provider(request: Request, session: Opened, actor: Staff, form: Submitted[NewProvider]) -> Response:
    """Let an organisation take cheques."""
    municipality = own_municipality(session, actor, Permission.ARRANGE_CHEQUES)
    if form.value is None:
        return _page(request, session, actor, 422, provider=form)
    try:
        desks.add_provider(session, actor, municipality.id, form.value.organisation_id)
    except DomainError as error:
        return _page(request, session, actor, status_of(error), provider=refused(form, error))
    return see_other(f"{HERE}?bewaard=ja")


@router.post("/aanbieders/{organisation_id}/weg", name="cheques.end_provider")
def end_provider(session: Opened, actor: Staff, organisation_id: UUID, _: Submitted[Nothing]) -> Response:
    """It takes no more of them; what it took is still paid out."""
    municipality = own_municipality(session, actor, Permission.ARRANGE_CHEQUES)
    desks.end_provider(session, actor, municipality.id, organisation_id)
    return see_other(f"{HERE}?bewaard=ja")


@router.get("/uitbetalen", name="cheques.payouts")
def paying(request: Request, session: Opened, actor: Staff) -> Response:
    """What providers have coming for the months that are over."""
    return _paying(request, session, actor)


def _paying(
    request: Request, session: Opened, actor: Actor, status: int = 200, **typed: Form[Any]
) -> Response:
    municipality = own_municipality(session, actor, Permission.PAY_OUT_CHEQUES)
    due = payouts.due(session, actor, municipality.id)
    return desk_page(
        request,
        actor,
        "cheques/payouts.html",
        status=status,
        municipality=municipality,
        due=due,
        last=payouts.last(session, actor, municipality.id),
        form=next(iter(typed.values()), forms.blank()),
        form_of=lambda row: typed.get(row.provider.id.hex) or fresh(aantal=row.last_months),
        invoiced="gemaakt" in request.query_params,
    )


@router.post("/uitbetalen/{id}", name="cheques.pay_out")
def pay_out(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[PayOut]) -> Response:
    """Make the invoice that pays one provider; two people say later that it was paid."""
    own_municipality(session, actor, Permission.PAY_OUT_CHEQUES)
    if form.value is None:
        return _paying(request, session, actor, 422, **{id.hex: form})
    try:
        payouts.pay_out(session, actor, id, form.value.number, form.value.key)
    except Conflict as error:
        return _paying(request, session, actor, 409, **{id.hex: refused(form, error)})
    return see_other(f"{PAYING}?gemaakt=ja")
