"""/gemeentecijfers and /regiocijfers: counts only, and small ones hidden, as on the pages."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from app.access.policy import refuse_visitor
from app.access.roles import Permission
from app.api.desks import Code, municipality_of_desk
from app.http import ApiActor, Opened
from app.reports import figures, region
from app.reports.figures import Figures, Overview
from app.reports.region import RegionFigures
from app.schemas import Outgoing

router = APIRouter(tags=["Gemeente"])
Hidden = int | None
"""A count; null where it stays hidden."""


class TodayOut(Outgoing):
    """How a municipality stands today."""

    people: Annotated[Hidden, Field(serialization_alias="mensen")]
    open_requests: Annotated[Hidden, Field(serialization_alias="openVragen")]
    open_offers: Annotated[Hidden, Field(serialization_alias="openAanbod")]
    live_agreements: Annotated[Hidden, Field(serialization_alias="lopendeAfspraken")]


class StretchOut(Outgoing):
    """Some weeks."""

    monday: Annotated[date, Field(serialization_alias="vanaf")]
    asked: Annotated[Hidden, Field(serialization_alias="gevraagd")]
    helped: Annotated[Hidden, Field(serialization_alias="geholpen")]


class WaitOut(Outgoing):
    """How many waited from so many days, up to but without the next."""

    low: Annotated[int, Field(serialization_alias="vanDagen")]
    high: Annotated[int | None, Field(serialization_alias="totDagen")]
    count: Annotated[Hidden, Field(serialization_alias="aantal")]


class ThemeOut(Outgoing):
    """A theme."""

    theme: Annotated[str, Field(serialization_alias="thema")]
    asked: Annotated[Hidden, Field(serialization_alias="gevraagd")]
    helped: Annotated[Hidden, Field(serialization_alias="geholpen")]


class FiguresOut(Outgoing):
    """The figures of a municipality."""

    since: Annotated[date, Field(serialization_alias="vanaf")]
    last: Annotated[date, Field(serialization_alias="totEnMet")]
    today: Annotated[TodayOut, Field(serialization_alias="vandaag")]
    asked: Annotated[Hidden, Field(serialization_alias="gevraagd")]
    helped: Annotated[Hidden, Field(serialization_alias="geholpen")]
    median_days: Annotated[Hidden, Field(serialization_alias="middelsteDagen")]
    stretch_weeks: Annotated[int, Field(serialization_alias="wekenPerStuk")]
    stretches: Annotated[list[StretchOut], Field(serialization_alias="stukken")]
    waits: Annotated[list[WaitOut], Field(serialization_alias="wachttijden")]
    themes: Annotated[list[ThemeOut], Field(serialization_alias="themas")]


class LineOut(Outgoing):
    """A municipality among the others."""

    id: Annotated[int, Field(serialization_alias="gemeente")]
    name: Annotated[str, Field(serialization_alias="naam")]
    mediation: Annotated[int, Field(serialization_alias="bemiddeling")]
    people: Annotated[Hidden, Field(serialization_alias="mensen")]
    asked: Annotated[Hidden, Field(serialization_alias="gevraagd")]
    helped: Annotated[Hidden, Field(serialization_alias="geholpen")]
    median_days: Annotated[Hidden, Field(serialization_alias="middelsteDagen")]


class FlowOut(Outgoing):
    """Help from one municipality to another."""

    helper: Annotated[str, Field(serialization_alias="van")]
    asker: Annotated[str, Field(serialization_alias="naar")]
    count: Annotated[int, Field(serialization_alias="aantal")]


class RegionOut(Outgoing):
    """The region side by side."""

    since: Annotated[date, Field(serialization_alias="vanaf")]
    last: Annotated[date, Field(serialization_alias="totEnMet")]
    asked: Annotated[Hidden, Field(serialization_alias="gevraagd")]
    helped: Annotated[Hidden, Field(serialization_alias="geholpen")]
    across: Annotated[Hidden, Field(serialization_alias="overDeGrens")]
    lines: Annotated[list[LineOut], Field(serialization_alias="gemeenten")]
    flows: Annotated[list[FlowOut], Field(serialization_alias="stromen")]


@router.get(
    "/gemeentecijfers/{gemeente}", response_model=FiguresOut, summary="Lees de cijfers van uw gemeente"
)
def of_municipality(session: Opened, actor: ApiActor, gemeente: Code) -> FiguresOut:
    """Hele weken die voorbij zijn, en hoe het vandaag is. `null` is een aantal dat verborgen blijft."""
    municipality = municipality_of_desk(session, actor, Permission.SEE_FIGURES, gemeente)
    found = figures.of_municipality(session, actor, municipality)
    return _figures(found, figures.overview(session, actor, municipality.id))


def _figures(found: Figures, today: Overview) -> FiguresOut:
    return FiguresOut(
        since=found.term.since,
        last=found.term.last,
        today=TodayOut.model_validate(today),
        asked=found.asked,
        helped=found.helped,
        median_days=found.median_days,
        stretch_weeks=found.stretch_weeks,
        stretches=[
            StretchOut(monday=monday, asked=asked, helped=helped) for monday, asked, helped in found.stretches
        ],
        waits=[WaitOut(low=low, high=high, count=count) for (low, high), count in found.waits],
        themes=[ThemeOut(theme=theme, asked=asked, helped=helped) for theme, asked, helped in found.themes],
    )


@router.get("/regiocijfers", response_model=RegionOut, summary="Lees de regio naast elkaar")
def of_region(session: Opened, actor: ApiActor) -> RegionOut:
    """Alleen voor de beheerder van de regio: de gemeenten naast elkaar, en de hulp over hun grenzen."""
    refuse_visitor(actor)
    return _region(region.of_region(session, actor))


def _region(found: RegionFigures) -> RegionOut:
    return RegionOut(
        since=found.term.since,
        last=found.term.last,
        asked=found.asked,
        helped=found.helped,
        across=found.across,
        lines=[LineOut.model_validate(line) for line in found.lines],
        flows=[FlowOut.model_validate(flow) for flow in found.flows],
    )
