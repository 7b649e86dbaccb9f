"""/verhalen: what people tell about help, one's own, and the desk's look at them."""

from collections.abc import Callable, Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from app.access.actor import Actor
from app.access.roles import Permission
from app.api.bodies import Sent
from app.api.desks import Code, municipality_of_desk
from app.api.once import Once, OnceOnly
from app.api.paging import Page, paged, rows_of
from app.http import ApiActor, Opened
from app.schemas import Incoming, Moment, Outgoing
from app.stories import service
from app.stories.models import Story
from app.stories.schemas import NewStory
from app.text import Typed
from app.words import State

router = APIRouter(prefix="/verhalen", tags=["Verhalen"])


class Which(Page):
    """Whose stories."""

    municipality_id: Annotated[
        int | None, Field(alias="gemeente", ge=1, le=9999, description="CBS-nummer, zonder GM.")
    ] = None


class StoryOut(Outgoing):
    """A story under the name that its teller chose; who told it is not in it."""

    id: UUID
    municipality_id: Annotated[int, Field(serialization_alias="gemeente")]
    title: Annotated[str, Field(serialization_alias="titel")]
    body: Annotated[str, Field(serialization_alias="verhaal")]
    name: Annotated[str, Field(serialization_alias="naam")]
    theme: Annotated[str, Field(serialization_alias="plaatje")]
    status: Annotated[State, Field(serialization_alias="staat")]
    created_at: Annotated[Moment, Field(serialization_alias="gemaaktOp")]
    shown_at: Annotated[Moment | None, Field(serialization_alias="getoondOp")]


class Refusal(Incoming):
    """Why it does not show; who wrote it reads that."""

    reason: Annotated[Annotated[str, Typed(400, lines=True)], Field(alias="reden")]


@router.get("", response_model=list[StoryOut], summary="Lees verhalen")
def list_(
    request: Request, response: Response, session: Opened, actor: ApiActor, wanted: Annotated[Which, Query()]
) -> Sequence[Story]:
    """Verhalen die iedereen mag lezen, de nieuwste eerst."""
    query = service.selection(actor).where(Story.is_public_row())
    if wanted.municipality_id is not None:
        query = query.where(Story.municipality_id == wanted.municipality_id)
    rows = rows_of(session, query.order_by(Story.shown_at.desc(), Story.id), wanted)
    return paged(request, response, wanted, rows)


@router.get("/mijn", response_model=list[StoryOut], summary="Lees wat u zelf vertelde")
def mine(session: Opened, actor: ApiActor) -> list[Story]:
    """De nieuwste eerst, tot en met vijftig, ook wat nog niet gelezen is of niet te zien is."""
    return service.mine(session, actor)


@router.get(
    "/wachtend/{gemeente}", response_model=list[StoryOut], summary="Lees verhalen die op het bureau wachten"
)
def waiting(session: Opened, actor: ApiActor, gemeente: Code) -> list[Story]:
    """Voor makelaars: wat nog niemand las, het oudste eerst, tot en met honderd."""
    municipality_of_desk(session, actor, Permission.MODERATE_STORY, gemeente)
    return service.waiting(session, actor, gemeente)


@router.get("/{id}", response_model=StoryOut, summary="Lees één verhaal")
def get(session: Opened, actor: ApiActor, id: UUID) -> Story:
    """Wat iedereen mag lezen, wat van u is, of van uw gemeente als u daar makelaar bent."""
    return service.get(session, actor, id)


@router.post("", response_model=StoryOut, status_code=201, summary="Vertel uw verhaal")
def post(once: OnceOnly, new: Sent[NewStory]) -> Response:
    """Een makelaar leest het eerst. `magErop` is uw ja dat iedereen het mag lezen, met uw voornaam en plaats."""
    return once.answer(
        new,
        lambda: StoryOut.model_validate(service.post(once.session, once.actor, new)),
        created_in="/verhalen",
    )


def _done(once: Once, sent: Refusal | None, act: Callable[[Actor], Story]) -> Response:
    return once.answer(sent, lambda: StoryOut.model_validate(act(once.actor)))


@router.post("/{id}/intrekkingen", response_model=StoryOut, summary="Haal uw verhaal weg")
def withdraw(once: OnceOnly, id: UUID) -> Response:
    """Wanneer u wilt. Niemand ziet het daarna nog."""
    return _done(once, None, lambda actor: service.withdraw(once.session, actor, id))


@router.post("/{id}/goedkeuringen", response_model=StoryOut, summary="Laat een verhaal zien")
def approve(once: OnceOnly, id: UUID) -> Response:
    """Voor makelaars. Niemand keurt goed wat hij zelf schreef."""
    return _done(once, None, lambda actor: service.approve(once.session, actor, id))


@router.post("/{id}/afwijzingen", response_model=StoryOut, summary="Laat een verhaal niet (meer) zien")
def reject(once: OnceOnly, id: UUID, said: Sent[Refusal]) -> Response:
    """Voor makelaars. De schrijver leest waarom."""
    return _done(once, said, lambda actor: service.reject(once.session, actor, id, said.reason))
