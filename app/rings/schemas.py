"""Rings, in and out, always as one member sees them: what one gives, what one gets, and how far it is."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import AliasPath, Field

from app.rings.models import Ring, RingAnswer, RingStatus
from app.rings.service import own_arcs
from app.schemas import Incoming, Moment, Outgoing, Whole
from app.words import Reasons, State


class Search(Incoming):
    """For which municipality's makelaar the region is looked through."""

    municipality_id: Annotated[
        Annotated[Whole, Field(ge=1, le=9999)], Field(alias="gemeente", description="CBS-nummer, zonder GM.")
    ]


class SearchOut(Outgoing):
    """That it was asked for; a job does it."""

    municipality_id: Annotated[int, Field(serialization_alias="gemeente")]


class GivesOut(Outgoing):
    """What one would do, and for whom."""

    title: Annotated[str, Field(serialization_alias="titel")]
    receiver_name: Annotated[str, Field(serialization_alias="voor")]
    municipality_id: Annotated[int, Field(serialization_alias="gemeente")]
    distance_m: Annotated[int, Field(serialization_alias="afstandMeter")]
    reasons: Annotated[Reasons, Field(serialization_alias="redenen")]


class GetsOut(Outgoing):
    """What one would get. By whom is told once that person said yes."""

    help_request_id: Annotated[UUID, Field(serialization_alias="hulpvraag")]
    title: Annotated[str, Field(serialization_alias="titel")]
    giver_name: Annotated[str | None, Field(serialization_alias="door")]
    municipality_id: Annotated[int, Field(serialization_alias="gemeente")]
    distance_m: Annotated[int, Field(serialization_alias="afstandMeter")]
    reasons: Annotated[Reasons, Field(serialization_alias="redenen")]
    """Until one may know who it is, without what tells that person's street and languages."""
    proposal_id: Annotated[UUID | None, Field(serialization_alias="voorstel")]


class RingOut(Outgoing):
    """A ring at one member's place in it."""

    id: UUID
    status: State
    people: Annotated[int, Field(serialization_alias="mensen")]
    yes: Annotated[int, Field(serialization_alias="zeidenJa")]
    answered: Annotated[bool, Field(serialization_alias="ikZeiJa")]
    gives: Annotated[GivesOut, Field(serialization_alias="ikGeef")]
    gets: Annotated[GetsOut, Field(serialization_alias="ikKrijg")]
    created_at: Annotated[Moment, Field(serialization_alias="gemaaktOp")]
    expires_at: Annotated[Moment, Field(serialization_alias="geldigTot")]


def seen_by(ring: Ring, person_id: UUID) -> RingOut:
    """The ring as this member may know it."""
    gives, gets = own_arcs(ring, person_id)
    return RingOut(
        id=ring.id,
        status=ring.status,
        people=ring.people,
        # who knows how many said yes before could tell by the difference whether a no came from one of them
        yes=0 if ring.status is RingStatus.DISSOLVED else ring.yes,
        answered=gives.answer is RingAnswer.YES,
        gives=GivesOut(
            title=gives.title,
            receiver_name=gives.receiver.first_name,
            municipality_id=gives.municipality_id,
            distance_m=gives.distance_m,
            reasons=gives.terms,
        ),
        gets=GetsOut(
            help_request_id=gets.help_request_id,
            title=gets.title,
            giver_name=gets.giver.first_name if gets.is_known else None,
            municipality_id=gets.giver_municipality_id,
            distance_m=gets.distance_m,
            reasons=gets.terms if gets.is_known else _not_telling(gets.terms),
            proposal_id=gets.proposal_id if gets.is_known else None,
        ),
        created_at=ring.created_at,
        expires_at=ring.expires_at,
    )


TELLING = ("neighbours", "language")


def _not_telling(terms: dict[str, Any]) -> dict[str, Any]:
    return {name: points for name, points in terms.items() if name not in TELLING}


class ArcOut(Outgoing):
    """Who would help whom, and the parts of the score; they add up to it."""

    help_request_id: Annotated[UUID, Field(serialization_alias="hulpvraag")]
    help_offer_id: Annotated[UUID, Field(serialization_alias="hulpaanbod")]
    title: Annotated[str, Field(serialization_alias="titel")]
    giver_name: Annotated[
        str, Field(validation_alias=AliasPath("giver", "first_name"), serialization_alias="helper")
    ]
    receiver_name: Annotated[
        str, Field(validation_alias=AliasPath("receiver", "first_name"), serialization_alias="vrager")
    ]
    distance_m: Annotated[int, Field(serialization_alias="afstandMeter")]
    score: Annotated[int, Field(serialization_alias="punten")]
    terms: Annotated[dict[str, int], Field(serialization_alias="onderdelen")]


class DeskRingOut(Outgoing):
    """A ring as a desk knows it: each arc that concerns its municipalities, and how far it is; not who said no."""

    id: UUID
    status: State
    people: Annotated[int, Field(serialization_alias="mensen")]
    yes: Annotated[int, Field(serialization_alias="zeidenJa")]
    arcs: Annotated[list[ArcOut], Field(serialization_alias="schakels")]
    created_at: Annotated[Moment, Field(serialization_alias="gemaaktOp")]
    expires_at: Annotated[Moment, Field(serialization_alias="geldigTot")]
