"""/kringen: one's own rings, yes or no, and a makelaar's wish to look for them."""

from collections.abc import Callable, Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.bodies import Sent
from app.api.once import Once, OnceOnly
from app.api.paging import Page, paged, rows_of
from app.http import ApiActor, Opened
from app.rings import answer, propose, service
from app.rings.models import Ring
from app.rings.schemas import DeskRingOut, RingOut, Search, SearchOut, seen_by

router = APIRouter(prefix="/kringen", tags=["Kringen"])


def done(once: Once, id: UUID, act: Callable[[], Ring]) -> Response:
    """Answer with the ring as it stands then."""

    def after() -> RingOut:
        act()
        return seen_by(service.get(once.session, once.actor, id), once.actor.person_id)

    return once.answer(None, after)


@router.get("", response_model=list[RingOut], summary="Lees uw kringen")
def list_(
    request: Request, response: Response, session: Opened, actor: ApiActor, page: Annotated[Page, Query()]
) -> Sequence[RingOut]:
    """De nieuwste eerst. U ziet wat u zou doen en wat u zou krijgen; wie u helpt pas na diens ja."""
    rows = rows_of(session, service.own(actor).options(*service.FACE), page)
    return [seen_by(ring, actor.person_id) for ring in paged(request, response, page, rows)]


@router.get("/bureau", response_model=list[DeskRingOut], summary="Lees de kringen van uw gemeente")
def at_desk(
    request: Request, response: Response, session: Opened, actor: ApiActor, page: Annotated[Page, Query()]
) -> Sequence[Ring]:
    """Voor makelaars, de nieuwste eerst: wie wie helpt, en de onderdelen van de punten van elke schakel."""
    rows = rows_of(session, service.at_desks(actor).options(*service.FACE), page)
    return paged(request, response, page, rows)


@router.get("/bureau/{id}", response_model=DeskRingOut, summary="Lees één kring van uw gemeente")
def get_at_desk(session: Opened, actor: ApiActor, id: UUID) -> Ring:
    """Voor makelaars. De onderdelen van een schakel tellen op tot de punten."""
    return service.of_a_desk(session, actor, id)


@router.get("/{id}", response_model=RingOut, summary="Lees één kring")
def get(session: Opened, actor: ApiActor, id: UUID) -> RingOut:
    """Alleen voor wie erin zit."""
    return seen_by(service.get(session, actor, id), actor.person_id)


@router.post("/{id}/acceptaties", response_model=RingOut, summary="Zeg ja tegen een kring")
def accept(once: OnceOnly, id: UUID) -> Response:
    """Zegt iedereen ja, dan krijgt elke vrager een voorstel van een helper die al ja zei, en kiest een dag.

    Is de kring al voorbij, dan volgt 409 met de code `ring-ended`.
    """
    return done(once, id, lambda: answer.yes(once.session, once.actor, id))


@router.post("/{id}/afwijzingen", response_model=RingOut, summary="Zeg nee tegen een kring")
def decline(once: OnceOnly, id: UUID) -> Response:
    """Zonder reden en zonder gevolg, ook na een ja. Niemand hoort van wie het nee kwam."""
    return done(once, id, lambda: answer.no(once.session, once.actor, id))


@router.post("/zoekopdrachten", response_model=SearchOut, summary="Zoek kringen")
def search(once: OnceOnly, wanted: Sent[Search]) -> Response:
    """Voor makelaars. Er wordt in de hele regio gezocht, op de achtergrond; de leden krijgen bericht."""

    def act() -> SearchOut:
        propose.ask(once.session, once.actor, wanted.municipality_id)
        return SearchOut(municipality_id=wanted.municipality_id)

    return once.answer(wanted, act)
