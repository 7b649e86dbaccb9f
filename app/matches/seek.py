"""Looking for a helper oneself, for a case in which the engine found nobody: by name, or by what somebody does."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from uuid import UUID

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import require, visible
from app.access.roles import Permission
from app.help_offers import search, service as offers
from app.help_offers.models import HelpOffer, Status
from app.help_requests.models import HelpRequest
from app.matches.index import offers_by_id, request_by_id
from app.matches.models import Proposal, Status as ProposalStatus
from app.matches.propose import LIMITS, DoesNotFit, check
from app.people.models import Contact, Person
from matching.explain import explain
from matching.types import Offer, Request

MOST = 20
READ = 60
AGAIN = frozenset({ProposalStatus.EXPIRED, ProposalStatus.WITHDRAWN})
"""Who gave no answer, or fell out, may be asked once more."""


@dataclass(frozen=True, slots=True)
class Sought:
    """A helper whom a makelaar may think of. ``in_the_way`` names the first hard rule; empty where one may ask."""

    offer: HelpOffer
    distance_m: int
    in_the_way: str
    minds: str
    """What one may look past when asking by name: the first of the soft rules."""
    asked: ProposalStatus | None
    """Where the helper was asked for this case already."""


def helpers(session: Session, actor: Actor, help_request: HelpRequest, typed: str) -> list[Sought]:
    """Whose name or offer fits what was typed, else whoever does this sort of thing: whom one may ask first, then near.

    A constant number of queries. Raises Forbidden.
    """
    require(actor, Permission.PROPOSE, help_request.municipality_id)
    rows = _typed(session, actor, typed) if typed else _of_category(session, actor, help_request)
    others = {
        row.id: row for row in rows if row.status is Status.OPEN and row.person_id != help_request.person_id
    }
    known = offers_by_id(session, list(others))
    request = request_by_id(session, help_request.id)
    asked = _asked(session, actor, help_request.id)
    told = [
        _sought(session, request, known[id], row, asked.get(row.person_id))
        for id, row in others.items()
        if id in known
    ]  # fmt: skip
    told.sort(key=lambda one: (bool(one.in_the_way), bool(one.minds), one.distance_m, one.offer.id))
    return list(_once_each(told))[:MOST]


def _once_each(told: list[Sought]) -> Iterable[Sought]:
    seen: set[UUID] = set()
    for one in told:
        if one.offer.person_id not in seen:
            seen.add(one.offer.person_id)
            yield one


def _typed(session: Session, actor: Actor, typed: str) -> Iterable[HelpOffer]:
    name = func.plain(Person.first_name + " " + func.coalesce(Contact.last_name, ""))
    named = (
        _open(actor)
        .join(Person, Person.id == HelpOffer.person_id)
        .outerjoin(Contact, Contact.person_id == HelpOffer.person_id)
        .where(and_(*(func.strpos(name, func.plain(word)) > 0 for word in typed.split()[:5])))
    )
    return chain(session.scalars(named), search.search(session, actor, typed, limit=READ))


def _of_category(session: Session, actor: Actor, help_request: HelpRequest) -> Iterable[HelpOffer]:
    return session.scalars(
        _open(actor).where(HelpOffer.category_numbers.contains([help_request.category_number]))
    )


def _open(actor: Actor) -> Select[HelpOffer]:
    query = offers.selection(actor).where(HelpOffer.status == Status.OPEN)
    here = HelpOffer.municipality_id.in_(actor.reach(Permission.SEE_OFFERS))
    return query.order_by(here.desc(), HelpOffer.posted_at.desc().nulls_last(), HelpOffer.id).limit(READ)


def _asked(session: Session, actor: Actor, help_request_id: UUID) -> dict[UUID, ProposalStatus]:
    query = select(Proposal.helper_id, Proposal.status).where(
        visible(actor, Permission.SEE_MATCHES, Proposal), Proposal.help_request_id == help_request_id
    )
    return {row[0]: row[1] for row in session.execute(query) if row[1] not in AGAIN}


def _sought(
    session: Session, request: Request, offer: Offer, row: HelpOffer, asked: ProposalStatus | None
) -> Sought:
    hard = soft = ""
    try:
        check(session, request, offer, ignoring=LIMITS)
        check(session, request, offer)
    except DoesNotFit as error:
        rule = str(error.details["regel"])
        hard, soft = ("", rule) if rule in _SOFT else (rule, "")
    return Sought(row, explain(request, offer).distance_m, hard, soft, asked)


_SOFT = frozenset(rule.name.lower() for rule in LIMITS)
