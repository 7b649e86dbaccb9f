"""/voorzieningen: the social map."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field
from sqlalchemy import select

from app.access.policy import visible
from app.access.roles import Permission
from app.api.paging import Page, paged, rows_of
from app.categories import service as categories
from app.http import ApiActor, Opened
from app.schemas import Slug
from app.social_map import search
from app.social_map.models import Provision, ProvisionStatus
from app.social_map.schemas import ProvisionOut

router = APIRouter(prefix="/voorzieningen", tags=["Sociale kaart"])


class Which(Page):
    """Which provisions."""

    municipality_id: Annotated[
        int | None, Field(alias="gemeente", ge=1, le=9999, description="CBS-nummer, zonder GM.")
    ] = None
    category: Annotated[Slug | None, Field(alias="categorie")] = None


@router.get("", response_model=list[ProvisionOut], summary="Lees de sociale kaart")
def list_(
    request: Request, response: Response, session: Opened, actor: ApiActor, wanted: Annotated[Which, Query()]
) -> Sequence[Provision]:
    """Wat organisaties voor inwoners hebben, op naam. Wat gestopt is, staat er niet bij."""
    seen = visible(actor, Permission.KEEP_SOCIAL_MAP, Provision)
    query = select(Provision).where(seen, Provision.status != ProvisionStatus.ENDED).options(*search.FACE)
    if wanted.municipality_id is not None:
        query = query.where(Provision.municipality_id == wanted.municipality_id)
    if wanted.category is not None:
        number = categories.by_slug(session, wanted.category).number
        query = query.where(Provision.category_numbers.contains([number]))
    rows = rows_of(session, query.order_by(Provision.name, Provision.id), wanted)
    return paged(request, response, wanted, rows)


@router.get("/{id}", response_model=ProvisionOut, summary="Lees één voorziening")
def get(session: Opened, _actor: ApiActor, id: UUID) -> Provision:
    """Met de organisatie die haar heeft."""
    return search.get(session, id)
