"""Six hundred offers: what people like to do, in the proportions in which it is asked."""

from dataclasses import dataclass
from random import Random
from uuid import UUID

from app.categories.vocabulary import ALL_DAYTIME, WELCOME_SKILLS, Check, Part, Unpaid, slot
from app.demo import checks
from app.demo.desks import HELMOND, HOME
from app.demo.wording import Exhausted
from app.demo.world import Resident, World
from app.help_offers.models import HelpOffer, Status
from app.organisations.models import OrganisationKind
from app.people.models import Membership, MembershipKind
from app.places.models import Mediation

OFFERS = 600
LATELY = 2
"""Of these, who came yesterday: `lately` tells of them."""
DEMAND = (
    26, 30, 14, 10, 12, 32, 12, 32, 34, 14, 12, 14, 10, 6, 3, 3, 32, 18, 5, 5, 14, 5,
    26, 14, 8, 5, 10, 2, 6, 5, 2, 7, 4, 5, 2, 3, 2, 3, 3, 6, 4, 7, 3, 8,
)  # fmt: skip
"""How often each category is asked, by its number."""
AT_HAND = ((1, 5), (1,), (1, 3), (8,), (16, 17), (22,), (5, 7), (0, 2), (8, 7), (16, 5))
"""What neighbours of the first persona offer, so that her week can be told."""
COMMON = (1, 5, 7, 8, 16, 22)
"""Of these there is always something left to say."""
FLAGGED = {4: OrganisationKind.VOLUNTEERS, 18: OrganisationKind.VOLUNTEERS, 20: OrganisationKind.VOLUNTEERS,
           21: OrganisationKind.VOLUNTEERS, 23: OrganisationKind.LIBRARY, 28: OrganisationKind.WELFARE,
           29: OrganisationKind.CARE, 30: OrganisationKind.VOLUNTEERS, 32: OrganisationKind.WELFARE,
           39: OrganisationKind.CLUB, 40: OrganisationKind.SCHOOL, 42: OrganisationKind.VOLUNTEERS,
           24: OrganisationKind.SCHOOL, 22: OrganisationKind.LIBRARY}  # fmt: skip
"""Which organisations stand behind a kind of help."""
_WORKDAYS, _WEEKEND = range(5), range(5, 7)
PATTERNS = (
    ALL_DAYTIME,
    sum(slot(day, Part.MORNING) | slot(day, Part.AFTERNOON) for day in _WORKDAYS),
    sum(slot(day, Part.EVENING) for day in range(7)) | sum(slot(day, Part.AFTERNOON) for day in _WEEKEND),
    sum(slot(day, part) for day in (0, 2, 3, 5) for part in (Part.MORNING, Part.AFTERNOON, Part.EVENING)),
    sum(slot(day, part) for day in (1, 3, 4, 6) for part in (Part.MORNING, Part.AFTERNOON)),
)


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody and what they like to do."""

    helper: Resident
    categories: tuple[int, ...]
    paid: bool = False


def offers(world: World, trades: dict[int, list[Resident]]) -> None:
    """All offers, the oldest first."""
    random = world.chance("offers")
    wishes = [*_neighbours(world, random), *_paid(trades)]
    helpers = _helpers(world, random, OFFERS - LATELY - len(wishes), {wish.helper.id for wish in wishes})
    wishes += [Wish(helper, _categories(world, random)) for helper in helpers]
    posted = sorted((random.randint(2, 372) for _ in wishes), reverse=True)
    near = {wish.helper.id for wish in wishes[: len(AT_HAND) + 2]}
    random.shuffle(wishes)
    wishes.sort(key=lambda wish: wish.helper.id not in near)
    for wish, days_ago in zip(wishes, posted, strict=True):
        post(world, random, wish, days_ago)


def _neighbours(world: World, random: Random) -> list[Wish]:
    personas = world.personas
    taken = {*world.staff, *(r.id for r in personas.values())}
    able = [r for r in world.living_in(HOME) if 22 <= r.age <= 74 and r.id not in taken]
    near = random.sample(able, len(AT_HAND))
    for helper in near:
        helper.person.paused = False
    told = [Wish(helper, categories) for helper, categories in zip(near, AT_HAND, strict=True)]
    return [*told, Wish(personas["vrijwilliger"], (1, 5, 7, 22)), Wish(personas["bewoner"], (3, 0))]


def _paid(trades: dict[int, list[Resident]]) -> list[Wish]:
    return [Wish(helper, (category,), paid=True) for category, found in trades.items() for helper in found]


def _helpers(world: World, random: Random, count: int, taken: set[UUID]) -> list[Resident]:
    """Who helps: rather the younger old, and some with a second offer."""
    able = [r for r in world.residents.values() if r.age <= 84 and r.id not in {*taken, *world.staff}]
    weights = [3 if 55 <= r.age < 75 else 2 if r.municipality_id in (HOME, HELMOND) else 1 for r in able]
    return random.choices(able, weights, k=count)


def _categories(world: World, random: Random) -> tuple[int, ...]:
    unpaid = [n for n, row in world.categories.items() if row.unpaid is not Unpaid.PROFESSIONALS]
    count = random.choices((1, 2, 3, 4), (30, 40, 22, 8))[0]
    drawn = random.choices(unpaid, [DEMAND[n] for n in unpaid], k=count)
    return tuple(dict.fromkeys(drawn))


def post(world: World, random: Random, wish: Wish, days_ago: int) -> HelpOffer:
    """One offer, with what it takes to make it."""
    helper = wish.helper
    at = world.moments.at(days_ago, random.randint(8 * 60, 21 * 60))
    helper.known_since(at)
    for category in wish.categories:
        if not wish.paid:
            _checks(world, random, helper, world.categories[category].checks, days_ago)
    title, body, main = _words(world, random, wish.categories)
    status = random.choices((Status.OPEN, Status.PAUSED, Status.WITHDRAWN, Status.DRAFT), (90, 4, 4, 2))[0]
    if wish.paid or helper in world.personas.values() or helper.municipality_id == HOME:
        status = Status.OPEN
    shown = world.municipalities[helper.municipality_id].mediation < Mediation.PROPOSED
    offer = HelpOffer(
        id=world.key(),
        municipality_id=helper.municipality_id,
        person_id=helper.id,
        organisation_id=_flag(world, random, main, helper, wish.paid),
        category_numbers=sorted({main, *wish.categories}),
        title=title,
        body=body,
        paid=wish.paid,
        skills=int(sum({WELCOME_SKILLS.get(category, 0) for category in wish.categories}, 0)),
        languages=helper.languages,
        slots=random.choices(PATTERNS, (5, 3, 2, 2, 2))[0],
        minutes_per_week=random.choice((120, 180, 180, 240, 300, 480)) * (4 if wish.paid else 1),
        radius_km=25 if wish.paid else random.choices((5, 8, 12, 15, 20), (2, 3, 4, 3, 2))[0],
        cross_border=wish.paid or random.random() < 0.85,
        pc4=helper.home.pc4,
        cell=helper.home.cell,
        status=Status.DRAFT,
        created_at=at,
    )
    _tell(world, offer, status)
    if status is not Status.DRAFT:
        offer.posted_at = at
        offer.is_public = status is Status.OPEN and shown
    if helper in world.personas.values():
        offer.slots, offer.radius_km, offer.cross_border, offer.minutes_per_week = ALL_DAYTIME, 15, True, 480
    helper.offers.append(world.add(offer))
    return offer


def _tell(world: World, offer: HelpOffer, status: Status) -> None:
    world.begin(offer, offer.created_at, offer.person_id)
    if status is Status.DRAFT:
        return
    world.step(offer, Status.OPEN, offer.created_at, offer.person_id)
    if status is not Status.OPEN:
        since = (world.moments.now - offer.created_at) * 0.4
        world.step(offer, status, world.moments.now - since, offer.person_id)
    earlier = world.residents[offer.person_id].offers
    if all(row.status is Status.DRAFT for row in earlier):
        world.add(
            Membership(
                person_id=offer.person_id,
                municipality_id=offer.municipality_id,
                kind=MembershipKind.HELPS,
                pc4=offer.pc4,
                cell=offer.cell,
                since=offer.created_at,
            )
        )


def _words(world: World, random: Random, categories: tuple[int, ...]) -> tuple[str, str, int]:
    """Title and body of the first category that still has something to say, and which that is."""
    for category in (*categories, *COMMON):
        slug = world.categories[category].slug
        world.offering.begin(slug)
        try:
            title, body = world.offering.say(slug, "T"), [world.offering.say(slug, "P")]
        except Exhausted:
            continue
        if random.random() < 0.55:
            body.append(world.offering.may_say("*", "G"))
        return title, " ".join(filter(None, body)), category
    raise Exhausted("offers")


def _flag(world: World, random: Random, category: int, helper: Resident, paid: bool) -> UUID | None:
    kind = FLAGGED.get(category)
    if kind is None or paid or random.random() < 0.3 or helper in world.personas.values():
        return None
    fitting = [o for o in world.organisations.values() if o.kind is kind]
    near = [o for o in fitting if o.municipality_id == helper.municipality_id]
    return random.choice(near or fitting).id


def _checks(world: World, random: Random, helper: Resident, wanted: int, days_ago: int) -> None:
    """Most have what their help asks for; of some it has run out, of a few it is not there yet."""
    held = {kind for kind, _, _ in helper.checks}
    sure = helper in world.personas.values() or helper.municipality_id == HOME
    for check in (Check.IDENTITY, *(c for c in Check if wanted & c)):
        luck = 0 if sure else random.random()
        if int(check) in held or luck > 0.9:
            continue
        if luck > 0.82:
            checks.see(world, helper, check, 365 * 4, 3)
        else:
            checks.see(
                world, helper, check, days_ago, None if check is Check.IDENTITY else random.choice((2, 3))
            )
