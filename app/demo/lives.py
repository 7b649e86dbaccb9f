"""The lives of requests: who is asked, who says yes, what is agreed, and how it ends."""

from datetime import datetime, timedelta
from random import Random

from app.demo import requests, times
from app.demo.agreeing import agree
from app.demo.finding import Candidate, Finder
from app.demo.plans import NEEDS_HELPER, Fate, Plan
from app.demo.world import World
from app.help_requests.models import HelpRequest, Status as R
from app.matches.answer import CODE_WORDS, LIVE, MEETING_DAYS
from app.matches.models import Origin, Proposal, Status as P
from app.matches.propose import VALID_DAYS
from app.places.models import Mediation

TRIES = 60
REFERRED_TO = (
    "het Wmo-loket",
    "de wijkverpleging",
    "schuldhulp van de gemeente",
    "het Taalhuis",
    "de huisarts",
)


class Lives:
    """Tells one request after another, in the order in which they were asked."""

    def __init__(self, world: World, random: Random | None = None) -> None:
        self.world = world
        self.random: Random = random or world.chance("lives")
        self.finder = Finder(world)
        self._thought_of: list[Candidate] = []

    def tell(self, plan: Plan) -> HelpRequest:
        """One request from its first word to how it stands today."""
        world, random = self.world, self.random
        at = world.moments.at(plan.days_ago, random.randint(8 * 60, 21 * 60))
        request = self._asked(plan, at)
        requests.posted(world, request)
        if plan.fate is Fate.DRAFT:
            return request
        if plan.fate is Fate.SUBMITTED:
            request.posted_at = request.created_at + timedelta(minutes=4)
            world.step(request, R.SUBMITTED, request.posted_at, request.author_id)
            return request
        at = requests.until_open(world, random, request)
        if plan.fate is not Fate.NEW:
            requests.seen(world, random, request, at)
        self._open(plan, request, at)
        return request

    def _asked(self, plan: Plan, at: datetime) -> HelpRequest:
        for _ in range(TRIES):
            chosen = requests.choose(self.world, self.random, plan)
            request = requests.build(self.world, self.random, plan, chosen, at)
            if not self._can_be_helped(plan, request, at + timedelta(hours=1)):
                continue
            if requests.word(self.world, self.random, plan, request):
                return request
        raise RuntimeError(f"nobody to help with {plan}")

    def _can_be_helped(self, plan: Plan, request: HelpRequest, at: datetime) -> bool:
        if plan.helper is not None and self.finder.named(request, plan.helper, at) is None:
            return False
        enough = plan.willing or (request.helpers_wanted if plan.helper is None else 0)
        self._thought_of = self.finder.best(request, at, enough, set()) if plan.fate in NEEDS_HELPER else []
        return plan.fate not in NEEDS_HELPER or len(self._thought_of) >= enough

    def _open(self, plan: Plan, request: HelpRequest, at: datetime) -> None:
        world, random = self.world, self.random
        pace = min(1.0, (world.moments.now - at).total_seconds() / 86_400 / 13)
        proposals = self._propose(plan, request, at)
        if plan.fate is Fate.NEW:
            return
        if plan.fate in NEEDS_HELPER:
            wanted = plan.willing or max(request.helpers_wanted, random.choice((1, 2, 2, 3)))
            willing = self._answers(plan, request, proposals, at, pace, wanted)
            self._go_on(plan, request, willing, pace)
        else:
            self._answers(plan, request, proposals, at, pace, 0)
            self._without(plan, request, at)
        self._run_out(request)

    def _propose(self, plan: Plan, request: HelpRequest, at: datetime) -> list[Proposal]:
        municipality = self.world.municipalities[request.municipality_id]
        origin = Origin.BROKER if municipality.mediation == 5 else Origin.ENGINE
        count = municipality.asked_at_once + request.helpers_wanted - 1
        found = self.finder.best(request, at, max(count, plan.willing), set())
        # who could help when it was asked, and by the opening was asked too often elsewhere, is asked still
        for candidate in self._thought_of:
            if len(found) < len(self._thought_of) and candidate.helper not in [c.helper for c in found]:
                found.append(candidate)
        if plan.helper is not None:
            named = self.finder.named(request, plan.helper, at)
            if named is None:
                raise RuntimeError(f"{plan.helper.person.first_name} does not fit {plan.category}")
            found = [named, *(c for c in found if c.helper is not plan.helper)][:count]
        return [self._add(request, candidate, at, origin) for candidate in found]

    def _add(self, request: HelpRequest, candidate: Candidate, at: datetime, origin: Origin) -> Proposal:
        world, explanation, offer = self.world, candidate.explanation, candidate.offer
        proposal = Proposal(
            id=world.key(),
            municipality_id=request.municipality_id,
            helper_municipality_id=offer.municipality_id,
            help_request_id=request.id,
            help_offer_id=offer.id,
            asker_id=request.person_id,
            helper_id=offer.person_id,
            origin=origin,
            status=P.WILLING if origin is Origin.HELPER else P.PROPOSED,
            score=explanation.score,
            terms={term.name.lower(): points for term, points in explanation.terms.items()},
            distance_m=explanation.distance_m,
            created_at=at,
            expires_at=at + timedelta(days=VALID_DAYS),
        )
        candidate.helper.asked.append(at)
        by = {Origin.HELPER: offer.person_id, Origin.BROKER: world.broker(request.municipality_id).id}
        world.begin(world.add(proposal), at, by.get(origin, request.author_id))
        return proposal

    def _answers(
        self,
        plan: Plan,
        request: HelpRequest,
        proposals: list[Proposal],
        at: datetime,
        pace: float,
        wanted: int,
    ) -> list[Proposal]:
        """So many say yes; of the others some say no, and some say nothing."""
        random, world = self.random, self.world
        first = [p for p in proposals if plan.helper and p.helper_id == plan.helper.id]
        others = [p for p in proposals if p not in first]
        random.shuffle(others)
        willing = [*first, *others][:wanted]
        if wanted and request.is_public and not first and random.random() < 0.3:
            willing[0] = self._volunteer(request, at + timedelta(hours=20 * pace)) or willing[0]
        for proposal in proposals:
            answered = proposal.created_at + timedelta(hours=pace * random.uniform(2, 60))
            if proposal in willing:
                self._yes(request, proposal, answered)
            elif random.random() < 0.35 and proposal not in first:
                world.step(proposal, P.DECLINED, answered, proposal.helper_id)
        # whom the story is about is the one that is chosen
        return sorted(willing, key=lambda p: (p not in first, p.answered_at or p.created_at))

    def _volunteer(self, request: HelpRequest, at: datetime) -> Proposal | None:
        """Somebody saw it on the site and came forward."""
        asked = {p.helper_id for p in self.world.all(Proposal) if p.help_request_id == request.id}
        found = self.finder.best(request, at, 1, asked)
        if not found:
            return None
        proposal = self._add(request, found[0], at, Origin.HELPER)
        proposal.answered_at, proposal.message = at, self._message(request)
        return proposal

    def _yes(self, request: HelpRequest, proposal: Proposal, at: datetime) -> None:
        self.world.step(proposal, P.WILLING, at, proposal.helper_id)
        proposal.answered_at = at
        proposal.message = self._message(request)
        if self.world.municipalities[request.municipality_id].mediation >= Mediation.INTRODUCED:
            proposal.confirmed_at = self.world.moments.past(at + timedelta(hours=5))

    def _message(self, request: HelpRequest) -> str:
        """A word for the asker; of what is long past only some words were kept."""
        lately = self.world.moments.days_ago(request.created_at) < 50
        return self.world.answering.may_say("*", "L") if lately or self.random.random() < 0.12 else ""

    def _go_on(self, plan: Plan, request: HelpRequest, willing: list[Proposal], pace: float) -> None:
        world, random = self.world, self.random
        if plan.fate is Fate.WILLING:
            return
        if plan.fate is Fate.MEETING:
            at = world.moments.ago(days=random.uniform(1, 2))
            self._meet(willing[0], max(at, (willing[0].answered_at or at) + timedelta(minutes=30)))
            return
        count = request.helpers_wanted if plan.fate is not Fate.PARTIAL else 1
        until = after = self._last_answer(request)
        for proposal in willing[:count]:
            at = after + timedelta(hours=pace * random.uniform(3, 40))
            if random.random() < 0.35 and pace == 1:
                self._meet(proposal, at)
                at += timedelta(days=random.uniform(0.8, 2))
            after = max(after, at)
            agreement = agree(world, request, proposal, at)
            until = times.run(self.world, random, plan, request, agreement)
        if request.helpers_found == request.helpers_wanted:
            self._filled(request, after)
        times.finish(world, random, plan, request, until)

    def _last_answer(self, request: HelpRequest) -> datetime:
        recent = self.world.all(Proposal)[-30:]
        given = (p.answered_at for p in recent if p.help_request_id == request.id)
        return max(at for at in given if at is not None)

    def _meet(self, proposal: Proposal, at: datetime) -> None:
        self.world.step(proposal, P.MEETING, at, proposal.asker_id)
        proposal.meeting_until = at + timedelta(days=MEETING_DAYS)
        proposal.code_word = self.random.choice(CODE_WORDS)

    def _filled(self, request: HelpRequest, at: datetime) -> None:
        requests.leave(self.world, request, R.FILLED, at, self.world.residents[request.author_id])
        self._end_others(request, at)

    def _end_others(self, request: HelpRequest, at: datetime) -> None:
        for proposal in self._live(request):
            late = proposal.status is P.PROPOSED and proposal.expires_at <= at
            self.world.step(
                proposal,
                P.EXPIRED if late else P.FULL,
                proposal.expires_at if late else at,
                None if late else request.person_id,
            )

    def _live(self, request: HelpRequest) -> list[Proposal]:
        recent = self.world.all(Proposal)[-30:]  # those of one request lie together
        return [p for p in recent if p.help_request_id == request.id and p.status in LIVE]

    def _without(self, plan: Plan, request: HelpRequest, at: datetime) -> None:
        """Lives in which nobody was found, or the question itself went away."""
        world, random = self.world, self.random
        asker, broker = world.residents[request.person_id], world.broker(request.municipality_id)
        span = (world.moments.now - at).total_seconds() / 3600
        later = at + timedelta(hours=span * random.uniform(0.35, 0.7))
        if plan.fate is Fate.PAUSED:
            requests.leave(world, request, R.PAUSED, later, asker)
        elif plan.fate is Fate.REFERRED:
            requests.leave(world, request, R.REFERRED, later, broker, random.choice(REFERRED_TO))
        elif plan.fate is Fate.WITHDRAWN:
            requests.leave(world, request, R.WITHDRAWN, later, asker)
        elif plan.fate is Fate.EXPIRED:
            requests.leave(world, request, R.EXPIRED, request.expires_at or later, None)
        if plan.fate is Fate.WITHDRAWN:
            for proposal in self._live(request):
                world.step(proposal, P.WITHDRAWN, world.moments.past(later), asker.id)

    def _run_out(self, request: HelpRequest) -> None:
        """Who never answered is let off after two weeks, as the worker does."""
        for proposal in self._live(request):
            if proposal.status is P.PROPOSED and proposal.expires_at < self.world.moments.now:
                self.world.step(proposal, P.EXPIRED, proposal.expires_at, None)
