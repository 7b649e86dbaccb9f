"""What a backup leaves behind in the data folder: when the last one was made, for `check` and for a monitor."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

NAME: Final = "last-backup.json"


@dataclass(frozen=True, slots=True)
class LastBackup:
    """A backup that came to its end: the moment of its snapshot, its size, and how long it took."""

    at: datetime
    bytes: int
    seconds: float


def last_backup(data_dir: Path) -> LastBackup | None:
    """The last one made from this data folder; None where none is known."""
    try:
        said = json.loads((data_dir / NAME).read_text(encoding="utf-8"))
        return LastBackup(datetime.fromisoformat(said["at"]), int(said["bytes"]), float(said["seconds"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def keep_last_backup(data_dir: Path, last: LastBackup) -> None:
    """Remember it."""
    said = {"at": last.at.astimezone(UTC).isoformat(), "bytes": last.bytes, "seconds": round(last.seconds, 1)}
    data_dir.mkdir(parents=True, exist_ok=True)
    (data_dir / NAME).write_text(json.dumps(said), encoding="utf-8")
