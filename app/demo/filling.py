"""Filling a region with invented life: made up in memory, booked in shifted time, written at last."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, func, select, text, update
from sqlalchemy.orm import Session

from app import upkeep
from app.access.actor import Actor, system
from app.categories.models import Category
from app.clock import now
from app.db import Database, scope_to
from app.demo import (
    books,
    casework,
    chain,
    checks,
    cheques,
    choices,
    couplings,
    desks,
    gifts,
    insight,
    lately,
    months,
    offers,
    organisations,
    plans,
    population,
    post,
    pots,
    privacy,
    reports,
    representations,
    safety,
    scenes,
    systems,
    talking,
    telling,
    together,
    welfare,
    writing,
)
from app.demo.lives import Lives
from app.demo.moments import Moments
from app.demo.world import World
from app.distribution import service as distributions
from app.help_requests.models import HelpRequest
from app.people.models import Person
from app.places.models import Municipality, Neighbourhood, Sharing
from app.places.service import mutual
from app.rings import propose

SEED = 1771
Progress = Callable[[str, int, int], None]
"""A stage, and how much of how much of it is done."""


class NotEmpty(RuntimeError):
    """Somebody lives in this database already; a demonstration never mixes with real people."""


@dataclass(frozen=True)
class Summary:
    """What was made, in numbers."""

    people: int
    organisations: int
    professionals: int
    offers: int
    requests: int
    proposals: int
    agreements: int
    occurrences: int
    bookings: int
    rows: int
    requests_by_status: dict[str, int] = field(default_factory=dict)


def fill(
    database: Database, owner_url: str, *, seed: int = SEED, progress: Progress | None = None
) -> Summary:
    """Fill a migrated database without people; raises NotEmpty. The same seed tells the same story.

    The clock of the database goes back a year and walks to now, so nothing else should run on it meanwhile.
    It ends where it began, also when something fails.
    """
    tell: Progress = progress or _silently
    with upkeep.as_owner(owner_url) as connection:
        if connection.execute(select(func.count()).select_from(Person)).scalar_one():
            raise NotEmpty("this database has people")
        upkeep.load_demonstration_region(connection)
    tell("plaatsen", 1, 1)
    world = imagine(database, seed, tell)
    bookings = books.walk(database, owner_url, world, lambda done, total: tell("roosjes", done, total))
    with upkeep.as_owner(owner_url) as connection:
        _settings(connection, world)
        rows = writing.write(connection, world, lambda done, total: tell("opslaan", done, total))
    _afterwards(database, owner_url, world, tell)
    with upkeep.as_owner(owner_url) as connection:
        _forget_past_mail(connection)
        connection.execute(text("ANALYZE"))
        # unscoped: the owner's own work: a suspension let some of them look for somebody again
        states = connection.execute(select(HelpRequest.status, func.count()).group_by(HelpRequest.status))
        return _summary(world, bookings, rows, {str(status): count for status, count in states})


def _afterwards(database: Database, owner_url: str, world: World, tell: Progress) -> None:
    """What goes through the services themselves, once everybody is there."""
    acts: tuple[Callable[[], object], ...] = (
        lambda: _rings(database),
        lambda: pots.year(database, owner_url, world),
        lambda: welfare.budgets(database, owner_url, world),
        lambda: cheques.year(database, owner_url, world),
        lambda: gifts.give(database, world),
        lambda: representations.arranged(database, owner_url, world),
        lambda: telling.told(database, world),
        lambda: safety.arranged(database, owner_url, world),
        lambda: privacy.said(database, owner_url, world),
        lambda: choices.kept(database, owner_url, world),
        lambda: together.activities(database, world),
        lambda: talking.talk(database, owner_url, world),
        lambda: couplings.talks(owner_url, world),
        lambda: casework.work(owner_url, world),
        lambda: chain.chain(database, world),
        lambda: post.post(database, world),
        lambda: months.close(database, owner_url, world),  # nothing is booked in a closed month
        lambda: _shared_out(database),
        lambda: reports.told(database, owner_url, world),
        lambda: insight.insight(database, world),
        lambda: systems.told(database, world),
    )
    for number, act in enumerate(acts):
        tell("afronden", number, len(acts))
        act()
    tell("afronden", len(acts), len(acts))


def _silently(stage: str, done: int, total: int) -> None:
    """No progress bar."""


def imagine(database: Database, seed: int, tell: Progress) -> World:
    """Make everything up; nothing is written yet."""
    world = _world(database, seed)
    population.populate(world)
    desks.staff(world)
    desks.residents_with_a_page(world)
    organisations.organisations(world)
    tell("mensen", population.PEOPLE, population.PEOPLE)
    offers.offers(world, organisations.professionals(world))
    lately.under_flags(world)
    lately.newcomers(world)
    checks.told(world)
    tell("aanbod", offers.OFFERS, offers.OFFERS)
    lives = Lives(world)
    planned = plans.plans(world.chance("plans"), world.moments, scenes.told(world))
    for number, plan in enumerate(planned, start=1):
        lives.tell(plan)
        tell("hulpvragen", number, len(planned))
    scenes.afterwards(world)
    lately.tell(world)
    privacy.rules_accepted(world)
    together.provisions(world)
    couplings.leader(world)
    return world


def _world(database: Database, seed: int) -> World:
    with database.transaction() as session:
        said = session.execute(select(Sharing.municipality_id, Sharing.partner_id)).all()
        return World(
            seed=seed,
            moments=Moments(now(session)),
            municipalities=_by(session.scalars(select(Municipality).where(Municipality.joined)), "id"),
            # the rest of the country may be loaded as well
            neighbourhoods=_by(
                session.scalars(
                    select(Neighbourhood).where(
                        Neighbourhood.municipality_id.in_(select(Municipality.id).where(Municipality.joined))
                    )
                ),
                "pc4",
            ),
            categories=_by(session.scalars(select(Category).order_by(Category.number)), "number"),
            borders=mutual((row[0], row[1]) for row in said),
        )


def _by(rows: Any, key: str) -> dict[int, Any]:
    return {getattr(row, key): row for row in rows}


def _settings(connection: Connection, world: World) -> None:
    for row in world.municipalities.values():
        names = ("mediation", "phone", "post_address", "broker_name")
        settings = {name: getattr(row, name) for name in names}
        connection.execute(update(Municipality).where(Municipality.id == row.id).values(settings))


def _forget_past_mail(connection: Connection) -> None:
    """Nobody is mailed about a past that never was, nor finds notices of it; what is told of today stays."""
    old = "n.created_at < ledger.now() - interval '1 day'"
    # unscoped: the owner's own work
    mails = "DELETE FROM procrastinate_jobs j USING notice n WHERE n.id::text = j.args->>'notice_id'"
    connection.execute(text(f"{mails} AND {old}"))
    # unscoped: the owner's own work
    connection.execute(text(
        "WITH past AS (UPDATE notice SET waiting = false WHERE waiting AND created_at BETWEEN"
        " ledger.now() - interval '2 days' AND ledger.now() - interval '1 day')"
        " DELETE FROM notice n WHERE n.created_at < ledger.now() - interval '2 days'"
    ))  # fmt: skip


def _rings(database: Database) -> None:
    """The rings of last night, found as on every night."""
    with _at_night(database) as (session, actor):
        propose.propose(session, actor)


def _shared_out(database: Database) -> None:
    """What last night's sharing out laid ready for each makelaar."""
    with _at_night(database) as (session, _):
        distributions.make_nightly(session, distributions.run(session))


@contextmanager
def _at_night(database: Database) -> Iterator[tuple[Session, Actor]]:
    """A transaction of the worker, whose reach is every municipality."""
    with database.transaction() as session:
        actor = system(frozenset(session.scalars(select(Municipality.id))))
        scope_to(session, actor.scope)
        yield session, actor


def _summary(world: World, bookings: int, rows: int, requests_by_status: dict[str, int]) -> Summary:
    count = {model.__tablename__: len(made) for model, made in world.rows.items()}
    return Summary(
        people=count["person"],
        organisations=count["organisation"],
        professionals=count["professional"],
        offers=count["help_offer"],
        requests=count["help_request"],
        proposals=count["proposal"],
        agreements=count["agreement"],
        occurrences=count["occurrence"],
        bookings=bookings,
        rows=rows,
        requests_by_status=requests_by_status,
    )
