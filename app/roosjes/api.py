"""/roosjesrekeningen: one's own account, its statement, and giving Roosjes. Amounts are minutes; 60 are one Roosje."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import AliasPath, Field
from sqlalchemy.orm import Session

import rewards
from app.access.actor import Actor
from app.access.policy import found
from app.api.bodies import Sent
from app.api.once import KeyedOnce
from app.http import ApiActor, Opened
from app.people.models import Person
from app.roosjes import service
from app.schemas import Incoming, Moment, Outgoing, Whole
from app.words import LedgerKind

router = APIRouter(prefix="/roosjesrekeningen/mijn", tags=["Roosjes"])
MINUTES_MAX = 6000
"""A hundred hours: no thank-you is larger, and a slip of the keyboard is."""


class HoldOut(Outgoing):
    """Minutes set aside: below zero they will go out, above it they will come in."""

    delta: Annotated[int, Field(serialization_alias="minuten")]
    subject: Annotated[UUID | None, Field(serialization_alias="keer")]
    expires_at: Annotated[Moment, Field(serialization_alias="verlooptOp")]


class AccountOut(Outgoing):
    """Where an account stands, in minutes."""

    posted: Annotated[
        int, Field(validation_alias=AliasPath("balance", "posted"), serialization_alias="saldoMinuten")
    ]
    available: Annotated[
        int,
        Field(validation_alias=AliasPath("balance", "available"), serialization_alias="beschikbaarMinuten"),
    ]
    spendable: Annotated[
        int,
        Field(validation_alias=AliasPath("balance", "spendable"), serialization_alias="besteedbaarMinuten"),
    ]
    held_out: Annotated[
        int, Field(validation_alias=AliasPath("balance", "held_out"), serialization_alias="opzijGezetMinuten")
    ]
    held_in: Annotated[
        int, Field(validation_alias=AliasPath("balance", "held_in"), serialization_alias="verwachtMinuten")
    ]
    floor: Annotated[
        int, Field(validation_alias=AliasPath("balance", "floor"), serialization_alias="ondergrensMinuten")
    ]
    ceiling: Annotated[
        int, Field(validation_alias=AliasPath("balance", "ceiling"), serialization_alias="bovengrensMinuten")
    ]
    holds: Annotated[list[HoldOut], Field(serialization_alias="opzijGezet")]


class LineOut(Outgoing):
    """One line of the statement: ``minuten`` brought the account to ``saldoMinuten``."""

    seq: Annotated[int, Field(serialization_alias="volgnummer")]
    transfer: Annotated[int, Field(serialization_alias="boeking")]
    kind: Annotated[LedgerKind, Field(serialization_alias="soort")]
    delta: Annotated[int, Field(serialization_alias="minuten")]
    balance: Annotated[int, Field(serialization_alias="saldoMinuten")]
    name: Annotated[str, Field(serialization_alias="met")] = ""
    """First name of the other side."""
    subject: Annotated[UUID | None, Field(serialization_alias="keer")]
    reverses: Annotated[int | None, Field(serialization_alias="boektTerug")]
    reversed_by: Annotated[int | None, Field(serialization_alias="teruggeboektDoor")]
    occurred_at: Annotated[Moment, Field(serialization_alias="gebeurdOp")]
    booked_at: Annotated[Moment, Field(serialization_alias="geboektOp")]


class Payment(Incoming):
    """Roosjes given to somebody whom one helped, or was helped by."""

    to_person_id: Annotated[UUID, Field(alias="aan", description="Het id van de ander in een afspraak.")]
    minutes: Annotated[Annotated[Whole, Field(ge=1, le=MINUTES_MAX)], Field(alias="minuten")]


class PaymentOut(Outgoing):
    """What was booked, and what is left."""

    id: int
    balance: Annotated[int, Field(serialization_alias="saldoMinuten")]


class Lines(Incoming):
    """Which part of the statement: lines before one that was read."""

    before: Annotated[
        int | None, Field(alias="voor", ge=1, le=2**63 - 1, description="Volgnummer van de laatste regel.")
    ] = None
    size: Annotated[int, Field(alias="aantal", ge=1, le=100)] = 20


def account_of(session: Session, actor: Actor) -> rewards.Account:
    """One's own account, opened at its first use."""
    person = found(session.get(Person, actor.person_id))
    return service.account_of(session, person, service.home_municipality(session, person.id))


@router.get("", response_model=AccountOut, summary="Lees uw saldo")
def get(session: Opened, actor: ApiActor) -> service.Statement:
    """Uw rekening in minuten, met wat er opzij staat voor afspraken."""
    return service.statement(session, actor, limit=1)


@router.get("/boekingen", response_model=list[LineOut], summary="Lees uw boekingen")
def lines(
    request: Request, response: Response, session: Opened, actor: ApiActor, wanted: Annotated[Lines, Query()]
) -> Sequence[LineOut]:
    """De nieuwste eerst. De kop Link wijst naar de volgende bladzij."""
    account = account_of(session, actor)
    rows = rewards.statement(
        session.connection(), account.id, before_seq=wanted.before, limit=wanted.size + 1
    )
    names = service.names(session, {row.counterparty for row in rows if row.counterparty is not None})
    path = request.url.path
    links = [f'<{path}?aantal={wanted.size}>; rel="first"']
    if len(rows) > wanted.size:
        rows = rows[: wanted.size]
        links.append(f'<{path}?aantal={wanted.size}&voor={rows[-1].seq}>; rel="next"')
    response.headers["Link"] = ", ".join(links)
    return [
        LineOut.model_validate(row).model_copy(
            update={"name": names.get(row.counterparty, "") if row.counterparty else ""}
        )
        for row in rows
    ]


@router.post("/betalingen", response_model=PaymentOut, status_code=201, summary="Geef Roosjes")
def pay(once: KeyedOnce, payment: Sent[Payment]) -> Response:
    """Aan iemand met wie u een afspraak had. De kop `Idempotency-Key` is verplicht: zo betaalt u nooit dubbel."""
    session, actor = once.session, once.actor

    def act() -> PaymentOut:
        booking = service.pay(session, actor, payment.to_person_id, payment.minutes, f"api:{once.key}")
        return PaymentOut(id=int(booking.transfer), balance=account_of(session, actor).balance.posted)

    return once.answer(payment, act, created_in="/roosjesrekeningen/mijn/boekingen")
