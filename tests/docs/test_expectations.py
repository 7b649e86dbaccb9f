"""The table of what people expect names tests that are there, the first of them in a browser."""

import re

from tests.databases import ROOT
from tests.docs.test_cases import QUOTED, is_there

PAGE = ROOT / "docs" / "expectations.md"
ROW = re.compile(r"^\| (\d+) \| (.+) \|$", re.MULTILINE)
IN_A_BROWSER = "pytest.mark.browser"
IN_EVERY_STATE = {15, 17}
"""Not tried in a circumstance: words are no other on another screen, and axe looks at every page in each."""


def test_each_of_the_24_expectations_has_a_test_in_a_browser_and_every_test_is_there() -> None:
    first, second = PAGE.read_text(encoding="utf-8").split("\n## ", 1)
    rows = ROW.findall(first)
    assert [int(number) for number, _ in rows] == list(range(1, 25))
    for number, cells in rows:
        shown = QUOTED.findall(cells.split(" | ")[1])
        assert shown, number
        for test in shown:
            source = (ROOT / test.partition("::")[0]).read_text()
            assert IN_A_BROWSER in source, f"{number}: {test} opens no browser"
    named = QUOTED.findall(first.split("|---|", 1)[1]) + QUOTED.findall(second)
    assert [test for test in named if not is_there(test)] == []


def test_each_expectation_is_tried_in_every_circumstance() -> None:
    first = PAGE.read_text(encoding="utf-8").split("\n## ", 1)[0]
    rows = {int(number): QUOTED.findall(cells.split(" | ")[1]) for number, cells in ROW.findall(first)}
    untried = [number for number, tests in rows.items() if not any(map(_is_tried, tests))]
    assert set(untried) == IN_EVERY_STATE


def _is_tried(named: str) -> bool:
    file, _, test = named.partition("::")
    found = re.search(rf"((?:^@.*\n)+)def {test}\(", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)
    return found is not None and "@tried(" in found.group(1)
