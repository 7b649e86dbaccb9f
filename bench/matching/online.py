"""One size of a region: the engine and its anchors over the same questions."""

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Any
from uuid import UUID

from bench.bench_matching import BORDERS
from bench.matching.in_python import K, full_scan, geopy_loop
from bench.matching.postgis import PostGis
from bench.matching.timing import Took, Way, side_by_side
from bench.matching.worlds import People
from matching.brute import best_offers
from matching.explain import explain_offers
from matching.index import OfferIndex, RequestIndex
from matching.kernel.load import kernel, without_kernel
from matching.types import Change, Match, Request

ENGINE, ENGINE_NUMPY = "engine (C)", "engine (numpy)"
WITH_LOG, NUMPY_WITH_LOG = "engine (C) + log read", "engine (numpy) + log read"
AGAIN, AS_DICTS = "engine, finding them once more", "explaining those 20, terms by name"
OTHER_WAY, EXPLAINING, UPDATE = "engine, requests for a helper", "explaining those 20", "one update in place"
EXACT, KNN, KNN_FILTERED = "PostGIS, best exact", "PostGIS KNN, unfiltered", "PostGIS KNN + rules, nearest 20"
SCAN, GEOPY, NOTHING = "numpy, full scan", "Python loop, geopy", "SELECT 1"
CHECKED = 200_000
"""Pairs that brute force looks at, at least one question's."""
Log = Callable[[], object]
Top = Callable[[Request], list[Match]]


class Region:
    """Everybody in it, and the ways to ask."""

    def __init__(self, people: People, log: Log | None, postgis: PostGis | None) -> None:
        self.people, self.log, self.postgis = people, log, postgis
        begin = time.perf_counter()
        self.index = OfferIndex(people.offers, borders=BORDERS)
        self.built_s = time.perf_counter() - begin
        begin = time.perf_counter()
        self.index.rebuild()
        self.rebuilt_ms = (time.perf_counter() - begin) * 1000
        self.requests = RequestIndex(people.requests, borders=BORDERS)
        self.parameters: dict[UUID, dict[str, Any]] = {}
        if postgis is not None:
            postgis.load(people.offers)
            self.parameters = {request.id: postgis.parameters(request) for request in people.asked}

    def measured(self) -> dict[str, Any]:
        """Everything, for the result."""
        took = self._timed()
        size = len(self.people.offers)
        return {
            "helpers": size,
            "built_s": round(self.built_s, 3),
            "rebuilt_ms": round(self.rebuilt_ms, 2),
            "bytes_per_helper": round(self.index.nbytes / size, 1),
            "ways": {name: each.as_json() for name, each in took.items()},
            "same_as": self._same_as(),
        }

    def _timed(self) -> dict[str, Took]:
        with ExitStack() as stack:
            took = side_by_side([*self._in_c(), *self._in_postgis()], self.people.asked)
            # what reads every row takes its turns apart, for it would empty the caches of whoever comes next
            apart = [Way(SCAN, full_scan(self.people.offers)), Way(GEOPY, geopy_loop(self.people.offers), 2)]
            took |= side_by_side(apart, self.people.asked)
            stack.enter_context(without_kernel())
            took |= side_by_side(self._asking(ENGINE_NUMPY, NUMPY_WITH_LOG), self.people.asked)
        took |= side_by_side(self._beside(), list(range(len(self.people.asked))))
        return took

    def _in_c(self) -> list[Way[Request]]:
        return [] if kernel() is None else self._asking(ENGINE, WITH_LOG)

    def _asking(self, name: str, with_log: str) -> list[Way[Request]]:
        top, log = self.index.top_k, self.log
        ways: list[Way[Request]] = [Way(name, top)]
        if log is not None:
            ways.append(Way(with_log, lambda request: (log(), top(request))))
        return ways

    def _in_postgis(self) -> list[Way[Request]]:
        if self.postgis is None:
            return []
        forms = {EXACT: self.postgis.exact, KNN: self.postgis.nearest, NOTHING: self.postgis.select_1,
                 KNN_FILTERED: self.postgis.nearest_fitting}  # fmt: skip
        return [
            Way(name, lambda request, form=form: form(self.parameters[request.id]))  # type: ignore[misc]
            for name, form in forms.items()
        ]

    def _beside(self) -> list[Way[int]]:
        """The other way round, explaining, and changing."""
        asked, offers, index = self.people.asked, self.people.offers, self.index
        versions = iter(range(1, 10 * len(asked)))
        answers = [(request, [match.offer_id for match in index.top_k(request)]) for request in asked]
        # only who has a full list is a fair question for what a full list costs
        full = [answer for answer in answers if len(answer[1]) == K]
        explained: list[Way[int]] = [
            Way(AGAIN, lambda n: index.top_k(full[n % len(full)][0])),
            Way(EXPLAINING, lambda n: list(explain_offers(*full[n % len(full)], index))),
            Way(AS_DICTS, lambda n: [one.terms for one in explain_offers(*full[n % len(full)], index)]),
        ]
        return [
            *(explained if full else []),
            Way(OTHER_WAY, lambda n: self.requests.top_k(offers[n])),
            Way(UPDATE, lambda n: index.apply([Change(offers[n].id, next(versions), offers[n])])),
        ]

    def _same_as(self) -> dict[str, dict[str, float]]:
        """How many of the engine's answers each exact way gives alike, and what share of its lists others find."""
        asked, top = self.people.asked, self.index.top_k
        few = asked[: max(1, CHECKED // len(self.people.offers))]
        with without_kernel():
            numpy = [top(request) for request in asked]
        oracle = sum(top(r) == best_offers(r, self.people.offers, BORDERS, k=K) for r in few)
        found: dict[str, dict[str, float]] = {
            "brute force": {"same": oracle, "of": len(few)},
            "numpy": {"same": sum(map(top_is(top), asked, numpy)), "of": len(asked)},
        }
        if self.postgis is not None:
            found[EXACT] = self._beside_sql(asked)
            found[KNN_FILTERED] = {"recall": round(self._recall(self.postgis.nearest_fitting), 4)}
            found[KNN] = {"recall": round(self._recall(self.postgis.nearest), 4)}
        return found

    def _beside_sql(self, asked: Sequence[Request]) -> dict[str, float]:
        assert self.postgis is not None
        same = 0
        for request in asked:
            rows = self.postgis.exact(self.parameters[request.id])
            same += same_but_for_ties(self.index.top_k(request), rows)
        return {"same": same, "of": len(asked), "recall": round(same / len(asked), 4)}

    def _recall(self, form: Callable[[dict[str, Any]], list[Any]]) -> float:
        shares = []
        for request in self.people.asked:
            best = {match.offer_id for match in self.index.top_k(request)}
            if best:
                others = {row[0] for row in form(self.parameters[request.id])}
                shares.append(len(best & others) / len(best))
        return sum(shares) / len(shares)


def top_is(top: Top) -> Callable[[Request, list[Match]], bool]:
    """Whether an answer is the one that was kept."""
    return lambda request, kept: top(request) == kept


def same_but_for_ties(matches: Sequence[Match], rows: Sequence[tuple[UUID, int]]) -> bool:
    """The same scores in the same order; whoever scores alike may change places, and among the last there may be
    more of them than places."""
    if [match.score for match in matches] != [points for _, points in rows]:
        return False
    last = rows[-1][1] if len(rows) == K else None
    ours = {(match.offer_id, match.score) for match in matches if match.score != last}
    return ours == {(key, points) for key, points in rows if points != last}
