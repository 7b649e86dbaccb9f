"""/verdelingen: share out the whole region, look at it, take it over in whole or in part."""

from collections.abc import Callable, Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import refuse_visitor, require_anywhere
from app.access.roles import Permission
from app.api.bodies import Sent
from app.api.once import Once, OnceOnly
from app.api.paging import Page, paged, rows_of
from app.distribution import accept, service
from app.distribution.models import Distribution
from app.distribution.schemas import Accepted, DistributionOut, NewDistribution, PreviewOut, Refused
from app.errors import Invalid
from app.http import ApiActor, Opened

router = APIRouter(prefix="/verdelingen", tags=["Verdelingen"])
PATH = "/verdelingen"
OWN = NewDistribution()
ALL = Accepted()


def shown(session: Session, actor: Actor, id: UUID) -> PreviewOut:
    """The run as it stands now, with its lines."""
    session.flush()
    return PreviewOut.model_validate(service.get(session, actor, id))


def done(once: Once, sent: BaseModel, id: UUID, act: Callable[[], object]) -> Response:
    """Answer with what became of the lines."""

    def after() -> PreviewOut:
        act()
        return shown(once.session, once.actor, id)

    return once.answer(sent, after)


def municipality_of(actor: Actor, wanted: NewDistribution) -> int:
    """The municipality that was named, or the only one; raises Forbidden, or Invalid when there are more."""
    refuse_visitor(actor)
    if wanted.municipality_id is not None:
        return wanted.municipality_id
    places = require_anywhere(actor, Permission.PROPOSE)
    if len(places) > 1:
        raise Invalid(details={"gemeente": "required"})
    return min(places)


@router.get("", response_model=list[DistributionOut], summary="Lees verdelingen")
def list_(
    request: Request, response: Response, session: Opened, actor: ApiActor, page: Annotated[Page, Query()]
) -> Sequence[Distribution]:
    """Van uw gemeente, als makelaar; de nieuwste eerst, zonder de regels."""
    return paged(request, response, page, rows_of(session, service.selection(actor), page))


@router.post("", response_model=PreviewOut, status_code=201, summary="Verdeel opnieuw")
def make(once: OnceOnly, wanted: Sent[NewDistribution] = OWN) -> Response:
    """Verdeelt de hele regio en bewaart wat uw gemeente aangaat. Er gaat nog niets uit; een dag lang geldig."""
    session, actor = once.session, once.actor

    def act() -> PreviewOut:
        return shown(session, actor, service.make(session, actor, municipality_of(actor, wanted)).id)

    return once.answer(wanted, act, created_in=PATH)


@router.get("/{id}", response_model=PreviewOut, summary="Lees één verdeling")
def get(session: Opened, actor: ApiActor, id: UUID) -> PreviewOut:
    """Wie wie krijgt, wie zonder blijft en waarom."""
    return shown(session, actor, id)


@router.post("/{id}/overnames", response_model=PreviewOut, summary="Neem regels over")
def take_over(once: OnceOnly, id: UUID, wanted: Sent[Accepted] = ALL) -> Response:
    """Elke regel wordt op dat moment nagekeken. Wat niet meer kan, krijgt de status `achterhaald` met een reden.

    Een verdeling van meer dan een dag geleden geeft 409 met de code `distribution-expired`.
    """
    return done(once, wanted, id, lambda: accept.accept(once.session, once.actor, id, wanted.lines))


@router.post("/{id}/afwijzingen", response_model=PreviewOut, summary="Leg regels opzij")
def refuse(once: OnceOnly, id: UUID, wanted: Sent[Refused]) -> Response:
    """Dat en door wie wordt bewaard. De helper en de vrager merken er niets van."""
    return done(
        once,
        wanted,
        id,
        lambda: accept.refuse(once.session, once.actor, id, wanted.lines, wanted.reason or ""),
    )
