"""How the helpers of one run stand: what was asked of them, promised and given, and the engine's row of each.

Days are whole: what counts days or weeks changes at midnight, what was asked or promised at once.
"""

from bisect import bisect_left
from dataclasses import dataclass, field, replace
from uuid import UUID

from app.simulation.assumptions import DAY, VAIN_DAYS
from app.simulation.world import Helper, World
from matching.index import OfferIndex
from matching.types import Change, Offer

WEEK_DAYS = 7


@dataclass(slots=True)
class Standing:
    """One helper in one run. Lists of moments are in minutes and ascending."""

    helper: Helper
    load_minutes: int = 0
    """Promised and not yet given."""
    asked: list[int] = field(default_factory=list)
    in_vain: list[int] = field(default_factory=list)
    """Asked, or willing, and somebody else took it."""
    agreed: list[int] = field(default_factory=list)
    given: list[int] = field(default_factory=list)
    rests_until: int = 0

    def asked_this_week(self, at: int) -> int:
        """How often in the last seven days, today included."""
        return len(self.asked) - bisect_left(self.asked, (at // DAY - WEEK_DAYS + 1) * DAY)

    def vain(self, at: int) -> int:
        """How often for nothing, of late."""
        return len(self.in_vain) - bisect_left(self.in_vain, at - VAIN_DAYS * DAY)

    def row(self, at: int, cap: int) -> Offer:
        """The offer as the engine should see it now."""
        return replace(
            self.helper.offer,
            paused=self.helper.paused(at),
            resting=at < self.rests_until,
            load_minutes=self.load_minutes,
            proposals_this_week=self.asked_this_week(at),
            proposal_cap=cap,
            last_proposed_days=at // DAY - self.asked[-1] // DAY if self.asked else None,
        )

    def rests(self, at: int) -> None:
        """A rest period after help, in whole days."""
        if self.helper.rest_days:
            self.rests_until = (at // DAY + 1 + self.helper.rest_days) * DAY


class Helpers:
    """All standings, and the index of those who have joined."""

    def __init__(self, world: World, cap: int) -> None:
        self.cap = cap
        self.standing = {person: Standing(helper) for person, helper in world.helpers.items()}
        self.index = OfferIndex(borders=world.borders, seed=world.seed)
        self._rows: dict[UUID, Offer] = {}
        self._changed: set[UUID] = set()
        self._version = 0

    def changed(self, person_id: UUID) -> None:
        """Something happened to this helper: the index reads them again before its next answer."""
        self._changed.add(person_id)

    def midnight(self, at: int) -> None:
        """A new day: who joined is there, and days are counted anew."""
        self._changed.update(p for p, standing in self.standing.items() if standing.helper.joined <= at)

    def up_to_date(self, at: int) -> OfferIndex:
        """The index with everything that happened before this moment."""
        changes = []
        self._version += 1
        for person_id in sorted(self._changed):
            row = self.standing[person_id].row(at, self.cap)
            if row != self._rows.get(person_id):
                self._rows[person_id] = row
                changes.append(Change(row.id, self._version, row))
        self._changed.clear()
        self.index.apply(changes)
        return self.index

    def rows(self, at: int) -> list[Offer]:
        """Everybody who has joined, as the engine sees them now."""
        self.up_to_date(at)
        return list(self._rows.values())
