"""/plannen and /planreacties: what is laid before everybody, what they say of it, and what was done with it."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Permission
from app.api.bodies import Sent
from app.api.desks import Code, municipality_of_desk
from app.api.once import Once, OnceOnly
from app.api.paging import Page, paged, rows_of
from app.http import ApiActor, Opened
from app.ideas import service
from app.ideas.models import Idea, IdeaKind, IdeaReaction, IdeaStatus
from app.ideas.schemas import Answer, NewIdea, NewReaction
from app.schemas import Moment, Outgoing
from app.stories.api import Refusal
from app.words import State

router = APIRouter(tags=["Plannen"])


class Which(Page):
    """Whose plans and ideas, and which of the two."""

    municipality_id: Annotated[
        int | None, Field(alias="gemeente", ge=1, le=9999, description="CBS-nummer, zonder GM.")
    ] = None
    kind: Annotated[
        IdeaKind | None, Field(alias="soort", description="plan van de gemeente, of idea van een inwoner.")
    ] = None


class IdeaOut(Outgoing):
    """A plan or an idea, as it shows; who brought it in is not in it."""

    id: UUID
    municipality_id: Annotated[int, Field(serialization_alias="gemeente")]
    kind: Annotated[IdeaKind, Field(serialization_alias="soort")]
    name: Annotated[str, Field(serialization_alias="van")]
    title: Annotated[str, Field(serialization_alias="titel")]
    body: Annotated[str, Field(serialization_alias="idee")]
    status: Annotated[State, Field(serialization_alias="staat")]
    open_until: Annotated[date | None, Field(serialization_alias="totEnMet")]
    outcome: Annotated[str, Field(serialization_alias="uitkomst")]
    created_at: Annotated[Moment, Field(serialization_alias="gemaaktOp")]
    shown_at: Annotated[Moment | None, Field(serialization_alias="getoondOp")]
    outcome_at: Annotated[Moment | None, Field(serialization_alias="beantwoordOp")]


class ReactionOut(Outgoing):
    """What somebody said, under the name that shows."""

    id: UUID
    idea_id: Annotated[UUID, Field(serialization_alias="plan")]
    name: Annotated[str, Field(serialization_alias="van")]
    body: Annotated[str, Field(serialization_alias="reactie")]
    status: Annotated[State, Field(serialization_alias="staat")]
    created_at: Annotated[Moment, Field(serialization_alias="gemaaktOp")]


class WaitingOut(Outgoing):
    """What nobody of the desk has read."""

    ideas: Annotated[list[IdeaOut], Field(serialization_alias="ideeen")]
    reactions: Annotated[list[ReactionOut], Field(serialization_alias="reacties")]


@router.get("/plannen", response_model=list[IdeaOut], summary="Lees plannen en ideeën")
def list_(
    request: Request, response: Response, session: Opened, actor: ApiActor, wanted: Annotated[Which, Query()]
) -> Sequence[Idea]:
    """Waar u nog op kunt reageren eerst, dan wat beantwoord is; steeds het nieuwste boven."""
    query = service.selection(actor).where(Idea.is_public_row())
    if wanted.municipality_id is not None:
        query = query.where(Idea.municipality_id == wanted.municipality_id)
    if wanted.kind is not None:
        query = query.where(Idea.kind == wanted.kind)
    ordered = query.order_by(Idea.status == IdeaStatus.ANSWERED, Idea.shown_at.desc(), Idea.id)
    return paged(request, response, wanted, rows_of(session, ordered, wanted))


@router.get("/plannen/mijn", response_model=list[IdeaOut], summary="Lees wat u zelf inbracht")
def mine(session: Opened, actor: ApiActor) -> list[Idea]:
    """De nieuwste eerst, tot en met vijftig."""
    return service.mine(session, actor)


@router.get(
    "/plannen/wachtend/{gemeente}",
    response_model=WaitingOut,
    summary="Lees wat op het bureau wacht om te lezen",
)
def waiting(session: Opened, actor: ApiActor, gemeente: Code) -> WaitingOut:
    """Voor makelaars: ideeën en reacties die nog niemand las, de oudste eerst."""
    municipality_of_desk(session, actor, Permission.MODERATE_STORY, gemeente)
    ideas, said = service.waiting(session, actor, gemeente)
    return WaitingOut(
        ideas=[IdeaOut.model_validate(one) for one in ideas],
        reactions=[ReactionOut.model_validate(one) for one in said],
    )


@router.get("/plannen/{id}", response_model=IdeaOut, summary="Lees één plan of idee")
def get(session: Opened, actor: ApiActor, id: UUID) -> Idea:
    """Met wat ermee gedaan is, als dat er al is."""
    return service.get(session, actor, id)


@router.post("/plannen", response_model=IdeaOut, status_code=201, summary="Breng een idee in")
def bring_in(once: OnceOnly, new: Sent[NewIdea]) -> Response:
    """Een makelaar leest het eerst. Wat u laat zien, staat er met uw voornaam en plaats."""
    return once.answer(
        new,
        lambda: IdeaOut.model_validate(service.bring_in(once.session, once.actor, new)),
        created_in="/plannen",
    )


@router.post(
    "/plannen/gemeenten/{gemeente}",
    response_model=IdeaOut,
    status_code=201,
    summary="Leg een plan van de gemeente voor",
)
def lay_before(once: OnceOnly, gemeente: Code, new: Sent[NewIdea]) -> Response:
    """Voor makelaars. Het is meteen te zien, en `totEnMet` is de laatste dag om te reageren."""

    def act() -> BaseModel:
        municipality_of_desk(once.session, once.actor, Permission.MODERATE_STORY, gemeente)
        return IdeaOut.model_validate(service.lay_before(once.session, once.actor, gemeente, new))

    return once.answer(new, act, created_in="/plannen")


@router.get("/plannen/{id}/reacties", response_model=list[ReactionOut], summary="Lees reacties op een plan")
def reactions(session: Opened, actor: ApiActor, id: UUID) -> list[IdeaReaction]:
    """De oudste eerst, tot en met tweehonderd; met uw eigen reactie die nog niemand las."""
    return service.said_of(session, actor, service.get(session, actor, id))


@router.post(
    "/plannen/{id}/reacties",
    response_model=ReactionOut,
    status_code=201,
    summary="Reageer op een plan of idee",
)
def react(once: OnceOnly, id: UUID, new: Sent[NewReaction]) -> Response:
    """`namens` is `ik`, of het id van een organisatie waarvoor u werkt. Is het voorbij: 409 `idea-over`."""
    return once.answer(
        new,
        lambda: ReactionOut.model_validate(service.react(once.session, once.actor, id, new)),
        created_in="/planreacties",
    )


def _idea(once: Once, sent: BaseModel | None, act: Callable[[Session, Actor], Idea]) -> Response:
    return once.answer(sent, lambda: IdeaOut.model_validate(act(once.session, once.actor)))


def _reaction(once: Once, sent: BaseModel | None, act: Callable[[Session, Actor], IdeaReaction]) -> Response:
    return once.answer(sent, lambda: ReactionOut.model_validate(act(once.session, once.actor)))


@router.post("/plannen/{id}/intrekkingen", response_model=IdeaOut, summary="Haal uw idee weg")
def withdraw(once: OnceOnly, id: UUID) -> Response:
    """Met wat anderen erover zeiden."""
    return _idea(once, None, lambda session, actor: service.withdraw(session, actor, id))


@router.post("/plannen/{id}/goedkeuringen", response_model=IdeaOut, summary="Laat een idee zien")
def approve(once: OnceOnly, id: UUID) -> Response:
    """Voor makelaars. Niemand keurt het eigen idee goed."""
    return _idea(once, None, lambda session, actor: service.approve(session, actor, id))


@router.post("/plannen/{id}/afwijzingen", response_model=IdeaOut, summary="Laat een idee niet (meer) zien")
def reject(once: OnceOnly, id: UUID, said: Sent[Refusal]) -> Response:
    """Voor makelaars. Wie het inbracht, leest waarom."""
    return _idea(once, said, lambda session, actor: service.reject(session, actor, id, said.reason))


@router.post("/plannen/{id}/antwoorden", response_model=IdeaOut, summary="Vertel wat ermee gedaan is")
def answer(once: OnceOnly, id: UUID, said: Sent[Answer]) -> Response:
    """Voor makelaars. Wie het inbracht en wie reageerde, krijgt bericht."""
    return _idea(once, said, lambda session, actor: service.answer(session, actor, id, said))


@router.get("/planreacties", response_model=list[ReactionOut], summary="Lees uw eigen reacties")
def my_reactions(session: Opened, actor: ApiActor) -> list[IdeaReaction]:
    """De nieuwste eerst, tot en met vijftig."""
    return service.my_reactions(session, actor)


@router.get("/planreacties/{id}", response_model=ReactionOut, summary="Lees één reactie")
def reaction(session: Opened, actor: ApiActor, id: UUID) -> IdeaReaction:
    """Wat iedereen mag lezen, wat van u is, of van uw gemeente als u daar makelaar bent."""
    return service.get_reaction(session, actor, id)


@router.post("/planreacties/{id}/intrekkingen", response_model=ReactionOut, summary="Haal uw reactie weg")
def withdraw_reaction(once: OnceOnly, id: UUID) -> Response:
    """Wanneer u wilt."""
    return _reaction(once, None, lambda session, actor: service.withdraw_reaction(session, actor, id))


@router.post("/planreacties/{id}/goedkeuringen", response_model=ReactionOut, summary="Laat een reactie zien")
def approve_reaction(once: OnceOnly, id: UUID) -> Response:
    """Voor makelaars. Niemand keurt de eigen reactie goed."""
    return _reaction(once, None, lambda session, actor: service.approve_reaction(session, actor, id))


@router.post(
    "/planreacties/{id}/afwijzingen", response_model=ReactionOut, summary="Laat een reactie niet (meer) zien"
)
def reject_reaction(once: OnceOnly, id: UUID, said: Sent[Refusal]) -> Response:
    """Voor makelaars. Wie het zei, leest waarom."""
    return _reaction(
        once, said, lambda session, actor: service.reject_reaction(session, actor, id, said.reason)
    )
