"""The organisations that a desk works with."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import found, require, visible
from app.access.roles import Permission
from app.errors import Invalid
from app.help_offers.models import HelpOffer, Status
from app.help_requests.models import HelpRequest, Status as RequestStatus
from app.help_requests.service import NotOpen, get_locked
from app.matches import propose
from app.organisations.models import Organisation
from app.organisations.staff import works_for
from app.schemas import Incoming

LOOKING = (RequestStatus.SUBMITTED, RequestStatus.OPEN, RequestStatus.PAUSED)


class Through(Incoming):
    """Which organisation handles a request; none means that it is handled by nobody in particular."""

    organisation_id: Annotated[UUID | None, Field(alias="organisatie")] = None


@dataclass(frozen=True, slots=True)
class Partner:
    """An organisation with how many open offers stand under its flag."""

    organisation: Organisation
    offers: int


def of_municipality(session: Session, actor: Actor, municipality_id: int) -> list[Partner]:
    """The organisations of one municipality, by name."""
    offers = (
        select(func.count())
        .where(HelpOffer.organisation_id == Organisation.id, HelpOffer.status == Status.OPEN)
        .scalar_subquery()
    )
    query = (
        select(Organisation, offers)
        .where(
            visible(actor, Permission.SEE_ORGANISATIONS, Organisation),
            Organisation.municipality_id == municipality_id,
        )
        .order_by(Organisation.name, Organisation.id)
    )
    return [Partner(row[0], row[1]) for row in session.execute(query)]


def own(session: Session, actor: Actor) -> Organisation:
    """The organisation that the actor works for, the first by name; NotFound for anybody else."""
    flags = works_for(actor)
    query = select(Organisation).where(
        visible(actor, Permission.SEE_ORGANISATIONS, Organisation), Organisation.id.in_(flags)
    )
    return found(session.scalars(query.order_by(Organisation.name, Organisation.id).limit(1)).one_or_none())


def signed(session: Session, actor: Actor, municipality_id: int) -> list[Organisation]:
    """The organisations of a municipality that are bound by its covenant, by name."""
    query = select(Organisation).where(
        visible(actor, Permission.SEE_ORGANISATIONS, Organisation),
        Organisation.municipality_id == municipality_id,
        Organisation.covenant_signed_on.is_not(None),
    )
    return list(session.scalars(query.order_by(Organisation.name, Organisation.id)))


def handle(session: Session, actor: Actor, help_request_id: UUID, wanted: Through) -> HelpRequest:
    """Let an organisation of the municipality handle a request: its own volunteers may then be asked too.

    Raises NotOpen for a request that looks for nobody, Invalid for an organisation of elsewhere.
    """
    help_request = get_locked(session, actor, help_request_id)
    require(actor, Permission.MODERATE_REQUEST, help_request.municipality_id)
    if help_request.status not in LOOKING:
        raise NotOpen
    if wanted.organisation_id is not None:
        seen = visible(actor, Permission.SEE_ORGANISATIONS, Organisation)
        row = select(Organisation).where(
            Organisation.id == wanted.organisation_id,
            Organisation.municipality_id == help_request.municipality_id,
            seen,
        )
        if session.scalars(row).one_or_none() is None:
            raise Invalid(details={"organisatie": "choose"})
    help_request.organisation_id = wanted.organisation_id
    session.flush()
    propose.for_request(session, actor, help_request)
    return help_request
