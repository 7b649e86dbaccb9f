"""The one way out over HTTP: to the origins that a caller names, no redirects, a small answer within its time.

The library is loaded by whoever goes out, and its errors stay here: a process that only serves pages never needs it.

No other module makes a client or opens a connection; `tests/test_outgoing.py` reads the code for that. Mail goes
out through `app.notifications.mail`, and nothing else leaves the house.
"""

import logging
import re
import socket
import time
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from httpx import Client as Client, Request

USER_AGENT = "ZorgvoorElkaar"
ANSWER_BYTES_MAX = 64_000
TRANSLATED: Final = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"))
"""Addresses behind which a gateway reaches any IPv4 address, those of the own network too."""
PLAIN_HOST: Final = re.compile(r"[a-z0-9_.:-]+")
"""A name or an address as it stands in a header; a name in other letters is written in these (xn--)."""
INTERNET: Final = ip_network("2000::/3")
"""All of IPv6 that is handed out (RFC 4291). Beside it lie forms in which an IPv4 address hides, and what was the own
network once."""

# At INFO httpx writes each address that it asks for, and with it what was asked.
logging.getLogger("httpx").setLevel(logging.WARNING)
logging.getLogger("httpcore").setLevel(logging.WARNING)


class Unreached(Exception):
    """The other side did not give its answer; says why, and never quotes the address."""


class NotOnTheList(Unreached):
    """The address is of an origin that nobody allowed, or would go over the line in the clear."""


class TooSlow(Unreached):
    """The answer was not whole in its time."""


class AnswerTooLarge(Unreached):
    """The other side sends more than any answer that we wait for."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, a body, and how long the other side asks to be left alone, as it says so."""

    status: int
    body: bytes
    retry_after: str = ""


def origin_of(url: str) -> str:
    """``https://host`` or ``https://host:port``, in lower case. Raises NotOnTheList for what is no such address."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        raise NotOnTheList("not an address") from None
    host = (parts.hostname or "").lower()
    if (
        parts.username is not None
        or not PLAIN_HOST.fullmatch(host)
        or not (parts.scheme == "https" or _is_local(parts.scheme, host))
    ):
        raise NotOnTheList("not an address that may be asked")
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}"


def _is_local(scheme: str, host: str) -> bool:
    """In the clear only to this very machine: a provider or geocoder that runs beside us."""
    if scheme != "http":
        return False
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def client(origins: Iterable[str], *, timeout_s: float) -> "Client":
    """A client that asks these origins and no other, whatever address it is given."""
    import httpx

    allowed = frozenset(map(origin_of, origins))

    def check(request: "Request") -> None:
        if origin_of(str(request.url)) not in allowed:
            raise NotOnTheList("not an origin on the list")

    return httpx.Client(
        follow_redirects=False,
        timeout=timeout_s,
        headers={"Accept-Encoding": "identity", "User-Agent": USER_AGENT},
        event_hooks={"request": [check]},
    )


def fetch(
    client: "Client", method: str, url: str, *,
    within_s: float, bytes_max: int = ANSWER_BYTES_MAX, **rest: Any,
) -> Answer:  # fmt: skip
    """Ask, and read the whole answer within the time. Raises Unreached and its kinds only."""
    import httpx

    try:
        return _answer(client, method, url, within_s=within_s, bytes_max=bytes_max, **rest)
    except httpx.TimeoutException:
        raise TooSlow("too slow") from None
    except (httpx.RequestError, httpx.InvalidURL) as error:
        raise Unreached(type(error).__name__) from None


def _answer(
    client: "Client", method: str, url: str, *, within_s: float, bytes_max: int, **rest: Any
) -> Answer:
    until = time.monotonic() + within_s
    body = bytearray()
    with client.stream(method, url, timeout=within_s, **rest) as response:
        for chunk in response.iter_raw():
            body += chunk
            if len(body) > bytes_max:
                raise AnswerTooLarge("too large")
            if time.monotonic() > until:
                raise TooSlow("too slow")
    return Answer(response.status_code, bytes(body), response.headers.get("retry-after", ""))


def post_there(
    url: str, body: bytes, headers: dict[str, str], *, inside: bool, within_s: float
) -> Answer:  # fmt: skip
    """Post to an address that somebody typed. Raises Unreached and its kinds, NotOnTheList among them.

    The name is looked up once and what it says is where we go, so that it cannot say something else a moment later;
    the certificate is still asked for the name. Without ``inside`` no address of a private network is taken, and
    never that of a link, where a cloud keeps its keys.
    """
    origin = origin_of(url)
    parts = urlsplit(origin)
    host = parts.hostname or ""
    address = _looked_up(host, parts.port or (443 if parts.scheme == "https" else 80), inside=inside)
    there = _with_host(url, address)
    with client([origin_of(there)], timeout_s=within_s) as line:
        return fetch(
            line, "POST", there, within_s=within_s, content=body,
            headers={**headers, "Host": origin.partition("://")[2]},
            extensions={"sni_hostname": host} if parts.scheme == "https" else {},
        )  # fmt: skip


def _with_host(url: str, host: str) -> str:
    import httpx

    try:
        return str(httpx.URL(url).copy_with(host=host))
    except httpx.InvalidURL:
        raise Unreached("not an address") from None


def _looked_up(host: str, port: int, *, inside: bool) -> str:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unreached("no such name") from None
    addresses = [str(one[4][0]) for one in found]
    # all of them, for whoever chooses the answer chooses its order as well
    if not addresses or not all(may_be_asked(ip_address(one), inside=inside) for one in addresses):
        raise NotOnTheList("not an address of the internet")
    return addresses[0]


def may_be_asked(address: IPv4Address | IPv6Address, *, inside: bool) -> bool:
    """Whether it is a machine on the internet, or ``inside`` one of a network of one's own."""
    if isinstance(address, IPv6Address):
        hidden = address.ipv4_mapped or address.sixtofour
        if hidden is not None:
            return may_be_asked(hidden, inside=inside)
        if address.teredo is not None or any(address in one for one in TRANSLATED):
            return False
        if not (address in INTERNET or address.is_private):
            return False
    if address.is_multicast or address.is_unspecified or address.is_link_local:
        return False
    return address.is_global or (inside and (address.is_private or address.is_loopback))
