"""What the owner of the database does: migrations, reference data, the region."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects.postgresql import insert

import rewards
from app.categories import service as categories
from app.db import apart, refuse_old
from app.places import service as places
from app.places.import_csv import FACTS
from app.places.models import Municipality, Region, Sharing
from app.privacy import loading

ROOT = Path(__file__).parents[1]
TRUST_MINUTES = 60_000
"""How far Roosjes between two neighbours of the demonstration may get out of balance."""


def migrate(owner_url: str, application_role: str, revision: str = "head") -> None:
    """Bring the schema to a revision, and the categories up to date; raises TooOld before anything is changed."""
    # loaded here: whoever does something else as the owner need not wait for it
    from alembic import command
    from alembic.config import Config

    with as_owner(owner_url) as connection:
        refuse_old(connection)
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes.update(owner_url=owner_url, application_role=application_role)
    command.upgrade(config, revision)
    if revision == "head":
        with as_owner(owner_url) as connection:
            categories.load(connection)
            loading.load(connection)


@contextmanager
def as_owner(owner_url: str) -> Iterator[Connection]:
    """One transaction as the owner."""
    with apart(owner_url).begin() as connection:
        yield connection


def is_empty(connection: Connection) -> bool:
    """Whether no region was loaded yet."""
    return connection.execute(select(func.count()).select_from(Region)).scalar_one() == 0


def load_demonstration_region(connection: Connection) -> None:
    """Zuidoost-Brabant from the project's own facts: every municipality joins and shares with its neighbours."""
    rows = places.load(connection, FACTS)
    ids = [row.id for row in rows.municipalities]
    connection.execute(
        update(Municipality)
        .where(Municipality.id.in_(ids))
        .values(joined=True, phone="+31401234567", broker_name="")
    )
    connection.execute(
        insert(Region)
        .values(id=1, name="Zuidoost-Brabant", demonstration=True, default_municipality_id=1771)
        .on_conflict_do_nothing()
    )
    consents = [
        {"municipality_id": row.municipality_id, "partner_id": row.neighbour_id} for row in rows.neighbours
    ]
    connection.execute(insert(Sharing).values(consents).on_conflict_do_nothing())
    for row in rows.neighbours:
        rewards.set_trust(
            connection,
            municipality_id=row.municipality_id,
            counter_municipality_id=row.neighbour_id,
            limit_minutes=TRUST_MINUTES,
            actor=rewards.SYSTEM,
        )
