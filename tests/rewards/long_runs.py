"""What the long form of a test came to, kept for who reads it later: `make test-long`, on either server."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from bench.measure import RESULTS, commit


def keep(name: str, version: str, figures: dict[str, Any], into: Path = RESULTS) -> None:
    """As ``name``.json, beside what the same came to on another major version of PostgreSQL."""
    path = into / f"{name}.json"
    kept = json.loads(path.read_text()) if path.exists() else {}
    kept[f"PostgreSQL {version.partition('.')[0]}"] = {
        "version": version,
        "commit": commit(),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        **figures,
    }
    into.mkdir(exist_ok=True)
    path.write_text(json.dumps(kept, indent=2, sort_keys=True) + "\n")


def version_of(engine: Engine) -> str:
    """Such as 15.14, without the words of who built it."""
    with engine.connect() as connection:
        said: str = connection.exec_driver_sql("SHOW server_version").scalar_one()
    return said.split()[0]
