"""The table of cases names tests that are there and guards that can be taken away."""

import re
from dataclasses import dataclass

import pytest

from tests.databases import ROOT
from tools.guards import GUARDS, Guard

PAGE = ROOT / "docs" / "cases.md"
ROW = re.compile(r"^\| (\d+) \| (.+) \| (.+) \| (.+) \|$", re.MULTILINE)
QUOTED = re.compile(r"`([^`]+)`")
KINDS = {
    "Security": "security", "Scenarios": "scenario", "Papers": "paper", "Safety": "safety", "Checks": "check",
    "Invoices": "invoice", "Providers": "provider", "Place": "place", "Privacy": "privacy", "Audit": "audit",
    "Outside": "outside", "Programs": "program",
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One row: the tests that prove it, and the files in which its guards stand."""

    name: str
    tests: list[str]
    files: list[str]


def cases() -> list[Case]:
    """Every row of both tables."""
    parts = re.split(r"^## (\w+)$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return [
        Case(f"{KINDS[heading]} {number}", QUOTED.findall(tests), QUOTED.findall(files))
        for heading, body in zip(parts[::2], parts[1::2], strict=True)
        for number, _, tests, files in ROW.findall(body)
    ]


def is_there(test: str) -> bool:
    """Whether the file has a test of this name."""
    path, _, name = test.partition("::")
    place = ROOT / path
    return place.is_file() and re.search(rf"^def {name}\(", place.read_text(), re.MULTILINE) is not None


def test_every_case_names_tests_that_are_there_and_files_with_its_guards() -> None:
    found = cases()

    assert len(found) == len({case.name for case in found}) == 117
    for case in found:
        assert [test for test in case.tests if not is_there(test)] == [], case.name
        assert [file for file in case.files if not (ROOT / file).is_file()] == [], case.name
        assert case.tests, case.name
        assert case.files, case.name


def test_of_every_case_a_guard_is_taken_away_in_each_file_that_it_names() -> None:
    named = {(case.name, file) for case in cases() for file in case.files}

    assert named == {(guard.case, guard.path) for guard in GUARDS}


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: f"{guard.case}: {guard.what}")
def test_a_guard_stands_once_where_it_is_taken_away_and_its_tests_are_there(guard: Guard) -> None:
    assert [(ROOT / path).read_text(encoding="utf-8").count(old) for path, old, _ in guard.edits] == [
        1
    ] * len(guard.edits)
    assert [test for test in guard.tests if not is_there(test)] == []


def test_a_test_that_is_gone_is_caught() -> None:
    assert not is_there("tests/docs/test_cases.py::test_that_nobody_wrote")
    assert not is_there("tests/docs/test_nothing.py::test_a_test_that_is_gone_is_caught")
