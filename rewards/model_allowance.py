"""The pure model's meter of allowances: see `rewards.model`. Every sum is counted anew from the rows."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from rewards.allowance import AllowanceKind
from rewards.errors import (
    AllowanceExceeded,
    AllowanceWithdrawn,
    InvalidInput,
    KeyReused,
    OwnInterest,
    RulesReachBack,
    RulesSet,
    UnknownAllowance,
)
from rewards.model_welfare import AMSTERDAM, Done

FIRST_RULES = {
    (AllowanceKind.VOLUNTEER, date(2000, 1, 1)): (21_000, 210_000),
    (AllowanceKind.DRIVING, date(2000, 1, 1)): (210_000, 210_000),
}


@dataclass
class ModelAllowance:
    """One thing that somebody got, or (``withdraws``) that was taken back."""

    person: UUID
    kind: AllowanceKind
    day: date
    cents: int
    withdraws: int | None = None


@dataclass
class Allowances:
    """What was counted in a region; `clock` says what time it is."""

    clock: Callable[[], datetime]
    rows: list[ModelAllowance] = field(default_factory=list)
    rules: dict[tuple[AllowanceKind, date], tuple[int, int]] = field(
        default_factory=lambda: dict(FIRST_RULES)
    )
    keys: dict[tuple[UUID, str], tuple[object, int]] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return self.clock().astimezone(AMSTERDAM).date()

    def sums(self, person: UUID, kind: AllowanceKind, day: date) -> tuple[int, int]:
        """Month and year."""
        own = [row for row in self.rows if (row.person, row.kind, row.day.year) == (person, kind, day.year)]
        return sum(row.cents for row in own if row.day.month == day.month), sum(row.cents for row in own)

    def limit(self, kind: AllowanceKind, day: date) -> tuple[int, int]:
        """Month and year, as the rules of the day have it."""
        return self.rules[max(key for key in self.rules if key[0] is kind and key[1] <= day)]

    def note(  # noqa: PLR0913  # as the ledger's
        self,
        *,
        key: str,
        actor: UUID,
        municipality_id: int,
        person: UUID,
        kind: AllowanceKind,
        day: date,
        cents: int,
    ) -> Done:
        if actor == person:
            raise OwnInterest
        if day > self.today:
            raise InvalidInput
        body = ("note", municipality_id, person, kind, day, cents)
        earlier = self._earlier(actor, key, body)
        if earlier is not None:
            return earlier
        sums, most = self.sums(person, kind, day), self.limit(kind, day)
        if any(so_far + cents > limit for so_far, limit in zip(sums, most, strict=True)):
            raise AllowanceExceeded
        return self._write(actor, key, body, ModelAllowance(person, kind, day, cents))

    def withdraw(self, *, key: str, actor: UUID, allowance: int) -> Done:
        if not 0 <= allowance < len(self.rows) or self.rows[allowance].withdraws is not None:
            raise UnknownAllowance
        original = self.rows[allowance]
        if actor == original.person:
            raise OwnInterest
        body = ("withdraw", allowance)
        earlier = self._earlier(actor, key, body)
        if earlier is not None:
            return earlier
        if any(row.withdraws == allowance for row in self.rows):
            raise AllowanceWithdrawn
        taken = ModelAllowance(original.person, original.kind, original.day, -original.cents, allowance)
        return self._write(actor, key, body, taken)

    def set_limit(self, *, kind: AllowanceKind, valid_from: date, month: int, year: int) -> None:
        earlier = self.rules.get((kind, valid_from))
        if earlier is None:
            if valid_from <= self.today or valid_from.day != 1:
                raise RulesReachBack
            self.rules[kind, valid_from] = month, year
        elif earlier != (month, year):
            raise RulesSet

    def _earlier(self, actor: UUID, key: str, body: object) -> Done | None:
        known = self.keys.get((actor, key))
        if known is None:
            return None
        if known[0] != body:
            raise KeyReused
        return Done(known[1], hit=True)

    def _write(self, actor: UUID, key: str, body: object, row: ModelAllowance) -> Done:
        self.rows.append(row)
        self.keys[actor, key] = body, len(self.rows) - 1
        return Done(len(self.rows) - 1)
