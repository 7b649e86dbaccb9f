"""Proposals, in and out."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from app.schemas import Incoming, Outgoing
from app.text import Typed


class Answer(Incoming):
    """A helper's yes or no, with a word for the asker or a reason."""

    message: Annotated[Annotated[str, Typed(1000, lines=True)] | None, Field(alias="bericht")] = None


class Decline(Incoming):
    """A no needs no reason; one helps us to ask somebody else next time."""

    reason: Annotated[Annotated[str, Typed(400)] | None, Field(alias="reden")] = None


class ByHand(Incoming):
    """A makelaar proposes one helper's offer."""

    offer_id: Annotated[UUID, Field(alias="hulpaanbod")]


class ProposalOut(Outgoing):
    """A proposal as its two parties see it."""

    id: UUID
    help_request_id: Annotated[UUID, Field(serialization_alias="hulpvraag")]
    help_offer_id: Annotated[UUID | None, Field(serialization_alias="hulpaanbod")]
    status: str
    origin: Annotated[str, Field(serialization_alias="herkomst")]
    helper_name: Annotated[str, Field(serialization_alias="helper")]
    distance_m: Annotated[int, Field(serialization_alias="afstandMeter")]
    score: int
    terms: Annotated[dict[str, Any], Field(serialization_alias="onderdelen")]
    reasons: Annotated[list[str], Field(serialization_alias="redenen")]
    message: Annotated[str, Field(serialization_alias="bericht")]
    created_at: Annotated[datetime, Field(serialization_alias="gemaaktOp")]
    expires_at: Annotated[datetime, Field(serialization_alias="verlooptOp")]
