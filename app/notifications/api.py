"""/meldingen: what the platform told one. /berichtvoorkeuren: how one wants to hear it."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field
from sqlalchemy import select

from app.api.bodies import Sent
from app.api.paging import Page, paged, rows_of
from app.errors import Forbidden
from app.http import ApiActor, Opened
from app.notifications import wishes
from app.notifications.groups import Group, Way
from app.notifications.models import Notice
from app.schemas import Moment, Outgoing

router = APIRouter(tags=["Meldingen"])


class NoticeOut(Outgoing):
    """One notice; the text is made from its kind."""

    id: UUID
    kind: Annotated[str, Field(serialization_alias="soort")]
    subject_id: Annotated[UUID, Field(serialization_alias="onderwerp")]
    params: Annotated[dict[str, Any], Field(serialization_alias="gegevens")]
    created_at: Annotated[Moment, Field(serialization_alias="gemaaktOp")]
    read_at: Annotated[Moment | None, Field(serialization_alias="gelezenOp")]


@router.get("/meldingen", response_model=list[NoticeOut], summary="Lees uw meldingen")
def list_(
    request: Request, response: Response, session: Opened, actor: ApiActor, page: Annotated[Page, Query()]
) -> Sequence[Notice]:
    """De nieuwste eerst. `onderwerp` is het id van het voorstel, de afspraak of de keer."""
    mine = select(Notice).where(Notice.owned_by(actor.person_id))
    ordered = mine.order_by(Notice.created_at.desc(), Notice.id.desc())
    return paged(request, response, page, rows_of(session, ordered, page))


class ChoiceOut(Outgoing):
    """How one group reaches somebody, and how it may."""

    group: Annotated[Group, Field(serialization_alias="groep")]
    way: Annotated[Way, Field(serialization_alias="hoe")]
    ways: Annotated[list[Way], Field(serialization_alias="mogelijk")]
    must: Annotated[bool, Field(serialization_alias="altijd")]
    push: Annotated[bool, Field(serialization_alias="ookOpToestel")]


@router.get("/berichtvoorkeuren", response_model=list[ChoiceOut], summary="Lees hoe wij u schrijven")
def choices(session: Opened, actor: ApiActor) -> Sequence[wishes.Choice]:
    """Per groep berichten. Wat `altijd` is, kan niet uit: iemand wacht erop of rekent op u."""
    if actor.behind is not None:
        raise Forbidden
    return wishes.mine(session, actor)


@router.put(
    "/berichtvoorkeuren/{groep}", response_model=ChoiceOut, summary="Kies hoe wij u over iets schrijven"
)
def choose(session: Opened, actor: ApiActor, groep: Group, wanted: Sent[wishes.NewWay]) -> wishes.Choice:
    """`hoe` is een van de mogelijkheden van de groep. De keuze telt vanaf het volgende bericht. Met `ookOpToestel`
    laten ook de toestellen die u daarvoor koos, zien dat er iets is."""
    if actor.behind is not None:
        raise Forbidden
    wishes.choose(session, actor, {groep: wanted.way})
    if wanted.push is not None:
        shown = {choice.group for choice in wishes.mine(session, actor) if choice.push} - {groep}
        wishes.choose_push(session, actor, shown | ({groep} if wanted.push else set()))
    return next(choice for choice in wishes.mine(session, actor) if choice.group is groep)
