"""Take each guard away in a copy of the project, and see its tests fail: a test that never fails proves nothing.

    python -m tools.prove_guards [case ...]

A guard counts as proved when the named tests pass as they are and at least one of them fails without it, by
itself: a mistake in importing, a fixture that breaks or a text that is no longer there is no proof.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.etree import ElementTree as ET

from tools.guards import GUARDS, Guard

ROOT = Path(__file__).resolve().parents[1]
BUILT = (".venv", "node_modules", "web/static/vendor")
"""Not in git, and the same for every copy."""
RUN_S = 240
"""For each file of tests: with every guard in place they run one after the other."""
TOTAL_S = 45 * 60
NO_PROOF = (
    "ImportError",
    "ModuleNotFoundError",
    "NameError",
    "SyntaxError",
    "IndentationError",
    "AttributeError",
)


@contextmanager
def a_copy() -> Iterator[Path]:
    """The project as it stands here, in a folder that goes away."""
    with tempfile.TemporaryDirectory(prefix="zve-guards-") as folder:
        copy = Path(folder) / "project"
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT, check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip
        for name in filter(None, listed.split("\0")):
            if (ROOT / name).is_file():
                (copy / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(ROOT / name, copy / name)
        for name in BUILT:
            if (ROOT / name).exists():
                (copy / name).symlink_to(ROOT / name)
        yield copy


def failures(copy: Path, tests: tuple[str, ...]) -> list[str] | str:
    """The first line of each failure, or in a text why there is nothing to tell."""
    report = copy.parent / "report.xml"
    report.unlink(missing_ok=True)
    # a byte code file of the text before would be taken for that of the text now
    most_s = RUN_S * len({test.partition("::")[0] for test in tests})
    environment = os.environ | {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [str(copy / ".venv/bin/python"), "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider"]
    try:
        done = subprocess.run(
            [*command, f"--junitxml={report}", *tests],
            cwd=copy, env=environment, check=False, capture_output=True, text=True, timeout=most_s,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return f"no end within {most_s} s"
    if done.returncode not in (0, 1) or not report.exists():
        return f"pytest ended with {done.returncode}"
    cases = list(ET.parse(report).iter("testcase"))  # noqa: S314
    found = [
        str(one.get("message", "")).partition("\n")[0] for case in cases for one in case.findall("failure")
    ]
    if done.returncode == 1 and not found:
        broken = [
            f"{case.get('name')}: {str(one.get('message', '')).partition(chr(10))[0]}"
            for case in cases for one in case.findall("error")
        ]  # fmt: skip
        return f"a fixture broke, {broken[0]}" if broken else done.stdout[-400:]
    return found


def verdict(copy: Path, guard: Guard) -> str:
    """Empty when the guard is proved, else why not."""
    place = copy / guard.path
    text = place.read_text(encoding="utf-8")
    if text.count(guard.old) != 1:
        return f"its text stands {text.count(guard.old)} times in {guard.path}"
    place.write_text(text.replace(guard.old, guard.new), encoding="utf-8")
    try:
        found = failures(copy, guard.tests)
    finally:
        place.write_text(text, encoding="utf-8")
    if isinstance(found, str):
        return found
    if not found:
        return "no test fails"
    return f"failed by a mistake: {found[0]}" if found[0].startswith(NO_PROOF) else ""


def main(cases: list[str]) -> int:
    """Prove all guards, or those of some cases ("security 22"); the number that is not proved."""
    chosen = [guard for guard in GUARDS if not cases or guard.case in cases]
    started, unproved = time.monotonic(), 0
    with a_copy() as copy:
        tests = tuple(dict.fromkeys(test for guard in chosen for test in guard.tests))
        before = failures(copy, tests)
        if before:
            print(f"With every guard in place: {before if isinstance(before, str) else before[0]}")
            return 1
        for guard in chosen:
            late = time.monotonic() - started > TOTAL_S
            why = "no time left" if late else verdict(copy, guard)
            unproved += bool(why)
            print(f"{'  -  ' if why else '  ok '} {guard.case:12} {guard.what:48} {why}", flush=True)
    print(f"{len(chosen) - unproved} of {len(chosen)} proved in {time.monotonic() - started:.0f} s")
    return unproved


if __name__ == "__main__":
    sys.exit(min(main(sys.argv[1:]), 100))
