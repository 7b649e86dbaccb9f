"""A simulation on the command line: one table, and in words what this engine loses and wins."""

from typing import Final

from rich.console import Console
from rich.table import Table

from app.simulation.report import LOADS, Difference, Report, Spread

TITLES: Final = {
    "list": "List, first come",
    "nearest": "Nearest first",
    "engine": "Engine online",
    "nightly": "Engine + nightly",
    "rings": "Engine + rings",
}
NAMES: Final = {
    "list": "first come first served",
    "nearest": "nearest first",
    "engine": "the engine online",
    "nightly": "the engine with the nightly run",
    "rings": "the engine with the nightly run and rings",
}
PERCENT, DAYS, HOURS, KM, TIMES, PLAIN = "%", " days", " h", " km", " times", ""
MEASURES: Final = {
    "coverage_3": ("Helper found within 3 days", PERCENT),
    "coverage_7": ("Helper found within 7 days", PERCENT),
    "matched": ("Helper found at all", PERCENT),
    "matched_vulnerable": ("Helper found, vulnerable askers", PERCENT),
    "matched_others": ("Helper found, other askers", PERCENT),
    "wait_vulnerable": ("Waited, vulnerable, median", DAYS),
    "wait_vulnerable_p90": ("Waited, vulnerable, 90 % within", DAYS),
    "wait_others": ("Waited, others, median", DAYS),
    "wait_others_p90": ("Waited, others, 90 % within", DAYS),
    "first_reaction_hours": ("First yes, median", HOURS),
    "reactions": ("Reactions per request", PLAIN),
    "distance_km": ("Distance, mean", KM),
    "distance_km_p90": ("Distance, 90 % within", KM),
    "gini": ("Gini of help given per helper", PLAIN),
    "busiest_tenth": ("Given by the busiest tenth", PERCENT),
    "no_task": ("No task in the first month", PERCENT),
    "asked": ("Asked, per helper per year", TIMES),
    "in_vain": ("For nothing, per helper per year", TIMES),
    "over_asked": ("Asked over 3 times in some week", PERCENT),
    "both": ("Both gave and got", PERCENT),
    "rings_proposed": ("Rings proposed", PLAIN),
    "rings": ("Rings that went ahead", PLAIN),
    "ring_people": ("People helped in a ring", PLAIN),
}
"""In the order of the table."""


def show(report: Report, console: Console) -> None:
    """The whole report in words and one table."""
    console.print(table(report))
    console.print(
        f"{len(report.seeds)} seeds from {report.seeds[0]}, {report.people} people, {report.days} days,"
        f" {report.requests:.0f} requests a seed, commit {report.commit or 'unknown'};"
        f" {report.seconds:.0f} s on {report.cores} cores. Behind ±: the 95 % interval of the mean.",
        highlight=False,
    )
    for fact in report.calibration:
        title = MEASURES[fact.measure][0].lower()
        console.print(f"Set against: {title}: {fact.target:g} ({fact.source}); here {fact.found or 0:.2f}.")
    for title, found in stories(report):
        console.print(f"\n{title}", style="bold", markup=False)
        for line in map(sentence, found):
            console.print(f"  {line}", markup=False, highlight=False)
        if not found:
            console.print("  Nothing that stands out from chance.")


def stories(report: Report) -> list[tuple[str, list[Difference]]]:
    """What this engine loses, what it wins, and what its later parts add: only what stands out from chance."""
    clear = [one for one in report.differences if one.verdict != "unclear"]
    against = [one for one in clear if one.policy == FULLEST and one.other in PEERS]
    return [
        ("What this engine loses:", [one for one in against if one.verdict == "worse"]),
        ("What it wins:", [one for one in against if one.verdict == "better"]),
        ("What the nightly run and the rings add:", [one for one in clear if one.other not in PEERS]),
    ]


FULLEST: Final = "rings"
PEERS: Final = ("list", "nearest")


def table(report: Report) -> Table:
    """A column for each policy, a row for each measure."""
    drawn = Table(title="A year of the region, the same requests and answers for every policy")
    drawn.add_column("")
    for policy in report.policies:
        drawn.add_column(TITLES[policy.name], justify="right")
    for name, (title, unit) in MEASURES.items():
        drawn.add_row(title, *(figure(policy.measures[name], unit) for policy in report.policies))
    for place, (low, high) in enumerate(LOADS):
        title = f"Helped {low}" + ("" if high == low else f"-{high}" if high else "+") + " times"
        drawn.add_row(title, *(f"{100 * policy.load[place]:.0f}%" for policy in report.policies))
    return drawn


def figure(spread: Spread, unit: str) -> str:
    """``44.0% ±1.2``; a dash where nothing is known."""
    if spread.mean is None:
        return "-"
    scale = 100 if unit == PERCENT else 1
    digits = 2 if unit == PLAIN and abs(spread.mean) < 10 else 1
    half = "" if spread.high is None else f" ±{scale * (spread.high - spread.mean):.{digits}f}"
    return f"{scale * spread.mean:.{digits}f}{'%' if unit == PERCENT else ''}{half}"


def sentence(difference: Difference) -> str:
    """``Against nearest first, the engine online: distance, mean +0.30 km (0.21 to 0.38).``"""
    title, unit = MEASURES[difference.measure]
    scale, unit = (100, " points") if unit == PERCENT else (1, unit)
    spread = difference.spread
    low, mean, high = (scale * (value or 0.0) for value in (spread.low, spread.mean, spread.high))
    return (
        f"Against {NAMES[difference.other]}, {NAMES[difference.policy]}:"
        f" {title.lower()} {mean:+.2f}{unit} ({low:.2f} to {high:.2f})."
    )
