"""The composition root: everything that a running program consists of, put together once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from fastapi import FastAPI

import app.models  # noqa: F401 - all tables, before the first query
from app import api, errors_http
from app.config import Settings
from app.db import Database
from app.doors import AtMost
from app.oidc.metadata import Talk
from app.places import service as places
from app.replica import replica_of
from app.secrets import installation_secret
from app.watching.watch import Watch
from web import site

if TYPE_CHECKING:
    from app.jobs.worker import Beside
    from app.treasury.months import Books


def create_app(settings: Settings, database: Database, *, jobs_url: str | None = None) -> FastAPI:
    """The program on a migrated database, reached as the application role.

    With ``jobs_url``, an address that can LISTEN, a demonstration runs its own worker beside the pages.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        worker = beside(settings, jobs_url) if jobs_url and app.state.demonstration else None
        with suppress(asyncio.CancelledError):  # a server that is interrupted twice does not ask us to end
            yield
        if worker is not None:
            worker.stop()
        if app.state.replica is not None:
            app.state.replica.close()

    program = FastAPI(
        title="ZorgvoorElkaar", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan,
        redirect_slashes=False,  # the redirect would name whatever host a client calls us
    )  # fmt: skip
    program.state.settings = settings
    program.state.database = database
    program.state.replica = replica_of(settings, database)
    program.state.secret = installation_secret(settings)
    program.state.oidc = Talk()
    with database.transaction() as session:
        program.state.municipality_count = len(places.joined(session))
        program.state.demonstration = places.is_demonstration(session)
    api.install(program)
    site.install(program)
    errors_http.install(program, site.error_page)
    program.add_middleware(AtMost, most=settings.pool_size)
    program.add_middleware(
        Watch,
        settings=settings,
        engine=database.engine,
        own_worker=bool(jobs_url) and program.state.demonstration,
    )
    return program


def beside(settings: Settings, jobs_url: str) -> "Beside":
    """A worker in a thread of this process; the queue's library is loaded only here."""
    from app.jobs.worker import Beside

    worker = Beside(settings, jobs_url)
    worker.start()
    return worker


def month_on_paper(books: "Books") -> bytes:
    """A month of the ledger as PDF/UA, for the commands. Raises Unavailable without Pango."""
    from web.month_paper import printed

    return printed(books)
