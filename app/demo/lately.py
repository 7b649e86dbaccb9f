"""What happened in the last days: requests that were done or closed, cheques, and a night worth sharing out."""

from datetime import timedelta
from random import Random
from typing import Final

from app.categories.vocabulary import Kind, Part, slot
from app.demo import offers, requests
from app.demo.desks import HOME
from app.demo.lives import Lives
from app.demo.plans import Fate, Plan
from app.demo.world import World
from app.help_offers.models import HelpOffer, Status as Offered
from app.help_requests.models import ClosingReason, HelpRequest, Status
from app.matches.answer import LIVE
from app.matches.models import Proposal, Status as P

DONE: Final = ((13, HOME), (13, None), (12, HOME), (12, None), (12, None), (11, HOME), (11, None), (10, HOME),
               (10, None), (10, None))  # fmt: skip
"""Days since it was asked, and where; each was helped, confirmed and booked since."""
CLOSED: Final = tuple((reason, where) for reason in ClosingReason for where in (HOME, None))
"""Why the makelaar closed it, and where."""
CHEQUES: Final = ((Fate.DONE, 13), (Fate.COMING, 11), (Fate.WILLING, 6))
"""What became of cleaning that is paid with cheques, and days since it was asked."""
CLEANING, PETS = 13, 11
NIGHTS: Final = sum(slot(day, Part.NIGHT) for day in range(7))
"""When nobody else has time: what is asked then, only the two helpers of this story can do."""
GELDROP, MIERLO = 5664, 5731
EASY_DAYS, HARD_DAYS, NEAR_KM, FAR_KM = 5, 4, 2, 20
UNDER_EACH_FLAG, EXCLUSIVE = 3, 2


def under_flags(world: World) -> None:
    """Some at home help by way of an organisation there."""
    random = world.chance("flags")
    for organisation in world.organisations.values():
        if organisation.municipality_id == HOME:
            for offer in random.sample(_without_flag(world), UNDER_EACH_FLAG):
                offer.organisation_id = organisation.id


def _without_flag(world: World) -> list[HelpOffer]:
    return [
        offer for offer in world.all(HelpOffer)
        if offer.municipality_id == HOME and offer.organisation_id is None and not offer.paid
        and offer.status is Offered.OPEN and offer.person_id not in world.apart
    ]  # fmt: skip


def newcomers(world: World) -> None:
    """Those of whom `_nights` tells, set apart before others are chosen: late in the year everybody may be busy."""
    random = world.chance("newcomers")
    for pc4 in (GELDROP, GELDROP, GELDROP, MIERLO):
        able = [
            r for r in world.living_in(HOME)
            if r.home.pc4 == pc4 and not r.offers and r.id not in world.apart
            and 25 <= r.age < 75 and r.languages & 1 and r.contact.email is not None
        ]  # fmt: skip
        chosen = random.choice(able)
        chosen.person.paused = chosen.person.do_not_ask = False
        world.newcomers.append(chosen)


def tell(world: World) -> None:
    """All of it, the oldest request first, with chance of its own: no other life changes."""
    random = world.chance("lately")
    lives = Lives(world, random)
    told: list[tuple[Plan, ClosingReason | None]] = [
        *((Plan(fate=Fate.DONE, days_ago=days, municipality_id=where), None) for days, where in DONE),
        *((Plan(fate=fate, days_ago=days, category=CLEANING, kind=Kind.CHEQUE), None) for fate, days in CHEQUES),
        *((Plan(fate=Fate.LATE, days_ago=9, municipality_id=where), reason) for reason, where in CLOSED),
    ]  # fmt: skip
    for plan, reason in sorted(told, key=lambda pair: -pair[0].days_ago):
        request = lives.tell(plan)
        if reason is not None:
            _close(world, random, request, reason)
    _nights(world, random)
    _only_under_their_flag(world)


def _close(world: World, random: Random, request: HelpRequest, reason: ClosingReason) -> None:
    """The makelaar closes it some days ago; whoever was asked is let off."""
    broker = world.broker(request.municipality_id)
    at = world.moments.ago(days=random.uniform(1, 4))
    request.closing_reason = reason
    requests.leave(world, request, Status.CLOSED, at, broker, reason)
    for proposal in world.all(Proposal)[-30:]:
        if proposal.help_request_id == request.id and proposal.status in LIVE:
            world.step(proposal, P.WITHDRAWN, at + timedelta(minutes=1), broker.id)


def _nights(world: World, random: Random) -> None:
    """First come, first served leaves one without.

    Who asked first suits both helpers; who asked second suits only the nearer one, whom the first would take. Both
    helpers came yesterday: until then there was nobody to ask.
    """
    easy, hard, near, far = world.newcomers
    for helper, radius_km in ((near, NEAR_KM), (far, FAR_KM)):
        offer = offers.post(world, random, offers.Wish(helper, (PETS,)), 1)
        offer.slots, offer.minutes_per_week, offer.radius_km = NIGHTS, 60, radius_km
    for asker, days_ago, max_km in ((easy, EASY_DAYS, FAR_KM), (hard, HARD_DAYS, NEAR_KM)):
        plan = Plan(fate=Fate.NEW, days_ago=days_ago, asker=asker, category=PETS, kind=Kind.ROOSJES)
        at = world.moments.at(days_ago, 11 * 60)
        request = requests.build(world, random, plan, (asker, PETS), at)
        request.on_date = request.at_time = None
        request.slots, request.minutes, request.max_km, request.urgency = NIGHTS, 60, max_km, 1
        request.vulnerable = False
        if not requests.word(world, random, plan, request):
            raise RuntimeError("nothing left to say of pets")
        requests.posted(world, request)
        requests.seen(world, random, request, requests.until_open(world, random, request))


def _only_under_their_flag(world: World) -> None:
    """Two help nobody but those whom their own organisation brings; nobody asked them anything else before."""
    asked = {proposal.help_offer_id for proposal in world.all(Proposal)}
    flagged = [
        offer for offer in world.all(HelpOffer)
        if offer.organisation_id is not None and offer.status is Offered.OPEN and offer.id not in asked
    ]  # fmt: skip
    flagged.sort(key=lambda offer: offer.municipality_id != HOME)
    for offer in flagged[:EXCLUSIVE]:
        offer.exclusive = True
