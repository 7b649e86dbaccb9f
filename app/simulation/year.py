"""One year of one world under one policy: events in their order, and what became of every request.

A request is open until an appointment is made or the asker gives up. Who says yes is introduced, one at a time
and in order of answer; the hard rules are looked at again when somebody comes forward and when the appointment
is made, as the product does.
"""

import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Protocol
from uuid import UUID

from app.simulation.assumptions import DAY, HOUR, ROUND_HOURS
from app.simulation.behaviour import Pair
from app.simulation.standing import Helpers
from app.simulation.world import Arrival, World
from matching.pairs import Pair as Both
from matching.rules import HOLDS, Rule
from matching.types import Offer


@dataclass(frozen=True, slots=True)
class Appointment:
    """Who helps, since when that is sure, and from how far."""

    helper_id: UUID
    at: int
    ends: int
    distance_m: int
    offer: Offer
    """As it stood when it was agreed."""


@dataclass(slots=True)
class Case:
    """One request in one run."""

    arrival: Arrival
    asked: set[UUID] = field(default_factory=set)
    asked_in_ring: set[UUID] = field(default_factory=set)
    in_ring: set[UUID] = field(default_factory=set)
    """Who came forward because a ring went ahead."""
    pending: set[UUID] = field(default_factory=set)
    """Asked in this round, no answer yet."""
    willing: list[UUID] = field(default_factory=list)
    meeting: UUID | None = None
    appointment: Appointment | None = None
    reactions: int = 0
    first_yes: int | None = None
    over: bool = False
    helped: bool = False

    @property
    def quiet(self) -> bool:
        """Open, and nobody is being asked or met."""
        return not self.over and not self.pending and self.meeting is None


class Policy(Protocol):
    """Who gets to know of a request, and when."""

    name: str
    cap: int
    """Proposals per helper per week."""

    def posted(self, year: "Year", case: Case) -> None:
        """A request was posted."""

    def stuck(self, year: "Year", case: Case) -> None:
        """Nobody who was asked wanted, or it came to nothing."""

    def night(self, year: "Year") -> None:
        """Midnight, after the day was counted."""


class Year:
    """The clockwork of one run; ``play`` winds it down."""

    def __init__(self, world: World, policy: Policy) -> None:
        self.world, self.policy = world, policy
        self.helpers = Helpers(world, policy.cap)
        self.cases = [Case(arrival) for arrival in world.arrivals]
        self.open: dict[UUID, Case] = {}
        self.now = 0
        self.rings: list[tuple[int, int, bool]] = []
        """Of each ring that was proposed: when, its length, and whether it went ahead."""
        self._events: list[tuple[int, int, Callable[[], None]]] = []
        self._number = count()

    def play(self) -> "Year":
        """Everything that happens until the last day."""
        for day in range(self.world.scale.last_day + 1):
            self.at(day * DAY, self._midnight)
        for case in self.cases:
            self.at(case.arrival.at, partial(self._post, case))
        end = self.world.scale.last_day * DAY
        while self._events and self._events[0][0] <= end:
            self.now, _, happens = heapq.heappop(self._events)
            happens()
        return self

    @property
    def waiting(self) -> list[Case]:
        """The open requests about which nobody is being asked or met, the oldest first."""
        return [case for case in self.open.values() if case.quiet]

    def at(self, moment: int, happens: Callable[[], None]) -> None:
        """Something will happen; what is planned first comes first among equals."""
        heapq.heappush(self._events, (moment, next(self._number), happens))

    def pair(self, case: Case, person_id: UUID) -> Pair:
        """The draws of these two."""
        return Pair(self.world.seed, case.arrival, self.helpers.standing[person_id])

    def failed(self, case: Case, person_id: UUID) -> Rule | None:
        """The first hard rule between the two as they stand now; the cap is about asking, not about a yes."""
        row = self.helpers.standing[person_id].row(self.now, self.policy.cap)
        both = Both(case.arrival.request, row, self.world.borders)
        return next(
            (rule for rule, holds in HOLDS.items() if rule != Rule.PROPOSALS and not holds(both)), None
        )

    def ask(self, case: Case, persons: Iterable[UUID]) -> None:
        """Put the request to some helpers and wait for their answers."""
        asked = list(persons)
        for person_id in asked:
            case.asked.add(person_id)
            case.pending.add(person_id)
            self.notify(person_id)
            pair = self.pair(case, person_id)
            self.at(self.now + pair.answer_minutes, partial(self._answer, case, person_id))
        if asked:
            self.at(self.now + ROUND_HOURS * HOUR, partial(self._round_over, case, frozenset(asked)))

    def notify(self, person_id: UUID) -> None:
        """A helper is asked something."""
        self.helpers.standing[person_id].asked.append(self.now)
        self.helpers.changed(person_id)

    def come_forward(self, case: Case, person_id: UUID) -> None:
        """A helper says yes: they are introduced, or wait for who came before them."""
        if case.over or self.failed(case, person_id) is not None:
            return
        case.reactions += 1
        case.first_yes = self.now if case.first_yes is None else case.first_yes
        case.willing.append(person_id)
        if case.meeting is None:
            self._meet(case)

    def _midnight(self) -> None:
        self.helpers.midnight(self.now)
        self.policy.night(self)

    def _post(self, case: Case) -> None:
        self.open[case.arrival.request.id] = case
        self.at(case.arrival.gives_up, partial(self._give_up, case))
        self.policy.posted(self, case)

    def _answer(self, case: Case, person_id: UUID) -> None:
        if case.over:
            return
        pair = self.pair(case, person_id)
        if pair.says_yes(self.now):
            case.pending.discard(person_id)
            self.come_forward(case, person_id)
        elif pair.says_no:
            case.pending.discard(person_id)
        self._stuck_if_quiet(case)

    def _round_over(self, case: Case, asked: frozenset[UUID]) -> None:
        """Who stayed silent is not waited for any longer."""
        if not case.over and case.pending & asked:
            case.pending -= asked
            self._stuck_if_quiet(case)

    def _stuck_if_quiet(self, case: Case) -> None:
        if case.quiet:
            self.policy.stuck(self, case)

    def _meet(self, case: Case) -> None:
        case.meeting = case.willing.pop(0)
        pair = self.pair(case, case.meeting)
        self.at(self.now + pair.meeting_minutes, partial(self._met, case, case.meeting))

    def _met(self, case: Case, person_id: UUID) -> None:
        if case.over:
            return
        case.meeting = None
        if self.pair(case, person_id).agree and self.failed(case, person_id) is None:
            self._appoint(case, person_id)
        elif case.willing:
            self._meet(case)
        else:
            self._stuck_if_quiet(case)

    def _appoint(self, case: Case, person_id: UUID) -> None:
        """Make the appointment; whoever else was asked or willing was so for nothing."""
        standing, pair = self.helpers.standing[person_id], self.pair(case, person_id)
        row = standing.row(self.now, self.policy.cap)
        metres = Both(case.arrival.request, row).distance_m
        ends = self.now + pair.help_minutes
        case.appointment = Appointment(person_id, self.now, ends, metres, row)
        standing.agreed.append(self.now)
        standing.load_minutes += case.arrival.request.minutes
        self.helpers.changed(person_id)
        others = {*case.pending, *case.willing, *([case.meeting] if case.meeting else [])} - {person_id}
        for other in others:
            self.helpers.standing[other].in_vain.append(self.now)
        self._close(case)
        self.at(ends, partial(self._end, case, person_id))

    def _end(self, case: Case, person_id: UUID) -> None:
        standing = self.helpers.standing[person_id]
        standing.load_minutes -= case.arrival.request.minutes
        if not self.pair(case, person_id).cancelled:
            case.helped = True
            standing.given.append(self.now)
            standing.rests(self.now)
        self.helpers.changed(person_id)

    def _give_up(self, case: Case) -> None:
        if not case.over:
            self._close(case)

    def _close(self, case: Case) -> None:
        case.over, case.meeting = True, None
        case.pending.clear()
        case.willing.clear()
        del self.open[case.arrival.request.id]
