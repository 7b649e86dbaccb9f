"""What asker and helper wrote to each other these days, a moment that waits for a yes, and how help was lately."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from random import Random
from typing import Final, TypeVar
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.sign_in import act_as
from app.agreements import times
from app.agreements.models import Agreement, Occurrence, OccurrenceStatus, Status as AgreementStatus
from app.agreements.schemas import NewTime
from app.clock import AMSTERDAM, now
from app.conversations import service as conversations
from app.conversations.schemas import NewMessage
from app.db import Database
from app.demo.books import a_clock
from app.demo.desks import HOME
from app.demo.world import World
from app.errors import DomainError
from app.matches.models import Proposal, Status
from app.satisfaction import service as satisfaction
from app.satisfaction.schemas import NewSatisfaction

KEY: Final = UUID("0d6f4c1e-6d0f-4c55-9a3f-5a2f6a0f1b27")
"""From it the key of each message follows, so that a second filling says the same."""
MOST_TALKS: Final = 24
MOST_LOOKED: Final = 60
SOON: Final = (
    ("h", "Goedemorgen, past het u nog steeds?"),
    ("a", "Jazeker. Belt u aan bij de zijdeur? De voordeur klemt."),
    ("h", "Doe ik. Tot dan!"),
)
FIRST: Final = (
    ("h", "Dag, ik kan meestal in de ochtend. Komt dat u uit?"),
    ("a", "Ja, fijn. Zullen we eerst een kop koffie drinken?"),
)
QUESTION: Final = (
    ("a", "Zou u een boodschappentas mee kunnen nemen?"),
    ("h", "Natuurlijk, ik heb er thuis een op wieltjes."),
    ("a", "Wat handig. Dank u wel."),
)
WEATHER: Final = (
    ("h", "Ze geven regen op. Gaan we toch?"),
    ("a", "Met een paraplu wel. Ik heb er nog een voor u."),
)
TALKS: Final = (SOON, QUESTION, WEATHER)
LOOKED: Final = (
    ("blij", "Wij hebben zo gelachen samen."),
    ("blij", ""),
    ("blij", "Alles is gedaan, en het was ook nog gezellig."),
    ("gaat-wel", "Het ging wat gehaast deze keer."),
    ("blij", "Precies op tijd."),
    ("niet-blij", "Ik wachtte een halfuur en wist van niets."),
)


def talk(database: Database, owner_url: str, world: World) -> None:
    """Through the services, over the whole of yesterday, whatever the hour is now; the last words wait to be read."""
    chance, moment = world.chance("talking"), world.moments.now
    with a_clock(owner_url, moment) as clock:
        for minute, part in ((590, _talks), (980, _looks), (1030, _another_moment), (1150, _personas)):
            clock.to(world.moments.at(1, minute))
            part(database, world, chance)


def _talks(database: Database, world: World, chance: Random) -> None:
    live = [row for row in world.all(Agreement) if row.status is AgreementStatus.ACTIVE]
    for row in _some(live, chance, MOST_TALKS):
        _say(database, row.proposal_id, (row.asker_id, row.helper_id), chance.choice(TALKS))
    getting_acquainted = [row for row in world.all(Proposal) if row.status is Status.MEETING]
    for proposal in _some(getting_acquainted, chance, MOST_TALKS // 2):
        _say(database, proposal.id, (proposal.asker_id, proposal.helper_id), FIRST)


def _personas(database: Database, world: World, _chance: Random) -> None:
    """Whoever looks around as Ria or Youssef finds a conversation with something new in it."""
    named = {world.personas[slug].id for slug in ("bewoner", "vrijwilliger")}
    mine = [
        row for row in world.all(Agreement)
        if row.status is AgreementStatus.ACTIVE and named & {row.asker_id, row.helper_id}
    ]  # fmt: skip
    for row in sorted(mine, key=lambda row: row.id)[:3]:
        _say(database, row.proposal_id, (row.asker_id, row.helper_id), SOON)
    acquainted = [
        row for row in world.all(Proposal)
        if row.status in (Status.WILLING, Status.MEETING) and named & {row.asker_id, row.helper_id}
    ]  # fmt: skip
    for proposal in sorted(acquainted, key=lambda row: row.id)[:2]:
        _say(database, proposal.id, (proposal.asker_id, proposal.helper_id), FIRST)


def _say(
    database: Database, proposal_id: UUID, pair: tuple[UUID, UUID], lines: Sequence[tuple[str, str]]
) -> None:
    """One line after another; between people who are kept apart, or before an introduction, nothing is said."""
    asker_id, helper_id = pair
    for number, (who, words) in enumerate(lines):
        with database.transaction() as session:
            actor = act_as(session, asker_id if who == "a" else helper_id)
            key = uuid5(KEY, f"{proposal_id}:{number}:{words}")
            new = NewMessage.model_validate({"bericht": words, "sleutel": str(key)})
            try:
                with session.begin_nested():
                    _read_and_send(session, actor, proposal_id, new)
            except DomainError:
                return


def _read_and_send(session: Session, actor: Actor, proposal_id: UUID, new: NewMessage) -> None:
    conversations.mark_read(session, actor, conversations.get(session, actor, proposal_id))
    conversations.send(session, actor, proposal_id, new)


def _looks(database: Database, world: World, chance: Random) -> None:
    """Both sides of some of the help that was done lately; not all of it was a pleasure."""
    before = world.moments.now - timedelta(hours=48)
    done = [
        row for row in world.all(Occurrence) if row.status is OccurrenceStatus.DONE and row.ends_at < before
    ]
    lately = sorted(done, key=lambda row: (row.ends_at, row.id))[-MOST_LOOKED * 3 :]
    for row in _some(lately, chance, MOST_LOOKED):
        for author_id in (row.asker_id, row.helper_id)[: chance.choice((1, 1, 2))]:
            face, words = chance.choice(LOOKED)
            to = "allebei" if words and face == "blij" else "makelaar"
            new = NewSatisfaction.model_validate({"gezicht": face, "woorden": words or None, "voorWie": to})
            with database.transaction() as session:
                actor = act_as(session, author_id)
                try:
                    with session.begin_nested():
                        satisfaction.say(session, actor, row.id, new)
                except DomainError:
                    continue


def _another_moment(database: Database, world: World, chance: Random) -> None:
    """Some would rather come a little later than was agreed, and wait for the other's yes."""
    moment = world.moments.now
    coming = [
        row for row in world.all(Occurrence)
        if row.status is OccurrenceStatus.AGREED
        and row.municipality_id == HOME
        and timedelta(days=1) < row.starts_at - moment < timedelta(days=12)
    ]  # fmt: skip
    for row in _some(coming, chance, 4):
        with database.transaction() as session:
            _later(session, act_as(session, row.helper_id), row.id)


def _later(session: Session, actor: Actor, occurrence_id: UUID) -> None:
    """An hour later, if that is still to come and the day allows it."""
    mine = select(Occurrence).where(Occurrence.id == occurrence_id, Occurrence.has_party(actor.person_id))
    row = session.scalars(mine).one()
    later = (row.starts_at + timedelta(hours=1)).astimezone(AMSTERDAM)
    if row.status is not OccurrenceStatus.AGREED or row.starts_at <= now(session):
        return
    wanted = NewTime.model_validate({"datum": later.date().isoformat(), "tijd": later.strftime("%H:%M")})
    try:
        with session.begin_nested():
            times.propose(session, actor, occurrence_id, wanted)
    except DomainError:
        return


Row = TypeVar("Row", Agreement, Occurrence, Proposal)


def _some(rows: Iterable[Row], chance: Random, most: int) -> list[Row]:
    """So many of them at most, always the same ones."""
    found = sorted(rows, key=lambda row: row.id)
    return found if len(found) <= most else chance.sample(found, most)
