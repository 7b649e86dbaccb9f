"""Job lists (klussenlijsten) of a provider: what was agreed for cheques under its flag, for the crews that do it."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit.write import Act, note_each
from app.clock import AMSTERDAM
from app.errors import NotFound
from app.organisations.staff import works_for


@dataclass(frozen=True, slots=True)
class Job:
    """One time: when, what, for whom and where, and who goes."""

    occurrence_id: UUID
    asker_id: UUID
    municipality_id: int
    starts_at: datetime
    minutes: int
    title: str
    asker: str
    address: str
    phone: str
    helper: str
    cheques: int


def by_day(session: Session, actor: Actor, organisation_id: UUID) -> list[tuple[date, list[Job]]]:
    """From today, two weeks; whose address was shown is written down. NotFound for who does not work there."""
    if organisation_id not in works_for(actor):
        raise NotFound
    rows = session.execute(text("SELECT * FROM jobs_of_organisation(:o)"), {"o": organisation_id})
    jobs = [Job(*row) for row in rows]
    note_each(session, actor, Act.COUNTERPART, {job.asker_id: job.municipality_id for job in jobs})
    return [
        (day, list(group))
        for day, group in groupby(jobs, key=lambda job: job.starts_at.astimezone(AMSTERDAM).date())
    ]
