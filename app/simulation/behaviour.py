"""What people do: say yes or not, and how long it takes. The same for every policy, drawn by key."""

from dataclasses import dataclass
from math import exp, log

from app.simulation import assumptions as assumed
from app.simulation.assumptions import DAY, HOUR
from app.simulation.chance import Lot, lot
from app.simulation.standing import Standing
from app.simulation.world import Arrival, Helper
from matching.cells import metres_between

SLOTS_COUNTED = 6


def likelihood(arrival: Arrival, helper: Helper, vain: int, in_ring: bool = False) -> float:
    """How likely this helper says yes: falls with distance and with what was for nothing, rises with fit."""
    request, offer = arrival.request, helper.offer
    shared = min((request.slots & offer.slots).bit_count(), SLOTS_COUNTED) / SLOTS_COUNTED
    odds = (
        assumed.BASE_LOGIT
        + helper.eagerness
        + arrival.appeal
        + assumed.FIT_LOGIT * shared
        - assumed.KM_LOGIT * metres_between(request.cell, offer.cell) / 1000
        - assumed.VAIN_LOGIT * min(vain, assumed.MOST_VAIN)
        + (assumed.RING_LOGIT if in_ring else 0.0)
    )
    return 1 / (1 + exp(-odds))


@dataclass(frozen=True, slots=True)
class Pair:
    """The draws of one request and one helper."""

    seed: int
    arrival: Arrival
    standing: Standing

    def says_yes(self, at: int, in_ring: bool = False) -> bool:
        """Now that they read it."""
        vain = self.standing.vain(at)
        return self._lot(Lot.ANSWER) < likelihood(self.arrival, self.standing.helper, vain, in_ring)

    @property
    def might_say_yes(self) -> bool:
        """Whether they would if nothing had been for nothing; who would not then never will."""
        return self._lot(Lot.ANSWER) < likelihood(self.arrival, self.standing.helper, 0)

    @property
    def says_no(self) -> bool:
        """Whether who will not help says so."""
        return self._lot(Lot.DECLINE) < assumed.DECLINES

    @property
    def answer_minutes(self) -> int:
        """From being asked to answering."""
        return int(-log(1 - self._lot(Lot.DELAY)) * assumed.ANSWER_HOURS * HOUR)

    @property
    def meeting_minutes(self) -> int:
        """From a yes to knowing."""
        low, high = assumed.MEETING_HOURS
        return int((low + (high - low) * self._lot(Lot.MEETING)) * HOUR)

    @property
    def agree(self) -> bool:
        """Whether the introduction ends in an appointment."""
        return self._lot(Lot.AGREE) < assumed.AGREED

    @property
    def help_minutes(self) -> int:
        """From the appointment to the end of the help."""
        low, high = assumed.HELP_DAYS
        return int((low + (high - low) * self._lot(Lot.HELP_DAY)) * DAY)

    @property
    def cancelled(self) -> bool:
        """Whether the help does not come about after all."""
        return self._lot(Lot.CANCEL) < assumed.CANCELLED

    def _lot(self, what: Lot) -> float:
        return lot(self.seed, what, self.arrival.request.id, self.standing.helper.offer.person_id)
