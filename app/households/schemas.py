"""What is typed about a household's plan."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.households.models import About, Outcome, PlanRole, Source
from app.satisfaction.models import Face
from app.schemas import Day, Incoming, Whole
from app.text import Line, Typed

Load = Annotated[Whole, Field(ge=1, le=5)]
Version = Annotated[Whole, Field(alias="versie")]


class NewPlan(Incoming):
    """What the household wants, in its own words, and what is known already."""

    goal: Annotated[Annotated[str, Typed(1000, lines=True)], Field(alias="watWillenZij")]
    known: Annotated[Annotated[str, Typed(2000, lines=True)] | None, Field(alias="watWijWeten")] = None


class PlanChange(NewPlan):
    """The same, changed, with the faces and the recognition; as it was read."""

    contact_id: Annotated[UUID, Field(alias="vastGezicht")]
    second_id: Annotated[UUID | None, Field(alias="kijktMee")] = None
    recognised_on: Annotated[Day | None, Field(alias="erkendOp")] = None
    lasts_until: Annotated[Day | None, Field(alias="erkendTotEnMet")] = None
    version: Version


class NewMember(Incoming):
    """Who belongs to it, and as what."""

    person_id: Annotated[UUID, Field(alias="persoon")]
    role: Annotated[PlanRole, Field(alias="wieIsDit")]


class NewLine(Incoming):
    """One thing in the plan."""

    source: Annotated[Source, Field(alias="bron")]
    what: Annotated[Annotated[str, Typed(200)], Field(alias="wat")]
    who: Annotated[Line | None, Field(alias="wie")] = None
    collective: Annotated[bool, Field(alias="samenMetAnderen")] = False
    organised: Annotated[bool, Field(alias="wordtGedaan")] = False
    minutes_per_week: Annotated[
        Annotated[Whole, Field(ge=15, le=10_080)] | None, Field(alias="minutenPerWeek")
    ] = None
    starts_on: Annotated[Day, Field(alias="vanaf")]
    ends_on: Annotated[Day | None, Field(alias="totEnMet")] = None
    help_request_id: Annotated[UUID | None, Field(alias="hulpvraag")] = None
    carer_id: Annotated[UUID | None, Field(alias="voorMantelzorger")] = None
    """Given, it is respite: somebody takes over, so that this carer can rest."""


class LineChange(Incoming):
    """More or less from a day on; nothing left ends it."""

    minutes_per_week: Annotated[
        Annotated[Whole, Field(ge=15, le=10_080)] | None, Field(alias="minutenPerWeek")
    ] = None
    from_on: Annotated[Day, Field(alias="vanaf")]


class Reassessment(Incoming):
    """Within how many working days the decision is promised."""

    working_days: Annotated[Annotated[Whole, Field(ge=1, le=60)], Field(alias="werkdagen")]
    version: Version


class NewDecision(Incoming):
    """What was decided, from when, and why: in words that the household understands."""

    outcome: Annotated[Outcome, Field(alias="besluit")]
    words: Annotated[Annotated[str, Typed(1000, lines=True)], Field(alias="watBetekentDit")]
    reasons: Annotated[Annotated[str, Typed(2000, lines=True), Field(min_length=20)], Field(alias="waarom")]
    from_on: Annotated[Day, Field(alias="ingangsdatum")]
    version: Version


class NewMoment(Incoming):
    """When to look again, and why then."""

    about: Annotated[About, Field(alias="aanleiding")] = About.CALENDAR
    due_on: Annotated[Day, Field(alias="wanneer")]


class MomentHeld(Incoming):
    """How it goes, and what was said."""

    face: Annotated[Face, Field(alias="gezicht")]
    words: Annotated[Annotated[str, Typed(2000, lines=True)] | None, Field(alias="gezegd")] = None


class PlanClosing(Incoming):
    """Why the plan is done."""

    reason: Annotated[Annotated[str, Typed(400)], Field(alias="reden")]
    version: Version


class NewLoad(Incoming):
    """How heavy it is now, and a word about it."""

    load: Annotated[Load, Field(alias="hoeZwaar")]
    words: Annotated[Annotated[str, Typed(1000, lines=True)] | None, Field(alias="woorden")] = None
