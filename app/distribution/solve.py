"""The best assignment of the region within everybody's weekly share of questions, proven over all pairs.

The engine knows of one share per helper. Here two things count differently: a question that waits for its answer
may stay where it is, however full the week; a new one takes of what is left. So the region is first solved as if the
questions that wait had not been put. Whoever then got more new ones than their share allows gets a limit of their
own, and the region is solved again. Helpers who may be asked nothing more are left with exactly the questions that
they have, which gives up nothing; the few who may still be asked something get no more than that in all.
"""

import logging
from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from typing import Final
from uuid import UUID

from app.distribution.region import Situation
from app.matches.index import SEED
from matching.batch.assign import assign
from matching.batch.types import Assignment, Region
from matching.types import Offer

MOST_ROUNDS: Final = 8
log = logging.getLogger("zorgvoorelkaar.distribution")


def solve(situation: Situation) -> Assignment:
    """Assign the region; raises MatchingError for rows that the engine refuses."""
    found = assign(situation.region, seed=SEED)
    limited: set[UUID] = set()
    closed: set[UUID] = set()
    for _ in range(MOST_ROUNDS):
        over = _over_their_share(situation, found)
        if not over:
            return found
        closed |= over & limited
        limited |= over
        found = assign(_limited(situation, limited, closed), seed=SEED)
    log.warning(
        "the shares did not settle in %d rounds: whoever owes an answer is asked nothing more", MOST_ROUNDS
    )
    # nobody who owes an answer can now get more than their share: only they could
    return assign(_limited(situation, situation.asked.waiting, situation.asked.waiting), seed=SEED)


def _over_their_share(situation: Situation, found: Assignment) -> set[UUID]:
    """Helpers with more new questions than they may still get this week."""
    new = Counter(
        one.person_id for one in found.assigned if not situation.asked.waits(one.request_id, one.person_id)
    )
    return {person_id for person_id, count in new.items() if count > situation.room[person_id]}


def _limited(situation: Situation, limited: Collection[UUID], closed: Collection[UUID]) -> Region:
    """The region in which these helpers get no more than they may; who is closed, not even what they had."""
    region, room = situation.region, situation.room
    narrow = {person_id for person_id in limited if room.get(person_id, 0) > 0 or person_id in closed}
    capacities = {
        key: min(held, room[key]) if key in narrow else held for key, held in region.capacities.items()
    }
    askers = frozenset(request.person_id for request in region.requests)

    def only_what_waits(offer: Offer) -> Offer:
        if offer.person_id not in limited or offer.person_id in narrow:
            return offer
        waiting = situation.asked.waiting.get(offer.person_id, {})
        theirs = {situation.requests[key].person_id for key in waiting if key in situation.requests}
        return replace(offer, excluded=offer.excluded | (askers - theirs))

    return replace(region, capacities=capacities, offers=[only_what_waits(offer) for offer in region.offers])
