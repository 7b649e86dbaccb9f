"""Who is party to a request or an offer through a proposal: keys only, so that both sides can ask."""

from uuid import UUID

from sqlalchemy import Select, Uuid, column, select, table

_PROPOSAL = table(
    "proposal",
    column("help_request_id", Uuid),
    column("help_offer_id", Uuid),
    column("helper_id", Uuid),
    column("asker_id", Uuid),
)
"""Not the model: that one knows requests and offers, which would make a circle."""


def requests_of_helper(person_id: UUID) -> Select[UUID]:
    """Keys of the requests for which this person was proposed."""
    # unscoped: one's own proposals, only their keys
    return select(_PROPOSAL.c.help_request_id).where(_PROPOSAL.c.helper_id == person_id)


def offers_for_asker(person_id: UUID) -> Select[UUID]:
    """Keys of the offers that were proposed to this asker."""
    # unscoped: one's own proposals, only their keys
    return select(_PROPOSAL.c.help_offer_id).where(_PROPOSAL.c.asker_id == person_id)
