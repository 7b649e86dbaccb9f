"""What the compiled kernel is made of, and how one knows that a compiled file is of these very sources."""

import hashlib
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent
LIBRARY: Final = FOLDER / "libmatching.so"
FLAGS: Final = (
    "-std=c11",
    "-O3",
    "-fPIC",
    "-shared",
    "-fvisibility=hidden",
    # A fused multiply-add rounds once where numpy rounds twice: distances would differ in the last bit.
    "-ffp-contract=off",
    # Lets a square root be one instruction; nobody reads errno.
    "-fno-math-errno",
    "-Wall",
    "-Wextra",
)


def sources() -> list[Path]:
    """The C files, in the order in which they are compiled."""
    return sorted(FOLDER.glob("*.c"))


def digest() -> str:
    """Changes when the sources, or how they are compiled, change."""
    found = hashlib.sha256(" ".join(FLAGS).encode())
    for path in [*sources(), *sorted(FOLDER.glob("*.h"))]:
        found.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()
