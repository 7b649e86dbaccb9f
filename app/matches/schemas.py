"""Proposals, in and out."""

from typing import Annotated
from uuid import UUID

from pydantic import AliasPath, Field

from app.help_offers.schemas import HelpOfferOut
from app.help_requests.schemas import HelpRequestOut
from app.schemas import Incoming, Moment, Outgoing
from app.text import Typed
from app.words import Origin, Reasons, State


class Answer(Incoming):
    """A helper's yes or no, with a word for the asker or a reason."""

    message: Annotated[Annotated[str, Typed(1000, lines=True)] | None, Field(alias="bericht")] = None


class ByHand(Incoming):
    """A makelaar proposes one helper's offer."""

    offer_id: Annotated[UUID, Field(alias="hulpaanbod")]


class ProposalOut(Outgoing):
    """A proposal as its two parties see it: why it fits, and nothing of what the engine weighed about either."""

    id: UUID
    help_request_id: Annotated[UUID, Field(serialization_alias="hulpvraag")]
    help_offer_id: Annotated[UUID | None, Field(serialization_alias="hulpaanbod")]
    title: Annotated[
        str, Field(validation_alias=AliasPath("help_request", "title"), serialization_alias="titel")
    ]
    asker_name: Annotated[
        str, Field(validation_alias=AliasPath("asker", "first_name"), serialization_alias="vrager")
    ]
    helper_name: Annotated[
        str, Field(validation_alias=AliasPath("helper", "first_name"), serialization_alias="helper")
    ]
    status: State
    origin: Annotated[Origin, Field(serialization_alias="herkomst")]
    distance_m: Annotated[int, Field(serialization_alias="afstandMeter")]
    reasons: Annotated[Reasons, Field(validation_alias="terms", serialization_alias="redenen")]
    message: Annotated[str, Field(serialization_alias="bericht")]
    code_word: Annotated[str, Field(serialization_alias="codewoord")]
    """Said at the door at the first meeting; empty before."""
    meeting_until: Annotated[Moment | None, Field(serialization_alias="kennismakenTot")]
    created_at: Annotated[Moment, Field(serialization_alias="gemaaktOp")]
    expires_at: Annotated[Moment, Field(serialization_alias="verlooptOp")]


class CandidateOut(Outgoing):
    """A helper who fits, on the makelaar's screen, with the parts of the score."""

    help_offer: Annotated[HelpOfferOut, Field(serialization_alias="hulpaanbod")]
    distance_m: Annotated[int, Field(serialization_alias="afstandMeter")]
    score: Annotated[int, Field(serialization_alias="punten")]
    terms: Annotated[dict[str, int], Field(serialization_alias="onderdelen")]


class FittingOut(Outgoing):
    """A request that fits one's own offer, and why."""

    help_request: Annotated[HelpRequestOut, Field(serialization_alias="hulpvraag")]
    help_offer_id: Annotated[UUID, Field(serialization_alias="hulpaanbod")]
    distance_m: Annotated[int, Field(serialization_alias="afstandMeter")]
    reasons: Annotated[Reasons, Field(serialization_alias="redenen")]
