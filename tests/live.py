"""The program on a port of this machine, with its worker and its mailbox: what a browser needs."""

import mailbox
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path

import uvicorn

from app.config import Settings
from bench.measure import free_port
from tests.databases import Database
from tests.sites import a_program, a_site

MAIL_TIMEOUT_S = 30
SIGN_IN = "/inloggen/link"


@dataclass(frozen=True, slots=True)
class LiveSite:
    """A running program; `address` is on localhost, where browsers keep Secure cookies."""

    address: str
    settings: Settings

    def mails_to(self, email: str) -> list[mailbox.MaildirMessage]:
        """What was mailed to one address, the oldest first."""
        if not (self.settings.mailbox_dir / "cur").exists():  # the last that a new mailbox gets
            return []
        found = [mail for mail in mailbox.Maildir(self.settings.mailbox_dir) if mail["To"] == email]
        return sorted(found, key=lambda mail: mail.get_date())

    def links_to(self, email: str, path: str = SIGN_IN) -> list[str]:
        """The links to a page, to sign in unless said, mailed to one address so far."""
        return [link for mail in self.mails_to(email) for link in _links(mail, path)]

    def link_for(self, email: str, *, after: int = 0, path: str = SIGN_IN) -> str:
        """The newest such link mailed to an address, once there are more than ``after`` of them."""
        end = time.monotonic() + MAIL_TIMEOUT_S
        while time.monotonic() < end:
            links = self.links_to(email, path)
            if len(links) > after:
                return links[-1]
            time.sleep(0.05)
        raise AssertionError(f"no link was mailed to {email}")


def _links(mail: Message, path: str) -> list[str]:
    (plain,) = (part for part in mail.walk() if part.get_content_type() == "text/plain")
    return re.findall(rf"https?://\S+{path}\?t=\S+", bytes(plain.get_payload(decode=True)).decode())


@contextmanager
def live(database: Database, folder: Path) -> Iterator[LiveSite]:
    """Serve a database until the end of the block."""
    port = free_port()
    # who looks for a mail does not wait for a burst of them
    settings = Settings(data_dir=folder, base_url=f"http://localhost:{port}", mail_burst_s=0)
    program = a_program(database.app_url, pool_size=settings.pool_size)
    app = a_site(settings, program, jobs_url=database.app_url)
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.01)
    try:
        yield LiveSite(f"http://localhost:{port}", settings)
    finally:
        server.should_exit = True
        thread.join(timeout=40)
        program.close()
