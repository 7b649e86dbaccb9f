"""What the asker reads on the page of their question of what the desk does: no black box."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.casework import faces, questions, tasks, wmo
from app.casework.models import CaseQuestion, CaseTask, CaseTeam, WmoReport
from app.help_requests.models import HelpRequest
from app.moderation.models import Access, CaseNote
from app.people.models import Person

MOST = 20


@dataclass(frozen=True, slots=True)
class Shown:
    """Promises that are not kept yet, what was written for the asker, decisions, the receipt, and who helps."""

    promises: list[CaseTask]
    notes: list[CaseNote]
    decided: list[CaseQuestion]
    report: WmoReport | None
    team: CaseTeam | None

    def __bool__(self) -> bool:
        return bool(self.promises or self.notes or self.decided or self.report or self.team)


def of_question(session: Session, actor: Actor, id: UUID) -> Shown:
    """All of it for one of one's own questions; nothing for any other."""
    return Shown(
        promises=tasks.promises(session, actor, id),
        notes=_notes(session, actor, id),
        decided=questions.decided(session, actor, id),
        report=wmo.of_asker(session, actor, id),
        team=faces.of_asker(session, actor, id),
    )


def _notes(session: Session, actor: Actor, id: UUID) -> list[CaseNote]:
    query = (
        select(CaseNote)
        .join(HelpRequest, HelpRequest.id == CaseNote.help_request_id)
        .where(
            CaseNote.help_request_id == id,
            CaseNote.access == Access.ASKER,
            HelpRequest.owned_by(actor.person_id),
        )
        .options(joinedload(CaseNote.author).load_only(Person.first_name))
        .order_by(CaseNote.at.desc())
        .limit(MOST)
    )
    return list(session.scalars(query))
