"""The policies: a list for all to read, the nearest first, and this engine in three forms.

All see the same requests and the same answers. What helpers set themselves (times, distance, hours, pauses,
rest) holds in each of them; the weekly cap on being asked, and the spread, are the engine's.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import Final
from uuid import UUID

from app.simulation.assumptions import DAY
from app.simulation.exchange import propose_rings
from app.simulation.year import Case, Policy, Year
from matching.types import DEFAULT_PROPOSAL_CAP, Request
from matching.validation import MAX_COUNT

AT_ONCE: Final = 5
"""Helpers asked for one request at a time, as in ``app.matches.propose``."""
NO_CAP: Final = MAX_COUNT


class ReadingTheList:
    """First come, first served: everybody may read every request, and reacts when they happen to look."""

    name, cap = "list", NO_CAP

    def posted(self, year: Year, case: Case) -> None:
        """Whoever may fit reads it at their next look at the list."""
        for _, person_id in year.world.fitting[case.arrival.request.id]:
            visits = year.world.helpers[person_id].visits
            following = bisect_left(visits, year.now)
            # Draws are cheaper than events: only those whose draw leaves room for a yes are planned.
            if following < len(visits) and year.pair(case, person_id).might_say_yes:
                year.at(visits[following], partial(self._look, year, case, person_id))

    def _look(self, year: Year, case: Case, person_id: UUID) -> None:
        if not case.over and year.pair(case, person_id).says_yes(year.now):
            year.come_forward(case, person_id)

    def stuck(self, year: Year, case: Case) -> None:
        """It stays on the list."""

    def night(self, year: Year) -> None:
        """Nobody does anything."""


class Asking:
    """Ask the first few; when none wants, the next few; each night again for whom nobody was left."""

    def __init__(self, name: str, cap: int) -> None:
        self.name, self.cap = name, cap

    def order(self, year: Year, case: Case) -> Iterable[UUID]:
        """Whom to ask, in order, of those who pass every hard rule; who was asked before may be among them."""
        raise NotImplementedError

    def posted(self, year: Year, case: Case) -> None:
        """The first few."""
        self._ask(year, case)

    def stuck(self, year: Year, case: Case) -> None:
        """The next few."""
        self._ask(year, case)

    def night(self, year: Year) -> None:
        """People come back, and weeks begin anew."""
        for case in anybody_left(year):
            self._ask(year, case)

    def _ask(self, year: Year, case: Case) -> None:
        fresh = (person for person in self.order(year, case) if person not in case.asked)
        year.ask(case, islice(fresh, AT_ONCE))


def anybody_left(year: Year) -> list[Case]:
    """The requests that wait, without those for which everybody who could ever help was asked already."""
    fitting = year.world.fitting
    return [case for case in year.waiting if len(case.asked) < len(fitting[case.arrival.request.id])]


class NearestFirst(Asking):
    """The nearest who fit; nobody is spared."""

    def __init__(self) -> None:
        super().__init__("nearest", NO_CAP)

    def order(self, year: Year, case: Case) -> Iterable[UUID]:
        """By distance, then by keyed hash."""
        for _, person_id in year.world.fitting[case.arrival.request.id]:
            helper = year.world.helpers[person_id]
            if helper.joined <= year.now and year.failed(case, person_id) is None:
                yield person_id


class Engine(Asking):
    """This engine, online: the best by its score, under the weekly cap."""

    def __init__(self, name: str = "engine") -> None:
        super().__init__(name, DEFAULT_PROPOSAL_CAP)

    def order(self, year: Year, case: Case) -> Iterable[UUID]:
        """By score."""
        index = year.helpers.up_to_date(year.now)
        return [match.person_id for match in index.top_k(case.arrival.request, AT_ONCE + len(case.asked))]


class Nightly(Engine):
    """The engine online; whom to ask for all who still wait at night is decided for the whole region at once."""

    def __init__(self, name: str = "nightly") -> None:
        super().__init__(name)

    def night(self, year: Year) -> None:
        """One assignment: `AT_ONCE` places a request, and for each helper what is left of the weekly cap."""
        from matching.batch.assign import assign
        from matching.batch.types import Region

        cases = {case.arrival.request.id: case for case in anybody_left(year)}
        if not cases:
            return
        rows = year.helpers.rows(year.now)
        region = Region(
            requests=[as_it_waits(case, year.now) for case in cases.values()],
            offers=rows,
            borders=year.world.borders,
            places=dict.fromkeys(cases, AT_ONCE),
            capacities={row.person_id: max(row.proposal_cap - row.proposals_this_week, 0) for row in rows},
        )
        chosen: dict[UUID, list[UUID]] = {}
        for assigned in assign(region, seed=year.world.seed).assigned:
            chosen.setdefault(assigned.request_id, []).append(assigned.person_id)
        for request_id, persons in chosen.items():
            year.ask(cases[request_id], persons)


def as_it_waits(case: Case, now: int) -> Request:
    """The request with the days it waits, and without those who were asked before."""
    return replace(
        case.arrival.request,
        days_waiting=(now - case.arrival.at) // DAY,
        excluded=frozenset(case.asked),
    )


class WithRings(Nightly):
    """The nightly engine, and each night rings of two to four members who each help the next."""

    def __init__(self) -> None:
        super().__init__("rings")

    def night(self, year: Year) -> None:
        """Rings are sought among those whom the assignment left waiting or is asking for."""
        super().night(year)
        propose_rings(year)


POLICIES: Final[dict[str, Callable[[], Policy]]] = {
    "list": ReadingTheList,
    "nearest": NearestFirst,
    "engine": Engine,
    "nightly": Nightly,
    "rings": WithRings,
}
