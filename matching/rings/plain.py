"""Disjoint rings by greedy choice and local search: the meaning of matching/kernel/rings.c, which is faster.

First the short rings, people with few arcs before others. Then steps, each of which takes somebody without a ring,
breaks up one to three rings nearby, closes what can be closed among all who are then free, and keeps the result
unless fewer people are served; a loss of one is accepted now and then, ever less (Kirkpatrick, Gelatt and Vecchi,
1983). Last come steps that are kept only when more are served, or as many better. Every choice comes from one
stream of random words, so that the same seed gives the same rings, here and in the kernel.
"""

from collections.abc import Iterator
from typing import Final

from matching.rings.bits import sets_of, turned
from matching.rings.draw import Draw
from matching.rings.graph import Graph
from matching.rings.plan import Neighbours, Plan
from matching.rings.worth import Path, worth

WORD: Final = 64
MOST_HIT: Final = 3
HEAT, CERTAIN = 8_000, 65_536
"""At the start a loss of one is accepted with chance HEAT / CERTAIN; at the end never."""
PREFERENCES: Final = ((2, 3, 4), (4, 3, 2), (3, 4, 2), (3, 2, 4))
"""Which lengths a step tries in which order."""
NO_RING: Final = -1


def search(graph: Graph, plan: Plan) -> list[Path]:
    """Disjoint rings; the same for the same graph and plan."""
    found = Search(graph, plan)
    found.greedy()
    found.explore()
    found.polish()
    return found.rings


class Search:
    """The rings so far, and who is free."""

    def __init__(self, graph: Graph, plan: Plan) -> None:
        self.plan, self.near, self.graph = plan, Neighbours(graph), graph
        self.given, self.got = sets_of(graph.given), sets_of(graph.got)
        self.words = graph.given.shape[1]
        self.draw = Draw(plan.seed)
        self.rings: list[Path] = []
        self.ring_of = [NO_RING] * len(graph)
        self.free = (1 << len(graph)) - 1
        self.waiting: list[int] = []
        self.place = [NO_RING] * len(graph)
        self.served = 0

    def greedy(self) -> None:
        """Short rings first; within a length whoever has few arcs first."""
        for length in range(2, self.plan.longest + 1):
            for person in self.near.first.tolist():
                ring = self.closed(person, length, 0) if self.free >> person & 1 else None
                if ring is not None:
                    self.take(ring)
                    self.rings.append(ring)
        self.settle(self.rings)

    def explore(self) -> None:
        """Steps from people without a ring; ends on the best seen."""
        best, most = list(self.rings), self.served
        for step in range(self.plan.explore):
            if not self.waiting:
                break
            person = self.waiting[self.draw.below(len(self.waiting))]
            self.step(person, [], self.plan.explore - step)
            if self.served > most:
                best, most = list(self.rings), self.served
        self.settle(best)

    def polish(self) -> None:
        """Steps from people in a ring."""
        for _ in range(self.plan.polish if self.rings else 0):
            ring = self.draw.below(len(self.rings))
            person = self.rings[ring][self.draw.below(len(self.rings[ring]))]
            self.step(person, [ring], 0)

    def settle(self, rings: list[Path]) -> None:
        """Make these the rings, and everything else follow."""
        self.rings = list(rings)
        self.ring_of = [NO_RING] * len(self.ring_of)
        self.free = (1 << len(self.ring_of)) - 1
        for number, ring in enumerate(self.rings):
            self.take(ring)
            for person in ring:
                self.ring_of[person] = number
        self.served = sum(map(len, self.rings))
        self.waiting, self.place = [], [NO_RING] * len(self.place)
        for person in range(len(self.ring_of)):
            if self.ring_of[person] == NO_RING and self.near.both_ways(person):
                self.wait(person)

    def step(self, person: int, hit: list[int], steps_left: int) -> None:
        """Break up rings near a person and close others; `steps_left` is 0 when nothing may be lost."""
        self.reach(person, hit)
        if not hit:
            return
        freed = [each for number in hit for each in self.rings[number]]
        loose = [person, *(each for each in freed if each != person)]
        for last in range(len(loose) - 1, 1, -1):
            other = 1 + self.draw.below(last)
            loose[last], loose[other] = loose[other], loose[last]
        old = [self.rings[number] for number in hit]
        for ring in old:
            self.release(ring)
        new = self.closings(loose)
        if self.keeps(old, new, steps_left):
            self.replace(hit, new, loose)
        else:
            for ring in new:
                self.release(ring)
            for ring in old:
                self.take(ring)

    def reach(self, person: int, hit: list[int]) -> None:
        """Add the rings of up to three neighbours, now and then of a neighbour's."""
        for attempt in range(1 + self.draw.below(MOST_HIT)):
            outwards = self.draw.below(2)
            at = person
            if attempt and hit and self.draw.below(2):
                ring = self.rings[hit[-1]]
                at = ring[self.draw.below(len(ring))]
            others = self.near.receivers(at) if outwards else self.near.givers(at)
            number = self.ring_of[others[self.draw.below(len(others))]]
            if number != NO_RING and number not in hit:
                hit.append(number)

    def closings(self, loose: list[int]) -> list[Path]:
        """Rings through the loose people, in their order, among all who are free; taken as they are found."""
        lengths = PREFERENCES[self.draw.below(len(PREFERENCES))]
        turn = self.draw.below(self.words)
        new = []
        for person in loose:
            for length in lengths:
                if length > self.plan.longest or not self.free >> person & 1:
                    continue
                ring = self.closed(person, length, turn)
                if ring is not None:
                    self.take(ring)
                    new.append(ring)
        return new

    def closed(self, person: int, length: int, turn: int) -> Path | None:
        """The first ring of a length through a free person and others who are free, from word `turn` on."""
        before = self.got[person] & self.free
        after = self.given[person] & self.free
        if length == 2:
            return next(((person, other) for other in self._turned(after & before, turn)), None)
        if length == 3:
            last = (
                (a, b) for a in self._turned(after, turn) for b in self._turned(self.given[a] & before, turn)
            )
            return next(((person, *two) for two in last), None)
        return next(self._fours(person, after, before, turn), None)

    def _fours(self, person: int, after: int, before: int, turn: int) -> Iterator[Path]:
        leading = 0
        for last in self._turned(before, turn):
            leading |= self.got[last]
        leading &= self.free & ~(1 << person)
        for a in self._turned(after, turn):
            for b in self._turned(self.given[a] & leading, turn):
                for c in self._turned(self.given[b] & before & ~(1 << a), turn):
                    yield person, a, b, c

    def _turned(self, people: int, turn: int) -> Iterator[int]:
        return turned(people, WORD * turn)

    def keeps(self, old: list[Path], new: list[Path], steps_left: int) -> bool:
        """Whether the new rings replace the old ones."""
        gain = sum(map(len, new)) - sum(map(len, old))
        if steps_left and gain == -1:
            return self.draw.below(CERTAIN) * self.plan.explore < HEAT * steps_left
        if gain == 0 and not steps_left:
            return self.points(new) > self.points(old)
        return gain >= 0

    def points(self, rings: list[Path]) -> int:
        """What they are worth together."""
        return sum(worth(self.graph, ring) for ring in rings)

    def replace(self, hit: list[int], new: list[Path], loose: list[int]) -> None:
        """Put the new rings where the old ones stood, the last of all into slots left over."""
        self.served += sum(map(len, new)) - sum(len(self.rings[number]) for number in hit)
        for person in loose:
            self.ring_of[person] = NO_RING
        slots = hit[: len(new)] + list(range(len(self.rings), len(self.rings) + len(new) - len(hit)))
        for number, ring in zip(slots, new, strict=True):
            self.rings[number : number + 1] = [ring]
            for person in ring:
                self.ring_of[person] = number
                self.serve(person)
        for number in sorted(hit[len(new) :], reverse=True):
            moved = self.rings.pop()
            if number < len(self.rings):
                self.rings[number] = moved
                for person in moved:
                    self.ring_of[person] = number
        for person in loose:
            if self.ring_of[person] == NO_RING and self.place[person] == NO_RING:
                self.wait(person)

    def take(self, ring: Path) -> None:
        """Its people are free no more."""
        for person in ring:
            self.free &= ~(1 << person)

    def release(self, ring: Path) -> None:
        """Its people are free."""
        for person in ring:
            self.free |= 1 << person

    def wait(self, person: int) -> None:
        """Steps may start from here."""
        self.place[person] = len(self.waiting)
        self.waiting.append(person)

    def serve(self, person: int) -> None:
        """No longer; the last of those waiting takes the place."""
        place = self.place[person]
        if place == NO_RING:
            return
        last = self.waiting.pop()
        if last != person:
            self.waiting[place], self.place[last] = last, place
        self.place[person] = NO_RING
