"""The commands of docs/api.md work, in the order in which they stand there."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Self

import pytest
from fastapi import FastAPI

from app.config import Settings
from app.db import Database as Program
from tests.app.api.conftest import served
from tests.app.conftest import program, travel  # noqa: F401 - fixtures
from tests.app.factories import a_member_of_staff, a_person
from tests.databases import ROOT, Database
from tests.sites import a_site

BLOCK = re.compile(r"<!-- (?P<later>four days later) -->|```sh\n(?P<commands>.*?)```", re.DOTALL)
END = "--- the end of this block ---"
COMMAND = ROOT / ".venv" / "bin" / "zorgvoorelkaar"


@pytest.fixture
def people(program: Program, fresh_database: Database) -> None:  # noqa: F811 - the fixture
    """The three of the story, under their addresses in the demonstration."""
    with program.transaction() as session:
        a_person(session, first_name="Ria", email="ria@voorbeeld.example", huisnummer="12")
    with program.transaction() as session:
        a_person(session, first_name="Youssef", email="youssef@voorbeeld.example", postcode="5708 AB")
    with program.transaction() as session:
        a_member_of_staff(fresh_database, session, email="marja@voorbeeld.example")


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


@pytest.mark.skipif(shutil.which("curl") is None, reason="the commands use curl")
@pytest.mark.skipif(not COMMAND.exists(), reason="the commands stand in .venv: see make run")
def test_the_story_of_the_api_can_be_pasted(
    program: Program,  # noqa: F811 - the fixture
    people: None,
    fresh_database: Database,
    travel: Callable[[timedelta], None],  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    site: FastAPI = a_site(Settings(data_dir=tmp_path), program)
    with served(site) as address:
        environment = dict(os.environ) | {"API": address, "DATABASE_URL": fresh_database.app_url}
        said: list[str] = []
        with Shell(environment) as shell:
            for block in BLOCK.finditer((ROOT / "docs" / "api.md").read_text(encoding="utf-8")):
                if block["later"]:
                    travel(timedelta(days=4))
                else:
                    said.append(shell.run(block["commands"]))

    assert len(said) == 12
    assert '"saldoMinuten":-90' in said[-6]
    assert '"antwoord":"ja"' in said[-5]
    assert '"status":"gesloten"' in said[-4]
    assert '"status":"voorgesteld"' in said[-3]
    assert '"bewezen":true' in said[-2]
    assert '"gevraagd"' in said[-1]
