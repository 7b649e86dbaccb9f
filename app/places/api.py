"""/gemeenten and /buurten: where. Public: facts that say nothing about anybody."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field
from sqlalchemy import select

from app.api.paging import Page, paged, rows_of
from app.http import Opened
from app.places import service
from app.places.models import Municipality, Neighbourhood
from app.places.postcodes import TypedPostcode
from app.schemas import Outgoing

router = APIRouter(tags=["Naslag"])


class MunicipalityOut(Outgoing):
    """A municipality that takes part."""

    id: Annotated[int, Field(serialization_alias="code")]
    name: Annotated[str, Field(serialization_alias="naam")]
    province: Annotated[str, Field(serialization_alias="provincie")]
    mediation: Annotated[int, Field(serialization_alias="bemiddeling")]
    """1 vrij, 2 op de hoogte, 3 gelezen, 4 voorgesteld, 5 alleen door de makelaar."""
    phone: Annotated[str, Field(serialization_alias="telefoon")]


class NeighbourhoodOut(Outgoing):
    """A neighbourhood: the four digits of a postcode, with the name of the place."""

    pc4: int
    place: Annotated[str, Field(serialization_alias="naam")]
    municipality_id: Annotated[int, Field(serialization_alias="gemeente")]


class Where(Page):
    """Which neighbourhoods."""

    postcode: Annotated[
        TypedPostcode | None, Field(description="Vier cijfers zijn genoeg, en verraden geen adres.")
    ] = None
    municipality_id: Annotated[
        int | None, Field(alias="gemeente", ge=1, le=9999, description="CBS-nummer, zonder GM.")
    ] = None


@router.get("/gemeenten", response_model=list[MunicipalityOut], summary="Lees de gemeenten")
def municipalities(session: Opened) -> Sequence[Municipality]:
    """De gemeenten die meedoen. Hiervoor is geen token nodig."""
    return service.joined(session)


@router.get("/buurten", response_model=list[NeighbourhoodOut], summary="Lees buurten")
def neighbourhoods(
    request: Request, response: Response, session: Opened, where: Annotated[Where, Query()]
) -> Sequence[Neighbourhood]:
    """Buurten in de gemeenten die meedoen. Hiervoor is geen token nodig."""
    found = select(Neighbourhood).join(Municipality, Municipality.id == Neighbourhood.municipality_id)
    found = found.where(Municipality.joined)
    if where.postcode is not None:
        found = found.where(Neighbourhood.pc4 == where.postcode.pc4)
    if where.municipality_id is not None:
        found = found.where(Neighbourhood.municipality_id == where.municipality_id)
    return paged(request, response, where, rows_of(session, found.order_by(Neighbourhood.pc4), where))
