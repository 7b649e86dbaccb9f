"""De buren: trust, imbalances that are cancelled with a yes of both, and last month's invoices for cheques."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from app.access.actor import Actor
from app.access.roles import Permission
from app.errors import Conflict, NotFound
from app.http import Opened
from app.places.models import Municipality
from app.pots import pot
from app.schemas import Incoming, Nothing, Whole
from app.treasury import between, invoicing
from app.treasury.calendar import last_month
from web import i18n, treasury_words
from web.forms import Form, Submitted, blank, say
from web.i18n import N_
from web.in_address import Number
from web.pages.desk_shell import at_desk, desk_page, own_municipality
from web.rendering import see_other
from web.session import Staff

router = APIRouter(prefix="/bureau/buren")
HERE: Final = "/bureau/buren"
YES, NO = "ja", "nee"
HOURS_MAX: Final = between.TRUST_MINUTES_MAX // 60


class Trust(Incoming):
    """How many hours our helpers may give residents of another municipality on balance."""

    partner_id: Annotated[Whole, Field(alias="gemeente")]
    hours: Annotated[Annotated[Whole, Field(ge=0, le=HOURS_MAX)], Field(alias="uren")]


say(
    Trust,
    gemeente=N_("Kies een gemeente waarmee u hulp deelt."),
    uren=N_("Vul een heel aantal uren in, van 0 tot en met 100.000."),
)


@router.get("", name="treasury.between")
def show(request: Request, session: Opened, actor: Staff) -> Response:
    """Every neighbour, the proposals, and last month's invoices."""
    return _show(request, session, actor, _place(session, actor), blank())


def _show(
    request: Request, session: Opened, actor: Actor, municipality: Municipality, form: Form[Any],
    status: int = 200,
) -> Response:  # fmt: skip
    reads = municipality.id in actor.reach(Permission.SEE_LEDGER)
    month = last_month(session)
    return desk_page(
        request,
        actor,
        "treasury/between.html",
        status=status,
        municipality=municipality,
        pairs=between.pairs(session, actor, municipality.id),
        proposals=between.proposals(session, actor, municipality.id) if reads else [],
        invoices=invoicing.listed(session, actor, municipality.id, month) if reads else [],
        month=month,
        reads=reads,
        may_net=municipality.id in actor.reach(Permission.NET_BETWEEN),
        may_trust=municipality.id in actor.reach(Permission.SET_TRUST),
        saved="bewaard" in request.query_params,
        proposed="voorgesteld" in request.query_params,
        form=form,
        propose_at=at_desk(request, f"{HERE}/voorstellen", municipality),
        trust_at=at_desk(request, f"{HERE}/vertrouwen", municipality),
    )


@router.post("/voorstellen", name="treasury.propose")
def propose(request: Request, session: Opened, actor: Staff, form: Submitted[Nothing]) -> Response:
    """Propose to cancel what stood open when the last month ended; again proposes nothing new."""
    municipality = own_municipality(session, actor, Permission.NET_BETWEEN)
    if form.value is None:
        return _show(request, session, actor, municipality, form, 422)
    between.propose(session, actor, municipality.id, last_month(session))
    return see_other(f"{HERE}?voorgesteld=1")


@router.post("/vertrouwen", name="treasury.trust")
def trust(request: Request, session: Opened, actor: Staff, form: Submitted[Trust]) -> Response:
    """Set how far our helpers may help residents of one municipality."""
    municipality = own_municipality(session, actor, Permission.SET_TRUST)
    if form.value is not None:
        try:
            between.set_trust(session, actor, municipality.id, form.value.partner_id, form.value.hours * 60)
        except NotFound:
            form.refuse("gemeente", N_("Kies een gemeente waarmee u hulp deelt."))
    if form.value is None:
        return _show(request, session, actor, municipality, form, 422)
    return see_other(f"{HERE}?bewaard=1")


@router.get("/verrekeningen/{id}", name="treasury.netting")
def netting(request: Request, session: Opened, actor: Staff, id: Number) -> Response:
    """One proposal: what it means, and yes or no."""
    return _netting(request, session, actor, id, blank())


def _netting(
    request: Request, session: Opened, actor: Actor, id: int, form: Form[Any], status: int = 200
) -> Response:
    municipality = own_municipality(session, actor, Permission.SEE_LEDGER)
    proposal = between.get(session, actor, municipality.id, id)
    return desk_page(
        request,
        actor,
        "treasury/netting.html",
        status=status,
        municipality=municipality,
        one=proposal,
        in_pot=pot.stands(session, actor, municipality.id),
        form=form,
        may_answer=municipality.id in actor.reach(Permission.NET_BETWEEN),
        answer_at=at_desk(request, f"{HERE}/verrekeningen/{id}", municipality),
    )


@router.post("/verrekeningen/{id}", name="treasury.netting.answer")
def answer(request: Request, session: Opened, actor: Staff, id: Number, form: Submitted[Nothing]) -> Response:
    """Say yes or no for one's own side."""
    municipality = own_municipality(session, actor, Permission.NET_BETWEEN)
    if form.value is None or form.button not in (YES, NO):
        form.refuse("", N_("Kies ja of nee."))
        return _netting(request, session, actor, id, form, 422)
    try:
        with session.begin_nested():
            between.answer(session, actor, municipality.id, id, approved=form.button == YES)
    except Conflict as refused:
        form.errors[""] = treasury_words.refusal(refused.code, i18n.language(request))
        return _netting(request, session, actor, id, form, 409)
    return see_other(at_desk(request, f"{HERE}/verrekeningen/{id}", municipality))


def _place(session: Opened, actor: Actor) -> Municipality:
    """The desk of whoever reads the ledger there, or sets trust."""
    reads = actor.reach(Permission.SEE_LEDGER)
    return own_municipality(session, actor, Permission.SEE_LEDGER if reads else Permission.SET_TRUST)
