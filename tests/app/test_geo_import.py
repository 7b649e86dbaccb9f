"""The whole country through the command: one wrong line leaves the tables as empty as they were, and is named."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.conftest import rows_of
from tests.app.test_cli import command
from tests.databases import Database, Server, migrate

MUNICIPALITIES, POSTCODES_EACH = 342, 12
HEADERS = {
    "gemeenten": "code,naam,provincie,lat,lon,land_km2,inwoners_2024,pct_65plus_2024",
    "pc4": "pc4,plaats,gemeente_code,lat,lon,ook_in,inwoners_2024,pct_65plus_2024,pct_75plus_2024",
    "gemeente_buren": "code,buur,grens_m",
}
COUNTS = (
    "SELECT (SELECT count(*) FROM municipality), (SELECT count(*) FROM neighbourhood),"
    " (SELECT count(*) FROM neighbourhood_span), (SELECT count(*) FROM border)"
)


def code(number: int) -> str:
    """Of the municipality of this number, from 0 on; after the last comes the first."""
    return f"GM{number % MUNICIPALITIES + 1:04}"


def a_country(folder: Path) -> Path:
    """As large as the Netherlands: each municipality borders on the next, and its last postcode lies in both."""
    lines = {name: [header] for name, header in HEADERS.items()}
    for number in range(MUNICIPALITIES):
        lat, lon = 51 + number // 19 / 10, 4 + number % 19 / 10
        lines["gemeenten"].append(f"{code(number)},Dorp {number},Brabant,{lat},{lon},40,{1000 + number},20.5")
        for place in range(POSTCODES_EACH):
            pc4 = 1000 + POSTCODES_EACH * number + place
            also = code(number + 1) if place == POSTCODES_EACH - 1 else ""
            near = lat + place / 200
            lines["pc4"].append(f"{pc4},Dorp {number},{code(number)},{near:.3f},{lon},{also},500,20.1,9.9")
        lines["gemeente_buren"] += [
            f"{code(number)},{code(number + 1)},1200", f"{code(number + 1)},{code(number)},1200"
        ]  # fmt: skip
    folder.mkdir()
    for name, told in lines.items():
        (folder / f"{name}.csv").write_text("\n".join(told) + "\n")
    return folder


@pytest.fixture
def bare(database_server: Server, worker: str) -> Iterator[Database]:
    """Migrated, and without a single municipality."""
    with database_server.empty(f"{worker}_country") as database:
        migrate(database)
        yield database


def test_a_country_loads_whole_and_with_one_wrong_line_not_at_all(bare: Database, tmp_path: Path) -> None:
    where = {
        "DATABASE_URL": bare.app_url, "DATABASE_OWNER_URL": bare.owner_url, "ZVE_DATA_DIR": str(tmp_path)
    }  # fmt: skip
    country = a_country(tmp_path / "country")
    borders = country / "gemeente_buren.csv"
    right = borders.read_text()
    borders.write_text(right.removesuffix("1200\n") + "far\n")  # the last line of the last file

    refused = command(where, "geo", "import", str(country))

    assert refused.returncode == 1
    assert refused.stderr.splitlines()[0].startswith(
        f"gemeente_buren.csv:{2 * MUNICIPALITIES + 1}: grens_m='far'"
    )
    assert refused.stderr.splitlines()[-1].startswith("Nothing was loaded: ")
    assert "Traceback" not in refused.stderr
    assert rows_of(bare, COUNTS) == [(0, 0, 0, 0)]

    borders.write_text(right)
    for _ in range(2):  # a second time changes nothing
        loaded = command(where, "geo", "import", str(country))
        assert (loaded.returncode, loaded.stderr.strip()) == (
            0, "Loaded 342 municipalities, 4104 postcodes and 684 borders."
        )  # fmt: skip
        assert rows_of(bare, COUNTS) == [(342, 4104, 342, 684)]
    assert rows_of(bare, "SELECT place, municipality_id, cell > 0 FROM neighbourhood WHERE pc4 = 5103") == [
        ("Dorp 341", 342, True)
    ]
    assert rows_of(bare, "SELECT municipality_id FROM neighbourhood_span WHERE pc4 = 5103") == [(1,)]
