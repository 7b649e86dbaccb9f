"""/hulpaanbod: offering help."""

from collections.abc import Callable, Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy import Select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.api.bodies import Sent
from app.api.once import Once, OnceOnly
from app.api.paging import Page, paged, rows_of
from app.help_offers import service
from app.help_offers.models import HelpOffer
from app.help_offers.schemas import HelpOfferChange, HelpOfferOut, NewHelpOffer
from app.help_offers.search import search
from app.http import ApiActor, Opened
from app.schemas import NO_REASON, Why
from app.text import Typed

router = APIRouter(prefix="/hulpaanbod", tags=["Hulpaanbod"])
PATH = "/hulpaanbod"


class SentHelpOffer(NewHelpOffer):
    """An offer as a program sends it, shown at once or kept as a draft."""

    draft: Annotated[
        bool, Field(alias="concept", description="Bewaar het aanbod; een hervatting opent het.")
    ] = False

    def offered(self) -> NewHelpOffer:
        """What is offered, without how it was sent."""
        names = set(NewHelpOffer.model_fields)
        return NewHelpOffer.model_validate(self.model_dump(include=names, by_alias=True))


class Wanted(Page):
    """Which offers."""

    words: Annotated[
        Annotated[str, Typed(200)] | None,
        Field(alias="zoek", description="Woorden uit het aanbod of de categorie."),
    ] = None
    municipality_id: Annotated[
        int | None, Field(alias="gemeente", ge=1, le=9999, description="CBS-nummer, zonder GM.")
    ] = None
    mine: Annotated[bool, Field(alias="mijn", description="Alleen uw eigen aanbod, in elke staat.")] = False

    def statement(self, actor: Actor) -> Select[HelpOffer]:
        """The offers in sight, the newest first."""
        found = service.selection(actor)
        if self.mine:
            found = found.where(HelpOffer.owned_by(actor.person_id))
        if self.municipality_id is not None:
            found = found.where(HelpOffer.municipality_id == self.municipality_id)
        return found.order_by(HelpOffer.posted_at.desc().nulls_last(), HelpOffer.id.desc())


def shown(session: Session, actor: Actor, id: UUID) -> HelpOfferOut:
    """The offer as it stands now."""
    session.flush()
    return HelpOfferOut.model_validate(service.get(session, actor, id))


def done(once: Once, sent: BaseModel | None, act: Callable[[], HelpOffer]) -> Response:
    """Answer with what became of the offer."""
    return once.answer(sent, lambda: shown(once.session, once.actor, act().id))


@router.get("", response_model=list[HelpOfferOut], summary="Lees hulpaanbod")
def list_(
    request: Request, response: Response, session: Opened, actor: ApiActor, wanted: Annotated[Wanted, Query()]
) -> Sequence[HelpOffer]:
    """Het aanbod dat u mag zien, het nieuwste eerst; met `zoek` het best passende eerst.

    `zoek` gaat alleen samen met `pagina` en `aantal`.
    """
    if wanted.words is not None:
        rows = search(session, actor, wanted.words, limit=wanted.window, offset=wanted.offset)
    else:
        rows = rows_of(session, wanted.statement(actor), wanted)
    return paged(request, response, wanted, rows)


@router.post("", response_model=HelpOfferOut, status_code=201, summary="Bied hulp aan")
def post(once: OnceOnly, new: Sent[SentHelpOffer]) -> Response:
    """Een staand aanbod verloopt niet. Wie betaald werkt, doet dat als gecontroleerde zzp'er."""
    session, actor = once.session, once.actor

    def act() -> HelpOfferOut:
        keep = service.draft if new.draft else service.post
        return shown(session, actor, keep(session, actor, new.offered()).id)

    return once.answer(new, act, created_in=PATH)


@router.get("/{id}", response_model=HelpOfferOut, summary="Lees één aanbod")
def get(session: Opened, actor: ApiActor, id: UUID) -> HelpOffer:
    """Wat u niet mag zien, bestaat niet: 404."""
    return service.get(session, actor, id)


@router.put("/{id}", response_model=HelpOfferOut, summary="Wijzig een aanbod")
def put(session: Opened, actor: ApiActor, id: UUID, wanted: Sent[HelpOfferChange]) -> HelpOfferOut:
    """`versie` is die van het aanbod zoals u het las; is er intussen iets veranderd, dan volgt 409."""
    service.change(session, actor, id, wanted)
    return shown(session, actor, id)


@router.post("/{id}/pauzes", response_model=HelpOfferOut, summary="Pauzeer een aanbod")
def pause(once: OnceOnly, id: UUID) -> Response:
    """Tot de hervatting wordt u hiervoor niet gevraagd."""
    return done(once, None, lambda: service.pause(once.session, once.actor, id))


@router.post("/{id}/hervattingen", response_model=HelpOfferOut, summary="Hervat een aanbod")
def resume(once: OnceOnly, id: UUID) -> Response:
    """Ook voor een concept: vanaf nu staat het open."""
    return done(once, None, lambda: service.resume(once.session, once.actor, id))


@router.post("/{id}/intrekkingen", response_model=HelpOfferOut, summary="Trek een aanbod in")
def withdraw(once: OnceOnly, id: UUID, why: Sent[Why] = NO_REASON) -> Response:
    """Afspraken die er al zijn, blijven staan."""
    return done(once, why, lambda: service.withdraw(once.session, once.actor, id, why.reason or ""))
