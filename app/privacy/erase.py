"""Being forgotten: what stands open is ended in order, then every table lets go, and a receipt remains."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

import rewards
from app.access.actor import Actor
from app.access.policy import found, require_reach
from app.access.roles import Permission
from app.activities import joining as activities
from app.agreements import occur
from app.audit.write import Act, note
from app.config import Settings
from app.db import scope_to, scoped_to
from app.errors import Conflict, Forbidden, NotFound
from app.help_offers import service as help_offers
from app.help_requests import service as help_requests
from app.help_requests.models import Status as RequestStatus
from app.ideas import service as ideas
from app.ids import new_reference, uuid7
from app.matches import answer
from app.matches.models import Proposal, Status as ProposalStatus
from app.notifications import mail
from app.people import service as people
from app.people.models import Person
from app.pots.errors import OwnInterest
from app.pots.notes import refuse_own
from app.privacy import obligations
from app.privacy.models import Erasure, ErasureWay
from app.privacy.obligations import Open
from app.representations import service as representations
from app.representations.models import Representation
from app.rings import answer as rings
from app.roosjes import notes as roosjes_notes
from app.stories import service as stories
from app.welfare import plans
from rewards import errors
from rewards.types import AccountStatus

REASON = "forgotten"
GONE = "De gastheer doet niet meer mee."
"""What people read who were coming to something that somebody hosted."""


class StillOpen(Conflict):
    """Something has to be settled before: help to confirm, a budget to account for, a task to hand over."""

    code = "still-open"


class BalanceNotConfirmed(Conflict):
    """The Roosjes go to the pot for good: that is said by the person."""

    code = "balance-not-confirmed"


class RoosjesStuck(Conflict):
    """The books cannot let the account go now: Roosjes are on paper or asked for."""

    code = "roosjes-stuck"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What somebody keeps of it: a number to call with, and what was done."""

    reference: str
    counts: dict[str, int]

    @property
    def rows(self) -> int:
        """Rows emptied or deleted, over all tables."""
        return sum(self.counts.values())


def erase(session: Session, actor: Actor, settings: Settings, *, to_pot: bool = False) -> Receipt:
    """Forget the actor, whole or not at all. Raises StillOpen, BalanceNotConfirmed, RoosjesStuck."""
    if actor.behind is not None:
        raise Forbidden  # only the person themselves, or their desk
    municipality_id = people.home_of(session, actor).municipality_id
    _let_go(session, actor, settings, to_pot=to_pot)
    return _forget(session, actor, actor.person_id, municipality_id, ErasureWay.SELF)


def erase_again(session: Session, settings: Settings, person_id: UUID) -> Receipt:
    """Forget somebody who was forgotten before, after a backup put them back: by the installation, not by a person.

    Raises StillOpen, RoosjesStuck, NotFound.
    """
    actor = Actor(person=person_id)
    scope_to(session, actor.scope)
    person = found(session.get(Person, person_id))
    actor = Actor(person.id, person.pseudonym, person.first_name)
    scope_to(session, actor.scope)
    return erase(session, actor, settings, to_pot=True)


def standing_of(session: Session, staff: Actor, person_id: UUID) -> tuple[Person, Open]:
    """Somebody of one's own municipality and what stands open of them, for who may have them forgotten.

    The look is in the log. Raises NotFound, also for who was forgotten before, and OwnInterest.
    """
    with _in_their_place(session, staff, person_id) as (themselves, municipality_id):
        standing = obligations.of(session, themselves)
    note(session, staff, Act.PERSON, subject=person_id, municipality_id=municipality_id, entity="person")
    return found(session.get(Person, person_id)), standing


def erase_for(
    session: Session, staff: Actor, settings: Settings, person_id: UUID, *, to_pot: bool = False
) -> Receipt:
    """The same for somebody who asked the desk for it, by telephone, by letter or at the counter.

    What stands open ends as if they ended it, for it is theirs; the log says who did it. Raises NotFound,
    OwnInterest.
    """
    with _in_their_place(session, staff, person_id) as (themselves, municipality_id):
        _let_go(session, themselves, settings, to_pot=to_pot)
    return _forget(session, staff, person_id, municipality_id, ErasureWay.DESK)


LOG_SHOWN = 100


def log(session: Session, staff: Actor, municipality_id: int) -> list[Erasure]:
    """What was erased in a municipality, the newest first; it names nobody. Raises Forbidden, NotFound out of reach."""
    require_reach(staff, Permission.ERASE_PERSON, municipality_id)
    # unscoped: the permission was asked, by its reach
    query = select(Erasure).where(Erasure.municipality_id == municipality_id)
    return list(session.scalars(query.order_by(Erasure.at.desc(), Erasure.id).limit(LOG_SHOWN)))


@contextmanager
def _in_their_place(session: Session, staff: Actor, person_id: UUID) -> Iterator[tuple[Actor, int]]:
    """Somebody as if they were here, also who was shut out, and where they live; the session acts as them meanwhile."""
    home = people.home(session, person_id)
    require_reach(staff, Permission.ERASE_PERSON, home.municipality_id)
    person = found(session.get(Person, person_id))
    if person.forgotten_at is not None:
        raise NotFound
    _refuse_own(session, staff, person_id)
    themselves = Actor(person.id, person.pseudonym, person.first_name, home.municipality_id)
    with scoped_to(session, themselves.scope):
        yield themselves, home.municipality_id


def _refuse_own(session: Session, staff: Actor, person_id: UUID) -> None:
    """At the desk nobody forgets themselves, who lives with them, or whom they act for. Raises OwnInterest."""
    refuse_own(session, staff, person_id)
    # unscoped: one's own
    acts = select(Representation.id).where(
        Representation.representative_id == staff.person_id,
        Representation.represented_id == person_id,
        Representation.is_standing(),
    )
    if session.scalars(acts).first() is not None:
        raise OwnInterest


def _let_go(session: Session, actor: Actor, settings: Settings, *, to_pot: bool) -> None:
    """The order is that of the obligations: who counts on somebody hears first, then the books, then the words."""
    standing = obligations.of(session, actor)
    if standing.blocked or obligations.rings_that_go_ahead(standing):
        raise StillOpen
    if standing.balance_minutes != 0 and not to_pot:
        raise BalanceNotConfirmed
    _end(session, actor, standing)
    _leave_the_books(session, standing)
    roosjes_notes.forget(session, actor.person_id)
    _forget_mail(session, settings)
    session.flush()


def _forget(
    session: Session, actor: Actor, person_id: UUID, municipality_id: int, way: ErasureWay
) -> Receipt:
    note(session, actor, Act.ERASURE, subject=person_id, municipality_id=municipality_id, entity="person")
    session.flush()
    receipt = new_reference("W")
    counts = session.execute(
        text("SELECT forget_person(:person, :way, :receipt)"),
        {"person": person_id, "way": way.value, "receipt": receipt},
    ).scalar_one()
    session.expire_all()
    return Receipt(receipt, counts)


def _end(session: Session, actor: Actor, standing: Open) -> None:
    for ring in standing.rings:
        rings.no(session, actor, ring.id)
    for agreement in standing.agreements:
        occur.end(session, actor, agreement.id)  # releases the holds, and tells the other
    _decline(session, actor)
    for help_request in standing.requests:
        _stop_request(session, actor, help_request.id)
    for offer in standing.offers:
        help_offers.withdraw(session, actor, offer.id, REASON)
    for plan in standing.plans_asked:
        plans.withdraw(session, actor, plan.id, REASON)
    for representation in standing.representations:
        representations.end(session, actor, representation.id)  # tells the other
    activities.leave_all(session, actor, GONE)  # tells who comes in, and who was coming
    stories.withdraw_all(session, actor)
    ideas.withdraw_all(session, actor)
    session.flush()


def _decline(session: Session, actor: Actor) -> None:
    waiting = (ProposalStatus.PROPOSED, ProposalStatus.WILLING, ProposalStatus.MEETING)
    # unscoped: one's own: what one was proposed for oneself
    query = select(Proposal.id).where(Proposal.helper_id == actor.person_id, Proposal.status.in_(waiting))
    for proposal_id in session.scalars(query.order_by(Proposal.id)).all():
        answer.decline(session, actor, proposal_id)


def _stop_request(session: Session, actor: Actor, id: UUID) -> None:
    help_request = help_requests.get_locked(session, actor, id)
    if help_request.status is RequestStatus.DRAFT:
        help_requests.delete_draft(session, actor, id)
    elif help_request.status is RequestStatus.REFERRED:
        help_request.step(RequestStatus.CLOSED, actor.person_id, REASON)  # elsewhere it goes on without us
    elif help_request.status is not RequestStatus.WITHDRAWN:
        help_requests.withdraw(session, actor, id, REASON)


def _leave_the_books(session: Session, standing: Open) -> None:
    """What is left goes to the pot, what was owed comes out of it; the books themselves do it, nobody's hand."""
    connection = session.connection()
    for account in standing.accounts:
        try:
            with connection.begin_nested():
                rewards.leave(connection, key=f"leave:{uuid7()}", actor=rewards.SYSTEM, account=account.id)
        except errors.PotEmpty:
            # a debt that the pot cannot bear today keeps nobody from being forgotten: it waits without a name
            rewards.set_status(connection, account.id, AccountStatus.FROZEN)
        except (errors.NotEmpty, errors.OverLimit, errors.AccountNotOpen, errors.WrongAccount) as refusal:
            raise RoosjesStuck from refusal


def _forget_mail(session: Session, settings: Settings) -> None:
    """The mailbox folder of a demonstration: what was mailed to somebody, and what names them."""
    strong, rare = session.execute(text("SELECT strong, rare FROM words_of_oneself()")).one()
    patterns = [re.compile(_python(strong), re.IGNORECASE)] if strong else []
    if rare:
        patterns.append(re.compile(_python(rare)))
    mail.forget(settings, patterns)


def _python(pattern: str) -> str:
    """PostgreSQL writes the edge of a word as \\y."""
    return pattern.replace(r"\y", r"\b")
