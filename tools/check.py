"""`make check`: all that can be checked without running the program, each step told, all failures at once."""

import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
PACKAGES = ("app", "matching", "rewards", "web", "migrations")
CODE = (*PACKAGES, "tests", "tools", "bench")


@dataclass(frozen=True)
class Step:
    """A command, and the folders without which it has nothing to check."""

    name: str
    command: tuple[str, ...]
    needs: tuple[str, ...] = ()

    @property
    def missing(self) -> list[str]:
        """What it needs and is not there."""
        return [path for path in self.needs if not (ROOT / path).exists()]

    def run(self) -> str | None:
        """Nothing if all is well, else what the command said."""
        done = subprocess.run(
            [str(BIN / self.command[0]), *self.command[1:]],
            cwd=ROOT, check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        return None if done.returncode == 0 else done.stdout.strip() or f"exit code {done.returncode}"


def steps() -> list[Step]:
    """What is checked, the quick steps first."""
    code = tuple(path for path in CODE if (ROOT / path).exists())
    packages = tuple(path for path in PACKAGES if (ROOT / path).exists())
    return [
        Step("format", ("ruff", "format", "--check", "--quiet", ".")),
        Step("lint", ("ruff", "check", "--quiet", ".")),
        Step("templates", ("djlint", "--lint", "--quiet", "web/templates"), ("web/templates",)),
        Step("catalogue", ("python", "-m", "tools.check_catalogue"), ("web/locale",)),
        Step("imports", ("lint-imports",), tuple(f"{package}/__init__.py" for package in PACKAGES)),
        Step("security", ("bandit", "-q", "-c", "pyproject.toml", "-r", *packages)),
        Step("types", ("mypy", *code)),
        Step("migrations", ("python", "-m", "tools.check_migrations"), ("migrations/env.py",)),
    ]


def main() -> int:
    """Run all steps; the number of those that failed."""
    failed = 0
    for step in steps():
        if step.missing:
            print(f"  -   {step.name}: no {', '.join(step.missing)}")
            continue
        started = time.monotonic()
        report = step.run()
        print(f"{'FAIL' if report else ' ok '}  {step.name} ({time.monotonic() - started:.1f} s)", flush=True)
        if report:
            failed += 1
            print(report, flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main())
