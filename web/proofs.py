"""What a request tells about how somebody comes in, and where their keys fit."""

from typing import Final
from urllib.parse import quote
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from app.access import codes, sessions, sign_in
from app.access.actor import Actor
from app.access.events import note
from app.access.models import Way
from app.access.passkeys import Door
from app.access.proof_models import Happened
from app.access.sign_in import LinkDead, Proof, Through, act_as
from app.config import Settings
from app.errors import NotSignedIn
from app.http import Opened
from web import cookies
from web.rendering import see_other
from web.security import BEGIN_COOKIE, SESSION_COOKIE

SECOND: Final = "/inloggen/tweede"
SESSION_S: Final = sign_in.SESSION_DAYS * 24 * 3600
SECOND_BY_ITSELF: Final = frozenset({Way.PASSKEY})
"""A passkey is something one has, opened with something one knows or is."""


def proof(request: Request, way: Way, *, second: bool = False, through: Through | None = None) -> Proof:
    """How somebody came in, in which kind of browser."""
    agent = request.headers.get("user-agent", "")[:400]
    return Proof(way, second or way in SECOND_BY_ITSELF, sessions.in_words(agent), through)


def door(request: Request) -> Door:
    """This installation, as keys know it."""
    settings: Settings = request.app.state.settings
    return Door(settings.address, request.app.state.secret)


def ticket(request: Request, link_id: UUID) -> str:
    """What lets the page that asked for a mail take its code."""
    return codes.ticket_of(request.app.state.secret, link_id)


def enter(
    session: Opened,
    actor: Actor,
    person_id: UUID,
    following: str,
    *,
    representation_id: UUID | None = None,
    proof: Proof | None = None,
) -> Response:
    """Sign in with a proof, or go on without one in another name: the old session ends, a new token begins.

    Raises LinkDead for somebody who was shut out: their way in is no way in.
    """
    if proof is None and actor.session_hash is not None and actor.hand == person_id:
        return with_token(see_other(following), _renewed(session, actor, representation_id))
    if actor.session_hash is not None:
        sign_in.end_session(session, actor.session_hash)
    shown = proof or sign_in.BY_LINK
    entered = act_as(session, person_id, provider_id=shown.through.provider_id if shown.through else None)
    if not entered.signed_in:
        if sign_in.where_moved(session, person_id):
            return see_other(
                "/verhuisd"
            )  # what they had here stands there, and nothing here is theirs any more
        raise LinkDead
    token = sign_in.open_session(session, person_id, representation_id, proof=shown)
    note(session, person_id, person_id, Happened.SIGNED_IN, shown.way)
    if entered.proves_twice and not shown.second and shown.way is not Way.DEMONSTRATION:
        following = asked_at(following)
    return with_token(see_other(following), token)


def asked_at(following: str) -> str:
    """The page that asks for a second proof and then leads on."""
    return f"{SECOND}?next={quote(following)}"


def _renewed(session: Opened, actor: Actor, representation_id: UUID | None) -> str:
    assert actor.session_hash is not None  # the caller's branch
    token = sign_in.renew_session(session, actor.session_hash, representation_id)
    if token is None:
        raise NotSignedIn
    return token


def step_up(session: Opened, actor: Actor) -> str:
    """The token that goes with a second proof that was just shown; the one before is worth nothing."""
    if actor.session_hash is None:
        raise NotSignedIn
    token = sign_in.renew_session(session, actor.session_hash, second=True)
    if token is None:
        raise NotSignedIn
    return token


def with_token(response: Response, token: str) -> Response:
    """The answer with the cookie of a session."""
    cookies.give(response, SESSION_COOKIE, token, lasts_s=SESSION_S)
    cookies.take_back(response, BEGIN_COOKIE)
    return response
