"""The way to the mail server: over TLS with a certificate that is verified, or not at all."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final
from urllib.parse import unquote, urlsplit

from app.config import THIS_MACHINE, Settings

PATIENCE_S: Final = 20
"""How long one step may take of a mail that is handed over."""
GREETING_S: Final = 10
"""And where somebody waits to hear whether it would be."""


@contextmanager
def reached(settings: Settings, *, patience_s: float) -> Iterator[smtplib.SMTP]:
    """The server of the settings, ready for a mail. Raises OSError or SMTPException."""
    url, trusted = urlsplit(settings.smtp_url), ssl.create_default_context()
    host, port = url.hostname or "localhost", url.port or 0
    server: smtplib.SMTP
    if url.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, port, timeout=patience_s, context=trusted)
    else:
        server = smtplib.SMTP(host, port, timeout=patience_s)
    try:
        if url.scheme != "smtps" and host not in THIS_MACHINE:
            # raises where that is not offered: a letter does not go in the clear
            server.starttls(context=trusted)
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        yield server
        with suppress(smtplib.SMTPException):  # what was said was heard: a rude goodbye takes nothing back
            server.quit()
    finally:
        server.close()


def greet(settings: Settings) -> None:
    """Come as far as the first word of a mail. Raises OSError or SMTPException."""
    with reached(settings, patience_s=GREETING_S) as server:
        server.noop()
