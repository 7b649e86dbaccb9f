"""Run every test that docs/asvs.md and docs/bio.md name: `python -m tools.asvs`, or `--missing` to name what is not
there. With a number of parts and which one (`4 1`) only that part runs. A test that is skipped bears nothing out."""

import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

ROOT: Final = Path(__file__).resolve().parent.parent
PAGE: Final = ROOT / "docs" / "asvs.md"
BIO: Final = ROOT / "docs" / "bio.md"
ROW: Final = re.compile(r"^\| (V\d+\.\d+\.\d+) \| (.+) \| (.+) \|$", re.MULTILINE)
QUOTED: Final = re.compile(r"`([^`]+)`")
ABSENT: Final = "Does not apply: "


@dataclass(frozen=True, slots=True)
class Requirement:
    """One row of the page: the answer, and the tests, pages and files that bear it out."""

    id: str
    answer: str
    proofs: tuple[str, ...]

    @property
    def tests(self) -> list[str]:
        """The proofs that can be run."""
        return [proof for proof in self.proofs if proof.startswith("tests/") and ".py" in proof]


def requirements() -> list[Requirement]:
    """Every row, in the order of the page."""
    rows = ROW.findall(PAGE.read_text(encoding="utf-8"))
    return [Requirement(id, answer, tuple(QUOTED.findall(proofs))) for id, answer, proofs in rows]


def of_bio() -> list[str]:
    """What the page on BIO2 names: files and tests, and pages beside it."""
    page = BIO.read_text(encoding="utf-8")
    linked = [f"docs/{path}" for path in re.findall(r"\]\(([^)]+)\)", page)]
    return [*(name for name in QUOTED.findall(page) if "." in name), *linked]


def is_there(proof: str) -> bool:
    """Whether the file is there, and has a test of the name that follows ``::``."""
    path, _, name = proof.partition("::")
    place = ROOT / path
    if not place.is_file():
        return False
    return (
        not name or re.search(rf"^def {name}\(", place.read_text(encoding="utf-8"), re.MULTILINE) is not None
    )


def missing() -> list[str]:
    """What the page names and nobody wrote."""
    return sorted(
        {proof for one in requirements() for proof in one.proofs if not is_there(proof)}
        | {proof for proof in of_bio() if not is_there(proof)}
    )


def named() -> list[str]:
    """Every test and file of tests that either page names, once."""
    bio = {proof for proof in of_bio() if proof.startswith("tests/")}
    return sorted({test for one in requirements() for test in one.tests} | bio)


def skipped(report: Path) -> list[str]:
    """The tests that did not run, as pytest told it in XML, each with the reason."""
    return [
        f"{case.get('classname')}::{case.get('name')}: {one.get('message')}"
        for case in ET.parse(report).iter("testcase")  # noqa: S314 - written by our own run
        for one in case.findall("skipped")
    ]


def run(tests: list[str]) -> int:
    """The code of pytest, or 1 where it skipped something: no browser, no compiler, no library of the system."""
    with tempfile.TemporaryDirectory(prefix="zve-asvs-") as folder:
        report = Path(folder) / "report.xml"
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-n",
            "4",
            "--dist",
            "loadfile",
            f"--junitxml={report}",
        ]
        code = subprocess.run([*command, *tests], cwd=ROOT, check=False).returncode
        left_out = skipped(report) if report.exists() else []
    for one in left_out:
        print(f"skipped: {one}")
    return code or int(bool(left_out))


def main() -> int:
    """Name what is missing, else run the tests; 0 only when all of them ran and passed."""
    gone = missing()
    for proof in gone:
        print(f"not there: {proof}")
    if gone or "--missing" in sys.argv:
        return int(bool(gone))
    tests = named()
    if parts := [int(word) for word in sys.argv[1:]]:
        tests = tests[parts[1] - 1 :: parts[0]]
    print(f"{len(requirements())} requirements, {len(tests)} tests and files of tests")
    return run(tests)


if __name__ == "__main__":
    sys.exit(main())
