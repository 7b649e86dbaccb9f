"""The result as tables, for people."""

from typing import Any

from rich.console import Console
from rich.table import Table

from bench.matching.printing import bounds_table, missed_of

COLUMNS = {
    "per_second": "requests/s",
    "per_core": "per core of the web process",
    "per_core_with_database": "with the database's",
    "web_cpu_ms": "its CPU, ms each",
    "database_cpu_ms": "database, ms each",
    "p50_ms": "p50, ms",
    "p99_ms": "p99, ms",
}


def printed(result: dict[str, Any], console: Console) -> None:
    """Ways, kinds of request, ratios, memory, bounds."""
    if "flat out" in result:
        _print_ways(result, console)
    for title in ("ratios", "same answers", "start_s", "memory", "large"):
        if title in result:
            console.print(_figures(title, result[title]))
    if "large" in result:
        console.print(_kinds("p50 and p99 of each kind, ms", result["large"]["by kind"]))
    console.print(bounds_table(result["bounds"]))
    for sentence in (*result["not_measured"], *result["failed"][:10]):
        console.print(sentence, markup=False)
    load = f"load {result['machine']['load_before']} before, {result['machine']['load_after']} after"
    console.print(f"{len(result['violations'])} rows of ledger.violation; {load}")
    console.print(f"{len(result['bounds'])} bounds, {missed_of(result)} missed; commit {result['commit']}")


def _print_ways(result: dict[str, Any], console: Console) -> None:
    console.print(
        _table(
            f"flat out, {result['connections']} connections, medians of {result['rounds']} rounds",
            result["flat out"],
        )
    )
    console.print(_table(f"at {result['pace']:g} requests a second", result["paced"]))
    console.print(_kinds("p50 and p99 of each kind at that pace, ms", result["by kind"]))


def _table(title: str, ways: dict[str, dict[str, float]]) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column("who")
    told = [name for name in COLUMNS if any(name in figures for figures in ways.values())]
    for name in told:
        table.add_column(COLUMNS[name], justify="right")
    for who, figures in ways.items():
        table.add_row(who, *(_figure(figures.get(name)) for name in told))
    return table


def _kinds(title: str, kinds: dict[str, dict[str, list[float]]]) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column("kind")
    for who in kinds:
        table.add_column(who, justify="right")
    for kind in next(iter(kinds.values())):
        table.add_row(kind, *(" / ".join(_figure(ms) for ms in each[kind]) for each in kinds.values()))
    return table


def _figures(title: str, told: dict[str, Any]) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column("what")
    table.add_column("figure", justify="right")
    for name, figure in told.items():
        if name == "by kind":
            continue
        said = (
            f"{figure['same']} of {figure['of']}" if isinstance(figure, dict) and "same" in figure else figure
        )
        table.add_row(name, _figure(said) if isinstance(said, int | float) else str(said))
    return table


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:,.4g}" if value < 100 else f"{value:,.0f}"
