"""What a row must be before it may enter an index. The first fault found raises, naming row and field."""

from typing import Final, TypeGuard
from uuid import UUID

from matching.borders import HIGHEST_MUNICIPALITY
from matching.cells import is_cell
from matching.errors import BadRow, NotWhole, OutOfRange, OutsideTheWorld, UnknownCategory
from matching.types import WHOLE_WEEK_MINUTES, Offer, Request

CATEGORIES: Final = 64
SLOT_BITS: Final = 28
SKILL_BITS: Final = 32
LANGUAGE_BITS: Final = 32
CHECK_BITS: Final = 16
KIND_BITS: Final = 4
MAX_KM: Final = 500
MAX_COUNT: Final = 32_000
MAX_ORGANISATION: Final = 2**31 - 1

_SHARED_BOUNDS: Final[dict[str, tuple[int, int]]] = {
    "municipality_id": (1, HIGHEST_MUNICIPALITY),
    "slots": (0, 2**SLOT_BITS - 1),
    "languages": (0, 2**LANGUAGE_BITS - 1),
    "skills": (0, 2**SKILL_BITS - 1),
    "checks": (0, 2**CHECK_BITS - 1),
    "kinds": (0, 2**KIND_BITS - 1),
}
OFFER_BOUNDS: Final = _SHARED_BOUNDS | {
    "minutes_per_week": (0, WHOLE_WEEK_MINUTES),
    "radius_km": (0, MAX_KM),
    "load_minutes": (0, WHOLE_WEEK_MINUTES),
    "load_limit_minutes": (0, WHOLE_WEEK_MINUTES),
    "proposals_this_week": (0, MAX_COUNT),
    "proposal_cap": (0, MAX_COUNT),
}
REQUEST_BOUNDS: Final = _SHARED_BOUNDS | {
    "skills_wished": (0, 2**SKILL_BITS - 1),
    "minutes": (1, WHOLE_WEEK_MINUTES),
    "max_km": (0, MAX_KM),
    "urgency": (0, 3),
    "days_waiting": (0, MAX_COUNT),
}
OFFER_OPTIONAL: Final = {
    "organisation": (1, MAX_ORGANISATION),
    "last_proposed_days": (0, MAX_COUNT),
    "gender": (1, 3),
}
REQUEST_OPTIONAL: Final = {"organisation": (1, MAX_ORGANISATION), "gender": (1, 3)}


def is_whole(value: object) -> TypeGuard[int]:
    """Whether it is a whole number, which yes and no are not."""
    return isinstance(value, int) and value is not True and value is not False


def check_offer(offer: Offer) -> None:
    """Raise the `BadRow` that fits the first fault."""
    _check(offer, OFFER_BOUNDS, OFFER_OPTIONAL)
    for category in offer.categories:
        _check_category(offer.id, category)


def check_request(request: Request) -> None:
    """Raise the `BadRow` that fits the first fault."""
    _check(request, REQUEST_BOUNDS, REQUEST_OPTIONAL)
    _check_category(request.id, request.category)


def _check(
    row: Offer | Request, bounds: dict[str, tuple[int, int]], optional: dict[str, tuple[int, int]]
) -> None:
    for key in (row.id, row.person_id):
        if not isinstance(key, UUID):
            raise BadRow(None, "id", key)
    for field, (low, high) in bounds.items():
        _check_number(row.id, field, getattr(row, field), low, high)
    for field, (low, high) in optional.items():
        value = getattr(row, field)
        if value is not None:
            _check_number(row.id, field, value, low, high)
    if not is_whole(row.cell):
        raise NotWhole(row.id, "cell", row.cell)
    if not is_cell(row.cell):
        raise OutsideTheWorld(row.id, "cell", row.cell)


def _check_number(row_id: UUID, field: str, value: object, low: int, high: int) -> None:
    # `is_whole` without its call: this runs a dozen times for every row, and for every question
    if not isinstance(value, int) or value is True or value is False:
        raise NotWhole(row_id, field, value)
    if not low <= value <= high:
        raise OutOfRange(row_id, field, value)


def _check_category(row_id: UUID, category: object) -> None:
    if not is_whole(category) or not 0 <= category < CATEGORIES:
        raise UnknownCategory(row_id, "category", category)


def checked_k(k: object) -> int:
    """How many are asked for. Raises NotWhole or OutOfRange."""
    if not is_whole(k):
        raise NotWhole(None, "k", k)
    if k < 0:
        raise OutOfRange(None, "k", k)
    return k
