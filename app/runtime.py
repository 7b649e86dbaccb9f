"""Which PostgreSQL a command works on: the one in the environment, or the one that it starts itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from sqlalchemy import make_url

from app import postgres
from app.config import Settings

RESTORING: Final = "restoring"
"""Stands in the data folder while a backup is put back, and after that was killed."""


class NotConfigured(RuntimeError):
    """A setting is missing; the message says which."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """One database, as its owner and as the application; ``direct`` can LISTEN, past any pgbouncer."""

    application: str
    owner: str | None
    direct: str

    @property
    def owner_url(self) -> str:
        """The owner's address; raises NotConfigured where only the application's was given."""
        if self.owner is None:
            raise NotConfigured(
                "Set DATABASE_OWNER_URL as well: this command works as the owner of the database."
            )
        return self.owner

    @property
    def application_role(self) -> str:
        """The role that serves; grants name it."""
        return str(make_url(self.application).username)


def driver(url: str) -> str:
    """The address with the driver of this program, however it was written."""
    parsed = make_url(url)
    return parsed.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


@contextmanager
def addresses(settings: Settings, *, attach: bool = True, restoring: bool = False) -> Iterator[Addresses]:
    """The database for the length of a command.

    With ``attach``, a running program's own server is used beside it; without, a second one on the same data
    is refused with AlreadyRunning. Only who is ``restoring`` may use what is half put back.
    """
    if not restoring and (settings.data_dir / RESTORING).exists():
        raise NotConfigured(
            f"A backup was being put back in {settings.data_dir} and did not come to its end:"
            " run `zorgvoorelkaar restore` again."
        )
    if settings.database_url:
        owner = driver(settings.database_owner_url) if settings.database_owner_url else None
        direct = driver(settings.database_direct_url or settings.database_url)
        yield Addresses(driver(settings.database_url), owner, direct)
        return
    start = postgres.attach_or_start if attach else postgres.start
    with start(settings.data_dir) as server:
        yield Addresses(server.application_url, server.owner_url, server.application_url)
