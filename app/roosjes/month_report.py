"""A month's end of the ledger as rows of one table, as JSON, and as tables for a terminal."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from app.clock import AMSTERDAM
from rewards.months import MonthEnd

COLUMNS = (
    "municipality", "unit", "month", "section", "name", "operation", "transfers",
    "opening", "credits", "debits", "closing", "expected",
)  # fmt: skip


def rows(month: MonthEnd) -> Iterator[dict[str, Any]]:
    """One row for each figure that belongs together; what does not apply to a section is left out.

    Sections: balance, movement, clearing (balances with another municipality at the end), holds (open at the end,
    by age; the number under transfers), check (found under closing). Amounts in the unit.
    """
    for balance in month.balances:
        if any((balance.opening, balance.credits, balance.debits, balance.closing)):
            yield _row(
                month, "balance", balance.kind.value, opening=balance.opening, credits=balance.credits,
                debits=balance.debits, closing=balance.closing,
            )  # fmt: skip
    for moved in month.movements:
        yield _row(
            month, "movement", moved.kind.value, operation=moved.operation, transfers=moved.transfers,
            credits=moved.credits, debits=moved.debits,
        )  # fmt: skip
    for pair in month.clearing:
        yield _row(month, "clearing", str(pair.counter_municipality_id), closing=pair.balance)
    held = month.holds
    yield _row(
        month, "holds", "all", transfers=held.number, closing=held.to_30_days + held.to_90_days + held.longer
    )
    for name, minutes in (
        ("to 30 days", held.to_30_days),
        ("to 90 days", held.to_90_days),
        ("longer", held.longer),
    ):
        yield _row(month, "holds", name, closing=minutes)
    for check in month.checks:
        yield _row(month, "check", check.what, closing=check.found, expected=check.expected)


def _row(month: MonthEnd, section: str, name: str, **figures: Any) -> dict[str, Any]:
    of = {"municipality": month.municipality_id, "unit": month.unit.value, "month": f"{month.month:%Y-%m}"}
    return of | {"section": section, "name": name} | figures


def as_csv(months: Sequence[MonthEnd]) -> str:
    """All months as one table with a header."""
    text = io.StringIO()
    table = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    table.writeheader()
    for month in months:
        table.writerows(rows(month))
    return text.getvalue()


def as_json(months: Sequence[MonthEnd]) -> str:
    """A list with an object for each month."""
    return json.dumps([_object(month) for month in months], indent=2)


def _object(month: MonthEnd) -> dict[str, Any]:
    return {
        "municipality": month.municipality_id,
        "unit": month.unit.value,
        "month": f"{month.month:%Y-%m}",
        "closedAt": None if month.closed is None else month.closed.at.isoformat(),
        "reconciles": month.reconciles,
        "rows": [
            {name: value for name, value in row.items() if name not in COLUMNS[:3]} for row in rows(month)
        ],
    }


def show(month: MonthEnd, name: str, console: Console) -> None:
    """Print a month: what each kind of account began and ended with, what moved, and what is not right."""
    state = "open" if month.closed is None else f"closed on {month.closed.at.astimezone(AMSTERDAM):%Y-%m-%d}"
    table = Table(title=f"{name}, {month.unit}, {month.month:%Y-%m} ({state})")
    for column in COLUMNS[3:-1]:
        table.add_column(column, justify="left" if column in COLUMNS[3:6] else "right")
    for row in rows(month):
        if row["section"] != "check":
            table.add_row(*[_cell(row.get(column, "")) for column in COLUMNS[3:-1]])
    console.print(table)
    wrong = [check for check in month.checks if not check.right]
    for check in wrong:
        console.print(f"{check.what}: {check.found}, where {check.expected} was expected.", markup=False)
    if not wrong:
        console.print(f"All {len(month.checks)} checks are right.", markup=False, highlight=False)


def _cell(value: int | str) -> str:
    return f"{value:,}" if isinstance(value, int) else value
