"""Small counts stay hidden, and cannot be computed from what is shown.

A count under five is hidden. A reader who knows the total could still subtract: so what is hidden always has at
least two members and a sum of at least five; until then the smallest of the counts shown is hidden with it.
Which of the hidden ones was small is not told.
"""

from collections.abc import Sequence

LEAST = 5

Counts = tuple[int, ...]
Shown = tuple[int | None, ...]


def hide(counts: Sequence[int]) -> list[int | None]:
    """Counts of one column whose total may be known; None for each that is hidden."""
    return [row[0] for row in hide_rows([(count,) for count in counts])]


def hide_rows(rows: Sequence[Counts]) -> list[Shown]:
    """Rows of one or more columns whose totals may be known: a row is shown whole or not at all."""
    hidden = {place for place, row in enumerate(rows) if any(count < LEAST for count in row)}
    while hidden and not _safe(rows, hidden):
        shown = [place for place in range(len(rows)) if place not in hidden]
        if not shown:
            break
        hidden.add(min(shown, key=lambda place: (rows[place], place)))
    return [(None,) * len(row) if place in hidden else row for place, row in enumerate(rows)]


def total(rows: Sequence[Counts]) -> Shown:
    """The sums of the columns. Where all rows are hidden and there are too few of them, so are the sums."""
    if not rows:
        return ()
    sums = tuple(sum(column) for column in zip(*rows, strict=True))
    everything = set(range(len(rows)))
    hidden = {place for place, row in enumerate(hide_rows(rows)) if None in row}
    if hidden == everything and not _safe(rows, hidden):
        return (None,) * len(sums)
    return sums


def one(count: int) -> int | None:
    """A count that stands alone."""
    return count if count >= LEAST else None


def out_of_100(part: int, whole: int) -> int | None:
    """A share, only where neither part nor whole is small."""
    return round(100 * part / whole) if part >= LEAST and whole >= LEAST else None


def _safe(rows: Sequence[Counts], hidden: set[int]) -> bool:
    if len(hidden) < 2:
        return False
    width = len(rows[0])
    return all(sum(rows[place][column] for place in hidden) >= LEAST for column in range(width))
