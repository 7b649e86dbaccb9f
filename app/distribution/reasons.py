"""Why somebody stays without, in facts for the desk: what stands in the way, what would help, who is needed where."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from app.distribution.region import Situation
from matching.batch.priority import tier
from matching.batch.types import Assigned, Assignment, Priorities, Unserved, Without
from matching.explain import counterfactuals
from matching.index import OfferIndex
from matching.rules import Rule, first_failed
from matching.types import Offer, Request

SILENT: Final = frozenset({Rule.EXCLUDED, Rule.ONESELF})
"""Rules that are told as something else, or not at all."""


class Explainer:
    """Explains the requests of one municipality; what all of them need is worked out once."""

    def __init__(self, situation: Situation, found: Assignment, index: OfferIndex) -> None:
        self._situation, self._index = situation, index
        self._by_category: dict[int, list[Offer]] = {}
        for offer in situation.offers.values():
            for category in offer.categories:
                self._by_category.setdefault(category, []).append(offer)
        self._serves: dict[UUID, list[Assigned]] = {}
        for one in found.assigned:
            self._serves.setdefault(one.person_id, []).append(one)

    def why(self, without: Unserved) -> dict[str, Any]:
        """The facts as they are kept with the line."""
        request = self._situation.requests[without.request_id]
        if without.why is Without.NEEDED_ELSEWHERE:
            return {"fitting": without.fitting, "price": without.price, "for": self._for_whom(request)}
        failed = self._failed(request)
        rule, count = _commonest(failed)
        return {
            "rule": rule,
            "count": count,
            "asked": len(self._situation.asked.answered.get(request.id, ())),
            "would_help": [
                [found.relaxation.name.lower(), found.amount, found.more]
                for found in counterfactuals(request, self._index)
                if found.more > 0
            ],
        }

    def _failed(self, request: Request) -> dict[UUID, Rule]:
        """For each person who does this kind of help, the rule that keeps their nearest offer away."""
        borders = self._situation.region.borders
        answered = self._situation.asked.answered.get(request.id, frozenset())
        failed: dict[UUID, Rule] = {}
        for offer in self._by_category.get(request.category, ()):
            rule = first_failed(request, offer, borders)
            if rule is not None and offer.person_id not in answered:
                failed[offer.person_id] = max(rule, failed.get(offer.person_id, rule))
        return failed

    def _for_whom(self, request: Request) -> str:
        """Whether all who fit go to people who come first, or some to whom nobody else would do."""
        own = self._tier(request)
        fitting = {
            offer.person_id
            for offer in self._by_category.get(request.category, ())
            if first_failed(request, offer, self._situation.region.borders) is None
        }
        others = [
            self._tier(self._situation.requests[one.request_id])
            for person_id in fitting
            for one in self._serves.get(person_id, ())
        ]
        return "first" if others and min(others) > own else "scarce"

    def _tier(self, request: Request) -> int:
        priorities: Mapping[int, Priorities] = self._situation.region.priorities
        return tier(request, priorities.get(request.municipality_id, Priorities()))


def _commonest(failed: Mapping[UUID, Rule]) -> tuple[str, int]:
    """The rule that stands in the way most often; that one of two excluded the other is told as a pause."""
    told: Iterable[Rule] = (Rule.PAUSED if rule in SILENT else rule for rule in failed.values())
    found = Counter(told).most_common(1)
    if not found:
        return Rule.CATEGORY.name.lower(), 0
    rule, count = found[0]
    return rule.name.lower(), count
