"""An answer that is given once: a POST that is sent again under the same Idempotency-Key changes nothing."""

import json
from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Header, Request
from pydantic import BaseModel
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.access import once
from app.http import ApiActor, Opened

HEADER = Header(
    alias="Idempotency-Key",
    min_length=1,
    max_length=160,
    pattern="^[!-~]+$",
    description="Zelf gekozen, voor elke nieuwe opdracht een andere. Dezelfde opdracht met dezelfde sleutel"
    " geeft het eerste antwoord nog eens, met de kop Idempotency-Hit; een andere opdracht geeft 409."
    " Het eerste antwoord blijft 48 uur bewaard.",
)


class Once:
    """The session and actor of a POST, and its one answer."""

    def __init__(self, request: Request, session: Session, actor: ApiActor, key: str | None) -> None:
        self.session = session
        self.actor = actor
        self.key = key
        self.was_booked = False
        """The ledger, whose keys stay for ever, knew this key: nothing was booked now."""
        self._operation = f"{request.method} {request.scope['route'].path}"
        self._path = request.url.path

    def answer(
        self, sent: BaseModel | None, act: Callable[[], BaseModel], *, created_in: str = ""
    ) -> Response:
        """What ``act`` came to, now or the first time that this key was used; raises KeyReused.

        With ``created_in`` it is 201 with a Location in that collection, else 200; whatever was there before is 200.
        """
        status = 201 if created_in else 200
        if self.key is None:
            return _response(act().model_dump_json(), status, created_in)
        said = f"{self._path}\n{sent.model_dump_json() if sent else ''}"
        first = once.first_answer(self.session, self.actor, self._operation, self.key, said)
        if first is not None:
            return _response(first or "{}", 200, created_in, hit=True)
        text = act().model_dump_json()
        once.remember(self.session, self.actor, self._operation, self.key, status, text)
        return _response(text, 200 if self.was_booked else status, created_in, hit=self.was_booked)


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
