"""Two municipalities with a provider each, and browsers that go there."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from app.config import Settings
from app.db import Database as Program
from app.oidc.metadata import Talk
from tests.app.conftest import program, program_database, session, travel
from tests.databases import Database
from tests.sites import a_site
from tests.web.oidc import provider
from tests.web.oidc.provider import CLIENT, IDS, SECRET, SECRET_NAME, Provider, a_provider
from tests.web.pages.conftest import visit
from tests.web.pages.helpers import ORIGIN

__all__ = ["program", "program_database", "session", "travel", "visit"]
ROLES = {"zve-makelaars": "broker", "zve-beheer": "municipality_administrator"}


@pytest.fixture(scope="session")
def providers() -> Iterator[list[Provider]]:
    """Two providers of two processes."""
    with ExitStack() as stack:
        yield [stack.enter_context(a_provider(key)) for key in IDS]


@pytest.fixture
def site(program: Program, tmp_path: Path) -> FastAPI:
    """The whole program, at the address to which the providers send people back."""
    made = a_site(Settings(data_dir=tmp_path, base_url=ORIGIN), program)
    made.state.oidc = Talk(within_s=10, again_s=0)
    return made


@pytest.fixture
def added(
    providers: list[Provider], fresh_database: Database, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Provider]:
    """Adds one of the two to the database, as the owner; ``changes`` are lines of its file."""
    monkeypatch.setenv(SECRET_NAME, SECRET)

    def add(number: int = 0, **changes: Any) -> Provider:
        made = providers[number]
        made.vouches()
        lines = {
            "municipality": ("Geldrop-Mierlo", "Helmond")[number], "name": ("DorpsPas", "StadsPas")[number],
            "client_id": CLIENT, "secret_from": f"env:{SECRET_NAME}",
            "scopes": ["openid", "profile", "email", "roles"], "role_claim": "groups", "roles": ROLES,
            "registers": True, "second_amr": ["mfa"],
        } | changes  # fmt: skip
        engine = create_engine(fresh_database.owner_url, poolclass=NullPool)
        with engine.begin() as connection:
            provider.add(connection, made, **lines)
        return made

    return add


@pytest.fixture
def pas(added: Callable[..., Provider]) -> Provider:
    """The provider of Geldrop-Mierlo."""
    return added()
