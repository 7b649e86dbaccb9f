"""Onkosten: what helper and asker agree, what a time really cost, the helper's meter, and the rules."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access.actor import Actor
from app.access.roles import Permission
from app.agreements.models import Occurrence, Status
from app.clock import now, today
from app.costs import agreed, meter, paid, rules
from app.costs.models import AgreedCost, AgreedStatus, CostKind, PaidStatus, Payer
from app.costs.schemas import NewCost, NewLimit, NewRate, WhatItCost
from app.errors import DomainError, NotFound
from app.http import Opened
from app.schemas import Nothing
from rewards.allowance import AllowanceKind
from web import i18n
from web.forms import Form, Submitted, blank, say
from web.i18n import N_, translate
from web.pages.desk_shell import desk_page, own_municipality
from web.rendering import page, see_other
from web.session import SignedIn, Staff
from web.welfare_forms import mend

router = APIRouter()
KINDS: Final = {
    CostKind.KILOMETRES: N_("Kilometers"),
    CostKind.PARKING: N_("Parkeren"),
    CostKind.MATERIALS: N_("Materiaal"),
}
PAYERS: Final = {
    Payer.ASKER: N_("Wie hulp krijgt, betaalt zelf"),
    Payer.WELFARE: N_("Het welzijnsbudget van wie hulp krijgt"),
}
METERS: Final = {AllowanceKind.DRIVING: N_("Rijden"), AllowanceKind.VOLUNTEER: N_("Andere onkosten")}
AGREED: Final = {
    AgreedStatus.PROPOSED: (N_("Voorgesteld"), "w"),
    AgreedStatus.AGREED: (N_("Afgesproken"), "g"),
    AgreedStatus.DECLINED: (N_("Niet afgesproken"), ""),
    AgreedStatus.STOPPED: (N_("Gestopt"), ""),
}
PAID: Final = {
    PaidStatus.REPORTED: (N_("Opgeschreven, nog niet bevestigd"), "w"),
    PaidStatus.PAID: (N_("Klopt"), "g"),
    PaidStatus.REFUSED: (N_("Klopt niet"), "b"),
    PaidStatus.WITHDRAWN: (N_("Ingetrokken"), ""),
}
RULES: Final = "/regio/onkosten"
say(
    NewCost,
    soort=N_("Kies waarvoor het is."),
    betaler=N_("Kies wie het betaalt."),
    kilometers=N_("Vul het aantal kilometers in, van 1 tot en met 500."),
    bedrag=N_("Vul een bedrag in, bijvoorbeeld 12,50."),
    value_error=N_("Vul bij kilometers een aantal in, en bij iets anders een bedrag."),
)
say(
    WhatItCost,
    keer=N_("Kies een keer die al geweest is."),
    **{"before-agreed": N_("Deze keer begon voordat de kosten waren afgesproken. Kies een latere keer.")},
    kilometers=N_("Vul het aantal kilometers in, van 1 tot en met 500."),
    bedrag=N_("Vul een bedrag in, bijvoorbeeld 12,50."),
)
say(
    NewRate,
    vanaf=N_("Kies een dag die nog komt."),
    centPerKm=N_("Vul hele centen in, van 1 tot en met 200."),
    bron=N_("Schrijf op waar u dit las."),
)
say(
    NewLimit,
    vanaf=N_("Kies de eerste dag van een maand die nog komt."),
    maand=N_("Vul een bedrag in, niet hoger dan dat van het jaar."),
    jaar=N_("Vul een bedrag in, bijvoorbeeld 2100."),
)


def _words(lang: str) -> dict[str, Any]:
    def said(table: Any) -> Callable[[Any], Any]:
        return lambda row: (translate(lang, table[row.status][0]), table[row.status][1])

    return {
        "kinds": [(str(kind), translate(lang, name)) for kind, name in KINDS.items()],
        "payers": [(str(payer), translate(lang, name)) for payer, name in PAYERS.items()],
        "kind_of": lambda cost: translate(lang, KINDS[cost.kind]),
        "payer_of": lambda cost: translate(lang, PAYERS[cost.payer]),
        "meter_of": lambda kind: translate(lang, METERS[kind]),
        "agreed_state": said(AGREED),
        "paid_state": said(PAID),
    }


@router.get("/mijn/afspraken/{id}/kosten", name="costs.show")
def show(request: Request, session: Opened, actor: SignedIn, id: UUID) -> Response:
    """What was agreed, what each time cost, and what may still be written down."""
    return _show(request, session, actor, id, blank())


def _show(request: Request, session: Opened, actor: Actor, id: UUID, form: Form[Any]) -> Response:
    agreement, costs = agreed.of_agreement(session, actor, id)
    if actor.person_id not in agreement.parties():
        raise NotFound
    moment = now(session)
    been = [
        time for time in agreement.occurrences if time.starts_at <= moment and time.status not in paid.NEVER
    ]
    return page(
        request,
        "costs/agreement.html",
        status=422 if form.errors else 200,
        form=form,
        agreement=agreement,
        costs=costs,
        helps=agreement.helper_id == actor.person_id,
        live=agreement.status is Status.ACTIVE,
        rate=rules.rate_on(session, today(session)),
        open_costs=_to_write_down(costs, been),
        names={
            agreement.asker_id: agreement.asker.first_name,
            agreement.helper_id: agreement.helper.first_name,
        },
        **_words(i18n.language(request)),
    )


def _to_write_down(
    costs: list[AgreedCost], been: list[Occurrence]
) -> list[tuple[AgreedCost, list[Occurrence]]]:
    """Costs that stand, each with the times since they were agreed."""
    standing = [cost for cost in costs if cost.status is AgreedStatus.AGREED]
    rows = [(cost, [time for time in been if paid.is_since(cost, time)][-30:]) for cost in standing]
    return [row for row in rows if row[1]]


def _tried(session: Opened, form: Form[Any], act: Callable[[], Any]) -> bool:
    """Do it, or say in the form what stands in the way; what cannot be seen does not exist."""
    if form.value is None:
        return False
    try:
        with session.begin_nested():
            act()
    except DomainError as refusal:
        if refusal.status not in (400, 409):
            raise
        mend(form, refusal)
        return False
    return True


@router.post("/mijn/afspraken/{id}/kosten", name="costs.propose")
def propose(
    request: Request, session: Opened, actor: SignedIn, id: UUID, form: Submitted[NewCost]
) -> Response:
    """One proposes; of two forms sent, one counts: each kind of cost is there once."""
    value = form.value
    if value is not None and _tried(session, form, lambda: agreed.propose(session, actor, id, value)):
        return see_other(f"/mijn/afspraken/{id}/kosten")
    return _show(request, session, actor, id, form)


@router.post("/mijn/afspraken/{id}/kosten/keren", name="costs.write_down")
def write_down(
    request: Request, session: Opened, actor: SignedIn, id: UUID, form: Submitted[WhatItCost]
) -> Response:
    """What one time really cost; a cost counts once for each time."""
    value = form.value
    if value is not None:
        if agreed.get_locked(session, actor, value.agreed_cost_id).agreement_id != id:
            raise NotFound
        if _tried(session, form, lambda: paid.write_down(session, actor, value)):
            return see_other(f"/mijn/afspraken/{id}/kosten")
    return _show(request, session, actor, id, form)


def _answer(
    request: Request, session: Opened, actor: Actor, form: Form[Any], found: Any, act: Any
) -> Response:
    if form.value is None:
        raise DomainError
    if _tried(session, form, act):
        return see_other(f"/mijn/afspraken/{found.agreement_id}/kosten")
    return _show(request, session, actor, found.agreement_id, form)


def _agreed(what: str) -> Callable[..., Response]:
    acts: dict[str, Callable[..., Any]] = {
        "ja": lambda session, actor, id: agreed.answer(session, actor, id, yes=True),
        "nee": lambda session, actor, id: agreed.answer(session, actor, id, yes=False),
        "stoppen": agreed.stop,
    }

    def press(
        request: Request, session: Opened, actor: SignedIn, id: UUID, form: Submitted[Nothing]
    ) -> Response:
        """Yes, no, or no longer."""
        cost = agreed.get_locked(session, actor, id)
        return _answer(request, session, actor, form, cost, lambda: acts[what](session, actor, id))

    return press


def _paid(what: str) -> Callable[..., Response]:
    acts: dict[str, Callable[..., Any]] = {
        "klopt": lambda session, actor, id: paid.answer(session, actor, id, yes=True),
        "klopt-niet": lambda session, actor, id: paid.answer(session, actor, id, yes=False),
        "intrekken": paid.withdraw,
    }

    def press(
        request: Request, session: Opened, actor: SignedIn, id: UUID, form: Submitted[Nothing]
    ) -> Response:
        """It is right, it is not, or it was written down wrongly."""
        _, cost = paid.get_locked(session, actor, id)
        return _answer(request, session, actor, form, cost, lambda: acts[what](session, actor, id))

    return press


for _what in ("ja", "nee", "stoppen"):
    router.post(f"/mijn/kosten/{{id}}/{_what}", name=f"costs.{_what}")(_agreed(_what))
for _what in ("klopt", "klopt-niet", "intrekken"):
    router.post(f"/mijn/onkosten/{{id}}/{_what}", name=f"costs.{_what}")(_paid(_what))


@router.get("/mijn/onkosten", name="costs.meter")
def my_meter(request: Request, session: Opened, actor: SignedIn) -> Response:
    """The helper's own meter."""
    words = _words(i18n.language(request))
    return page(request, "costs/meter.html", meter=meter.mine(session, actor), **words)


@router.get("/bureau/vergoedingen", name="costs.near")
def near(request: Request, session: Opened, actor: Staff) -> Response:
    """Helpers who come near the limit of their year."""
    municipality = own_municipality(session, actor, Permission.SEE_PEOPLE)
    found = meter.near_limit(session, actor, municipality.id)
    words = _words(i18n.language(request))
    return desk_page(request, actor, "costs/near.html", municipality=municipality, near=found,
                     year=today(session).year, **words)  # fmt: skip


@router.get(RULES, name="costs.rules")
def the_rules(request: Request, session: Opened, actor: Staff) -> Response:
    """What holds, since when, and where it was read."""
    return _rules(request, session, actor, blank())


def _rules(request: Request, session: Opened, actor: Actor, form: Form[Any]) -> Response:
    if not actor.reach(Permission.SET_COST_RULES):
        raise NotFound
    lang = i18n.language(request)
    return desk_page(
        request,
        actor,
        "costs/rules.html",
        status=422 if form.errors else 200,
        form=form,
        rules=rules.all_rules(session),
        next_month=rules.next_month(today(session)),
        saved="bewaard" in request.query_params,
        meters=[(str(kind), translate(lang, name)) for kind, name in METERS.items()],
        **_words(lang),
    )


@router.post(f"{RULES}/kilometers", name="costs.set_rate")
def set_rate(request: Request, session: Opened, actor: Staff, form: Submitted[NewRate]) -> Response:
    """A price for a kilometre from a day to come on."""
    value = form.value
    if not actor.reach(Permission.SET_COST_RULES):
        raise NotFound
    if value is not None and _tried(session, form, lambda: rules.set_rate(session, actor, value)):
        return see_other(f"{RULES}?bewaard=ja")
    return _rules(request, session, actor, form)


@router.post(f"{RULES}/grenzen", name="costs.set_limit")
def set_limit(request: Request, session: Opened, actor: Staff, form: Submitted[NewLimit]) -> Response:
    """What a helper may get, from a coming month on."""
    value = form.value
    if not actor.reach(Permission.SET_COST_RULES):
        raise NotFound
    if value is not None and _tried(session, form, lambda: rules.set_limit(session, actor, value)):
        return see_other(f"{RULES}?bewaard=ja")
    return _rules(request, session, actor, form)
