"""/voorstellen: who could help whom, and the yes or no of both; and what fits one's own offers."""

from collections.abc import Callable, Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel
from sqlalchemy import or_
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.agreements import agree as agreements
from app.agreements.api import shown as agreement_shown
from app.agreements.schemas import AgreementOut, Appointment
from app.api.bodies import Sent
from app.api.once import Once, OnceOnly
from app.api.paging import Page, paged, rows_of
from app.help_offers import service as help_offers
from app.help_offers.schemas import HelpOfferOut
from app.help_requests import service as help_requests
from app.help_requests.schemas import HelpRequestOut
from app.http import ApiActor, Opened
from app.matches import answer, nearby, propose, volunteer
from app.matches.models import Proposal
from app.matches.schemas import Answer, ByHand, CandidateOut, FittingOut, ProposalOut
from app.schemas import NO_REASON, Why
from app.words import TERMS

NO_WORDS = Answer()

router = APIRouter(tags=["Voorstellen"])
PATH = "/voorstellen"


def seen(actor: Actor, row: Proposal) -> ProposalOut:
    """What one of the two wrote is for the other: the desk opens it with a case and a reason (`audit.opening`)."""
    whole = ProposalOut.model_validate(row)
    return whole if actor.person in row.parties() else whole.model_copy(update={"message": ""})


def shown(session: Session, actor: Actor, id: UUID) -> ProposalOut:
    """The proposal as it stands now."""
    session.flush()
    return seen(actor, answer.get(session, actor, id))


def done(
    once: Once, sent: BaseModel | None, act: Callable[[], Proposal], *, created_in: str = ""
) -> Response:
    """Answer with what became of the proposal."""
    return once.answer(sent, lambda: shown(once.session, once.actor, act().id), created_in=created_in)


@router.get("/voorstellen", response_model=list[ProposalOut], summary="Lees uw voorstellen")
def list_(
    request: Request, response: Response, session: Opened, actor: ApiActor, page: Annotated[Page, Query()]
) -> Sequence[Proposal]:
    """Waar u als helper of als vrager bij betrokken bent, de nieuwste eerst."""
    mine = answer.selection(actor).where(
        or_(Proposal.helper_id == actor.person_id, Proposal.asker_id == actor.person_id),
        answer.introduced(actor),
    )
    rows = rows_of(session, mine.order_by(Proposal.created_at.desc(), Proposal.id.desc()), page)
    return paged(request, response, page, rows)


@router.get("/voorstellen/{id}", response_model=ProposalOut, summary="Lees één voorstel")
def get(session: Opened, actor: ApiActor, id: UUID) -> ProposalOut:
    """Voor de vrager, de helper en de makelaar van één van beiden. Het `bericht` lezen alleen de twee zelf."""
    return seen(actor, answer.get_introduced(session, actor, id))


@router.post("/voorstellen/{id}/acceptaties", response_model=ProposalOut, summary="Zeg als helper ja")
def accept(once: OnceOnly, id: UUID, sent: Sent[Answer] = NO_WORDS) -> Response:
    """De vrager krijgt bericht en kiest. Was iemand u voor, dan volgt 409 met de code `taken-already`."""
    return done(once, sent, lambda: answer.accept(once.session, once.actor, id, sent.message or ""))


@router.post("/voorstellen/{id}/afwijzingen", response_model=ProposalOut, summary="Zeg nee")
def decline(once: OnceOnly, id: UUID, sent: Sent[Why] = NO_REASON) -> Response:
    """Als helper of als vrager, zonder opgaaf van reden en zonder gevolg."""
    session, actor = once.session, once.actor

    def act() -> Proposal:
        own = answer.get(session, actor, id).helper_id == actor.person_id
        say_no = answer.decline if own else answer.pass_over
        return say_no(session, actor, id, sent.reason or "")

    return done(once, sent, act)


@router.post("/voorstellen/{id}/kennismakingen", response_model=ProposalOut, summary="Maak eerst kennis")
def meet(once: OnceOnly, id: UUID) -> Response:
    """Beiden krijgen een codewoord voor aan de deur."""
    return done(once, None, lambda: answer.meet(once.session, once.actor, id))


@router.post("/voorstellen/{id}/bevestigingen", response_model=ProposalOut, summary="Stel de twee voor")
def confirm(once: OnceOnly, id: UUID) -> Response:
    """De makelaar, waar de gemeente elk voorstel eerst wil zien."""
    return done(once, None, lambda: answer.confirm(once.session, once.actor, id))


@router.post(
    "/voorstellen/{id}/afspraken", response_model=AgreementOut, status_code=201, summary="Zeg als vrager ja"
)
def agree(once: OnceOnly, id: UUID, appointment: Sent[Appointment]) -> Response:
    """Het eigen ja van de vrager maakt de afspraak en zet de Roosjes opzij.

    Een makelaar schrijft met `gesproken` op wat de vrager zei. Was de vraag net vervuld, dan volgt 409 met de code
    `taken-already`.
    """
    session, actor = once.session, once.actor

    def act() -> AgreementOut:
        return agreement_shown(session, actor, agreements.agree(session, actor, id, appointment).id)

    return once.answer(appointment, act, created_in="/afspraken")


@router.get("/hulpvragen/{id}/voorstellen", response_model=list[ProposalOut], summary="Lees wie kan helpen")
def for_request(session: Opened, actor: ApiActor, id: UUID) -> list[ProposalOut]:
    """De voorstellen bij deze vraag die u mag zien; wie al ja zei, staat bovenaan.

    Een vrager ziet een helper pas na diens ja. De makelaar ziet ook wie nog niets zei.
    """
    help_requests.get(session, actor, id)
    rows = answer.for_request(session, actor, id, answer.introduced(actor))
    return [seen(actor, row) for row in rows]


@router.post(
    "/hulpvragen/{id}/voorstellen",
    response_model=ProposalOut,
    status_code=201,
    summary="Stel een helper voor",
)
def by_hand(once: OnceOnly, id: UUID, chosen: Sent[ByHand]) -> Response:
    """Met de hand, door de makelaar. De harde regels gelden ook dan: anders volgt 409 met de regel."""
    return done(
        once, chosen, lambda: propose.by_hand(once.session, once.actor, id, chosen.offer_id), created_in=PATH
    )


@router.post(
    "/hulpvragen/{id}/aanmeldingen", response_model=ProposalOut, status_code=201, summary="Meld u als helper"
)
def come_forward(once: OnceOnly, id: UUID, sent: Sent[Answer] = NO_WORDS) -> Response:
    """Voor een vraag die u zag, met het aanbod van u dat het best past."""
    return done(
        once,
        sent,
        lambda: volunteer.come_forward(once.session, once.actor, id, sent.message or ""),
        created_in=PATH,
    )


@router.get("/hulpvragen/{id}/kandidaten", response_model=list[CandidateOut], summary="Lees wie past")
def candidates(session: Opened, actor: ApiActor, id: UUID) -> list[CandidateOut]:
    """Voor de makelaar: de twintig die het best passen, met de opbouw van de punten."""
    found = propose.candidates(session, actor, help_requests.get(session, actor, id))
    return [
        CandidateOut(
            help_offer=HelpOfferOut.model_validate(one.offer),
            distance_m=one.explanation.distance_m,
            score=one.explanation.score,
            terms={TERMS[term.name.lower()]: points for term, points in one.explanation.terms.items()},
        )
        for one in found
    ]


@router.get("/passende-hulpvragen", response_model=list[FittingOut], summary="Lees wat bij u past")
def fitting(session: Opened, actor: ApiActor) -> list[FittingOut]:
    """De open vragen in de buurt die het best passen bij uw aanbod, met de redenen."""
    offers = help_offers.mine(session, actor)
    return [
        FittingOut(
            help_request=HelpRequestOut.model_validate(one.help_request),
            help_offer_id=one.offer.id,
            distance_m=one.explanation.distance_m,
            reasons={term.name.lower(): points for term, points in one.explanation.terms.items()},
        )
        for one in nearby.for_offers(session, actor, offers)
    ]
