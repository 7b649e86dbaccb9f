"""Resolve pyproject.toml for every Python from 3.11 on into requirements/*.txt, each package with its hashes.

The files name packages and hashes, and no place to fetch them from: that is for each machine to say.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
GROUPS = ("run", "build", "test", "check")
A_PLACE = re.compile(r"://|^--(?!hash)|^\s*/|@ file:")


def main() -> None:
    """Lock the groups, each in agreement with those before it."""
    done: list[str] = []
    for group in GROUPS:
        (ROOT / "requirements" / f"{group}.txt").write_text(locked(group, done))
        done.append(group)


def locked(group: str, before: list[str]) -> str:
    """The text of one file of requirements."""
    source = ["pyproject.toml"] if group == "run" else ["--group", group]
    constraints = [part for name in before for part in ("-c", f"requirements/{name}.txt")]
    command = [
        str(Path(sys.executable).with_name("uv")), "pip", "compile", *source, *constraints,
        "--universal", "--python-version", "3.11", "--generate-hashes",
        "--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links", "--quiet",
    ]  # fmt: skip
    text = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for line in text.splitlines():
        if A_PLACE.search(line):
            sys.exit(f"requirements/{group}.txt would name a place: {line.strip()}")
    return text


if __name__ == "__main__":
    main()
