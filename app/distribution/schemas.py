"""Redistributions, in and out."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import AliasPath, Field

from app.schemas import Incoming, Moment, Outgoing, Whole
from app.text import Typed
from app.words import LineState, Outcome, Reasons


class NewDistribution(Incoming):
    """For which municipality; one's own when there is only one."""

    municipality_id: Annotated[
        Annotated[Whole, Field(ge=1, le=9999)] | None,
        Field(alias="gemeente", description="CBS-nummer, zonder GM. Weglaten mag wie er maar één heeft."),
    ] = None


class Accepted(Incoming):
    """Which lines are taken over; all of them when none is named."""

    lines: Annotated[
        list[UUID] | None,
        Field(alias="regels", min_length=1, max_length=500, description="Weglaten neemt alles over."),
    ] = None


class Refused(Incoming):
    """Which lines are laid aside, and why."""

    lines: Annotated[list[UUID], Field(alias="regels", min_length=1, max_length=500)]
    reason: Annotated[Annotated[str, Typed(400)] | None, Field(alias="reden")] = None


class LineOut(Outgoing):
    """One helper for one place of a request, or why it stays without."""

    id: UUID
    help_request_id: Annotated[UUID, Field(serialization_alias="hulpvraag")]
    title: Annotated[
        str, Field(validation_alias=AliasPath("help_request", "title"), serialization_alias="titel")
    ]
    outcome: Annotated[Outcome, Field(serialization_alias="uitkomst")]
    help_offer_id: Annotated[UUID | None, Field(serialization_alias="hulpaanbod")]
    helper_name: Annotated[
        str | None, Field(validation_alias=AliasPath("helper", "first_name"), serialization_alias="helper")
    ] = None
    score: Annotated[int, Field(serialization_alias="punten")]
    reasons: Annotated[Reasons, Field(validation_alias="terms", serialization_alias="redenen")]
    distance_m: Annotated[int, Field(serialization_alias="afstandMeter")]
    kept: Annotated[bool, Field(serialization_alias="alGevraagd")]
    places: Annotated[int, Field(serialization_alias="plekken")]
    why: Annotated[dict[str, Any], Field(serialization_alias="waarom")]
    """Of who stays without: `rule` and `count`, or `fitting`, `price` and `for`."""
    status: LineState
    reason: Annotated[str, Field(serialization_alias="reden")]
    proposal_id: Annotated[UUID | None, Field(serialization_alias="voorstel")]


class DistributionOut(Outgoing):
    """A run without its lines: what the whole region came to, and the proof."""

    id: UUID
    municipality_id: Annotated[int, Field(serialization_alias="gemeente")]
    created_at: Annotated[Moment, Field(serialization_alias="gemaaktOp")]
    expires_at: Annotated[Moment, Field(serialization_alias="verlooptOp")]
    requests: Annotated[int, Field(serialization_alias="hulpvragen")]
    places: Annotated[int, Field(serialization_alias="plekken")]
    people: Annotated[int, Field(serialization_alias="helpers")]
    coverage: Annotated[int, Field(serialization_alias="vervuld")]
    coverage_bound: Annotated[int, Field(serialization_alias="hoogstensVervuld")]
    first_come: Annotated[int, Field(serialization_alias="opVolgordeVervuld")]
    objective: Annotated[int, Field(serialization_alias="waarde")]
    dual_objective: Annotated[int, Field(serialization_alias="hoogsteWaarde")]
    edges: Annotated[int, Field(serialization_alias="paren")]
    proven: Annotated[bool, Field(serialization_alias="bewezen")]


class PreviewOut(DistributionOut):
    """A run with its lines."""

    lines: Annotated[list[LineOut], Field(serialization_alias="regels")]
