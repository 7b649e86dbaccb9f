"""The table of OWASP ASVS 5.0 has every requirement of level 2 once, with an answer that stands somewhere."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from tools.asvs import ABSENT, is_there, missing, requirements, run

LEVEL_2 = (
    "1.1:1-2 1.2:1-9 1.3:1-11 1.4:1-3 1.5:1-2 2.1:1-3 2.2:1-3 2.3:1-4 2.4:1 3.2:1-2 3.3:1-4 3.4:1-6 "
    "3.5:1-5 3.7:1-2 4.1:1-3 4.2:1 4.3:1-2 4.4:1-4 5.1:1 5.2:1-3 5.3:1-2 5.4:1-3 6.1:1-3 6.2:1-12 6.3:1-4 "
    "6.4:1-4 6.5:1-5 6.6:1-3 6.8:1-4 7.1:1-3 7.2:1-4 7.3:1-2 7.4:1-5 7.5:1-2 7.6:1-2 8.1:1-2 8.2:1-3 "
    "8.3:1 8.4:1 9.1:1-3 9.2:1-4 10.1:1-2 10.2:1-2 10.3:1-4 10.4:1-11 10.5:1-5 10.6:1-2 10.7:1-3 11.1:1-2 "
    "11.2:1-3 11.3:1-3 11.4:1-4 11.5:1 11.6:1 12.1:1-3 12.2:1-2 12.3:1-4 13.1:1 13.2:1-5 13.3:1-2 "
    "13.4:1-5 14.1:1-2 14.2:1-4 14.3:1-3 15.1:1-3 15.2:1-3 15.3:1-7 16.1:1 16.2:1-5 16.3:1-4 16.4:1-3 "
    "16.5:1-3 17.1:1 17.2:1-4 17.3:1-2 "
)
"""The numbers of levels 1 and 2, by section."""


def numbered() -> Iterator[str]:
    """Every requirement in full."""
    for part in LEVEL_2.split():
        section, _, numbers = part.partition(":")
        for stretch in numbers.split(","):
            first, _, last = stretch.partition("-")
            yield from (f"V{section}.{number}" for number in range(int(first), int(last or first) + 1))


def test_every_requirement_of_level_2_has_its_row() -> None:
    wanted = list(numbered())

    assert len(wanted) == 253
    assert [one.id for one in requirements()] == wanted


def test_every_answer_has_a_proof_or_says_why_it_does_not_apply() -> None:
    assert [one.id for one in requirements() if not one.proofs and not one.answer.startswith(ABSENT)] == []


def test_what_an_answer_names_is_there() -> None:
    assert missing() == []


def test_a_proof_that_nobody_wrote_is_caught() -> None:
    assert is_there("tests/docs/test_asvs.py::test_a_proof_that_nobody_wrote_is_caught")
    assert not is_there("tests/docs/test_asvs.py::test_that_nobody_wrote")
    assert not is_there("tests/docs/test_of_nothing.py")


@pytest.mark.parametrize(("outcome", "code"), [("", 0), ('<skipped message="no browser"/>', 1)])
def test_a_proof_that_is_skipped_proves_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], outcome: str, code: int
) -> None:
    def passes(command: list[str], **_: Any) -> CompletedProcess[str]:
        report = next(word for word in command if word.startswith("--junitxml=")).partition("=")[2]
        Path(report).write_text(
            f'<testsuites><testcase classname="t" name="one">{outcome}</testcase></testsuites>'
        )
        return CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", passes)

    assert run(["tests/docs/test_asvs.py"]) == code
    assert ("skipped: t::one: no browser" in capsys.readouterr().out) == bool(code)
