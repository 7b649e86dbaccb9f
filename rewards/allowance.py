"""The meter of volunteers' allowances: euro-valued things only, in cents, by the day (in the Netherlands).

Nothing moves: what somebody got elsewhere is counted, warned about at 80 percent and refused above the limit of its
month or year, all municipalities together. Transactions and refusals: see `rewards.ledger`; keys are unique per actor.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from rewards import strict
from rewards.calls import by, maybe_pseudonym
from rewards.errors import InvalidInput, refusals
from rewards.types import AllowanceId

WARN_PERCENT = 80


class AllowanceKind(StrEnum):
    """Driving for others has a yearly ceiling of its own."""

    VOLUNTEER = "volunteer"
    DRIVING = "driving"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody stands in a month and its year, in cents, and the most that the rules let them have."""

    month: int
    month_most: int
    year: int
    year_most: int

    @property
    def room(self) -> int:
        """What may still be counted in this month."""
        return max(0, min(self.month_most - self.month, self.year_most - self.year))

    @property
    def warns(self) -> bool:
        """Whether the month or the year has come to 80 percent of its limit."""
        return any(
            100 * sum_so_far >= WARN_PERCENT * most
            for sum_so_far, most in ((self.month, self.month_most), (self.year, self.year_most))
        )


@dataclass(frozen=True, slots=True)
class Noted:
    """What was counted; with `hit`, the key had counted it before. `standing` is that of now."""

    allowance: AllowanceId
    standing: Standing
    hit: bool


@dataclass(frozen=True, slots=True)
class Limit:
    """Rules for one kind from a day on, in cents."""

    kind: AllowanceKind
    valid_from: date
    month: int
    year: int


def limits(connection: Connection) -> list[Limit]:
    """All rules that were ever set, per kind the newest first."""
    rows = connection.exec_driver_sql(
        "SELECT kind, valid_from, month_cents, year_cents FROM ledger.allowance_limit"
        " ORDER BY kind, valid_from DESC"
    ).all()
    return [Limit(AllowanceKind(row[0]), *row[1:]) for row in rows]


@dataclass(frozen=True, slots=True)
class Near:
    """Somebody who came to 80 percent of a year's limit."""

    person: UUID
    kind: AllowanceKind
    year: int
    year_most: int


def near_limit(connection: Connection, *, municipalities: Sequence[int], day: date) -> list[Near]:
    """Who came to 80 percent of their year, of those with an allowance in these municipalities; the nearest first.

    The sums count all municipalities together, as the rules do.
    """
    rows = connection.exec_driver_sql(
        """
        SELECT t.person, t.kind, t.cents, rules.year_cents
        FROM ledger.allowance_total t
        CROSS JOIN LATERAL (
            SELECT year_cents FROM ledger.allowance_limit l WHERE l.kind = t.kind AND l.valid_from <= %(day)s
            ORDER BY l.valid_from DESC LIMIT 1
        ) rules
        WHERE t.span = 'year' AND t.starts_on = date_trunc('year', %(day)s::date::timestamp)::date
            AND 100 * t.cents >= %(warn)s * rules.year_cents
            AND EXISTS (SELECT FROM ledger.allowance a WHERE a.person = t.person AND a.kind = t.kind
                        AND a.day >= t.starts_on AND a.municipality_id = ANY (%(reach)s))
        ORDER BY t.cents::numeric / greatest(rules.year_cents, 1) DESC, t.person LIMIT 200
        """,
        {
            "day": _day(day),
            "warn": WARN_PERCENT,
            "reach": [strict.municipality(one) for one in municipalities],
        },
    ).all()
    return [Near(row[0], AllowanceKind(row[1]), row[2], row[3]) for row in rows]


def note(  # noqa: PLR0913  # all by keyword
    connection: Connection,
    *,
    key: str,
    actor: UUID,
    municipality_id: int,
    person: UUID,
    kind: AllowanceKind,
    day: date,
    cents: int,
    subject: UUID | None = None,
) -> Noted:
    """Count what somebody got on a day that has come. Raises AllowanceExceeded, OwnInterest."""
    values = (
        *by(key, actor),
        strict.municipality(municipality_id),
        strict.pseudonym(person, "person"),
        strict.member(kind, AllowanceKind),
        _day(day),
        strict.amount(cents),
        maybe_pseudonym(subject, "subject"),
    )
    return _noted(
        connection, "ledger.note_allowance(%s, %s, %s, %s, %s::ledger.allowance_kind, %s, %s, %s)", values
    )


def withdraw(connection: Connection, *, key: str, actor: UUID, allowance: AllowanceId) -> Noted:
    """Take one back that was written down wrongly, once and whole, whatever the limits are now.

    Raises UnknownAllowance, AllowanceWithdrawn, OwnInterest.
    """
    values = (*by(key, actor), strict.identity(allowance, "allowance"))
    return _noted(connection, "ledger.withdraw_allowance(%s, %s, %s)", values)


def set_limit(
    connection: Connection, *, actor: UUID, kind: AllowanceKind, valid_from: date, month: int, year: int
) -> None:
    """Rules in cents from the first day of a coming month on; the same again changes nothing.

    Raises RulesReachBack, RulesSet.
    """
    values = (
        strict.pseudonym(actor, "actor"),
        strict.member(kind, AllowanceKind),
        _day(valid_from),
        strict.whole(month, "month", 0, strict.whole(year, "year", 0, strict.AMOUNT_MAX)),
        year,
    )
    with refusals():
        connection.exec_driver_sql(
            "SELECT ledger.set_allowance_limit(%s, %s::ledger.allowance_kind, %s, %s, %s)", values
        )


def standing(connection: Connection, *, person: UUID, kind: AllowanceKind, day: date) -> Standing:
    """Where somebody stands in the month and year of a day, as far as this transaction may see: zeroes when not."""
    values = {
        "person": strict.pseudonym(person, "person"),
        "kind": strict.member(kind, AllowanceKind),
        "day": _day(day),
    }
    row = connection.exec_driver_sql(
        """
        SELECT coalesce(sum(t.cents) FILTER (WHERE t.span = 'month'), 0)::bigint, rules.month_cents,
               coalesce(sum(t.cents) FILTER (WHERE t.span = 'year'), 0)::bigint, rules.year_cents
        FROM (
            SELECT month_cents, year_cents FROM ledger.allowance_limit
            WHERE kind = %(kind)s::ledger.allowance_kind AND valid_from <= %(day)s
            ORDER BY valid_from DESC LIMIT 1
        ) rules
        LEFT JOIN ledger.allowance_total t ON t.person = %(person)s AND t.kind = %(kind)s::ledger.allowance_kind
            AND t.starts_on = date_trunc(t.span, %(day)s::date::timestamp)::date
        GROUP BY rules.month_cents, rules.year_cents
        """,
        values,
    ).one_or_none()
    if row is None:
        raise InvalidInput("no rules on this day")
    return Standing(*row)


def _noted(connection: Connection, call: str, values: tuple[Any, ...]) -> Noted:
    columns = "allowance_id, hit, month_cents, month_most, year_cents, year_most"
    with refusals():
        row = connection.exec_driver_sql(f"SELECT {columns} FROM {call}", values).one()  # noqa: S608
    return Noted(AllowanceId(row[0]), Standing(*row[2:]), row[1])


def _day(value: object) -> date:
    if type(value) is not date or not 2000 <= value.year < 2200:
        raise InvalidInput("a day is a date from 2000 to 2199")
    return value
