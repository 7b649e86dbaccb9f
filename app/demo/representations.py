"""Who acts for whom: Ria for a neighbour, children for parents, a guardian, and one who still waits for a yes."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import Connection, text

from app import upkeep
from app.access.sign_in import act_as
from app.clock import now, today
from app.db import Database
from app.demo.books import a_clock
from app.demo.desks import HOME
from app.demo.world import Resident, World
from app.help_requests.models import HelpRequest, Status
from app.representations import service
from app.representations.models import ConsentWay, RepresentationKind
from app.representations.schemas import Arranged, ForAnother

AGREED_DAYS = 40
"""How long ago the standing ones were written down."""
CHORE = {"categorie": "samen-op-pad", "titel": "Met mijn vader naar de markt", "minuten": 90}
How = tuple[RepresentationKind, ConsentWay, int | None]
STANDING: tuple[How, ...] = (
    (RepresentationKind.CONTACT, ConsentWay.VOICE, None),
    (RepresentationKind.AUTHORISED, ConsentWay.WRITING, 365),
    (RepresentationKind.LEGAL, ConsentWay.WRITING, None),
    (RepresentationKind.CONTACT, ConsentWay.VOICE, 200),
)
"""As what, how it was said, and for how many days from then."""


def arranged(database: Database, owner_url: str, world: World) -> None:
    """A handful that stands, one that was taken back, and one that waits at the first desk."""
    makelaar, ria = world.personas["makelaar"].id, world.personas["bewoner"]
    asked, younger = _asked(world), _younger(world)
    old = _old(world, asked.person_id)
    neighbour = world.residents[asked.person_id]
    pairs: list[tuple[Resident, Resident, How]] = [(neighbour, ria, STANDING[0])]
    pairs += [(old.pop(0), younger.pop(0), how) for how in (*STANDING, STANDING[0])]
    with database.transaction() as session:
        moment = now(session)
    with a_clock(owner_url, moment) as clock:
        clock.to(moment - timedelta(days=AGREED_DAYS))
        made = [_arrange(database, makelaar, whom, who, how) for whom, who, how in pairs]
    with upkeep.as_owner(owner_url) as connection:
        _by_hand(connection, asked, ria.id)
    with database.transaction() as session:
        service.end(session, act_as(session, makelaar), made[-1])
        typed = {"voornaam": "Harrie", "postcode": "5664 HJ", "telefoon": "06 40123456"}
        question = ForAnother.model_validate({"voorWie": typed, "hulpvraag": CHORE})
        service.ask(session, act_as(session, younger.pop(0).id), question)


def _arrange(database: Database, makelaar: UUID, whom: Resident, who: Resident, how: How) -> UUID:
    kind, way, days = how
    with database.transaction() as session:
        until = today(session) + timedelta(days=days) if days else None
        typed = {"email": who.contact.email, "soort": kind, "hoe": way, "totEnMet": until}
        desk = act_as(session, makelaar)
        return service.arrange(session, desk, whom.id, Arranged.model_validate(typed)).id


def _by_hand(connection: Connection, asked: HelpRequest, hand: UUID) -> None:
    """What the neighbour sent was sent by Ria."""
    known = {"id": asked.id, "who": asked.person_id, "hand": hand, "kind": RepresentationKind.CONTACT.value}
    connection.execute(
        # unscoped: the owner's own work
        text("UPDATE help_request SET author_id = :hand, consent = :kind WHERE id = :id"),
        known,
    )
    connection.execute(
        # unscoped: the owner's own work
        text("UPDATE state_event SET by_person_id = :hand WHERE entity_id = :id AND by_person_id = :who"),
        known,
    )


def _asked(world: World) -> HelpRequest:
    """An open question of somebody of age near Ria, the newest first."""
    ria = world.personas["bewoner"]
    near = [
        row
        for row in world.all(HelpRequest)
        if row.municipality_id == HOME
        and row.status is Status.OPEN
        and row.person_id not in world.apart
        and row.person_id != ria.id
        and world.residents[row.person_id].age >= 70
        and world.residents[row.person_id].person.registered_at < world.moments.at(AGREED_DAYS + 1, 0)
    ]
    return max(near, key=lambda row: (row.pc4 == 5664, row.created_at, row.id))


def _old(world: World, asker: UUID) -> list[Resident]:
    """Of the first desk, near Ria first, then the oldest."""
    since = world.moments.at(AGREED_DAYS + 1, 0)
    here = [one for one in world.living_in(HOME) if one.id not in world.apart | {asker}]
    known = [one for one in here if one.age >= 65 and one.person.registered_at < since]
    return sorted(known, key=lambda one: (one.home.pc4 != 5664, -one.age, one.id))


def _younger(world: World) -> list[Resident]:
    """Children of that age, wherever they live, whom mail reaches."""
    since = world.moments.at(AGREED_DAYS + 1, 0)
    able = [one for one in world.residents.values() if 45 <= one.age <= 60 and one.contact.email]
    known = [one for one in able if one.person.registered_at < since]
    return sorted((one for one in known if one.id not in world.apart | world.staff), key=lambda one: one.id)
