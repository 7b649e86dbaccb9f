"""Sets of people as one Python integer each: the plain form of the kernel's rows of words."""

from collections.abc import Iterator

from matching.rings.graph import Bits


def sets_of(rows: Bits) -> list[int]:
    """One integer per row of 64-bit words."""
    return [int.from_bytes(row.astype("<u8", copy=False).tobytes(), "little") for row in rows]


def lowest(people: int) -> int:
    """The lowest number in a set that is not empty."""
    return (people & -people).bit_length() - 1


def ascending(people: int) -> Iterator[int]:
    """All numbers in a set."""
    while people:
        least = people & -people
        yield least.bit_length() - 1
        people ^= least


def turned(people: int, start: int) -> Iterator[int]:
    """All numbers in a set: from `start` upwards, and then those below it."""
    yield from (start + number for number in ascending(people >> start))
    yield from ascending(people & ((1 << start) - 1))
