"""What somebody prefers: the language of our mails."""

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import found
from app.people.models import Person

LANGUAGES = ("nl", "en")


def speak(session: Session, actor: Actor, language: str) -> None:
    """Write to this person in a language that we have; another one changes nothing."""
    person = found(session.get(Person, actor.person_id))
    if language in LANGUAGES:
        person.language = language
