"""Talks of buddies: those that were held on their day, what waits to be planned, and what the two say for it."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from sqlalchemy import Connection, insert, select, update

from app import upkeep
from app.access.models import RoleGrant
from app.access.roles import Role
from app.agreements.calendar import moment
from app.agreements.models import Agreement, Occurrence, Status
from app.categories.models import Category
from app.categories.vocabulary import Frequency
from app.clock import AMSTERDAM
from app.couplings.course import GUIDED, days
from app.couplings.models import CouplingTalk, GoesOn, How, TalkAnswer, TalkOutcome, TalkStatus
from app.demo.desks import HOME, become
from app.demo.personas import PERSONAS
from app.demo.world import World
from app.help_offers.models import HelpOffer
from app.help_requests.models import HelpRequest
from app.matches.models import Proposal
from app.satisfaction.models import Face

KEY: Final = UUID("6b0c6f0a-3d1e-4a4f-8a51-6c3d2f9d7e11")
"""From it the keys of rows follow, so that a second filling makes the same."""
GUIDED_PAIRS: Final = 2
SAID: Final = (
    (Face.HAPPY, GoesOn.YES, "Ik kijk elke week uit naar ons uurtje."),
    (Face.HAPPY, GoesOn.YES, ""),
    (Face.FAIR, GoesOn.UNSURE, "Soms weet ik niet goed waar wij over moeten praten."),
    (Face.FAIR, GoesOn.YES, "Een andere dag zou mij beter uitkomen."),
)


def talks(owner_url: str, world: World) -> None:
    """Of every pair of buddies that see each other now."""
    with upkeep.as_owner(owner_url) as connection:
        numbers = set(connection.scalars(select(Category.number).where(Category.slug.in_(GUIDED))))
        requests = {row.id: row for row in world.all(HelpRequest) if row.category_number in numbers}
        pairs = [
            row for row in world.all(Agreement)
            if row.help_request_id in requests and row.status is Status.ACTIVE and row.frequency is not Frequency.ONCE
        ]  # fmt: skip
        firsts = _firsts(world, {row.id for row in pairs})
        made = [
            one
            for row in sorted(pairs, key=lambda row: row.id)
            for one in _of(world, row, firsts[row.id], requests[row.help_request_id].until_date)
        ]
        _guide(connection, world)
        if made:
            connection.execute(insert(CouplingTalk), made)
        if said := list(_said(world, made)):
            connection.execute(insert(TalkAnswer), said)


def led_by(world: World) -> tuple[UUID | None, list[Agreement]]:
    """An organisation with a covenant, at home if there is one with buddies, and the pairs that it guides.

    Not one of which the head is another of the people of the page: whoever that day's pairs would bring, all are there.
    """
    others = {one.id for slug, one in world.personas.items() if slug != PERSONAS[12].slug}
    headed = {
        row.organisation_id for row in world.all(RoleGrant)
        if row.role is Role.ORGANISATION_ADMINISTRATOR and row.person_id not in others
    }  # fmt: skip
    signed = {
        row.municipality_id: row.id
        for row in reversed(world.organisations.values())
        if row.covenant_signed_on is not None and row.id in headed
    }  # fmt: skip
    numbers = {number for number, row in world.categories.items() if row.slug in GUIDED}
    requests = {row.id for row in world.all(HelpRequest) if row.category_number in numbers}
    pairs = [
        row for row in world.all(Agreement)
        if row.help_request_id in requests and row.status is Status.ACTIVE and row.frequency is not Frequency.ONCE
        and row.municipality_id in signed
    ]  # fmt: skip
    pairs.sort(key=lambda row: (row.municipality_id != HOME, row.municipality_id, row.id))
    place = pairs[0].municipality_id if pairs else HOME
    return signed.get(place), [row for row in pairs if row.municipality_id == place][:GUIDED_PAIRS]


def leader(world: World) -> None:
    """Who administers that organisation is one of the people of the page."""
    flag, _ = led_by(world)
    head = next(
        (row.person_id for row in world.all(RoleGrant)
         if row.role is Role.ORGANISATION_ADMINISTRATOR and row.organisation_id == flag), None,
    )  # fmt: skip
    if head is not None:
        become(world, world.residents[head], PERSONAS[12])


def _guide(connection: Connection, world: World) -> None:
    """Some buddies help through an organisation, which leads their talks: the database sees it as they come."""
    flag, pairs = led_by(world)
    proposals = {row.id: row.help_offer_id for row in world.all(Proposal)}
    for row in pairs:
        under = update(HelpOffer).where(
            HelpOffer.owned_by(row.helper_id), HelpOffer.id == proposals[row.proposal_id]
        )
        connection.execute(under.values(organisation_id=flag))


def _firsts(world: World, agreement_ids: set[UUID]) -> dict[UUID, datetime]:
    found: dict[UUID, datetime] = {}
    for row in world.all(Occurrence):
        if row.agreement_id in agreement_ids:
            found[row.agreement_id] = min(row.starts_at, found.get(row.agreement_id, row.starts_at))
    return found


def _of(world: World, row: Agreement, first: datetime, until: date | None) -> Iterator[dict[str, Any]]:
    """What is long past was held; in the next days some is planned, and the rest waits for the desk."""
    chance, today = world.chance(f"couplings:{row.id}"), world.moments.today
    for kind, due_on in days(first.astimezone(AMSTERDAM).date(), until).items():
        talk = {
            "id": uuid5(KEY, f"{row.id}:{kind}"), "municipality_id": row.municipality_id,
            "helper_municipality_id": row.helper_municipality_id, "agreement_id": row.id, "asker_id": row.asker_id,
            "helper_id": row.helper_id, "kind": kind, "due_on": due_on, "starts_at": None, "how": None,
            "planned_by_id": None, "status": TalkStatus.DUE, "outcome": None, "ended_at": None,
            "created_at": row.created_at, "version": 1,
        }  # fmt: skip
        planned = {
            "starts_at": moment(due_on, time(14, 30)), "how": chance.choice(list(How)),
            "planned_by_id": world.broker(row.municipality_id).id, "version": 2,
        }  # fmt: skip
        if due_on < today - timedelta(days=4):
            outcome = TalkOutcome.DIFFERENTLY if chance.random() < 0.2 else TalkOutcome.GOES_ON
            talk |= planned | {
                "status": TalkStatus.HELD, "outcome": outcome, "version": 3,
                "ended_at": moment(due_on, time(15, 15)),
            }  # fmt: skip
        elif today < due_on < today + timedelta(days=10) and chance.random() < 0.5:
            talk |= planned | {"status": TalkStatus.PLANNED}
        yield talk


def _said(world: World, made: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """For what is planned or over, most said something; for what nobody planned, nobody was asked."""
    chance = world.chance("couplings:said")
    for talk in made:
        if talk["status"] is TalkStatus.DUE:
            continue
        for author_id in (talk["asker_id"], talk["helper_id"]):
            if chance.random() < 0.3:
                continue
            face, goes_on, words = chance.choice(SAID)
            said_at = min(talk["starts_at"] - timedelta(days=1), world.moments.ago(hours=2))
            yield {
                "id": uuid5(KEY, f"{talk['id']}:{author_id}"), "talk_id": talk["id"], "author_id": author_id,
                "municipality_id": talk["municipality_id"], "helper_municipality_id": talk["helper_municipality_id"],
                "asker_id": talk["asker_id"], "helper_id": talk["helper_id"], "face": face, "goes_on": goes_on,
                "words": words, "said_at": said_at,
            }  # fmt: skip
