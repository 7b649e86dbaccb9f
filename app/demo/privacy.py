"""House rules that were accepted, what the personas said yes and no to, and one look that Ria can read back."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.sign_in import act_as
from app.audit import opening
from app.audit.opening import Opening, What
from app.db import Database
from app.demo.books import a_clock
from app.demo.desks import HOME
from app.demo.world import Resident, World
from app.help_requests.models import HelpRequest, Status
from app.privacy import consents
from app.privacy.models import Purpose
from app.safety.house_rules import FIRST
from app.safety.models import RulesAcceptance

Said = tuple[int, str, Callable[[Session, Actor, Purpose], object], tuple[Purpose, ...]]
SAID: tuple[Said, ...] = (
    (310, "bewoner", consents.give, (Purpose.PROPOSALS, Purpose.SENSITIVE)),
    (290, "vrijwilliger", consents.give, (Purpose.PROPOSALS, Purpose.ACROSS_BORDERS)),
    (95, "vrijwilliger", consents.withdraw, (Purpose.TIPS,)),
    (20, "vrijwilliger", consents.give, (Purpose.TIPS,)),
)
"""How many days ago, by which persona, a yes or a no, and to what."""
LOOKED_DAYS = 6
WHY = "Ria belde. Zij weet niet meer welk adres zij opgaf, en vroeg of ik het haar wilde voorlezen."


def rules_accepted(world: World) -> None:
    """Whoever signs in said yes on their first day; who never does was never asked."""
    for resident in world.residents.values():
        if resident.contact.email is not None:
            _accepts(world, resident)


def _accepts(world: World, resident: Resident) -> None:
    world.add(
        RulesAcceptance(
            id=world.key(),
            municipality_id=resident.municipality_id,
            person_id=resident.id,
            version=FIRST,
            accepted=True,
            at=resident.person.registered_at,
        )
    )


def said(database: Database, owner_url: str, world: World) -> None:
    """Each through the services, at its own moment, so that the audit has it too."""
    moment = world.moments.now
    with a_clock(owner_url, moment) as clock:
        for days_ago, slug, how, purposes in SAID:
            clock.to(moment - timedelta(days=days_ago))
            with database.transaction() as session:
                actor = act_as(session, world.personas[slug].id)
                for purpose in purposes:
                    how(session, actor, purpose)
        clock.to(moment - timedelta(days=LOOKED_DAYS))
        with database.transaction() as session:
            marja = act_as(session, world.personas["makelaar"].id)
            opening.open_(
                session, marja, _of_ria(world).id, Opening.model_validate({"wat": What.ADDRESS, "reden": WHY})
            )


def _of_ria(world: World) -> HelpRequest:
    """The newest question of Ria's that was there by then."""
    ria, since = world.personas["bewoner"].id, world.moments.at(LOOKED_DAYS + 1, 0)
    asked = (
        row
        for row in world.all(HelpRequest)
        if row.person_id == ria and row.municipality_id == HOME and row.created_at < since
    )
    return max((row for row in asked if row.status is not Status.DRAFT), key=lambda row: row.created_at)
