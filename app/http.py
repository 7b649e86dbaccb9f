"""What a route asks for: a session, the actor of a bearer token, a once-only answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy.orm import Session

from app.access import tokens
from app.access.actor import VISITOR, Actor
from app.access.models import RefusedAccess
from app.access.policy import found
from app.access.sign_in import act_for, actor_of_token
from app.config import THIS_MACHINE
from app.db import Database, afterwards
from app.errors import DomainError, NotFound, NotSignedIn
from app.pacing import paced
from app.replica import Replica, lags
from app.representations import powers

READING = frozenset({"GET", "HEAD"})
SIGNED_IN_COOKIE = "__Host-zve"
"""Of who is signed in in a browser; `web` gives and reads it."""


def database(request: Request) -> Database:
    """The database of this program."""
    found: Database = request.app.state.database
    return found


def session(request: Request) -> Iterator[Session]:
    """One transaction for this request, for who does not ask too often. Its exit runs before the answer leaves
    (``scope="function"``), so a commit that fails is told to the client."""
    with (_copy(request) or database(request)).transaction() as opened:
        paced(request, opened)
        try:
            yield opened
        except DomainError as refusal:
            if refusal.status in (403, 404):
                note_refusal(request, opened, refusal)
            raise


def refuse(request: Request, refusal: DomainError) -> None:
    """Raise what was refused before a session was open as if one had been: counted, and noted."""
    with contextmanager(session)(request):
        raise refusal


def _copy(request: Request) -> Replica | None:
    """The replica, for a visitor of a page that may be a little old; who is signed in sees what they just did."""
    replica: Replica | None = request.app.state.replica
    if replica is None or request.method not in READING or not lags(request.scope.get("endpoint")):
        return None
    if "authorization" in request.headers or SIGNED_IN_COOKIE in request.cookies:
        return None
    return replica if replica.keeps_up() else None


def note_refusal(request: Request, opened: Session, refusal: DomainError) -> None:
    """Leave a row of a refused access, in a transaction that survives the refusal."""
    actor: Actor = getattr(request.state, "actor", VISITOR)
    path = request.url.path[:300].replace("\0", "\ufffd")  # what no column can hold
    row = RefusedAccess(
        person_id=actor.behind.person if actor.behind else actor.person, path=path, status=refusal.status
    )
    afterwards(opened, lambda second: second.add(row))


def asked_here(request: Request) -> bool:
    """Whether this was asked for under a name of this very machine: not through a proxy's, nor under one that
    somebody elsewhere points at it."""
    named = request.headers.get("host", "")
    return (named.rpartition(":")[0] or named).strip("[]") in THIS_MACHINE


COUNTED = Depends(session, scope="function")
"""For a route that asks the database nothing, and may not be asked too often all the same."""
Opened = Annotated[Session, COUNTED]


ON_BEHALF = "Namens"
"""The header with which a program acts for another: the key of a representation."""
SCHEME = HTTPBearer(
    scheme_name="token",
    description=(
        "Een persoonlijk token dat verloopt. U maakt en stopt het op de site, bij Inloggen en veiligheid. Daar kiest u"
        " wat het mag: lezen wat van u is, dat ook veranderen, of alles wat u zelf mag."
        " Met de kop `Namens` en de sleutel van een vertegenwoordiging handelt u voor een ander."
    ),
    auto_error=False,
)


def bearer(
    request: Request,
    opened: Opened,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Security(SCHEME)],
) -> Actor:
    """The actor behind ``Authorization: Bearer``; the API knows no cookies."""
    if credentials is None or not credentials.credentials:
        raise NotSignedIn
    actor = actor_of_token(opened, credentials.credentials.strip())
    request.state.actor = actor
    named = request.headers.get(ON_BEHALF)
    tokens.check(actor, request.method, for_another=named is not None)
    if named is not None:
        actor = request.state.actor = _acting(opened, actor, named)
        powers.check(actor, request.method, f"{powers.API}{request.scope['route'].path}")
    return actor


def _acting(opened: Session, actor: Actor, named: str) -> Actor:
    """The actor for whom a program acts; raises NotFound where no consent stands, whatever was named."""
    try:
        other = act_for(opened, actor, UUID(named))
    except ValueError:
        raise NotFound from None
    return found(other)


ApiActor = Annotated[Actor, Depends(bearer, scope="function")]
