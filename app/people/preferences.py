"""What somebody prefers: the language of our mails."""

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.people.service import oneself

LANGUAGES = ("nl", "en")


def speak(session: Session, actor: Actor, language: str) -> None:
    """Write to this person in a language that we have; another one changes nothing."""
    person = oneself(session, actor)
    if language in LANGUAGES:
        person.language = language
