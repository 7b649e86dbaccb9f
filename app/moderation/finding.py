"""Finding a case by its number, the asker's name, a place, or words of the question."""

import re

from sqlalchemy import ColumnElement, and_, func, or_, select, text
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import require
from app.access.roles import Permission
from app.help_requests.models import HelpRequest, Status
from app.moderation.queues import Entry, entries_of
from app.moderation.typed import searchable
from app.people.models import Contact, Person
from app.places.models import Municipality, Neighbourhood

LETTERS = "ABCDEFGHJKLMNPRSTVWXZ"
NUMBER = re.compile(r"\s*([A-Za-z])\s*(\d)\s*-?\s*(\d{3})\s*")
CYCLE = len(LETTERS) * 10_000
MOST = 30

_IN_TEXT = text(
    "SELECT id FROM search_requests(:typed, CAST('{}' AS smallint[])) ORDER BY rank DESC LIMIT 200"
)


def cases(session: Session, actor: Actor, municipality: Municipality, typed: str) -> list[Entry]:
    """Cases of the municipality that fit what was typed, the newest first; at most thirty."""
    require(actor, Permission.MODERATE_REQUEST, municipality.id)
    wanted = searchable(typed)
    if not wanted:
        return []
    # unscoped: the permission was asked for this municipality
    query = (
        select(HelpRequest.id)
        .join(Person, Person.id == HelpRequest.person_id)
        .outerjoin(Contact, Contact.person_id == Person.id)
        .join(Neighbourhood, Neighbourhood.pc4 == HelpRequest.pc4)
        .where(HelpRequest.municipality_id == municipality.id, HelpRequest.status != Status.DRAFT)
        .where(_fits(session, wanted))
        .order_by(HelpRequest.id.desc())
        .limit(MOST)
    )
    return entries_of(session, actor, municipality, list(session.scalars(query)))


def _fits(session: Session, typed: str) -> ColumnElement[bool]:
    number = NUMBER.fullmatch(typed)
    if number and number[1].upper() in LETTERS:
        reference = (LETTERS.index(number[1].upper()) * 10 + int(number[2])) * 1000 + int(number[3])
        return HelpRequest.reference % (CYCLE) == reference
    name = func.plain(Person.first_name + " " + func.coalesce(Contact.last_name, ""))
    in_text = list(session.scalars(_IN_TEXT, {"typed": typed}))
    return or_(
        and_(*(func.strpos(name, func.plain(word)) > 0 for word in typed.split()[:5])),
        func.strpos(func.plain(Neighbourhood.place), func.plain(typed)) > 0,
        HelpRequest.id.in_(in_text),
    )
