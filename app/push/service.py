"""One's own browsers: asking for a sign, seeing where one gets it, and ending that."""

from typing import Annotated, Final
from uuid import UUID

from pydantic import Field, StringConstraints
from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import found, kept_at
from app.config import Settings
from app.errors import Conflict, Forbidden, Invalid, Unavailable
from app.ids import uuid7
from app.notifications import wishes
from app.notifications.groups import Group
from app.outgoing import NotOnTheList
from app.push import allowed, keys
from app.push.models import PushDevice, mark_of
from app.push.sealing import AUTH_BYTES, decoded, is_point
from app.schemas import Incoming

MOST: Final = 10
AT_FIRST: Final = frozenset({Group.YES, Group.AGREED, Group.MESSAGES, Group.REMINDERS})
"""What the first browser shows, until somebody says otherwise: what others wait for, and what is soon."""

Coded = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]+={0,2}$", max_length=200)]


class NewDevice(Incoming):
    """What a browser hands over once its owner said yes to it."""

    endpoint: Annotated[str, Field(alias="adres", min_length=10, max_length=1000)]
    public_key: Annotated[Coded, Field(alias="sleutel")]
    auth: Annotated[Coded, Field(alias="geheim")]
    server_key: Annotated[Coded, Field(alias="onzeSleutel")]


class NotHere(Unavailable):
    """This installation has no key for push services."""

    code = "push-not-here"


class TooManyDevices(Conflict):
    """So many browsers of one person: the oldest may go."""

    code = "too-many-devices"


class UnknownService(Invalid):
    """The browser uses a push service to which we do not post."""

    code = "push-service-unknown"


def mine(session: Session, actor: Actor) -> list[PushDevice]:
    """One's own, the newest first. Nobody who acts for another sees theirs."""
    if actor.behind is not None:
        raise Forbidden
    own = select(PushDevice).where(PushDevice.owned_by(actor.person_id))
    return list(session.scalars(own.order_by(PushDevice.made_at.desc(), PushDevice.id)))


def add(session: Session, actor: Actor, settings: Settings, new: NewDevice, name: str) -> PushDevice:
    """Keep a browser; the same one twice is one, and of whoever asked last.

    Raises NotHere, Invalid, UnknownService, TooManyDevices.
    """
    if actor.behind is not None:
        raise Forbidden
    if settings.push_key is None:
        raise NotHere
    public_key, auth = _sealing(settings, new)
    mark = mark_of(new.endpoint)
    _in_turn(session, mark)
    session.execute(text("SELECT leave_push_device(:mark)"), {"mark": mark})
    others = [device for device in mine(session, actor) if device.mark != mark]
    if len(others) >= MOST:
        raise TooManyDevices
    own = delete(PushDevice).where(PushDevice.owned_by(actor.person_id), PushDevice.mark == mark)
    session.execute(own)
    device = PushDevice(
        id=uuid7(), person_id=actor.person_id, municipality_id=kept_at(actor),
        endpoint=new.endpoint, mark=mark, public_key=public_key, auth=auth,
        server_key=keys.public_bytes(settings.push_key), name=name[:60],
    )  # fmt: skip
    session.add(device)
    session.flush()
    if not others and not any(choice.push for choice in wishes.mine(session, actor)):
        wishes.choose_push(session, actor, AT_FIRST)
    return device


def _in_turn(session: Session, mark: bytes) -> None:
    """Let those who ask for one browser at one moment come one after the other."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(mark.hex(), 3))))


def _sealing(settings: Settings, new: NewDevice) -> tuple[bytes, bytes]:
    try:
        public_key, auth = decoded(new.public_key), decoded(new.auth)
    except ValueError:
        raise Invalid(details={"sleutel": "invalid"}) from None
    if not is_point(public_key) or len(auth) != AUTH_BYTES:
        raise Invalid(details={"sleutel": "invalid"})
    if new.server_key.rstrip("=") != keys.public_key(settings):
        raise Invalid(details={"onzeSleutel": "old"})
    try:
        allowed.origin_of(settings, new.endpoint)
    except NotOnTheList:
        raise UnknownService from None
    return public_key, auth


def end(session: Session, actor: Actor, device_id: UUID) -> None:
    """No signs on it any more. Raises NotFound for what is not one's own."""
    if actor.behind is not None:
        raise Forbidden
    own = select(PushDevice).where(PushDevice.owned_by(actor.person_id), PushDevice.id == device_id)
    session.delete(found(session.scalars(own).one_or_none()))
    session.flush()


def count(session: Session, actor: Actor) -> int:
    """How many browsers one has."""
    own = select(func.count()).where(PushDevice.owned_by(actor.person_id))
    return int(session.execute(own).scalar_one())
