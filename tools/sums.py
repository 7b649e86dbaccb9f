"""What a region, the country, and ten times the country come to: rows, bytes, index, writes; for docs/adr/0036.

    python -m tools.sums          prints the table

The sizes were measured on a demonstration of a year (3,000 people, 400 requests), with indexes; how much people do is
assumed, above what time banks and volunteer platforms tell of themselves. Change a figure and print the table again.
"""

from dataclasses import dataclass
from typing import Final

SECONDS_A_YEAR: Final = 365 * 24 * 3600
RESIDENTS: Final = 18_000_000
MUNICIPALITIES: Final = 342
REGIONS: Final = 16
"""With some 21 municipalities each, as Zuidoost-Brabant."""

MEMBER_BYTES: Final = 186 + 259 + round(1.2 * 192) + 198 + 955 + 1_000
"""Person, contact, memberships, rules, account; and a thousand for wishes, sign-ins and consents."""
OFFER_BYTES: Final = 3_263
INDEX_BYTES: Final = 100
"""For each open offer and request, in every process (ADR 0016)."""
OF_A_REQUEST: Final = {
    "the request": (1.0, 4_997),
    "steps in lives": (33.8, 316),
    "proposals": (3.5, 780),
    "agreements": (0.8, 1_357),
    "times of help": (4.7, 558),
    "entries of the ledger": (10.0, 374),
    "transfers and batches": (17.7, 340),
    "messages": (5.0, 700),
    "notices and mails": (14.0, 600),
    "audit and its links": (30.0, 500),
}
"""How many rows come with one request in its life, and the bytes of each with its indexes."""
FOR_GOOD: Final = ("entries of the ledger", "transfers and batches")
"""Kept for seven years; the rest for two."""
TRANSACTIONS: Final = 60
"""That write, for each request."""
LEDGER_PER_S: Final = 1_877
"""Transfers a second on two shared cores (bench/results/ledger.json)."""
PAGE_MS: Final = 6.0
"""Of a core, for a list (bench/results/pages.json); the database takes about as much again."""


@dataclass(frozen=True)
class Scale:
    """How many people, and how much they do."""

    name: str
    residents: int
    members: float
    """Share of the residents."""
    requests: float
    """Of a member in a year."""
    offers: float = 0.5
    """Open, of a member."""
    open_weeks: float = 6.0
    pages: int = 150
    """Of a member in a year, and visitors' with them."""
    peak: float = 12.0
    """The busiest minutes beside the mean of the year."""

    @property
    def people(self) -> float:
        """Who takes part."""
        return self.residents * self.members

    @property
    def asked(self) -> float:
        """Requests in a year."""
        return self.people * self.requests

    @property
    def rows(self) -> float:
        """Written in a year."""
        return self.asked * sum(count for count, _ in OF_A_REQUEST.values())

    @property
    def gigabytes(self) -> float:
        """What is kept, in a steady state."""
        kept = sum(
            count * size * (7 if name in FOR_GOOD else 2) for name, (count, size) in OF_A_REQUEST.items()
        )
        return (self.asked * kept + self.people * (MEMBER_BYTES + self.offers * OFFER_BYTES)) / 1e9

    @property
    def index_mb(self) -> float:
        """In each process."""
        rows = self.people * self.offers + self.asked * self.open_weeks / 52
        return rows * INDEX_BYTES / 1e6

    @property
    def writes_a_second(self) -> float:
        """Transactions that write, at the peak."""
        return self.asked * TRANSACTIONS / SECONDS_A_YEAR * self.peak

    @property
    def cores(self) -> float:
        """For pages, at the peak."""
        return self.people * self.pages / SECONDS_A_YEAR * self.peak * PAGE_MS / 1000


SCALES: Final = (
    Scale("a region, as now", RESIDENTS // REGIONS, 0.05, 1.0),
    Scale("the largest region", 2_500_000, 0.05, 1.0),
    Scale("the country in one database", RESIDENTS, 0.05, 1.0),
    Scale("the country, one in five takes part", RESIDENTS, 0.20, 3.0),
    Scale("the country, everybody, each month", RESIDENTS, 1.0, 12.0),
)


def two(value: float) -> str:
    """As many digits as mean anything."""
    if value >= 100:
        digits = len(str(int(value))) - 2
        return f"{round(value, -digits):,.0f}"
    return f"{value:.1f}" if value < 10 else f"{value:.0f}"


def table() -> list[str]:
    """The lines of the ADR."""
    lines = [
        "| | people | requests a year | rows a year | kept | index per process | writes/s, peak | cores for pages |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for one in SCALES:
        lines.append(
            f"| {one.name} | {two(one.people)} | {two(one.asked)} | {two(one.rows / 1e6)} million"
            f" | {two(one.gigabytes)} GB | {two(one.index_mb)} MB | {two(one.writes_a_second)} | {two(one.cores)} |"
        )
    return lines


if __name__ == "__main__":
    print("\n".join(table()))
