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
from app.reports.facts import LONGEST, WAITS
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


class MonthOut(Outgoing):
    """A month that is over."""

    month: Annotated[date, Field(serialization_alias="maand")]
    asked: Annotated[Hidden, Field(serialization_alias="gevraagd")]
    found: Annotated[Hidden, Field(serialization_alias="afgesproken")]


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

    since: Annotated[date | None, Field(serialization_alias="vanaf")]
    last: Annotated[date | None, Field(serialization_alias="totEnMet")]
    today: Annotated[TodayOut, Field(serialization_alias="vandaag")]
    asked: Annotated[Hidden, Field(serialization_alias="gevraagd")]
    helped: Annotated[Hidden, Field(serialization_alias="geholpen")]
    median_days: Annotated[Hidden, Field(serialization_alias="middelsteDagen")]
    months: Annotated[list[MonthOut], Field(serialization_alias="maanden")]
    waits: Annotated[list[WaitOut], Field(serialization_alias="wachttijden")]
    themes: Annotated[list[ThemeOut], Field(serialization_alias="themas")]


class LineOut(Outgoing):
    """A municipality among the others."""

    id: Annotated[int, Field(serialization_alias="gemeente")]
    name: Annotated[str, Field(serialization_alias="naam")]
    mediation: Annotated[int, Field(serialization_alias="bemiddeling")]
    residents: Annotated[int, Field(serialization_alias="inwoners")]
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

    since: Annotated[date | None, Field(serialization_alias="vanaf")]
    last: Annotated[date | None, Field(serialization_alias="totEnMet")]
    asked: Annotated[Hidden, Field(serialization_alias="gevraagd")]
    helped: Annotated[Hidden, Field(serialization_alias="geholpen")]
    across: Annotated[Hidden, Field(serialization_alias="overDeGrens")]
    lines: Annotated[list[LineOut], Field(serialization_alias="gemeenten")]
    flows: Annotated[list[FlowOut], Field(serialization_alias="stromen")]


@router.get(
    "/gemeentecijfers/{gemeente}", response_model=FiguresOut, summary="Lees de cijfers van uw gemeente"
)
def of_municipality(session: Opened, actor: ApiActor, gemeente: Code) -> FiguresOut:
    """Het laatste halfjaar dat voorbij is, en hoe het vandaag is. `null` is een aantal dat verborgen blijft."""
    municipality = municipality_of_desk(session, actor, Permission.SEE_FIGURES, gemeente)
    found = figures.of_municipality(session, actor, municipality)
    return _figures(found, figures.overview(session, actor, municipality.id))


def _figures(found: Figures, today: Overview) -> FiguresOut:
    return FiguresOut(
        since=found.period.since if found.period else None,
        last=found.period.last if found.period else None,
        today=TodayOut.model_validate(today),
        asked=found.asked,
        helped=found.helped,
        median_days=found.median_days,
        months=[MonthOut(month=month, asked=asked, found=agreed) for month, asked, agreed in found.months],
        waits=[WaitOut(low=low, high=high, count=count) for low, high, count in _bands(found)],
        themes=[ThemeOut(theme=theme, asked=asked, helped=helped) for theme, asked, helped in found.themes],
    )


def _bands(found: Figures) -> list[tuple[int, int | None, int | None]]:
    """From how many days, up to but without how many, and the count."""
    counts = dict(found.waits)
    edges = [0, *(below for _, below in WAITS)]
    names = [*(name for name, _ in WAITS), LONGEST]
    return [
        (low, high, counts[name])
        for name, low, high in zip(names, edges, [*edges[1:], None], strict=True)
        if name in counts
    ]


@router.get("/regiocijfers", response_model=RegionOut, summary="Lees de regio naast elkaar")
def of_region(session: Opened, actor: ApiActor) -> RegionOut:
    """Alleen voor de beheerder van de regio: de gemeenten naast elkaar, en de hulp over hun grenzen."""
    refuse_visitor(actor)
    return _region(region.of_region(session, actor))


def _region(found: RegionFigures) -> RegionOut:
    return RegionOut(
        since=found.period.since if found.period else None,
        last=found.period.last if found.period else None,
        asked=found.asked,
        helped=found.helped,
        across=found.across,
        lines=[LineOut.model_validate(line) for line in found.lines],
        flows=[FlowOut.model_validate(flow) for flow in found.flows],
    )
