"""The desk of each municipality: who works there, how much it mediates, and the personas of the page."""

from random import Random
from uuid import UUID

from app.access.models import RoleGrant
from app.access.roles import Role
from app.demo.personas import PERSONAS, Persona
from app.demo.world import Resident, World
from app.help_offers.models import HelpOffer
from app.help_requests.models import HelpRequest
from app.people.models import Membership, MembershipKind
from app.places.models import Mediation

HOME, HELMOND = 1771, 794
DEGREES = {1771: 2, 794: 3, 772: 3, 861: 3, 1652: 4, 1667: 5, 743: 1, 1724: 1}
"""Degrees of mediation where they are not the usual 2: most are told, some read first, one introduces, one proposes."""
TWO_BROKERS = 25_000
"""From so many residents on there are two makelaars."""


def staff(world: World) -> None:
    """Makelaars, an administrator and a treasurer for each municipality, and one for the region."""
    random = world.chance("staff")
    for number, municipality in enumerate(sorted(world.municipalities.values(), key=lambda row: row.id)):
        brokers = 2 if municipality.residents >= TWO_BROKERS else 1
        hired = _hire(world, random, municipality.id, brokers + 2)
        for resident in hired[:brokers]:
            grant(world, resident, Role.BROKER, municipality.id)
        grant(world, hired[-2], Role.MUNICIPALITY_ADMINISTRATOR, municipality.id)
        grant(world, hired[-1], Role.TREASURER, municipality.id)
        world.brokers[municipality.id] = hired[:brokers]
        municipality.mediation = DEGREES.get(municipality.id, Mediation.TOLD)
        municipality.phone = f"+314012345{number + 10}"
        municipality.post_address = f"Antwoordnummer {number + 10}, {municipality.name}"
        if municipality.id == HOME:
            become(world, hired[0], PERSONAS[2])
            become(world, hired[1], PERSONAS[8])
            become(world, hired[-2], PERSONAS[3])
            become(world, hired[-1], PERSONAS[5])
            grant(world, hired[1], Role.TREASURER, municipality.id)  # the second pair of eyes on a payment
    regional = _hire(world, random, 772, 1)[0]
    become(world, regional, PERSONAS[4])
    grant(world, regional, Role.REGION_ADMINISTRATOR, None)
    for municipality in world.municipalities.values():
        municipality.broker_name = world.broker(municipality.id).person.first_name


def around_cheques(world: World) -> None:
    """Who sells them, and who takes them for an organisation: two who ask and offer nothing."""
    busy = {row.person_id for row in world.all(HelpRequest)}
    busy |= {row.person_id for row in world.all(HelpOffer)} | {row.person_id for row in world.all(RoleGrant)}
    random = world.chance("cheques")
    free = [r for r in world.living_in(HOME) if 30 <= r.age <= 63 and r.id not in busy | world.apart]
    seller, worker = random.sample(free, 2)
    become(world, seller, PERSONAS[6])
    become(world, worker, PERSONAS[7])
    grant(world, seller, Role.SELLER, HOME)
    taking = next((row for row in world.organisations.values() if row.municipality_id == HOME), None)
    if taking is not None:
        grant(world, worker, Role.ORGANISATION_MEMBER, HOME, taking.id)
        head = next(
            row.person_id for row in world.all(RoleGrant)
            if row.organisation_id == taking.id and row.role is Role.ORGANISATION_ADMINISTRATOR
        )  # fmt: skip
        if world.residents[head] not in world.personas.values():
            become(world, world.residents[head], PERSONAS[11])


def _hire(world: World, random: Random, municipality_id: int, count: int) -> list[Resident]:
    able = [r for r in world.living_in(municipality_id) if 27 <= r.age <= 63 and r.id not in world.staff]
    hired = random.sample(able, count)
    world.staff.update(resident.id for resident in hired)
    for resident in hired:
        resident.known_since(world.moments.at(400, 9 * 60))
        resident.person.paused = False
        resident.contact.email = f"{resident.contact.phone[-4:]}.bureau@voorbeeld.example"
        world.add(
            Membership(
                person_id=resident.id,
                municipality_id=municipality_id,
                kind=MembershipKind.WORKS,
                since=resident.person.registered_at,
            )
        )
    return hired


def grant(
    world: World,
    resident: Resident,
    role: Role,
    municipality_id: int | None,
    organisation_id: UUID | None = None,
) -> None:
    """A role, since the person is known."""
    world.add(
        RoleGrant(
            id=world.key(),
            person_id=resident.id,
            role=role,
            municipality_id=municipality_id,
            organisation_id=organisation_id,
            given_at=resident.person.registered_at,
        )
    )


def become(world: World, resident: Resident, persona: Persona) -> None:
    """Let somebody be one of the people of the page."""
    resident.person.first_name = persona.first_name
    resident.contact.email = persona.email
    world.personas[persona.slug] = resident


def residents_with_a_page(world: World) -> None:
    """Ria of Geldrop and Youssef of Helmond take the place of somebody of their age."""
    ria = _somebody(world, 5664, 75)
    become(world, ria, PERSONAS[0])
    ria.age, ria.contact.birth_year = 78, world.moments.today.year - 78
    ria.contact.last_name, ria.contact.postcode = "Verhoeven", "5664 HJ"
    youssef = _somebody(world, 5707, 18)
    become(world, youssef, PERSONAS[1])
    youssef.age, youssef.contact.birth_year = 34, world.moments.today.year - 34
    youssef.contact.last_name, youssef.languages = "Benali", 1 | 2 | 32
    for resident in (ria, youssef):
        resident.person.paused = resident.person.do_not_ask = False
        resident.known_since(world.moments.at(372, 10 * 60))


def _somebody(world: World, pc4: int, age: int) -> Resident:
    taken = set(world.personas.values())
    return next(
        r for r in world.residents.values()
        if r.home.pc4 == pc4 and age <= r.age and r not in taken and r.id not in world.staff
    )  # fmt: skip
