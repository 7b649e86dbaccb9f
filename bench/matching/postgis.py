"""PostGIS as an anchor: a cluster of its own in a throw-away folder, and the queries that one would write.

The best exact query reads one row per helper and category through a GiST index on (category, place), with all of a
helper's facts beside it, so that nothing is joined. It applies every hard rule and computes the whole score, from the
same whole metres as the engine: the two distances multiply the same numbers, so that lists can be compared.
"""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

import psycopg

from app import cluster, postgres
from bench.bench_matching import BORDERS, MUNICIPALITIES
from matching.cells import STRETCH, STRIDE, TABLES, centre
from matching.types import Offer, Request

K: Final = 20
REACH_ROWS: Final = 26
"""No request or offer reaches further than 25 km, and no row of cells is under a kilometre."""
DEBIAN: Final = Path("/usr/lib/postgresql")
MISSING: Final = (
    "PostGIS is not installed: apt-get install postgresql-15-postgis-3 (the engine is measured alone)."
)

MEMORY = {"shared_buffers": "1GB"}
"""Everything in memory: the program's own database makes do with less."""
SETTINGS = {"work_mem": "64MB", "maintenance_work_mem": "512MB", "effective_cache_size": "4GB",
            "random_page_cost": "1.1", "max_parallel_workers_per_gather": "0"}  # fmt: skip

TABLES_SQL = """
CREATE EXTENSION postgis;
CREATE EXTENSION btree_gist;
CREATE TABLE offer (
    id uuid, person uuid, municipality smallint, cell integer, categories smallint[], slots integer, kinds smallint,
    languages integer, skills integer, checks integer, minutes integer, load integer, load_limit integer,
    proposals smallint, proposal_cap smallint, last_proposed smallint, radius_m integer, gender smallint,
    organisation integer, crosses boolean, available boolean, excluded uuid[], x float8, y float8
);
"""
AFTER_LOADING = """
CREATE TABLE place AS
    SELECT id, ST_Transform(ST_SetSRID(ST_MakePoint(x, y), 4326), 28992) AS geom FROM offer ORDER BY cell;
CREATE INDEX ON place USING gist (geom);
CREATE TABLE helper AS
    SELECT c::smallint AS category, o.cell / 2048 AS row, o.cell % 2048 AS col, o.*,
           ST_Transform(ST_SetSRID(ST_MakePoint(o.x, o.y), 4326), 28992) AS geom
    FROM offer o, unnest(o.categories) c ORDER BY c, o.cell;
ALTER TABLE helper DROP COLUMN x, DROP COLUMN y, DROP COLUMN categories;
CREATE INDEX ON helper USING gist (category, geom);
VACUUM ANALYZE place;
VACUUM ANALYZE helper;
"""
COLUMNS = ("id, person, municipality, cell, categories, slots, kinds, languages, skills, checks, minutes, load,"
           " load_limit, proposals, proposal_cap, last_proposed, radius_m, gender, organisation, crosses, available,"
           " excluded, x, y")  # fmt: skip

POINT = "ST_Transform(ST_SetSRID(ST_MakePoint(%(x)s, %(y)s), 4326), 28992)"
RULES = """
    available AND proposals < proposal_cap
    AND skills & %(skills)s = %(skills)s AND checks & %(checks)s = %(checks)s
    AND slots & %(slots)s <> 0 AND languages & %(languages)s <> 0 AND kinds & %(kinds)s::smallint <> 0
    AND minutes >= %(minutes)s AND load + %(minutes)s <= load_limit
    AND person <> %(person)s AND NOT person = ANY (%(excluded)s::uuid[]) AND NOT %(person)s = ANY (excluded)
    AND (municipality = %(municipality)s
         OR (%(crosses)s AND crosses AND municipality = ANY (%(agreeing)s::smallint[])))
    AND (%(gender)s::smallint IS NULL OR gender = %(gender)s)
    AND (organisation IS NULL OR organisation = %(organisation)s)
"""
KNN = "SELECT id FROM place ORDER BY geom <-> %(point)s::geometry LIMIT 20"
KNN_FILTERED = f"""
    SELECT id FROM helper WHERE category = %(category)s::smallint AND {RULES}
      AND ST_Distance(geom, %(point)s::geometry) <= least(radius_m, %(max_m)s)
    ORDER BY geom <-> %(point)s::geometry LIMIT 20
"""
# From the middle of a cell, with the arrays of the request's row: see matching/cells.py. A box a little too large
# comes first, for the index; OFFSET 0 keeps what is computed once from being computed again.
EXACT = f"""
    SELECT id, score FROM (
        SELECT id,
               greatest(400 - metres / 50, 0)
               + CASE WHEN cell = %(cell)s THEN 40 ELSE 0 END
               + 20 * least(bit_count((slots & %(slots)s)::bit(32)), 6)
               + 30 * least(bit_count((skills & %(wished)s)::bit(32)), 4)
               + 20 * least(greatest(bit_count((languages & %(languages)s)::bit(32)) - 1, 0), 2)
               + 3 * least(coalesce(last_proposed, 30), 30)
               - least(100, 100 * load / greatest(load_limit, 1))
               - 30 * least(proposals, 5)
               + %(own_points)s AS score
        FROM (
            SELECT *, round(sqrt(chord_2) * (1 + chord_2 * {STRETCH!r}))::integer AS metres
            FROM (
                SELECT *, north * north + east * east AS chord_2
                FROM (
                    SELECT *,
                           (%(north)s::float8[])[row - %(first_row)s]
                           * (%(cos_columns)s::float8[])[abs(col - %(col)s) + 1] AS north,
                           (%(east)s::float8[])[row - %(first_row)s]
                           * (%(sin_columns)s::float8[])[abs(col - %(col)s) + 1] AS east
                    FROM helper
                    WHERE category = %(category)s::smallint
                      AND geom && ST_Expand(%(point)s::geometry, %(max_m)s * 1.003 + 10) AND {RULES}
                    OFFSET 0
                ) n OFFSET 0
            ) c OFFSET 0
        ) m WHERE metres <= least(radius_m, %(max_m)s)
    ) s ORDER BY score DESC LIMIT 20
"""


def bin_dir() -> Path | None:
    """Debian's PostgreSQL that has PostGIS, the newest; None where there is none."""
    versions = sorted(DEBIAN.glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]), reverse=True)
    for path in versions:
        if Path(f"/usr/share/postgresql/{path.parts[-3]}/extension/postgis.control").exists():
            return path.parent
    return None


@contextmanager
def connected(programs: Path) -> Iterator["PostGis"]:
    """A cluster without TCP, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="zve-bench-"))
    try:
        with (
            patch.dict(cluster.SETTINGS, MEMORY),
            postgres.start(folder / "data", bin_dir=programs, durable=False) as server,
        ):
            tuned = psycopg.connect(
                host=str(server.socket), user=cluster.SUPERUSER, dbname="postgres", autocommit=True
            )
            yield PostGis(tuned)
            tuned.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class PostGis:
    """The helpers of one size, and the ways to ask for them."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection = connection
        connection.prepare_threshold = None
        for name, value in SETTINGS.items():
            connection.execute(f"SET {name} = '{value}'".encode())
        connection.execute(TABLES_SQL)
        connection.prepare_threshold = 0  # each query is planned in advance, as the engine's is
        found = connection.execute("SELECT version(), postgis_lib_version()").fetchone()
        assert found is not None
        self.versions = {"postgresql": str(found[0]).split(" on ")[0], "postgis": str(found[1])}

    def load(self, offers: Sequence[Offer]) -> None:
        """Anew: one row per helper and category, in the order of the index."""
        self.connection.execute("DROP TABLE IF EXISTS place, helper")
        self.connection.execute("TRUNCATE offer")
        with self.connection.cursor().copy(f"COPY offer ({COLUMNS}) FROM STDIN".encode()) as copy:
            for offer in offers:
                copy.write_row(_row(offer))
        for statement in filter(str.strip, AFTER_LOADING.split(";")):
            self.connection.execute(statement.encode())

    def parameters(self, request: Request) -> dict[str, Any]:
        """What the queries need of a request; made beforehand, as a program would have it."""
        latitude, longitude = centre(request.cell)
        query = f"SELECT {POINT}::text"
        point = self.connection.execute(query.encode(), {"x": longitude, "y": latitude}).fetchone()
        assert point is not None
        return _facts(request) | distances(request.cell) | {"point": point[0]}

    def select_1(self, _parameters: dict[str, Any]) -> object:
        """What a question costs that asks nothing."""
        return self.connection.execute("SELECT 1").fetchall()

    def nearest(self, parameters: dict[str, Any]) -> list[Any]:
        """Unfiltered KNN."""
        return self.connection.execute(KNN, parameters).fetchall()

    def nearest_fitting(self, parameters: dict[str, Any]) -> list[Any]:
        """KNN with all rules: the usual form, which forgets the score."""
        return self.connection.execute(KNN_FILTERED.encode(), parameters).fetchall()

    def exact(self, parameters: dict[str, Any]) -> list[Any]:
        """All rules and the whole score."""
        return self.connection.execute(EXACT.encode(), parameters).fetchall()


def _row(offer: Offer) -> tuple[Any, ...]:
    latitude, longitude = centre(offer.cell)
    return (
        offer.id, offer.person_id, offer.municipality_id, offer.cell, list(offer.categories), offer.slots,
        int(offer.kinds), offer.languages, offer.skills, offer.checks, offer.minutes_per_week, offer.load_minutes,
        offer.load_limit_minutes, offer.proposals_this_week, offer.proposal_cap, offer.last_proposed_days,
        offer.radius_km * 1000, offer.gender, offer.organisation, offer.cross_border,
        not (offer.paused or offer.resting), list(offer.excluded), longitude, latitude,
    )  # fmt: skip


def _facts(request: Request) -> dict[str, Any]:
    own_points = 60 * request.urgency + 60 * request.vulnerable + 4 * min(request.days_waiting, 30)
    agreeing = [other for other in MUNICIPALITIES if BORDERS.agree(request.municipality_id, other)]
    return {
        "category": request.category, "skills": request.skills, "checks": request.checks, "slots": request.slots,
        "languages": request.languages, "kinds": int(request.kinds), "minutes": request.minutes,
        "person": request.person_id, "excluded": list(request.excluded), "municipality": request.municipality_id,
        "crosses": request.cross_border, "agreeing": agreeing, "organisation": request.organisation,
        "gender": None if request.gender is None else int(request.gender), "wished": request.skills_wished,
        "max_m": request.max_km * 1000, "cell": request.cell, "own_points": own_points,
    }  # fmt: skip


def distances(cell: int) -> dict[str, Any]:
    """The tables of the distance, as far as a request reaches; SQL counts from 1."""
    row, column = divmod(cell, STRIDE)
    north_m, east_m, sin_rows, sin_columns, cos_columns = TABLES
    rows = range(max(row - REACH_ROWS, 0), min(row + REACH_ROWS + 1, len(sin_rows)))
    return {
        "first_row": rows.start - 1, "col": column,
        "north": [float(north_m[row + other] * sin_rows[abs(row - other)]) for other in rows],
        "east": [float(east_m[row + other]) for other in rows],
        "sin_columns": [float(value) for value in sin_columns[: REACH_ROWS + 2]],
        "cos_columns": [float(value) for value in cos_columns[: REACH_ROWS + 2]],
    }  # fmt: skip
