"""Whether the mail server would take a mail from us: said without sending one."""

import smtplib
import ssl
from urllib.parse import unquote, urlsplit

from app.config import Settings
from app.notifications.mail import THIS_MACHINE

PATIENCE_S = 10


def greet(settings: Settings) -> None:
    """Come as far as the first word of a mail. Raises OSError or SMTPException."""
    url = urlsplit(settings.smtp_url)
    host, trusted = url.hostname or "localhost", ssl.create_default_context()
    server: smtplib.SMTP
    if url.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, url.port or 0, timeout=PATIENCE_S, context=trusted)
    else:
        server = smtplib.SMTP(host, url.port or 0, timeout=PATIENCE_S)
    with server:
        if url.scheme != "smtps" and host not in THIS_MACHINE:
            server.starttls(context=trusted)
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        server.noop()
