"""Rows that come as columns: a million in a second, where a million objects take a minute.

A column is an array with an element per row, named as the field of `Offer` or `Request`; those with a default may
be left out. Keys are uint64 of shape (n, 2), as `halves` makes them; `categories` (also of requests) is a uint64
mask; in `organisation` and `gender` 0 says none, in `last_proposed_days` -1 says never.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from matching.cells import COLUMNS, ROWS, STRIDE
from matching.columns import Array
from matching.errors import BadRow, NotWhole, OutOfRange, OutsideTheWorld, UnknownCategory
from matching.rows import (
    CHECK_SHIFT,
    CROSSES,
    EXCLUDES,
    GENDER_SHIFT,
    NEVER_PROPOSED,
    NOT_PAUSED,
    NOT_RESTING,
    OFFERS,
    PRESENT,
    REQUESTS,
    UNDER_CAP,
    joined,
)
from matching.table import Loaded
from matching.types import Offer, Request
from matching.validation import OFFER_BOUNDS, OFFER_OPTIONAL, REQUEST_BOUNDS, REQUEST_OPTIONAL, SLOT_BITS

Given = Mapping[str, Array]
Excluded = Mapping[int, frozenset[UUID]]
NO_EXCLUSIONS: Final[Excluded] = {}
_FLAGS: Final = ("paused", "resting", "cross_border", "vulnerable")
_NONE: Final = {"organisation": 0, "gender": 0, "last_proposed_days": -1}
_RENAMED: Final = {
    "organisation": "organisation", "languages": "languages", "cell": "cell", "municipality_id": "municipality",
    "minutes_per_week": "minutes", "radius_km": "radius_km", "load_minutes": "load",
    "load_limit_minutes": "load_limit", "proposals_this_week": "proposals", "proposal_cap": "proposal_cap",
    "minutes": "minutes", "max_km": "max_km", "days_waiting": "days_waiting", "skills_wished": "skills_wished",
    "urgency": "urgency", "vulnerable": "vulnerable", "categories": "categories",
}  # fmt: skip


def halves(keys: Iterable[UUID]) -> NDArray[np.uint64]:
    """Keys as a column: uint64 of shape (n, 2), the high half first."""
    return np.frombuffer(b"".join([key.bytes for key in keys]), dtype=">u8").astype(np.uint64).reshape(-1, 2)


def offers_of(columns: Given, excluded: Excluded = NO_EXCLUSIONS) -> Loaded[Offer]:
    """Offers, and by row number whom they exclude. Raises BadRow; its `row_id` is None for a faulty column."""
    given = _Columns(columns, Offer, OFFER_BOUNDS, OFFER_OPTIONAL)
    records = given.records(OFFERS.dtype, excluded)
    bits = given.all_of() | np.uint64(PRESENT)
    bits |= given.flag("paused", 0, NOT_PAUSED) | given.flag("resting", 0, NOT_RESTING)
    under_cap = records["proposals"] < records["proposal_cap"]
    records["bits"] |= bits | np.where(under_cap, np.uint64(UNDER_CAP), np.uint64(0))
    days = given["last_proposed_days"]
    records["last_proposed"] = np.where(days < 0, NEVER_PROPOSED, days)
    return Loaded(records, excluded)


def requests_of(columns: Given, excluded: Excluded = NO_EXCLUSIONS) -> Loaded[Request]:
    """Requests, and by row number whom they exclude. Raises BadRow; its `row_id` is None for a faulty column."""
    given = _Columns(columns, Request, REQUEST_BOUNDS, REQUEST_OPTIONAL)
    records = given.records(REQUESTS.dtype, excluded)
    several = np.bitwise_count(records["categories"]) != 1
    given.refuse(several, UnknownCategory, "categories", records["categories"])
    records["bits"] |= given.all_of() | np.uint64(PRESENT | NOT_PAUSED | NOT_RESTING | UNDER_CAP)
    return Loaded(records, excluded)


class _Columns:
    """Checked columns, with the defaults of their kind of row for those that were left out."""

    def __init__(
        self,
        columns: Given,
        row: type[Offer] | type[Request],
        bounds: dict[str, tuple[int, int]],
        optional: dict[str, tuple[int, int]],
    ) -> None:
        self.columns, self.fields = columns, row.__dataclass_fields__
        if "id" not in columns:
            raise BadRow(None, "id", None)
        self.size = len(columns["id"])
        known = {*self.fields, "categories"} - {"category", "excluded"}
        for name in columns:
            if name not in known or len(columns[name]) != self.size:
                raise BadRow(None, name, f"{len(columns[name])} elements beside {self.size} ids")
        flags = {name: (0, 1) for name in _FLAGS if name in self.fields}
        for name, (low, high) in (bounds | flags).items():
            self._check(name, low, high)
        for name, (low, high) in optional.items():
            self._check(name, min(low, _NONE[name]), high)
        cells = self._check("cell", 0, 2**31 - 1, OutsideTheWorld)
        outside = (cells // STRIDE >= ROWS) | (cells % STRIDE >= COLUMNS)
        self.refuse(outside, OutsideTheWorld, "cell", cells)

    def __getitem__(self, name: str) -> Array:
        """A column, in whole numbers."""
        if name in self.columns:
            values = np.asarray(self.columns[name])
        else:
            field = self.fields[name]
            default = _NONE[name] if field.default is None else field.default
            if not isinstance(default, int):
                raise BadRow(None, name, None)
            values = np.full(self.size, default, dtype=np.int64)
        if values.dtype.kind not in "iub":
            self.refuse(~_whole(values), NotWhole, name, values)
        return values if values.dtype.kind in "iu" else values.astype(np.int64)

    def _check(self, name: str, low: int, high: int, error: type[BadRow] = OutOfRange) -> Array:
        values = self[name]
        self.refuse((values < low) | (values > high), error, name, values)
        return values

    def refuse(self, faulty: Array, error: type[BadRow], name: str, values: Array) -> None:
        """Raise for the first faulty row."""
        found = np.flatnonzero(faulty)
        if len(found):
            keys = np.asarray(self.columns["id"])
            raise error(joined(*keys[found[0]].tolist()), name, values[found[0]].item())

    def flag(self, name: str, wanted: int, bit: int) -> NDArray[np.uint64]:
        """The bit, where the flag is as wanted."""
        return np.where(self[name] == wanted, np.uint64(bit), np.uint64(0))

    def all_of(self) -> NDArray[np.uint64]:
        """Skills, checks and gender in one word."""
        gender = self["gender"].astype(np.uint64)
        words: NDArray[np.uint64] = self["skills"].astype(np.uint64)
        words |= self["checks"].astype(np.uint64) << np.uint64(CHECK_SHIFT)
        asked = np.uint64(1) << (np.maximum(gender, np.uint64(1)) + np.uint64(GENDER_SHIFT - 1))
        return words | np.where(gender > 0, asked, np.uint64(0))

    def records(self, dtype: np.dtype[Any], excluded: Excluded) -> Array:
        """What both kinds of row share, and all that is copied as it is."""
        records = np.zeros(self.size, dtype=dtype)
        for name, (high, low) in {"id": ("id_hi", "id_lo"), "person_id": ("person_hi", "person_lo")}.items():
            keys = np.asarray(self.columns.get(name, ()))
            if keys.shape != (self.size, 2) or keys.dtype != np.uint64:
                raise BadRow(None, name, f"{keys.dtype} of shape {keys.shape}")
            records[high], records[low] = keys[:, 0], keys[:, 1]
        for name, field in _RENAMED.items():
            if field in (dtype.names or ()) and (name in self.fields or name == "categories"):
                records[field] = self[name]
        records["slots_kinds"] = self["slots"] | self["kinds"] << SLOT_BITS
        records["bits"] = self.flag("cross_border", 1, CROSSES)
        excluding = np.array([number for number, persons in excluded.items() if persons], dtype=np.int64)
        records["bits"][excluding] |= np.uint64(EXCLUDES)
        return records


def _whole(values: Array) -> NDArray[np.bool_]:
    if values.dtype.kind != "f":
        return np.zeros(len(values), dtype=np.bool_)
    whole: NDArray[np.bool_] = np.isfinite(values) & (values == np.rint(values))
    return whole
