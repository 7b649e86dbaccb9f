"""Another region is one command and no code: a second and a third really run beside each other, and know nothing of
each other."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg
import pytest

from app import postgres
from app.backups import tools
from bench.measure import free_port
from tests.app.commands import Done, run
from tests.databases import ROOT, chosen_bin_dir

START_S = 120.0
REGIONS = {"tweede": ("Someren", "41"), "derde": ("Helmond", "42")}


@dataclass(frozen=True)
class Host:
    """A server for many regions, with their settings and folders."""

    server: str
    folder: Path

    def found(self, slug: str, *more: str, port: int = 8000) -> Done:
        municipality, number = REGIONS.get(slug, ("Nergens", "43"))
        return run(
            {}, "region", "found", slug, municipality, "--server", self.server, "--number", number,
            "--base-url", f"http://localhost:{port}", "--port", str(port), "--etc", str(self.folder),
            "--data", str(self.folder), *more,
        )  # fmt: skip

    def databases(self) -> set[str]:
        with psycopg.connect(tools.conninfo(self.server)) as connection:
            return {row[0] for row in connection.execute("SELECT datname FROM pg_database")}


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    folder = tmp_path_factory.mktemp("host")
    with postgres.start(folder / "server", bin_dir=chosen_bin_dir(), durable=False) as server:
        yield Host(server.superuser_url, folder)


@contextmanager
def running(host: Host, slug: str, *commands: str) -> Iterator[None]:
    """As the units of systemd start it, with the settings that were written."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "ZVE_ETC": str(host.folder)}
    log = host.folder / f"{slug}.log"
    with ExitStack() as stack:
        for command in commands:
            with log.open("a") as written:
                words = [sys.executable, "-c", "from app.cli import main; main()", command]
                process = subprocess.Popen(
                    [ROOT / "deploy" / "in_region", slug, *words], cwd=ROOT, env=environment,
                    stdout=written, stderr=written,
                )  # fmt: skip
            stack.callback(process.wait, 40)
            stack.callback(process.terminate)
        yield


def waited_for(address: str, log: Path) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        with suppress(httpx.TransportError):
            ready = httpx.get(f"{address}/gereed", timeout=60)
            if ready.status_code == 200 and ready.json()["worker"]:
                return
        time.sleep(0.2)
    raise AssertionError(log.read_text()[-2000:])


def test_a_second_and_a_third_region_run_beside_each_other_and_share_nothing(host: Host) -> None:
    ports = {slug: free_port() for slug in REGIONS}
    for slug, port in ports.items():
        done = host.found(slug, port=port)
        assert done.returncode == 0, done.stdout + done.stderr
        assert f"systemctl enable --now zorgvoorelkaar-web@{slug}-{port}" in done.stderr
        assert oct((host.folder / f"{slug}.env").stat().st_mode & 0o777) == "0o600"
    with ExitStack() as stack:
        for slug in REGIONS:
            stack.enter_context(running(host, slug, "serve", "worker"))
        for slug, port in ports.items():
            waited_for(f"http://localhost:{port}", host.folder / f"{slug}.log")
        pages = {
            slug: httpx.get(f"http://localhost:{port}/", timeout=60, follow_redirects=True).text
            for slug, port in ports.items()
        }
    for slug, (municipality, _) in REGIONS.items():
        others = {name for name, _ in REGIONS.values()} - {municipality}
        assert municipality in pages[slug]
        assert not any(re.search(other, pages[slug]) for other in others)
    secrets = {
        line
        for slug in REGIONS
        for line in (host.folder / f"{slug}.env").read_text().splitlines()
        if "SECRET" in line
    }
    assert len(secrets) == len(REGIONS)


def test_their_books_count_apart_so_that_a_municipality_can_move_from_one_to_the_other(host: Host) -> None:
    if not (host.folder / "derde.env").exists():
        assert host.found("derde").returncode == 0
    query = "SELECT last_value FROM ledger.transfer_id_seq"
    with psycopg.connect(tools.conninfo(host.server.replace("/postgres?", "/zve_derde?"))) as connection:
        row = connection.execute(query).fetchone()

    assert row is not None
    assert row[0] == 42 * 100_000_000


@pytest.mark.parametrize(
    ("slug", "said"),
    [("Derde Regio", "lower case"), ("nergens", "No municipality is called Nergens")],
)
def test_what_cannot_be_founded_leaves_nothing(host: Host, slug: str, said: str) -> None:
    before = host.databases()
    done = host.found(slug)

    assert done.returncode == 1
    assert said in done.stderr
    assert host.databases() == before
    assert not (host.folder / f"{slug}.env").exists()
