"""Where messages may go: to what whoever runs the installation named; by a star to the open internet only."""

from typing import Final
from urllib.parse import urlsplit

from app import outgoing
from app.config import Settings
from app.outgoing import NotOnTheList

EVERYWHERE: Final = "https://*"


def is_named(settings: Settings, address: str) -> bool:
    """Whether the setting names this very origin. Raises NotOnTheList for an address that it does not let through.

    Only such an origin may lie in a network of one's own, for whoever runs the installation knows where that is.
    """
    origin = outgoing.origin_of(address)
    names = settings.webhooks_to.split()
    if any("*" not in one and outgoing.origin_of(one) == origin for one in names):
        return True
    if not any("*" in one and _below(origin, one) for one in names):
        raise NotOnTheList("not an address that was allowed")
    return False


def _below(origin: str, named: str) -> bool:
    """``https://*.voorbeeld.nl`` is every name below it, on the usual port, and ``https://*`` every name."""
    if named == EVERYWHERE:
        return origin.startswith("https://")
    parts = urlsplit(origin)
    ending = named.partition("://*")[2].lower()
    return parts.scheme == "https" and parts.port is None and (parts.hostname or "").endswith(ending)
