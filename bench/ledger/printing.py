"""The result as tables, for people."""

from typing import Any

from rich.console import Console
from rich.table import Table

from bench.matching.printing import bounds_table, missed_of

COLUMNS = {
    "per_second": "transfers/s",
    "server_cpu_us": "server CPU, us each",
    "client_cpu_us": "client CPU, us each",
    "p50_ms": "p50, ms",
    "p99_ms": "p99, ms",
}


def printed(result: dict[str, Any], console: Console) -> None:
    """Ways, ratios, batches, the long chain, bounds."""
    for scenario, ways in result["ways"].items():
        console.print(_ways(f"{scenario}, {result['clients']}, medians of {result['rounds']} rounds", ways))
    for title, told in (
        ("ratios of transfers/s, and of percentiles", result["ratios"]),
        (f"many payments in one transaction, {result['batches']['clients']} client", result["batches"]),
        ("a long chain", result["chain"]),
    ):
        console.print(_figures(title, told))
    console.print(bounds_table(result["bounds"]))
    missed = missed_of(result)
    load = f"load {result['machine']['load_before']} before, {result['machine']['load_after']} after"
    console.print(f"{len(result['violations'])} rows of ledger.violation; {load}")
    console.print(f"{len(result['bounds'])} bounds, {missed} missed; commit {result['commit']}")


def _ways(title: str, ways: dict[str, dict[str, float]]) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column("way")
    for heading in COLUMNS.values():
        table.add_column(heading, justify="right")
    for name, figures in ways.items():
        table.add_row(name, *(f"{figures[column]:,.4g}" if figures[column] < 100 else f"{figures[column]:,.0f}"
                              for column in COLUMNS))  # fmt: skip
    return table


def _figures(title: str, told: dict[str, Any]) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column("what")
    table.add_column("figure", justify="right")
    for name, figure in told.items():
        table.add_row(name, figure if isinstance(figure, str) else f"{figure:,}")
    return table
