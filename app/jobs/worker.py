"""Running jobs: procrastinate on the same PostgreSQL. Every task may run twice and has its effect once."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

import procrastinate
from sqlalchemy import make_url

from app.checks.lookups import register_of
from app.config import Settings
from app.db import CONNECTING, Database
from app.jobs import timetable
from app.jobs.work import Work
from app.places.geocoding import geocoder_at
from app.watching.traces import Traces, traces_of

AT_ONCE = 4
POLL_S = 5.0
"""For what nobody tells: a job that waited for its time."""


def queue_app(settings: Settings, database: Database, url: str) -> procrastinate.App:
    """All tasks by name, on a connection that can LISTEN."""
    conninfo = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    app = procrastinate.App(
        # as all our connections: what was prepared is not there behind a pgbouncer
        connector=procrastinate.PsycopgConnector(conninfo=conninfo, kwargs=CONNECTING, min_size=1, max_size=3)
    )
    geocoder = geocoder_at(settings.pdok_url, settings.request_timeout_s)
    work = Work(settings, database, geocoder, register_of(settings))
    traces = traces_of(settings, "worker")
    for task in timetable.DEFERRED:
        told = _told(traces, task.name)
        app.task(name=task.name, queue=task.queue, retry=task.retry)(_deferred(task.run, work, told))
    for cron, name, due in timetable.PERIODIC:
        timed = _timed(due, work, _told(traces, name))
        app.periodic(cron=cron)(app.task(name=name, queueing_lock=name)(timed))
    return app


Told = Callable[[], AbstractContextManager[None]]


def _told(traces: Traces | None, name: str) -> Told:
    """What a job runs in: a span where there is a collector, else nothing."""
    return (lambda: traces.job(name)) if traces is not None else nullcontext


def _deferred(task: Callable[..., None], work: Work, told: Told) -> Callable[..., None]:
    def run(**arguments: str) -> None:
        with told():
            task(work, **arguments)

    return run


def _timed(task: Callable[[Work], None], work: Work, told: Told) -> Callable[[int], None]:
    def run(timestamp: int) -> None:  # noqa: ARG001 - the queue names it
        with told():
            task(work)

    return run


def run(settings: Settings, database: Database, url: str) -> None:
    """Work until told to stop; jobs under way are finished first."""
    asyncio.run(_work(queue_app(settings, database, url), install_signal_handlers=True))


async def _work(app: procrastinate.App, *, install_signal_handlers: bool) -> None:
    async with app.open_async():
        await app.run_worker_async(
            concurrency=AT_ONCE,
            install_signal_handlers=install_signal_handlers,
            shutdown_graceful_timeout=20,
            delete_jobs="successful",
            fetch_job_polling_interval=POLL_S,
        )


class Beside:
    """A worker in a thread of the web process, for the demonstration and for one small server."""

    def __init__(self, settings: Settings, url: str) -> None:
        # its own small pool: the pages' connections are for pages
        self.database = Database(url, pool_size=AT_ONCE)
        self.app = queue_app(settings, self.database, url)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)

    def start(self) -> None:
        """Begin working."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what is under way, and end."""
        if self._loop is not None and self._task is not None:
            self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join(timeout=25)
        self.database.close()

    def _run(self) -> None:
        asyncio.run(self._main())

    async def _main(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.create_task(_work(self.app, install_signal_handlers=False))
        try:
            await self._task
        except asyncio.CancelledError:
            return
