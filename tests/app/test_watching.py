"""Alive, ready, measured, and checked: what whoever runs it asks of a running program."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx2 import Response
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.config import Settings
from app.db import Database as Program
from app.jobs import queue
from app.watching import standing
from app.watching.figures import Requests
from app.watching.findings import findings
from tests.app.commands import run
from tests.clients import TestClient
from tests.databases import ROOT, Database
from tests.sites import a_program, a_site

SAMPLE = re.compile(r'[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? (-?[0-9][0-9.e+-]*|NaN)')


@pytest.fixture(scope="module")
def shared(new_database: object) -> Iterator[Database]:
    with new_database() as database:  # type: ignore[operator]
        yield database


@contextmanager
def served(database: Database, settings: Settings) -> Iterator[FastAPI]:
    """The program on a database, closed afterwards."""
    program = a_program(database.app_url, pool_size=2)
    yield a_site(settings, program)
    program.close()


@contextmanager
def writing(database: Database) -> Iterator[Session]:
    """One transaction as the application."""
    program = a_program(database.app_url, pool_size=1)
    with program.transaction() as session:
        yield session
    program.close()


@pytest.fixture(scope="module")
def site(shared: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    with served(shared, Settings(data_dir=tmp_path_factory.mktemp("data"))) as made:
        yield made


def asked(site: FastAPI, path: str, client: str = "127.0.0.1", **headers: str) -> Response:
    with TestClient(site, base_url="http://localhost:8000", client=(client, 5000)) as browser:
        return browser.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})


def figures(site: FastAPI) -> dict[str, float]:
    answer = asked(site, "/metrics")
    assert answer.status_code == 200
    found = {}
    for line in answer.text.splitlines():
        if not line.startswith("#"):
            assert SAMPLE.fullmatch(line), line
            name, _, value = line.rpartition(" ")
            found[name] = float(value)
    return found


def test_it_says_that_it_lives_and_that_it_is_ready(site: FastAPI, shared: Database) -> None:
    assert asked(site, "/gezond").json() == {"alive": True}
    ready = asked(site, "/gereed")
    assert (ready.status_code, ready.json()["ready"], ready.json()["worker"]) == (200, True, False)

    with shared.owner.begin() as owner:
        owner.execute(text("INSERT INTO procrastinate_workers DEFAULT VALUES"))

    assert asked(site, "/gereed").json()["worker"] is True


def test_it_is_not_ready_on_a_schema_of_another_version(site: FastAPI, shared: Database) -> None:
    with shared.owner.begin() as owner:
        owner.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    try:
        answer = asked(site, "/gereed")
        done = run(
            {"DATABASE_URL": shared.app_url, "DATABASE_OWNER_URL": shared.owner_url}, "check", "--json"
        )
    finally:
        with shared.owner.begin() as owner:
            owner.execute(
                text("UPDATE alembic_version SET version_num = :newest"),
                {"newest": standing.newest_revision()},
            )

    assert (answer.status_code, answer.json()["schema"]) == (503, False)
    (schema,) = [one for one in json.loads(done.stdout)["findings"] if one["name"] == "schema"]
    assert schema == {
        "name": "schema", "ok": False, "said": f"0001, not {standing.newest_revision()}",
        "remedy": "Run: zorgvoorelkaar migrate",
    }  # fmt: skip


def test_it_is_ready_on_the_schema_of_a_later_version_while_processes_go_over_one_by_one(
    site: FastAPI, shared: Database
) -> None:
    newest = standing.newest_revision()
    later = f"{int(newest) + 1:04}"
    with shared.owner.begin() as owner:
        owner.execute(text("UPDATE alembic_version SET version_num = :later"), {"later": later})
    try:
        answer = asked(site, "/gereed")
    finally:
        with shared.owner.begin() as owner:
            owner.execute(text("UPDATE alembic_version SET version_num = :newest"), {"newest": newest})

    assert (answer.status_code, answer.json()["schema"]) == (200, True)
    assert not standing.serves(None)


def test_a_database_that_is_away_is_told_and_the_figures_of_the_process_stay(
    tmp_path: Path, site: FastAPI
) -> None:
    from app.watching.watch import Watch

    gone = Program("postgresql+psycopg://nobody@127.0.0.1:1/none")  # nobody listens there
    watch = Watch(site, Settings(data_dir=tmp_path), gone.engine)

    assert watch.ready().status_code == 503
    assert "zve_database_up 0" in bytes(watch.metrics().body).decode()


def test_figures_are_counted_by_route_and_name_nobody(site: FastAPI) -> None:
    asked(site, "/zo-werkt-het")
    asked(site, "/hulpvragen/01890000-0000-7000-8000-000000000000")
    asked(site, "/wp-login.php?ria@voorbeeld.nl")

    found = figures(site)

    assert found['zve_http_requests_total{method="GET",route="/zo-werkt-het",status="200"}'] >= 1
    assert found['zve_http_requests_total{method="GET",route="/hulpvragen/{id}",status="404"}'] >= 1
    assert found['zve_http_requests_total{method="GET",route="other",status="404"}'] >= 1
    assert not any("wp-login" in name or "0189" in name for name in found)
    assert found["zve_database_up"] == found["zve_schema_current"] == 1
    assert found["zve_http_request_seconds_count" + '{route="/zo-werkt-het"}'] >= 1


@pytest.mark.parametrize(
    ("client", "headers"),
    [
        ("10.0.0.9", {}),
        ("127.0.0.1", {"x_forwarded_for": "10.0.0.9"}),
        ("127.0.0.1", {"host": "zorg.voorbeeld.nl"}),
    ],
)
def test_figures_are_for_this_machine_alone(site: FastAPI, client: str, headers: dict[str, str]) -> None:
    assert asked(site, "/metrics", client, **headers).status_code == 404


def test_with_a_token_figures_are_read_from_elsewhere_and_without_it_from_nowhere(
    shared: Database, tmp_path: Path
) -> None:
    with served(shared, Settings(data_dir=tmp_path, metrics_token=SecretStr("lang-geheim"))) as made:
        assert asked(made, "/metrics", "10.0.0.9", authorization="Bearer lang-geheim").status_code == 200
        assert asked(made, "/metrics", authorization="Bearer ander").status_code == 404
        assert asked(made, "/metrics").status_code == 404


def test_buckets_add_up() -> None:
    requests = Requests()
    for seconds in (0.001, 0.005, 0.3, 99.0):
        requests.add("GET", "/", 200, seconds)

    lines = requests.lines()

    assert 'zve_http_request_seconds_bucket{route="/",le="0.005"} 2' in lines
    assert 'zve_http_request_seconds_bucket{route="/",le="10.0"} 3' in lines
    assert 'zve_http_request_seconds_bucket{route="/",le="+Inf"} 4' in lines
    assert 'zve_http_request_seconds_count{route="/"} 4' in lines


def test_check_has_a_line_for_everything_and_a_remedy_for_what_is_wrong(
    fresh_database: Database, tmp_path: Path
) -> None:
    with fresh_database.owner.begin() as owner:
        owner.execute(text("ALTER TABLE help_request NO FORCE ROW LEVEL SECURITY"))
    with writing(fresh_database) as session:
        queue.defer(session, "people.locate", person_id="x")
    variables = {
        "DATABASE_URL": fresh_database.app_url, "DATABASE_OWNER_URL": fresh_database.owner_url,
        "ZVE_DATA_DIR": str(tmp_path), "ZVE_SMPT_URL": "smtp://x", "ZVE_SMTP_URL": "smtp://127.0.0.1:1",
        "ZVE_SEAL_FILE": str(tmp_path / "none.txt"), "DATABASE_REPLICA_URL": "postgresql://x@127.0.0.1:1/x",
    }  # fmt: skip

    done = run(variables, "check", "--json")

    said = json.loads(done.stdout)
    by_name = {one["name"]: one for one in said["findings"]}
    assert (done.returncode, said["ok"]) == (1, False)
    assert {name for name, one in by_name.items() if not one["ok"]} == {
        "settings", "row-level security", "worker", "mail", "ZVE_SEAL_FILE", "backup", "replica"
    }  # fmt: skip
    assert "ZVE_SMPT_URL" in by_name["settings"]["remedy"]
    assert "help_request" in by_name["row-level security"]["remedy"]
    assert by_name["webhooks"]["said"] == "0 addresses, 0 of them resting, 0 messages waiting, 0 given up"
    assert "read from the primary meanwhile" in by_name["replica"]["remedy"]
    assert by_name["jobs waiting"]["said"].startswith("1,")
    assert all(
        one["said"] and one["remedy"].endswith((".", "worker", "FILE", "")) for one in said["findings"]
    )


def test_a_database_that_cannot_be_reached_is_a_line_too(tmp_path: Path) -> None:
    lines = list(findings(Settings(data_dir=tmp_path), None, "Another program has it."))

    (database,) = [one for one in lines if one.name == "database"]
    assert not database.ok
    assert database.remedy == "Another program has it."


def test_every_figure_that_the_code_names_is_in_the_answer(site: FastAPI) -> None:
    sources = (ROOT / "app" / "watching").glob("*.py")
    named = {name for path in sources for name in re.findall(r'"(zve_[a-z_]+)"', path.read_text())}

    answer = asked(site, "/metrics").text

    assert set(re.findall(r"^# TYPE (\w+) (?:gauge|counter|histogram)$", answer, re.MULTILINE)) == named


def test_the_status_page_says_so_when_mail_waits_for_too_long(
    fresh_database: Database, tmp_path: Path
) -> None:
    with served(fresh_database, Settings(data_dir=tmp_path)) as made:
        assert "Alles werkt" in asked(made, "/status").text
        with writing(fresh_database) as session:
            queue.defer(session, "notices.mail", queue="mail", notice_id="x")
        assert "Alles werkt" in asked(made, "/status").text

        with fresh_database.owner.begin() as owner:
            owner.execute(text("UPDATE procrastinate_events SET at = now() - interval '20 minutes'"))

        assert "Mails en herinneringen komen later" in asked(made, "/status").text
