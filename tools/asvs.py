"""Run every test that docs/asvs.md names: `python -m tools.asvs`, or `--missing` to name what is not there."""

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
PAGE: Final = ROOT / "docs" / "asvs.md"
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
    return sorted({proof for one in requirements() for proof in one.proofs if not is_there(proof)})


def main() -> int:
    """Name what is missing, else run the tests; the code of pytest, 1 for something missing."""
    gone = missing()
    for proof in gone:
        print(f"not there: {proof}")
    if gone or "--missing" in sys.argv:
        return int(bool(gone))
    tests = sorted({test for one in requirements() for test in one.tests})
    print(f"{len(requirements())} requirements, {len(tests)} tests and files of tests")
    workers = ["-n", "4", "--dist", "loadfile"]
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *workers, *tests], cwd=ROOT, check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
