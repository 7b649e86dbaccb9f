"""What the books say, for a terminal: the end of a month, and what a check of the whole found."""

from collections.abc import Iterable, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from app.clock import AMSTERDAM
from app.treasury.check import MEANS
from app.treasury.months import Books
from rewards.months import MonthEnd
from rewards.types import Unit

COUNTED = {
    Unit.ROOSJE_MIN: "minutes",
    Unit.VOUCHER: "cheques",
    Unit.EURCENT: "euro cents",
    Unit.WELFARE_CENT: "euro cents",
}
SHOWN = 20
"""So many rows of one invariant; the rest is a number."""


def show(books: Books, console: Console) -> None:
    """Print what each kind of account began and ended with, what moved, and what is not right."""
    for end in books.ends:
        _show(books, end, console)
    for unit, fault in books.faults:
        row = f"account {fault.account}, entry {fault.seq}" if fault.seq else "transfer"
        _say(console, f"{unit}: {row} ({fault.transfer}): {fault.what}")


def _show(books: Books, end: MonthEnd, console: Console) -> None:
    closed = end.closed
    state = "open" if closed is None else f"closed on {closed.at.astimezone(AMSTERDAM):%Y-%m-%d}"
    console.rule(f"{books.municipality.name}, {end.unit}, {end.month:%Y-%m} ({state})", align="left")
    _say(console, f"Amounts are in {COUNTED[end.unit]}.")
    _balances(end, console)
    _table(
        console,
        "What moved",
        ("accounts", "operation", "transfers", "in", "out"),
        ((one.kind.value, one.operation, one.transfers, one.credits, one.debits) for one in end.movements),
    )
    _table(
        console,
        "Open with neighbours",
        ("municipality", "minutes", "we"),
        (
            (
                books.names.get(one.counter_municipality_id, str(one.counter_municipality_id)),
                abs(one.balance),
                "got more help" if one.balance > 0 else "gave more help",
            )
            for one in end.clearing
            if one.balance
        ),
    )
    held = end.holds
    ages = (("up to 30 days", held.to_30_days), ("31 to 90 days", held.to_90_days), ("longer", held.longer))
    _table(console, "Held", ("since", COUNTED[end.unit]), (age for age in ages if age[1]))
    _checked(end, console)


def _balances(end: MonthEnd, console: Console) -> None:
    """What each kind of account began and ended with; the last row is all of them together."""
    lines = [
        (one.kind.value, one.opening, one.credits, one.debits, one.closing)
        for one in end.balances
        if any((one.opening, one.credits, one.debits, one.closing))
    ]
    together = [sum(column) for column in zip(*(line[1:] for line in lines), strict=True)]
    rows: list[Sequence[str | int]] = [*lines, ("together", *together)] if lines else []
    _table(console, "Balances", ("accounts", "opening", "in", "out", "closing"), rows, total=True)


def _checked(end: MonthEnd, console: Console) -> None:
    wrong = [check for check in end.checks if not check.right]
    for check in wrong:
        _say(console, f"WRONG  {check.what}: {check.found:,}, where {check.expected:,} was expected.")
    if wrong:
        _say(console, f"{len(wrong)} of {len(end.checks)} checks are wrong: these books do not reconcile.")
    else:
        _say(console, f"All {len(end.checks)} checks are right.")
    console.print()


def _table(
    console: Console,
    title: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[str | int]],
    *,
    total: bool = False,
) -> None:
    """Nothing where there are no rows; figures stand at the right."""
    rows = list(rows)
    if not rows:
        return
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if isinstance(rows[0][number], int) else "left")
    for number, row in enumerate(rows, start=1):
        table.add_row(
            *(f"{cell:,}" if isinstance(cell, int) else cell for cell in row),
            end_section=total and number == len(rows) - 1,
        )
    console.print(table)


def show_faults(faults: Sequence[str], console: Console) -> None:
    """What a check found: per invariant what should hold, and under it the rows that break it, the first first."""
    if not faults:
        _say(console, "The books are right.")
        return
    rows = "1 row breaks" if len(faults) == 1 else f"{len(faults):,} rows break"
    _say(console, f"The books are not right: {rows} what must hold.")
    broken: dict[str, list[str]] = {}
    for fault in faults:
        name, _, row = fault.partition(": ")
        broken.setdefault(name, []).append(row)
    for name, found in broken.items():
        _say(console, f"\n{name}  {MEANS.get(name, '')}".rstrip())
        for row in found[:SHOWN]:
            _say(console, f"  {row}")
        if len(found) > SHOWN:
            _say(console, f"  and {len(found) - SHOWN:,} more")


def _say(console: Console, text: str) -> None:
    console.print(text, markup=False, highlight=False, soft_wrap=True)
