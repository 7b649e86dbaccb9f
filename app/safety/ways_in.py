"""How people of a desk come in: out everywhere at once; and a door of which a stranger has the key, shut and opened.

For a telephone that was stolen, a mailbox that somebody else reads, a person who died. It judges nobody, and their
agreements stand: `suspensions` is for that. The database asks the same by itself (`minds()`).
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.events import note
from app.access.policy import found, require_reach
from app.access.proof_models import Happened
from app.access.roles import Permission
from app.audit import write as audit
from app.errors import Conflict
from app.people.service import home
from app.pots.notes import refuse_own
from app.safety.schemas import Explained


class AlreadySo(Conflict):
    """A colleague did it already, or the person left for good."""

    code = "already-so"


@dataclass(frozen=True, slots=True)
class WaysIn:
    """In how many browsers somebody is signed in, what they can show, and whether their door is shut."""

    sessions: int
    passkeys: int
    app: bool
    shut: bool
    by_desk: bool
    """Shut here, and so to be opened here; otherwise the person left."""


def of(session: Session, actor: Actor, person_id: UUID) -> WaysIn:
    """Of somebody who lives in reach and works at no desk. Raises NotFound, OwnInterest."""
    _resident(session, actor, person_id)
    row = found(session.execute(text("SELECT * FROM ways_in(:who)"), {"who": person_id}).one_or_none())
    return WaysIn(row.sessions, row.passkeys, row.app, row.shut, row.by_desk)


def _resident(session: Session, actor: Actor, person_id: UUID) -> int:
    municipality_id = home(session, person_id).municipality_id
    require_reach(actor, Permission.SUSPEND_PERSON, municipality_id)
    refuse_own(session, actor, person_id)
    return municipality_id


def sign_out(session: Session, actor: Actor, person_id: UUID) -> int:
    """Every browser and every program of theirs; the answer says in how many browsers. Raises NotFound, OwnInterest."""
    _resident(session, actor, person_id)
    ended: int = found(session.execute(text("SELECT sign_out(:who)"), {"who": person_id}).scalar_one())
    note(session, person_id, actor.person_id, Happened.SESSIONS_ENDED)
    return ended


def shut(session: Session, actor: Actor, person_id: UUID, why: Explained) -> None:
    """From this moment nothing lets them in: no link, letter, key or provider. Raises AlreadySo, OwnInterest."""
    _turn(session, actor, person_id, why, Happened.SHUT_OUT)


def open_again(session: Session, actor: Actor, person_id: UUID, why: Explained) -> None:
    """They come in as before; sessions from before stay ended. Raises AlreadySo, NotFound, OwnInterest."""
    _turn(session, actor, person_id, why, Happened.LET_IN)


def _turn(session: Session, actor: Actor, person_id: UUID, why: Explained, kind: Happened) -> None:
    municipality_id = _resident(session, actor, person_id)
    call = "SELECT shut_out(:who)" if kind is Happened.SHUT_OUT else "SELECT let_in(:who)"
    if not session.execute(text(call), {"who": person_id}).scalar_one():
        raise AlreadySo
    note(session, person_id, actor.person_id, kind)
    audit.note(
        session,
        actor,
        audit.Act.SHUT_OUT if kind is Happened.SHUT_OUT else audit.Act.LET_IN,
        subject=person_id,
        municipality_id=municipality_id,
        entity="person",
        entity_id=person_id,
        reason=why.reason,
    )
