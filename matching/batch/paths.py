"""Successive shortest paths, in Python: the meaning of what the compiled kernel does, and its stand-in.

The method of Kuhn (1955) and Munkres (1957) as Jonker and Volgenant (1987) search it, row by row with Dijkstra's
method on reduced costs (Edmonds and Karp 1972), here with places and capacities. Requests come by falling tier.
Each place looks for the cheapest path of displacements to somebody with room, or to a place (its own, or one that
it displaces) that is better left empty. Prices of people only rise from 0, so that a row sorted by falling worth can
stop early.

Between paths these hold, and at the end they are the proof (complementary slackness), with worth w, price p of the
person and surplus s of the request: w - p <= s for every edge not chosen, w - p >= s for every edge chosen,
p = 0 for who has room, s = 0 for a request with empty places.
"""

from heapq import heappop, heappush
from itertools import chain

import numpy as np

from matching.batch.instance import Instance, Solution

NOWHERE = -1


def solve_in_python(instance: Instance) -> Solution:
    """A `Solver`; some hundred times slower than the kernel, with the same answer and prices."""
    search = _Search(instance)
    for row, places in enumerate(instance.places.tolist()):
        for _ in range(places):
            if not search.fill(row):
                break
    chosen = np.array(sorted(chain.from_iterable(search.held)), dtype=np.int64)
    return Solution(chosen, np.array(search.price, dtype=np.int64))


class _Search:
    """State between paths, and of the path being sought."""

    def __init__(self, instance: Instance) -> None:
        rows, people = len(instance.bonus), len(instance.capacities)
        self.starts = instance.starts.tolist()
        self.person = instance.person.tolist()
        self.worth = instance.worth().tolist()
        self.row_of = np.repeat(np.arange(rows), np.diff(instance.starts)).tolist()
        self.room = instance.capacities.tolist()
        self.price, self.surplus = [0] * people, [0] * rows
        self.chosen = bytearray(len(self.person))
        self.held: list[list[int]] = [[] for _ in range(people)]

    def fill(self, row: int) -> bool:
        """Fill one more place of the request; False when the best is to leave it empty."""
        best = self._best(row)
        self.surplus[row] = best
        if best == 0:
            return False
        self._start(row, best)
        while self.heap:
            distance, _, node = heappop(self.heap)
            if distance >= self.length:
                break
            if node >= len(self.price):
                if distance == self.row_distance.get(node - len(self.price)) and node not in self.done:
                    self._scan(node - len(self.price), distance)
            elif distance == self.distance[node] and node not in self.done:
                self._displace(node, distance)
        self._reprice()
        return self._augment(row)

    def _best(self, row: int) -> int:
        open_edges = range(self.starts[row], self.starts[row + 1])
        worths = (self.worth[e] - self.price[self.person[e]] for e in open_edges if not self.chosen[e])
        return max(0, max(worths, default=0))

    def _start(self, row: int, best: int) -> None:
        self.heap: list[tuple[int, int, int]] = []
        self.waited = 0
        self.distance: dict[int, int] = {}
        self.reached_by: dict[int, int] = {}
        self.row_distance = {row: 0}
        self.displaced: dict[int, int] = {}
        self.done: set[int] = set()
        self.scanned: list[tuple[int, int]] = []
        # The path of no steps: leave the place empty.
        self.length, self.last_edge, self.last_row = best, NOWHERE, row
        self._scan(row, 0)

    def _scan(self, row: int, distance: int) -> None:
        """From a request to all whom it may take instead, while that can still be shorter than the best end."""
        self.done.add(row + len(self.price))
        self.scanned.append((row, distance))
        base = distance + self.surplus[row]
        for edge in range(self.starts[row], self.starts[row + 1]):
            worth = self.worth[edge]
            if base - worth >= self.length:
                break
            person = self.person[edge]
            along = base - worth + self.price[person]
            if self.chosen[edge] or along >= self.length:
                continue
            if self.room[person]:
                self.length, self.last_edge = along, edge
            elif along < self.distance.get(person, along + 1):
                self.distance[person], self.reached_by[person] = along, edge
                self._wait(along, person)

    def _wait(self, distance: int, node: int) -> None:
        """Of those equally near the newest comes first: a path that goes on is sooner at its end."""
        self.waited += 1
        heappush(self.heap, (distance, -self.waited, node))

    def _displace(self, person: int, distance: int) -> None:
        """From a person without room to the requests that hold them."""
        self.done.add(person)
        for edge in self.held[person]:
            row = self.row_of[edge]
            along = distance + self.worth[edge] - self.price[person] - self.surplus[row]
            if along >= self.length or along >= self.row_distance.get(row, along + 1):
                continue
            self.row_distance[row], self.displaced[row] = along, edge
            if along + self.surplus[row] < self.length:
                self.length, self.last_edge, self.last_row = along + self.surplus[row], NOWHERE, row
            if along == distance:
                self._scan(row, along)
            else:
                self._wait(along, row + len(self.price))

    def _reprice(self) -> None:
        for node in self.done:
            if node < len(self.price):
                self.price[node] += max(self.length - self.distance[node], 0)
        for row, distance in self.scanned:
            self.surplus[row] -= max(self.length - distance, 0)

    def _augment(self, row: int) -> bool:
        """Walk back along the path, giving each person the edge by which the path came to them."""
        if self.last_edge == NOWHERE:
            current = self.last_row
            if current == row:
                return False
        else:
            current = self._take(self.last_edge)
        while current != row:
            given_up = self.displaced[current]
            person = self.person[given_up]
            instead = self.reached_by[person]
            self.chosen[given_up], self.chosen[instead] = 0, 1
            self.held[person][self.held[person].index(given_up)] = instead
            current = self.row_of[instead]
        return True

    def _take(self, edge: int) -> int:
        person = self.person[edge]
        self.room[person] -= 1
        self.held[person].append(edge)
        self.chosen[edge] = 1
        return int(self.row_of[edge])
