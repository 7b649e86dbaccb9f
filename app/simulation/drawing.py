"""Draws the world of a seed: people live where people live and are as old as they are there.

By the project's own table of facts, and before the first policy is played: none can change what is drawn.
"""

from collections.abc import Sequence
from functools import cache
from itertools import accumulate
from math import inf
from random import Random
from typing import Final
from uuid import UUID

from app.categories.service import taxonomy
from app.categories.vocabulary import WELCOME_SKILLS, Language, Unpaid
from app.demo.offers import DEMAND, PATTERNS
from app.places.cells import cell_of
from app.places.import_csv import FACTS, RegionRows, read_region
from app.simulation import assumptions as assumed
from app.simulation.assumptions import DAY
from app.simulation.chance import stream
from app.simulation.world import Arrival, Helper, Member, Scale, World
from matching.borders import Borders
from matching.types import Gender, Offer, Request

UNDER_18: Final = 0.19
ADULT, OLD, OLDEST = 30, 68, 80
"""The middle of three bands of age: 18 to 64, 65 to 74, 75 and over."""
EAGER_TO_ASK: Final = {ADULT: 1.0, OLD: 8.0, OLDEST: 14.0}
ABLE_TO_HELP: Final = {ADULT: 1.0, OLD: 2.5, OLDEST: 0.6}
VULNERABLE: Final = {ADULT: 0.08, OLD: 0.12, OLDEST: 0.3}
HELPERS_ASK_MORE: Final = 3.0
URGENCIES: Final = (10, 65, 20, 5)
SLOT_WEIGHTS: Final = (5, 3, 2, 2, 2)
CHECKED: Final = 0.75
"""Share of those who offer something for which a check is needed that has it."""
ASKS_GENDER: Final = 0.03


@cache
def _facts() -> RegionRows:
    return read_region(FACTS)


@cache
def _categories() -> dict[int, int]:
    """What unpaid people may do: number and the checks that it needs."""
    return {row["number"]: row["checks"] for row in taxonomy() if row["unpaid"] != Unpaid.PROFESSIONALS}


def build(seed: int, scale: Scale) -> World:
    """The world of a seed, always the same."""
    facts = _facts()
    members = _members(stream(seed, "members"), scale.people)
    helpers = _helpers(stream(seed, "helpers"), members, scale)
    borders = Borders((row.municipality_id, row.neighbour_id) for row in facts.neighbours)
    arrivals = _arrivals(stream(seed, "arrivals"), members, helpers, scale)
    return World(seed, scale, members, helpers, arrivals, borders)


def _members(random: Random, count: int) -> tuple[Member, ...]:
    homes = []
    for row in _facts().neighbourhoods:
        old, oldest = (row.percentage_65_plus or 0) / 100, (row.percentage_75_plus or 0) / 100
        for age, share in ((ADULT, 1 - UNDER_18 - old), (OLD, old - oldest), (OLDEST, oldest)):
            homes.append((row, age, max(share, 0.0) * (row.residents or 0)))
    drawn = random.choices(homes, [weight for *_, weight in homes], k=count)
    return tuple(
        Member(
            _key(random), row.municipality_id, cell_of(row.latitude, row.longitude), age, _languages(random)
        )
        for row, age, _ in drawn
    )


def _key(random: Random) -> UUID:
    return UUID(int=random.getrandbits(128))


def _languages(random: Random) -> int:
    mask = Language.NL if random.random() < 0.97 else Language(0)
    if random.random() < 0.5 or not mask:
        mask |= Language.EN
    if random.random() < 0.1:
        mask |= random.choice((Language.PL, Language.TR, Language.AR, Language.DE))
    return int(mask)


def _helpers(random: Random, members: Sequence[Member], scale: Scale) -> dict[UUID, Helper]:
    count = round(assumed.OFFERING * len(members))
    # A weighted draw without replacement: the largest of u**(1/weight) (Efraimidis and Spirakis, 2006).
    keyed = [(random.random() ** (1 / ABLE_TO_HELP[member.age]), member) for member in members]
    chosen = sorted(keyed, key=lambda pair: (-pair[0], pair[1].id))[:count]
    return {member.id: _helper(random, member, scale) for _, member in chosen}


def _helper(random: Random, member: Member, scale: Scale) -> Helper:
    joined = 0
    if random.random() > assumed.THERE_FROM_THE_START:
        joined = random.randrange(scale.days) * DAY
    pauses = []
    for _ in range(random.choices((0, 1, 2), (4, 4, 2))[0]):
        since = random.randrange(scale.last_day) * DAY
        pauses.append((since, since + random.randint(14, 28) * DAY))
    return Helper(
        _offer(random, member),
        joined,
        random.gauss(0, assumed.EAGERNESS_SD),
        _visits(random, joined, scale.last_day * DAY),
        tuple(pauses),
        _weighted(random, assumed.REST_DAYS),
    )


def _weighted(random: Random, pairs: Sequence[tuple[int, int]]) -> int:
    return random.choices([value for value, _ in pairs], [weight for _, weight in pairs])[0]


def _visits(random: Random, joined: int, end: int) -> tuple[int, ...]:
    mean = _weighted(random, assumed.VISIT_DAYS) * DAY
    moments = accumulate(iter(lambda: random.expovariate(1 / mean), inf), initial=float(joined))
    visits = []
    for moment in moments:
        if moment >= end:
            break
        visits.append(int(moment))
    return tuple(visits)


def _offer(random: Random, member: Member) -> Offer:
    numbers = list(_categories())
    count = _weighted(random, assumed.CATEGORIES)
    categories = set(random.choices(numbers, [DEMAND[number] for number in numbers], k=count))
    skills = checks = 0
    for category in sorted(categories):
        skills |= WELCOME_SKILLS.get(category, 0) if random.random() < 0.8 else 0
        checks |= _categories()[category] if random.random() < CHECKED else 0
    minutes = random.choice((120, 180, 180, 240, 300, 480))
    return Offer(
        id=_key(random),
        person_id=member.id,
        municipality_id=member.municipality_id,
        cell=member.cell,
        categories=tuple(sorted(categories)),
        slots=random.choices(PATTERNS, SLOT_WEIGHTS)[0],
        minutes_per_week=minutes,
        load_limit_minutes=minutes,
        radius_km=random.choices((5, 8, 12, 15, 20), (2, 3, 4, 3, 2))[0],
        languages=member.languages,
        skills=skills,
        checks=checks,
        gender=random.choices(list(Gender), (55, 44, 1))[0],
        cross_border=random.random() < 0.85,
    )


def _arrivals(
    random: Random, members: Sequence[Member], helpers: dict[UUID, Helper], scale: Scale
) -> tuple[Arrival, ...]:
    """A Poisson process; older people ask more, and so does whoever helps: one is often both."""
    weights = list(
        accumulate(EAGER_TO_ASK[m.age] * (HELPERS_ASK_MORE if m.id in helpers else 1.0) for m in members)
    )
    mean = 365 * DAY / (assumed.REQUESTS_PER_MEMBER * len(members))
    arrivals = []
    moment = random.expovariate(1 / mean)
    while moment < scale.last_day * DAY:
        asker = random.choices(members, cum_weights=weights)[0]
        arrivals.append(_arrival(random, asker, int(moment)))
        moment += random.expovariate(1 / mean)
    return tuple(arrivals)


def _arrival(random: Random, asker: Member, at: int) -> Arrival:
    numbers = list(_categories())
    category = random.choices(numbers, [DEMAND[number] for number in numbers])[0]
    urgency = random.choices(range(4), URGENCIES)[0]
    request = Request(
        id=_key(random),
        person_id=asker.id,
        municipality_id=asker.municipality_id,
        cell=asker.cell,
        category=category,
        slots=random.choices(PATTERNS, SLOT_WEIGHTS)[0],
        minutes=_weighted(random, assumed.MINUTES),
        max_km=random.choice((8, 10, 15, 15, 20)),
        languages=asker.languages,
        skills_wished=int(WELCOME_SKILLS.get(category, 0)),
        checks=_categories()[category],
        urgency=urgency,
        vulnerable=random.random() < VULNERABLE[asker.age],
        gender=random.choice((Gender.FEMALE, Gender.MALE)) if random.random() < ASKS_GENDER else None,
        cross_border=random.random() < 0.9,
    )
    low, high = assumed.PATIENCE_DAYS[urgency]
    patience = random.uniform(low, high) * DAY
    return Arrival(request, at, at + int(patience), random.gauss(0, assumed.APPEAL_SD))
