"""The region of the measurements is one that the program could have made, and the measurement of the desk measures."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from app.cluster import SUPERUSER
from bench import bench_desk
from bench.region import QUICK, Place, Region, grow
from rewards import check
from tests.databases import Database, Server


@pytest.fixture(scope="module")
def region(
    database_server: Server, worker: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Region, Database]]:
    """A small one, grown from a copy of the demonstration that all tests of it share, with another copy beside it."""
    folder = tmp_path_factory.mktemp("desk")
    with (
        database_server.demonstration(f"{worker}_small") as small,
        database_server.demonstration(f"{worker}_large") as large,
    ):
        counts = grow(_place(large.database), QUICK)
        yield Region(_place(large.database), _place(small.database), folder, 0.0, counts), large.database


def _place(database: Database) -> Place:
    superuser = make_url(database.owner_url).set(username=SUPERUSER)
    return Place(database.app_url, database.owner_url, superuser.render_as_string(hide_password=False))


def test_a_region_has_as_many_of_everything_as_was_asked_and_its_books_are_right(
    region: tuple[Region, Database],
) -> None:
    places, large = region

    assert places.counts["person"] == QUICK.people
    assert abs(places.counts["help_request"] - QUICK.requests) < QUICK.requests / 10
    assert places.counts["ledger.entry"] == QUICK.entries
    with large.owner.begin() as owner:
        assert check.run(owner) == []
    with places.large.connect() as connection:
        dangling = connection.execute(
            "SELECT count(*) FROM occurrence o LEFT JOIN agreement a ON a.id = o.agreement_id"
            " LEFT JOIN help_request r ON r.id = a.help_request_id LEFT JOIN person p ON p.id = o.helper_id"
            " WHERE r.id IS NULL OR p.id IS NULL OR r.municipality_id <> o.municipality_id"
        ).fetchone()
    assert dangling == (0,)


@pytest.mark.skipif(not os.environ.get("ZVE_TEST_LONG"), reason="measures for minutes: in `make test-long`")
def test_every_queue_and_case_is_measured_on_both_sides(
    region: tuple[Region, Database], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    into = tmp_path / "desk.json"

    ended = bench_desk.tell(region[0], into, quick=True)

    result = json.loads(into.read_text())
    assert ended == bool(result["missed"])
    pages = [one["page"] for one in result["pages"]["Geldrop-Mierlo"]]
    assert sum(page.startswith("/bureau?bak=") for page in pages) == 13
    assert sum(page.startswith("/bureau/zaken/") for page in pages) == 3
    assert all(
        min(one["small_ms"], one["large_ms"], one["ratio"]) > 0 for one in result["pages"]["the largest"]
    )
    assert "missed" in capsys.readouterr().out
