"""The program as tests put it together: whole each time, but for what is the same in all of them."""

from typing import Any

from fastapi import FastAPI
from sqlalchemy import Dialect
from sqlalchemy.util import LRUCache
from starlette.routing import BaseRoute

from app.config import Settings
from app.db import Database
from app.main import create_app

ROUTES: list[BaseRoute] = []
"""FastAPI works a route out when it is first asked for: 0.4 s for all of them, in every test that opens a page."""

DIALECTS: list[Dialect] = []
STATEMENTS: LRUCache[Any, Any] = LRUCache(5_000)
"""An engine compiles a statement when it first meets it: a quarter of the time of tests with engines of their own."""


def a_program(url: str, *, pool_size: int) -> Database:
    """The database as the application reaches it, with the statements that this process's others compiled."""
    made = Database(url, pool_size=pool_size)
    if not DIALECTS:
        with made.engine.connect():  # on which it asks which server this is
            DIALECTS.append(made.engine.dialect)
    made.engine.dialect, made.engine._compiled_cache = DIALECTS[0], STATEMENTS
    return made


def a_site(settings: Settings, program: Database, **rest: Any) -> FastAPI:
    """The whole program on a database, with the routes of this process's first: they hold nothing of it."""
    made = create_app(settings, program, **rest)
    if not ROUTES:
        ROUTES.extend(made.routes)
    made.router.routes[:] = ROUTES
    return made
