"""The faces of a case: the fixed one, who looks along, who stands in; and handing it over with a word."""

from datetime import date
from typing import Annotated, Final
from uuid import UUID

from pydantic import Field
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.access.policy import locked, require, visible
from app.access.roles import Permission
from app.casework import colleagues
from app.casework.models import CaseTeam
from app.clock import now, today
from app.errors import Invalid, Stale
from app.help_requests import story
from app.help_requests.models import HelpRequest
from app.ids import uuid7
from app.moderation import cases
from app.moderation.models import NoteKind
from app.notifications.service import tell
from app.people.models import Person
from app.schemas import Day, Incoming, Whole
from app.text import Typed


class Faces(Incoming):
    """Who looks along, and who stands in while the fixed face is away; as it was read."""

    second_id: Annotated[UUID | None, Field(alias="kijktMee")] = None
    stand_in_id: Annotated[UUID | None, Field(alias="vervanger")] = None
    away_from: Annotated[Day | None, Field(alias="wegVan")] = None
    away_until: Annotated[Day | None, Field(alias="wegTotEnMet")] = None
    faces_version: Annotated[Whole, Field(alias="versieGezichten")] = 0


class HandOver(Incoming):
    """To whom, and what they should know."""

    to_id: Annotated[UUID, Field(alias="aanWie")]
    words: Annotated[Annotated[str, Typed(2000, lines=True)], Field(alias="overdracht")]
    version: Annotated[Whole, Field(alias="versie")]


_NAMES: Final = (
    joinedload(CaseTeam.second).load_only(Person.first_name),
    joinedload(CaseTeam.stand_in).load_only(Person.first_name),
)


def of_case(session: Session, actor: Actor, id: UUID) -> CaseTeam | None:
    """Who else helps with a case of the desk."""
    cases.get(session, actor, id)
    query = select(CaseTeam).where(
        visible(actor, Permission.MODERATE_REQUEST, CaseTeam), CaseTeam.help_request_id == id
    )
    return session.scalars(query.options(*_NAMES)).one_or_none()


def of_asker(session: Session, actor: Actor, id: UUID) -> CaseTeam | None:
    """Who else helps with one's own question."""
    query = select(CaseTeam).where(CaseTeam.help_request_id == id, CaseTeam.owned_by(actor.person_id))
    return session.scalars(query.options(*_NAMES)).one_or_none()


def stands_in(team: CaseTeam | None, day: date) -> bool:
    """Whether the stand-in has the case on this day."""
    if team is None or team.stand_in_id is None or team.away_from is None:
        return False
    return team.away_from <= day and (team.away_until is None or day <= team.away_until)


def mine(me: UUID | None, day: date) -> ColumnElement[bool]:
    """Cases that are one's own today: by being the face, or by standing in for it."""
    standing_in = (
        select(CaseTeam.id)
        .where(
            CaseTeam.help_request_id == HelpRequest.id,
            CaseTeam.stand_in_id == me,
            CaseTeam.away_from <= day,
            func.coalesce(CaseTeam.away_until, day) >= day,
        )
        .correlate(HelpRequest)
        .exists()
    )
    return or_(HelpRequest.broker_id == me, standing_in)


def change(session: Session, actor: Actor, id: UUID, wanted: Faces) -> CaseTeam:
    """Set who looks along and who stands in. Raises Stale when a colleague did so in between, Invalid."""
    help_request = cases.get(session, actor, id)
    require(actor, Permission.MODERATE_REQUEST, help_request.municipality_id)
    _check(session, actor, help_request, wanted)
    query = select(CaseTeam).where(
        visible(actor, Permission.MODERATE_REQUEST, CaseTeam), CaseTeam.help_request_id == id
    )
    team = session.scalars(locked(query)).one_or_none()
    if (team.version if team is not None else 0) != wanted.faces_version:
        raise Stale
    if team is None:
        team = CaseTeam(
            id=uuid7(), municipality_id=help_request.municipality_id, help_request_id=id,
            asker_id=help_request.person_id,
        )  # fmt: skip
        session.add(team)
    before = (team.second_id, team.stand_in_id)
    team.second_id, team.stand_in_id = wanted.second_id, wanted.stand_in_id
    team.away_from = (wanted.away_from or today(session)) if wanted.stand_in_id else None
    team.away_until = wanted.away_until if wanted.stand_in_id else None
    session.flush()
    for person_id in {wanted.second_id, wanted.stand_in_id} - {None, actor.person_id, *before}:
        assert person_id is not None  # nobody was left out
        tell(session, person_id, team.municipality_id, "case-asked-along", id, turn=team.version,
             title=help_request.title)  # fmt: skip
    return team


def _check(session: Session, actor: Actor, help_request: HelpRequest, wanted: Faces) -> None:
    where = help_request.municipality_id
    colleagues.require_colleague(session, actor, where, wanted.second_id, "kijktMee")
    colleagues.require_colleague(session, actor, where, wanted.stand_in_id, "vervanger")
    if wanted.second_id is not None and wanted.second_id == help_request.broker_id:
        raise Invalid(details={"kijktMee": "another"})
    if wanted.stand_in_id is not None and wanted.stand_in_id == help_request.broker_id:
        raise Invalid(details={"vervanger": "another"})
    begins = wanted.away_from or today(session)
    if wanted.away_until is not None and wanted.away_until < begins:
        raise Invalid(details={"wegTotEnMet": "before-start"})


def hand_over(session: Session, actor: Actor, id: UUID, to: HandOver) -> HelpRequest:
    """Another has it from now on, and knows what there is to know; the asker hears who it is. Raises Stale, Invalid."""
    help_request = cases.held(session, actor, id, to.version)
    require(actor, Permission.MODERATE_REQUEST, help_request.municipality_id)
    colleagues.require_colleague(session, actor, help_request.municipality_id, to.to_id, "aanWie")
    if to.to_id == help_request.broker_id:
        raise Invalid(details={"aanWie": "another"})
    help_request.broker_id = to.to_id
    help_request.seen_at = help_request.seen_at or now(session)
    help_request.tell(str(help_request.status), actor.person_id, story.HANDED_OVER)
    session.flush()
    cases.note(session, actor, id, to.words, NoteKind.NOTE)
    turn = help_request.version
    if to.to_id != actor.person_id:
        tell(session, to.to_id, help_request.municipality_id, "case-handed-over", id, turn=turn,
             title=help_request.title)  # fmt: skip
    tell(session, help_request.person_id, help_request.municipality_id, "case-face", id, turn=turn,
         title=help_request.title)  # fmt: skip
    return help_request
