"""The commands of docs/api.md work, in the order in which they stand there."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Self

import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.config import Settings
from tests.app.api.conftest import served
from tests.databases import ROOT, Database, Server
from tests.sites import a_program, a_site

BLOCK = re.compile(r"```sh\n(?:sleep (?P<seconds>\d+)\n|(?P<commands>.*?))```", re.DOTALL)
END = "--- the end of this block ---"
COMMAND = ROOT / ".venv" / "bin" / "zorgvoorelkaar"


class Shell:
    """A shell that goes on where the last block ended, as a reader's does."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            ["bash", "-s"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=ROOT,
            env=environment,
        )

    def run(self, commands: str) -> str:
        """What a block says; a command that fails ends the shell, and the test."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"set -euo pipefail\n{commands}\necho; echo '{END}'\n")
        self.process.stdin.flush()
        said: list[str] = []
        for line in self.process.stdout:
            if line.strip() == END:
                return "".join(said)
            said.append(line)
        raise AssertionError(commands + "".join(said))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.process.communicate("", timeout=10)


@pytest.fixture
def region(database_server: Server, worker: str, tmp_path: Path) -> Iterator[tuple[Database, FastAPI]]:
    """The demonstration that a reader is told to start, in which the three of the story have lives of their own."""
    with database_server.demonstration(f"{worker}_api_story") as filled:
        program = a_program(filled.database.app_url, pool_size=10)
        yield filled.database, a_site(Settings(data_dir=tmp_path), program)
        program.close()


def wait(database: Database, seconds: int) -> None:
    """What the reader sleeps, the clock of the database goes on."""
    with database.owner.begin() as connection:
        connection.execute(text("SELECT ledger.shift(:by)"), {"by": timedelta(seconds=seconds)})


def is_free(database: Database, email: str) -> None:
    """Whoever helps somebody at this very hour does so later: the story is told at any hour."""
    with database.owner.begin() as connection:
        connection.execute(
            text("UPDATE occurrence o SET starts_at = o.starts_at + later, ends_at = o.ends_at + later"
                 " FROM contact c, (SELECT interval '5 hours' AS later) l"
                 " WHERE c.email = :email AND c.person_id = o.helper_id"
                 " AND o.starts_at BETWEEN ledger.now() - interval '4 hours' AND ledger.now() + interval '2 hours'"),
            {"email": email},
        )  # fmt: skip


def balance(said: str) -> int:
    """The last balance that was told, in minutes."""
    return int(re.findall(r'"saldoMinuten":(-?\d+)', said)[-1])


@pytest.mark.skipif(shutil.which("curl") is None, reason="the commands use curl")
@pytest.mark.skipif(not COMMAND.exists(), reason="the commands stand in .venv: see make run")
def test_the_story_of_the_api_can_be_pasted(region: tuple[Database, FastAPI]) -> None:
    database, site = region
    is_free(database, "youssef@voorbeeld.example")
    with served(site) as address:
        environment = dict(os.environ) | {"API": address, "DATABASE_URL": database.app_url}
        said: list[str] = []
        with Shell(environment) as shell:
            for block in BLOCK.finditer((ROOT / "docs" / "api.md").read_text(encoding="utf-8")):
                if block["seconds"]:
                    wait(database, int(block["seconds"]))
                else:
                    said.append(shell.run(block["commands"]))

    assert len(said) == 13
    assert re.search(r'"soort":"vereffening","minuten":60,.*"waarvoor":"Samen naar de weekmarkt"', said[5])
    assert balance(said[6]) == balance(said[4]) - 90
    assert '"antwoord":"ja"' in said[-6]
    assert '"status":"gesloten"' in said[-5]
    assert '"status":"voorgesteld"' in said[-4]
    assert '"bewezen":true' in said[-3]
    assert '"gevraagd"' in said[-2]
    assert '"nagekekenDatum"' in said[-1]
