"""/welzijnsplannen and what hangs on them. Amounts are whole cents."""

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from hashlib import sha256
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import AliasPath, BaseModel, Field, ValidationError
from sqlalchemy.orm import Session

from app import multipart
from app.access.actor import Actor
from app.api.bodies import Sent, refuse_bsn
from app.api.once import Once, OnceOnly
from app.api.paging import Page, paged, rows_of
from app.http import ApiActor, Opened
from app.schemas import JSON, NO_REASON, Day, Moment, Outgoing, Why
from app.welfare import granting, plans, spending
from app.welfare.models import WelfarePlan
from app.welfare.queues import entries
from app.welfare.receipts import FIELD
from app.welfare.schemas import Because, NewGrant, NewPlan, NewReceipt, NewSpending, Told
from app.words import State

router = APIRouter(tags=["Welzijnsbudgetten"])


TYPED: Final = "gegevens"
"""The part with the JSON, beside the part with the file."""


class WithFile(BaseModel):
    """What a key stands for: what was typed, and which file it was."""

    typed: NewReceipt
    file_hash: str


def _multipart() -> dict[str, Any]:
    """The body in words of OpenAPI."""
    fields = NewReceipt.model_json_schema(by_alias=True)
    fields.pop("description", None)
    file = {"type": "string", "contentMediaType": "application/octet-stream",
            "description": "Een foto (JPEG, PNG of WebP, hoogstens 10 MB) of een PDF (hoogstens 5 MB)."}  # fmt: skip
    schema = {"type": "object", "required": [TYPED, FIELD], "properties": {TYPED: fields, FIELD: file}}
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {
        "schema": schema, "encoding": {TYPED: {"contentType": "application/json"}}}}}}  # fmt: skip


async def received(request: Request) -> tuple[NewReceipt, bytes]:
    """The two parts. Raises TooLarge, Garbled, and what is wrong in the JSON as any other body would."""
    sent = await multipart.parts(request)
    with suppress(ValueError):  # what is no JSON is refused below
        refuse_bsn(json.loads(_text(sent)))
    try:
        new = NewReceipt.model_validate_json(_text(sent), context=JSON)
    except ValidationError as wrong:
        raise RequestValidationError(
            [{**one, "loc": ("body", *one["loc"])} for one in wrong.errors()]
        ) from wrong
    return new, sent.files.get(FIELD, b"")


def _text(sent: multipart.Typed) -> bytes | str:
    """The JSON, sent as a field or as a file of its own."""
    typed = sent.values.get(TYPED, [])
    return typed[0] if len(typed) == 1 else sent.files.get(TYPED, b"")


class GrantOut(Outgoing):
    """An amount; it counts once somebody else approved it."""

    id: UUID
    cents: Annotated[int, Field(serialization_alias="bedrag")]
    status: State
    reason: Annotated[str, Field(serialization_alias="reden")]


class SpendingOut(Outgoing):
    """Something that the budget is spent on."""

    id: UUID
    plan_id: Annotated[UUID, Field(serialization_alias="plan")]
    what: Annotated[str, Field(serialization_alias="wat")]
    cents: Annotated[int, Field(serialization_alias="bedrag")]
    spent_on: Annotated[Day | None, Field(serialization_alias="datum")]
    status: State
    reason: Annotated[str, Field(serialization_alias="reden")]
    created_at: Annotated[Moment, Field(serialization_alias="gevraagdOp")]


class BudgetOut(Outgoing):
    """Where a budget stands, in cents."""

    granted: Annotated[int, Field(serialization_alias="toegekend")]
    spent: Annotated[int, Field(serialization_alias="uitgegeven")]
    returned: Annotated[int, Field(serialization_alias="terug")]
    rest: Annotated[int, Field(serialization_alias="over")]


class PlanOut(Outgoing):
    """A plan, in the resident's own words."""

    id: UUID
    municipality_id: Annotated[int, Field(serialization_alias="gemeente")]
    name: Annotated[
        str, Field(validation_alias=AliasPath("person", "first_name"), serialization_alias="voornaam")
    ]
    goal: Annotated[str, Field(serialization_alias="doel")]
    wish: Annotated[str, Field(serialization_alias="wens")]
    why: Annotated[str, Field(serialization_alias="waarom")]
    asked_cents: Annotated[int | None, Field(serialization_alias="bedrag")]
    starts_on: Annotated[Day | None, Field(serialization_alias="van")]
    ends_on: Annotated[Day | None, Field(serialization_alias="totEnMet")]
    status: State
    reason: Annotated[str, Field(serialization_alias="reden")]
    brought: Annotated[str, Field(serialization_alias="watHetBracht")]


class WholePlanOut(PlanOut):
    """A plan with its budget, its grants and its spendings."""

    budget: BudgetOut | None = None
    grants: Annotated[list[GrantOut], Field(serialization_alias="toekenningen")]
    spendings: Annotated[list[SpendingOut], Field(serialization_alias="uitgaven")]


def shown(session: Session, actor: Actor, id: UUID) -> WholePlanOut:
    """The plan as it stands now."""
    session.flush()
    (entry,) = entries(session, [plans.get(session, actor, id)])
    out = WholePlanOut.model_validate(entry.plan)
    return out.model_copy(update={"budget": entry.budget and BudgetOut.model_validate(entry.budget)})


def done(once: Once, sent: BaseModel | None, id: UUID, act: Callable[[], object]) -> Response:
    """Answer with the plan as it stands then."""

    def after() -> WholePlanOut:
        act()
        return shown(once.session, once.actor, id)

    return once.answer(sent, after)


@router.get("/welzijnsplannen", response_model=list[PlanOut], summary="Lees welzijnsplannen")
def list_(
    request: Request, response: Response, session: Opened, actor: ApiActor, page: Annotated[Page, Query()]
) -> Sequence[WelfarePlan]:
    """De eigen plannen, of die van de gemeente voor haar makelaars en penningmeester. De nieuwste eerst."""
    query = (
        plans.selection(actor).options(*plans.FACE).order_by(WelfarePlan.created_at.desc(), WelfarePlan.id)
    )
    read = paged(request, response, page, rows_of(session, query, page))
    plans.looked_at(session, actor, read)
    return read


@router.post(
    "/welzijnsplannen", status_code=201, response_model=WholePlanOut, summary="Maak een welzijnsplan"
)
def ask(once: OnceOnly, new: Sent[NewPlan]) -> Response:
    """Voor uzelf; een makelaar schrijft het op samen met de inwoner (`persoon`)."""

    def act() -> WholePlanOut:
        return shown(once.session, once.actor, plans.ask(once.session, once.actor, new).id)

    return once.answer(new, act, created_in="/welzijnsplannen")


@router.get("/welzijnsplannen/{id}", response_model=WholePlanOut, summary="Lees één welzijnsplan")
def get(session: Opened, actor: ApiActor, id: UUID) -> WholePlanOut:
    """Voor de inwoner zelf, en de makelaars en penningmeester van de gemeente."""
    return shown(session, actor, id)


@router.post("/welzijnsplannen/{id}/intrekkingen", response_model=WholePlanOut, summary="Trek een plan in")
def withdraw(once: OnceOnly, id: UUID, why: Sent[Why] = NO_REASON) -> Response:
    """Zolang er nog geen budget is."""
    return done(once, why, id, lambda: plans.withdraw(once.session, once.actor, id, why.reason or ""))


@router.post("/welzijnsplannen/{id}/afwijzingen", response_model=WholePlanOut, summary="Wijs een plan af")
def reject(once: OnceOnly, id: UUID, because: Sent[Because]) -> Response:
    """De inwoner leest de reden."""
    return done(once, because, id, lambda: plans.reject(once.session, once.actor, id, because.reason))


@router.post(
    "/welzijnsplannen/{id}/toekenningen", response_model=WholePlanOut, summary="Stel een bedrag voor"
)
def propose(once: OnceOnly, id: UUID, new: Sent[NewGrant]) -> Response:
    """Hoogstens 45.000 cent per persoon en periode. Een ander keurt het goed."""
    return done(once, new, id, lambda: granting.propose(once.session, once.actor, id, new))


@router.post(
    "/welzijnsplannen/{id}/uitgaven", response_model=WholePlanOut, summary="Vraag of een uitgave mag"
)
def spend(once: OnceOnly, id: UUID, new: Sent[NewSpending]) -> Response:
    """Vooraf. Van wie u het koopt, maakt niet uit."""
    return done(once, new, id, lambda: spending.ask(once.session, once.actor, id, new))


@router.post(
    "/welzijnsplannen/{id}/bonnen", response_model=WholePlanOut, summary="Stuur een bon",
    openapi_extra=_multipart(), max_body_size=multipart.FILE_BYTES_MAX,
)  # fmt: skip
def hand_in(
    once: OnceOnly, id: UUID, sent: Annotated[tuple[NewReceipt, bytes], Depends(received)]
) -> Response:
    """Als `multipart/form-data`: `gegevens` is JSON, `bon` het bestand. Wat het is, zien wij aan de inhoud."""
    new, file = sent
    both = WithFile(typed=new, file_hash=sha256(file).hexdigest())
    return done(once, both, id, lambda: spending.hand_in(once.session, once.actor, id, new, file))


@router.post("/welzijnsplannen/{id}/evaluaties", response_model=WholePlanOut, summary="Vertel wat het bracht")
def tell(once: OnceOnly, id: UUID, told: Sent[Told]) -> Response:
    """Na de laatste dag, in de eigen woorden van de inwoner."""
    return done(once, told, id, lambda: plans.tell_what_it_brought(once.session, once.actor, id, told))


def decided(once: Once, sent: BaseModel | None, act: Callable[[], BaseModel]) -> Response:
    """Answer with the grant or the spending as it stands then."""
    return once.answer(sent, act)


@router.post(
    "/welzijnstoekenningen/{id}/goedkeuringen", response_model=GrantOut, summary="Keur een bedrag goed"
)
def approve_grant(once: OnceOnly, id: UUID) -> Response:
    """De tweede blik: niet wie het voorstelde, en niet wie het krijgt."""
    return decided(
        once, None, lambda: GrantOut.model_validate(granting.approve(once.session, once.actor, id))
    )


@router.post(
    "/welzijnstoekenningen/{id}/afwijzingen", response_model=GrantOut, summary="Keur een bedrag niet goed"
)
def refuse_grant(once: OnceOnly, id: UUID, because: Sent[Because]) -> Response:
    """Met de reden voor wie het voorstelde."""
    return decided(
        once,
        because,
        lambda: GrantOut.model_validate(granting.refuse(once.session, once.actor, id, because.reason)),
    )


def _spending(once: Once, id: UUID, act: Callable[..., object], because: Because | None = None) -> Response:
    said = () if because is None else (because.reason,)
    return decided(
        once, because, lambda: SpendingOut.model_validate(act(once.session, once.actor, id, *said))
    )


@router.post(
    "/welzijnsuitgaven/{id}/goedkeuringen", response_model=SpendingOut, summary="Keur een uitgave goed"
)
def approve(once: OnceOnly, id: UUID) -> Response:
    """Vooraf: het past bij het plan."""
    return _spending(once, id, spending.approve)


@router.post(
    "/welzijnsuitgaven/{id}/betalingen", response_model=SpendingOut, summary="Meld dat het betaald is"
)
def pay(once: OnceOnly, id: UUID) -> Response:
    """Wat goedgekeurd was, is betaald."""
    return _spending(once, id, spending.pay)


@router.post(
    "/welzijnsuitgaven/{id}/vergoedingen", response_model=SpendingOut, summary="Betaal een bon terug"
)
def refund(once: OnceOnly, id: UUID) -> Response:
    """Een bon wordt één keer terugbetaald."""
    return _spending(once, id, spending.refund)


@router.post("/welzijnsuitgaven/{id}/afwijzingen", response_model=SpendingOut, summary="Wijs een uitgave af")
def reject_spending(once: OnceOnly, id: UUID, because: Sent[Because]) -> Response:
    """De inwoner leest de reden."""
    return _spending(once, id, spending.reject, because)


@router.post(
    "/welzijnsuitgaven/{id}/terugboekingen", response_model=SpendingOut, summary="Draai een uitgave terug"
)
def undo(once: OnceOnly, id: UUID, because: Sent[Because]) -> Response:
    """Eén keer, zolang de periode open is."""
    return _spending(once, id, spending.undo, because)


@router.post("/welzijnsuitgaven/{id}/intrekkingen", response_model=SpendingOut, summary="Trek een uitgave in")
def unspend(once: OnceOnly, id: UUID) -> Response:
    """Toch niet, voor er betaald is."""
    return _spending(once, id, spending.withdraw)
