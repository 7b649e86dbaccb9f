"""PostgreSQL's own programs: those that fit the server, from its package or from the wheel."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from sqlalchemy import make_url

from app.backups.refusals import BackupRefused
from app.cluster import CannotStart
from app.postgres import wheel_bin_dir

DEBIAN: Final = Path("/usr/lib/postgresql")
SAID_CHARACTERS_MAX: Final = 300


def program(name: str, major: int) -> Path:
    """The path of a program of this major version, else of the nearest later one."""
    fitting = sorted(
        ((version, path) for path in _places(name) if (version := _major(path)) >= major),
        key=lambda one: one[0],
    )
    if not fitting:
        raise BackupRefused(
            f"There is no {name} of PostgreSQL {major} or newer here: install the server's client programs."
        )
    return fitting[0][1]


def _places(name: str) -> Iterator[Path]:
    found = shutil.which(name)
    if found:
        yield Path(found)
    yield from sorted(DEBIAN.glob(f"*/bin/{name}"))
    try:
        wheels = wheel_bin_dir() / name
    except CannotStart:
        return
    if wheels.exists():
        yield wheels


def _major(path: Path) -> int:
    try:
        done = subprocess.run([path, "--version"], capture_output=True, text=True, check=False, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return 0
    version = re.search(r"\) (\d+)", done.stdout)
    return int(version[1]) if done.returncode == 0 and version else 0


def reached(url: str) -> tuple[list[str], dict[str, str]]:
    """The arguments and the environment with which a program reaches a database; no password among the arguments."""
    parsed = make_url(url).set(drivername="postgresql")
    password = parsed.password
    plain = parsed.set(password=None).render_as_string(hide_password=False)
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in ("PATH", "HOME", "TMPDIR", "SSL_CERT_FILE")
    }
    environment = {**kept, "LC_ALL": "C.UTF-8", **({"PGPASSWORD": str(password)} if password else {})}
    return [f"--dbname={plain}", "--no-password"], environment


def conninfo(url: str) -> str:
    """The address as psycopg takes it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def last_words(stderr: Any) -> str:
    """The last line that a program said, from the file that took it down."""
    stderr.seek(0)
    lines = [line.strip() for line in stderr.read().decode(errors="replace").splitlines() if line.strip()]
    return lines[-1][:SAID_CHARACTERS_MAX] if lines else "it says nothing"
