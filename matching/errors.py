"""What the engine refuses, always naming the row.

MatchingError
|-- BadRow
|   |-- NotWhole            a number that is missing, fractional or NaN
|   |-- OutOfRange          a number or mask outside its bounds
|   |-- OutsideTheWorld     a cell or a point that is not on the grid
|   |-- UnknownCategory     a category number outside 0..63
|   |-- UnknownRow          an id that no row has
|   `-- DuplicateId         two rows under one key
|-- TooLarge                an assignment whose numbers would not fit 64 bits
`-- Unsolved                a solver gave an answer that its own prices do not prove
"""

from uuid import UUID


class MatchingError(ValueError):
    """Base of all errors of the engine."""


class BadRow(MatchingError):
    """A row that cannot be indexed; `row_id` is None for a bare point or cell."""

    reason = "is not usable"

    def __init__(self, row_id: UUID | None, field: str, value: object) -> None:
        self.row_id, self.field, self.value = row_id, field, value
        whose = f"row {row_id}: " if row_id is not None else ""
        super().__init__(f"{whose}{field} {self.reason}: {value!r}")


class NotWhole(BadRow):
    """A whole number was needed."""

    reason = "is not a whole number"


class OutOfRange(BadRow):
    """The number or mask lies outside its bounds."""

    reason = "is out of range"


class OutsideTheWorld(BadRow):
    """The point or cell does not lie on the grid (the Netherlands with a margin)."""

    reason = "lies outside the grid"


class UnknownCategory(BadRow):
    """Categories are numbered 0..63."""

    reason = "is not a category"


class DuplicateId(BadRow):
    """Two rows came under one key."""

    reason = "occurs twice"


class UnknownRow(BadRow):
    """Something was said of an id that no row has."""

    reason = "is said of a row that is not there"


class TooLarge(MatchingError):
    """The weights of an assignment would not fit 64 bits."""


class Unsolved(MatchingError):
    """A solver's answer is not the best by its own prices."""
