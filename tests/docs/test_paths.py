"""What the documentation names exists: files, links, make targets, commands and settings."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import AliasChoices, AliasPath
from typer.main import get_command

from app.cli import command
from app.config import Settings
from app.jobs.timetable import PERIODIC
from tests.databases import ROOT

PAGES = sorted(
    [
        *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")),
        *(ROOT / "docs").rglob("*.md"),
    ]
)
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
QUOTED = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
IN_FILE = re.compile(r"`([A-Za-z_.]+)`\s(?:in|of)\s`([\w/]+\.(?:py|sql))`")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
MADE = frozenset({".data/", ".venv/bin/zorgvoorelkaar", "web/static/vendor/"})
"""What `make` puts there."""


def prose(page: Path) -> str:
    """The page without its blocks of code."""
    return FENCED.sub("", page.read_text(encoding="utf-8"))


def named_paths(page: Path) -> Iterator[str]:
    """What stands between backticks and is a path from the root of the project, or a test in a file there."""
    roots = {path.name for path in ROOT.iterdir()}
    for quoted in (text.partition("::")[0] for text in QUOTED.findall(prose(page))):
        is_path = "/" in quoted or quoted.endswith((".py", ".md", ".toml", ".yml"))
        if " " not in quoted and is_path and quoted.split("/")[0] in roots and quoted not in MADE:
            yield quoted


def exists(path: str) -> bool:
    """Whether a file or folder is there; `<feature>` and `*` stand for any."""
    return any(ROOT.glob(re.sub(r"<\w+>", "*", path).rstrip("/")))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_path_that_a_page_names_exists(page: Path) -> None:
    assert [path for path in named_paths(page) if not exists(path)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_within_the_project_leads_somewhere(page: Path) -> None:
    targets = [link for link in LINK.findall(prose(page)) if "://" not in link]

    assert [link for link in targets if not leads_somewhere(page, link)] == []


def leads_somewhere(page: Path, link: str) -> bool:
    """Whether the file exists and, with a fragment, has such a heading."""
    name, _, fragment = link.partition("#")
    target = (page.parent / name).resolve() if name else page
    if not fragment or not target.exists():
        return target.exists()
    headings = HEADING.findall(target.read_text(encoding="utf-8"))
    return fragment in {re.sub(r"[^\w -]", "", text.lower()).replace(" ", "-") for text in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_name_that_a_page_places_in_a_file_stands_there(page: Path) -> None:
    placed = [(name.split(".")[-1], path) for name, path in IN_FILE.findall(prose(page))]

    assert [f"{name} in {path}" for name, path in placed if not stands_in(name, path)] == []


def stands_in(name: str, path: str) -> bool:
    """Whether the word occurs in the file."""
    return re.search(rf"\b{name}\b", (ROOT / path).read_text(encoding="utf-8")) is not None


def test_every_make_target_that_a_page_names_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {
        target
        for page in PAGES
        for target in re.findall(r"(?:`|^|\d )make ([a-z-]+)(?:`|$)", page.read_text(), re.MULTILINE)
    }

    assert {"run", "test", "check"} <= named
    assert named - targets == set()


def test_every_command_that_a_page_names_exists() -> None:
    commands = get_command(command).commands  # type: ignore[attr-defined]
    named = {
        name for page in PAGES for name in re.findall(r"(?:`|/)zorgvoorelkaar ([a-z-]+)", page.read_text())
    }

    assert named - set(commands) == set()


def test_every_job_of_the_clock_that_a_page_names_exists_and_is_due_then() -> None:
    due = {name: cron for cron, name, _ in PERIODIC}
    named = {
        found
        for page in PAGES
        for found in re.findall(
            r"`((?:minutes|hours|nights|days)\.[a-z_]+)`(?:\s+at\s+(\d+)\.(\d+))?", page.read_text()
        )
    }

    assert {name for name, _, _ in named} - set(due) == set()
    at = {name: f"{int(minute)} {hour} * * *" for name, hour, minute in named if hour}
    assert at
    assert at == {name: due[name] for name in at}


def test_every_setting_stands_on_its_page_and_no_other() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    table = re.findall(r"^\| `([A-Z_]+)` \|", page, re.MULTILINE)

    assert sorted(table) == sorted(settings())


def settings() -> Iterator[str]:
    """The names of the environment variables that the program reads."""
    for name, field in Settings.model_fields.items():
        alias = field.validation_alias
        assert not isinstance(alias, AliasPath | AliasChoices)
        yield alias or f"ZVE_{name.upper()}"


def test_every_decision_is_in_the_list_of_decisions() -> None:
    files = {f"adr/{path.name}" for path in (ROOT / "docs" / "adr").glob("*.md")}
    listed = {
        link for link in LINK.findall((ROOT / "docs" / "README.md").read_text()) if link.endswith(".md")
    }

    assert files - listed == set()


def test_decisions_are_numbered_without_gaps_and_say_what_was_weighed() -> None:
    pages = sorted((ROOT / "docs" / "adr").glob("*.md"))

    assert [page.name[:4] for page in pages] == [f"{number:04}" for number in range(1, len(pages) + 1)]
    for page in pages:
        headings = HEADING.findall(page.read_text(encoding="utf-8"))
        assert headings[0].startswith(f"{page.name[:4]}. ")
        assert {"Context", "Decision", "Consequences", "Alternatives"} <= set(headings)


def test_the_table_of_actors_names_every_policy_and_every_way_in() -> None:
    scripts = [*(ROOT / "migrations" / "sql").glob("*.sql"), ROOT / "rewards" / "sql" / "08_access.sql"]
    ahead = [path for path in scripts if "ledger" not in path.name and "down" not in path.name]
    sql = "\n".join(path.read_text(encoding="utf-8") for path in ahead)
    policies = set(re.findall(r"CREATE POLICY (\w+) ON", sql))
    functions = set(re.findall(r"(\w+)\([^()]*\)[,\s](?=[^;]*TO \{application\};)", sql))
    page = (ROOT / "docs" / "adr" / "0003-roles-and-row-level-security.md").read_text(encoding="utf-8")

    assert {"tenant", "own", "counterpart"} <= policies
    assert {"match_changes", "person_for_email"} <= functions
    assert {name for name in policies if f"`{name}`" not in page} == set()
    assert {name for name in functions if f"`{name}()`" not in page} == set()


def test_what_is_gone_is_caught(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("Read `post` in `app/clock.py`, `app/gone.py` and [this](gone.md).")

    assert [path for path in named_paths(page) if not exists(path)] == ["app/gone.py"]
    assert not leads_somewhere(page, "gone.md")
    assert IN_FILE.findall(prose(page)) == [("post", "app/clock.py")]
    assert not stands_in("post", "app/clock.py")
    assert exists("app/<feature>/api.py")
