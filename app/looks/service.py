"""Making a look, showing it to everybody, and going back to one that was shown before."""

from uuid import UUID

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session, joinedload, undefer

from app.access.actor import VISITOR, Actor
from app.access.policy import found, locked, require, visible
from app.access.roles import Permission
from app.clock import now
from app.errors import NotFound, Stale
from app.ids import uuid7
from app.looks import logo, palette, sheet
from app.looks.models import Look
from app.looks.palette import Colour
from app.looks.schemas import LookChange
from app.places.models import Municipality

HISTORY = 20


def colours(look: Look | None) -> tuple[Colour | None, Colour | None]:
    """Its two colours in both themes; None for each that is ours."""
    if look is None:
        return None, None
    main, accent = (palette.colour(value) if value else None for value in (look.main, look.accent))
    return main, accent


def draft(session: Session, actor: Actor, municipality_id: int) -> Look | None:
    """The look that is being made, or None. Raises Forbidden."""
    require(actor, Permission.CHANGE_SETTINGS, municipality_id)
    return session.scalars(_own(actor, municipality_id).where(Look.published_at.is_(None))).one_or_none()


def history(session: Session, actor: Actor, municipality_id: int) -> list[Look]:
    """What was shown, the newest first: the first of it is what shows now. Raises Forbidden."""
    require(actor, Permission.CHANGE_SETTINGS, municipality_id)
    shown = (
        _own(actor, municipality_id).where(Look.published_at.is_not(None)).options(joinedload(Look.made_by))
    )
    return list(session.scalars(shown.order_by(Look.published_at.desc(), Look.id.desc()).limit(HISTORY)))


def _own(actor: Actor, municipality_id: int) -> Select[Look]:
    return select(Look).where(
        Look.municipality_id == municipality_id,
        Look.in_reach_of(actor.reach(Permission.CHANGE_SETTINGS)),
    )


def begin(session: Session, actor: Actor, municipality_id: int) -> Look:
    """The draft, locked; a first one begins as what shows now. Raises Forbidden."""
    require(actor, Permission.CHANGE_SETTINGS, municipality_id)
    _lock(session, municipality_id)
    row = draft(session, actor, municipality_id)
    if row is not None:
        return row
    shown = session.scalars(
        _own(actor, municipality_id)
        .where(Look.published_at.is_not(None))
        .options(undefer(Look.logo))
        .order_by(Look.published_at.desc(), Look.id.desc())
        .limit(1)
    ).one_or_none()
    return _copy(session, actor, municipality_id, shown)


def _lock(session: Session, municipality_id: int) -> Municipality:
    """One at a time: two who begin at once share one draft."""
    row = select(Municipality).where(Municipality.id == municipality_id, Municipality.joined)
    return found(session.scalars(locked(row)).one_or_none())


def _copy(session: Session, actor: Actor, municipality_id: int, of: Look | None) -> Look:
    row = Look(
        id=uuid7(),
        municipality_id=municipality_id,
        made_by_id=actor.person_id,
        main=of.main if of else "",
        accent=of.accent if of else "",
        logo=of.logo if of else None,
        logo_type=of.logo_type if of else "",
        logo_key=of.logo_key if of else "",
    )
    session.add(row)
    session.flush()
    return row


def change(session: Session, actor: Actor, municipality_id: int, wanted: LookChange) -> Look:
    """Other colours for the draft. Raises Stale when somebody changed it in between."""
    row = begin(session, actor, municipality_id)
    if wanted.version not in (0, row.version):
        raise Stale
    row.main, row.accent = wanted.main or "", wanted.accent or ""
    row.made_by_id = actor.person_id
    session.flush()
    return row


def change_logo(session: Session, actor: Actor, municipality_id: int, sent: bytes) -> Look:
    """Another logo for the draft; nothing sent takes it away. Raises WrongLogo."""
    read = logo.read(sent) if sent else None
    row = begin(session, actor, municipality_id)
    row.logo = read.content if read else None
    row.logo_type = read.media_type if read else ""
    row.logo_key = read.key if read else ""
    row.made_by_id = actor.person_id
    session.flush()
    return row


def throw_away(session: Session, actor: Actor, municipality_id: int) -> None:
    """The draft goes; what shows stays. Raises Forbidden."""
    require(actor, Permission.CHANGE_SETTINGS, municipality_id)
    session.execute(
        delete(Look).where(
            Look.municipality_id == municipality_id,
            Look.in_reach_of(actor.reach(Permission.CHANGE_SETTINGS)),
            Look.published_at.is_(None),
        )
    )


def publish(session: Session, actor: Actor, municipality_id: int, version: int) -> Look:
    """Everybody sees the draft from now on. Raises NotFound without one, Stale when it changed since it was seen."""
    require(actor, Permission.CHANGE_SETTINGS, municipality_id)
    municipality = _lock(session, municipality_id)
    row = found(draft(session, actor, municipality_id))
    if row.version != version:
        raise Stale
    _show(session, municipality, row)
    return row


def go_back(session: Session, actor: Actor, municipality_id: int, id: UUID) -> Look:
    """Show a look that was shown before, as a new line of the history. Raises NotFound."""
    require(actor, Permission.CHANGE_SETTINGS, municipality_id)
    municipality = _lock(session, municipality_id)
    before = found(
        session.scalars(
            _own(actor, municipality_id)
            .where(Look.id == id, Look.published_at.is_not(None))
            .options(undefer(Look.logo))
        ).one_or_none()
    )
    kept = draft(session, actor, municipality_id)
    if kept is not None:
        throw_away(session, actor, municipality_id)  # one draft at a time, and going back asks for none
    row = _copy(session, actor, municipality_id, before)
    _show(session, municipality, row)
    return row


def _show(session: Session, municipality: Municipality, row: Look) -> None:
    row.key = sheet.key(sheet.css(*colours(row)))
    row.published_at = now(session)
    row.is_public = True
    municipality.look, municipality.logo = row.key, row.logo_key
    session.flush()


def selection(actor: Actor) -> Select[Look]:
    """The looks that the actor may see: what shows or showed, and the draft of one's desk."""
    return select(Look).where(visible(actor, Permission.CHANGE_SETTINGS, Look))


def shown_sheet(session: Session, municipality_id: int, key: str) -> str:
    """The sheet behind an address; NotFound for one that was never shown."""
    shown = selection(VISITOR).where(Look.municipality_id == municipality_id, Look.key == key, Look.key != "")
    row = found(session.scalars(shown.limit(1)).one_or_none())
    return sheet.css(*colours(row))


def shown_logo(session: Session, municipality_id: int, key: str) -> tuple[str, bytes]:
    """Type and content of the logo behind an address; NotFound for one that was never shown."""
    shown = selection(VISITOR).where(
        Look.municipality_id == municipality_id, Look.logo_key == key, Look.logo_key != ""
    )
    row = found(session.scalars(shown.options(undefer(Look.logo)).limit(1)).one_or_none())
    if row.logo is None:
        raise NotFound
    return row.logo_type, row.logo


def draft_logo(session: Session, actor: Actor, municipality_id: int) -> tuple[str, bytes]:
    """The same of the draft, for who makes it."""
    require(actor, Permission.CHANGE_SETTINGS, municipality_id)
    query = _own(actor, municipality_id).where(Look.published_at.is_(None)).options(undefer(Look.logo))
    row = found(session.scalars(query).one_or_none())
    if row.logo is None:
        raise NotFound
    return row.logo_type, row.logo
