"""The people as whom a newcomer may look around; they exist in a demonstration region only."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.sign_in import person_for_email
from app.places.models import Region


@dataclass(frozen=True, slots=True)
class Persona:
    """Who one can be, one click away."""

    slug: str
    first_name: str
    email: str


PERSONAS: tuple[Persona, ...] = (
    Persona("bewoner", "Ria", "ria@voorbeeld.example"),
    Persona("vrijwilliger", "Youssef", "youssef@voorbeeld.example"),
    Persona("makelaar", "Marja", "marja@voorbeeld.example"),
    Persona("beheerder", "Karin", "beheer@voorbeeld.example"),
    Persona("regiobeheerder", "Frank", "regio@voorbeeld.example"),
    Persona("penningmeester", "Hans", "penningmeester@voorbeeld.example"),
    Persona("verkoper", "Toos", "verkoop@voorbeeld.example"),
    Persona("aanbieder", "Coby", "aanbieder@voorbeeld.example"),
    Persona("collega", "Veerle", "collega@voorbeeld.example"),
    Persona("veiligheid", "Saskia", "veiligheid@voorbeeld.example"),
    Persona("privacy", "Mirjam", "privacy@voorbeeld.example"),
    Persona("organisatie", "Gerrie", "organisatie@voorbeeld.example"),
    Persona("maatjes", "Wilma", "maatjes@voorbeeld.example"),
)


def persona_id(session: Session, slug: str) -> UUID | None:
    """The person behind a persona; None for an unknown one, and in a region that is no demonstration."""
    region = session.get(Region, 1)
    if region is None or not region.demonstration:
        return None
    email = next((persona.email for persona in PERSONAS if persona.slug == slug), None)
    return None if email is None else person_for_email(session, email)
