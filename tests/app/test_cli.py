"""The command line: one data folder, one program; what is in the way is said in a sentence."""

import csv
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import httpx
import pytest

from app import db, postgres
from app.access import events
from app.access.proof_models import Happened
from app.access.roles import TokenScope
from app.access.sign_in import actor_of_token
from app.db import Database as Program
from app.places.import_csv import FACTS
from app.simulation import report as reports
from app.upkeep import as_owner, load_demonstration_region
from bench.measure import free_port
from tests.app.commands import Done, run
from tests.app.factories import a_person
from tests.databases import ROOT, Database, Server
from tests.rewards.factories import a_member, a_payment
from tools.build_kernel import find_compiler, main as build_kernel
from tools.find_system import has_pdf_libraries

COMMAND = [sys.executable, "-c", "from app.cli import main; main()"]
"""A process of its own: where it serves, where two meet, and where the start itself is what is looked at."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cli") / "data"


def command(place: Path | dict[str, str], *arguments: str) -> Done:
    """Run it on the database of a data folder, or on the one that the variables name."""
    return run({"ZVE_DATA_DIR": str(place)} if isinstance(place, Path) else place, *arguments)


def process(variables: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run it as whoever types it does."""
    return subprocess.run(
        [*COMMAND, *arguments],
        env={**os.environ, **variables}, cwd=ROOT, capture_output=True, text=True, timeout=120,
    )  # fmt: skip


def test_help_is_there_before_anything_heavy_is_loaded() -> None:
    look = (
        "import sys\nfrom app.cli import main\ntry:\n    main()\nfinally:\n"
        "    print(*{'alembic', 'fastapi', 'numpy', 'pydantic', 'sqlalchemy'} & sys.modules.keys())"
    )
    done = subprocess.run(
        [sys.executable, "-c", look, "--help"], cwd=ROOT, capture_output=True, text=True, timeout=60
    )

    assert done.returncode == 0, done.stderr
    assert "ledger" in done.stdout
    assert done.stdout.splitlines()[-1] == ""


@pytest.mark.parametrize(
    "words",
    [("geo", "import", str(FACTS)), ("token", "ria@voorbeeld.example"), ("distribute",), ("ledger", "check")],
)
def test_a_database_without_tables_is_a_sentence(empty: Path, words: tuple[str, ...]) -> None:
    done = command(empty, *words)

    assert done.returncode == 1
    assert done.stderr.split("\n")[-2:] == [
        "This database has no tables yet. First run: zorgvoorelkaar migrate", ""
    ]  # fmt: skip


@pytest.mark.parametrize("words", [("migrate",), ("ledger", "check")])
def test_a_server_that_is_too_old_is_a_sentence(
    database: Database, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.setattr(db, "OLDEST", 99)

    done = command({"DATABASE_URL": database.app_url, "DATABASE_OWNER_URL": database.owner_url}, *words)

    assert done.returncode == 1
    assert re.fullmatch(r"This is PostgreSQL \d+(\.\d+)*\. ZorgvoorElkaar needs 99 or newer\.\n", done.stderr)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("empty") / "data"


@pytest.fixture(scope="module")
def migrated(folder: Path) -> Path:
    assert command(folder, "migrate").returncode == 0
    return folder


WITHOUT_KERNEL = """
from pathlib import Path
from matching.kernel import load
load.LIBRARY = Path("nowhere.so")
from app.cli import main
if __name__ == "__main__":
    main()
"""


@pytest.mark.parametrize("which", ["distribute", "worker", "serve"])
def test_a_start_without_the_kernel_says_so_first(migrated: Path, which: str) -> None:
    environment = {**os.environ, "ZVE_DATA_DIR": str(migrated), "PORT": str(free_port())}
    process = subprocess.Popen(
        [sys.executable, "-c", WITHOUT_KERNEL, which],
        env=environment, cwd=ROOT, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stderr is not None
    first = process.stderr.readline()
    process.terminate()
    process.communicate(timeout=60)

    assert "The kernel of the matching engine is not used: it was not built." in first


def test_a_simulation_without_the_kernel_says_so_once(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_KERNEL, "simulate", "--seeds", "2", "--people", "100", "--days", "7"],
        env={**os.environ, "ZVE_DATA_DIR": str(folder)},
        cwd=ROOT, capture_output=True, text=True, timeout=120,
    )  # fmt: skip

    assert done.returncode == 0
    assert done.stderr.count("it was not built") == 1


def test_a_start_with_the_kernel_does_not_speak_of_it(migrated: Path) -> None:
    if find_compiler() is None:
        pytest.skip("there is no C compiler here")
    assert build_kernel() == 0

    done = command(migrated, "distribute")

    assert done.returncode == 0, done.stderr
    assert "kernel" not in done.stderr


@pytest.fixture
def served(migrated: Path) -> Iterator[str]:
    """The program serving, as a process of its own."""
    port = free_port()
    environment = {**os.environ, "ZVE_DATA_DIR": str(migrated), "PORT": str(port)}
    process = subprocess.Popen([*COMMAND, "serve"], env=environment, cwd=ROOT)
    address = f"http://127.0.0.1:{port}"
    for _ in range(600):
        try:
            httpx.get(address, timeout=5)
            break
        except httpx.TransportError:
            time.sleep(0.05)
    yield address
    process.terminate()
    assert process.wait(timeout=40) in (0, -15)


def test_a_region_is_loaded_whole_or_not_at_all(migrated: Path, tmp_path: Path) -> None:
    wrong = copytree(FACTS, tmp_path / "wrong")
    postcodes = wrong / "pc4.csv"
    lines = postcodes.read_text().splitlines()
    lines[4] = lines[4].replace("GM", "XX", 1)
    postcodes.write_text("\n".join(lines) + "\n")

    refused = command(migrated, "geo", "import", str(wrong))
    assert refused.returncode == 1
    assert "pc4.csv" in refused.stderr
    assert "5" in refused.stderr
    assert "Traceback" not in refused.stderr
    loaded = command(migrated, "geo", "import", str(FACTS))

    assert loaded.returncode == 0
    assert "21 municipalities, 139 postcodes" in loaded.stderr


def test_a_folder_that_is_not_there_is_a_sentence(migrated: Path, tmp_path: Path) -> None:
    refused = command(migrated, "geo", "import", str(tmp_path / "nowhere"))

    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr


def test_a_second_program_on_the_same_data_is_refused_in_a_sentence(migrated: Path, served: str) -> None:
    refused = command(migrated, "serve")

    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
    assert str(migrated) in refused.stderr.replace("\n", "")


def test_a_token_is_made_beside_the_running_program(migrated: Path, served: str) -> None:
    with postgres.attach_or_start(migrated) as server, as_owner(server.owner_url) as owner:
        load_demonstration_region(owner)
    with postgres.attach_or_start(migrated) as server:
        program = Program(server.application_url)
        with program.transaction() as session:
            actor = a_person(session, email="ria@voorbeeld.example")
        made = process({"ZVE_DATA_DIR": str(migrated)}, "token", "ria@voorbeeld.example", "--scope", "read")
        with program.transaction() as session:
            shown = actor_of_token(session, made.stdout.strip())
            assert (shown.person, shown.token) == (actor.person, TokenScope.READ)
            assert [row.kind for row, _ in events.mine(session, shown)] == [Happened.PROGRAM_ADDED]
        program.close()


def test_a_token_for_nobody_is_refused_in_a_sentence(migrated: Path) -> None:
    refused = command(migrated, "token", "niemand@voorbeeld.example")

    assert refused.returncode == 1
    assert "niemand@voorbeeld.example" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_the_books_of_a_new_database_are_right(migrated: Path) -> None:
    assert command(migrated, "ledger", "check").returncode == 0


def test_a_seal_is_printed_kept_and_compared(migrated: Path, tmp_path: Path) -> None:
    kept = tmp_path / "seals.txt"
    first, second = (command(migrated, "ledger", "seal", "--to", str(kept)) for _ in range(2))
    assert (first.returncode, first.stdout) == (0, second.stdout), first.stderr
    assert kept.read_text() == first.stdout
    assert command(migrated, "ledger", "check", "--seals", str(kept)).returncode == 0

    kept.write_text(first.stdout.replace("accounts=", "accounts=1"))
    refused = command(migrated, "ledger", "check", "--seals", str(kept))
    assert refused.returncode == 1
    assert "line 1: the line of the seal was changed or damaged" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.fixture(scope="module")
def booked(
    database_server: Server, worker: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, str]]:
    """With a payment in Eindhoven in March 2031, by a clock that stands at the beginning of April."""
    with database_server.empty(f"{worker}_booked") as database:
        variables = {
            "DATABASE_URL": database.app_url,
            "DATABASE_OWNER_URL": database.owner_url,
            "ZVE_DATA_DIR": str(tmp_path_factory.mktemp("booked")),
        }
        assert command(variables, "migrate").returncode == 0
        assert command(variables, "geo", "import", str(FACTS)).returncode == 0
        with as_owner(database.owner_url) as owner:
            owner.exec_driver_sql("SELECT ledger.shift('2031-03-10 12:00+01' - ledger.now())")
            a_payment(owner, a_member(owner, 772), a_member(owner, 772), 90)
            owner.exec_driver_sql("SELECT ledger.shift('2031-04-01 00:00+02' - ledger.now())")
        yield variables


def test_a_month_is_printed_as_a_table_as_csv_and_as_json(booked: dict[str, str]) -> None:
    asked = ("ledger", "month-end", "Eindhoven", "2031-03")
    table, text, parsed = (command(booked, *asked, "--format", form) for form in ("table", "csv", "json"))

    assert "Eindhoven, ROOSJE_MIN, 2031-03 (open)" in table.stdout
    assert "checks are right" in table.stdout
    rows = csv.DictReader(text.stdout.removeprefix("\ufeff").splitlines(), delimiter=";")
    (line,) = [row for row in rows if row["onderdeel"] == "saldo"]
    assert (line["naam"], line["erbij"], line["eraf"], line["eind"]) == ("inwoners", "90", "90", "0")
    month = json.loads(parsed.stdout)
    assert (month["gemeente"], month["klopt"], month["afgeslotenOp"]) == (772, True, None)
    assert {"onderdeel": "beweging", "naam": "inwoners", "soort": "gegeven", "aantal": 1, "erbij": 90,
            "eraf": 90} in month["boeken"][0]["regels"]  # fmt: skip


def test_a_month_is_written_to_files(booked: dict[str, str], tmp_path: Path) -> None:
    starts = {
        "xlsx": b"PK",
        "pdf": b"%PDF-",
        "csv": b"\xef\xbb\xbfgemeente;",
        "json": b"{",
        "table": b"Eindhoven",
    }
    if not has_pdf_libraries():
        del starts["pdf"]
    for form, start in starts.items():
        file = tmp_path / f"maand.{form}"
        done = command(
            booked, "ledger", "month-end", "772", "2031-03", "--format", form, "--output", str(file)
        )
        assert done.returncode == 0, done.stderr
        assert file.read_bytes().startswith(start)
    nowhere = command(
        booked,
        "ledger",
        "month-end",
        "772",
        "2031-03",
        "--format",
        "csv",
        "--output",
        str(tmp_path / "no" / "x"),
    )
    assert nowhere.returncode == 1
    assert "cannot be written" in nowhere.stderr


def test_a_month_is_closed_once_over_and_in_order(booked: dict[str, str]) -> None:
    def closing(month: str) -> Done:
        return command(booked, "ledger", "month-end", "772", month, "--close")

    for month, told in (
        ("2031-04", "2031-04 is not over yet; nothing was closed."),
        ("2031-02", "the month to close is 2031-03"),
    ):
        refused = closing(month)
        assert refused.returncode == 1
        assert told in refused.stderr
        assert "Traceback" not in refused.stderr
    for _ in range(2):
        done = closing("2031-03")
        assert done.returncode == 0, done.stderr
        assert "closed on 2031-04-01" in done.stdout
    assert command(booked, "ledger", "check").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("Eindhoven", "march"), "march is no month: write it as 2026-03."),
        (("Eindhoven", "2031-13"), "2031-13 is no month"),
        (("Eindhoven", "0000-01"), "0000-01 is no month"),
        (("Eindhofen", "2031-03"), "Eindhoven"),
        (("Helmond", "2031-03"), "Helmond has no books yet."),
        (("Eindhoven", "2031-03", "--format", "pdf"), "A pdf is for a file: name it with --output."),
        (("Eindhoven", "2031-03", "--format", "docx"), "docx"),
        (("Eindhoven", "2033-03"), "Eindhoven has no books of 2033-03."),
    ],
)
def test_a_wrong_month_is_a_sentence(booked: dict[str, str], arguments: tuple[str, ...], told: str) -> None:
    refused = command(booked, "ledger", "month-end", *arguments)

    assert refused.returncode in (1, 2)
    assert told in refused.stderr
    assert "Traceback" not in refused.stderr


def test_the_program_refuses_to_serve_as_the_owner(migrated: Path) -> None:
    with postgres.start(migrated) as server:
        refused = command({"ZVE_DATA_DIR": str(migrated), "DATABASE_URL": server.owner_url}, "serve")

    assert refused.returncode == 1
    assert "application role" in refused.stderr.replace("\n", " ")


def test_a_simulated_year_is_printed_and_kept(folder: Path, tmp_path: Path) -> None:
    wanted = ("--seeds", "2", "--people", "200", "--days", "7", "--json", str(tmp_path / "year.json"))
    done = process({"ZVE_DATA_DIR": str(folder), "COLUMNS": "200"}, "simulate", *wanted)
    assert done.returncode == 0, done.stderr
    for told in ("Nearest first", "What this engine loses:", "2 seeds from 1771, 200 people, 7 days"):
        assert told in done.stdout
    kept = reports.last(folder)
    assert kept is not None
    assert (kept.people, kept.days, len(kept.seeds)) == (200, 7, 2)
    assert (tmp_path / "year.json").read_bytes() == (folder / reports.FILE_NAME).read_bytes()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--seeds", "1"), "--seeds"),
        (("--people", "7"), "--people"),
        (("--days", "soon"), "--days"),
        (("--json", "/nowhere/at/all.json"), "cannot be written: there is no such folder"),
    ],
)
def test_a_simulation_that_cannot_be_is_refused_in_a_sentence(
    folder: Path, arguments: tuple[str, ...], told: str
) -> None:
    done = command(folder, "simulate", *arguments)
    assert done.returncode != 0
    assert told in done.stderr
    assert "Traceback" not in done.stderr
