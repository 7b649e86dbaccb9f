"""/afspraken/{id}/kosten, what a time really cost, and one's own meter. Amounts are whole cents; never Roosjes."""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from app.api.bodies import Sent
from app.api.once import Once, OnceOnly
from app.costs import agreed, meter, paid
from app.costs.models import CostKind, Payer
from app.costs.schemas import NewCost, WhatItCost
from app.http import ApiActor, Opened
from app.schemas import Outgoing
from app.words import State
from rewards.allowance import AllowanceKind

router = APIRouter(tags=["Onkosten"])
METERS = {AllowanceKind.DRIVING: "rijden", AllowanceKind.VOLUNTEER: "andereOnkosten"}


class CostOut(Outgoing):
    """What was agreed about one kind of cost; the most is for one time."""

    id: UUID
    kind: Annotated[CostKind, Field(serialization_alias="soort")]
    payer: Annotated[Payer, Field(serialization_alias="betaler")]
    most_km: Annotated[int | None, Field(serialization_alias="kilometers")]
    most_cents: Annotated[int, Field(serialization_alias="bedrag")]
    status: State


class PaidOut(Outgoing):
    """What one time really cost."""

    id: UUID
    agreed_cost_id: Annotated[UUID, Field(serialization_alias="kosten")]
    occurrence_id: Annotated[UUID, Field(serialization_alias="keer")]
    km: Annotated[int | None, Field(serialization_alias="kilometers")]
    cents: Annotated[int, Field(serialization_alias="bedrag")]
    status: State


class StandingOut(Outgoing):
    """Where one stands in this month and year."""

    kind: Annotated[str, Field(serialization_alias="soort")]
    month: Annotated[int, Field(serialization_alias="maand")]
    month_most: Annotated[int, Field(serialization_alias="hoogstensPerMaand")]
    year: Annotated[int, Field(serialization_alias="jaar")]
    year_most: Annotated[int, Field(serialization_alias="hoogstensPerJaar")]
    warns: Annotated[bool, Field(serialization_alias="bijnaVol")]


@router.get(
    "/afspraken/{id}/kosten", response_model=list[CostOut], summary="Lees wat over kosten is afgesproken"
)
def list_(session: Opened, actor: ApiActor, id: UUID) -> list[CostOut]:
    """Voor helper en vrager, en de makelaars van hun gemeenten."""
    return [CostOut.model_validate(cost) for cost in agreed.of_agreement(session, actor, id)[1]]


@router.post("/afspraken/{id}/kosten", response_model=CostOut, summary="Stel kosten voor")
def propose(once: OnceOnly, id: UUID, new: Sent[NewCost]) -> Response:
    """Bij kilometers een aantal (`kilometers`), anders een bedrag. De ander zegt ja of nee."""
    return once.answer(new, lambda: CostOut.model_validate(agreed.propose(once.session, once.actor, id, new)))


def _cost(once: Once, act: Callable[[], object]) -> Response:
    return once.answer(None, lambda: CostOut.model_validate(act()))


@router.post("/kosten/{id}/acceptaties", response_model=CostOut, summary="Zeg ja tegen kosten")
def accept(once: OnceOnly, id: UUID) -> Response:
    """Door wie het niet voorstelde."""
    return _cost(once, lambda: agreed.answer(once.session, once.actor, id, yes=True))


@router.post("/kosten/{id}/afwijzingen", response_model=CostOut, summary="Zeg nee tegen kosten")
def decline(once: OnceOnly, id: UUID) -> Response:
    """Door wie het niet voorstelde."""
    return _cost(once, lambda: agreed.answer(once.session, once.actor, id, yes=False))


@router.post("/kosten/{id}/beeindigingen", response_model=CostOut, summary="Stop met deze kosten")
def stop(once: OnceOnly, id: UUID) -> Response:
    """Vanaf nu. Wat opgeschreven is, blijft staan."""
    return _cost(once, lambda: agreed.stop(once.session, once.actor, id))


@router.post("/onkosten", response_model=PaidOut, summary="Schrijf op wat een keer kostte")
def write_down(once: OnceOnly, what: Sent[WhatItCost]) -> Response:
    """Van de vrager telt het meteen, van de helper na een ja. Boven de grens: 409 `above-allowance`."""

    def act() -> BaseModel:
        return PaidOut.model_validate(paid.write_down(once.session, once.actor, what))

    return once.answer(what, act)


def _paid(once: Once, act: Callable[[], object]) -> Response:
    return once.answer(None, lambda: PaidOut.model_validate(act()))


@router.post("/onkosten/{id}/bevestigingen", response_model=PaidOut, summary="Zeg dat het klopt")
def confirm(once: OnceOnly, id: UUID) -> Response:
    """Door wie hulp kreeg."""
    return _paid(once, lambda: paid.answer(once.session, once.actor, id, yes=True))


@router.post("/onkosten/{id}/bezwaren", response_model=PaidOut, summary="Zeg dat het niet klopt")
def object_(once: OnceOnly, id: UUID) -> Response:
    """Door wie hulp kreeg."""
    return _paid(once, lambda: paid.answer(once.session, once.actor, id, yes=False))


@router.post(
    "/onkosten/{id}/intrekkingen", response_model=PaidOut, summary="Haal weg wat fout opgeschreven is"
)
def withdraw(once: OnceOnly, id: UUID) -> Response:
    """De meter gaat mee terug."""
    return _paid(once, lambda: paid.withdraw(once.session, once.actor, id))


@router.get("/onkostenmeters/mijn", response_model=list[StandingOut], summary="Lees uw eigen meter")
def mine(session: Opened, actor: ApiActor) -> list[StandingOut]:
    """Wat u deze maand en dit jaar kreeg, in hele centen, en hoeveel het mag zijn."""
    found = meter.mine(session, actor).standings
    return [
        StandingOut(
            kind=METERS[kind], month=one.month, month_most=one.month_most, year=one.year, year_most=one.year_most,
            warns=one.warns,
        )
        for kind, one in found.items()
    ]  # fmt: skip
