"""Where somebody is signed in, and ending that."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.events import note
from app.access.models import WebSession
from app.access.proof_models import Happened
from app.access.sign_in import IDLE_HOURS
from app.errors import NotFound

KINDS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
DEVICES = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
    ("Macintosh", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


def in_words(user_agent: str) -> str:
    """Kind of browser and device, as far as they say: "Firefox, Windows". Nothing by which one is told apart."""
    named = (next((name for mark, name in pairs if mark in user_agent), "") for pairs in (KINDS, DEVICES))
    return ", ".join(filter(None, named))


def mine(session: Session, actor: Actor) -> list[WebSession]:
    """Every browser in which one is signed in, the one that was used last on top."""
    # unscoped: one's own rows
    live = select(WebSession).where(
        WebSession.person_id == actor.person_id,
        WebSession.ended_at.is_(None),
        WebSession.expires_at > func.ledger.now(),
        WebSession.last_seen_at > func.ledger.now() - timedelta(hours=IDLE_HOURS),
    )
    return list(session.scalars(live.order_by(WebSession.last_seen_at.desc(), WebSession.id)))


def end(session: Session, actor: Actor, session_id: UUID) -> None:
    """Sign out in one browser; raises NotFound for one that is not one's own."""
    # unscoped: one's own row
    one = update(WebSession).where(
        WebSession.id == session_id, WebSession.person_id == actor.person_id, WebSession.ended_at.is_(None)
    )
    if session.execute(one.values(ended_at=func.ledger.now()).returning(WebSession.id)).one_or_none() is None:
        raise NotFound
    note(session, actor.person_id, actor.person_id, Happened.SESSIONS_ENDED, "1")


def end_others(session: Session, actor: Actor) -> int:
    """Sign out everywhere but here; the answer says in how many browsers."""
    # unscoped: one's own rows
    others = update(WebSession).where(
        WebSession.person_id == actor.person_id,
        WebSession.ended_at.is_(None),
        WebSession.token_hash != actor.session_hash,
    )
    ended = len(session.execute(others.values(ended_at=func.ledger.now()).returning(WebSession.id)).all())
    if ended:
        note(session, actor.person_id, actor.person_id, Happened.SESSIONS_ENDED, str(ended))
    return ended
