"""The invented region while it is being made up: its rows, and the lives they lead."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, TypeVar
from uuid import UUID

from app.agreements.models import Agreement, Occurrence
from app.categories.models import Category
from app.db import Base
from app.demo.chance import Keys, stream
from app.demo.moments import Moments
from app.demo.wording import Voice
from app.help_offers.models import HelpOffer
from app.help_requests.models import HelpRequest
from app.matches.models import Proposal
from app.organisations.models import Organisation
from app.people.models import Contact, Membership, Person
from app.places.models import Municipality, Neighbourhood
from app.states import StateEvent, Transitions

Row = TypeVar("Row", bound=Base)


INSTANT = timedelta(milliseconds=1)

Alive = HelpRequest | HelpOffer | Proposal | Agreement | Occurrence
"""What leads a life."""


@dataclass(eq=False)
class Resident:
    """An invented person with what belongs to them."""

    person: Person
    contact: Contact
    home: Membership
    age: int
    languages: int
    checks: list[tuple[int, date, date | None]] = field(default_factory=list)
    """Bit, from, until."""
    offers: list[HelpOffer] = field(default_factory=list)
    asked: list[datetime] = field(default_factory=list)
    """When this helper was proposed."""
    busy: list[Occurrence] = field(default_factory=list)
    """Times at which this person helps."""
    requests: int = 0

    def __post_init__(self) -> None:
        # plain values: thousands of people are gone through for every request
        self.id: UUID = self.person.id
        self.municipality_id: int = self.home.municipality_id
        self.eagerness = 14.0 if self.age >= 75 else 8.0 if self.age >= 65 else 1.0
        """Older people ask more, and so does whoever helps: one is often both."""

    def known_since(self, at: datetime) -> None:
        """Nobody acts before they registered."""
        self.person.registered_at = min(self.person.registered_at, at)
        self.home.since = self.person.registered_at


@dataclass(frozen=True, slots=True)
class Act:
    """Something to book, at its moment: of an occurrence, or between two people."""

    at: datetime
    number: int
    kind: str
    by: Resident | None
    occurrence: Occurrence | None = None
    minutes: int = 0
    other: Resident | None = None


@dataclass
class World:
    """Everything that is made up, in memory, until it is written."""

    seed: int
    moments: Moments
    municipalities: dict[int, Municipality]
    neighbourhoods: dict[int, Neighbourhood]
    categories: dict[int, Category]
    borders: set[tuple[int, int]]
    rows: dict[type[Base], list[Base]] = field(default_factory=dict)
    residents: dict[UUID, Resident] = field(default_factory=dict)
    brokers: dict[int, list[Resident]] = field(default_factory=dict)
    organisations: dict[UUID, Organisation] = field(default_factory=dict)
    personas: dict[str, Resident] = field(default_factory=dict)
    acts: list[Act] = field(default_factory=list)
    said: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.staff: set[UUID] = set()
        self.fell_out: set[UUID] = set()
        self.newcomers: list[Resident] = []
        self._told: dict[UUID, datetime] = {}
        self._of_age: dict[tuple[range, int], list[Resident]] = {}
        self.key = Keys(self.seed)
        self.asking = self.voice("requests", "requests_1", "requests_2")
        self.offering = self.voice("offers", "offers")
        self.thanking = self.voice("thanks", "thanks")
        self.noting = self.voice("notes", "notes")
        self.answering = self.voice("messages", "messages")

    def voice(self, name: str, *texts: str) -> Voice:
        """Who says the sentences of these files."""
        return Voice(stream(self.seed, f"voice:{name}"), self.said, *texts)

    def chance(self, name: str) -> Random:
        """A source of chance for one subject."""
        return stream(self.seed, name)

    def add(self, row: Row) -> Row:
        """Keep a row for writing."""
        self.rows.setdefault(type(row), []).append(row)
        return row

    def all(self, model: type[Row]) -> list[Row]:
        """The rows of one table so far."""
        return self.rows.get(model, [])  # type: ignore[return-value]  # kept by their own type

    @property
    def apart(self) -> set[UUID]:
        """Whose life is not left to chance: the desks, the personas, and those of whom more is told."""
        named = (*self.personas.values(), *self.newcomers)
        return {*self.staff, *self.fell_out, *(resident.id for resident in named)}

    def of_age(self, ages: range) -> list[Resident]:
        """Everybody of these ages whose life is left to chance; gone through again when others were set apart."""
        apart = self.apart
        key = ages, len(apart)
        if key not in self._of_age:
            self._of_age[key] = [r for r in self.residents.values() if r.age in ages and r.id not in apart]
        return self._of_age[key]

    def broker(self, municipality_id: int) -> Resident:
        """The makelaar whose face the municipality shows."""
        return self.brokers[municipality_id][0]

    def living_in(self, municipality_id: int) -> Iterable[Resident]:
        """Everybody of one municipality."""
        return (r for r in self.residents.values() if r.municipality_id == municipality_id)

    def book(
        self, at: datetime, kind: str, by: Resident | None, occurrence: Occurrence, minutes: int = 0
    ) -> None:
        """Put a booking on the list for the walk through the year."""
        self.acts.append(Act(at, len(self.acts), kind, by, occurrence, minutes))

    def between(self, at: datetime, kind: str, by: Resident, other: Resident, minutes: int) -> None:
        """Put a gift, or wider limits, on that list."""
        self.acts.append(Act(at, len(self.acts), kind, by, None, minutes, other))

    def begin(self, entity: Alive, at: datetime, by: UUID | None, reason: str = "") -> None:
        """The first line of a life."""
        self._tell(entity, "", at, by, reason)

    def step(self, entity: Alive, wanted: Any, at: datetime, by: UUID | None, reason: str = "") -> None:
        """One allowed step, as the services take it, at a moment of the past."""
        before = str(entity.status)
        transitions: Transitions[Any] = entity.transitions
        entity.status = transitions.next(entity.status, wanted)
        self._tell(entity, before, at, by, reason)

    def _tell(self, entity: Alive, before: str, at: datetime, by: UUID | None, reason: str) -> None:
        # two steps of one moment keep their order
        if entity.id in self._told:
            at = max(at, self._told[entity.id] + INSTANT)
        self._told[entity.id] = at
        self.add(
            StateEvent(
                id=self.key(),
                municipality_id=entity.municipality_id,
                other_municipality_id=entity.other_municipality(),
                entity=entity.__tablename__,
                entity_id=entity.id,
                before=before,
                after=str(entity.status),
                at=at,
                by_person_id=by,
                reason=reason,
                parties=entity.parties(),
            )
        )
