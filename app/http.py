"""What a route asks for: a session, the actor of a bearer token, a once-only answer."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy.orm import Session

from app.access.actor import VISITOR, Actor
from app.access.models import RefusedAccess
from app.access.sign_in import actor_of_token
from app.db import Database, afterwards
from app.errors import DomainError, NotSignedIn


def database(request: Request) -> Database:
    """The database of this program."""
    found: Database = request.app.state.database
    return found


def session(request: Request) -> Iterator[Session]:
    """One transaction for this request. Its exit runs before the answer leaves (``scope="function"``),
    so a commit that fails is told to the client."""
    with database(request).transaction() as opened:
        try:
            yield opened
        except DomainError as refusal:
            if refusal.status in (403, 404):
                note_refusal(request, opened, refusal)
            raise


def note_refusal(request: Request, opened: Session, refusal: DomainError) -> None:
    """Leave a row of a refused access, in a transaction that survives the refusal."""
    actor: Actor = getattr(request.state, "actor", VISITOR)
    path = request.url.path[:300].replace("\0", "\ufffd")  # what no column can hold
    row = RefusedAccess(person_id=actor.person, path=path, status=refusal.status)
    afterwards(opened, lambda second: second.add(row))


Opened = Annotated[Session, Depends(session, scope="function")]


SCHEME = HTTPBearer(
    scheme_name="token",
    description="Een persoonlijk token dat verloopt: `zorgvoorelkaar token E-MAILADRES`.",
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
    return actor


ApiActor = Annotated[Actor, Depends(bearer, scope="function")]
