"""A municipality moves from the filled demonstration to an installation of its own: all that is its own, and the books
are right on both sides."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import text

from app.access.sign_in import act_as
from app.agreements import occur
from app.backups import streams, tools
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
SELECT id, asker_id FROM occurrence WHERE status = 'helped'
    AND (municipality_id = 1771) <> (helper_municipality_id = 1771)
"""
UNPAID = """
SELECT id, payer_id FROM ledger.invoice_standing WHERE state NOT IN ('paid', 'withdrawn') AND payee_id IS NOT NULL
    AND 1771 IN (payer_id, payee_id)
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
    before: Done
    parted: Done
    left: Done
    dry: Done
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
        left = old.run(*leave)
        dry = new.run("region", "import", str(file), "--key", str(key), "--dry-run")
        arrived = new.run("region", "import", str(file), "--key", str(key))
        yield Moved(
            old, new, file, key, before, parted, left, dry, arrived, person_id, str(title), str(email)
        )


def settle(database: Database) -> None:
    """What only people can: say that help came, and pay each other's invoices."""
    program = a_program(database.app_url, pool_size=2)
    with database.owner.begin() as owner:
        undecided, unpaid = owner.execute(text(UNDECIDED)).all(), owner.execute(text(UNPAID)).all()
        today = owner.execute(text("SELECT ledger.now()")).scalar_one().astimezone(AMSTERDAM).date()
    for occurrence_id, asker_id in undecided:
        with program.transaction() as session:
            occur.happened(session, act_as(session, asker_id), occurrence_id)
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
