"""Reads the files that describe a region: municipalities, postcodes and who borders on whom.

Pure: files in, rows out. Either every row is right, or nothing is returned and every wrong line is named.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from app.places.csv_files import BadRow, CsvFile, Line, Wrong

FACTS = Path(__file__).parent / "facts"
"""The demonstration region."""

MUNICIPALITIES, NEIGHBOURHOODS, NEIGHBOURS = "gemeenten.csv", "pc4.csv", "gemeente_buren.csv"

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class MunicipalityRow:
    """A municipality; ``id`` is its CBS code as a number, the point is in degrees."""

    id: int
    name: str
    province: str
    latitude: float
    longitude: float
    land_km2: float
    residents: int
    percentage_65_plus: float


@dataclass(frozen=True, slots=True)
class NeighbourhoodRow:
    """A postcode-4; figures are None where CBS gives none (nobody lives there, or too few to tell)."""

    pc4: int
    place: str
    municipality_id: int
    latitude: float
    longitude: float
    also_in: tuple[int, ...]
    residents: int | None
    percentage_65_plus: float | None
    percentage_75_plus: float | None


@dataclass(frozen=True, slots=True)
class NeighbourRow:
    """Two municipalities that touch; both directions have a row."""

    municipality_id: int
    neighbour_id: int
    border_m: int


@dataclass(frozen=True, slots=True)
class RegionRows:
    """What the three files say, in their order."""

    municipalities: tuple[MunicipalityRow, ...]
    neighbourhoods: tuple[NeighbourhoodRow, ...]
    neighbours: tuple[NeighbourRow, ...]


class BadFiles(Exception):
    """Nothing can be imported; ``rows`` names every wrong line."""

    def __init__(self, rows: Iterable[BadRow]) -> None:
        self.rows = tuple(rows)
        super().__init__("\n".join(map(str, self.rows)))


def read_region(directory: Path) -> RegionRows:
    """The rows of ``gemeenten.csv``, ``pc4.csv`` and ``gemeente_buren.csv``; raises BadFiles."""
    reading = _Reading(directory)
    municipalities = reading.rows(MUNICIPALITIES, _MUNICIPALITY_COLUMNS, reading.municipality)
    neighbourhoods = reading.rows(NEIGHBOURHOODS, _NEIGHBOURHOOD_COLUMNS, reading.neighbourhood)
    neighbours = reading.rows(NEIGHBOURS, _NEIGHBOUR_COLUMNS, reading.neighbour)
    reading.check_both_directions()
    if reading.bad:
        raise BadFiles(reading.bad)
    return RegionRows(municipalities, neighbourhoods, neighbours)


# A column with a year (inwoners_2022) is named by its stem; of several years the newest counts.
_MUNICIPALITY_COLUMNS = ("code", "naam", "provincie", "lat", "lon", "land_km2", "inwoners_*", "pct_65plus_*")
_NEIGHBOURHOOD_COLUMNS = (
    "pc4", "plaats", "gemeente_code", "lat", "lon", "ook_in", "inwoners_*", "pct_65plus_*", "pct_75plus_*",
)  # fmt: skip
_NEIGHBOUR_COLUMNS = ("code", "buur", "grens_m")


@dataclass(slots=True)
class _Reading:
    """One reading of a directory: what was seen so far, and what was wrong."""

    directory: Path
    bad: list[BadRow] = field(default_factory=list)
    municipality_ids: set[int] = field(default_factory=set)
    pc4s: set[int] = field(default_factory=set)
    pairs: dict[tuple[int, int], int] = field(default_factory=dict)

    def rows(self, name: str, columns: tuple[str, ...], build: Callable[[Line], Row]) -> tuple[Row, ...]:
        source = CsvFile(self.directory / name, columns)
        rows = []
        for line in source.lines():
            row = build(line)
            if line.wrong:
                self.bad += line.wrong
            else:
                rows.append(row)
        self.bad += source.bad
        return tuple(rows)

    def municipality(self, line: Line) -> MunicipalityRow:
        row = MunicipalityRow(
            id=line.code("code"),
            name=line.words("naam"),
            province=line.words("provincie"),
            latitude=line.latitude("lat"),
            longitude=line.longitude("lon"),
            land_km2=line.number("land_km2", 0, 10_000),
            residents=line.count("inwoners_*"),
            percentage_65_plus=line.number("pct_65plus_*", 0, 100),
        )
        if not line.wrong and row.id in self.municipality_ids:
            line.blame("code", Wrong.DUPLICATE)
        # Known even when the rest of its line is wrong: one mistake should not accuse all that refer to it.
        self.municipality_ids.add(row.id)
        return row

    def neighbourhood(self, line: Line) -> NeighbourhoodRow:
        row = NeighbourhoodRow(
            pc4=line.pc4("pc4"),
            place=line.words("plaats"),
            municipality_id=line.known_code("gemeente_code", self.municipality_ids),
            latitude=line.latitude("lat"),
            longitude=line.longitude("lon"),
            also_in=line.known_codes("ook_in", self.municipality_ids),
            residents=line.count_if_any("inwoners_*"),
            percentage_65_plus=line.number_if_any("pct_65plus_*", 0, 100),
            percentage_75_plus=line.number_if_any("pct_75plus_*", 0, 100),
        )
        if not line.wrong and row.pc4 in self.pc4s:
            line.blame("pc4", Wrong.DUPLICATE)
        if not line.wrong and len({row.municipality_id, *row.also_in}) <= len(row.also_in):
            line.blame("ook_in", Wrong.DUPLICATE)
        self.pc4s.add(row.pc4)
        return row

    def neighbour(self, line: Line) -> NeighbourRow:
        row = NeighbourRow(
            municipality_id=line.known_code("code", self.municipality_ids),
            neighbour_id=line.known_code("buur", self.municipality_ids),
            border_m=line.count("grens_m"),
        )
        pair = row.municipality_id, row.neighbour_id
        if not line.wrong and (pair[0] == pair[1] or pair in self.pairs):
            line.blame("buur", Wrong.DUPLICATE)
        if all(pair):  # a wrong length of border does not make the way back a way without return
            self.pairs.setdefault(pair, line.number_in_file)
        return row

    def check_both_directions(self) -> None:
        for (one, other), number in self.pairs.items():
            if (other, one) not in self.pairs:
                self.bad.append(BadRow(NEIGHBOURS, number, Wrong.ONE_WAY, "buur", f"GM{other:04}"))
