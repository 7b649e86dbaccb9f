"""What a route asks for: a session, the actor of a bearer token, a once-only answer."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Request
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
    row = RefusedAccess(person_id=actor.person, path=request.url.path[:300], status=refusal.status)
    afterwards(opened, lambda second: second.add(row))


Opened = Annotated[Session, Depends(session, scope="function")]


def bearer(request: Request, opened: Opened) -> Actor:
    """The actor behind ``Authorization: Bearer``; the API knows no cookies."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token:
        raise NotSignedIn
    actor = actor_of_token(opened, token.strip())
    request.state.actor = actor
    return actor


ApiActor = Annotated[Actor, Depends(bearer, scope="function")]
