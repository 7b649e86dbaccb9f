"""/facturen: what is owed for cheques, for programs; each step for one side, a payment by two people."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic import Field

from app.access.policy import require_reach
from app.access.roles import Permission
from app.api.bodies import Sent
from app.api.once import OnceOnly
from app.http import ApiActor, Opened
from app.schemas import Incoming, Moment, Outgoing, Whole
from app.treasury import invoicing
from app.treasury.api import MONTH, Asked, first_day
from app.treasury.invoicing import Invoice
from rewards.invoices import State
from rewards.types import Reason

router = APIRouter(tags=["Boekhouding"])
STATES = {
    "gemaakt": State.MADE,
    "verstuurd": State.SENT,
    "betwist": State.DISPUTED,
    "gemeld": State.REPORTED,
    "betaald": State.PAID,
    "ingetrokken": State.WITHDRAWN,
}
SAID = {state: name for name, state in STATES.items()}
WHY = {
    "bedrag": Reason.WRONG_AMOUNT,
    "nietVoorOns": Reason.WRONG_PARTY,
    "vergissing": Reason.BOOKED_BY_MISTAKE,
    "geenHulp": Reason.NOT_DELIVERED,
    "anders": Reason.OTHER,
}
BECAUSE = {reason: name for name, reason in WHY.items()}
AsTyped = Annotated[Annotated[Whole, Field(ge=1, le=9999)], Field(alias="gemeente")]


class ToMake(Incoming):
    """For which month, and whose side asks."""

    municipality_id: AsTyped
    month: Annotated[str, Field(alias="maand", pattern=f"^{MONTH.pattern}$")]


class ToStep(Incoming):
    """The step; ``betaaldatum`` with ``gemeld``, ``reden`` with what takes something back."""

    municipality_id: AsTyped
    state: Annotated[str, Field(alias="stand", pattern=f"^({'|'.join(STATES)})$")]
    paid_on: Annotated[date | None, Field(alias="betaaldatum")] = None
    reason: Annotated[str | None, Field(alias="reden", pattern=f"^({'|'.join(WHY)})$")] = None


class InvoiceLineOut(Outgoing):
    """Cheques that an organisation took in."""

    organisation: Annotated[str, Field(serialization_alias="organisatie")]
    cheques: int
    cents: Annotated[int, Field(serialization_alias="centen")]


class InvoiceStepOut(Outgoing):
    """What happened, and when."""

    state: Annotated[str, Field(serialization_alias="stand")]
    at: Annotated[Moment, Field(serialization_alias="op")]
    paid_on: Annotated[date | None, Field(serialization_alias="betaaldatum")]
    reason: Annotated[str | None, Field(serialization_alias="reden")]


class InvoiceOut(Outgoing):
    """An invoice as one side sees it; ``kan`` are the steps that the token's owner may take."""

    id: int
    number: Annotated[str, Field(serialization_alias="nummer")]
    month: Annotated[str, Field(serialization_alias="maand")]
    payer: Annotated[str, Field(serialization_alias="betaalt")]
    payee: Annotated[str, Field(serialization_alias="aan")]
    we_pay: Annotated[bool, Field(serialization_alias="wijBetalen")]
    cheques: int
    cents: Annotated[int, Field(serialization_alias="centen")]
    state: Annotated[str, Field(serialization_alias="stand")]
    is_open: Annotated[bool, Field(serialization_alias="open")]
    lines: Annotated[list[InvoiceLineOut], Field(serialization_alias="regels")]
    steps: Annotated[list[InvoiceStepOut], Field(serialization_alias="verloop")]
    acts: Annotated[list[str], Field(serialization_alias="kan")]


class InvoicesOut(Outgoing):
    """All invoices of a municipality, on either side."""

    items: Annotated[list[InvoiceOut], Field(serialization_alias="facturen")]


def shown(one: Invoice) -> InvoiceOut:
    """An invoice in Dutch."""
    return InvoiceOut(
        id=one.row.id,
        number=one.row.number,
        month=f"{one.row.month:%Y-%m}",
        payer=one.payer,
        payee=one.payee,
        we_pay=one.we_pay,
        cheques=one.row.vouchers,
        cents=one.row.cents,
        state=SAID[one.row.state],
        is_open=one.row.is_open,
        lines=[
            InvoiceLineOut(organisation=line.organisation, cheques=line.cheques, cents=line.cents)
            for line in one.lines
        ],
        steps=[
            InvoiceStepOut(
                state=SAID[step.state],
                at=step.at,
                paid_on=step.paid_on,
                reason=None if step.reason is None else BECAUSE.get(step.reason, "anders"),
            )
            for step in one.steps
        ],
        acts=sorted(SAID[state] for state in one.acts),
    )


@router.get("/facturen", response_model=InvoicesOut, summary="Lees de facturen voor cheques")
def list_(
    session: Opened, actor: ApiActor, gemeente: Asked, open: Annotated[bool, Query()] = False
) -> InvoicesOut:
    """Die wij betalen en die wij krijgen, de nieuwste maand eerst. Met `open` alleen wat nog betaald moet worden."""
    require_reach(actor, Permission.SEE_LEDGER, gemeente)
    every = invoicing.listed(session, actor, gemeente)
    return InvoicesOut(items=[shown(one) for one in every if one.row.is_open or not open])


@router.get("/facturen/{id}", response_model=InvoiceOut, summary="Lees één factuur")
def get(
    session: Opened, actor: ApiActor, id: Annotated[int, Path(ge=1, le=2**63 - 1)], gemeente: Asked
) -> InvoiceOut:
    """Met de regels en met wat er gebeurde."""
    require_reach(actor, Permission.SEE_LEDGER, gemeente)
    return shown(invoicing.get(session, actor, gemeente, id))


@router.post("/facturen", response_model=InvoicesOut, summary="Maak de facturen van een maand")
def make(once: OnceOnly, wanted: Sent[ToMake]) -> Response:
    """Voor elk paar gemeenten dat met u te maken heeft. Nog eens vragen geeft niets nieuws."""
    place = wanted.municipality_id
    require_reach(once.actor, Permission.PAY_OUT_CHEQUES, place)

    def act() -> InvoicesOut:
        made = invoicing.make(once.session, once.actor, place, first_day(wanted.month))
        return InvoicesOut(items=[shown(one) for one in made])

    return once.answer(wanted, act)


@router.post("/facturen/{id}/standen", response_model=InvoiceOut, summary="Zet een factuur een stap verder")
def step(once: OnceOnly, id: Annotated[int, Path(ge=1, le=2**63 - 1)], wanted: Sent[ToStep]) -> Response:
    """Wie krijgt, verstuurt en trekt in. Wie betaalt, meldt de betaling of betwist. Een ander bevestigt: dat boekt."""
    place = wanted.municipality_id
    require_reach(once.actor, Permission.PAY_OUT_CHEQUES, place)
    reason = None if wanted.reason is None else WHY[wanted.reason]
    return once.answer(
        wanted,
        lambda: shown(
            invoicing.step(
                once.session,
                once.actor,
                place,
                id,
                STATES[wanted.state],
                paid_on=wanted.paid_on,
                reason=reason,
            )
        ),
    )
