"""Rules of the house that no single feature can keep."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from statistics import quantiles

import pytest
import yaml

from tests.databases import ROOT

PACKAGES = ("app", "matching", "rewards", "web", "migrations")
REQUIREMENTS = sorted((ROOT / "requirements").glob("*.txt"))
PINNED = re.compile(r"^([a-z0-9-]+)(?:\[[a-z,]+\])?==(\S+)(?: ; .+)? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}(?: \\)?$")


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Every module of the program: its path and its tree."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text())


def functions() -> Iterator[tuple[str, int]]:
    """Every function, with its number of lines."""
    for path, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
                yield f"{path}:{node.name}", node.end_lineno - node.lineno + 1


def test_imports_run_one_way() -> None:
    if find_spec("importlinter") is None:
        pytest.skip("import-linter comes with `make check`, which runs it")
    # in a process of its own: it silences every logger that is there already
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())",
    ]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_only_the_database_module_commits() -> None:
    found = [
        f"{path}:{node.lineno}"
        for path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    ]
    assert [place for place in found if not place.startswith("app/db.py:")] == []


def test_a_seed_is_read_while_a_test_is_imported() -> None:
    """Once tests run, the settings of the shell are taken away (`tests/conftest.py`)."""
    late = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in (ROOT / "tests").rglob("*.py")
        if "ZVE_TEST_SEED" in (code := path.read_text())
        for function in ast.walk(ast.parse(code))
        if isinstance(function, ast.FunctionDef)
        for call in ast.walk(function)
        if isinstance(call, ast.Call) and any(ast.unparse(one) == "'ZVE_TEST_SEED'" for one in call.args)
    ]
    assert late == []


def test_nineteen_functions_in_twenty_fit_on_a_screen() -> None:
    assert quantiles([lines for _, lines in functions()], n=20)[-1] <= 30


@pytest.mark.parametrize("path", REQUIREMENTS, ids=lambda path: path.stem)
def test_locked_requirements_name_versions_and_hashes_and_no_place(path: Path) -> None:
    other = [
        line for line in path.read_text().splitlines() if not PINNED.match(line) and not HASH.match(line)
    ]
    assert other == []


def test_all_locked_requirements_agree() -> None:
    versions: dict[str, set[str]] = {}
    for path in REQUIREMENTS:
        for line in path.read_text().splitlines():
            if found := PINNED.match(line):
                versions.setdefault(found[1], set()).add(found[2])
    assert {name: found for name, found in versions.items() if len(found) > 1} == {}


def test_the_front_end_lock_names_hashes_and_no_place() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    for name, package in packages.items():
        if name:
            assert package["integrity"].startswith("sha512-")
            assert "resolved" not in package


def test_publiccode_is_complete() -> None:
    code = yaml.safe_load((ROOT / "publiccode.yml").read_text())
    required = "publiccodeYmlVersion name url platforms categories developmentStatus softwareType"
    assert set(required.split()) | {"description", "legal", "maintenance", "localisation"} <= set(code)
    assert code["legal"]["license"] == "EUPL-1.2"
    assert set(code["localisation"]["availableLanguages"]) == set(code["description"]) == {"nl", "en"}
    for text in code["description"].values():
        assert len(text["genericName"]) <= 35
        assert len(text["shortDescription"]) <= 150
        assert 500 <= len(text["longDescription"]) <= 10_000
