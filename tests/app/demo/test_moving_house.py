"""A municipality moves from the filled demonstration to an installation of its own: all that is its own, and the books
are right on both sides."""

import hashlib
import json
import os
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import text

from app.access.sign_in import act_as
from app.agreements import occur
from app.backups import making, streams, tools
from app.clock import AMSTERDAM
from app.config import Settings
from app.db import Database as Program
from app.jobs import timetable
from app.jobs.work import Work
from app.moving import manifest, plan, tables
from app.places.import_csv import FACTS
from rewards import invoices
from rewards.invoices import State
from tests.app.commands import Done, run
from tests.databases import Database, Server
from tests.sites import a_program, a_site
from tests.web.pages.helpers import Visit

HOME, NAME, ADDRESS = 1771, "Geldrop-Mierlo", "https://nieuw.voorbeeld.nl"
# unscoped: the owner's rows
UNDECIDED = """
SELECT o.id, o.status, o.minutes, o.asker_id, o.helper_id, (SELECT min(g.person_id::text)::uuid FROM role_grant g
    WHERE g.role = 'broker' AND g.municipality_id = o.municipality_id) AS broker_id
FROM occurrence o WHERE o.status IN ('agreed', 'helped', 'received', 'disputed') AND o.starts_at <= ledger.now()
    AND (o.municipality_id = 1771) <> (o.helper_municipality_id = 1771)
"""
UNPAID = """
SELECT id, payer_id FROM ledger.invoice_standing WHERE state NOT IN ('paid', 'withdrawn') AND payee_id IS NOT NULL
    AND 1771 IN (payer_id, payee_id)
"""
LEFT_BEHIND = """
SELECT joined, moved_to, (SELECT count(*) FROM notice WHERE kind = 'moved-house') FROM municipality WHERE id = 1771
"""
COME_IN = """
SELECT (SELECT joined FROM municipality WHERE id = 1771), (SELECT count(*) FROM person),
       (SELECT count(*) FROM ledger.account), (SELECT count(*) FROM audit_entry)
"""
WAITS = "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'ledger.elsewhere'::regclass"
ACROSS = """
SELECT a.id, CASE WHEN a.municipality_id = 1771 THEN a.helper_id ELSE a.asker_id END, a.help_request_id,
       a.proposal_id
FROM agreement a WHERE (a.municipality_id = 1771) <> (a.helper_municipality_id = 1771) ORDER BY a.id LIMIT 3
"""
BROKER = """
SELECT g.person_id, p.help_request_id FROM role_grant g JOIN proposal p ON p.municipality_id = g.municipality_id
WHERE g.role = 'broker' AND g.municipality_id <> 1771 AND p.helper_municipality_id = 1771 ORDER BY 1, 2 LIMIT 1
"""
RESIDENT = """
SELECT r.person_id, r.id, r.title, c.email FROM help_request r JOIN contact c ON c.person_id = r.person_id
WHERE r.municipality_id = 1771 AND r.status = 'open' AND c.email <> '' ORDER BY r.id LIMIT 1
"""


@dataclass(frozen=True)
class House:
    """An installation: its database, and the environment of its commands."""

    database: Database
    variables: dict[str, str]

    def run(self, *arguments: str) -> Done:
        return run(self.variables, *arguments)

    def rows(self, query: str, **values: object) -> list[tuple[object, ...]]:
        with self.database.owner.begin() as connection:
            return [tuple(row) for row in connection.execute(text(query), values)]


@dataclass(frozen=True)
class Moved:
    """Both houses after the move, its file, and a resident."""

    old: House
    new: House
    file: Path
    key: Path
    public: str
    before: Done
    parted: Done
    killed_out: list[tuple[object, ...]]
    """How the municipality stood, and what was told, once an export was killed."""
    left: Done
    dry: Done
    killed_in: list[tuple[object, ...]]
    """What was there of it once an import was killed with all rows put in."""
    arrived: Done
    person_id: UUID
    title: str
    email: str


def a_house(database: Database, folder: Path) -> House:
    variables = {
        "DATABASE_URL": database.app_url, "DATABASE_OWNER_URL": database.owner_url,
        "ZVE_DATA_DIR": str(folder), "ZVE_SECRET": "",
    }  # fmt: skip
    return House(database, variables)


@pytest.fixture(scope="module")
def moved(database_server: Server, worker: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Moved]:
    folder = tmp_path_factory.mktemp("moving")
    with (
        database_server.demonstration(f"{worker}_old") as filled,
        database_server.empty(f"{worker}_new") as empty,
    ):
        old, new = a_house(filled.database, folder / "old"), a_house(empty, folder / "new")
        for command in (("migrate",), ("geo", "import", str(FACTS)), ("region", "create", "Nieuwland")):
            assert new.run(*command).returncode == 0
        ((person_id, _, title, email),) = old.rows(RESIDENT)
        assert isinstance(person_id, UUID)
        key, file = folder / "key.txt", folder / "move.age"
        public = streams.new_key(key)
        leave = ("region", "export", NAME, str(file), "--moves-to", ADDRESS, "--for", public)
        before = old.run(*leave)
        parted = old.run("region", "part", NAME)
        settle(old.database)
        with old.database.owner.begin() as somebody:
            somebody.execute(text("SELECT pg_current_xact_id()"))  # still writes: the export waits, closed
            killed(old, leave, "SELECT 1 FROM municipality WHERE id = 1771 AND NOT joined")
        killed_out = [*old.rows(LEFT_BEHIND), tuple(path.name for path in folder.glob("move*"))]
        left = old.run(*leave)
        take = ("region", "import", str(file), "--key", str(key))
        dry = new.run(*take, "--dry-run")
        with new.database.owner.begin() as somebody:
            somebody.execute(text("LOCK TABLE ledger.elsewhere IN SHARE MODE"))  # the last that is put in
            killed(new, take, WAITS)
        killed_in = new.rows(COME_IN)
        arrived = new.run(*take)
        yield Moved(
            old, new, file, key, public, before, parted, killed_out, left, dry, killed_in, arrived, person_id,
            str(title), str(email),
        )  # fmt: skip


def killed(house: House, arguments: tuple[str, ...], when: str) -> None:
    """A command in a process of its own, killed with -9 as soon as there is such a row."""
    words = (sys.executable, "-c", "from app.cli import main; main()", *arguments)
    environment = {**os.environ, **house.variables}
    with subprocess.Popen(words, env=environment, stderr=subprocess.PIPE) as process:
        while not house.rows(when):
            ended = process.poll() is not None
            assert not ended, process.stderr.read().decode() if process.stderr else ""
            time.sleep(0.1)
        process.kill()


def settle(database: Database) -> None:
    """What only people can: say that help came, and pay each other's invoices."""
    program = a_program(database.app_url, pool_size=2)
    with database.owner.begin() as owner:
        undecided, unpaid = owner.execute(text(UNDECIDED)).all(), owner.execute(text(UNPAID)).all()
        today = owner.execute(text("SELECT ledger.now()")).scalar_one().astimezone(AMSTERDAM).date()
    for id, status, minutes, asker_id, helper_id, broker_id in undecided:
        with program.transaction() as session:
            if status == "disputed":
                occur.decide(session, act_as(session, broker_id), id, minutes)
            if status in ("agreed", "received"):
                occur.happened(session, act_as(session, helper_id), id)
            if status in ("agreed", "helped"):
                occur.happened(session, act_as(session, asker_id), id)
    with Work(Settings(), program).transaction() as (session, _):
        for invoice, payer in unpaid:
            step = {"invoice": invoice, "municipality_id": payer}
            day = today - timedelta(days=1)
            invoices.step(session.connection(), actor=uuid4(), state=State.REPORTED, paid_on=day, **step)
            invoices.step(session.connection(), actor=uuid4(), state=State.PAID, **step)
    program.close()


def test_nobody_leaves_while_something_crosses_the_border(moved: Moved) -> None:
    assert moved.before.returncode == 1
    assert "in the way: " in moved.before.stdout
    assert "agreements with somebody of another municipality go on" in moved.before.stderr
    assert "First: zorgvoorelkaar region part" in moved.before.stderr
    assert moved.parted.returncode == 0, moved.parted.stderr


def test_all_of_it_arrives_as_it_was_with_its_keys(moved: Moved) -> None:
    assert moved.left.returncode == 0, moved.left.stderr
    assert moved.dry.returncode == 0, moved.dry.stdout + moved.dry.stderr
    assert "Nothing was taken in" in moved.dry.stderr
    assert moved.arrived.returncode == 0, moved.arrived.stdout + moved.arrived.stderr
    with streams.opened(moved.file, streams.keys(moved.key)) as content:
        content.read(512)
        found = content.read(200_000)
        while content.read(1 << 20):
            pass
    made = manifest.read(found[: found.index(b"\n}") + 2])
    for table in ("help_request", "agreement", "occurrence", "message", "welfare_receipt", "case_note"):
        of_home = (
            f"SELECT id FROM {table} WHERE municipality_id = {HOME} ORDER BY id"  # unscoped: the owner's
        )
        assert moved.new.rows(of_home) == moved.old.rows(of_home), table
        assert len(moved.new.rows(of_home)) == made.rows[f"public.{table}"]
    entries = """SELECT e.account_id, e.seq, e.hash FROM ledger.entry e JOIN ledger.account a ON a.id = e.account_id
        WHERE a.municipality_id = 1771 ORDER BY 1, 2"""
    assert moved.new.rows(entries) == moved.old.rows(entries)
    assert len(moved.new.rows(entries)) > 100


def test_what_was_killed_on_the_way_leaves_nothing_half_and_is_done_again(moved: Moved) -> None:
    assert moved.killed_out == [(False, ADDRESS, 0), ()]  # shut, nobody told, no file
    assert moved.killed_in == [(False, 0, 0, 0)]


def test_a_file_with_more_than_those_who_move_is_refused_whole(moved: Moved, tmp_path: Path) -> None:
    somebody, organisation = str(uuid4()), str(uuid4())
    given = {"id": "", "role": "broker", "municipality_id": "1771", "given_at": "2026-01-01 00:00+00",
             "person_id": str(moved.person_id)}  # fmt: skip
    rows = [
        given | {"role": "region_administrator", "municipality_id": "\\N"},
        given | {"role": "region_administrator"},
        given | {"municipality_id": "772"},
        given | {"person_id": somebody},
        given | {"role": "organisation_administrator", "organisation_id": organisation},
    ]
    forged = tmp_path / "forged.age"
    forge(moved, forged, "public.role_grant", [row | {"id": str(uuid4())} for row in rows])

    done = moved.new.run("region", "import", str(forged), "--key", str(moved.key), "--dry-run")

    assert done.returncode == 1
    assert "not only those who move: 5 rows of public.role_grant." in done.stderr, done.stderr


def forge(moved: Moved, into: Path, table: str, rows: list[dict[str, str]]) -> None:
    """The file of the move with rows added, and everything that it says of itself set right."""
    with (
        streams.opened(moved.file, streams.keys(moved.key)) as content,
        tarfile.open(fileobj=BytesIO(b"".join(iter(lambda: content.read(1 << 20), b"")))) as archive,
    ):
        found = {one.name: file.read() for one in archive if (file := archive.extractfile(one)) is not None}
    made = manifest.read(found[making.MANIFEST])
    first = f"rows/{table}/000000"
    for row in rows:
        line = "\t".join(row.get(column, "\\N") for column in made.columns[table])
        found[first] += f"{line}\n".encode()
    parts = [name for name in found if name.startswith("rows/")]
    digest = hashlib.sha256(b"".join(found[name] for name in parts)).hexdigest()
    found[making.END] = json.dumps({"parts": len(parts), "sha256": digest}).encode()
    pieces = [piece for name, said in found.items() for piece in making.entry(name, said)]
    with into.open("wb") as file:
        streams.encrypt(iter([*pieces, bytes(2 * tarfile.BLOCKSIZE)]), file, moved.public)


def test_neighbours_open_what_the_mover_left_behind(moved: Moved, tmp_path: Path) -> None:
    across = moved.old.rows(ACROSS)
    ((broker, case),) = moved.old.rows(BROKER)
    told = "/mijn/afspraken", "/mijn/berichten", "/mijn/roosjes", "/mijn/roosjes/alles"
    pages = [
        (person, (*told, f"/mijn/afspraken/{agreement}", f"/mijn/gesprekken/{talk}", f"/hulpvragen/{asked}"))
        for agreement, person, asked, talk in across
    ]
    visit, program = at_the_door(moved.old, tmp_path)
    seen: dict[tuple[UUID, str], int] = {}
    for person, paths in [*pages, (broker, ("/bureau", f"/bureau/zaken/{case}"))]:
        assert isinstance(person, UUID)
        with program.transaction() as session:
            actor = act_as(session, person)
        visit.sign_in(program, actor)
        seen |= {(person, path): visit.get(path).status for path in paths}
    program.close()

    assert len(across) > 1
    assert set(seen.values()) <= {200, 404}, seen
    assert list(seen.values()).count(200) > len(across)


def test_the_books_are_right_on_both_sides(moved: Moved) -> None:
    for house in (moved.old, moved.new):
        done = house.run("ledger", "check")
        assert done.returncode == 0, done.stdout
        assert house.run("audit", "check").returncode == 0


def test_of_neighbours_a_key_goes_and_nothing_else(moved: Moved) -> None:
    strangers = moved.new.rows(
        "SELECT p.id, p.first_name FROM person p WHERE NOT EXISTS (SELECT FROM contact c WHERE c.person_id = p.id)"
    )

    assert len(strangers) > 10
    assert {name for _, name in strangers} == {"Iemand"}
    assert moved.new.rows("SELECT 1 FROM help_request WHERE municipality_id <> 1771") == []
    assert moved.new.rows("SELECT 1 FROM contact c JOIN membership m USING (person_id)"
                          " WHERE m.kind = 'lives' AND m.municipality_id <> 1771") == []  # fmt: skip


def test_a_resident_comes_in_over_there_and_finds_what_they_had(moved: Moved, tmp_path: Path) -> None:
    visit, program = at_the_door(moved.new, tmp_path)
    with program.transaction() as session:
        actor = act_as(session, moved.person_id)
    visit.sign_in(program, actor).get("/mijn/vragen")

    assert visit.status == 200
    assert visit.says(moved.title)
    program.close()


def at_the_door(house: House, folder: Path) -> tuple[Visit, Program]:
    program = a_program(house.database.app_url, pool_size=4)
    return Visit(a_site(Settings(data_dir=folder), program), house.database), program


def test_here_they_are_told_where_it_went_and_get_in_no_more(moved: Moved, tmp_path: Path) -> None:
    visit, program = at_the_door(moved.old, tmp_path)
    with program.transaction() as session:
        assert not act_as(session, moved.person_id).signed_in

    visit.get("/inloggen").post("/inloggen", email=moved.email, follow=False)
    visit.get(f"/inloggen/link?t={visit.mailed_link(moved.email)}")
    visit.post("/inloggen/link", t=visit.mailed_link(moved.email))

    assert visit.path == "/verhuisd"
    assert visit.says("Uw gemeente heeft een ander adres")
    assert f'href="{ADDRESS}"' in visit.page
    assert not visit.get("/kies-gemeente").says(NAME)
    program.close()


def test_everybody_is_told_once_and_hears_nothing_else_from_here(moved: Moved, tmp_path: Path) -> None:
    work = Work(
        Settings(data_dir=tmp_path, ZVE_MAIL_BURST_S=0), a_program(moved.old.database.app_url, pool_size=2)
    )
    told = moved.old.rows("SELECT person_id, count(*) FROM notice WHERE kind = 'moved-house' GROUP BY 1")
    lives = moved.old.rows("SELECT person_id FROM membership WHERE kind = 'lives' AND municipality_id = 1771")
    assert sorted(told) == sorted((person_id, 1) for (person_id,) in lives)

    gather = {task.name: task.run for task in timetable.DEFERRED}["notices.gather"]
    gather(work, person_id=str(moved.person_id))

    waits = moved.old.rows("SELECT kind FROM notice WHERE person_id = :id AND waiting", id=moved.person_id)
    assert waits == []
    work.database.close()


def test_twice_is_refused_and_what_is_damaged_leaves_nothing(moved: Moved, tmp_path: Path) -> None:
    rows = moved.new.rows("SELECT count(*) FROM person")
    again = moved.new.run("region", "import", str(moved.file), "--key", str(moved.key))
    cut = tmp_path / "cut.age"
    cut.write_bytes(moved.file.read_bytes()[:-70_000])
    damaged = moved.new.run("region", "import", str(cut), "--key", str(moved.key))

    assert again.returncode == 1
    assert f"conflict: {NAME} takes part here already" in again.stdout
    assert "conflict: public.help_request" in again.stdout
    assert damaged.returncode == 1
    assert "damaged or was cut off" in damaged.stderr
    assert moved.new.rows("SELECT count(*) FROM person") == rows


def test_every_table_is_said_to_go_or_to_stay_and_why(database: Database) -> None:
    with psycopg.connect(tools.conninfo(database.owner_url)) as connection:
        schema = tables.read(connection)  # raises for a table of which nobody said so
        there = {row[0] for row in connection.execute(
            "SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relkind = 'r' AND n.nspname IN ('public', 'ledger')")}  # fmt: skip

    assert set(plan.LEFT) <= there
    assert set(plan.WHICH) <= there
    assert set(schema.order) | set(plan.LEFT) == there


def test_who_did_not_move_is_not_opened_and_who_did_takes_part_again(moved: Moved) -> None:
    """The last of all, for it takes the move back."""
    joined = "SELECT joined, moved_to FROM municipality WHERE name = :name"
    never = "Eindhoven"

    refused = moved.old.run("region", "reopen", NAME, never)

    assert refused.returncode == 1
    assert f"Did not move from here: {never}." in refused.stderr
    assert moved.old.rows(joined, name=NAME) == [(False, ADDRESS)]
    assert moved.old.run("region", "reopen", NAME).returncode == 0
    assert moved.old.rows(joined, name=NAME) == [(True, "")]
