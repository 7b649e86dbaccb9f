"""Under whose name a text shows, and in which municipality."""

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import found
from app.people import service as people
from app.places import service as places


def from_where(session: Session, actor: Actor) -> tuple[int, str]:
    """Whose municipality somebody's words are for, and the place beside their name: where they live, or work."""
    home = people.home_if_any(session, actor.person_id)
    if home is None:
        desk = found(actor.desk)
        return desk, places.municipality(session, desk).name
    place = places.place_name(session, home.pc4) or places.municipality(session, home.municipality_id).name
    return home.municipality_id, place


def name_of(session: Session, actor: Actor) -> str:
    """As who one's words show: a first name and a place."""
    return f"{actor.first_name}, {from_where(session, actor)[1]}"
