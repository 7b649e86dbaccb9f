"""An answer that is given once: a POST that is sent again under the same Idempotency-Key changes nothing."""

import json
from collections.abc import Callable
from hashlib import sha256
from typing import Annotated

from fastapi import Depends, Header, Request
from pydantic import BaseModel
from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.access.models import IdempotencyKey
from app.errors import Conflict
from app.http import ApiActor, Opened

HEADER = Header(
    alias="Idempotency-Key",
    min_length=1,
    max_length=160,
    pattern="^[!-~]+$",
    description="Zelf gekozen, voor elke nieuwe opdracht een andere. Dezelfde opdracht met dezelfde sleutel"
    " geeft het eerste antwoord nog eens, met de kop Idempotency-Hit; een andere opdracht geeft 409.",
)


class KeyReused(Conflict):
    """The key came with another request before."""

    code = "key-reused"


class Once:
    """The session and actor of a POST, and its one answer."""

    def __init__(self, request: Request, session: Session, actor: ApiActor, key: str | None) -> None:
        self.session = session
        self.actor = actor
        self.key = key
        self._operation = f"{request.method} {request.scope['route'].path}"
        self._path = request.url.path

    def answer(
        self, sent: BaseModel | None, act: Callable[[], BaseModel], *, created_in: str = ""
    ) -> Response:
        """What ``act`` came to, now or the first time that this key was used; raises KeyReused.

        With ``created_in`` it is 201 with a Location in that collection, else 200. The key is inserted first, in
        the transaction of the act: who comes second waits for the first, and a refusal leaves nothing behind.
        """
        status = 201 if created_in else 200
        if self.key is None:
            return _response(act().model_dump_json(), status, created_in)
        print_of_body = sha256(f"{self._path}\n{sent.model_dump_json() if sent else ''}".encode()).digest()
        first = self._claimed(print_of_body)
        if first is not None:
            return _response(first, status, created_in, hit=True)
        text = act().model_dump_json()
        kept = update(IdempotencyKey).where(self._row()).values(status=status, answer=text)
        self.session.execute(kept)
        return _response(text, status, created_in)

    def _claimed(self, body_hash: bytes) -> str | None:
        """None for who comes first, else the first answer."""
        claim = insert(IdempotencyKey).values(
            person_id=self.actor.person_id, operation=self._operation, key=self.key, body_hash=body_hash
        )
        claimed = claim.on_conflict_do_nothing().returning(IdempotencyKey.key)
        if self.session.execute(claimed).one_or_none() is not None:
            return None
        known = select(IdempotencyKey.body_hash, IdempotencyKey.answer).where(self._row())
        was, answer = self.session.execute(known).one()
        if was != body_hash:
            raise KeyReused
        return answer or "{}"

    def _row(self) -> ColumnElement[bool]:
        # unscoped: one's own keys
        return and_(
            IdempotencyKey.person_id == self.actor.person_id,
            IdempotencyKey.operation == self._operation,
            IdempotencyKey.key == self.key,
        )


def _response(text: str, status: int, created_in: str, *, hit: bool = False) -> Response:
    headers = {"Idempotency-Hit": "true"} if hit else {}
    if created_in:
        headers["Location"] = f"/api/v1{created_in}/{json.loads(text)['id']}"
    return Response(text, status, headers, media_type="application/json")


def supported(
    request: Request, session: Opened, actor: ApiActor, key: Annotated[str | None, HEADER] = None
) -> Once:
    """For every POST: with a key it happens once."""
    return Once(request, session, actor, key)


def required(request: Request, session: Opened, actor: ApiActor, key: Annotated[str, HEADER]) -> Once:
    """For what would happen again with every attempt: without a key, 400."""
    return Once(request, session, actor, key)


OnceOnly = Annotated[Once, Depends(supported, scope="function")]
KeyedOnce = Annotated[Once, Depends(required, scope="function")]
