"""Take each guard away in a copy of the project, and see its tests fail: a test that never fails proves nothing.

    python -m tools.prove_guards [--jobs N] [--result FILE] [case ...]

A guard counts as proved when the named tests pass as they are and at least one of them fails without it, by
itself: a mistake in importing, a fixture that breaks or a text that is no longer there is no proof.
"""

import argparse
import compileall
import os
import py_compile
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from xml.etree import ElementTree as ET

from bench.measure import commit
from tools.guards import GUARDS, Guard

ROOT = Path(__file__).resolve().parents[1]
LENT = (".venv", "node_modules")
"""Not in git, and the same for every copy."""
BUILT = "web/static/vendor"
"""Not in git either; a page takes nothing from outside its own folder, so that a link would not do."""
PACKAGES = ("app", "bench", "matching", "migrations", "rewards", "tests", "tools", "web")
RUN_S = 240
"""For each file of tests: with every guard in place they run one after the other."""
TOTAL_S = 2 * 60 * 60
NO_PROOF = (
    "ImportError",
    "ModuleNotFoundError",
    "NameError",
    "SyntaxError",
    "IndentationError",
    "AttributeError",
)


class NoVerdict(Exception):
    """The tests did not run to an end that says anything; the text says why."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A test that failed by itself, and the first line of what it said."""

    test: str
    said: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of taking one guard away: the ``test`` that failed, or else ``why`` nothing is proved."""

    guard: Guard
    test: str = ""
    why: str = ""

    def __str__(self) -> str:
        sign = "ok" if self.test else "-"
        return f"{sign:>4}  {self.guard.case:12} {self.guard.what:64} {self.test or self.why}"


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
        for name in LENT:
            if (ROOT / name).exists():
                (copy / name).symlink_to(ROOT / name)
        if (ROOT / BUILT).exists():
            shutil.copytree(ROOT / BUILT, copy / BUILT)
        compile_all(copy)
        yield copy


def compile_all(copy: Path) -> None:
    """Once, for all guards: each byte code file names the text that it was made of, and is passed by for any other."""
    mode = py_compile.PycInvalidationMode.CHECKED_HASH
    for folder in PACKAGES:
        compileall.compile_dir(copy / folder, quiet=2, invalidation_mode=mode)


def failures(copy: Path, tests: tuple[str, ...], workers: int = 1) -> list[Failure]:
    """The tests that fail, up to the first; raises NoVerdict."""
    report = copy.parent / "report.xml"
    report.unlink(missing_ok=True)
    most_s = RUN_S * len({test.partition("::")[0] for test in tests})
    environment = os.environ | {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": ""}
    command = [str(copy / ".venv/bin/python"), "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider"]
    if workers > 1:
        command += ["-n", str(workers), "--dist", "loadfile"]
    try:
        done = subprocess.run(
            [*command, f"--junitxml={report}", *tests],
            cwd=copy, env=environment, check=False, capture_output=True, text=True, timeout=most_s,
        )  # fmt: skip
    except subprocess.TimeoutExpired as late:
        raise NoVerdict(f"no end within {most_s} s") from late
    if not report.exists():
        raise NoVerdict(f"pytest ended with {done.returncode}")
    found, broken = _reported(report, "failure"), _reported(report, "error")
    # 1 is what pytest ends with when a test fails, 2 when several processes stop at the first that does
    if (done.returncode and not found) or done.returncode not in (0, 1, 2):
        raise NoVerdict(
            f"a fixture broke, {broken[0].test}: {broken[0].said}" if broken else done.stdout[-400:]
        )
    return found


def _reported(report: Path, kind: str) -> list[Failure]:
    return [
        Failure(str(case.get("name")).partition("[")[0], str(one.get("message", "")).partition("\n")[0])
        for case in ET.parse(report).iter("testcase")  # noqa: S314
        for one in case.findall(kind)
    ]


def prove(copy: Path, guard: Guard) -> Verdict:
    """The verdict on one guard; the copy is afterwards as it was."""
    if any(path.startswith("tests/") for path, _, _ in guard.edits):
        # the byte code that pytest writes goes by the second in which a test was changed
        return Verdict(guard, why="a test is no guard")
    texts = {path: (copy / path).read_text(encoding="utf-8") for path, _, _ in guard.edits}
    for path, old, _ in guard.edits:
        if texts[path].count(old) != 1:
            return Verdict(guard, why=f"its text stands {texts[path].count(old)} times in {path}")
    try:
        for path, old, new in guard.edits:
            before = (copy / path).read_text(encoding="utf-8")
            (copy / path).write_text(before.replace(old, new), encoding="utf-8")
        found = failures(copy, guard.tests)
    except NoVerdict as reason:
        return Verdict(guard, why=str(reason))
    finally:
        for path, text in texts.items():
            (copy / path).write_text(text, encoding="utf-8")
    if not found:
        return Verdict(guard, why="no test fails")
    if found[0].said.startswith(NO_PROOF):
        return Verdict(guard, why=f"failed by a mistake: {found[0].said}")
    return Verdict(guard, test=found[0].test)


def prove_all(chosen: list[Guard], copies: list[Path], until: float) -> Iterator[Verdict]:
    """A verdict on each, in order, as many at once as there are copies; none is begun after ``until``."""
    free: SimpleQueue[Path] = SimpleQueue()
    for copy in copies:
        free.put(copy)

    def in_turn(guard: Guard) -> Verdict:
        if time.monotonic() > until:
            return Verdict(guard, why="no time left")
        copy = free.get()
        try:
            return prove(copy, guard)
        finally:
            free.put(copy)

    with ThreadPoolExecutor(len(copies)) as pool:
        yield from pool.map(in_turn, chosen)


def main(arguments: list[str]) -> int:
    """0 when every guard that was chosen is proved, 1 when one is not, 2 when its tests fail as it is."""
    wanted = _arguments(arguments)
    chosen = [guard for guard in GUARDS if not wanted.cases or guard.case in wanted.cases]
    head = f"commit {commit()}: the guard that is taken away, and the test that then fails"
    started = time.monotonic()
    with ExitStack() as stack:
        copies = [stack.enter_context(a_copy()) for _ in range(wanted.jobs)]
        if trouble := _with_every_guard(copies, chosen):
            print(f"With every guard in place: {trouble}")
            return 2
        verdicts = []
        for verdict in prove_all(chosen, copies, started + TOTAL_S):
            print(verdict, flush=True)
            verdicts.append(verdict)
    proved = sum(bool(verdict.test) for verdict in verdicts)
    footing = f"{proved} of {len(verdicts)} proved in {time.monotonic() - started:.0f} s"
    print(footing)
    if wanted.result:
        Path(wanted.result).write_text("\n".join([head, "", *map(str, verdicts), "", footing, ""]), "utf-8")
    return int(proved < len(verdicts))


def _with_every_guard(copies: list[Path], chosen: list[Guard]) -> str:
    """Why the tests prove nothing: they fail as it is. Empty when all pass."""
    tests = tuple(dict.fromkeys(test for guard in chosen for test in guard.tests))
    try:
        found = failures(copies[0], tests, workers=len(copies))
    except NoVerdict as reason:
        return str(reason)
    return f"{found[0].test} fails, {found[0].said}" if found else ""


def _arguments(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("cases", nargs="*", metavar="case", help='guards of these cases only ("security 22")')
    parser.add_argument("--jobs", type=int, default=1, help="so many at once, each in a copy of its own")
    parser.add_argument("--result", help="a file for the verdicts")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
