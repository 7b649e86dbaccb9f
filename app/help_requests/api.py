"""/hulpvragen: asking for help, and what a makelaar does with a request."""

from collections.abc import Callable, Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.api.bodies import Sent
from app.api.once import Once, OnceOnly
from app.api.paging import Page, paged, rows_of
from app.categories.models import Category
from app.errors import NotFound
from app.help_requests import reopening, service
from app.help_requests.models import HelpRequest, Status
from app.help_requests.schemas import (
    Closing,
    HelpRequestChange,
    HelpRequestOut,
    NewHelpRequest,
    SaidYes,
    Unfinished,
)
from app.help_requests.search import search
from app.http import ApiActor, Opened
from app.matches import changing, propose, wider
from app.schemas import NO_REASON, Outgoing, Slug, Why
from app.text import Line, Typed

router = APIRouter(prefix="/hulpvragen", tags=["Hulpvragen"])
PATH = "/hulpvragen"
NO_YES = SaidYes()


class SentHelpRequest(NewHelpRequest):
    """A request as a program sends it: kept as a draft, or for somebody who asked a makelaar."""

    draft: Annotated[bool, Field(alias="concept", description="Bewaar de vraag; verstuur die later.")] = False
    asker: Annotated[UUID | None, Field(alias="vrager", description="Voor wie een makelaar dit vraagt.")] = (
        None
    )
    consent: Annotated[
        Line | None, Field(alias="toestemming", description="Hoe de vrager dat goed vond: telefoon, bezoek.")
    ] = None

    def asked(self) -> NewHelpRequest:
        """What is asked, without how it was sent."""
        names = set(NewHelpRequest.model_fields)
        return NewHelpRequest.model_validate(self.model_dump(include=names, by_alias=True))


class Wanted(Page):
    """Which requests."""

    words: Annotated[
        Annotated[str, Typed(200)] | None,
        Field(alias="zoek", description="Woorden uit de vraag of de categorie."),
    ] = None
    municipality_id: Annotated[
        int | None, Field(alias="gemeente", ge=1, le=9999, description="CBS-nummer, zonder GM.")
    ] = None
    category: Annotated[Slug | None, Field(alias="categorie", description="Code van de categorie.")] = None
    mine: Annotated[bool, Field(alias="mijn", description="Alleen uw eigen vragen, in elke staat.")] = False

    def statement(self, actor: Actor) -> Select[HelpRequest]:
        """The requests in sight, the newest first."""
        found = service.selection(actor)
        if self.mine:
            found = found.where(HelpRequest.owned_by(actor.person_id))
        else:
            found = found.where(HelpRequest.status != Status.DRAFT)
        if self.municipality_id is not None:
            found = found.where(HelpRequest.municipality_id == self.municipality_id)
        if self.category is not None:
            number = select(Category.number).where(Category.slug == self.category).scalar_subquery()
            found = found.where(HelpRequest.category_number == number)
        return found.order_by(HelpRequest.posted_at.desc().nulls_last(), HelpRequest.id.desc())


class WayOut(Outgoing):
    """One thing that the asker may allow, as `POST` takes it."""

    way: Annotated[wider.Way, Field(serialization_alias="ruimer")]
    amount: Annotated[int, Field(serialization_alias="hoeveel")]
    more: Annotated[int | None, Field(serialization_alias="meer")]


def shown(session: Session, actor: Actor, id: UUID) -> HelpRequestOut:
    """The request as it stands now."""
    session.flush()
    return HelpRequestOut.model_validate(service.get(session, actor, id))


def looked_for(session: Session, actor: Actor, row: HelpRequest) -> HelpRequestOut:
    """An open request is proposed to those who fit best, at once."""
    session.flush()
    row = service.get(session, actor, row.id)
    if row.status is Status.OPEN:
        propose.for_request(session, actor, row)
    return shown(session, actor, row.id)


def done(once: Once, sent: Why | Closing | SaidYes | None, act: Callable[[], HelpRequest]) -> Response:
    """Answer with what became of the request; if it is open from here on, helpers are asked."""
    return once.answer(sent, lambda: looked_for(once.session, once.actor, act()))


@router.get("", response_model=list[HelpRequestOut], summary="Lees hulpvragen")
def list_(
    request: Request, response: Response, session: Opened, actor: ApiActor, wanted: Annotated[Wanted, Query()]
) -> Sequence[HelpRequest]:
    """De vragen die u mag zien, de nieuwste eerst; met `zoek` de best passende eerst.

    `zoek` gaat alleen samen met `pagina` en `aantal`.
    """
    if wanted.words is not None:
        rows = search(session, actor, wanted.words, limit=wanted.window, offset=wanted.offset)
    else:
        rows = rows_of(session, wanted.statement(actor), wanted)
    return paged(request, response, wanted, rows)


@router.post("", response_model=HelpRequestOut, status_code=201, summary="Vraag om hulp")
def post(once: OnceOnly, new: Sent[SentHelpRequest]) -> Response:
    """Verstuurt de vraag, of bewaart die als `concept`. Passende helpers worden meteen gevraagd.

    Een gevoelige vraag heeft het ja van de vrager nodig (`jaGevoelig`). Van een kind onder de 16 wacht de vraag bij
    de makelaar tot een ouder of voogd ja zegt.
    """
    session, actor = once.session, once.actor

    def act() -> HelpRequestOut:
        send = service.draft if new.draft else service.post
        row = send(session, actor, new.asked(), asker=new.asker, consent=new.consent or "")
        return looked_for(session, actor, row)

    return once.answer(new, act, created_in=PATH)


@router.get("/{id}", response_model=HelpRequestOut, summary="Lees één hulpvraag")
def get(session: Opened, actor: ApiActor, id: UUID) -> HelpRequest:
    """Wat u niet mag zien, bestaat niet: 404."""
    row = service.get(session, actor, id)
    service.see(session, actor, row)
    return row


@router.put("/{id}", response_model=HelpRequestOut, summary="Wijzig een hulpvraag")
def put(session: Opened, actor: ApiActor, id: UUID, wanted: Sent[HelpRequestChange]) -> HelpRequestOut:
    """`versie` is die van de vraag zoals u die las; is er intussen iets veranderd, dan volgt 409.

    Andere soort, duur, onderwerp of hoe vaak: wie al ja zei, wordt opnieuw gevraagd. Is er al iets afgesproken, dan
    volgt 409 met de code `terms-agreed`. Wijzigt een makelaar de vraag, dan krijgt de vrager bericht.
    """
    return looked_for(session, actor, changing.change(session, actor, id, wanted))


@router.delete("/{id}", status_code=204, summary="Gooi een concept weg")
def delete(session: Opened, actor: ApiActor, id: UUID) -> None:
    """Alleen wat nog niet verstuurd is; trek anders de vraag in."""
    service.delete_draft(session, actor, id)


@router.post("/{id}/verzendingen", response_model=HelpRequestOut, summary="Verstuur een concept")
def send(once: OnceOnly, id: UUID, said: Sent[SaidYes] = NO_YES) -> Response:
    """Naar de makelaar waar de gemeente eerst meeleest, en anders naar wie kan helpen.

    Moet een ander eerst ja zeggen (een ouder of voogd, of voor wie u regelt), dan wacht de vraag bij de makelaar.
    """
    return done(once, said, lambda: service.send(once.session, once.actor, id, said.sensitive_yes))


@router.post("/{id}/intrekkingen", response_model=HelpRequestOut, summary="Trek een hulpvraag in")
def withdraw(once: OnceOnly, id: UUID, why: Sent[Why] = NO_REASON) -> Response:
    """De vraag is meteen voor niemand meer te zien."""
    return done(once, why, lambda: service.withdraw(once.session, once.actor, id, why.reason or ""))


@router.post("/{id}/heropeningen", response_model=HelpRequestOut, summary="Zeg dat het toch niet klaar is")
def reopen(once: OnceOnly, id: UUID, said: Sent[Unfinished]) -> Response:
    """Wat klaar of gesloten heette, gaat terug naar de makelaar, die uw reden leest en belt."""

    def act() -> HelpRequestOut:
        reopening.not_finished(once.session, once.actor, id, said.reason)
        return shown(once.session, once.actor, id)

    return once.answer(said, act)


@router.get("/{id}/verruimingen", response_model=list[WayOut], summary="Lees wat zou helpen")
def ways(session: Opened, actor: ApiActor, id: UUID) -> Sequence[wider.Option]:
    """Wat u kunt toestaan als er weinig mensen passen. `meer` is een veelvoud van vijf, en `null` onder de vijf."""
    row = service.get(session, actor, id)
    if row.person_id != actor.person_id:
        raise NotFound
    return wider.options(session, row)


@router.post("/{id}/verruimingen", response_model=HelpRequestOut, summary="Vraag ruimer")
def widen(once: OnceOnly, id: UUID, wanted: Sent[wider.Wider]) -> Response:
    """Sta dit ene toe; wie dan past, wordt meteen gevraagd. Met een oude `versie` verandert er niets."""

    def act() -> HelpRequestOut:
        wider.widen(once.session, once.actor, id, wanted)
        return shown(once.session, once.actor, id)

    return once.answer(wanted, act)


@router.post("/{id}/verlengingen", response_model=HelpRequestOut, summary="Verleng een hulpvraag")
def renew(once: OnceOnly, id: UUID, said: Sent[SaidYes] = NO_YES) -> Response:
    """De vraag staat weer een hele termijn open, ook als die verlopen of gepauzeerd was."""
    return done(once, said, lambda: service.renew(once.session, once.actor, id, said.sensitive_yes))


@router.post("/{id}/pauzes", response_model=HelpRequestOut, summary="Pauzeer een hulpvraag")
def pause(once: OnceOnly, id: UUID) -> Response:
    """Er wordt even niet gezocht; een verlenging opent de vraag weer."""
    return done(once, None, lambda: service.pause(once.session, once.actor, id))


@router.post("/{id}/vrijgaven", response_model=HelpRequestOut, summary="Geef een hulpvraag vrij")
def release(once: OnceOnly, id: UUID, said: Sent[SaidYes] = NO_YES) -> Response:
    """De makelaar heeft de vraag gelezen, en hoorde zo nodig het ja van de vrager."""
    return done(once, said, lambda: service.release(once.session, once.actor, id, said.sensitive_yes))


@router.post("/{id}/afsluitingen", response_model=HelpRequestOut, summary="Sluit een hulpvraag af")
def close(once: OnceOnly, id: UUID, closing: Sent[Closing]) -> Response:
    """Door de makelaar, met een reden: `vervuld`, `niet gelukt` of `niet meer nodig`."""
    return done(once, closing, lambda: service.close(once.session, once.actor, id, closing))
