"""The two indexes that answer online, exactly: the best offers for a request, the best requests for an offer.

Rows of the last rebuild lie sorted by cell under a grid; rows added or moved since lie behind them and are
scanned whole, until there are enough for a rebuild. Changes carry versions and may come twice or out
of order.

Threads may share an index: a lock keeps changes out while an answer is worked out.
"""

import math
import threading
from collections.abc import Iterable, Iterator
from typing import Generic, cast
from uuid import UUID

import numpy as np

from matching.borders import Borders
from matching.columns import Array, Columns, RowNumbers, View, view_of
from matching.errors import BadRow
from matching.grid import Grid
from matching.keys import ABSENT, KeyMap
from matching.pairs import Pairs
from matching.rows import OFFERS, REQUESTS, Schema, joined
from matching.rules import fitting
from matching.score import score_many
from matching.ties import tie_many
from matching.types import Change, Match, Offer, Request, Row

DEFAULT_K = 20
SMALLEST_DELTA = 256
DELTA_PER_ROOT = 4
"""Times the square root of the rows is what the delta may hold: a scan then costs about what a ring costs."""


class Index(Generic[Row]):
    """What both indexes share: rows, grid, changes."""

    def __init__(
        self, schema: Schema[Row], rows: Iterable[Row], borders: Borders, seed: int, version: int
    ) -> None:
        self.borders, self.seed = borders, seed
        self._lock = threading.RLock()
        self._columns = Columns.of(schema, list(rows), version)
        self._removed: dict[int, int] = {}
        self._gone = 0
        self.rebuild()

    def __len__(self) -> int:
        return self._columns.size - self._gone

    def __iter__(self) -> Iterator[Row]:
        with self._lock:
            return iter([self._columns.read(int(number)) for number in self._present()])

    def get(self, key: UUID) -> Row | None:
        """The row as the index holds it."""
        with self._lock:
            number = self._keys.find(key)
            return None if number == ABSENT else self._columns.read(number)

    @property
    def nbytes(self) -> int:
        """Bytes that rows, keys and grid take."""
        return int(self._columns.nbytes + self._keys.nbytes + self._grid.nbytes)

    def apply(self, changes: Iterable[Change[Row]]) -> int:
        """Take over what is newer than what is held; how many were. Raises BadRow, then takes none."""
        checked = list(changes)
        for change in checked:
            self._check(change)
        with self._lock:
            taken = sum(self._apply_one(change) for change in checked)
            delta = self._columns.size - self._built
            if max(delta, self._gone) > max(SMALLEST_DELTA, DELTA_PER_ROOT * math.isqrt(self._built)):
                self._rebuild()
        return taken

    def rebuild(self) -> None:
        """Sort all rows by cell and lay the grid anew; answers stay the same."""
        with self._lock:
            self._rebuild()

    def _rebuild(self) -> None:
        arrays, present = self._columns.arrays, self._present()
        order = present[np.argsort(arrays["cell"][present], kind="stable")]
        self._columns = self._columns.taken(order)
        arrays = self._columns.arrays
        self._keys = KeyMap(arrays["id_hi"], arrays["id_lo"])
        self._grid = Grid(arrays["cell"], arrays["categories"])
        self._built, self._gone = self._columns.size, 0

    def _present(self) -> Array:
        bits = self._columns.arrays["bits"][: self._columns.size]
        return np.flatnonzero(bits != np.uint64(self._columns.schema.gone))

    def _check(self, change: Change[Row]) -> None:
        if change.row is None:
            return
        if change.row.id != change.id:
            raise BadRow(change.id, "row.id", change.row.id)
        self._columns.schema.check(change.row)

    def _apply_one(self, change: Change[Row]) -> bool:
        number = self._keys.find(change.id)
        held = self._removed.get(change.id.int) if number == ABSENT else self._columns.versions[number]
        if held is not None and change.version <= held:
            return False
        if change.row is None:
            self._remove(change.id, number)
            self._removed[change.id.int] = change.version
        else:
            self._put(change.row, number, change.version)
            self._removed.pop(change.id.int, None)
        return True

    def _remove(self, key: UUID, number: int) -> None:
        if number != ABSENT:
            self._columns.remove(number)
            self._gone += 1
            self._keys.put(key, ABSENT)

    def _put(self, row: Row, number: int, version: int) -> None:
        if number != ABSENT and (number >= self._built or self._stays(row, number)):
            self._columns.write(number, row, version)
            return
        self._remove(row.id, number)
        self._keys.put(row.id, self._columns.append(row, version))

    def _stays(self, row: Row, number: int) -> bool:
        """Whether the grid still finds the row where it was."""
        held = self._columns.arrays
        mask = sum(1 << category for category in set(_categories(row)))
        return int(held["cell"][number]) == row.cell and int(held["categories"][number]) == mask

    def _near(self, categories: set[int], cell: int, km: int) -> View:
        """All rows that may fit, and more; each once, for only requests are sought by many categories."""
        found = self._grid.within(categories, cell, km)
        delta: RowNumbers = np.arange(self._built, self._columns.size, dtype=np.int32)
        return View(self._columns, np.concatenate([found, delta]) if len(delta) else found)


class OfferIndex(Index[Offer]):
    """Answers requests with offers, at most one per person: that person's best."""

    def __init__(
        self, offers: Iterable[Offer] = (), *, borders: Borders, seed: int = 0, version: int = 0
    ) -> None:
        """Raises BadRow. `seed` keys the ties; `version` is that of all rows given here."""
        super().__init__(OFFERS, offers, borders, seed, version)

    def fitting(self, request: Request) -> Pairs:
        """All offers that pass every rule, in no order, valid until the next change. Raises BadRow."""
        return fitting(
            Pairs(
                view_of(REQUESTS, request),
                self._near({request.category}, request.cell, request.max_km),
                self.borders,
            )
        )

    def count(self, request: Request) -> int:
        """How many people could help."""
        with self._lock:
            helpers = self.fitting(request).offers
            return len(set(zip(helpers.person_hi.tolist(), helpers.person_lo.tolist(), strict=True)))

    def top_k(self, request: Request, k: int = DEFAULT_K) -> list[Match]:
        """The k best, best first; exact. Raises BadRow for a faulty request."""
        with self._lock:
            pairs = self.fitting(request)
            return _best(pairs, pairs.offers, self.seed, k, once_per_person=True)


class RequestIndex(Index[Request]):
    """Answers offers with requests; one person's several requests are several needs, and all count."""

    def __init__(
        self, requests: Iterable[Request] = (), *, borders: Borders, seed: int = 0, version: int = 0
    ) -> None:
        """Raises BadRow. `seed` keys the ties; `version` is that of all rows given here."""
        super().__init__(REQUESTS, requests, borders, seed, version)

    def fitting(self, offer: Offer) -> Pairs:
        """All requests that pass every rule, in no order, valid until the next change. Raises BadRow."""
        return fitting(
            Pairs(
                self._near(set(offer.categories), offer.cell, offer.radius_km),
                view_of(OFFERS, offer),
                self.borders,
            )
        )

    def top_k(self, offer: Offer, k: int = DEFAULT_K) -> list[Match]:
        """The k best, best first; exact. Raises BadRow for a faulty offer."""
        with self._lock:
            pairs = self.fitting(offer)
            return _best(pairs, pairs.requests, self.seed, k, once_per_person=False)


def _categories(row: Offer | Request) -> tuple[int, ...]:
    return row.categories if isinstance(row, Offer) else (row.category,)


def _best(pairs: Pairs, many: View, seed: int, k: int, *, once_per_person: bool) -> list[Match]:
    """Rank only as many as are needed: all pairs that score at least what the last one needed scores."""
    scores = score_many(pairs)
    wanted = k
    while True:
        at_least = np.partition(scores, -wanted)[-wanted] if 0 < wanted < len(scores) else None
        chosen = np.arange(len(scores)) if at_least is None else np.flatnonzero(scores >= at_least)
        ranked = _ranked(pairs.where(chosen), scores[chosen], seed)
        matches = _matches(pairs, many, scores, chosen[ranked], k, once_per_person)
        if len(matches) >= k or len(chosen) == len(scores):
            return matches
        wanted *= 2


def _ranked(pairs: Pairs, scores: Array, seed: int) -> Array:
    """Positions by falling score, then by keyed hash, then by id (should two hashes ever collide)."""
    many = pairs.offers if pairs.requests.single else pairs.requests
    return cast(Array, np.lexsort((many.id_lo, many.id_hi, tie_many(seed, pairs), -scores)))


def _matches(
    pairs: Pairs, many: View, scores: Array, ranked: Array, k: int, once_per_person: bool
) -> list[Match]:
    halves = (many.id_hi, many.id_lo, many.person_hi, many.person_lo, scores, pairs.distance_m)
    own_id = (pairs.requests if pairs.requests.single else pairs.offers).key(0)
    matches: list[Match] = []
    seen: set[tuple[int, int]] = set()
    for high, low, *person, points, metres in zip(*(half[ranked].tolist() for half in halves), strict=True):
        if len(matches) == k:
            break
        if once_per_person and (person[0], person[1]) in seen:
            continue
        seen.add((person[0], person[1]))
        found_id = joined(high, low)
        ids = (own_id, found_id) if pairs.requests.single else (found_id, own_id)
        matches.append(Match(*ids, joined(person[0], person[1]), points, metres))
    return matches
