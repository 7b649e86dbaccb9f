"""Adding to a file that is a proof: what was added is on disk, and no half of it stays."""

import os
from contextlib import suppress
from pathlib import Path


def append_whole(path: Path, text: str) -> None:
    """On disk when it returns; after an OSError the file is as it was, where it may be made shorter."""
    with path.open("ab", buffering=0) as file:
        whole = file.tell()
        try:
            rest = memoryview(text.encode())
            while rest:
                rest = rest[file.write(rest) :]
            os.fsync(file.fileno())
        except OSError:
            with suppress(OSError):  # an append-only file stays as it is; who reads it says which line
                file.truncate(whole)
            raise
