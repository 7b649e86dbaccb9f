"""Everything that can be done in one talk; what is left empty is not done."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.people.phone import TypedPhone
from app.phoning.models import TalkWay
from app.schemas import Day, Incoming, Minutes, Slug, WallClock, Whole
from app.text import Line


class Talk(Incoming):
    """One screen."""

    way: Annotated[TalkWay, Field(alias="hoe")]
    offer_categories: Annotated[list[Slug], Field(alias="aanbodWat", max_length=12)] = []
    offer_title: Annotated[Line | None, Field(alias="aanbodTitel")] = None
    offer_minutes: Annotated[Minutes, Field(alias="aanbodMinuten")] = 60
    offer_km: Annotated[Annotated[Whole, Field(ge=1, le=50)], Field(alias="aanbodKm")] = 5
    comes_to: Annotated[list[UUID], Field(alias="komtNaar", max_length=10)] = []
    """Times of activities."""
    stays_away: Annotated[list[UUID], Field(alias="komtNietNaar", max_length=10)] = []
    says_yes: Annotated[list[UUID], Field(alias="zegtJa", max_length=10)] = []
    """Proposals to help."""
    says_no: Annotated[list[UUID], Field(alias="zegtNee", max_length=10)] = []
    cancels: Annotated[list[UUID], Field(alias="zegtAf", max_length=10)] = []
    happened: Annotated[list[UUID], Field(alias="gebeurd", max_length=10)] = []
    """Times that took place."""
    nobody_came: Annotated[list[UUID], Field(alias="kwamNiet", max_length=10)] = []
    """Times for which the other did not come."""
    chooses: Annotated[UUID | None, Field(alias="kiest")] = None
    """Of who would like to help with one's own request, who does, and when."""
    chooses_on: Annotated[Day | None, Field(alias="kiestDag")] = None
    chooses_at: Annotated[WallClock | None, Field(alias="kiestTijd")] = None
    contract_seen: Annotated[bool, Field(alias="contractGezien")] = False
    """Paid help: they have the contract."""
    moves: Annotated[UUID | None, Field(alias="verzet")] = None
    """A time that was agreed, for which another moment is proposed."""
    moves_on: Annotated[Day | None, Field(alias="verzetDag")] = None
    moves_at: Annotated[WallClock | None, Field(alias="verzetTijd")] = None
    withdraws: Annotated[list[UUID], Field(alias="trektIn", max_length=10)] = []
    """One's own requests."""
    stops: Annotated[list[UUID], Field(alias="stoptMet", max_length=10)] = []
    """One's own offers."""
    paused_until: Annotated[date | None, Field(alias="rustTot")] = None
    do_not_ask: Annotated[bool, Field(alias="nietVragen")] = False
    phone: Annotated[TypedPhone | None, Field(alias="telefoon")] = None
