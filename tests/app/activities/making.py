"""Activities, made through the service; every value has a sensible default."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.access.sign_in import act_as
from app.activities import service
from app.activities.models import Activity, ActivityDate
from app.activities.schemas import ActivityChange, Joining, NewActivity, Stopping
from app.clock import today
from app.ids import uuid7
from tests.app.factories import GELDROP_MIERLO
from tests.databases import Database

MEAL: dict[str, Any] = {
    "soort": "eten",
    "titel": "Eettafel in De Weijer",
    "toelichting": "Samen eten, drie gangen.",
    "plek": "Dorpshuis De Weijer",
    "adres": "Parallelweg 1",
    "postcode": "5664 HJ",
    "toegang": ["rolstoel", "toilet"],
    "kosten": 750,
    "plaatsen": 2,
    "tijd": "17:30",
}
JSON = {"json": True}


def a_new_activity(session: Session, *, days: int = 3, **changes: Any) -> NewActivity:
    """What somebody would type, for a day in the near future; ``until_days`` makes it a series."""
    day = today(session) + timedelta(days=days)
    if "until_days" in changes:
        changes["totEnMet"] = (today(session) + timedelta(days=changes.pop("until_days"))).isoformat()
    return NewActivity.model_validate(MEAL | {"datum": day.isoformat()} | changes)


def changed(activity: Activity, **changes: object) -> ActivityChange:
    """What the host would send after changing something."""
    typed = {name: value for name, value in MEAL.items() if name != "tijd"}
    return ActivityChange.model_validate(typed | {"versie": activity.version} | changes)


def hosted_by_desk(session: Session, staff: Actor, **changes: Any) -> Activity:
    """An activity of the desk, open at once; the session acts as the desk."""
    actor = act_as(session, staff.person_id)
    made = service.make(session, actor, a_new_activity(session, gastheer="bureau", **changes))
    session.flush()
    return made


def an_organisation(database: Database, *, covenant: bool = True, name: str = "Stichting Samen") -> UUID:
    """An organisation in Geldrop-Mierlo, committed."""
    id = uuid7()
    with database.owner.begin() as owner:
        owner.execute(
            text("INSERT INTO organisation (id, municipality_id, name, kind, description, phone, website,"
                 " covenant_signed_on) VALUES (:id, :m, :name, 'welfare', '', '', '', :day)"),
            {"id": id, "m": GELDROP_MIERLO, "name": name, "day": "2025-01-01" if covenant else None},
        )  # fmt: skip
    return id


def works_for(
    database: Database, actor: Actor, organisation_id: UUID, role: Role = Role.ORGANISATION_ADMINISTRATOR
) -> None:
    """Give somebody, committed before, a role at an organisation."""
    with database.owner.begin() as owner:
        owner.execute(
            text("INSERT INTO role_grant (id, person_id, role, municipality_id, organisation_id)"
                 " VALUES (:id, :p, :r, :m, :o)"),
            {"id": uuid7(), "p": actor.person_id, "r": role, "m": GELDROP_MIERLO, "o": organisation_id},
        )  # fmt: skip


def times(session: Session, actor: Actor, activity: Activity) -> list[ActivityDate]:
    """Its times, in order."""
    return service.dates_of(session, actor, activity.id)


def joining(date: ActivityDate | None = None, guests: int = 0) -> Joining:
    """For one time, or all of them."""
    return Joining.model_validate({"keer": date.id if date else "alle", "mee": guests})


def stopping(message: str = "De kok is ziek.", date: ActivityDate | None = None) -> Stopping:
    """A message to everybody."""
    return Stopping.model_validate({"bericht": message, "keer": date.id if date else None})
