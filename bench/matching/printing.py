"""The result as tables, for people."""

from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bench.matching.bounds import growth


def printed(result: dict[str, Any], console: Console) -> None:
    """Growth, same lists, bounds."""
    console.print(_growth(result["regions"]))
    console.print(_same(result["regions"]))
    console.print(bounds_table(result["bounds"]))
    for sentence in result["not_measured"]:
        console.print(sentence)
    for sentence in result.get("failed", []):
        console.print(f"[bold red]{escape(sentence)}[/]")
    judged = [bound for bound in result["bounds"] if bound["judged"]]
    console.print(f"{len(judged)} bounds, {missed_of(result)} missed; commit {result['commit']}")


def missed_of(result: dict[str, Any]) -> int:
    """How many of the promises did not hold; what failed before it could be judged held nothing."""
    missed = [bound for bound in result["bounds"] if bound["judged"] and not bound["held"]]
    return len(missed) + len(result.get("failed", []))


def _growth(regions: list[dict[str, Any]]) -> Table:
    sizes = [f"{found['helpers']:,}" for found in regions]
    table = Table(
        title="best 20 for a request: median in ms, and how many times the engine's", title_justify="left"
    )
    table.add_column("way")
    for size in sizes:
        table.add_column(f"{size} helpers", justify="right")
        table.add_column("times", justify="right")
    for name, medians in growth(regions).items():
        cells = []
        for found, size in zip(regions, sizes, strict=True):
            cells += [
                f"{medians[size]:,.3f}" if size in medians else "",
                f"{found['ratios'].get(name, 0):,.1f}",
            ]
        table.add_row(name, *cells)
    for label, key in (
        ("built, s", "built_s"),
        ("rebuilt, ms", "rebuilt_ms"),
        ("bytes per helper", "bytes_per_helper"),
    ):
        table.add_row(label, *[cell for found in regions for cell in (f"{found[key]:,.2f}", "")])
    return table


def _same(regions: list[dict[str, Any]]) -> Table:
    table = Table(
        title="the engine's lists beside others' (same lists of all, or share of its list)",
        title_justify="left",
    )
    for heading in ("beside", *(f"{found['helpers']:,}" for found in regions)):
        table.add_column(heading)
    for name in {name: None for found in regions for name in found["same_as"]}:
        row = []
        for found in regions:
            how = found["same_as"].get(name, {})
            row.append(f"{how['same']} of {how['of']}" if "same" in how else f"{how.get('recall', 0):.1%}")
        table.add_row(name, *row)
    return table


def bounds_table(bounds: list[dict[str, Any]]) -> Table:
    """What was promised, what was measured, and whether it held."""
    table = Table(title="bounds", title_justify="left")
    for heading in ("bound", "promised", "measured", "verdict"):
        table.add_column(heading, justify="left" if heading == "bound" else "right")
    for bound in bounds:
        promised = f"<= {bound['at_most']:,.4g}" if "at_most" in bound else f">= {bound['at_least']:,.4g}"
        table.add_row(bound["name"], promised, f"{bound['measured']:,.4g}", _verdict(bound))
    return table


def _verdict(bound: dict[str, Any]) -> str:
    if not bound["judged"]:
        told = "would hold" if bound["held"] else f"would miss by {bound['missed_by']}"
        why = f" ({bound['why']})" if "why" in bound else ""
        return f"beside, not promised{why}: {told}"
    return "held" if bound["held"] else f"[bold red]missed by {bound['missed_by']}[/]"
