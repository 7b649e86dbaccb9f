"""Times of help: when, whether it happened, who said so, and what was booked for it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from app.agreements.calendar import AHEAD, HORIZON, dates, moment
from app.agreements.models import Agreement, Occurrence, OccurrenceStatus as O, Status
from app.categories.vocabulary import Kind, part_of, slot
from app.clock import AMSTERDAM
from app.demo.plans import LASTING, Fate, Plan
from app.demo.world import Resident, World
from app.help_requests.models import HelpRequest, Status as R
from app.matches.models import Proposal, Status as P

HOURS = (9, 10, 10, 11, 13, 14, 14, 15, 16, 19)
DISPUTES = (
    "Het was korter dan wij hadden afgesproken.",
    "Volgens mij was dit een andere dag.",
    "Er is niemand geweest, ik zat klaar.",
)
SURE = (Fate.DONE, Fate.DONE_SEVERAL, Fate.CLOSED)
MORE_ROOM, WIDE = 0.9, 3_000
"""How often the makelaar lets somebody with lasting help go further below zero, and how far in minutes."""
CANCELLED, NO_SHOW, SHORTER = 0.05, 0.008, 0.07


@dataclass
class Story:
    """One agreement with its two people, and the moment up to which it is told."""

    world: World
    random: Random
    plan: Plan
    request: HelpRequest
    agreement: Agreement
    until: datetime

    @property
    def asker(self) -> Resident:
        """Who is helped."""
        return self.world.residents[self.agreement.asker_id]

    @property
    def helper(self) -> Resident:
        """Who helps."""
        return self.world.residents[self.agreement.helper_id]

    def days_left(self, at: datetime) -> int:
        """Calendar days from then to where the story stops."""
        return self.world.moments.days_ago(at) - self.world.moments.days_ago(self.until)


def run(world: World, random: Random, plan: Plan, request: HelpRequest, agreement: Agreement) -> datetime:
    """All occurrences of an agreement, with what became of each; says up to when it was told."""
    until = world.moments.now
    if plan.fate is Fate.CLOSED:
        until = agreement.created_at + (until - agreement.created_at) * random.uniform(0.4, 0.8)
    story = Story(world, random, plan, request, agreement, until)
    if plan.fate in LASTING and random.random() < MORE_ROOM:
        world.between(agreement.created_at, "limit", world.broker(request.municipality_id), story.asker, WIDE)
    first = _first(story)
    last = min(request.until_date or (until + HORIZON).date(), (until + HORIZON).date())
    local = first.astimezone(AMSTERDAM)
    for number, day in enumerate(dates(agreement.frequency, local.date(), max(last, local.date()))):
        start = moment(day, local.time())
        if _free(story.helper, start, agreement.minutes):
            _one(story, start, is_first=number == 0)
    return until


def _first(story: Story) -> datetime:
    """A day and hour that suit both; on another weekday than today, so that nothing hangs on the hour."""
    request, random = story.request, story.random
    if request.on_date is not None and request.at_time is not None:
        start = moment(request.on_date, request.at_time)
        if start > story.agreement.created_at and _free(story.helper, start, request.minutes):
            return start
        request.on_date = request.at_time = None
    offers = [o for o in story.helper.offers if request.category_number in o.category_numbers]
    suiting = request.slots & (offers or story.helper.offers)[0].slots
    tried = [_try(story) for _ in range(40)]
    free = [start for start in tried if _free(story.helper, start, request.minutes)] or tried
    suits = [start for start in free if _slot(start) & suiting]
    return random.choice(suits[:5] or free)


def _try(story: Story) -> datetime:
    moments, random = story.world.moments, story.random
    agreed = moments.days_ago(story.agreement.created_at)
    low, high = {
        Fate.COMING: (-12, -1), Fate.PARTIAL: (-12, -2), Fate.UNCONFIRMED: (2, 4), Fate.DISPUTED: (2, 5),
    }.get(story.plan.fate, (agreed - 7, agreed - 1))  # fmt: skip
    if story.plan.fate in (Fate.DONE, Fate.DONE_SEVERAL):
        low = max(low, 3)
    days = [day for day in range(low, max(high, low) + 1) if day % 7 or story.plan.fate not in LASTING]
    return moments.at(random.choice(days), random.choice(HOURS) * 60 + random.choice((0, 0, 30)))


def _slot(start: datetime) -> int:
    local = start.astimezone(AMSTERDAM)
    return slot(local.weekday(), part_of(local.hour))


def _free(helper: Resident, start: datetime, minutes: int) -> bool:
    end = start + timedelta(minutes=minutes)
    return all(end <= o.starts_at or start >= o.ends_at for o in helper.busy)


def _one(story: Story, start: datetime, *, is_first: bool) -> None:
    world, agreement = story.world, story.agreement
    made_at = max(agreement.created_at, start - HORIZON)
    occurrence = Occurrence(
        id=world.key(),
        municipality_id=agreement.municipality_id,
        helper_municipality_id=agreement.helper_municipality_id,
        agreement_id=agreement.id,
        asker_id=agreement.asker_id,
        helper_id=agreement.helper_id,
        starts_at=start,
        ends_at=start + timedelta(minutes=agreement.minutes),
        minutes=agreement.minutes,
        kind=agreement.kind,
        status=O.PLANNED,
        created_at=made_at,
    )
    world.add(occurrence)
    story.helper.busy.append(occurrence)
    by = agreement.arranged_by_id if made_at == agreement.created_at else None
    world.begin(occurrence, made_at, by)
    ahead = -story.days_left(start)
    if not is_first and ahead >= AHEAD.days:
        return
    agreed_at = made_at if is_first else max(agreement.created_at, _night(start - AHEAD))
    person = world.residents[agreement.arranged_by_id] if agreed_at == agreement.created_at else None
    world.step(occurrence, O.AGREED, agreed_at, person.id if person else None)
    _book(story, "hold", agreed_at, person, occurrence)
    if ahead < 0:
        _became(story, occurrence, agreed_at, is_first)


def _night(at: datetime) -> datetime:
    """When the worker makes planned times agreed."""
    return at.astimezone(AMSTERDAM).replace(hour=3, minute=at.minute % 50, second=0, microsecond=0)


def _book(story: Story, kind: str, at: datetime, by: Resident | None, occurrence: Occurrence) -> None:
    if story.agreement.kind is Kind.ROOSJES:
        story.world.book(at, kind, by, occurrence, occurrence.done_minutes or occurrence.minutes)


def _became(story: Story, occurrence: Occurrence, agreed_at: datetime, is_first: bool) -> None:
    """A time in the past: cancelled, nobody came, or done."""
    world, random = story.world, story.random
    drawn = random.random() if not is_first and story.plan.fate in LASTING else 1.0
    who = story.asker if random.random() < 0.5 else story.helper
    if drawn < CANCELLED:
        before = timedelta(hours=random.choice((5, 20, 50, 90)))
        at = max(occurrence.starts_at - before, agreed_at + timedelta(minutes=5))
        occurrence.late_cancel = occurrence.starts_at - at < timedelta(hours=24)
        world.step(occurrence, O.CANCELLED, at, who.id)
        _book(story, "void", at, who, occurrence)
    elif drawn < CANCELLED + NO_SHOW:
        at = occurrence.ends_at + timedelta(minutes=40)
        world.step(occurrence, O.NO_SHOW, at, story.asker.id)
        _book(story, "void", at, story.asker, occurrence)
    else:
        _helped(story, occurrence)


def _helped(story: Story, occurrence: Occurrence) -> None:
    world, random, fate = story.world, story.random, story.plan.fate
    if random.random() < SHORTER and occurrence.minutes > 30:
        occurrence.done_minutes = occurrence.minutes - 15
    first, second = story.helper, story.asker
    said = O.HELPED
    if random.random() < 0.2 and fate not in (Fate.UNCONFIRMED, Fate.DISPUTED):
        first, second, said = second, first, O.RECEIVED
    at = world.moments.past(occurrence.ends_at + timedelta(minutes=random.randint(5, 150)))
    world.step(occurrence, said, at, first.id)
    wait = random.choice((0, 0, 1, 1, 2))
    left = story.days_left(occurrence.starts_at)
    if fate is Fate.DISPUTED:
        reason = DISPUTES[sum(o.status is O.DISPUTED for o in world.all(Occurrence)) % len(DISPUTES)]
        world.step(occurrence, O.DISPUTED, at + timedelta(hours=9), second.id, reason)
    elif fate is not Fate.UNCONFIRMED and (wait < left or fate in SURE):
        wait = min(wait, max(story.world.moments.days_ago(occurrence.starts_at) - 1, 0))
        confirmed = at + timedelta(days=wait, minutes=random.randint(1, 60))
        _done(story, occurrence, confirmed, second)


def _done(story: Story, occurrence: Occurrence, at: datetime, by: Resident) -> None:
    world, random = story.world, story.random
    occurrence.done_minutes = occurrence.done_minutes or occurrence.minutes
    world.step(occurrence, O.DONE, at, by.id)
    _book(story, "settle", at, by, occurrence)
    often = 0.2 if story.plan.fate in LASTING else 0.6
    if random.random() < often:
        theme = world.categories[story.request.category_number].theme
        words = [world.thanking.may_say(theme, "L")]
        if random.random() < 0.25 or not words[0]:
            words.append(world.thanking.may_say("*", "G"))
        occurrence.thanks = " ".join(filter(None, words))
        occurrence.thanked_at = at + timedelta(minutes=random.randint(2, 20)) if occurrence.thanks else None


def finish(world: World, random: Random, plan: Plan, request: HelpRequest, until: datetime) -> None:
    """After the last time: the agreements, and with them the request, are done or were ended."""
    agreements = [a for a in world.all(Agreement)[-4:] if a.help_request_id == request.id]
    if plan.fate in (Fate.DONE, Fate.DONE_SEVERAL, Fate.DONE_SERIES):
        last = world.moments.past(max(_ends(world, agreement) for agreement in agreements))
        for agreement in agreements:
            world.step(agreement, Status.DONE, last, agreement.asker_id)
        request.closing_reason = "vervuld"
        world.step(request, R.DONE, last, request.person_id)
    elif plan.fate is Fate.CLOSED:
        _end(world, random, request, agreements[0], until)


def _ends(world: World, agreement: Agreement) -> datetime:
    own = {o.id: o for o in _times(world, agreement)}
    last = max(own.values(), key=lambda o: o.ends_at)
    return max(last.thanked_at or last.ends_at, last.ends_at + timedelta(days=2, hours=4))


def _times(world: World, agreement: Agreement) -> Iterator[Occurrence]:
    return (o for o in world.all(Occurrence)[-160:] if o.agreement_id == agreement.id)


def _end(world: World, random: Random, request: HelpRequest, agreement: Agreement, until: datetime) -> None:
    """Somebody stops; what was still to come is cancelled and the makelaar closes the case."""
    helper = world.residents[agreement.helper_id]
    at = world.moments.past(until + timedelta(days=3))
    for occurrence in _times(world, agreement):
        if occurrence.status in (O.PLANNED, O.AGREED):
            if occurrence.status is O.AGREED and occurrence.kind is Kind.ROOSJES:
                world.book(at, "void", helper, occurrence)
            world.step(occurrence, O.CANCELLED, at, helper.id)
    world.step(agreement, Status.CANCELLED, at, helper.id)
    proposal = next(p for p in world.all(Proposal) if p.id == agreement.proposal_id)
    world.step(proposal, P.WITHDRAWN, at, helper.id)
    request.helpers_found -= 1
    world.step(request, R.OPEN, at, helper.id)
    request.closing_reason = random.choice(("niet meer nodig", "vervuld", "niet gelukt"))
    broker = world.broker(request.municipality_id)
    world.step(
        request, R.CLOSED, world.moments.past(at + timedelta(days=2)), broker.id, request.closing_reason
    )
