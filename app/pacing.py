"""How often one may ask: a limit per kind of route, counted in PostgreSQL so that it holds over all processes.

Counted by who asks (the cookie or token) and by where from (the address), so that neither a borrowed address nor
a new cookie each time helps. Whoever opens a session is counted (`app.http.session`). The count is read before the act
and written in the short transaction after it: a refusal is counted, and nobody waits for another's row.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address
from math import ceil
from secrets import randbelow

from fastapi import Request
from sqlalchemy import and_, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.access.models import Pace
from app.clock import now
from app.db import afterwards
from app.errors import TooMany

WINDOW = timedelta(minutes=10)
BEGINNING = datetime.fromisoformat("2020-01-01T00:00:00+00:00")
API = "/api/"
REPORTS = "/csp"
"""Where browsers tell what they refused on a page of ours; see `web.reports`."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
BROWSED = ("/hulpvragen", "/helpen", "/bureau/zoeken", "/bureau/mensen")
"""Pages that list or find what others wrote: the ones that somebody would copy out."""


@dataclass(frozen=True, slots=True)
class Class:
    """A kind of route: at most so often within ``WINDOW`` for one cookie or token, and for one address.

    An address may be a town hall's: it gets as much as twenty people who are busy. One request in ``each`` is counted,
    by lot and for all of them: what only reads must not cost more to count than to answer.
    """

    name: str
    by_one: int
    by_address: int
    each: int = 1


WRITES = Class("write", 300, 3_000)
BROWSES = Class("browse", 600, 6_000, each=10)
TELLS = Class("tell", 100, 2_000)
"""A browser's own reports: what an extension makes of our pages takes nothing from the pace of whoever uses them."""
API_WRITES = Class("api-write", 1_200, 12_000)
API_READS = Class("api-read", 3_000, 30_000, each=10)


def class_of(method: str, path: str) -> Class | None:
    """The class of a route; None for a page that shows what is one's own or the same for everybody."""
    if path.startswith(API):
        return API_READS if method in SAFE else API_WRITES
    if path == REPORTS:
        return TELLS
    if method not in SAFE:
        return WRITES
    return BROWSES if path.startswith(BROWSED) else None


def paced(request: Request, session: Session) -> None:
    """Raises TooMany for who asks too often, with the seconds until the next stretch."""
    kind = class_of(request.method, request.url.path)
    if kind is None or (kind.each > 1 and randbelow(kind.each)):
        return
    keep(session, kind, _subjects(request, kind))


def _subjects(request: Request, kind: Class) -> list[tuple[bytes, int]]:
    """Who, by a hash, and how often they may."""
    address = network(request)
    found = [(_digest("address", address), kind.by_address)]
    shown = request.headers.get("authorization") or request.cookies.get("__Host-zve")
    if shown:
        found.append((_digest("shown", shown), kind.by_one))
    else:  # nobody in particular: an address counts as one
        found[0] = (found[0][0], kind.by_one * 4)
    return found


def network(request: Request) -> str:
    """Where a visitor comes from, to count by; of IPv6 the first half, for whoever has that has every address in it."""
    address = request.client.host if request.client else ""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return str(found)
    mapped = found.ipv4_mapped
    return str(mapped) if mapped is not None else f"{IPv6Address(int(found) >> 64 << 64)}/64"


def _digest(what: str, value: str) -> bytes:
    return sha256(f"{what}\0{value}".encode(errors="replace")).digest()


def keep(session: Session, kind: Class, subjects: Iterable[tuple[bytes, int]]) -> None:
    """Count a request of each subject, or as many as it stands for. Raises TooMany; a refused one counts too."""
    most = dict(subjects)
    moment = now(session)
    begins_at = BEGINNING + (moment - BEGINNING) // WINDOW * WINDOW
    # unscoped: anybody may ask: a pace belongs to no municipality
    same = and_(Pace.rule == kind.name, Pace.begins_at == begins_at)
    rows = select(Pace.subject, Pace.used).where(same, or_(*(Pace.subject == subject for subject in most)))
    used = {bytes(row.subject): row.used for row in session.execute(rows)}

    def count(second: Session) -> None:
        values = [
            {"rule": kind.name, "subject": subject, "begins_at": begins_at, "used": kind.each}
            for subject in sorted(most)
        ]
        made = insert(Pace).values(values)
        second.execute(
            made.on_conflict_do_update(
                index_elements=[Pace.rule, Pace.subject, Pace.begins_at], set_={"used": Pace.used + kind.each}
            )
        )

    afterwards(session, count)
    if any(used.get(subject, 0) >= limit for subject, limit in most.items()):
        raise TooMany(again_s=max(1, ceil((begins_at + WINDOW - moment).total_seconds())))
