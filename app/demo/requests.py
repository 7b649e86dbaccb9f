"""Requests: who asks what, in which words."""

from datetime import datetime, timedelta
from random import Random
from uuid import uuid5

from app.categories.vocabulary import ALL_DAYTIME, Frequency, Kind, Unpaid, Visibility, part_of, slot
from app.clock import AMSTERDAM
from app.demo.offers import DEMAND, PATTERNS
from app.demo.plans import LASTING, Fate, Plan
from app.demo.wording import Exhausted
from app.demo.world import Resident, World
from app.help_requests.models import HelpRequest, Status
from app.places.models import Mediation
from app.privacy.models import Consent, Purpose
from app.privacy.standing import is_sensitive
from app.privacy.texts import version
from app.representations.models import ConsentWay

PARENTS, WORKERS = range(24, 52), range(19, 62)
AGES = {24: PARENTS, 31: PARENTS, 32: PARENTS, 33: PARENTS, 34: PARENTS, 25: WORKERS, 40: range(25, 75)}
"""Whose question it is; all others are asked by adults of any age, the older ones more often."""
MINUTES = {0: (60, 90), 1: (60, 90, 120), 3: (15, 15, 30), 5: (45, 60, 60), 7: (60, 90, 120), 8: (60, 90, 120),
           9: (120, 180), 10: (15, 30), 11: (30, 60), 16: (60, 90, 120), 17: (120, 150), 22: (45, 60),
           26: (120, 180), 31: (120, 180), 30: (240,), 27: (1440,)}  # fmt: skip
SERIAL = (0, 1, 2, 3, 4, 5, 6, 8, 11, 23, 24, 26, 29, 33, 20, 22, 16)
"""What is often asked for longer."""
DATED = (Fate.DONE, Fate.NEW, Fate.LATE, Fate.WILLING, Fate.MEETING)
READ_FIRST = (21, 42, 43, 43, 28)
"""What a makelaar reads before anybody else does, in every municipality."""


def choose(world: World, random: Random, plan: Plan) -> tuple[Resident, int]:
    """An asker and a category, as far as the plan left them open."""
    category = plan.category if plan.category is not None else _category(world, random, plan)
    if plan.asker is not None:
        return plan.asker, category
    ages = AGES.get(category, range(18, 100))
    where = plan.municipality_id
    able = [r for r in world.of_age(ages) if r.requests < 2 and (where is None or r.municipality_id == where)]
    return random.choices(able, [r.eagerness * (3.0 if r.offers else 1.0) for r in able])[0], category


def _category(world: World, random: Random, plan: Plan) -> int:
    if plan.fate is Fate.SUBMITTED:
        return random.choice(READ_FIRST)
    numbers = [n for n in world.categories if plan.fate not in LASTING or n in SERIAL]
    numbers = [n for n in numbers if world.categories[n].unpaid is not Unpaid.PROFESSIONALS or plan.fate in
               (Fate.LATE, Fate.WILLING, Fate.DONE, Fate.COMING, Fate.REFERRED)]  # fmt: skip
    return random.choices(numbers, [DEMAND[n] for n in numbers])[0]


def build(
    world: World, random: Random, plan: Plan, chosen: tuple[Resident, int], at: datetime
) -> HelpRequest:
    """A draft without words yet: whether somebody fits is looked up before words are spent on it."""
    asker, category = chosen
    for_another = asker.contact.email is None
    author = world.broker(asker.municipality_id) if for_another else asker
    request = HelpRequest(
        id=world.key(),
        municipality_id=asker.municipality_id,
        person_id=asker.id,
        author_id=author.id,
        consent=random.choice(("phone", "phone", "visit")) if for_another else "",
        category_number=category,
        kind=plan.kind if plan.kind is not None else _kind(world, random, category),
        visibility=random.choices(list(Visibility), (7, 12, 81))[0],
        skills=0,
        languages=asker.languages,
        slots=random.choices(PATTERNS, (8, 4, 1, 2, 2))[0],
        minutes=random.choice(MINUTES.get(category, (60, 90))),
        frequency=_frequency(random, plan.fate),
        helpers_wanted=random.choice((2, 2, 3)) if plan.fate in (Fate.PARTIAL, Fate.DONE_SEVERAL) else 1,
        urgency=random.choices((0, 1, 2, 3), (10, 65, 20, 5))[0],
        vulnerable=random.random() < (0.3 if asker.age >= 75 else 0.08),
        max_km=random.choice((8, 10, 15, 15, 20)),
        cross_border=random.random() < 0.9,
        pc4=asker.home.pc4,
        cell=asker.home.cell,
        status=Status.DRAFT,
        helpers_found=0,
        created_at=at,
    )
    if plan.any_day:
        request.slots = ALL_DAYTIME
    elif plan.fate is Fate.DONE_SERIES:
        request.until_date = (at + timedelta(days=random.randint(60, max(plan.days_ago - 20, 61)))).date()
    elif plan.fate in DATED and random.random() < 0.5:
        _on_a_date(random, request, at if plan.fate is Fate.DONE else world.moments.now)
    return request


def _on_a_date(random: Random, request: HelpRequest, at: datetime) -> None:
    moment = at.astimezone(AMSTERDAM) + timedelta(days=random.randint(6, 12))
    if request.minutes < 1440:
        request.on_date = moment.date()
        request.at_time = moment.time().replace(
            hour=random.choice((9, 10, 11, 13, 14, 15, 16, 19)), minute=0, second=0, microsecond=0
        )
        request.slots = slot(moment.weekday(), part_of(request.at_time.hour))


def _kind(world: World, random: Random, category: int) -> Kind:
    if world.categories[category].unpaid is Unpaid.PROFESSIONALS:
        return Kind.CHEQUE if category == 13 and random.random() < 0.4 else Kind.BETAALD
    return Kind.ZONDER if random.random() < 0.1 else Kind.ROOSJES


def _frequency(random: Random, fate: Fate) -> Frequency:
    if fate not in LASTING:
        return Frequency.ONCE
    serial = (Frequency.WEEKLY, Frequency.FORTNIGHTLY, Frequency.MONTHLY)
    return random.choices(serial, (5, 3, 2))[0]


def word(world: World, random: Random, plan: Plan, request: HelpRequest) -> bool:
    """Title and body for the request; False when this category has nothing new to say."""
    if plan.title:
        request.title, request.body = plan.title, plan.body
        world.said.update([plan.title])
        return True
    slug, voice = world.categories[request.category_number].slug, world.asking
    voice.begin(slug)
    try:
        request.title = voice.say(slug, "T")
        said = [voice.say(slug, "N")]
    except Exhausted:
        return False
    said.append(voice.may_say(slug, "D"))
    if random.random() < 0.5:
        said.append(voice.may_say("*", "G"))
    request.body = " ".join(filter(None, said))
    return True


def posted(world: World, request: HelpRequest) -> None:
    """The request is there; from now on it counts."""
    asker = world.residents[request.person_id]
    asker.requests += 1
    asker.known_since(request.created_at - timedelta(minutes=20))
    world.add(request)
    world.begin(request, request.created_at, request.author_id)
    if is_sensitive(world.categories[request.category_number], request.skills):
        _said_yes(world, request)


def _said_yes(world: World, request: HelpRequest) -> None:
    """To what is sensitive in it: ticked, or told the makelaar who wrote it down; once, with the first that asks."""
    known = next((row for row in world.all(Consent) if row.person_id == request.person_id), None)
    if known is not None and known.given_at is not None and known.given_at <= request.created_at:
        return
    by_desk = request.author_id != request.person_id
    row = known or world.add(
        Consent(
            id=uuid5(request.id, Purpose.SENSITIVE),
            municipality_id=request.municipality_id,
            person_id=request.person_id,
            purpose=Purpose.SENSITIVE,
            version=version(Purpose.SENSITIVE),
        )
    )
    row.given_at, row.recorded_by_id = request.created_at, request.author_id
    row.way = ConsentWay.VOICE if by_desk else ConsentWay.SITE


def until_open(world: World, random: Random, request: HelpRequest) -> datetime:
    """From draft to open, by way of the makelaar where the municipality or the category wants that."""
    municipality = world.municipalities[request.municipality_id]
    category = world.categories[request.category_number]
    broker, at = world.broker(request.municipality_id), request.created_at + timedelta(minutes=4)
    request.posted_at = at
    read_first = (
        municipality.mediation >= Mediation.CHECKED or category.sensitive or category.theme == "anders"
    )
    if read_first and request.author_id == request.person_id:
        world.step(request, Status.SUBMITTED, at, request.person_id)
        at = world.moments.past(at + timedelta(hours=random.uniform(0.5, 20)))
        request.seen_at, request.broker_id = at, broker.id
    world.step(request, Status.OPEN, at, request.broker_id or request.author_id)
    request.expires_at = at + timedelta(days=municipality.request_days)
    request.is_public = (
        request.visibility is Visibility.EVERYONE
        and municipality.mediation < Mediation.PROPOSED
        and not category.sensitive
    )
    return at


def seen(world: World, random: Random, request: HelpRequest, at: datetime) -> None:
    """The makelaar reads it within a day or so."""
    read_at = at + timedelta(hours=random.uniform(1, 30))
    if request.seen_at is None and read_at < world.moments.now:
        request.seen_at, request.broker_id = read_at, world.broker(request.municipality_id).id


def leave(
    world: World, request: HelpRequest, status: Status, at: datetime, by: Resident | None, why: str = ""
) -> None:
    """A request that stops being open; it is hidden at once."""
    request.is_public = False
    world.step(request, status, world.moments.past(at), by.id if by else None, why)
