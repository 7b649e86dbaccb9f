"""/activiteiten: what there is to do together."""

from collections.abc import Sequence
from datetime import time
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from app.access.actor import Actor
from app.access.policy import found
from app.activities import service
from app.activities.models import Activity, ActivityDate, ActivityKind, DateStatus
from app.activities.schemas import ActivityOut
from app.agreements.calendar import moment
from app.api.paging import Page, paged, rows_of
from app.clock import now
from app.http import ApiActor, Opened
from app.schemas import Day

router = APIRouter(prefix="/activiteiten", tags=["Activiteiten"])


class Which(Page):
    """Which activities."""

    municipality_id: Annotated[
        int | None, Field(alias="gemeente", ge=1, le=9999, description="CBS-nummer, zonder GM.")
    ] = None
    kind: Annotated[ActivityKind | None, Field(alias="soort")] = None
    since: Annotated[
        Day | None, Field(alias="vanaf", description="Met een keer op of na deze dag; anders vanaf nu.")
    ] = None

    def statement(self, session: Session, actor: Actor) -> Select[Activity]:
        """Public ones with a time to come, in the order in which they were made."""
        coming = select(ActivityDate.activity_id).where(
            ActivityDate.activity_id.in_(service.selection(actor).with_only_columns(Activity.id)),
            ActivityDate.status == DateStatus.PLANNED,
            ActivityDate.starts_at > now(session),
        )
        if self.since is not None:
            coming = coming.where(ActivityDate.starts_at >= moment(self.since, time(0)))
        query = (
            service.selection(actor)
            .where(Activity.is_public_row(), Activity.id.in_(coming))
            .options(*service.FACE)
        )
        if self.municipality_id is not None:
            query = query.where(Activity.municipality_id == self.municipality_id)
        if self.kind is not None:
            query = query.where(Activity.kind == self.kind)
        return query.options(selectinload(Activity.dates)).order_by(Activity.created_at.desc(), Activity.id)


@router.get("", response_model=list[ActivityOut], summary="Lees activiteiten")
def list_(
    request: Request, response: Response, session: Opened, actor: ApiActor, wanted: Annotated[Which, Query()]
) -> Sequence[Activity]:
    """Openbare activiteiten waar u nog naartoe kunt. Wie er komt, staat er niet bij."""
    return paged(request, response, wanted, rows_of(session, wanted.statement(session, actor), wanted))


@router.get("/{id}", response_model=ActivityOut, summary="Lees één activiteit")
def get(session: Opened, actor: ApiActor, id: UUID) -> Activity:
    """Met alle keren. Het adres van iemands huis staat er niet bij."""
    query = (
        service.selection(actor).where(Activity.id == id).options(*service.FACE, selectinload(Activity.dates))
    )
    return found(session.scalars(query).one_or_none())
