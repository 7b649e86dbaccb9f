"""Welfare budgets, in."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, model_validator

from app.euros import BudgetCents
from app.schemas import Day, Incoming
from app.text import Line, Prose, Typed
from app.welfare.models import Helped

Reason = Annotated[str, Typed(400)]
Key = Annotated[UUID, Field(alias="sleutel")]
"""Makes a form that is sent twice one act."""


class NewPlan(Incoming):
    """What somebody would like and why, in their own words."""

    goal: Annotated[Prose, Field(alias="doel")]
    wish: Annotated[Line, Field(alias="wens")]
    why: Annotated[Prose, Field(alias="waarom")]
    asked_cents: Annotated[BudgetCents | None, Field(alias="bedrag")] = None
    person_id: Annotated[UUID | None, Field(alias="persoon")] = None
    """For whom a makelaar writes it down; left out by residents themselves."""


class NewGrant(Incoming):
    """How much, and for the first one on which days."""

    cents: Annotated[BudgetCents, Field(alias="bedrag")]
    starts_on: Annotated[Day | None, Field(alias="van")] = None
    ends_on: Annotated[Day | None, Field(alias="totEnMet")] = None

    @model_validator(mode="after")
    def _both_days(self) -> Any:
        if (self.starts_on is None) != (self.ends_on is None):
            raise ValueError("a period has a first and a last day")
        return self


class Because(Incoming):
    """Why not, for the resident to read."""

    reason: Annotated[Reason, Field(alias="reden")]


class NewSpending(Incoming):
    """What it is for, and how much, before anything is paid."""

    what: Annotated[Line, Field(alias="wat")]
    cents: Annotated[BudgetCents, Field(alias="bedrag")]


class NewReceipt(NewSpending):
    """What was bought, for how much, and on which day; the file comes beside it."""

    spent_on: Annotated[Day, Field(alias="datum")]


class Told(Incoming):
    """What it brought: in the resident's own words, and two short answers."""

    brought: Annotated[Prose, Field(alias="tekst")]
    helped: Annotated[Helped, Field(alias="geholpen")]
    sees_people: Annotated[Helped, Field(alias="meerMensen")]
