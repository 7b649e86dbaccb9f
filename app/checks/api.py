"""/controles: what was seen of whom, what a municipality asks, and writing it down at the desk."""

from collections.abc import Callable
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from app.access.policy import found
from app.api.bodies import Sent
from app.api.desks import Code
from app.api.once import Once, OnceOnly
from app.categories.vocabulary import Check
from app.checks import requirements, service, standing
from app.checks.models import NAME_OF, CheckName, CheckRole
from app.checks.schemas import NewCheck, Withdrawn
from app.clock import today
from app.http import ApiActor, Opened
from app.people.models import CheckWay, PersonCheck
from app.places import service as places
from app.schemas import Moment, Outgoing

router = APIRouter(tags=["Controles"])
ROLES = {CheckRole.VOLUNTEER: "vrijwilliger", CheckRole.PROFESSIONAL: "vakmens"}


class CheckOut(Outgoing):
    """A check that was written down; never the document."""

    id: UUID
    name: Annotated[CheckName, Field(serialization_alias="soort")]
    way: Annotated[CheckWay, Field(serialization_alias="hoe")]
    valid_from: Annotated[date, Field(serialization_alias="vanaf")]
    valid_until: Annotated[date | None, Field(serialization_alias="totEnMet")]
    holds: Annotated[bool, Field(serialization_alias="geldtVandaag")]
    number: Annotated[str, Field(serialization_alias="nummer")]
    source: Annotated[str, Field(serialization_alias="waar")]
    reason: Annotated[str, Field(serialization_alias="reden")]
    organisation: Annotated[str | None, Field(serialization_alias="organisatie")]
    seen_by: Annotated[str, Field(serialization_alias="gezienDoor")]
    seen_at: Annotated[Moment, Field(serialization_alias="gezienOp")]
    withdrawn_at: Annotated[Moment | None, Field(serialization_alias="ingetrokkenOp")]
    withdrawn_reason: Annotated[str, Field(serialization_alias="ingetrokkenOmdat")]


class RequirementOut(Outgoing):
    """What a municipality asks for a kind of help; ``ookBijVast`` when it comes back every week."""

    category: Annotated[str, Field(serialization_alias="categorie")]
    role: Annotated[str, Field(serialization_alias="rol")]
    checks: Annotated[list[CheckName], Field(serialization_alias="controles")]
    lasting: Annotated[list[CheckName], Field(serialization_alias="ookBijVast")]
    own: Annotated[bool, Field(serialization_alias="eigenRegel")]


def shown(row: PersonCheck, day: date) -> CheckOut:
    """A record as it stands on this day."""
    return CheckOut(
        id=row.id,
        name=service.name_of(row),
        way=row.way,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        holds=standing.holds(row, day),
        number=row.number,
        source=row.source,
        reason=row.reason,
        organisation=row.organisation.name if row.organisation else None,
        seen_by=row.seen_by.first_name if row.seen_by else "",
        seen_at=row.seen_at,
        withdrawn_at=row.withdrawn_at,
        withdrawn_reason=row.withdrawn_reason,
    )


@router.get("/personen/mij/controles", response_model=list[CheckOut], summary="Lees uw controles")
def mine(session: Opened, actor: ApiActor) -> list[CheckOut]:
    """Wat wij van u zagen, wie dat deed en tot wanneer het telt. Nooit het papier zelf."""
    day = today(session)
    return [shown(row, day) for row in service.mine(session, actor)]


@router.get(
    "/gemeenten/{gemeente}/controles",
    response_model=list[RequirementOut],
    summary="Lees wat een gemeente van helpers vraagt",
)
def asked(session: Opened, gemeente: Code) -> list[RequirementOut]:
    """Per soort hulp, voor vrijwilligers en voor vakmensen. Hiervoor is geen token nodig."""
    found(next((row for row in places.joined(session) if row.id == gemeente), None))
    return [
        RequirementOut(
            category=rule.category.slug,
            role=ROLES[rule.role],
            checks=_names(rule.checks),
            lasting=_names(rule.lasting),
            own=rule.own,
        )
        for rule in requirements.every(session, gemeente)
    ]


@router.get("/personen/{persoon}/controles", response_model=list[CheckOut], summary="Lees iemands controles")
def of_person(session: Opened, actor: ApiActor, persoon: UUID) -> list[CheckOut]:
    """Voor makelaars, over mensen van de eigen gemeente. Wie het is, leest terug dat u keek."""
    day = today(session)
    return [shown(row, day) for row in service.of_person(session, actor, persoon)]


@router.post(
    "/personen/{persoon}/controles",
    response_model=CheckOut,
    status_code=201,
    summary="Schrijf een controle op",
)
def record(once: OnceOnly, persoon: UUID, new: Sent[NewCheck]) -> Response:
    """Voor makelaars. Het telt meteen mee bij het zoeken. Een ontheffing heeft een reden en een einde."""
    act = _done(once, lambda: service.record(once.session, once.actor, persoon, new))
    return once.answer(new, act, created_in=f"/personen/{persoon}/controles")


@router.post("/controles/{id}/intrekkingen", response_model=CheckOut, summary="Trek een controle in")
def withdraw(once: OnceOnly, id: UUID, why: Sent[Withdrawn]) -> Response:
    """Voor makelaars. De regel blijft staan, met wie hem introk en waarom, en telt niet meer."""
    return once.answer(why, _done(once, lambda: service.withdraw(once.session, once.actor, id, why)))


def _done(once: Once, act: Callable[[], PersonCheck]) -> Callable[[], CheckOut]:
    def after() -> CheckOut:
        row = act()
        once.session.refresh(row, ["seen_by", "withdrawn_by", "organisation", "seen_at"])
        return shown(row, today(once.session))

    return after


def _names(mask: Check) -> list[CheckName]:
    return [NAME_OF[check] for check in Check if mask & check]
