"""The engine's own words: offers, requests, which municipalities agree, and what comes back.

All rows are plain values. Masks are whole numbers whose bits the caller has numbered; the engine only knows
their widths. Days and loads count from the moment at which the row was read: who loads rows reloads them each
new day.
"""

from dataclasses import dataclass
from enum import IntEnum, IntFlag
from typing import Final, Generic, NamedTuple, TypeVar
from uuid import UUID

from matching.ids import key_of

NOBODY: Final[frozenset[UUID]] = frozenset()
WHOLE_WEEK_MINUTES: Final = 7 * 24 * 60
DEFAULT_PROPOSAL_CAP: Final = 3


class Kind(IntFlag):
    """On what terms help is given; rows carry a mask of those that will do."""

    ROOSJES = 1
    ZONDER = 2
    BETAALD = 4
    CHEQUE = 8


class Gender(IntEnum):
    """Only where a request may ask for it (care of the body)."""

    FEMALE = 1
    MALE = 2
    OTHER = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One person's standing offer of help (hulpaanbod). A person may have several."""

    id: UUID
    person_id: UUID
    municipality_id: int
    """CBS code number, 1..9999."""
    cell: int
    categories: tuple[int, ...]
    """Category numbers, each 0..63."""
    slots: int
    """Weekly mask of 28 bits, bit = weekday * 4 + part of day."""
    minutes_per_week: int
    radius_km: int
    languages: int
    """Mask of 32 bits."""
    skills: int = 0
    """Mask of 32 bits."""
    checks: int = 0
    """Mask of 16 bits: checks that are valid today."""
    kinds: int = Kind.ROOSJES | Kind.ZONDER
    organisation: int | None = None
    """Set when the helper helps only through this organisation."""
    paused: bool = False
    resting: bool = False
    """Within the rest period after a spell of help."""
    load_minutes: int = 0
    """Already promised this week, over all of the person's offers."""
    load_limit_minutes: int = WHOLE_WEEK_MINUTES
    proposals_this_week: int = 0
    proposal_cap: int = DEFAULT_PROPOSAL_CAP
    last_proposed_days: int | None = None
    """Days since the helper was last proposed for anything; None: never."""
    gender: Gender | None = None
    cross_border: bool = True
    """Willing to help in another municipality."""
    excluded: frozenset[UUID] = NOBODY
    """Persons with whom no contact may arise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One open request for help (hulpvraag)."""

    id: UUID
    person_id: UUID
    municipality_id: int
    cell: int
    category: int
    slots: int
    """Times that suit, any overlap will do; all bits when no time was asked."""
    minutes: int
    """In one week."""
    max_km: int
    languages: int
    """Spoken by the asker; one in common will do."""
    skills: int = 0
    """Needed, all of them."""
    skills_wished: int = 0
    """Welcome, but not needed."""
    checks: int = 0
    """Required, all of them."""
    kinds: int = Kind.ROOSJES | Kind.ZONDER
    urgency: int = 0
    """0..3."""
    vulnerable: bool = False
    days_waiting: int = 0
    gender: Gender | None = None
    """Asked of the helper."""
    organisation: int | None = None
    """Through which organisation the request is handled."""
    cross_border: bool = True
    excluded: frozenset[UUID] = NOBODY


Row = TypeVar("Row", bound=Offer | Request)


@dataclass(frozen=True, slots=True)
class Change(Generic[Row]):
    """A row as it stands at a version, or its absence (`row` None). Versions of one id only ever grow."""

    id: UUID
    version: int
    row: Row | None


class Match(NamedTuple):
    """One line of an answer, best first. A tuple that holds its keys as numbers: every answer makes twenty, and
    making forty keys of them would take longer than finding them."""

    request: int
    offer: int
    person: int
    score: int
    distance_m: int
    """Between the centres of the two cells."""

    @classmethod
    def of(cls, request_id: UUID, offer_id: UUID, person_id: UUID, score: int, distance_m: int) -> "Match":
        """A match by its keys."""
        return cls(request_id.int, offer_id.int, person_id.int, score, distance_m)

    @property
    def request_id(self) -> UUID:
        """Which request."""
        return key_of(self.request)

    @property
    def offer_id(self) -> UUID:
        """Which offer."""
        return key_of(self.offer)

    @property
    def person_id(self) -> UUID:
        """The other side: the helper when a request asked, the asker when an offer asked."""
        return key_of(self.person)
