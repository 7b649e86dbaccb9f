"""The municipality in an address of the desk: in reach of a permission, or it is not there."""

from typing import Annotated

from fastapi import Path
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import require_reach
from app.access.roles import Permission
from app.places import service as places
from app.places.models import Municipality

Code = Annotated[int, Path(ge=1, le=9999, description="CBS-nummer, zonder GM.")]


def municipality_of_desk(
    session: Session, actor: Actor, permission: Permission, municipality_id: int
) -> Municipality:
    """The municipality; NotFound where the actor's roles do not carry the permission, as on the pages."""
    require_reach(actor, permission, municipality_id)
    return places.municipality(session, municipality_id)
