"""Costs of helping, in."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, model_validator

from app.costs.models import CostKind, Payer
from app.euros import CostCents, LimitCents
from app.schemas import Day, Incoming, Whole
from app.text import Line
from rewards.allowance import AllowanceKind

Km = Annotated[Whole, Field(ge=1, le=500)]


class NewCost(Incoming):
    """What would be paid at most for one time: kilometres, or an amount; and who pays."""

    kind: Annotated[CostKind, Field(alias="soort")]
    payer: Annotated[Payer, Field(alias="betaler")]
    most_km: Annotated[Km | None, Field(alias="kilometers")] = None
    most_cents: Annotated[CostCents | None, Field(alias="bedrag")] = None

    @model_validator(mode="after")
    def _one_measure(self) -> Any:
        wanted = "most_km" if self.kind is CostKind.KILOMETRES else "most_cents"
        given = {name for name in ("most_km", "most_cents") if getattr(self, name) is not None}
        if given != {wanted}:
            raise ValueError("kilometres have a number, other costs an amount")
        return self


class WhatItCost(Incoming):
    """What one time really cost."""

    agreed_cost_id: Annotated[UUID, Field(alias="kosten")]
    occurrence_id: Annotated[UUID, Field(alias="keer")]
    km: Annotated[Km | None, Field(alias="kilometers")] = None
    cents: Annotated[CostCents | None, Field(alias="bedrag")] = None


class NewRate(Incoming):
    """What a kilometre may cost from a day on, and where that was read."""

    valid_from: Annotated[Day, Field(alias="vanaf")]
    cents_per_km: Annotated[Annotated[Whole, Field(ge=1, le=200)], Field(alias="centPerKm")]
    source: Annotated[Line, Field(alias="bron")]


class NewLimit(Incoming):
    """What a helper may get in a month and a year, from the first day of a coming month on."""

    kind: Annotated[AllowanceKind, Field(alias="soort")]
    valid_from: Annotated[Day, Field(alias="vanaf")]
    month_cents: Annotated[LimitCents, Field(alias="maand")]
    year_cents: Annotated[LimitCents, Field(alias="jaar")]
