"""The program as tests put it together: whole each time, but for its routes."""

from typing import Any

from fastapi import FastAPI
from starlette.routing import BaseRoute

from app.config import Settings
from app.db import Database
from app.main import create_app

ROUTES: list[BaseRoute] = []
"""FastAPI works a route out when it is first asked for: 0.4 s for all of them, in every test that opens a page."""


def a_site(settings: Settings, program: Database, **rest: Any) -> FastAPI:
    """The whole program on a database, with the routes of this process's first: they hold nothing of it."""
    made = create_app(settings, program, **rest)
    if not ROUTES:
        ROUTES.extend(made.routes)
    made.router.routes[:] = ROUTES
    return made
