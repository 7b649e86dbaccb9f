"""The pure model's welfare budgets: see `rewards.model`. Lists of what happened instead of chains of lines."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from rewards.errors import (
    AlreadyReversed,
    GrantCeiling,
    InvalidInput,
    KeyReused,
    NeedsSecondEyes,
    Overdrawn,
    OwnInterest,
    PeriodOver,
    PeriodOverlaps,
    ReceiptUsed,
    UnknownPeriod,
    UnknownTransfer,
)
from rewards.policies import Terms
from rewards.welfare import GRANTS_MAX_CENTS, RECEIPT_GRACE_DAYS

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@dataclass
class ModelPeriod:
    """A period with what was granted, what was spent and not taken back, and what went back."""

    id: int
    municipality_id: int
    person: UUID
    starts_on: date
    ends_on: date
    granted: int = 0
    alone: int = 0
    """Granted without a second pair of eyes."""
    spent: int = 0
    returned: int = 0
    is_open: bool = True
    closed_with_rest: bool = False

    @property
    def rest(self) -> int:
        return self.granted - self.spent - self.returned


@dataclass
class ModelSpending:
    """One spending; `undone` once it was taken back."""

    period: ModelPeriod
    cents: int
    receipt: bytes | None
    undone: bool = False


@dataclass(frozen=True)
class Done:
    """What a call came to: the model's own number of a booking (None when nothing moved), and whether it is a hit."""

    number: int | None
    hit: bool = False


@dataclass
class Welfare:
    """Budgets of a region; `clock` says what time it is, `terms` what holds in a municipality."""

    clock: Callable[[], datetime]
    terms: Callable[[int], Terms]
    periods: dict[int, ModelPeriod] = field(default_factory=dict)
    opened: dict[tuple[UUID, str], tuple[object, int]] = field(default_factory=dict)
    keys: dict[tuple[UUID, str, str], tuple[object, int]] = field(default_factory=dict)
    bookings: list[ModelSpending | None] = field(default_factory=list)

    @property
    def today(self) -> date:
        return self.clock().astimezone(AMSTERDAM).date()

    def open_period(  # as the ledger's
        self, *, key: str, actor: UUID, municipality_id: int, person: UUID, starts_on: date, ends_on: date
    ) -> Done:
        body = (municipality_id, person, starts_on, ends_on)
        earlier = self.opened.get((actor, key))
        if earlier is not None:
            if earlier[0] != body:
                raise KeyReused
            return Done(earlier[1], hit=True)
        if actor == person:
            raise OwnInterest
        if not starts_on <= ends_on <= starts_on + timedelta(days=366):
            raise InvalidInput
        if any(
            (other.municipality_id, other.person) == (municipality_id, person)
            and other.starts_on <= ends_on
            and starts_on <= other.ends_on
            for other in self.periods.values()
        ):
            raise PeriodOverlaps
        period = ModelPeriod(len(self.periods) + 1, *body)
        self.periods[period.id] = period
        self.opened[actor, key] = body, period.id
        return Done(period.id)

    def grant(self, *, key: str, actor: UUID, period: int, cents: int, approved_by: UUID | None) -> Done:
        found = self._period(period)

        def book() -> None:
            if approved_by == actor or found.person in (actor, approved_by):
                raise OwnInterest
            if not found.is_open or self.today > found.ends_on:
                raise PeriodOver
            if found.granted + cents > GRANTS_MAX_CENTS:
                raise GrantCeiling
            if approved_by is None:
                if found.alone + cents > self.terms(found.municipality_id).eyes_above_cents:
                    raise NeedsSecondEyes
                found.alone += cents
            found.granted += cents

        return self._once(actor, "grant", key, (period, cents, approved_by), book)

    def spend_approved(self, *, key: str, actor: UUID, period: int, cents: int, approved_by: UUID) -> Done:
        return self._spend(key, actor, period, cents, approved_by)

    def spend_on_receipt(
        self, *, key: str, actor: UUID, period: int, cents: int, receipt_hash: bytes
    ) -> Done:
        return self._spend(key, actor, period, cents, receipt_hash)

    def _spend(self, key: str, actor: UUID, period: int, cents: int, why: UUID | bytes) -> Done:
        found = self._period(period)
        receipt = why if isinstance(why, bytes) else None

        def book() -> ModelSpending:
            if found.person in (actor, why):
                raise OwnInterest
            if not found.is_open or not found.starts_on <= self.today <= found.ends_on:
                raise PeriodOver
            if cents > found.rest:
                raise Overdrawn
            if receipt is not None and any(
                made is not None and made.receipt == receipt and not made.undone for made in self.bookings
            ):
                raise ReceiptUsed
            found.spent += cents
            return ModelSpending(found, cents, receipt)

        return self._once(actor, "spend", key, (period, cents, why), book)

    def undo_spending(self, *, key: str, actor: UUID, spending: int) -> Done:
        def book() -> None:
            made = self.bookings[spending] if 0 <= spending < len(self.bookings) else None
            if made is None:
                raise UnknownTransfer
            if made.period.person == actor:
                raise OwnInterest
            if not made.period.is_open:
                raise PeriodOver
            if made.undone:
                raise AlreadyReversed
            made.undone = True
            made.period.spent -= made.cents

        return self._once(actor, "undo", key, spending, book)

    def close_period(self, *, key: str, actor: UUID, period: int) -> Done | None:
        found = self._period(period)
        if found.person == actor:
            raise OwnInterest
        if found.is_open and not found.rest:
            found.is_open = False
            return None
        if not found.is_open and not found.closed_with_rest:
            return None

        def book() -> None:
            if not found.is_open:
                raise PeriodOver
            found.returned, found.is_open, found.closed_with_rest = found.rest, False, True

        return self._once(actor, "return", key, period, book)

    def close_due(self, system: UUID) -> list[int]:
        """Without a limit: all of them."""
        last = self.today - timedelta(days=RECEIPT_GRACE_DAYS)
        due = [period.id for period in self.periods.values() if period.is_open and period.ends_on < last]
        for id in due:
            self.close_period(key=f"period:{id}", actor=system, period=id)
        return due

    def _period(self, id: int) -> ModelPeriod:
        if id not in self.periods:
            raise UnknownPeriod
        return self.periods[id]

    def _once(
        self, actor: UUID, operation: str, key: str, body: object, book: Callable[[], ModelSpending | None]
    ) -> Done:
        earlier = self.keys.get((actor, operation, key))
        if earlier is not None:
            if earlier[0] != body:
                raise KeyReused
            return Done(earlier[1], hit=True)
        self.bookings.append(book())
        number = len(self.bookings) - 1
        self.keys[actor, operation, key] = body, number
        return Done(number)
