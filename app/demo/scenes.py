"""What the personas find when they look around: told requests, notes of the desk, notices of the last day."""

from datetime import timedelta
from uuid import UUID

from app.agreements.models import Occurrence, OccurrenceStatus
from app.demo import safety
from app.demo.desks import HELMOND, HOME, around_cheques
from app.demo.plans import Fate, Plan
from app.demo.world import Resident, World
from app.help_offers.models import HelpOffer, Status as Offered
from app.help_requests.models import HelpRequest, Status
from app.matches.models import Proposal, Status as P
from app.moderation.models import CaseNote, NoteKind
from app.notifications.models import Notice

MARKET = "Samen naar de weekmarkt"
MARKET_BODY = (
    "Ik loop met een rollator en ga graag weer eens naar de markt. Onderweg rust ik soms even uit. "
    "Na afloop trakteer ik op koffie."
)
GIFTS, REVERSALS, NOTES = 30, 3, 170


def told(world: World) -> list[Plan]:
    """The requests in which Ria and Youssef take part, and one that went wrong."""
    ria, youssef = world.personas["bewoner"], world.personas["vrijwilliger"]
    return [
        Plan(fate=Fate.WILLING, days_ago=4, asker=ria, category=1, title=MARKET, body=MARKET_BODY,
             helper=youssef, willing=3),
        Plan(fate=Fate.SERIES, days_ago=150, asker=ria, category=8),
        Plan(fate=Fate.DONE, days_ago=40, asker=ria, category=16),
        Plan(fate=Fate.DONE, days_ago=85, asker=ria, category=22),
        Plan(fate=Fate.DONE, days_ago=210, asker=ria, category=5),
        Plan(fate=Fate.DONE_SERIES, days_ago=350, helper=ria, category=3, municipality_id=HOME),
        Plan(fate=Fate.DONE, days_ago=30, helper=youssef, category=5, municipality_id=HELMOND),
        Plan(fate=Fate.DONE, days_ago=75, helper=youssef, category=22, municipality_id=HOME),
        Plan(fate=Fate.DONE, days_ago=190, helper=youssef, category=1, municipality_id=HOME),
        Plan(fate=Fate.SERIES, days_ago=120, helper=youssef, category=5, municipality_id=HOME),
        Plan(fate=Fate.COMING, days_ago=8, helper=youssef, category=22, municipality_id=HELMOND),
        Plan(fate=Fate.NEW, days_ago=1, helper=youssef, category=1, municipality_id=HOME),
        Plan(fate=Fate.DONE, days_ago=50, asker=youssef, category=12),
        # for each of them help that is over, of which they have not yet said that it was done
        Plan(fate=Fate.UNCONFIRMED, days_ago=12, asker=ria, category=3),
        Plan(fate=Fate.UNCONFIRMED, days_ago=13, asker=youssef, category=16),
        *_round(world),
        _fell_out(world),
    ]  # fmt: skip


def _fell_out(world: World) -> Plan:
    """Help that went wrong: between two who do nothing else, so that what follows on it disturbs nobody."""
    helper = _at_hand(world, 1)
    asker = next(
        one for one in world.living_in(HOME)
        if one.age >= 70 and one.contact.email and not one.offers and one.id not in world.apart
    )  # fmt: skip
    world.fell_out |= {helper.id, asker.id}
    return Plan(fate=Fate.DONE, days_ago=40, asker=asker, helper=helper, category=1)


def _round(world: World) -> list[Plan]:
    """Three who can help one another round: a neighbour shops for Ria, Ria calls a gardener, who does the garden."""
    return [
        Plan(fate=Fate.NEW, days_ago=1, asker=world.personas["bewoner"], category=5, any_day=True),
        Plan(fate=Fate.NEW, days_ago=1, asker=_at_hand(world, 8), category=3, any_day=True),
        Plan(fate=Fate.NEW, days_ago=1, asker=_at_hand(world, 5), category=8, any_day=True),
    ]


def _at_hand(world: World, category: int) -> Resident:
    """Somebody at home who offers this, the first who did."""
    return next(
        world.residents[offer.person_id]
        for offer in world.all(HelpOffer)
        if category in offer.category_numbers and offer.municipality_id == HOME
        if offer.status is Offered.OPEN and not offer.paid and offer.person_id not in world.apart
    )


def afterwards(world: World) -> None:
    """What follows once all lives are told."""
    _gifts(world)
    _notes(world)
    _notices(world)
    around_cheques(world)
    safety.officers(world)


def _gifts(world: World) -> None:
    """Now and then somebody gives a little extra, and now and then the desk sets a booking right."""
    random = world.chance("gifts")
    done = [o for o in world.all(Occurrence) if o.status is OccurrenceStatus.DONE and o.thanked_at]
    for occurrence in random.sample(done, GIFTS):
        at = (occurrence.thanked_at or occurrence.ends_at) + timedelta(minutes=3)
        giver, other = world.residents[occurrence.asker_id], world.residents[occurrence.helper_id]
        minutes = random.choice((15, 15, 30))
        world.between(world.moments.past(at), "pay", giver, other, minutes)
    for occurrence in random.sample(done, REVERSALS):
        at = world.moments.past((occurrence.thanked_at or occurrence.ends_at) + timedelta(days=1))
        world.book(at, "reverse", world.broker(occurrence.municipality_id), occurrence)


def _notes(world: World) -> None:
    """What the desk wrote down."""
    random = world.chance("notes")
    cases = [r for r in world.all(HelpRequest) if r.seen_at is not None]
    weights = [4 if r.municipality_id == HOME else 2 if r.status is Status.OPEN else 1 for r in cases]
    for request in random.choices(cases, weights, k=NOTES):
        kind = random.choices(list(NoteKind), (5, 4, 2))[0]
        text = world.noting.may_say(str(kind), "L")
        if not text or request.seen_at is None:
            continue
        world.add(
            CaseNote(
                id=world.key(),
                municipality_id=request.municipality_id,
                help_request_id=request.id,
                author_id=world.broker(request.municipality_id).id,
                kind=kind,
                text=text,
                at=world.moments.past(request.seen_at + timedelta(hours=random.uniform(0.2, 60))),
            )
        )


def _notices(world: World) -> None:
    """Only the personas have notices: nobody is mailed about a past that never was."""
    ria, youssef, marja = (world.personas[slug] for slug in ("bewoner", "vrijwilliger", "makelaar"))
    titles = {r.id: r.title for r in world.all(HelpRequest)}
    for proposal in world.all(Proposal):
        title = titles[proposal.help_request_id]
        if proposal.asker_id == ria.id and proposal.status is P.WILLING:
            _notice(world, ria.id, HOME, "willing", proposal, title)
        if proposal.helper_id == youssef.id and proposal.status is P.PROPOSED:
            _notice(world, youssef.id, HELMOND, "proposed", proposal, title)
    for occurrence in world.all(Occurrence):
        if occurrence.municipality_id == HOME and occurrence.status is OccurrenceStatus.DISPUTED:
            _notice(world, marja.id, HOME, "disputed", occurrence, "")


def _notice(
    world: World, person_id: UUID, municipality_id: int, kind: str, about: Proposal | Occurrence, title: str
) -> None:
    at = about.created_at if kind != "willing" else getattr(about, "answered_at", None) or about.created_at
    world.add(
        Notice(
            id=world.key(),
            person_id=person_id,
            municipality_id=municipality_id,
            kind=kind,
            subject_id=about.id,
            turn=0,
            params={"title": title} if title else {},
            created_at=max(at, world.moments.ago(hours=20)),
        )
    )
