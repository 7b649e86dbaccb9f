"""/meldingen: what the platform told one."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field
from sqlalchemy import select

from app.api.paging import Page, paged, rows_of
from app.http import ApiActor, Opened
from app.notifications.models import Notice
from app.schemas import Moment, Outgoing

router = APIRouter(prefix="/meldingen", tags=["Meldingen"])


class NoticeOut(Outgoing):
    """One notice; the text is made from its kind."""

    id: UUID
    kind: Annotated[str, Field(serialization_alias="soort")]
    subject_id: Annotated[UUID, Field(serialization_alias="onderwerp")]
    params: Annotated[dict[str, Any], Field(serialization_alias="gegevens")]
    created_at: Annotated[Moment, Field(serialization_alias="gemaaktOp")]
    read_at: Annotated[Moment | None, Field(serialization_alias="gelezenOp")]


@router.get("", response_model=list[NoticeOut], summary="Lees uw meldingen")
def list_(
    request: Request, response: Response, session: Opened, actor: ApiActor, page: Annotated[Page, Query()]
) -> Sequence[Notice]:
    """De nieuwste eerst. `onderwerp` is het id van het voorstel, de afspraak of de keer."""
    mine = select(Notice).where(Notice.owned_by(actor.person_id))
    ordered = mine.order_by(Notice.created_at.desc(), Notice.id.desc())
    return paged(request, response, page, rows_of(session, ordered, page))
