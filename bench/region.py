"""A region of a million people, for whoever measures at that size: `with a_region(folder, FULL) as region`.

It is the demonstration, and beside it hundreds of copies of its life, made by the database itself in minutes. Each copy
of the people settles in a municipality, as many copies as it has its share of the region's residents; a few of them
across its border, so that help crosses it. What is finished is copied over the years behind, what is live a hundred
times; and every time of help that was given in Roosjes is booked, with all hashes, as are gifts for the rest.
"""

import json
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from math import ceil
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import make_url

import app.models  # noqa: F401 - every table, before the first query
from app import postgres, upkeep
from app.cluster import SUPERUSER
from app.db import Database
from app.demo.filling import fill
from bench.region_books import STEP, book

KEPT = "region.json"
"""Says of a folder that a region was made there before; it is measured in again."""
SMALL = "small"
"""The demonstration alone, on the same server."""
BROKER_PER_RESIDENTS = 10_000
LIVE = 0.085
"""Of all requests: those that are not over."""
MONTHS_BACK = 24
"""The demonstration itself is a year."""
ASIDE = (1724, 762, 770)
"""Municipalities of the demonstration whose people a copy moves across the border of the municipality it moves to."""

Columns = dict[str, tuple[str, str]]
"""Name, type, and the table it refers to."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is of it."""

    people: int
    requests: int
    entries: int


FULL = Size(people=1_000_000, requests=200_000, entries=2_000_000)
QUICK = Size(people=6_000, requests=1_200, entries=10_000)


@dataclass(frozen=True, slots=True)
class Place:
    """A database: as the program serves it, as its owner, and as its superuser, who is above all policies."""

    application_url: str
    owner_url: str
    superuser_url: str

    def connect(self) -> psycopg.Connection:
        """As the superuser, each statement by itself."""
        url = make_url(self.superuser_url).set(drivername="postgresql")
        return psycopg.connect(url.render_as_string(hide_password=False), autocommit=True)


@dataclass(frozen=True, slots=True)
class Region:
    """A large region, and the demonstration as it was beside it, on one server."""

    large: Place
    small: Place
    folder: Path
    """Of the program's own files."""
    made_s: float
    counts: dict[str, int]


@contextmanager
def a_region(folder: Path, size: Size = FULL, *, seed: int = 1) -> Iterator[Region]:
    """Both on an embedded server in this folder, or one of ZVE_POSTGRES_BIN; stopped at the end.

    Where the folder has a region, that is taken, with the migrations that came since.
    """
    folder.chmod(0o755)
    kept = folder / KEPT
    given = os.environ.get("ZVE_POSTGRES_BIN")
    with postgres.start(folder / "data", bin_dir=Path(given) if given else None, durable=False) as server:
        large, small = (
            Place(*(server.url(role, name) for role in (postgres.APPLICATION, postgres.OWNER, SUPERUSER)))
            for name in (postgres.DATABASE, SMALL)
        )
        upkeep.migrate(server.owner_url, postgres.APPLICATION)
        if kept.exists():
            upkeep.migrate(small.owner_url, postgres.APPLICATION)
            yield Region(large, small, folder, **json.loads(kept.read_text()))
            return
        database = Database(server.application_url)
        fill(database, server.owner_url)
        database.close()
        with replace(large, superuser_url=server.superuser_url).connect() as connection:
            connection.execute(
                f"CREATE DATABASE {SMALL} TEMPLATE {postgres.DATABASE} OWNER {postgres.OWNER}".encode()
            )
        begin = time.perf_counter()
        counts = grow(large, size, seed=seed)
        with small.connect() as connection:
            connection.execute("VACUUM ANALYZE")
        made: dict[str, Any] = {"made_s": round(time.perf_counter() - begin, 1), "counts": counts}
        kept.write_text(json.dumps(made))
        yield Region(large, small, folder, **made)


PEOPLE = (
    ("person", "id"), ("contact", "person_id"), ("membership", "person_id"), ("rules_acceptance", "person_id"),
    ("person_check", "person_id"), ("professional", "person_id"), ("help_offer", "person_id"),
)  # fmt: skip
CASES = (
    ("help_request", "id"), ("proposal", "help_request_id"), ("agreement", "help_request_id"),
    ("occurrence", "agreement_id"), ("state_event", "entity_id"), ("case_note", "help_request_id"),
    ("case_task", "help_request_id"), ("case_team", "help_request_id"), ("case_question", "help_request_id"),
    ("case_evaluation", "help_request_id"), ("message", "proposal_id"), ("talk_side", "proposal_id"),
    ("satisfaction", "occurrence_id"), ("coupling_talk", "agreement_id"), ("agreed_cost", "agreement_id"),
)  # fmt: skip
BESIDE = (
    ("referral", "id"), ("referral_need", "referral_id"), ("referral_step", "referral_id"), ("outreach", "id"),
    ("household_plan", "id"), ("plan_person", "plan_id"), ("plan_line", "plan_id"), ("plan_moment", "plan_id"),
    ("carer_load", "id"), ("safety_report", "id"), ("representation", "id"),
    ("activity", "id"), ("activity_date", "activity_id"), ("activity_signup", "activity_id"),
)  # fmt: skip
"""What stands on other pages of the desk."""
COPIED = (*PEOPLE, *CASES, *BESIDE)
"""Tables, and the column by which a row belongs to something that is copied."""
OVER = "('done', 'closed', 'withdrawn', 'expired')"
PLACED = ("municipality_id", "helper_municipality_id", "other_municipality_id")
STAFF = ("broker_id", "author_id", "by_id", "by_person_id", "owner_id", "seen_by_id", "seen_by", "made_by_id",
         "done_by_id", "for_id", "asked_by_id", "asked_of_id", "answered_by_id",
         "planned_by_id", "arranged_by_id", "assigned_to_id", "handled_by_id", "contact_id", "recorded_by_id",
         "withdrawn_by_id", "heard_by_id")  # fmt: skip
"""Where somebody of the desk stands, a makelaar of the municipality that it moved to comes instead."""
HELD = "t.kind = 'roosjes' AND t.status NOT IN ('planned', 'cancelled', 'no_show')"
ABROAD = "(t.municipality_id = ANY (copy.aside)) <> (t.helper_municipality_id = ANY (copy.aside))"
NEXT_KEY = "('00000000-0000-7000-8000-' || lpad(to_hex(nextval('written')), 12, '0'))::uuid"
SPECIAL: dict[tuple[str, str], str] = {
    # nothing refers to these: in the order in which they are written, as the program's own keys are
    **{(table, "id"): NEXT_KEY for table in ("state_event", "rules_acceptance", "person_check", "case_note")},
    ("contact", "last_name"): (
        "(SELECT last_name FROM surname WHERE n = (hashtext(t.person_id::text || copy.k) & 1073741823) % copy.names)"
    ),
    ("membership", "name"): (
        "plain((SELECT first_name FROM person WHERE id = t.person_id) || ' ' || (SELECT last_name FROM surname WHERE"
        " n = (hashtext(t.person_id::text || copy.k) & 1073741823) % copy.names))"
    ),
    ("contact", "email"): "'k' || copy.k || '.' || t.email::text",
    ("contact", "phone"): "'+316' || lpad((hashtext(t.phone || copy.k) & 67108863)::text, 8, '2')",
    ("help_request", "reference"): "nextval('help_request_reference')",
    ("referral", "reference"): "t.reference || copy.j",
    # what is over has nothing that still waits to be told
    ("occurrence", "status"): (
        "CASE WHEN copy.kind = 'over' AND t.status IN ('agreed', 'helped', 'received') THEN 'done' ELSE t.status END"
    ),
    ("occurrence", "kind"): f"CASE WHEN t.kind = 'roosjes' AND {ABROAD} THEN 'zonder' ELSE t.kind END",
    ("occurrence", "hold_id"): f"CASE WHEN {HELD} AND NOT {ABROAD} THEN nextval('booked') END",
}
SET_UP = """
SET session_replication_role = replica;
SET work_mem = '256MB';
SET maintenance_work_mem = '512MB';
SET synchronous_commit = off;
CREATE TEMP SEQUENCE written CACHE 1000;
CREATE TEMP SEQUENCE booked START {booked} INCREMENT {step};
CREATE TEMP TABLE surname AS SELECT row_number() OVER (ORDER BY person_id) - 1 AS n, last_name FROM contact;
CREATE INDEX ON surname (n);
CREATE TEMP TABLE part AS
    SELECT id, 'people' AS kind FROM person UNION ALL SELECT id, 'people' FROM help_offer
    UNION ALL (
        WITH asked AS (SELECT id, CASE WHEN status IN {over} THEN 'over' ELSE 'live' END AS kind FROM help_request
                       WHERE status <> 'draft'),
            agreed AS (SELECT a.id, asked.kind FROM agreement a JOIN asked ON asked.id = help_request_id)
        SELECT * FROM asked UNION ALL SELECT * FROM agreed
        UNION ALL SELECT p.id, asked.kind FROM proposal p JOIN asked ON asked.id = help_request_id
        UNION ALL SELECT o.id, agreed.kind FROM occurrence o JOIN agreed ON agreed.id = agreement_id
    )
    {beside};
CREATE UNIQUE INDEX ON part (id);
CREATE TEMP TABLE home AS
    SELECT m.id, m.residents, sum(m.residents) OVER (ORDER BY m.id)::float / sum(m.residents) OVER () AS upto,
        ARRAY(SELECT b.neighbour_id FROM border b JOIN municipality n ON n.id = b.neighbour_id AND n.joined
              WHERE b.municipality_id = m.id ORDER BY 1) AS near,
        ARRAY(SELECT pc4 FROM neighbourhood WHERE municipality_id = m.id ORDER BY pc4) AS pc4s,
        ARRAY(SELECT cell FROM neighbourhood WHERE municipality_id = m.id ORDER BY pc4) AS cells
    FROM municipality m WHERE m.joined;
CREATE TEMP TABLE settled AS
    SELECT k, at.id AS home, at.near[1 + k % cardinality(at.near)] AS near
    FROM generate_series(1, {copies}) k, LATERAL (SELECT * FROM home WHERE upto >= (k - 0.5) / {copies}
                                                  ORDER BY upto LIMIT 1) at;
CREATE TEMP TABLE desk AS
    SELECT municipality_id, person_id, row_number() OVER (PARTITION BY municipality_id ORDER BY person_id) - 1 AS n,
        count(*) OVER (PARTITION BY municipality_id) AS many
    FROM (
        SELECT municipality_id, person_id FROM role_grant WHERE role = 'broker'
        UNION ALL
        SELECT home.id, md5(p.id::text || s.k || {salt})::uuid
        FROM home JOIN LATERAL (SELECT k FROM settled WHERE settled.home = home.id ORDER BY k LIMIT 1) s ON true
        JOIN LATERAL (SELECT id FROM person ORDER BY id LIMIT home.residents / {per_broker}) p ON true
    ) everybody;
INSERT INTO role_grant (id, person_id, role, municipality_id, given_at)
    SELECT gen_random_uuid(), person_id, 'broker', municipality_id, now() FROM desk
    WHERE person_id NOT IN (SELECT person_id FROM role_grant);
CREATE TEMP TABLE copy AS
    SELECT w.kind, w.j, s.k, w.age, s.home, s.near, mine.person_id AS broker, theirs.person_id AS near_broker,
        h.pc4s, h.cells, n.pc4s AS near_pc4s, n.cells AS near_cells, CAST({aside} AS integer[]) AS aside,
        (SELECT count(*) FROM surname) AS names, ARRAY(SELECT DISTINCT person_id FROM role_grant) AS staff
    FROM (
        SELECT 'people' AS kind, k AS j, k, interval '0' AS age FROM generate_series(1, {copies}) k
        UNION ALL SELECT 'live', j, 1 + (j - 1) * {copies} / {live}, interval '0' FROM generate_series(1, {live}) j
        UNION ALL SELECT 'over', j, 1 + (j - 1) % {copies},
            interval '1 day' * floor(30.4 * {months} * ((hashtext(j || {salt}) & 1073741823) / 1073741824.0))
        FROM generate_series(1, {over_times}) j
    ) w JOIN settled s ON s.k = w.k JOIN home h ON h.id = s.home JOIN home n ON n.id = s.near
    JOIN desk mine ON mine.municipality_id = s.home AND mine.n = w.j % mine.many
    JOIN desk theirs ON theirs.municipality_id = s.near AND theirs.n = w.j % theirs.many;
ANALYZE
"""


@dataclass(slots=True)
class _Copying:
    """The same connection, and what was found out about its tables."""

    connection: psycopg.Connection
    salt: str
    people: frozenset[str] = frozenset({"person", "help_offer"})
    cases: frozenset[str] = field(default=frozenset(name for name, _ in (*CASES, *BESIDE)))

    def all(self) -> None:
        """Every table, its indexes made anew afterwards."""
        for table, key in COPIED:
            again = [row[0] for row in self.connection.execute(INDEXES, (table,))]
            for name, _ in again:
                self.connection.execute(f"DROP INDEX {name}".encode())
            self.connection.execute(self._insert(table, key).encode())
            for _, definition in again:
                self.connection.execute(definition.encode())

    def _insert(self, table: str, key: str) -> str:
        columns = self._columns(table)
        parties = [f"t.{name}" for name in ("person_id", "asker_id", "helper_id") if name in columns]
        values = [self._value(table, name, *about, parties) for name, about in columns.items()]
        return (
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {table} t"
            f" JOIN part ON part.id = t.{key} JOIN copy ON copy.kind = part.kind"
            # what is booked is numbered in the order of its time
            + (" ORDER BY t.starts_at - copy.age, t.id, copy.j" if table == "occurrence" else "")
        )

    def _columns(self, table: str) -> Columns:
        return {name: (kind, to) for name, kind, to in self.connection.execute(COLUMNS, (table,))}

    def _value(self, table: str, name: str, kind: str, to: str, parties: list[str]) -> str:
        here = f"t.{name}"
        near = "t.municipality_id = ANY (copy.aside)"
        if (table, name) in SPECIAL:
            return SPECIAL[table, name]
        if name in PLACED:
            return f"CASE WHEN {here} = ANY (copy.aside) THEN copy.near WHEN {here} IS NOT NULL THEN copy.home END"
        if name in ("pc4", "cell"):
            by = "abs(hashtext(coalesce(t.pc4, 0)::text)) % cardinality"
            return (
                f"CASE WHEN {here} IS NULL THEN NULL WHEN {near} THEN copy.near_{name}s[1 + {by}(copy.near_pc4s)]"
                f" ELSE copy.{name}s[1 + {by}(copy.pc4s)] END"
            )
        if kind == "uuid[]":
            return f"ARRAY(SELECT md5(one::text || copy.k || {self.salt})::uuid FROM unnest({here}) one)"
        if kind == "uuid":
            return self._key(table, name, to, parties)
        if kind.startswith("timestamp") or kind == "date":
            return f"CAST({here} - copy.age AS {kind})"
        return here

    def _key(self, table: str, name: str, to: str, parties: list[str]) -> str:
        here = f"t.{name}"
        of_people = to == "person" or table in ("person", "contact") or name == "by_person_id"
        copied = f"md5({here}::text || copy.k || {self.salt})::uuid"
        if of_people and name in STAFF:
            desk = "CASE WHEN t.municipality_id = ANY (copy.aside) THEN copy.near_broker ELSE copy.broker END"
            others = "".join(f" AND {here} IS DISTINCT FROM {one}" for one in parties)
            return f"CASE WHEN {here} = ANY (copy.staff){others} THEN {desk} ELSE {copied} END"
        if of_people or to in self.people or (name == "id" and table in dict(PEOPLE)):
            return copied
        if to in self.cases or name in ("id", "entity_id", "subject_id", "form_key"):
            # an offer's own events come with it, under the number that it has itself
            mark = f"CASE copy.kind WHEN 'people' THEN '' ELSE '.' END || {self.salt}"
            return f"md5({here}::text || copy.j || {mark})::uuid"
        return here


COLUMNS = """
SELECT a.attname, format_type(a.atttypid, NULL), coalesce((
    SELECT c.confrelid::regclass::text FROM pg_constraint c
    WHERE c.conrelid = a.attrelid AND c.contype = 'f' AND c.conkey = ARRAY[a.attnum] LIMIT 1), '')
FROM pg_attribute a
WHERE a.attrelid = CAST(%s AS regclass) AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
ORDER BY a.attnum
"""
INDEXES = """
SELECT ARRAY[x.indexrelid::regclass::text, pg_get_indexdef(x.indexrelid)] FROM pg_index x
WHERE x.indrelid = CAST(%s AS regclass) AND NOT x.indisunique AND NOT x.indisexclusion
"""
SHAPE = """
SELECT count(*), count(*) FILTER (WHERE status IN {over}),
    count(*) FILTER (WHERE status NOT IN {over} AND status <> 'draft')
FROM help_request
"""


def grow(place: Place, size: Size, *, seed: int = 1) -> dict[str, int]:
    """Make a filled demonstration as large as that; returns how much there is of what counts."""
    with place.connect() as connection:
        return _grow(connection, size, seed)


def _grow(connection: psycopg.Connection, size: Size, seed: int) -> dict[str, int]:
    (people,) = _one(connection, "SELECT count(*) FROM person")
    asked, over, live = _one(connection, SHAPE.format(over=OVER))
    copies = max(ceil(size.people / people) - 1, 1)
    live_times = max(min(copies, round((size.requests * LIVE) / live) - 1), 1)
    over_times = max(round((size.requests - asked - live * live_times) / over), 1)
    beside = " ".join(f"UNION ALL SELECT id, 'live' FROM {name}" for name, key in BESIDE if key == "id")
    salt = f"'|{seed}'"
    (before,) = _one(connection, "SELECT coalesce(max(id), 0) FROM ledger.transfer")
    connection.execute(
        SET_UP.format(
            over=OVER, beside=beside, copies=copies, live=live_times, over_times=over_times, salt=salt,
            per_broker=BROKER_PER_RESIDENTS, months=MONTHS_BACK, aside=f"ARRAY{list(ASIDE)}",
            booked=before + 1, step=STEP,
        ).encode()
    )  # fmt: skip
    _Copying(connection, salt).all()
    connection.execute("ANALYZE")
    book(connection, before, size.entries)
    connection.execute("VACUUM ANALYZE")
    connection.execute("RESET session_replication_role")
    names = ("person", "help_request", "help_offer", "proposal", "agreement", "occurrence", "state_event",
             "ledger.transfer", "ledger.entry")  # fmt: skip
    return {name: _one(connection, f"SELECT count(*) FROM {name}")[0] for name in names}


def _one(connection: psycopg.Connection, query: str) -> Sequence[Any]:
    row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row
