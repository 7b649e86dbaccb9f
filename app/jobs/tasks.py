"""What jobs do. Each opens its own transaction, for every municipality, and is safe to run again."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from app.access import codes, invitations
from app.access.actor import Actor, system
from app.access.models import SignInLink
from app.access.proof_models import Happened
from app.access.sign_in import LinkDead, link_token, person_for_email
from app.agreements import upkeep as agreements
from app.audit import chain, outside
from app.checks import lookups as kvk_lookups, renewal
from app.checks.kvk import KeyRefused, Kvk, KvkError
from app.cheques import expiry
from app.config import Settings
from app.db import Database, scope_to
from app.distribution import service as distributions
from app.help_requests import asking, service as help_requests
from app.jobs import queue
from app.matches import answer
from app.notifications import mail
from app.notifications.models import Notice
from app.notifications.service import tell
from app.people import service as people
from app.people.models import Contact, Membership, MembershipKind, Person
from app.places import geocoding, postcodes
from app.places.models import Municipality, Neighbourhood
from app.places.pdok import PDOK
from app.pots import leaving
from app.privacy import retention
from app.representations import mailed, upkeep as representations
from app.rings import answer as ring_answers, carry_out, propose as ring_proposals
from app.roosjes import advice, asking as roosjes_asking, watch
from app.safety import (
    blocks,
    files as safety_files,
    reports as safety_reports,
    suspensions,
    watch as safety_watch,
)
from app.secrets import installation_secret
from app.treasury import check, sealing
from app.welfare import upkeep as welfare
from rewards import paper, policies, seals

log = logging.getLogger("zorgvoorelkaar.jobs")


@dataclass(frozen=True, slots=True)
class Work:
    """What every task has at hand."""

    settings: Settings
    database: Database
    geocoder: PDOK | None = None
    kvk: Kvk | None = None

    @contextmanager
    def transaction(self) -> Iterator[tuple[Session, Actor]]:
        """A transaction that reaches every municipality that takes part."""
        with self.database.transaction() as session:
            actor = system(frozenset(session.scalars(select(Municipality.id))))
            scope_to(session, actor.scope)
            yield session, actor


def mail_notice(work: Work, notice_id: str) -> None:
    """Send one notice by mail, unless it was sent. Who acts for a person without an address reads it instead."""
    with work.transaction() as (session, _):
        # unscoped: a job acts for the platform
        query = (
            select(Notice, Contact.email, Person.language, Person.first_name, Person.disabled_at)
            .join(Contact, Contact.person_id == Notice.person_id)
            .join(Person, Person.id == Notice.person_id)
            .where(Notice.id == UUID(notice_id), Notice.mailed_at.is_(None))
        )
        row = session.execute(query).one_or_none()
        if row is None or row.disabled_at is not None:
            return
        readers = [] if row.email else mailed.instead(session, row.Notice)
    if row.email:
        message = mail.notice_message(work.settings, row.Notice, row.email, row.first_name, row.language)
        mail.send(work.settings, message)
    for reader in readers:
        mail.send(work.settings, mailed.notice_message(work.settings, row.Notice, row.first_name, reader))
    if not row.email and not readers:
        return
    with work.transaction() as (session, _):
        sent = update(Notice).where(Notice.id == UUID(notice_id))  # unscoped: as above
        session.execute(sent.values(mailed_at=func.ledger.now()))


def mail_link(work: Work, link_id: str) -> None:
    """Send a sign-in link while it lives. An unknown address gets a mail as well: nobody learns who is known."""
    with work.transaction() as (session, _):
        # unscoped: a link belongs to an address
        link = session.scalars(
            select(SignInLink).where(
                SignInLink.id == UUID(link_id),
                SignInLink.used_at.is_(None),
                SignInLink.expires_at > func.ledger.now(),
            )
        ).one_or_none()
        if link is None:
            return
        known = link.draft_hash is not None or person_for_email(session, link.email) is not None
        secret = installation_secret(work.settings)
        token = link_token(secret, link.id)
        sends = bool(asking.waiting_title(session, secret, token))
    code = codes.code_of(secret, link.id)
    message = mail.link_message(work.settings, link, token if known else None, sends=sends, code=code)
    mail.send(work.settings, message)


def mail_invitation(work: Work, invitation_id: str) -> None:
    """Invite a colleague, while the invitation stands."""
    secret = installation_secret(work.settings)
    with work.transaction() as (session, _):
        token = invitations.token_of(secret, UUID(invitation_id))
        try:
            invited = invitations.read(session, secret, token)
        except LinkDead:
            return
        place = session.get_one(Municipality, invited.municipality_id).name
    mail.send(work.settings, mail.invitation_message(work.settings, invited, place, token))


def mail_changed(work: Work, event_id: str, person_id: str, kind: str) -> None:
    """Tell somebody by mail that their keys, app or role changed; who has no address reads it when they sign in."""
    with work.transaction() as (session, _):
        # unscoped: a job acts for the platform
        query = (
            select(Contact.email, Person.language, Person.disabled_at)
            .join(Person, Person.id == Contact.person_id)
            .where(Contact.person_id == UUID(person_id))
        )
        row = session.execute(query).one_or_none()
    shut = Happened(kind) is Happened.SHUT_OUT
    if row is not None and row.email and (row.disabled_at is None or shut):
        message = mail.changed_message(work.settings, row.email, Happened(kind), row.language, event_id)
        mail.send(work.settings, message)


def mail_representation(work: Work, representation_id: str) -> None:
    """Ask somebody whether another may act for them, while that waits."""
    with work.transaction() as (session, _):
        asked = mailed.asked(session, UUID(representation_id))
    if asked is not None:
        mail.send(
            work.settings, mailed.consent_message(work.settings, asked, installation_secret(work.settings))
        )


def locate(work: Work, person_id: str) -> None:
    """Find the point of somebody's address; without an answer the postcode's own point keeps serving."""
    with work.transaction() as (session, _):
        # unscoped: a job acts for the platform
        query = (
            select(Contact.postcode, Contact.house_number, Membership.municipality_id, Neighbourhood)
            .join(Membership, Membership.person_id == Contact.person_id)
            .join(Neighbourhood, Neighbourhood.pc4 == Membership.pc4)
            .where(Contact.person_id == UUID(person_id), Membership.kind == MembershipKind.LIVES)
        )
        row = session.execute(query).first()
    if row is None:
        return
    postcode, house_number, municipality_id, neighbourhood = row
    point = neighbourhood.latitude, neighbourhood.longitude
    found = geocoding.locate(work.geocoder, postcodes.parse(postcode), house_number, municipality_id, point)
    certain = found.source == "pdok"
    with work.transaction() as (session, _):
        same = update(Contact).where(  # unscoped: as above; not when the address changed meanwhile
            Contact.person_id == UUID(person_id),
            Contact.postcode == postcode,
            Contact.house_number == house_number,
        )
        session.execute(
            same.values(
                latitude=found.lat if certain else None,
                longitude=found.lon if certain else None,
                address_doubtful=found.flagged,
            )
        )


def look_up_company(work: Work, lookup_id: str) -> None:
    """Ask the register of companies, outside any transaction; what it cannot say now is asked again later."""
    key = UUID(lookup_id)
    with work.transaction() as (session, _):
        number = kvk_lookups.number_to_ask(session, key)
    if number is None:
        return
    failure: KvkError | None = None
    try:
        found = kvk_lookups.look_up(work.kvk, number)
    except KvkError as error:
        failure, found = error, kvk_lookups.outcome_of(error)
    with work.transaction() as (session, _):
        kvk_lookups.answer(session, key, found)
    if failure is not None and not isinstance(failure, KeyRefused):
        raise failure


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
    with work.transaction() as (session, actor):
        for help_request in help_requests.expire_due(session):
            tell(session, help_request.person_id, help_request.municipality_id, "expired", help_request.id,
                 turn=help_request.version, title=help_request.title)  # fmt: skip
        for help_request in help_requests.warn_due(session):
            tell(session, help_request.person_id, help_request.municipality_id, "expiring", help_request.id,
                 turn=help_request.version, title=help_request.title)  # fmt: skip
        answer.expire_due(session)
        agreements.lapse_due(session, actor)
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
    """The day before: both are reminded; after three silent days: please confirm."""
    with work.transaction() as (session, _):
        agreements.remind(session)


def tidy(work: Work) -> None:
    """Let go of what nobody reads any more."""
    with work.transaction() as (session, _):
        session.execute(text("SELECT forget_expired(), forget_getting_in(), oidc_forget()"))
    with work.transaction() as (session, _):
        distributions.tidy(session)
    with work.transaction() as (session, _):
        representations.lapse_due(session)
        representations.end_due(session)
    with work.transaction() as (session, _):
        kvk_lookups.tidy(session)


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


def keep_apart(work: Work, block_id: str) -> None:
    """Somebody blocked somebody: what was proposed between the two at that very moment ends as well."""
    with work.transaction() as (session, _):
        blocks.tidy(session, UUID(block_id))


def suspended(work: Work, suspension_id: str) -> None:
    """Somebody was suspended: what was open ends, pauses or stays as the desk said."""
    with work.transaction() as (session, actor):
        suspensions.handle_open(session, actor, UUID(suspension_id))


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


def seal(work: Work) -> None:
    """Seal the books, test them, and keep both outside; fails when they are not right, or the file cannot be kept."""
    with work.transaction() as (session, _):
        made = seals.seal(session.connection())
    with work.transaction() as (session, _):
        faults = check.faults(session)
        held = seals.seals(session.connection())
    not_kept = None
    if work.settings.seal_file:
        try:
            faults += sealing.keep_up(held, Path(work.settings.seal_file))
        except sealing.NotKept as refusal:
            not_kept = refusal  # the mail goes first: it is the other copy
    if work.settings.seal_to:
        mail.send(work.settings, sealing.message(work.settings, made, faults, str(not_kept or "")))
    if faults:
        raise check.NotRight([*faults[:19], *([str(not_kept)] if not_kept else faults[19:])])
    if not_kept:
        raise not_kept


def chain_audit(work: Work) -> None:
    """Link what was written in the audit, and keep it outside; fails when that cannot be, so that it is seen."""
    made = chain.AT_ONCE
    while made == chain.AT_ONCE:
        with work.transaction() as (session, _):
            made = chain.link(session)
    if not work.settings.audit_sink:
        return
    after = outside.last_kept(work.settings)
    while new := _lines(work, after):
        outside.keep(work.settings, new)
        after = new[-1].number


def _lines(work: Work, after: int) -> list[outside.Line]:
    with work.transaction() as (session, _):
        return chain.lines(session, after)


def check_audit(work: Work) -> None:
    """Test the chain and its copy each night; fails when a row is not as it was written."""
    with work.transaction() as (session, _):
        found = chain.faults(session) + chain.differs(session, work.settings)
    if found:
        raise chain.Tampered("; ".join(map(str, found[:20])))


def let_go(work: Work) -> None:
    """What is past its term goes, in each municipality by itself."""
    with work.transaction() as (session, actor):
        everywhere = sorted(actor.scope.municipalities)
    for municipality_id in everywhere:
        with work.transaction() as (session, _):
            retention.let_go(session, municipality_id)


def give_back(work: Work) -> None:
    """What a worker had in hand when it was killed is done by another."""
    with work.transaction() as (session, _):
        queue.give_back(session)


PERIODIC: tuple[tuple[str, str, Callable[[Work], None]], ...] = (
    ("*/10 * * * *", "hours.expire", expire),
    ("* * * * *", "minutes.chain_audit", chain_audit),
    ("*/5 * * * *", "minutes.give_back", give_back),
    ("1 5 * * *", "nights.check_audit", check_audit),
    ("13 2 * * *", "nights.let_go", let_go),
    ("7 * * * *", "hours.advance", advance),
    ("17 * * * *", "hours.remind", remind),
    ("5 0 * * *", "nights.resume", resume),
    ("25 3 * * *", "nights.budgets", end_budgets),
    ("41 3 * * *", "nights.tidy", tidy),
    ("11 4 * * *", "nights.distribute", distribute),
    ("31 4 * * *", "nights.find_rings", find_rings),
    ("11 3 * * *", "nights.apply_policies", apply_policies),
    ("21 * * * *", "hours.lapse_questions", lapse_questions),
    ("41 3 * * *", "nights.carry_along", carry_along),
    ("23 9 * * *", "days.advise", advise),
    ("37 9 * * *", "days.tell_of_papers", tell_of_papers),
    ("49 9 * * *", "days.tell_of_checks", tell_of_checks),
    ("27 4 * * *", "nights.watch_books", watch_books),
    ("29 4 * * *", "nights.watch_people", watch_people),
    ("13 * * * *", "hours.keep_safe", keep_safe),
    ("51 3 * * *", "nights.seal", seal),
    ("3-59/10 * * * *", "hours.rings", let_rings_go),
)
