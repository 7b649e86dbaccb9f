"""The people as whom a newcomer may look around; they exist in a demonstration region only."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.sign_in import person_for_email
from app.places.models import Region


@dataclass(frozen=True, slots=True)
class Persona:
    """Who one can be, one click away; ``what`` is said on the page."""

    slug: str
    title: str
    first_name: str
    email: str
    what: str


PERSONAS: tuple[Persona, ...] = (
    Persona(
        "bewoner",
        "Bewoner",
        "Ria",
        "ria@voorbeeld.example",
        "Ria is 78 en woont in Geldrop. Drie mensen willen met haar naar de weekmarkt. Zij kiest.",
    ),
    Persona(
        "vrijwilliger",
        "Vrijwilliger",
        "Youssef",
        "youssef@voorbeeld.example",
        "Youssef woont in Helmond. Hij helpt ook over de gemeentegrens en spaart Roosjes.",
    ),
    Persona(
        "makelaar",
        "Sociaal makelaar",
        "Marja",
        "marja@voorbeeld.example",
        "Marja werkt voor Geldrop-Mierlo. Zij ziet wie wacht en belt als het niet lukt.",
    ),
    Persona(
        "beheerder",
        "Beheerder van de gemeente",
        "Karin",
        "beheer@voorbeeld.example",
        "Karin regelt de instellingen van Geldrop-Mierlo en bekijkt de cijfers.",
    ),
    Persona(
        "regiobeheerder",
        "Beheerder van de regio",
        "Frank",
        "regio@voorbeeld.example",
        "Frank ziet de cijfers van alle gemeenten samen.",
    ),
)


def persona_id(session: Session, slug: str) -> UUID | None:
    """The person behind a persona; None for an unknown one, and in a region that is no demonstration."""
    region = session.get(Region, 1)
    if region is None or not region.demonstration:
        return None
    email = next((persona.email for persona in PERSONAS if persona.slug == slug), None)
    return None if email is None else person_for_email(session, email)
