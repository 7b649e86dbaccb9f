"""The two indexes that answer online, exactly: the best offers for a request, the best requests for an offer.

Rows of the last rebuild lie sorted by cell under a grid; rows added or moved since lie behind them and are
scanned whole, until there are enough for a rebuild. Changes carry versions and may come twice or out
of order.

Threads may share an index. One lock keeps its rows as they are: an answer holds it while it reads them, in C
or in numpy, and a change while it writes them; both take microseconds. A rebuild makes a new store aside,
without the lock, from rows that may change under its hands; what changed meanwhile was noted, is put into the
new store again, and only the swap holds the lock. Nothing is lost, and nobody waits for a sort.
"""

import math
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, Generic
from uuid import UUID

import numpy as np

from matching.borders import Borders
from matching.columns import Array, View, view_of
from matching.errors import BadRow, UnknownRow
from matching.kernel.load import kernel
from matching.kernel.search import MOST_K, Compiled, compiled, matches_for_offer, matches_for_request
from matching.keys import ABSENT
from matching.pairs import Pairs
from matching.rows import OFFERS, REQUESTS, Schema
from matching.rules import fitting
from matching.search import best, parts, people
from matching.store import Store
from matching.table import Loaded, Table, table_of
from matching.types import Change, Match, Offer, Request, Row
from matching.validation import checked_k

DEFAULT_K: Final = 20
SMALLEST_DELTA: Final = 256
DELTA_PER_ROOT: Final = 4
"""Times the square root of the rows is what the delta may hold: a scan then costs about what a ring costs."""
FEW_CHANGES: Final = 32
"""A rebuild catches up without the lock until so few are left, or that often."""
MOST_ROUNDS: Final = 20


class Index(Generic[Row]):
    """What both indexes share: rows, changes, rebuilds."""

    def __init__(self, schema: Schema[Row], table: Table[Row], borders: Borders, seed: int) -> None:
        """`table` as it came, in any order. Raises DuplicateId."""
        self.borders, self.seed, self._schema = borders, seed, schema
        self._lock = threading.RLock()
        self._rebuilding = threading.Lock()
        self._noted: list[Change[Row]] | None = None
        self._removed: dict[int, int] = {}
        self._merging = False
        self._swap(Store(table.sorted(*table.extent())))

    def _swap(self, store: Store[Row]) -> None:
        self._store = store
        self._compiled: Compiled[Row] | None = compiled(store, self.borders, self.seed)

    def __len__(self) -> int:
        return len(self._store)

    def __iter__(self) -> Iterator[Row]:
        with self._lock:
            return iter(self._store.rows())

    def get(self, key: UUID) -> Row | None:
        """The row as the index holds it."""
        with self._lock:
            number = self._store.find(key)
            return None if number == ABSENT else self._store.table.read(number)

    @property
    def nbytes(self) -> int:
        """Bytes that rows, keys and grid take."""
        return sum(self.sizes().values())

    def sizes(self) -> dict[str, int]:
        """The same by what they are for."""
        return self._store.sizes()

    def apply(self, changes: Iterable[Change[Row]]) -> int:
        """Take over what is newer than what is held; how many were. Raises BadRow, then takes none."""
        checked = list(changes)
        for change in checked:
            self._check(change)
        with self._lock:
            taken = sum(self._apply_one(change) for change in checked)
            wanted = self._full() and not self._merging
            self._merging |= wanted
        if wanted:
            threading.Thread(target=self._merge, name="match-index-rebuild").start()
        return taken

    def _full(self) -> bool:
        table = self._store.table
        most = max(SMALLEST_DELTA, DELTA_PER_ROOT * math.isqrt(table.built))
        return max(table.size - table.built, self._store.gone) > most

    def _merge(self) -> None:
        """Rebuild until what came meanwhile is little."""
        try:
            while self._full():
                self.rebuild()
        finally:
            self._merging = False

    def _check(self, change: Change[Row]) -> None:
        if change.row is None:
            return
        if change.row.id != change.id:
            raise BadRow(change.id, "row.id", change.row.id)
        self._schema.check(change.row)

    def _apply_one(self, change: Change[Row]) -> bool:
        number = self._store.find(change.id)
        held = self._removed.get(change.id.int) if number == ABSENT else self._store.table.version(number)
        if held is not None and change.version <= held:
            return False
        self._store.put(change)
        if change.row is None:
            self._removed[change.id.int] = change.version
        else:
            self._removed.pop(change.id.int, None)
        if self._noted is not None:
            self._noted.append(change)
        return True

    def rebuild(self) -> None:
        """Sort all rows by cell and lay the grid anew; answers stay the same, and go on meanwhile."""
        with self._rebuilding:
            with self._lock:
                self._noted, table = [], self._store.table
                extent = table.extent()
            try:
                self._catch_up(Store(table.sorted(*extent)))
            finally:
                self._noted = None

    def _catch_up(self, fresh: Store[Row]) -> None:
        for left in reversed(range(MOST_ROUNDS)):
            with self._lock:
                noted, self._noted = self._noted or [], []
                if len(noted) <= FEW_CHANGES or not left:
                    self._finish(fresh, noted)
                    return
            for change in noted:
                fresh.put(change)

    def _finish(self, fresh: Store[Row], noted: list[Change[Row]]) -> None:
        for change in noted:
            fresh.put(change)
        self._noted = None
        self._swap(fresh)

    def _found(self, packed: bytes, row: Offer | Request, k: int) -> memoryview | None:
        """What the kernel finds for a packed row; None where numpy must look."""
        if not 0 < k <= MOST_K or kernel() is None:
            return None
        with self._lock:
            return None if self._compiled is None else self._compiled.top_k(packed, row, k)

    def _taken_apart(self, packed: bytes, keys: Sequence[UUID], beside: Callable[[View], Pairs]) -> Array:
        with self._lock:
            native = self._compiled if kernel() is not None else None
            taken, found = native.explain(packed, keys) if native else parts(self._store, keys, beside)
        if found < len(keys):
            unknown = keys[int(np.flatnonzero(taken[:, 0] < 0)[0])]
            raise UnknownRow(unknown, "id", str(unknown))
        return taken


class OfferIndex(Index[Offer]):
    """Answers requests with offers, at most one per person: that person's best."""

    def __init__(
        self,
        offers: Iterable[Offer] | Loaded[Offer] = (),
        *,
        borders: Borders,
        seed: int = 0,
        version: int = 0,
    ) -> None:
        """Raises BadRow. `seed` keys the ties; `version` is that of all rows given here.

        Many rows come sooner as `Loaded`: matching/loading.py.
        """
        super().__init__(OFFERS, table_of(OFFERS, offers, version), borders, seed)

    def fitting(self, request: Request) -> Pairs:
        """All offers that pass every rule, in no order, as they stand now. Raises BadRow."""
        return fitting(self.beside(request))

    def beside(self, request: Request) -> Pairs:
        """The request and all offers that the rules must look at, as they stand now. Raises BadRow."""
        asking = view_of(REQUESTS, request)
        with self._lock:
            return Pairs(
                asking, self._store.near([request.category], request.cell, request.max_km), self.borders
            )

    def count(self, request: Request) -> int:
        """How many people could help."""
        return len(people(self.fitting(request)))

    def taken_apart(self, request: Request, offer_ids: Sequence[UUID]) -> Array:
        """int32, shape (n, 12): per offer the metres, then the terms in order. Raises BadRow, UnknownRow."""
        REQUESTS.check(request)

        def beside(offers: View) -> Pairs:
            return Pairs(view_of(REQUESTS, request), offers, self.borders)

        return self._taken_apart(REQUESTS.pack(request), offer_ids, beside)

    def top_k(self, request: Request, k: int = DEFAULT_K) -> list[Match]:
        """The k best, best first; exact. Raises BadRow for a faulty request, or for a k that is no count."""
        REQUESTS.check(request)
        found = self._found(REQUESTS.pack(request), request, checked_k(k))
        if found is None:
            return best(self.fitting(request), request.id, k, self.seed, once_per_person=True)
        return matches_for_request(found, request.id)


class RequestIndex(Index[Request]):
    """Answers offers with requests; one person's several requests are several needs, and all count."""

    def __init__(
        self,
        requests: Iterable[Request] | Loaded[Request] = (),
        *,
        borders: Borders,
        seed: int = 0,
        version: int = 0,
    ) -> None:
        """Raises BadRow. `seed` keys the ties; `version` is that of all rows given here.

        Many rows come sooner as `Loaded`: matching/loading.py.
        """
        super().__init__(REQUESTS, table_of(REQUESTS, requests, version), borders, seed)

    def fitting(self, offer: Offer) -> Pairs:
        """All requests that pass every rule, in no order, as they stand now. Raises BadRow."""
        asking = view_of(OFFERS, offer)
        with self._lock:
            requests = self._store.near(sorted(set(offer.categories)), offer.cell, offer.radius_km)
        return fitting(Pairs(requests, asking, self.borders))

    def taken_apart(self, offer: Offer, request_ids: Sequence[UUID]) -> Array:
        """int32, shape (n, 12): per request the metres, then the terms in order. Raises BadRow, UnknownRow."""
        OFFERS.check(offer)

        def beside(requests: View) -> Pairs:
            return Pairs(requests, view_of(OFFERS, offer), self.borders)

        return self._taken_apart(OFFERS.pack(offer), request_ids, beside)

    def top_k(self, offer: Offer, k: int = DEFAULT_K) -> list[Match]:
        """The k best, best first; exact. Raises BadRow for a faulty offer, or for a k that is no count."""
        OFFERS.check(offer)
        found = self._found(OFFERS.pack(offer), offer, checked_k(k))
        if found is None:
            return best(self.fitting(offer), offer.id, k, self.seed, once_per_person=False)
        return matches_for_offer(found, offer.id)
