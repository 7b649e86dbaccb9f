"""Finding a case by its number, the asker's name, a place, or words of the question."""

import re
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, func, select, union
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import require
from app.access.roles import Permission
from app.help_requests.models import HelpRequest, Status
from app.moderation import people
from app.moderation.queues import Entry, entries_of
from app.moderation.typed import searchable
from app.places.models import Municipality, Neighbourhood

LETTERS = "ABCDEFGHJKLMNPRSTVWXZ"
NUMBER = re.compile(r"\s*([A-Za-z])\s*(\d)\s*-?\s*(\d{3})\s*")
CYCLE = len(LETTERS) * 10_000
TURNS = 50
"""How often the numbers may have come round: twenty years of a large region, and each is a key."""
MOST = 30


def cases(session: Session, actor: Actor, municipality: Municipality, typed: str) -> list[Entry]:
    """Cases of the municipality that fit what was typed, the newest first; at most thirty."""
    require(actor, Permission.MODERATE_REQUEST, municipality.id)
    wanted = searchable(typed)
    if not wanted:
        return []
    parts = [
        _newest(municipality, condition).limit(MOST).subquery()
        for condition in _fits(session, municipality, wanted)
    ]
    found = union(*(select(part.c.id) for part in parts)).subquery()
    ids = session.scalars(select(found.c.id).order_by(found.c.id.desc()).limit(MOST))
    return entries_of(session, actor, municipality, list(ids))


def _newest(municipality: Municipality, condition: ColumnElement[bool]) -> Select[UUID]:
    # unscoped: the permission was asked for this municipality
    query = select(HelpRequest.id).where(
        HelpRequest.municipality_id == municipality.id, HelpRequest.status != Status.DRAFT, condition
    )
    return query.order_by(HelpRequest.id.desc())


def _fits(session: Session, municipality: Municipality, typed: str) -> list[ColumnElement[bool]]:
    """What a case may be found by, each asked by itself: one condition or the other would read every case."""
    number = NUMBER.fullmatch(typed)
    if number and number[1].upper() in LETTERS:
        reference = (LETTERS.index(number[1].upper()) * 10 + int(number[2])) * 1000 + int(number[3])
        return [HelpRequest.reference.in_([reference + turn * CYCLE for turn in range(TURNS)])]
    in_text = select(func.requests_with(typed, municipality.id, MOST, type_=Uuid).column_valued("with"))
    by_name = people.fitting(typed, {municipality.id})
    of_place = func.strpos(func.plain(Neighbourhood.place), func.plain(typed)) > 0
    pc4s = session.scalars(
        select(Neighbourhood.pc4).where(Neighbourhood.municipality_id == municipality.id, of_place)
    ).all()
    found: list[ColumnElement[bool]] = [
        HelpRequest.id.in_(in_text),
        HelpRequest.person_id.in_(by_name),
    ]
    return [*found, HelpRequest.pc4.in_(pc4s)] if pc4s else found
