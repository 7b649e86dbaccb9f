"""What two personas kept of Help mij kiezen, so that there is something to find again."""

from datetime import timedelta

from app.access.sign_in import act_as
from app.db import Database
from app.demo.books import a_clock
from app.demo.world import World
from app.signposts import service

KEPT: tuple[tuple[str, int, tuple[str, ...]], ...] = (
    ("bewoner", 40, ("i", "i1a", "i2b", "k", "k1a", "k2b")),
    ("vrijwilliger", 12, ("e", "e1b", "e3b")),
    ("bewoner", 3, ("o", "o1a", "o2b")),
)
"""By which persona, how many days ago, and what was answered."""


def kept(database: Database, owner_url: str, world: World) -> None:
    """Each through the service, at its own moment."""
    moment = world.moments.now
    with a_clock(owner_url, moment) as clock:
        for slug, days_ago, codes in KEPT:
            clock.to(moment - timedelta(days=days_ago))
            with database.transaction() as session:
                service.keep(session, act_as(session, world.personas[slug].id), codes)
