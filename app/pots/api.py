"""/potten, /roosjesrekeningen/{persoon} and /roosjesregels: what the desk does with Roosjes. Amounts are minutes."""

from datetime import datetime
from typing import Annotated
from uuid import UUID, uuid4, uuid5

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

import rewards
from app.api.bodies import Sent
from app.api.once import KeyedOnce, Once, OnceOnly
from app.http import ApiActor, Opened
from app.pots import correcting, granting, groups, leaving, limits, pot as pots, shortage
from app.pots.schemas import Answer, Gift, Group, Limits, Rules, Setting
from app.schemas import Moment, Outgoing, Why

router = APIRouter(tags=["Pot"])
PLACE = Annotated[int, Field(ge=1, le=9999)]
KEYS = UUID("018f5c1e-7d3a-7b60-9c52-6a2f6e0d1771")
"""Under this an Idempotency-Key becomes the key of the act in the ledger, so that both say once."""


class LineOut(Outgoing):
    """What came in (above zero) or went out."""

    batch: Annotated[int, Field(serialization_alias="id")]
    operation: Annotated[str, Field(serialization_alias="soort")]
    minutes: Annotated[int, Field(serialization_alias="minuten")]
    moment: Annotated[Moment, Field(serialization_alias="op")]
    name: Annotated[str, Field(serialization_alias="voornaam")]
    by: Annotated[str, Field(serialization_alias="door")]


class PotOut(Outgoing):
    """The pot of a municipality."""

    stands: Annotated[int, Field(serialization_alias="saldoMinuten")]
    lines: Annotated[list[LineOut], Field(serialization_alias="boekingen")]


class WaitingOut(Outgoing):
    """A grant that waits for a second pair of eyes."""

    question: Annotated[int, Field(serialization_alias="id")]
    minutes: Annotated[int, Field(serialization_alias="minuten")]
    person_id: Annotated[UUID, Field(serialization_alias="persoon")]
    asker_id: Annotated[UUID, Field(serialization_alias="gevraagdDoor")]
    reason: Annotated[str | None, Field(serialization_alias="reden")]
    asked_at: Annotated[Moment, Field(serialization_alias="gevraagdOp")]
    lapses_at: Annotated[Moment, Field(serialization_alias="vervaltOp")]


class GrantOut(Outgoing):
    """Whether it stands on the account, or waits."""

    id: UUID
    waits: Annotated[bool, Field(serialization_alias="wacht")]


class LimitsOut(Outgoing):
    """The limits of one account."""

    floor: Annotated[int, Field(serialization_alias="ondergrens")]
    ceiling: Annotated[int, Field(serialization_alias="bovengrens")]


class RulesOut(Outgoing):
    """Rules of a municipality; without a moment they are the defaults."""

    valid_from: Annotated[datetime | None, Field(serialization_alias="vanaf")]
    floor: Annotated[int, Field(serialization_alias="ondergrens")]
    ceiling: Annotated[int, Field(serialization_alias="bovengrens")]
    lowest_floor: Annotated[int, Field(serialization_alias="laagsteOndergrens")]
    growth_percent: Annotated[int, Field(serialization_alias="groeiProcent")]
    eyes_above: Annotated[int, Field(serialization_alias="tweedeBlikBoven")]
    eyes_days: Annotated[int, Field(serialization_alias="tweedeBlikDagen")]
    asked_days: Annotated[int, Field(serialization_alias="antwoordDagen")]
    eyes_above_cents: Annotated[int, Field(serialization_alias="welzijnTweedeBlikBoven")]
    grace_days: Annotated[int, Field(serialization_alias="uitloopDagen")]


class DoneOut(Outgoing):
    """It was done."""

    done: Annotated[bool, Field(serialization_alias="gedaan")] = True


class BookingOut(Outgoing):
    """What was booked."""

    id: int


class NewGroup(Group):
    """Who pays whom, and in which municipality."""

    municipality_id: Annotated[PLACE, Field(alias="gemeente")]
    kind: Annotated[groups.Form, Field(alias="soort")]


def _key(once: Once) -> UUID:
    return uuid5(KEYS, f"{once.actor.person_id}:{once.key}") if once.key else uuid4()


def _rules(policy: rewards.Policy) -> RulesOut:
    terms = policy.terms
    return RulesOut(
        valid_from=policy.valid_from, floor=terms.floor, ceiling=terms.ceiling, lowest_floor=terms.lowest_floor,
        growth_percent=terms.growth_percent, eyes_above=terms.eyes_above, eyes_days=terms.eyes_days,
        asked_days=terms.asked_days, eyes_above_cents=terms.eyes_above_cents, grace_days=terms.grace_days,
    )  # fmt: skip


@router.get("/potten/{gemeente}", response_model=PotOut, summary="Lees de pot")
def read(session: Opened, actor: ApiActor, gemeente: PLACE) -> pots.Pot:
    """Voor makelaar en penningmeester: het saldo en de laatste twintig boekingen."""
    return pots.pot(session, actor, gemeente)


@router.get(
    "/potten/{gemeente}/wachtend",
    response_model=list[WaitingOut],
    summary="Lees wat op een tweede blik wacht",
)
def waiting(session: Opened, actor: ApiActor, gemeente: PLACE) -> list[granting.Waiting]:
    """Het oudste eerst."""
    return granting.waiting(session, actor, gemeente)


@router.post("/potten/wachtend/{vraag}/besluiten", response_model=DoneOut, summary="Beslis als tweede")
def decide(once: OnceOnly, vraag: Annotated[int, Field(ge=1, lt=2**62)], said: Sent[Answer]) -> Response:
    """Niet door wie het vroeg, en niet door wie het krijgt."""

    def act() -> DoneOut:
        asked = granting.decide(once.session, once.actor, vraag, said.yes)
        if said.yes and asked.occurrence_id is not None:
            shortage.hold_after(once.session, once.actor, asked.occurrence_id)
        return DoneOut()

    return once.answer(said, act)


@router.post(
    "/roosjesrekeningen/{persoon}/toekenningen", response_model=GrantOut, status_code=201,
    summary="Geef uit de pot",
)  # fmt: skip
def grant(once: KeyedOnce, persoon: UUID, gift: Sent[Gift]) -> Response:
    """Boven de drempel van de gemeente wacht het op een collega; meer keer in korte tijd telt samen."""

    def act() -> GrantOut:
        given = granting.give(once.session, once.actor, persoon, gift, _key(once))
        return GrantOut(id=given.note.id, waits=given.waits)

    return once.answer(gift, act, created_in=f"/roosjesrekeningen/{persoon}/toekenningen")


@router.put("/roosjesrekeningen/{persoon}/grenzen", response_model=LimitsOut, summary="Zet eigen grenzen")
def set_limits(session: Opened, actor: ApiActor, persoon: UUID, wanted: Sent[Limits]) -> LimitsOut:
    """Alleen een makelaar. Zonder grenzen gelden weer de regels van de gemeente."""
    balance = limits.set_personal(session, actor, persoon, wanted, uuid4()).balance
    return LimitsOut(floor=balance.floor, ceiling=balance.ceiling)


@router.post(
    "/roosjesrekeningen/{persoon}/vertrekken", response_model=DoneOut, summary="Bevestig een vertrek"
)
def leave(once: KeyedOnce, persoon: UUID, why: Sent[Why]) -> Response:
    """Wat over is gaat naar de pot. De rekening gaat voorgoed dicht."""

    def act() -> DoneOut:
        leaving.leave(once.session, once.actor, persoon, why.reason or "Vertrokken", _key(once))
        return DoneOut()

    return once.answer(why, act)


@router.post("/groepsboekingen", response_model=BookingOut, summary="Boek tussen bewoners")
def book(once: KeyedOnce, group: Sent[NewGroup]) -> Response:
    """Van de één naar de ander, van één naar allen, of een cursus. Alles of niets."""

    def act() -> BookingOut:
        booked = groups.book(once.session, once.actor, group.municipality_id, group.kind, group, _key(once))
        return BookingOut(id=int(booked.transfer))

    return once.answer(group, act)


@router.post(
    "/roosjesboekingen/{boeking}/correcties", response_model=DoneOut, summary="Draai een boeking terug"
)
def take_back(once: OnceOnly, boeking: Annotated[int, Field(ge=1, lt=2**62)], why: Sent[Setting]) -> Response:
    """Eén keer, helemaal, met een reden. Beide regels blijven staan."""

    def act() -> DoneOut:
        correcting.take_back(once.session, once.actor, boeking, why.reason)
        return DoneOut()

    return once.answer(why, act)


@router.post(
    "/roosjesboekingen/{boeking}/goedmakingen", response_model=DoneOut, summary="Laat de pot goedmaken"
)
def make_whole(
    once: OnceOnly, boeking: Annotated[int, Field(ge=1, lt=2**62)], why: Sent[Setting]
) -> Response:
    """Als wie het kreeg, het niet kan teruggeven."""

    def act() -> DoneOut:
        correcting.make_whole(once.session, once.actor, boeking, why.reason)
        return DoneOut()

    return once.answer(why, act)


@router.get("/roosjesregels/{gemeente}", response_model=list[RulesOut], summary="Lees de regels voor Roosjes")
def rules(session: Opened, actor: ApiActor, gemeente: PLACE) -> list[RulesOut]:
    """Wat nu geldt, en daarna alles wat werd vastgesteld, het laatste eerst."""
    past = limits.history(session, actor, gemeente)
    return [_rules(limits.rules_at(session, gemeente)), *(_rules(policy) for policy, _ in past)]


@router.post("/roosjesregels/{gemeente}", response_model=RulesOut, summary="Stel regels vast")
def set_rules(once: KeyedOnce, gemeente: PLACE, wanted: Sent[Rules]) -> Response:
    """Voor gemeente en penningmeester: vanaf een dag die nog komt, of meteen."""

    def act() -> RulesOut:
        return _rules(limits.set_rules(once.session, once.actor, gemeente, wanted, _key(once)))

    return once.answer(wanted, act)
