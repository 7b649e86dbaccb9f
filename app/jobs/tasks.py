"""What follows a change past one's sight, and what is due by the clock. Each task opens its own transactions, for every
municipality, and is safe to run again."""

from uuid import UUID

from sqlalchemy import text

from app.activities import joining as activities
from app.agreements import lapse, upkeep as agreements
from app.casework import presence
from app.checks import lookups as kvk_lookups, renewal
from app.cheques import expiry
from app.couplings import service as couplings
from app.distribution import service as distributions
from app.help_requests import upkeep as help_requests
from app.jobs import queue
from app.jobs.work import Work
from app.life import stopping
from app.matches import answer
from app.notifications import letters
from app.outreach import near as outreach
from app.partners import covenants
from app.people import service as people
from app.people.models import Person
from app.pots import leaving
from app.privacy import retention
from app.referrals import watch as referrals
from app.reports import releases
from app.representations import upkeep as representations
from app.rings import answer as ring_answers, carry_out, propose as ring_proposals
from app.roosjes import advice, asking as roosjes_asking, watch
from app.safety import (
    blocks,
    files as safety_files,
    reports as safety_reports,
    suspensions,
    watch as safety_watch,
)
from app.stories import service as stories
from app.webhooks import sending as webhooks
from app.welfare import upkeep as welfare
from rewards import paper, policies


def reopened(work: Work, help_request_id: str) -> None:
    """A helper fell away: the waiting list of the request is asked first."""
    with work.transaction() as (session, _):
        agreements.ask_waiting_list(session, UUID(help_request_id))


def stopped(work: Work, help_request_id: str) -> None:
    """A request was withdrawn, closed, referred or expired: its proposals end with it."""
    with work.transaction() as (session, _):
        agreements.end_proposals(session, UUID(help_request_id))


def expire(work: Work) -> None:
    """Requests, proposals and holds that ran out of time; warnings for requests that soon will."""
    with work.transaction() as (session, _):
        help_requests.expire_due(session)
        help_requests.warn_due(session)
        answer.expire_due(session)
        lapsing = lapse.due(session)
    for occurrence_id in lapsing:
        with work.transaction() as (session, actor):
            lapse.let_go(session, actor, occurrence_id)
    with work.transaction() as (session, _):
        while paper.lapse_due(session.connection()):
            pass  # a hundred cheques or paper Roosjes at a time that are past their date


def advance(work: Work) -> None:
    """Series come within two weeks, and silence after a confirmation comes to its end."""
    with work.transaction() as (session, _):
        series = agreements.series_due(session)
    for agreement_id in series:
        with work.transaction() as (session, actor):
            agreements.advance(session, actor, agreement_id)
    with work.transaction() as (session, _):
        silent = agreements.silent(session)
    for occurrence_id in silent:
        with work.transaction() as (session, actor):
            agreements.settle_silent(session, actor, occurrence_id)


def remind(work: Work) -> None:
    """The day before: both are reminded; after three silent days: please confirm; a week before it lapses: the desk."""
    with work.transaction() as (session, _):
        agreements.remind(session)
        lapse.warn(session)
    with work.transaction() as (session, actor):
        activities.remind(session, actor)
        couplings.remind(session, actor)


def tell_late(work: Work) -> None:
    """We did not do what we promised in time: the asker hears so once, before they have to ask."""
    with work.transaction() as (session, _):
        help_requests.tell_late(session)


def tidy(work: Work) -> None:
    """Let go of what nobody reads any more."""
    with work.transaction() as (session, _):
        session.execute(text("SELECT forget_expired(), forget_getting_in(), oidc_forget(), forget_choices()"))
    with work.transaction() as (session, _):
        distributions.tidy(session)
    with work.transaction() as (session, _):
        representations.lapse_due(session)
        representations.end_due(session)
    with work.transaction() as (session, _):
        kvk_lookups.tidy(session)
    with work.transaction() as (session, actor):
        activities.forget_old(session)
        stories.forget_old(session)
        referrals.forget_old(session)
        webhooks.forget_old(session, actor)
    with work.transaction() as (session, actor):
        presence.tidy(session, actor)
        covenants.let_go(session, actor)
        outreach.forget_old(session)


def resume(work: Work) -> None:
    """Pauses that were meant until today are over."""
    with work.transaction() as (session, _):
        people.resume_due(session)


def distribute(work: Work) -> None:
    """Share out the whole region, and lay each municipality's part ready for its makelaars of the morning."""
    with work.transaction() as (session, _):
        distributions.make_nightly(session, distributions.run(session))


def find_rings(work: Work, municipality_id: str = "") -> None:
    """Look for rings among everybody who asks and offers, each night or when a makelaar wants it."""
    with work.transaction() as (session, actor):
        ring_proposals.propose(session, actor, wanted_by=int(municipality_id) if municipality_id else None)


def carry_out_ring(work: Work, ring_id: str) -> None:
    """Everybody said yes: the ring becomes ordinary proposals, or is let go when something no longer fits."""
    with work.transaction() as (session, actor):
        carry_out.carry_out(session, actor, UUID(ring_id))


def ring_ended(work: Work, ring_id: str) -> None:
    """A ring was let go: its members are told kindly."""
    with work.transaction() as (session, _):
        ring_answers.tell_ended(session, UUID(ring_id))


def end_coupling(work: Work, talk_id: str) -> None:
    """Two stop, as they said to who led their talk for an organisation: the agreement ends, and each is told."""
    with work.transaction() as (session, actor):
        couplings.carry_out_end(session, actor, UUID(talk_id))


def let_rings_go(work: Work) -> None:
    """Rings that ran out of time, or of which a request or an offer went away."""
    with work.transaction() as (session, _):
        ring_answers.dissolve_broken(session)
        ring_answers.expire_due(session)


def end_budgets(work: Work) -> None:
    """Welfare budgets whose time is over end; when receipts have had theirs, what is left goes back."""
    with work.transaction() as (session, _):
        welfare.end_due(session)
    closed = 1
    while closed:
        with work.transaction() as (session, _):
            closed = welfare.close_due(session)


def apply_policies(work: Work) -> None:
    """Limits of accounts follow the policy in force, and grow with what was earned; a piece at a time."""
    with work.transaction() as (session, actor):
        everywhere = sorted(actor.scope.municipalities)
    for municipality_id in everywhere:
        after: int | None = 0
        while after is not None:
            with work.transaction() as (session, _):
                after = policies.apply_policy(session.connection(), municipality_id, after=after)


def moved_house(work: Work, person_id: str) -> None:
    """Somebody lives in another municipality now: their account of Roosjes comes along."""
    with work.transaction() as (session, _):
        person = session.get(Person, UUID(person_id))
        if person is not None:
            leaving.move(session, person, people.home(session, person.id).municipality_id)


def carry_along(work: Work) -> None:
    """What stood on accounts that were left behind, once nothing is held there any more."""
    with work.transaction() as (session, _):
        leaving.carry_all(session)


def lapse_questions(work: Work) -> None:
    """Questions for Roosjes that nobody answered in time are over, and who asked hears so."""
    lapsed = 1
    while lapsed:
        with work.transaction() as (session, _):
            lapsed = roosjes_asking.lapse_due(session)


def advise(work: Work) -> None:
    """A word on the balance to whoever may like to hear it."""
    with work.transaction() as (session, _):
        advice.send(session)


def tell_of_papers(work: Work) -> None:
    """Whoever made Roosjes on paper hears that they soon expire, and that they did."""
    with work.transaction() as (session, _):
        expiry.tell_makers(session)


def tell_of_checks(work: Work) -> None:
    """Whoever holds a check that ends hears so in advance."""
    with work.transaction() as (session, _):
        renewal.remind(session)


def watch_books(work: Work) -> None:
    """What is unusual in the books is shown to a makelaar."""
    with work.transaction() as (session, _):
        watch.look(session)


def tell_figures(work: Work) -> None:
    """A month or a half year that is over is counted once, and stays as it was told.

    Each municipality by itself, so that whoever waits sees how far it is, and the region's own when all are there.
    """
    with work.transaction() as (session, _):
        every = releases.joined(session)
    for municipality_id in every:
        with work.transaction() as (session, actor):
            releases.due_of(session, actor, municipality_id)
    with work.transaction() as (session, actor):
        releases.region_due(session, actor)


def keep_apart(work: Work, block_id: str) -> None:
    """Somebody blocked somebody: what was proposed between the two at that very moment ends as well."""
    with work.transaction() as (session, _):
        blocks.tidy(session, UUID(block_id))


def suspended(work: Work, suspension_id: str) -> None:
    """Somebody was suspended: what was open ends, pauses or stays as the desk said."""
    with work.transaction() as (session, actor):
        suspensions.handle_open(session, actor, UUID(suspension_id))


def life_happened(work: Work, event_id: str) -> None:
    """Somebody died, is in hospital or moved: what was open stops, and each other side is told once."""
    with work.transaction() as (session, actor):
        stopping.stop(session, actor, UUID(event_id))


def life_undone(work: Work, event_id: str) -> None:
    """It was a mistake, or somebody is home again: what was stopped goes on."""
    with work.transaction() as (session, actor):
        stopping.put_back(session, actor, UUID(event_id))


def settle_lives(work: Work) -> None:
    """Who died or moved a week ago: what was agreed ends for good."""
    with work.transaction() as (session, actor):
        due = stopping.due(session, actor)
    for event_id in due:
        with work.transaction() as (session, actor):
            stopping.settle(session, actor, event_id)


def keep_safe(work: Work) -> None:
    """Reports past their promise and suspensions to look at again are told; proposals of who are apart end."""
    with work.transaction() as (session, _):
        safety_reports.late(session)
        suspensions.due(session)
        blocks.still_apart(session)


def watch_people(work: Work) -> None:
    """What stands out in what people do is shown to a makelaar; a disclosure that comes near, to the officers."""
    with work.transaction() as (session, _):
        safety_watch.look(session)
        safety_files.warn(session)


def let_go(work: Work) -> None:
    """What is past its term goes, in each municipality by itself."""
    with work.transaction() as (session, actor):
        everywhere = sorted(actor.scope.municipalities)
    for municipality_id in everywhere:
        with work.transaction() as (session, _):
            retention.let_go(session, municipality_id)
            terms = retention.terms(session, municipality_id)
            letters.forget(session, municipality_id, terms[retention.Kind.NOTICES])


def give_back(work: Work) -> None:
    """What a worker had in hand when it was killed is done by another."""
    with work.transaction() as (session, _):
        queue.give_back(session)


def referral_received(work: Work, referral_id: str) -> None:
    """A referral came in: who comes home from hospital has somebody at once, for the rest the core team is told."""
    with work.transaction() as (session, actor):
        referrals.received(session, actor, UUID(referral_id))


def watch_referrals(work: Work) -> None:
    """The clocks of those who come home from hospital."""
    with work.transaction() as (session, actor):
        referrals.watch(session, actor)
