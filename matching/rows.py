"""How a row becomes numbers, and numbers a row again.

A row is 80 bytes, laid out as matching/kernel/rows.h repeats. All-of conditions share one 64-bit word per row:
an offer's `abilities` must contain a request's `needs`; two flags of either kind of row share that word's end. A
removed offer has no abilities and a removed request needs the impossible, so that neither fits anything and
searches need no separate test for it. Time slots and kinds, of which one in common will do, share another word.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Generic
from uuid import UUID

import numpy as np

from matching.ids import key_of
from matching.mixing import LOW_64 as LOW_64
from matching.types import Gender, Offer, Request, Row
from matching.validation import MAX_COUNT, SLOT_BITS, check_offer, check_request

CHECK_SHIFT: Final = 32
GENDER_SHIFT: Final = 48
PRESENT, NOT_PAUSED, NOT_RESTING, UNDER_CAP = (1 << bit for bit in (56, 57, 58, 59))
CROSSES, EXCLUDES = (1 << bit for bit in (62, 63))
NEEDS_MASK: Final = CROSSES - 1
"""The part of the word in which abilities must contain needs."""
SKILL_MASK: Final = 0xFFFF_FFFF
CHECK_MASK: Final = 0xFFFF << CHECK_SHIFT
GENDER_MASK: Final = 0b111 << GENDER_SHIFT
SLOT_MASK: Final = (1 << SLOT_BITS) - 1
IMPOSSIBLE: Final = LOW_64
NEVER_PROPOSED: Final = MAX_COUNT + 1
ROW_BYTES: Final = 80

_SHARED: Final = [
    ("id_hi", "u8"), ("id_lo", "u8"), ("person_hi", "u8"), ("person_lo", "u8"),
    ("categories", "u8"), ("bits", "u8"), ("slots_kinds", "u4"), ("languages", "u4"),
    ("cell", "i4"), ("organisation", "i4"), ("municipality", "i2"), ("minutes", "i2"),
]  # fmt: skip
_OFFER: Final = np.dtype([
    *_SHARED, ("radius_km", "i2"), ("load", "i2"), ("load_limit", "i2"),
    ("proposals", "i2"), ("proposal_cap", "i2"), ("last_proposed", "i2"),
])  # fmt: skip
_REQUEST: Final = np.dtype([
    *_SHARED, ("max_km", "i2"), ("days_waiting", "i2"), ("skills_wished", "u4"),
    ("urgency", "i1"), ("vulnerable", "?"), ("spare", "u2"),
])  # fmt: skip


def split(key: UUID) -> tuple[int, int]:
    """The two 64-bit halves of a key."""
    return key.int >> 64, key.int & LOW_64


def joined(high: int, low: int) -> UUID:
    """The key of two halves."""
    return key_of(int(high) << 64 | int(low))


def abilities(offer: Offer) -> int:
    """What the offer brings to all-of conditions, as one word."""
    return (
        offer.skills
        | offer.checks << CHECK_SHIFT
        | _gender(offer.gender)
        | PRESENT
        | (0 if offer.paused else NOT_PAUSED)
        | (0 if offer.resting else NOT_RESTING)
        | (UNDER_CAP if offer.proposals_this_week < offer.proposal_cap else 0)
    )


def needs(request: Request) -> int:
    """What the request asks of `abilities`, as one word."""
    always = PRESENT | NOT_PAUSED | NOT_RESTING | UNDER_CAP
    return request.skills | request.checks << CHECK_SHIFT | _gender(request.gender) | always


def _gender(gender: int | None) -> int:
    return 0 if gender is None else 1 << (GENDER_SHIFT + gender - 1)


def _flags(row: Offer | Request) -> int:
    return (CROSSES if row.cross_border else 0) | (EXCLUDES if row.excluded else 0)


def _slots_kinds(row: Offer | Request) -> int:
    return row.slots | int(row.kinds) << SLOT_BITS


def _encode_offer(offer: Offer) -> tuple[int, ...]:
    categories = 0
    for category in offer.categories:
        categories |= 1 << category
    last_proposed = NEVER_PROPOSED if offer.last_proposed_days is None else offer.last_proposed_days
    return (
        *split(offer.id), *split(offer.person_id), categories, abilities(offer) | _flags(offer),
        _slots_kinds(offer), offer.languages, offer.cell, offer.organisation or 0, offer.municipality_id,
        offer.minutes_per_week, offer.radius_km, offer.load_minutes, offer.load_limit_minutes,
        offer.proposals_this_week, offer.proposal_cap, last_proposed,
    )  # fmt: skip


def _encode_request(request: Request) -> tuple[int, ...]:
    return (
        *split(request.id), *split(request.person_id), 1 << request.category,
        needs(request) | _flags(request), _slots_kinds(request), request.languages, request.cell,
        request.organisation or 0, request.municipality_id, request.minutes, request.max_km,
        request.days_waiting, request.skills_wished, request.urgency, request.vulnerable, 0,
    )  # fmt: skip


def _numbered_bits(mask: int) -> tuple[int, ...]:
    return tuple(bit for bit in range(64) if mask >> bit & 1)


def _decode_shared(values: dict[str, int], excluded: frozenset[UUID]) -> dict[str, Any]:
    gender = _numbered_bits((values["bits"] & GENDER_MASK) >> GENDER_SHIFT)
    return {
        "id": joined(values["id_hi"], values["id_lo"]),
        "person_id": joined(values["person_hi"], values["person_lo"]),
        "municipality_id": values["municipality"],
        "skills": values["bits"] & SKILL_MASK,
        "checks": (values["bits"] & CHECK_MASK) >> CHECK_SHIFT,
        "gender": Gender(gender[0] + 1) if gender else None,
        "organisation": values["organisation"] or None,
        "slots": values["slots_kinds"] & SLOT_MASK,
        "kinds": values["slots_kinds"] >> SLOT_BITS,
        "cross_border": bool(values["bits"] & CROSSES),
        "excluded": excluded,
        "cell": values["cell"],
        "languages": values["languages"],
    }


def _decode_offer(values: dict[str, int], excluded: frozenset[UUID]) -> Offer:
    last_proposed = values["last_proposed"]
    return Offer(
        **_decode_shared(values, excluded),
        categories=_numbered_bits(values["categories"]),
        minutes_per_week=values["minutes"],
        radius_km=values["radius_km"],
        paused=not values["bits"] & NOT_PAUSED,
        resting=not values["bits"] & NOT_RESTING,
        load_minutes=values["load"],
        load_limit_minutes=values["load_limit"],
        proposals_this_week=values["proposals"],
        proposal_cap=values["proposal_cap"],
        last_proposed_days=None if last_proposed == NEVER_PROPOSED else last_proposed,
    )


def _decode_request(values: dict[str, int], excluded: frozenset[UUID]) -> Request:
    names = ("minutes", "max_km", "urgency", "days_waiting", "vulnerable", "skills_wished")
    own: dict[str, Any] = {name: values[name] for name in names}
    return Request(
        **_decode_shared(values, excluded), **own, category=_numbered_bits(values["categories"])[0]
    )


@dataclass(frozen=True, slots=True)
class Schema(Generic[Row]):
    """How one kind of row is checked, written to and read from `ROW_BYTES` bytes."""

    dtype: np.dtype[np.void]
    packing: struct.Struct
    """The same layout as `dtype`, for one row at a time."""
    gone: int
    """The `bits` of a removed row."""
    check: Callable[[Row], None]
    encode: Callable[[Row], tuple[int, ...]]
    decode: Callable[[dict[str, int], frozenset[UUID]], Row]

    def pack(self, row: Row) -> bytes:
        """The bytes of a checked row."""
        return self.packing.pack(*self.encode(row))

    def unpack(self, packed: bytes | memoryview, excluded: frozenset[UUID]) -> Row:
        """The row of those bytes."""
        values = dict(zip(self.dtype.names or (), self.packing.unpack(packed), strict=True))
        return self.decode(values, excluded)


OFFERS: Final = Schema(_OFFER, struct.Struct("=6Q2I2i8h"), 0, check_offer, _encode_offer, _decode_offer)
REQUESTS: Final = Schema(
    _REQUEST, struct.Struct("=6Q2I2i4hIb?H"), IMPOSSIBLE, check_request, _encode_request, _decode_request
)
