"""A talk: seen as the person would see it, read back, and done in their name with the makelaar's hand on it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Final
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from app.access import letters
from app.access.actor import Actor
from app.access.policy import found, require, visible
from app.access.roles import Permission
from app.access.sign_in import act_as
from app.activities import joining, search, service as activities
from app.activities.models import SignupStatus
from app.activities.schemas import Joining
from app.agreements import agree, occur, times
from app.agreements.models import Occurrence, OccurrenceStatus
from app.agreements.schemas import Appointment, NewTime
from app.audit.write import Act, note
from app.clock import now, today
from app.db import scope_to
from app.errors import Conflict, Invalid, NotFound
from app.help_offers import service as help_offers
from app.help_offers.models import Status as OfferStatus
from app.help_offers.schemas import NewHelpOffer
from app.help_requests import service as help_requests
from app.help_requests.models import Status as RequestStatus
from app.ids import uuid7
from app.matches import answer
from app.matches.models import Proposal, Status as ProposalStatus
from app.moderation import people as known_people
from app.people import service as people
from app.people.models import Contact
from app.phoning.models import PhoneTalk
from app.phoning.schemas import Talk
from app.pots.notes import refuse_own

TIMES_SHOWN: Final = 12
RUNS: Final = (RequestStatus.SUBMITTED, RequestStatus.OPEN, RequestStatus.PAUSED)
"""Requests that can be taken back; where something was agreed one stops the agreement."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One line that somebody can say yes or no to."""

    id: UUID
    title: str
    at: datetime | None
    who: str


@dataclass(frozen=True, slots=True)
class Screen:
    """All that the person could do now."""

    person: known_people.Known
    do_not_ask: bool
    paused_until: date | None
    proposals: list[Choice]
    helpers: list[Choice]
    """Who would like to help with what they ask."""
    ahead: list[Choice]
    """Times that were agreed, on either side."""
    past: list[Choice]
    """Times of which nobody said yet whether they took place."""
    coming: list[Choice]
    """Times of activities for which they are signed up."""
    activities: list[Choice]
    asks: list[Choice]
    """Their own requests that run."""
    offers: list[Choice]

    def by_field(self) -> dict[str, list[Choice]]:
        """What each part of the form chooses from."""
        return {
            "says_yes": self.proposals, "says_no": self.proposals, "chooses": self.helpers,
            "moves": self.ahead, "cancels": self.ahead, "happened": self.past,
            "nobody_came": self.past, "comes_to": self.activities, "stays_away": self.coming,
            "withdraws": self.asks, "stops": self.offers,
        }  # fmt: skip


class NotThereAnyMore(Conflict):
    """Something that was chosen is not on the screen now: it was answered or changed while they spoke."""

    code = "not-there-any-more"


@contextmanager
def in_name_of(session: Session, actor: Actor, person_id: UUID) -> Iterator[Actor]:
    """Act as somebody of one's own desk while they are there; what is done is told in the makelaar's name.

    Raises NotFound for somebody of another municipality, OwnInterest for one's own house, Forbidden.
    """
    known = known_people.who(session, actor, person_id)
    if not known.lives_here:
        raise NotFound
    require(actor, Permission.REGISTER_PERSON, people.home(session, person_id).municipality_id)
    refuse_own(session, actor, person_id)
    before = session.info["scope"]
    them = act_as(session, person_id)
    if not them.signed_in:
        raise NotFound
    # the desk's roles stay behind, and what the person is elsewhere is not theirs on the telephone
    plain = replace(them, grants=())
    scope_to(session, replace(plain.scope, hand=actor.person_id))
    try:
        yield plain
    finally:
        scope_to(session, before)


def screen(session: Session, actor: Actor, person_id: UUID) -> Screen:
    """What somebody could do now, as they would see it themselves."""
    known = known_people.who(session, actor, person_id)
    with in_name_of(session, actor, person_id) as them:
        oneself = people.oneself(session, them)
        ahead, past = _times(session, them)
        here = people.home_of(session, them).municipality_id
        coming = [
            Choice(one.date.id, one.activity.title, one.date.starts_at, "")
            for one in joining.mine(session, them)
        ]
        theirs = {one.id for one in coming}
        shown = search.shown(session, search.Wanted(municipality_id=here)).rows
        return Screen(
            person=known, do_not_ask=oneself.do_not_ask,
            paused_until=oneself.paused_until if oneself.paused else None,
            proposals=[
                Choice(row.id, row.help_request.title, None, row.asker.first_name)
                for row in answer.for_helper(session, them) if row.status is ProposalStatus.PROPOSED
            ],
            helpers=[
                Choice(row.id, row.help_request.title, None, row.helper.first_name)
                for row in answer.for_asker(session, them)
            ],
            ahead=ahead, past=past, coming=coming,
            activities=[
                Choice(row.id, row.activity.title, row.starts_at, row.activity.venue)
                for row in shown[:TIMES_SHOWN] if row.id not in theirs
            ],
            asks=[
                Choice(row.id, row.title, None, "") for row in help_requests.mine(session, them) if row.status in RUNS
            ],
            offers=[
                Choice(row.id, row.title, None, "") for row in help_offers.mine(session, them)
                if row.status in (OfferStatus.OPEN, OfferStatus.PAUSED)
            ],
        )  # fmt: skip


def _times(session: Session, them: Actor) -> tuple[list[Choice], list[Choice]]:
    moment = now(session)
    own = (
        select(Occurrence)
        .where(Occurrence.has_party(them.person_id), Occurrence.status == OccurrenceStatus.AGREED)
        .options(joinedload(Occurrence.asker), joinedload(Occurrence.helper))
        .order_by(Occurrence.starts_at)
        .limit(40)
    )
    rows = list(session.scalars(own))
    titles = {one.id: one.help_request.title for one in occur.mine(session, them)}
    lines = [
        Choice(
            row.id, titles.get(row.agreement_id, ""), row.starts_at,
            (row.helper if row.asker_id == them.person_id else row.asker).first_name,
        )
        for row in rows
    ]  # fmt: skip
    return (
        [one for one in lines if one.at is not None and one.at > moment][:TIMES_SHOWN],
        [one for one in lines if one.at is not None and one.at <= moment][:TIMES_SHOWN],
    )


def check(session: Session, talk: Talk, seen: Screen) -> None:
    """What cannot be done as it was typed. Raises Invalid, and NotThereAnyMore: nothing is done unread."""
    for name, rows in seen.by_field().items():
        typed = getattr(talk, name)
        picked = typed if isinstance(typed, list) else [typed] if typed else []
        if not set(picked) <= {one.id for one in rows}:
            raise NotThereAnyMore
    _check_moment(talk.chooses, talk.chooses_on, talk.chooses_at, "kiest")
    _check_moment(talk.moves, talk.moves_on, talk.moves_at, "verzet")
    if talk.moves in talk.cancels:
        raise Invalid(details={"verzet": "both"})
    if talk.offer_categories and talk.offer_title is None:
        raise Invalid(details={"aanbodTitel": "missing"})
    if talk.offer_title is not None and not talk.offer_categories:
        raise Invalid(details={"aanbodWat": "choose"})
    if talk.paused_until is not None and talk.paused_until <= today(session):
        raise Invalid(details={"rustTot": "past"})
    if set(talk.says_yes) & set(talk.says_no):
        raise Invalid(details={"zegtNee": "both"})
    if set(talk.happened) & set(talk.nobody_came):
        raise Invalid(details={"kwamNiet": "both"})


def _check_moment(of: UUID | None, day: date | None, at: time | None, name: str) -> None:
    """A day and an hour belong to something, and something to a day and an hour. Raises Invalid."""
    if of is None and (day is not None or at is not None):
        raise Invalid(details={name: "choose"})
    if of is not None and day is None:
        raise Invalid(details={f"{name}Dag": "missing"})
    if of is not None and at is None:
        raise Invalid(details={f"{name}Tijd": "missing"})


@contextmanager
def _said_of(name: str) -> Iterator[None]:
    """What is refused about a day or an hour stands at the fields of this screen."""
    try:
        yield
    except Invalid as refused:
        names = {"datum": f"{name}Dag", "tijd": f"{name}Tijd"}
        raise Invalid(details={names.get(one, one): why for one, why in refused.details.items()}) from refused


def _refuse_ones_own(session: Session, actor: Actor, them: Actor, talk: Talk) -> None:
    """Nobody says on the telephone for another what is between that person and themselves, or their own house.

    Raises OwnInterest.
    """
    own = select(Occurrence.asker_id, Occurrence.helper_id).where(
        Occurrence.has_party(them.person_id),
        Occurrence.id.in_([*talk.cancels, *talk.happened, *talk.nobody_came, talk.moves]),
    )
    asked = select(Proposal.asker_id, Proposal.helper_id).where(
        Proposal.has_party(them.person_id), Proposal.id.in_([*talk.says_yes, *talk.says_no, talk.chooses])
    )
    sides = [id for row in (*session.execute(own), *session.execute(asked)) for id in row]
    if others := {id for id in sides if id != them.person_id}:
        refuse_own(session, actor, *others)


def do(session: Session, actor: Actor, person_id: UUID, talk: Talk, lines: list[str]) -> PhoneTalk:
    """All of it or nothing, as it was read back: ``lines`` is what the person said yes to.

    Raises what any of the acts raises, Invalid where nothing is done at all.
    """
    if not lines:
        raise Invalid(details={"": "nothing"})
    check(session, talk, screen(session, actor, person_id))
    with in_name_of(session, actor, person_id) as them:
        place = people.home_of(session, them).municipality_id
        _refuse_ones_own(session, actor, them, talk)
        _help(session, them, talk)
        _activities(session, them, talk)
        for id in talk.cancels:
            occur.cancel(session, them, id)
        if talk.moves is not None:
            new = NewTime.model_validate({"datum": talk.moves_on, "tijd": talk.moves_at})
            with _said_of("verzet"):
                times.propose(session, them, talk.moves, new)
        for id in talk.happened:
            occur.happened(session, them, id)
        for id in talk.nobody_came:
            occur.no_show(session, them, id)
        _oneself(session, them, talk)
        session.flush()
    if talk.chooses is not None:  # a yes that the makelaar heard, as at the case
        heard = {"datum": talk.chooses_on, "tijd": talk.chooses_at, "gesproken": True,
                 "contractGezien": talk.contract_seen}  # fmt: skip
        with _said_of("kiest"):
            agree.agree(session, actor, talk.chooses, Appointment.model_validate(heard))
    row = PhoneTalk(
        id=uuid7(), municipality_id=place, person_id=person_id, by_id=actor.person_id, way=talk.way, lines=lines,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def _help(session: Session, them: Actor, talk: Talk) -> None:
    if talk.offer_title is not None:
        typed = {
            "categorieen": talk.offer_categories, "titel": talk.offer_title, "minutenPerWeek": talk.offer_minutes,
            "hoeVerKm": talk.offer_km,
        }  # fmt: skip
        help_offers.post(session, them, NewHelpOffer.model_validate(typed))
    for id in talk.says_yes:
        answer.accept(session, them, id)
    for id in talk.says_no:
        answer.decline(session, them, id)
    for id in talk.withdraws:
        help_requests.withdraw(session, them, id)
    for id in talk.stops:
        help_offers.withdraw(session, them, id)


def _activities(session: Session, them: Actor, talk: Talk) -> list[SignupStatus]:
    for id in talk.stays_away:
        joining.leave(session, them, id)
    said: list[SignupStatus] = []
    for id in talk.comes_to:
        said += joining.join(
            session, them, activities.of_date(session, them, id), Joining.model_validate({"keer": str(id)})
        )
    return said


def _oneself(session: Session, them: Actor, talk: Talk) -> None:
    if talk.paused_until is not None:
        people.pause(session, them, True, talk.paused_until)
    contact = people.details(session, them)
    if talk.do_not_ask:
        contact.person.do_not_ask = True
    if talk.phone is not None:
        contact.phone = talk.phone


def selection(actor: Actor) -> Select[PhoneTalk]:
    """One's own, and those of a desk."""
    return select(PhoneTalk).where(visible(actor, Permission.REGISTER_PERSON, PhoneTalk))


def get(session: Session, actor: Actor, id: UUID) -> PhoneTalk:
    """One talk, for its letter."""
    query = selection(actor).where(PhoneTalk.id == id)
    return found(
        session.scalars(query.options(joinedload(PhoneTalk.person), joinedload(PhoneTalk.by))).one_or_none()
    )


def of_person(session: Session, actor: Actor, person_id: UUID) -> list[PhoneTalk]:
    """What was done with somebody, the newest first."""
    query = selection(actor).where(PhoneTalk.person_id == person_id).options(joinedload(PhoneTalk.by))
    return list(session.scalars(query.order_by(PhoneTalk.at.desc()).limit(20)))


def envelope(session: Session, actor: Actor, row: PhoneTalk) -> Contact:
    """To whom the letter goes: name and address, which are written down as looked at."""
    require(actor, Permission.REGISTER_PERSON, row.municipality_id)
    note(session, actor, Act.ADDRESS, subject=row.person_id, municipality_id=row.municipality_id, entity="phone_talk",
         entity_id=row.id)  # fmt: skip
    return letters.envelope(session, actor, row.person_id)
