"""/vertegenwoordigingen: asking for somebody else, what a makelaar heard, and ending it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.access.sign_in import LinkDead
from app.api.bodies import Sent
from app.api.once import Once, OnceOnly
from app.api.paging import Page, paged, rows_of
from app.errors import NotFound
from app.http import ApiActor, Opened
from app.representations import mandates, service
from app.representations.models import Representation
from app.representations.schemas import (
    Arranged,
    ArrangedFor,
    ForAnother,
    GivenMandate,
    HeardQuestion,
    Mandate,
    MandateLinkOut,
    OfferOut,
    RepresentationOut,
)

router = APIRouter(prefix="/vertegenwoordigingen", tags=["Vertegenwoordigingen"])
PATH = "/vertegenwoordigingen"


def shown(once: Once, row: Representation) -> RepresentationOut:
    """As it stands now."""
    once.session.flush()
    once.session.expire(row)
    return RepresentationOut.model_validate(service.get(once.session, once.actor, row.id))


@router.get("", response_model=list[RepresentationOut], summary="Lees wie voor wie regelt")
def list_(
    request: Request, response: Response, session: Opened, actor: ApiActor, page: Annotated[Page, Query()]
) -> Sequence[Representation]:
    """Voor wie u regelt en wie er voor u regelt; aan het bureau die van uw gemeente. De nieuwste eerst."""
    return paged(request, response, page, rows_of(session, service.selection(actor), page))


@router.post("", response_model=RepresentationOut, status_code=201, summary="Vraag voor een ander")
def ask(once: OnceOnly, new: Sent[ForAnother]) -> Response:
    """Bewaart de vraag tot de ander ja zegt; eerder zoekt niemand. Het antwoord is voor elk adres hetzelfde.

    Staat de toestemming vast, dan vraagt u met de kop `Namens` op `/hulpvragen`.
    """
    return once.answer(new, lambda: shown(once, service.ask(once.session, once.actor, new)), created_in=PATH)


@router.post(
    "/vastleggingen", response_model=RepresentationOut, status_code=201, summary="Leg vast wie mag regelen"
)
def arrange(once: OnceOnly, new: Sent[ArrangedFor]) -> Response:
    """Voor makelaars, over twee mensen die zijn ingeschreven."""
    arranged = Arranged.model_validate(new.model_dump(by_alias=True, exclude={"person_id"}))

    def act() -> RepresentationOut:
        return shown(once, service.arrange(once.session, once.actor, new.person_id, arranged))

    return once.answer(new, act, created_in=PATH)


@router.get("/volmachtlinks/mijn", response_model=MandateLinkOut, summary="Maak uw link voor een volmacht")
def link(request: Request, session: Opened, actor: ApiActor) -> mandates.Link:
    """Voor wie u voor zich wil laten regelen. Met de link kiest die zelf wat u mag, en van wanneer tot wanneer."""
    state = request.app.state
    return mandates.link(session, state.secret, state.settings.address, actor)


@router.get(
    "/volmachtlinks/{sleutel}", response_model=OfferOut, summary="Lees van wie een link voor een volmacht is"
)
def offered(request: Request, session: Opened, _actor: ApiActor, sleutel: str) -> mandates.Offer:
    """Alleen de voornaam. Een link die niet meer geldt, is er niet."""
    with _not_there():
        return mandates.offered(session, request.app.state.secret, sleutel)


@contextmanager
def _not_there() -> Iterator[None]:
    """A program has no page to read why a link is dead: to it there is none."""
    try:
        yield
    except LinkDead:
        raise NotFound from None


@router.post("/volmachten", response_model=RepresentationOut, status_code=201, summary="Geef een volmacht")
def give(request: Request, once: OnceOnly, new: Sent[GivenMandate]) -> Response:
    """Uw eigen ja aan wie u de link gaf. Een wettelijk vertegenwoordiger schrijft de makelaar op, van papier."""
    mandate = Mandate.model_validate(new.model_dump(by_alias=True, exclude={"token"}))

    def act() -> RepresentationOut:
        with _not_there():
            row = mandates.give(once.session, once.actor, request.app.state.secret, new.token, mandate)
        return shown(once, row)

    return once.answer(new, act, created_in=PATH)


@router.get("/{id}", response_model=RepresentationOut, summary="Lees één vertegenwoordiging")
def get(session: Opened, actor: ApiActor, id: UUID) -> Representation:
    """Voor beide mensen en het bureau."""
    return service.get(session, actor, id)


@router.post(
    "/{id}/toestemmingen", response_model=RepresentationOut, summary="Schrijf op dat iemand het goed vindt"
)
def record(once: OnceOnly, id: UUID, heard: Sent[HeardQuestion]) -> Response:
    """Voor makelaars. De vraag die wachtte, gaat meteen door."""
    return once.answer(heard, lambda: shown(once, service.record(once.session, once.actor, id, heard)))


@router.post("/{id}/beeindigingen", response_model=RepresentationOut, summary="Stop een vertegenwoordiging")
def end(once: OnceOnly, id: UUID) -> Response:
    """Door een van beiden, of door een makelaar. Het gaat meteen in."""
    return once.answer(None, lambda: shown(once, service.end(once.session, once.actor, id)))
