"""/roosjesrekeningen: one's own account, its statement, and giving Roosjes. Amounts are minutes; 60 are one Roosje."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import AliasPath, Field
from sqlalchemy.orm import Session

import rewards
from app.access.actor import Actor
from app.api.bodies import Sent
from app.api.once import KeyedOnce, Once, OnceOnly
from app.errors import Invalid
from app.http import ApiActor, Opened
from app.ids import uuid7
from app.roosjes import asking, codes, giving, questions, service, story
from app.roosjes.codes import TypedCode
from app.roosjes.giving import Gift
from app.schemas import Incoming, Moment, Outgoing, Whole
from app.text import Typed
from app.words import LedgerKind, State, Verdict

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
    about: Annotated[str, Field(serialization_alias="waarvoor")] = ""
    words: Annotated[str, Field(serialization_alias="bericht")] = ""
    subject: Annotated[UUID | None, Field(serialization_alias="keer")]
    reverses: Annotated[int | None, Field(serialization_alias="boektTerug")]
    reversed_by: Annotated[int | None, Field(serialization_alias="teruggeboektDoor")]
    occurred_at: Annotated[Moment, Field(serialization_alias="gebeurdOp")]
    booked_at: Annotated[Moment, Field(serialization_alias="geboektOp")]


class Amount(Incoming):
    """How much, and the words that come along."""

    minutes: Annotated[Annotated[Whole, Field(ge=1, le=MINUTES_MAX)], Field(alias="minuten")]
    text: Annotated[Annotated[str, Typed(400, lines=True)] | None, Field(alias="bericht")] = None

    def gift(self, key: str | None) -> Gift:
        """The same for the service, under the client's key."""
        return Gift(self.minutes, f"api:{key}", self.text or "")


class Asked(Amount):
    """Roosjes that are asked of somebody."""

    to_person_id: Annotated[
        UUID | None, Field(alias="aan", description="Het id van de ander in een afspraak.")
    ] = None
    code: Annotated[
        TypedCode | None, Field(alias="nummer", description="Het Roosjesnummer van de ander.")
    ] = None


class Payment(Asked):
    """Roosjes given: to somebody one had an agreement with, to a number, or for an offer that one may read."""

    offer_id: Annotated[UUID | None, Field(alias="aanbod", description="Het aanbod waarvoor u bedankt.")] = (
        None
    )


class PaymentOut(Outgoing):
    """What was booked, and what is left."""

    id: int
    balance: Annotated[int, Field(serialization_alias="saldoMinuten")]


class NumberOut(Outgoing):
    """One's own Roosjesnummer, to tell to whoever wants to give."""

    code: Annotated[str, Field(serialization_alias="nummer")]


class AskingOut(Outgoing):
    """A question for Roosjes between two people."""

    id: UUID
    minutes: Annotated[int, Field(serialization_alias="minuten")]
    text: Annotated[str, Field(serialization_alias="bericht")]
    asker: Annotated[
        str, Field(validation_alias=AliasPath("asker", "first_name"), serialization_alias="vrager")
    ]
    payer: Annotated[
        str, Field(validation_alias=AliasPath("payer", "first_name"), serialization_alias="gever")
    ]
    asked_at: Annotated[Moment, Field(serialization_alias="gevraagdOp")]
    lapses_at: Annotated[Moment, Field(serialization_alias="verlooptOp")]
    outcome: Annotated[Verdict, Field(serialization_alias="antwoord")]


class QuestionOut(Outgoing):
    """A question about a line, and its answer."""

    id: UUID
    minutes: Annotated[int, Field(serialization_alias="minuten")]
    words: Annotated[str, Field(serialization_alias="uitleg")]
    answer: Annotated[str, Field(serialization_alias="antwoord")]
    status: State
    created_at: Annotated[Moment, Field(serialization_alias="gesteldOp")]


class Lines(Incoming):
    """Which part of the statement: lines before one that was read."""

    before: Annotated[
        int | None, Field(alias="voor", ge=1, le=2**63 - 1, description="Volgnummer van de laatste regel.")
    ] = None
    size: Annotated[int, Field(alias="aantal", ge=1, le=100)] = 20


@router.get("", response_model=AccountOut, summary="Lees uw saldo")
def get(session: Opened, actor: ApiActor) -> service.Statement:
    """Uw rekening in minuten, met wat er opzij staat voor afspraken."""
    account = story.account_of(session, actor)
    return service.Statement(account.balance, rewards.open_holds(session.connection(), account.id), [])


@router.get("/boekingen", response_model=list[LineOut], summary="Lees uw boekingen")
def lines(
    request: Request, response: Response, session: Opened, actor: ApiActor, wanted: Annotated[Lines, Query()]
) -> Sequence[LineOut]:
    """De nieuwste eerst. De kop Link wijst naar de volgende bladzij."""
    account = story.account_of(session, actor)
    rows = rewards.statement(
        session.connection(), account.id, before_seq=wanted.before, limit=wanted.size + 1
    )
    told = {line.seq: line for line in story.lines_of(session, rows[: wanted.size])}
    path = request.url.path
    links = [f'<{path}?aantal={wanted.size}>; rel="first"']
    if len(rows) > wanted.size:
        rows = rows[: wanted.size]
        links.append(f'<{path}?aantal={wanted.size}&voor={rows[-1].seq}>; rel="next"')
    response.headers["Link"] = ", ".join(links)
    return [
        LineOut.model_validate(row).model_copy(
            update={name: getattr(told[row.seq], name) for name in ("name", "about", "words")}
        )
        for row in rows
    ]


@router.post("/betalingen", response_model=PaymentOut, status_code=201, summary="Geef Roosjes")
def pay(once: KeyedOnce, payment: Sent[Payment]) -> Response:
    """Aan iemand met wie u een afspraak had, met een nummer, of voor een aanbod.

    De kop `Idempotency-Key` is verplicht: zo betaalt u nooit dubbel.
    """
    session, actor = once.session, once.actor

    def act() -> PaymentOut:
        to = _other_end(session, actor, payment, payment.offer_id)
        booking = giving.give(session, actor, to, payment.gift(once.key))
        return _paid(once, booking)

    return once.answer(payment, act, created_in="/roosjesrekeningen/mijn/boekingen")


@router.post("/schenkingen", response_model=PaymentOut, status_code=201, summary="Geef aan de pot")
def donate(once: KeyedOnce, gift: Sent[Amount]) -> Response:
    """Aan de pot van uw gemeente, waaruit de makelaar geeft aan wie het nodig heeft."""
    session, actor = once.session, once.actor

    def act() -> PaymentOut:
        return _paid(once, giving.donate(session, actor, gift.gift(once.key)))

    return once.answer(gift, act, created_in="/roosjesrekeningen/mijn/boekingen")


def _paid(once: Once, booking: rewards.Booking) -> PaymentOut:
    once.was_booked = booking.hit
    balance = story.account_of(once.session, once.actor).balance
    return PaymentOut(id=int(booking.transfer), balance=balance.posted)


def _other_end(
    session: Session, actor: Actor, wanted: Asked, offer_id: UUID | None = None
) -> giving.Receiver:
    """Whoever was named, in one of the ways; Invalid when none or several are."""
    named = [value for value in (wanted.to_person_id, wanted.code, offer_id) if value is not None]
    if len(named) != 1:
        raise Invalid(details={"aan": "choose-one"})
    if wanted.to_person_id is not None:
        return giving.known(session, actor, wanted.to_person_id)
    if wanted.code is not None:
        return giving.by_code(session, actor, wanted.code)
    return giving.by_offer(session, actor, named[0] if isinstance(named[0], UUID) else UUID(int=0))


@router.get("/nummer", response_model=NumberOut, summary="Lees uw Roosjesnummer")
def number(session: Opened, actor: ApiActor) -> NumberOut:
    """Wie uw nummer heeft, kan u Roosjes geven."""
    return NumberOut(code=codes.own(session, actor))


@router.get("/betaalverzoeken", response_model=list[AskingOut], summary="Lees wie om Roosjes vroeg")
def askings(session: Opened, actor: ApiActor) -> list[asking.Asking]:
    """Wat anderen u vragen en nog wacht, en daarna wat u zelf vroeg."""
    return [*asking.for_me(session, actor), *asking.own(session, actor)]


@router.post("/betaalverzoeken", response_model=AskingOut, status_code=201, summary="Vraag om Roosjes")
def ask(once: KeyedOnce, wanted: Sent[Asked]) -> Response:
    """Er verandert niets tot de ander ja zegt. Zonder antwoord vervalt de vraag."""
    session, actor = once.session, once.actor

    def act() -> AskingOut:
        to = _other_end(session, actor, wanted)
        id, once.was_booked = asking.ask(session, actor, to, wanted.gift(once.key))
        return AskingOut.model_validate(asking.get(session, actor, id))

    return once.answer(wanted, act, created_in="/roosjesrekeningen/mijn/betaalverzoeken")


@router.post("/betaalverzoeken/{id}/acceptaties", response_model=AskingOut, summary="Geef wat gevraagd is")
def accept(once: OnceOnly, id: UUID) -> Response:
    """Alleen wie het gevraagd is. Een ja wordt geen nee."""
    return _answer(once, id, yes=True)


@router.post(
    "/betaalverzoeken/{id}/afwijzingen", response_model=AskingOut, summary="Geef niet wat gevraagd is"
)
def reject(once: OnceOnly, id: UUID) -> Response:
    """Alleen wie het gevraagd is. Een nee wordt geen ja."""
    return _answer(once, id, yes=False)


def _answer(once: Once, id: UUID, *, yes: bool) -> Response:
    def act() -> AskingOut:
        key = f"api:{once.key or uuid7()}"
        return AskingOut.model_validate(asking.answer(once.session, once.actor, id, yes=yes, key=key))

    return once.answer(None, act)


@router.post(
    "/boekingen/{volgnummer}/vragen", response_model=QuestionOut, status_code=201, summary="Dit klopt niet"
)
def question(
    once: OnceOnly, volgnummer: Annotated[int, Path(ge=1, le=2**63 - 2)], new: Sent[questions.NewQuestion]
) -> Response:
    """De makelaar kijkt naar de regel, en verbetert die of legt die uit."""

    def act() -> QuestionOut:
        return QuestionOut.model_validate(questions.ask(once.session, once.actor, volgnummer, new))

    return once.answer(new, act, created_in="/roosjesvragen")
