"""A month's end as tables for a terminal."""

from rich.console import Console
from rich.table import Table

from app.clock import AMSTERDAM
from app.treasury.months import Books
from rewards.months import MonthEnd


def show(books: Books, console: Console) -> None:
    """Print what each kind of account began and ended with, what moved, and what is not right."""
    for end in books.ends:
        _show(books, end, console)
    for unit, fault in books.faults:
        row = f"account {fault.account}, entry {fault.seq}" if fault.seq else "transfer"
        console.print(f"{unit}: {row} ({fault.transfer}): {fault.what}", markup=False, highlight=False)


def _show(books: Books, end: MonthEnd, console: Console) -> None:
    closed = end.closed
    state = "open" if closed is None else f"closed on {closed.at.astimezone(AMSTERDAM):%Y-%m-%d}"
    table = Table(title=f"{books.municipality.name}, {end.unit}, {end.month:%Y-%m} ({state})")
    for number, column in enumerate(
        ("", "operation", "transfers", "opening", "credits", "debits", "closing")
    ):
        table.add_column(column, justify="left" if number < 2 else "right")
    for line in end.balances:
        figures = (line.opening, line.credits, line.debits, line.closing)
        if any(figures):
            table.add_row(line.kind.value, "", "", *(f"{figure:,}" for figure in figures))
    table.add_section()
    for moved in end.movements:
        table.add_row(moved.kind.value, moved.operation, f"{moved.transfers:,}", "",
                      f"{moved.credits:,}", f"{moved.debits:,}", "")  # fmt: skip
    table.add_section()
    for pair in end.clearing:
        if pair.balance:
            name = books.names.get(pair.counter_municipality_id, str(pair.counter_municipality_id))
            table.add_row(f"open with {name}", "", "", "", "", "", f"{pair.balance:,}")
    held = end.holds
    for name, whole in (("30 days", held.to_30_days), ("90 days", held.to_90_days), ("longer", held.longer)):
        table.add_row(f"held, {name}", "", "", "", "", "", f"{whole:,}")
    console.print(table)
    wrong = [check for check in end.checks if not check.right]
    for check in wrong:
        console.print(f"{check.what}: {check.found}, where {check.expected} was expected.", markup=False)
    if not wrong:
        console.print(f"All {len(end.checks)} checks are right.", markup=False, highlight=False)
