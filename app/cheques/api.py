"""Cheques and Roosjes on paper for programs: sold, handed in, taken back. Codes are in one answer, once."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from app.access.roles import Permission
from app.api.bodies import Sent
from app.api.once import KeyedOnce
from app.cheques import desks, handing_in, payouts, roosjes, selling
from app.cheques.papers import Code, Printed
from app.cheques.schemas import HandingOfCheque, PaperNumber, PapersAsked, PayOutNumber, SaleAsked
from app.errors import NotFound
from app.http import ApiActor, Opened
from app.schemas import Incoming, Moment, Outgoing

router = APIRouter(tags=["Cheques"])


class DeskOut(Outgoing):
    """A desk where the token's owner sells."""

    id: UUID
    name: Annotated[str, Field(serialization_alias="naam")]
    address: Annotated[str, Field(serialization_alias="adres")]


class PaperOut(Outgoing):
    """A paper to print; ``code`` is never shown again."""

    number: Annotated[int, Field(serialization_alias="nummer")]
    code: str


class SaleOut(Outgoing):
    """A sale; ``papieren`` is empty when the key was used before."""

    id: int
    cents: Annotated[int, Field(serialization_alias="centen")]
    expires_at: Annotated[Moment, Field(serialization_alias="verlooptOp")]
    papers: Annotated[list[PaperOut], Field(serialization_alias="papieren")]


class PapersOut(Outgoing):
    """Roosjes on paper; ``papieren`` is empty when the key was used before."""

    id: int
    minutes: Annotated[int, Field(serialization_alias="minuten")]
    expires_at: Annotated[Moment, Field(serialization_alias="verlooptOp")]
    papers: Annotated[list[PaperOut], Field(serialization_alias="papieren")]


class TakenOut(Outgoing):
    """What came of one paper: its booking."""

    id: int
    minutes: Annotated[int, Field(serialization_alias="minuten")] = 0


class CodeSent(Incoming):
    """A code, in any way of writing."""

    code: Code


class ChequeSent(CodeSent):
    """A cheque, for which organisation, and for which time."""

    organisation_id: Annotated[UUID | None, Field(alias="organisatie")] = None
    occurrence_id: Annotated[UUID | None, Field(alias="keer")] = None


class NumberSent(Incoming):
    """The number on a paper that was lost."""

    number: Annotated[PaperNumber, Field(alias="nummer")]


class ProviderOut(Outgoing):
    """An organisation that takes or took cheques; ``openstaand`` of them are on no invoice yet."""

    id: UUID
    organisation: Annotated[str, Field(serialization_alias="organisatie")]
    unpaid: Annotated[int, Field(serialization_alias="openstaand")]
    last_months: Annotated[int, Field(serialization_alias="vanVorigeMaanden")]


class PayOutSent(Incoming):
    """So many cheques to pay for."""

    number: Annotated[PayOutNumber, Field(alias="aantal")]


class PaidOut(Outgoing):
    """The invoice that pays a provider; ``id`` is that of the invoice, and ``nummer`` stands on it."""

    id: int
    number: Annotated[str, Field(serialization_alias="nummer")]
    cheques: int
    cents: Annotated[int, Field(serialization_alias="centen")]


def _papers(printed: tuple[Printed, ...]) -> list[PaperOut]:
    return [PaperOut(number=one.number, code=one.code) for one in printed]


@router.get("/verkooppunten", response_model=list[DeskOut], summary="Lees waar u cheques verkoopt")
def selling_at(session: Opened, actor: ApiActor) -> list[DeskOut]:
    """De verkooppunten waar u nu mag verkopen."""
    return [DeskOut.model_validate(desk) for desk in desks.mine(session, actor)]


@router.post(
    "/verkooppunten/{id}/verkopen", response_model=SaleOut, status_code=201, summary="Verkoop cheques"
)
def sell(once: KeyedOnce, id: UUID, sale: Sent[SaleAsked]) -> SaleOut:
    """Contant betaald, 15 euro per stuk. De codes staan alleen in dit antwoord: wij bewaren ze niet."""
    sold = selling.sell(once.session, once.actor, id, sale.number, f"api:{once.key}")
    return SaleOut(
        id=int(sold.sale.id),
        cents=sold.sale.cents,
        expires_at=sold.sale.expires_at,
        papers=_papers(sold.papers),
    )


@router.post("/cheque-inleveringen", response_model=TakenOut, status_code=201, summary="Lever een cheque in")
def hand_in(once: KeyedOnce, cheque: Sent[ChequeSent]) -> TakenOut:
    """Voor uw organisatie. Wat er ook mis is met een code: het antwoord is hetzelfde."""
    wanted = HandingOfCheque.model_validate(
        {"code": cheque.code, "sleutel": once.key, "organisatie": cheque.organisation_id,
         "keer": cheque.occurrence_id}
    )  # fmt: skip
    return TakenOut(id=int(handing_in.hand_in(once.session, once.actor, wanted).transfer))


@router.get(
    "/cheque-aanbieders", response_model=list[ProviderOut], summary="Lees wat aanbieders tegoed hebben"
)
def providers(
    session: Opened, actor: ApiActor, municipality_id: Annotated[int, Query(alias="gemeente")]
) -> list[ProviderOut]:
    """De organisaties die in uw gemeente cheques aannemen, met wat er nog betaald moet worden."""
    if municipality_id not in actor.reach(Permission.PAY_OUT_CHEQUES):
        raise NotFound
    return [
        ProviderOut(
            id=due.provider.id,
            organisation=due.provider.organisation.name,
            unpaid=due.unpaid,
            last_months=due.last_months,
        )
        for due in payouts.due(session, actor, municipality_id)
    ]


@router.post(
    "/cheque-aanbieders/{id}/uitbetalingen",
    response_model=PaidOut,
    status_code=201,
    summary="Maak een factuur voor cheques",
)
def pay_out(once: KeyedOnce, id: UUID, sent: Sent[PayOutSent]) -> PaidOut:
    """15 euro per cheque, en niet meer cheques dan er openstaan. Twee mensen zeggen later dat er betaald is."""
    made = payouts.pay_out(once.session, once.actor, id, sent.number, f"api:{once.key}")
    return PaidOut(id=made.id, number=made.number, cheques=made.vouchers, cents=made.cents)


@router.post("/papieren-roosjes", response_model=PapersOut, status_code=201, summary="Zet Roosjes op papier")
def issue(once: KeyedOnce, papers: Sent[PapersAsked]) -> PapersOut:
    """Ze gaan meteen van uw rekening. De codes staan alleen in dit antwoord: wij bewaren ze niet."""
    session, actor = once.session, once.actor
    person = roosjes.holder(session, actor)
    made = roosjes.issue(session, actor, person, (papers.papers, papers.minutes), f"api:{once.key}")
    return PapersOut(
        id=int(made.batch), minutes=made.minutes, expires_at=made.expires_at, papers=_papers(made.papers)
    )


@router.post(
    "/papieren-roosjes/inleveringen", response_model=TakenOut, status_code=201, summary="Lever een papier in"
)
def hand_in_roosje(once: KeyedOnce, paper: Sent[CodeSent]) -> TakenOut:
    """De minuten komen op uw rekening; `id` is de boeking, bij dezelfde sleutel dezelfde."""
    session, actor = once.session, once.actor
    taken = roosjes.hand_in(session, actor, roosjes.holder(session, actor), paper.code, f"api:{once.key}")
    return TakenOut(id=int(taken.transfer), minutes=taken.minutes)


@router.post(
    "/papieren-roosjes/intrekkingen", response_model=TakenOut, status_code=201, summary="Trek een papier in"
)
def take_back(once: KeyedOnce, paper: Sent[NumberSent]) -> TakenOut:
    """Een papier dat kwijt is: de minuten komen terug, en wie het vindt krijgt er niets voor."""
    session, actor = once.session, once.actor
    person = roosjes.holder(session, actor)
    taken = roosjes.take_back(session, actor, person, paper.number, f"api:{once.key}")
    return TakenOut(id=int(taken.transfer), minutes=taken.minutes)
