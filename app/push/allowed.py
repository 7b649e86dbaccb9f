"""Which push services we post to: those of the setting, at the moment that a browser is kept and again when we send."""

import re
from typing import Final
from urllib.parse import urlsplit

from app import outgoing
from app.config import Settings
from app.outgoing import NotOnTheList

PLAIN: Final = re.compile(
    r"https?://(?![^/]*xn--)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*(:[1-9]\d{0,4})?(/[!-\[\]-~]*)?", re.I
)
"""An address that whatever reads it reads in one way; what a browser gives is one."""


def origin_of(settings: Settings, endpoint: str) -> str:
    """The origin to post to. Raises NotOnTheList for a service that the setting does not name."""
    origin = outgoing.origin_of(endpoint)
    if not PLAIN.fullmatch(endpoint) or not any(
        _fits(origin, named) for named in settings.push_services.split()
    ):
        raise NotOnTheList("not a push service that we know")
    return origin


def _fits(origin: str, named: str) -> bool:
    """``https://*.push.example`` stands for every name below push.example, and not for that itself."""
    scheme, _, rest = named.partition("://")
    if not rest.startswith("*."):
        return origin == outgoing.origin_of(named)
    parts = urlsplit(origin)
    return parts.scheme == scheme and parts.port is None and (parts.hostname or "").endswith(rest[1:].lower())
