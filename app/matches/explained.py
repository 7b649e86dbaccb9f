"""Why, for a whole list at once: what the engine says of the pairs that it still knows."""

from collections.abc import Callable, Sequence
from uuid import UUID

from matching.errors import UnknownRow
from matching.explain import Explanation, Explanations, explain_offers, explain_requests
from matching.index import OfferIndex, RequestIndex
from matching.types import Offer, Request


def of_offers(request: Request, ids: Sequence[UUID], index: OfferIndex) -> dict[UUID, Explanation]:
    """By offer, in the order asked; without those that were taken out of the index since they were found."""
    return _known(ids, lambda still: explain_offers(request, still, index))


def of_requests(offer: Offer, ids: Sequence[UUID], index: RequestIndex) -> dict[UUID, Explanation]:
    """The same by request."""
    return _known(ids, lambda still: explain_requests(offer, still, index))


def _known(ids: Sequence[UUID], explained: Callable[[list[UUID]], Explanations]) -> dict[UUID, Explanation]:
    still = list(ids)
    while still:
        try:
            return dict(zip(still, explained(still), strict=True))
        except UnknownRow as gone:
            # another thread followed the database in between; each turn leaves one out
            still = [key for key in still if key != gone.row_id]
    return {}
