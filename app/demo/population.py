"""Three thousand people, spread over the neighbourhoods by how many really live there and how old they are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from random import Random

from app.demo import names
from app.demo.world import Resident, World
from app.people.models import Contact, Membership, MembershipKind, Person
from app.places.models import Neighbourhood

PEOPLE = 3_000
UNDER_18 = 0.19
"""Share of children in this part of Brabant; they have no page of their own."""
BANDS = ((18, 64), (65, 74), (75, 96))
FIRST_PHONE = 31_612_340_000
"""06 12 34 .. ..: a range of made-up numbers, each given once."""


@dataclass(frozen=True, slots=True)
class Place:
    """A neighbourhood and an age, to be filled with somebody."""

    neighbourhood: Neighbourhood
    band: tuple[int, int]


def populate(world: World) -> None:
    """Everybody, with a home and private details, in the order of the neighbourhoods."""
    random = world.chance("people")
    for number, place in enumerate(_places(world.neighbourhoods.values())):
        _settle(world, random, place, number)


def _places(neighbourhoods: Iterable[Neighbourhood]) -> list[Place]:
    """Exactly PEOPLE places: each neighbourhood and age gets its share, the largest remainders first."""
    rows = sorted(neighbourhoods, key=lambda row: row.pc4)
    weights = [
        (Place(row, band), row.residents * share)
        for row in rows
        for band, share in zip(BANDS, _shares(row), strict=True)
    ]
    total = sum(weight for _, weight in weights)
    quotas = [(place, PEOPLE * weight / total) for place, weight in weights]
    rest = PEOPLE - sum(int(quota) for _, quota in quotas)
    rounded_up = sorted(range(len(quotas)), key=lambda i: int(quotas[i][1]) - quotas[i][1])[:rest]
    counts = [int(quota) + (i in set(rounded_up)) for i, (_, quota) in enumerate(quotas)]
    return [place for (place, _), count in zip(quotas, counts, strict=True) for _ in range(count)]


def _shares(row: Neighbourhood) -> tuple[float, float, float]:
    """18 to 64, 65 to 74, 75 and over."""
    old, oldest = row.percentage_65_plus / 100, row.percentage_75_plus / 100
    return max(1 - UNDER_18 - old, 0), max(old - oldest, 0), oldest


def _settle(world: World, random: Random, place: Place, number: int) -> None:
    low, high = place.band
    age = random.randint(low, high) if high < 90 else low + int((high - low) * random.random() ** 1.7)
    birth_year = world.moments.today.year - age
    first_name, last_name, languages = names.full_name(random, birth_year)
    since = world.moments.at(random.randint(3, 380), random.randint(8 * 60, 21 * 60))
    person = Person(
        id=world.key(),
        pseudonym=world.key(),
        first_name=first_name,
        do_not_ask=random.random() < 0.03,
        paused=random.random() < 0.03,
        registered_at=since,
    )
    row = place.neighbourhood
    contact = Contact(
        person_id=person.id,
        last_name=last_name,
        email=_email(random, first_name, number, age),
        phone=f"+{FIRST_PHONE + number}",
        postcode=names.postcode(random, row.pc4),
        house_number=str(random.randint(1, 140)) + ("a" if random.random() < 0.08 else ""),
        street=random.choice(names.STREETS),
        birth_year=birth_year,
    )
    home = _membership(person, row, since)
    world.residents[person.id] = Resident(person, contact, home, age, languages)
    for made in (person, contact, home):
        world.add(made)


def _membership(person: Person, row: Neighbourhood, since: datetime) -> Membership:
    return Membership(
        person_id=person.id,
        municipality_id=row.municipality_id,
        kind=MembershipKind.LIVES,
        pc4=row.pc4,
        cell=row.cell,
        since=since,
    )


_PLAIN = str.maketrans("şçığöüłŞÇİĞÖÜŁ", "scigoulSCIGOUL")


def _email(random: Random, first_name: str, number: int, age: int) -> str | None:
    """An address under a domain that nobody can own; one in three of the oldest has none."""
    if age >= 75 and random.random() < 0.34:
        return None
    return f"{first_name.translate(_PLAIN).lower()}.{number}@voorbeeld.example"
