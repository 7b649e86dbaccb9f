"""Clients that book through the API, write down what was acknowledged, and ask again what was not answered."""

import itertools
import random
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import httpx

from tests.faults.world import CENTS, MINUTES, Pair, Somebody

TIMEOUT_S = 20.0
PAUSE_S = 0.05
GIVE_UP_S = 180.0


class Act(StrEnum):
    """What is booked."""

    PAY = "pay"
    DONATE = "donate"
    AGREE = "agree (hold)"
    PROPOSE = "propose another moment"
    MOVE = "move (void and hold)"
    HELPED = "confirm, the first"
    RECEIVED = "confirm, the second (settle)"
    HAND_IN = "hand a cheque in (redeem)"
    SPEND = "pay out of a welfare budget (spend)"


@dataclass(frozen=True, slots=True)
class Order:
    """One thing that somebody wants done once."""

    act: Act
    who: Somebody
    path: str
    body: dict[str, Any]
    about: UUID
    """Who is paid, the proposal, the time, or the spending; of a cheque who takes it."""
    amount: int = 0
    """Of what a single booking moves: minutes, cheques, or cents."""


@dataclass(frozen=True, slots=True)
class Line:
    """What the journal says of it: it was answered with this status, after so many attempts."""

    order: Order
    key: str
    status: int
    answer: dict[str, Any]
    attempts: int
    hit: bool
    """It had been done before it was answered."""

    @property
    def done(self) -> bool:
        """Acknowledged."""
        return self.status < 300


class NeverAnswered(Exception):
    """A request found nobody for minutes."""


@dataclass
class Client:
    """One pair; it does one thing after the other."""

    number: int
    pair: Pair
    address: str
    chance: random.Random
    journal: list[Line] = field(default_factory=list)
    failed: list[BaseException] = field(default_factory=list)

    def run(self, stop: threading.Event) -> None:
        """Until told to stop, and each act was done once at least; what is under way is brought to its end."""
        try:
            with httpx.Client(base_url=f"{self.address}/api/v1", timeout=TIMEOUT_S) as web:
                for order in self.orders():
                    if stop.is_set() and len(self.journal) >= len(Act):
                        return
                    self.journal.append(self.carry_out(web, order, f"{self.number}-{len(self.journal)}"))
        except BaseException as error:
            self.failed.append(error)

    def carry_out(self, web: httpx.Client, order: Order, key: str) -> Line:
        """Ask with the same key until there is an answer; an error of the server is none."""
        headers = {"Authorization": f"Bearer {order.who.token}", "Idempotency-Key": key}
        attempts, deadline = 0, time.monotonic() + GIVE_UP_S
        while time.monotonic() < deadline:
            attempts += 1
            try:
                answer = web.post(order.path, json=order.body or None, headers=headers)
            except httpx.TransportError:
                time.sleep(PAUSE_S)
                continue
            if answer.status_code < 500:
                hit = answer.headers.get("Idempotency-Hit") == "true"
                return Line(order, key, answer.status_code, answer.json(), attempts, hit)
            time.sleep(PAUSE_S)
        raise NeverAnswered(order.path)

    def orders(self) -> Iterator[Order]:
        """Without end: first one of each, then gifts either way and in between what the two agreed on."""
        times, proposals = list(self.pair.to_confirm), list(self.pair.to_agree)
        cheques, spendings = list(self.pair.cheques), list(self.pair.spendings)
        moving: list[UUID] = []
        for day in itertools.count(1):
            step = self.chance.random() if len(self.journal) >= len(Act) else None
            if times and (step is None or step < 0.25):
                yield from self._confirmed(times.pop(0))
            if proposals and (step is None or 0.25 <= step < 0.4):
                yield self._agree(proposals.pop(0), 2 * day)
                if (line := self.journal[-1]).done:
                    moving.append(UUID(line.answer["keren"][0]["id"]))
            if moving and (step is None or 0.4 <= step < 0.6):
                yield from self._moved(self.chance.choice(moving), 2 * day + 1)
            if cheques and (step is None or 0.6 <= step < 0.66):
                yield self._hand_in(cheques.pop())
            if spendings and (step is None or 0.66 <= step < 0.72):
                yield self._spend(spendings.pop())
            if step is None or 0.72 <= step < 0.8:
                yield self._donate()
            if step is None or step >= 0.8:
                yield self._pay()

    def _pay(self) -> Order:
        giver, receiver = self.chance.sample((self.pair.asker, self.pair.helper), 2)
        minutes = self.chance.randint(1, 3)
        body = {"aan": str(receiver.id), "minuten": minutes}
        return Order(Act.PAY, giver, "/roosjesrekeningen/mijn/betalingen", body, receiver.pseudonym, minutes)

    def _donate(self) -> Order:
        giver = self.chance.choice((self.pair.asker, self.pair.helper))
        return Order(
            Act.DONATE, giver, "/roosjesrekeningen/mijn/schenkingen", {"minuten": 1}, giver.pseudonym, 1
        )

    def _hand_in(self, code: str) -> Order:
        provider = self.pair.provider
        return Order(Act.HAND_IN, provider, "/cheque-inleveringen", {"code": code}, provider.pseudonym, 1)

    def _spend(self, spending: UUID) -> Order:
        path = f"/welzijnsuitgaven/{spending}/betalingen"
        return Order(Act.SPEND, self.pair.broker, path, {}, spending, CENTS)

    def _agree(self, proposal: UUID, day: int) -> Order:
        return Order(
            Act.AGREE, self.pair.asker, f"/voorstellen/{proposal}/afspraken", self._when(day), proposal
        )

    def _moved(self, occurrence: UUID, day: int) -> Iterator[Order]:
        """The helper proposes it; the asker proposes the same, which is a yes."""
        path, when = f"/keren/{occurrence}/verplaatsingen", self._when(day)
        yield Order(Act.PROPOSE, self.pair.helper, path, when, occurrence)
        if self.journal[-1].done:
            yield Order(Act.MOVE, self.pair.asker, path, when, occurrence)

    def _when(self, day: int) -> dict[str, Any]:
        """Each time another day and hour, so that nobody has to be in two places."""
        date = self.pair.free_from + timedelta(days=day % 400)
        return {"datum": date.isoformat(), "tijd": f"{8 + day // 400 % 12:02d}:00"}

    def _confirmed(self, occurrence: UUID) -> Iterator[Order]:
        sides = [(Act.HELPED, self.pair.helper), (Act.RECEIVED, self.pair.asker)]
        for act, who in sides:
            yield Order(act, who, f"/keren/{occurrence}/bevestigingen", {"minuten": MINUTES}, occurrence)
