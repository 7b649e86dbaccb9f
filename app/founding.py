"""Founding a region: its own database and roles on a server that is there, its settings, its map, who takes part."""

import os
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from app import upkeep
from app.backups import tools
from app.places import region as regions, service as places
from app.places.region import NotPossible

SLUG: Final = re.compile(r"[a-z][a-z0-9]{0,30}")
PASSWORD_BYTES: Final = 24


@dataclass(frozen=True, slots=True)
class Founded:
    """Where it is, and who takes part."""

    settings: Path
    joined: list[str]


@dataclass(frozen=True, slots=True)
class New:
    """What there is to say of a region before it is there."""

    slug: str
    name: str
    number: int
    server: str
    """Address of a server, as somebody who may make roles and databases there."""
    map: Path
    municipalities: Sequence[str]
    base_url: str
    port: int
    data_dir: Path


def found(new: New, etc: Path) -> Founded:
    """All of it, or nothing: what was made before something failed goes again. Raises NotPossible, BadFiles."""
    settings = etc / f"{new.slug}.env"
    if SLUG.fullmatch(new.slug) is None:
        raise NotPossible("The name in files and units is lower case, of letters and digits: zuidoost.")
    if settings.exists():
        raise NotPossible(f"{settings} is there already: each region has a name of its own.")
    names = [f"zve_{new.slug}_owner", f"zve_{new.slug}_app"]
    passwords = [secrets.token_urlsafe(PASSWORD_BYTES) for _ in names]
    database = f"zve_{new.slug}"
    with psycopg.connect(tools.conninfo(new.server), autocommit=True) as connection:
        _refuse_known(connection, [*names, database])
        try:
            _make(connection, names, passwords, database)
            urls = [_url(new.server, *pair, database) for pair in zip(names, passwords, strict=True)]
            joined = _fill(new, *urls)
        except BaseException:
            _take_away(connection, names, database)
            raise
    _write(settings, new, *urls)
    return Founded(settings, joined)


def _refuse_known(connection: psycopg.Connection, names: Sequence[str]) -> None:
    query = """SELECT rolname FROM pg_roles WHERE rolname = ANY (%s)
        UNION SELECT datname FROM pg_database WHERE datname = ANY (%s)"""
    row = connection.execute(query, (list(names), list(names))).fetchone()
    if row:
        raise NotPossible(f"{row[0]} is on that server already: each region has a name of its own.")


def _make(
    connection: psycopg.Connection, names: Sequence[str], passwords: Sequence[str], database: str
) -> None:
    for role, password in zip(names, passwords, strict=True):
        query = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {} NOSUPERUSER NOBYPASSRLS")
        connection.execute(query.format(sql.Identifier(role), sql.Literal(password)))
    query = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'")
    connection.execute(query.format(sql.Identifier(database), sql.Identifier(names[0])))


def _take_away(connection: psycopg.Connection, names: Sequence[str], database: str) -> None:
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))
    for role in names:
        connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role)))


def _url(server: str, role: str, password: str, database: str) -> str:
    url = make_url(server).set(
        drivername="postgresql+psycopg", username=role, password=password, database=database
    )
    return url.render_as_string(hide_password=False)


def _fill(new: New, owner_url: str, app_url: str) -> list[str]:
    role = make_url(app_url).username
    assert role is not None
    upkeep.migrate(owner_url, role)
    with upkeep.as_owner(owner_url) as connection:
        places.load(connection, new.map)
        regions.create(connection, new.name, new.number)
        return regions.join(connection, new.municipalities)


def _write(settings: Path, new: New, owner_url: str, app_url: str) -> None:
    lines = {
        "DATABASE_URL": app_url, "DATABASE_OWNER_URL": owner_url, "ZVE_SECRET": secrets.token_urlsafe(48),
        "ZVE_DATA_DIR": str(new.data_dir), "ZVE_BASE_URL": new.base_url, "PORT": str(new.port),
    }  # fmt: skip
    with os.fdopen(os.open(settings, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.writelines(f"{name}='{value}'\n" for name, value in lines.items())
