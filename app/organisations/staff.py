"""Who works for an organisation."""

from uuid import UUID

from app.access.actor import Actor
from app.access.roles import Role

WORKERS = frozenset({Role.ORGANISATION_MEMBER, Role.ORGANISATION_ADMINISTRATOR})
"""Who only refers from an organisation reads nothing that it was asked."""


def works_for(actor: Actor) -> frozenset[UUID]:
    """The organisations that the actor works for; none while they act for another."""
    if actor.behind is not None:
        return frozenset()
    return frozenset(
        grant.organisation_id for grant in actor.grants if grant.role in WORKERS and grant.organisation_id
    )


def administers(actor: Actor) -> frozenset[UUID]:
    """Those of which they are the administrator."""
    return frozenset(
        grant.organisation_id
        for grant in actor.grants
        if actor.behind is None and grant.role is Role.ORGANISATION_ADMINISTRATOR and grant.organisation_id
    )
